"""`AsyncWorkersAI`: a model over HTTP for asyncio.

Inside a Worker, `from_binding` asks `env.AI` instead (`binding`).
"""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ..transport.library import httpx, library_of
from ..transport.sender import new_client
from ..transport.sender_async import AsyncRunner, AsyncSender
from .asking_async import AsyncAsking
from .checks import require_kind

if TYPE_CHECKING:
    from .binding import BindingAI


class AsyncWorkersAI(AsyncAsking[httpx.AsyncClient]):
    """A model over HTTP, for asyncio; an async context manager."""

    def _open(self) -> httpx.AsyncClient:
        made: httpx.AsyncClient = new_client(httpx.AsyncClient, trust_env=False)
        return made

    def _given(self, http_client: httpx.AsyncClient) -> httpx.AsyncClient:
        kind = library_of(http_client).AsyncClient
        require_kind("http_client", http_client, kind, "an httpx.AsyncClient")
        return http_client

    def _runner(self) -> AsyncRunner:
        return AsyncSender(self._http, lambda: self._redactor)

    @staticmethod
    def from_binding(
        binding: Any, model: str | None = None, **settings: Any
    ) -> BindingAI:
        """The client for a Worker's binding `env.AI` (see `binding`)."""
        from .binding import BindingAI

        return BindingAI(binding, model, **settings)

    async def aclose(self) -> None:
        """Close the HTTP client, unless it was given."""
        if self._owned:
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
