"""`SyncClient`: what the synchronous clients of generated modules are made of."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import isawaitable
from types import TracebackType
from typing import Any, Self, Unpack

from ..errors import ConfigurationError
from ..request.outgoing import NO_CREDENTIALS, Applied
from ..transport.answers import Answer
from ..transport.library import httpx
from ..transport.policy import Clock, require_complete
from ..transport.sender import SyncSender
from .base import TOKEN_LIMIT, BaseClient, Prepared, T, http_client_of
from .credentials import Credential, Dynamic
from .options import ClientOptions, read_settings
from .tokens import ClientCredentials


class SyncClient(BaseClient):
    """Base of the synchronous clients. Usable from several threads; a context manager."""

    def __init__(
        self,
        base_url: str,
        credentials: Mapping[str, Credential | None] | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        """Raises ConfigurationError for what cannot work or is not safe."""
        settings = read_settings(type(self).__name__, options, credentials or ())
        super().__init__(base_url, credentials, settings)
        self._own = options.get("http_client") is None
        self._http = http_client_of(httpx.Client, options, settings)
        self._sender = SyncSender(self._http, self._credentials.redactor, self._policy)

    def _call(
        self, name: str, /, **arguments: Any
    ) -> T:  # type: ignore[type-var]  # the method that calls it knows its type
        """Calls an operation for a typed method; UNSET arguments are left out.

        Gives the decoded answer. Raises ArgumentError, CredentialsError or an ApiError.
        """
        operation, call = self._typed(name, arguments)
        answer = self._answer(call, self._settings.max_response_bytes)
        result: T = self._finish(operation, answer)
        return result

    def _answer(
        self, call: Prepared, limit: int, seconds: float | None = None
    ) -> Answer:
        """The answer to a prepared call, at most `limit` bytes of it, within `seconds`."""
        clock = Clock(self._policy.timeout, seconds)
        fresh = False
        while True:
            applied = call.plan.ready
            if call.plan.dynamic:
                applied = applied.beside(self._obtain(call.plan.dynamic, clock))
            outgoing = call.outgoing(applied)
            answer = self._sender.exchange(outgoing, limit, clock)
            if answer.status_code != 401 or fresh or not call.forget_tokens():
                return require_complete(answer, outgoing)
            fresh = True

    def _obtain(self, dynamic: tuple[Dynamic, ...], clock: Clock) -> Applied:
        """What credentials add that must be got first."""
        applied = NO_CREDENTIALS
        for each in dynamic:
            applied = applied.beside(each.render(self._token(each, clock)))
        return applied

    def _token(self, dynamic: Dynamic, clock: Clock) -> str:
        source = dynamic.source
        if not isinstance(source, ClientCredentials):
            token = source()
            if isawaitable(token):
                getattr(token, "close", lambda: None)()
                raise ConfigurationError(
                    "an async token provider needs the async client"
                )
            return self._token_text(token)
        token = source.current()
        if token:
            return token
        with source.lock:
            token = source.current()
            while not token:
                answer = self._sender.exchange(self._grant(source), TOKEN_LIMIT, clock)
                token = "" if source.try_body(answer) else source.store(answer)
        return token

    def close(self) -> None:
        """Closes the HTTP client, unless it was given."""
        if self._own:
            self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
