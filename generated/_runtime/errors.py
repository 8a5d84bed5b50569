"""What can go wrong, as one tree.

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

Typed methods raise these. `call_tool` turns all of them into a `ToolResult`, except
`ConfigurationError` for a client that cannot be made at all. No message holds a URL with its
query, a header value or any other thing that may be secret: they name the method and the path
template.
"""

from __future__ import annotations

from typing import Any


class ToolbindError(Exception):
    """Root of everything that this package raises on purpose."""


class ConfigurationError(ToolbindError, ValueError):
    """A client was made in a way that cannot work or is not safe."""


class CredentialsError(ConfigurationError):
    """No token could be got, or credentials may not go where the operation lives."""


class ArgumentError(ToolbindError, ValueError):
    """The arguments do not fit the operation; the message is written for the model.

    `problems` are single lines, each with the path of the value, what was expected and
    what came. `example` shows the whole as it should be, as far as that is known.
    """

    def __init__(
        self,
        message: str,
        problems: tuple[str, ...] = (),
        example: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.problems = problems
        self.example = example


class UnknownToolError(ArgumentError):
    """No tool has this name; the message gives names that are close."""


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
