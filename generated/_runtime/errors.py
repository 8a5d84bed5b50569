"""What can go wrong: with a call of an API, and with the model that asks for calls.

    ToolbindError
    ├── ConfigurationError (ValueError)   the client was made, or asked, in a wrong way
    │   └── CredentialsError              no token could be got, or it may not be sent there
    ├── ArgumentError (ValueError)        the arguments do not fit the operation
    │   └── UnknownToolError              no tool has this name
    └── ApiError                          the call was tried and did not end well
        ├── TransportError                no answer: refused, reset, name not found
        │   └── DeadlineError (TimeoutError)  no whole answer within the timeout
        ├── AnswerError                   an answer came that cannot be read
        │   └── AnswerTooLargeError       ... because it is over the limit in bytes
        └── StatusError                   the API answered with a status outside 2xx
            ├── RedirectError             3xx: redirects are not followed
            ├── ClientError               4xx
            │   ├── UnauthorizedError     401
            │   ├── ForbiddenError        403
            │   ├── NotFoundError         404
            │   ├── ConflictError         409
            │   ├── UnprocessableError    422
            │   └── RateLimitError        429
            └── ServerError               5xx

    WorkersAIError (ToolbindError)            the model's side
    ├── SettingsError (ConfigurationError)    wrong settings; nothing was sent
    │   └── FunctionCallingError              the model cannot call tools; nothing was sent
    ├── ConnectionFailedError                 no answer: refused, dropped, timed out
    ├── OutOfTimeError (TimeoutError)         the time given for the whole work is over
    ├── UnreadableAnswerError                 an answer in no known shape, or empty
    │   └── BrokenStreamError                 a stream that ended early; `partial` is what came
    └── ServiceError                          the service answered with an error
        ├── InvalidRequestError               it does not fit the model or the service
        ├── RequestTooLargeError              shrink it
        ├── UnreadableCallError               a call that the model's server cannot read
        ├── AuthenticationError               the token is missing, wrong or too weak
        ├── NotAllowedError                   the account may not use the model
        ├── ModelNotFoundError                no such model or route
        ├── DailyLimitError                   3036: nothing more today
        ├── CapacityError                     3040 and other 429: later
        ├── ModelTimeoutError                 408
        └── UpstreamError                     5xx

Typed methods raise those of the first tree; `call_tool` turns all of them into a `ToolResult`,
except `ConfigurationError` for a client that cannot be made at all. `run` raises those of the
second. No message holds a URL with its query, a header value or any other thing that may be
secret: they name the method and the path template, or repeat the service's own words in one line.
`ServiceError.code` is Cloudflare's number, by the table of contract section 6.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar, TypeGuard, TypeVar, cast

if TYPE_CHECKING:
    from .records.exchange import Answer
    from .records.run import Run


class ToolbindError(Exception):
    """Root of everything that this package raises on purpose."""


E = TypeVar("E", bound=Exception)
F = TypeVar("F", bound=Callable[..., None])


def framed(error: E) -> E:
    """An error without the frames that it has passed, for whoever raises it again.

    Error trackers and test runners show the locals of those, and a secret may be one.
    """
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def quiet(constructor: F) -> F:
    """A constructor whose refusals begin where it was called: it was given secrets."""

    @wraps(constructor)
    def constructed(self: Any, *args: Any, **given: Any) -> None:
        try:
            return constructor(self, *args, **given)
        except (ToolbindError, TypeError) as error:
            refused = framed(error)
        del self, args, given
        raise refused

    return cast(F, constructed)


class ConfigurationError(ToolbindError, ValueError):
    """A client was made in a way that cannot work or is not safe."""


class CredentialsError(ConfigurationError):
    """No token could be got, or credentials may not go where the operation lives."""


class ArgumentError(ToolbindError, ValueError):
    """The arguments do not fit the operation; the message is written for the model.

    `problems` are single lines, each with the path of the value, what was expected and
    what came. `example` is a whole call that passes, where one is known; `placeholders` are those
    of its arguments that stand for what only the caller knows.
    """

    def __init__(
        self,
        message: str,
        problems: tuple[str, ...] = (),
        example: dict[str, Any] | None = None,
        placeholders: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.problems = problems
        self.example = example
        self.placeholders = placeholders


class UnknownToolError(ArgumentError):
    """No tool has this name; `nearest` are lines about tools that may have been meant."""

    def __init__(self, message: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.nearest = nearest


class ApiError(ToolbindError):
    """A call that was tried and did not end well.

    `method` and `path` say which operation: the path is the template, never its values.
    """

    def __init__(self, message: str, *, method: str = "", path: str = "") -> None:
        super().__init__(message)
        self.method = method
        self.path = path


class TransportError(ApiError):
    """No answer came: connection refused or reset, unknown name, TLS failure."""


class DeadlineError(TransportError, TimeoutError):
    """No whole answer came within the timeout."""


class AnswerError(ApiError):
    """An answer came and cannot be read as what it says it is.

    `status_code` is its HTTP status.
    """

    def __init__(
        self, message: str, *, method: str = "", path: str = "", status_code: int
    ) -> None:
        super().__init__(message, method=method, path=path)
        self.status_code = status_code


class AnswerTooLargeError(AnswerError):
    """The answer is larger than `max_response_bytes`, after decoding."""


class StatusError(ApiError):
    """The API answered with a status outside 2xx.

    `data` is the decoded body (JSON value, text or bytes; None when empty), `headers` are
    the answer's, with lower-case names. Where they repeat a secret, it is masked.
    """

    def __init__(
        self,
        message: str,
        *,
        method: str = "",
        path: str = "",
        status_code: int,
        data: Any = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message, method=method, path=path)
        self.status_code = status_code
        self.data = data
        self.headers = headers or {}


class RedirectError(StatusError):
    """3xx: redirects are not followed."""


class ClientError(StatusError):
    """4xx: the API refuses the request."""


class UnauthorizedError(ClientError):
    """401: credentials are missing or wrong."""


class ForbiddenError(ClientError):
    """403: the credentials do not allow this."""


class NotFoundError(ClientError):
    """404: no such thing."""


class ConflictError(ClientError):
    """409: the request does not fit the present state."""


class UnprocessableError(ClientError):
    """422: well-formed, but refused by the API's own validation."""


