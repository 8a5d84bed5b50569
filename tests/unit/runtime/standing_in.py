"""The stand-in's answers without sockets: the same checks and shapes behind a transport.

For tests with thousands of conversations; what is about HTTP itself uses the real server.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import httpx
from toolbind.standin import Player
from toolbind.standin.player import Answered
from toolbind_runtime.ai.workers_ai import WorkersAI
from toolbind_runtime.ai.workers_ai_async import AsyncWorkersAI
from toolbind_runtime.conversation.events import Event, RunFinished
from toolbind_runtime.records.run import Run

MODEL = "@cf/zai-org/glm-4.7-flash"


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The bytes of an answer in the stand-in's chunks; breaks off where it says so."""

    def __init__(self, standin: Player, answered: Answered) -> None:
        self._standin = standin
        self._answered = answered
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        yield from self._standin.chunks(self._answered)
        if self._answered.cut:
            raise httpx.RemoteProtocolError("peer closed connection")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            await asyncio.sleep(0)
            yield chunk

    def close(self) -> None:
        self.closed = True

    async def aclose(self) -> None:
        self.closed = True


class Transport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Hands requests to a stand-in that is not started."""

    def __init__(self, standin: Player) -> None:
        self.standin = standin
        self.bodies: list[_Body] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        return self._respond(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        return self._respond(request)

    def _respond(self, request: httpx.Request) -> httpx.Response:
        target = request.url.raw_path.decode()
        answered = self.standin.answer(
            request.method, target, dict(request.headers), request.content
        )
        if answered.cut and not answered.data:
            raise httpx.RemoteProtocolError("peer closed connection")
        body = _Body(self.standin, answered)
        self.bodies.append(body)
        headers = {"content-type": answered.content_type, **answered.headers}
        return httpx.Response(answered.status, headers=headers, stream=body)


def last_run(events: Sequence[Event]) -> Run:
    """The run that a stream of events ended in."""
    last = events[-1]
    assert isinstance(last, RunFinished)
    return last.run


def sync_ai(standin: Player, model: str = MODEL, **settings: Any) -> WorkersAI:
    """A client of a stand-in that is not started."""
    http = httpx.Client(transport=Transport(standin))
    chosen = {"backoff": 0.0, **standin.settings, **settings}
    return WorkersAI(model, http_client=http, **chosen)


def async_ai(standin: Player, model: str = MODEL, **settings: Any) -> AsyncWorkersAI:
    http = httpx.AsyncClient(transport=Transport(standin))
    chosen = {"backoff": 0.0, **standin.settings, **settings}
    return AsyncWorkersAI(model, http_client=http, **chosen)
