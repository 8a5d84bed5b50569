"""What `SyncClient` and `AsyncClient` share: everything that needs no waiting.

A client holds where the API lives, who is calling and how patient to be; typed methods go through
`_call`, tool calls through `Api.call_tool`, and both through the same request and the same checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from ..basics.secrets import Environment, Redactor
from ..errors import ConfigurationError, CredentialsError, quiet
from ..records.exchange import ToolResult
from ..request.files import FileReader
from ..request.operation import Operation
from ..request.outgoing import Outgoing, assemble
from ..request.urls import BaseUrl, origin_text, parse_base_url
from ..transport.answers import Answer
from ..transport.decoding import check_kind, decode
from ..transport.library import library_of
from ..transport.policy import Clock, Policy
from ..transport.sender import new_client
from ..transport.steps import Steps
from .bound import Bound
from .credentials import Credential, Credentials, Plan
from .exchange import Prepared, exchange
from .headers import read_headers
from .options import UNSET, ClientOptions, Settings
from .results import answered, raise_for_status

if TYPE_CHECKING:
    from .description import Description


T = TypeVar("T")
"""What an operation answers, as the typed method that calls it says."""

C = TypeVar("C")


class BaseClient:
    """Everything that needs no waiting."""

    def __init_subclass__(cls) -> None:
        """What a constructor was given stands in no traceback of its refusal."""
        super().__init_subclass__()
        if "__init__" in vars(cls):
            cls.__init__ = quiet(cls.__init__)  # type: ignore[method-assign]

    if TYPE_CHECKING:  # set by the Api that the class belongs to
        _api: ClassVar[Description]

    def __init__(
        self,
        base_url: str,
        credentials: Mapping[str, Credential | None] | None,
        settings: Settings,
    ) -> None:
        api = self._api
        self._base = parse_base_url(base_url)
        self._settings = settings
        self._overridden = base_url != api.base_url
        self._credentials = Credentials(
            api.schemes,
            credentials or {},
            prefix=api.name,
            environment=Environment(),
            base=origin_text(self._base.origin),
        )
        self._bound = Bound(
            api.bindings,
            credentials or {},
            api.name,
            Environment(),
            self._credentials,
        )
        self._headers = read_headers(settings.headers)
        secrets = [*self._bound.secrets(), *self._headers.secrets]
        if (
            self._base.is_plain
            and not settings.allow_http
            and (secrets or not self._credentials.is_empty)
        ):
            raise ConfigurationError(
                f"{type(self).__name__} would send credentials unencrypted to"
                f" {origin_text(self._base.origin)}; use https, or allow_http=True"
            )
        others = settings.send_credentials_to
        if isinstance(others, str):
            raise ConfigurationError("send_credentials_to is a list of origins")
        self._credentials.keep_secret(secrets)
        self._trusted = {
            self._base.origin,
            *(parse_base_url(each).origin for each in others),
        }
        self._files = FileReader()
        self._tool_files = FileReader(settings.files_from)
        self._places: dict[str, BaseUrl] = {}
        self._policy = Policy(
            timeout=settings.timeout,
            max_retries=settings.max_retries,
            allow_http=settings.allow_http,
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._base.text}>"

    def _steps(
        self, call: Prepared, limit: int, seconds: float | None = None
    ) -> Steps[Answer]:
        """The answer to a prepared call, at most `limit` bytes of it, within `seconds`."""
        clock = Clock(self._policy.timeout, seconds)
        return exchange(call, limit, self._policy, clock, self._credentials.remember)

    def _typed(
        self, name: str, arguments: Mapping[str, Any]
    ) -> tuple[Operation, Prepared]:
        """The call of a typed method; UNSET arguments are left out."""
        operation = self._api.operation(name)
        values = {key: value for key, value in arguments.items() if value is not UNSET}
        return operation, self._prepare(operation, values, self._files)

    def _prepare(
        self,
        operation: Operation,
        values: Mapping[str, Any],
        files: FileReader,
        *,
        masked: bool = False,
    ) -> Prepared:
        """Raises ArgumentError and CredentialsError; nothing has been sent then."""
        base = self._place(operation)
        trusted = base.origin in self._trusted
        if operation.bound:
            bound = self._bound.values(operation, masked=masked)
            if self._bound.sends_secrets(operation, bound):
                self._check_place(operation, base, trusted)
            values = {**values, **bound}
        parts = operation.build(values, files)
        plan = Plan()
        if operation.security:
            plan = self._credentials.plan(operation.security)
        if self._headers.secrets or not plan.is_empty:
            self._check_place(operation, base, trusted)
        own = self._headers.applied
        if own.headers:
            plan = plan._replace(ready=own.beside(plan.ready))
        return Prepared(operation, parts, base, trusted, plan)

    def _check_place(self, operation: Operation, base: BaseUrl, trusted: bool) -> None:
        """Whether credentials may go where the operation lives."""
        origin = origin_text(base.origin)
        if not trusted:
            raise CredentialsError(
                f"{operation.name} lives at {origin}; to send credentials there, make the"
                f' client with send_credentials_to=["{origin}"]'
            )
        if base.is_plain and not self._settings.allow_http:
            raise CredentialsError(
                f"{operation.name} would send credentials unencrypted to {origin};"
                " allow_http=True permits it"
            )

    def _place(self, operation: Operation) -> BaseUrl:
        """The server of an operation; a base URL that the caller chose overrides all."""
        server = operation.server
        if server is None or self._overridden:
            return self._base
        place = self._places.get(server)
        if place is None:
            origin = origin_text(self._base.origin)
            place = parse_base_url(
                origin + server if server.startswith("/") else server
            )
            self._places[server] = place
        return place

    def _preview(self, operation: Operation, values: Mapping[str, Any]) -> Outgoing:
        """The request with `***` for every secret."""
        call = self._prepare(operation, values, self._tool_files, masked=True)
        applied = call.plan.ready
        for each in call.plan.dynamic:
            applied = applied.beside(each.render("***"))
        return assemble(
            operation, call.parts, call.base, applied, trusted=call.trusted, masked=True
        )

    def _redactor(self) -> Redactor:
        return self._credentials.redactor()

    def _missing(self, operation: Operation, answer: Answer) -> str:
        """Which credentials the caller lacks, where the API turned the call away for that."""
        if answer.status_code not in (401, 403) or not operation.security:
            return ""
        return self._credentials.plan(operation.security).missing

    def _shaped(self, operation: Operation, answer: Answer) -> ToolResult:
        """What a tool call gives back for an answer."""
        return answered(
            operation,
            answer,
            self._redactor(),
            tokens=self._settings.max_result_tokens,
            fields=self._settings.select.get(operation.name, ()),
            missing=self._missing(operation, answer),
        )

    def _finish(self, operation: Operation, answer: Answer) -> Any:
        """The decoded answer; raises StatusError for statuses outside 2xx, AnswerError for what
        cannot be what the document promises."""
        if not answer.is_success:
            missing = self._missing(operation, answer)
            raise_for_status(operation, answer, self._redactor(), missing)
        place = {"method": operation.method, "path": operation.path}
        value = decode(answer, **place)
        check_kind(answer, value, operation.accept, **place)
        return value


def http_client_of(kind: type[C], options: ClientOptions, settings: Settings) -> C:
    """The HTTP client that was given, or a new one."""
    http: Any = options.get("http_client")
    if http is None:
        http = new_client(kind, trust_env=settings.trust_env)
    if not isinstance(http, getattr(library_of(http), kind.__name__)):
        raise ConfigurationError(f"http_client must be an httpx.{kind.__name__}")
    chosen: C = http
    return chosen