class RateLimitError(ClientError):
    """429: too many requests."""


class ServerError(StatusError):
    """5xx: the API failed."""


def status_error(status_code: int) -> type[StatusError]:
    """The class that stands for a status."""
    exact = {
        401: UnauthorizedError,
        403: ForbiddenError,
        404: NotFoundError,
        409: ConflictError,
        422: UnprocessableError,
        429: RateLimitError,
    }
    classes = {3: RedirectError, 4: ClientError, 5: ServerError}
    return exact.get(status_code) or classes.get(status_code // 100, StatusError)


# --- the model's side ------------------------------------------------------------------


class WorkersAIError(ToolbindError):
    """Anything that keeps the model from answering.

    `run` is the conversation so far when it was raised inside one: its `messages` can be
    given to `run` again. `partial` is what had come of an answer that broke off.
    `retryable` says whether asking again may help.
    """

    model_side: ClassVar[bool] = True
    """Tells this tree from others also where another package's copy of it was raised."""
    retryable = False
    run: Run | None = None
    partial: Answer | None = None


def of_model_side(error: Exception) -> TypeGuard[WorkersAIError]:
    """Whether this is a WorkersAIError, of this copy of the class or of another package's."""
    return bool(getattr(error, "model_side", False))


def of_unreadable_call(error: Exception) -> bool:
    """Whether this is an UnreadableCallError, whoever's copy of the class it is."""
    return bool(getattr(error, "unreadable_call", False))


class SettingsError(WorkersAIError, ConfigurationError):
    """Settings are wrong or missing. Nothing was sent."""


class FunctionCallingError(SettingsError):
    """The model is known not to call tools. Nothing was sent."""


class ConnectionFailedError(WorkersAIError):
    """The service could not be reached, or the connection broke."""

    retryable = True


class OutOfTimeError(WorkersAIError, TimeoutError):
    """The time given for the whole work is over."""


class UnreadableAnswerError(WorkersAIError):
    """The service answered with something that is no answer of any known shape."""

    retryable = True


class BrokenStreamError(UnreadableAnswerError):
    """A stream ended before the answer did. `partial` holds what came until then."""

    retryable = False
    partial: Answer

    def __init__(self, message: str, partial: Answer) -> None:
        super().__init__(message)
        self.partial = partial


class ServiceError(WorkersAIError):
    """The service answered with an error. `advice` says what to do about it.

    `code` is Cloudflare's number or None, `status` the HTTP status (0 if unknown, as
    through a Worker's binding), `retry_after` seconds the service asked to wait,
    `request_id` the service's name for the request, for asking Cloudflare about it.
    """

    def __init__(
        self,
        message: str,
        *,
        code: int | None = None,
        status: int = 0,
        advice: str = "",
        retryable: bool = False,
        retry_after: float | None = None,
        request_id: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
        self.advice = advice
        self.retryable = retryable
        self.retry_after = retry_after
        self.request_id = request_id

    def __str__(self) -> str:
        marks = [f"code {self.code}"] if self.code is not None else []
        marks += [f"HTTP {self.status}"] if self.status else []
        marks += [f"request {self.request_id}"] if self.request_id else []
        tail = f" ({', '.join(marks)})" if marks else ""
        return f"{self.message}{tail}" + (f". {self.advice}" if self.advice else "")


class InvalidRequestError(ServiceError):
    """The request does not fit the model or the service."""


class RequestTooLargeError(ServiceError):
    """The request is larger than the service takes."""


class UnreadableCallError(ServiceError):
    """The model wrote a call that its server could not read; `message` says what it was.

    A conversation tells the model so once, before it ends with this.
    """

    unreadable_call: ClassVar[bool] = True


class AuthenticationError(ServiceError):
    """The token is missing, wrong, or lacks the Workers AI rights."""


class NotAllowedError(ServiceError):
    """The account may not use this model."""


class ModelNotFoundError(ServiceError):
    """There is no such model, or no such route."""


class DailyLimitError(ServiceError):
    """The free allocation of the day is used up; asking again today does not help."""


class CapacityError(ServiceError):
    """The model is out of capacity, or too many requests came in; ask again later."""


class ModelTimeoutError(ServiceError):
    """The model took too long, or the request was aborted."""


class UpstreamError(ServiceError):
    """Something failed inside the service."""
