"""`AsyncWorkersAI`: a model over HTTP for asyncio.

Only the sending is here. Inside a Worker, `from_binding` asks `env.AI` instead (`binding`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ..records.exchange import Question
from ..transport.library import httpx, library_of, masked
from .asking_async import AsyncAsking
from .attempts import Reply, Send
from .bodies import dump
from .checks import require_kind
from .streaming import StreamReader

if TYPE_CHECKING:
    from .binding import BindingAI
from .receiving import (
    _is_readable,
    _is_stream,
    _kind,
    _lower,
    _Meter,
    _translated,
    _unreadable,
)


class AsyncWorkersAI(AsyncAsking[httpx.AsyncClient]):
    """A model over HTTP, for asyncio; an async context manager."""

    def _open(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(follow_redirects=False, trust_env=False)

    def _given(self, http_client: httpx.AsyncClient) -> httpx.AsyncClient:
        kind = library_of(http_client).AsyncClient
        require_kind("http_client", http_client, kind, "an httpx.AsyncClient")
        return http_client

    @staticmethod
    def from_binding(
        binding: Any, model: str | None = None, **settings: Any
    ) -> BindingAI:
        """The client for a Worker's binding `env.AI` (see `binding`)."""
        from .binding import BindingAI

        return BindingAI(binding, model, **settings)

    async def _chunks(
        self, stream: Any, reader: StreamReader
    ) -> AsyncGenerator[bytes, None]:
        meter = _Meter()
        try:
            async with aclosing(stream.aiter_bytes()) as chunks:
                async for chunk in chunks:
                    yield meter.count(chunk)
        except library_of(self._http).HTTPError as error:
            raise reader.broken(f"the stream broke off ({_kind(error)})") from None
        finally:
            await stream.aclose()

    async def _send(self, step: Send, question: Question) -> Reply:
        with _translated(self._http), masked(self._redactor):
            request = self._http.build_request(
                "POST",
                self._url(step.model),
                content=dump(step.body),
                headers=self.headers(question),
                timeout=step.timeout,
            )
            async with asyncio.timeout(step.timeout):
                return await self._exchange(request, step.stream)

    async def _exchange(self, request: httpx.Request, stream: bool) -> Reply:
        response = await self._http.send(request, stream=True, follow_redirects=False)
        if not _is_readable(response):
            await response.aclose()
            raise _unreadable()
        if stream and _is_stream(response):
            return Reply(200, _lower(response.headers), None, response)
        try:
            meter = _Meter()
            body = b"".join([meter.count(c) async for c in response.aiter_bytes()])
        finally:
            await response.aclose()
        return Reply(response.status_code, _lower(response.headers), body)

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
