"""`AsyncClient`: what the asynchronous clients of generated modules are made of."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self, Unpack

from ..transport.answers import Answer
from ..transport.library import httpx
from .base import BaseClient, T, http_client_of
from .credentials import Credential
from .exchange import Prepared
from .options import ClientOptions, read_settings


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
        self._sender = AsyncSender(self._http, self._credentials.redactor)

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
        return await self._sender.run(self._steps(call, limit, seconds))

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
