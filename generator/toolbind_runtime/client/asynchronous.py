"""`AsyncClient`: what the asynchronous clients of generated modules are made of."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import isawaitable
from types import TracebackType
from typing import Any, Self, Unpack

from ..request.outgoing import NO_CREDENTIALS, Applied
from ..transport.answers import Answer
from ..transport.library import httpx
from ..transport.policy import Clock, require_complete
from .base import TOKEN_LIMIT, BaseClient, Prepared, T, http_client_of
from .credentials import Credential, Dynamic
from .options import ClientOptions, read_settings
from .tokens import ClientCredentials


class AsyncClient(BaseClient):
    """Base of the asynchronous clients. For one event loop; an async context manager."""

    def __init__(
        self,
        base_url: str,
        credentials: Mapping[str, Credential | None] | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        """Raises ConfigurationError for what cannot work or is not safe."""
        from ..transport.sender_async import AsyncSender

        settings = read_settings(type(self).__name__, options, credentials or ())
        super().__init__(base_url, credentials, settings)
        self._own = options.get("http_client") is None
        self._http = http_client_of(httpx.AsyncClient, options, settings)
        self._sender = AsyncSender(self._http, self._credentials.redactor, self._policy)

    async def _call(self, name: str, /, **arguments: Any) -> T:
        """Calls an operation for a typed method; UNSET arguments are left out.

        Gives the decoded answer. Raises ArgumentError, CredentialsError or an ApiError.
        """
        operation, call = self._typed(name, arguments)
        answer = await self._answer(call, self._settings.max_response_bytes)
        result: T = self._finish(operation, answer)
        return result

    async def _answer(
        self, call: Prepared, limit: int, seconds: float | None = None
    ) -> Answer:
        """The answer to a prepared call, at most `limit` bytes of it, within `seconds`."""
        clock = Clock(self._policy.timeout, seconds)
        fresh = False
        while True:
            applied = call.plan.ready
            if call.plan.dynamic:
                applied = applied.beside(await self._obtain(call.plan.dynamic, clock))
            outgoing = call.outgoing(applied)
            answer = await self._sender.exchange(outgoing, limit, clock)
            if answer.status_code != 401 or fresh or not call.forget_tokens():
                return require_complete(answer, outgoing)
            fresh = True

    async def _obtain(self, dynamic: tuple[Dynamic, ...], clock: Clock) -> Applied:
        """What credentials add that must be got first."""
        applied = NO_CREDENTIALS
        for each in dynamic:
            applied = applied.beside(each.render(await self._token(each, clock)))
        return applied

    async def _token(self, dynamic: Dynamic, clock: Clock) -> str:
        source = dynamic.source
        if not isinstance(source, ClientCredentials):
            token = source()
            return self._token_text(await token if isawaitable(token) else token)
        token = source.current()
        if token:
            return token
        if source.async_lock is None:
            from asyncio import Lock  # asyncio takes a while to import

            source.async_lock = Lock()
        async with source.async_lock:
            token = source.current()
            while not token:
                answer = await self._sender.exchange(
                    self._grant(source), TOKEN_LIMIT, clock
                )
                token = "" if source.try_body(answer) else source.store(answer)
        return token

    async def aclose(self) -> None:
        """Closes the HTTP client, unless it was given."""
        if self._own:
            await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()
