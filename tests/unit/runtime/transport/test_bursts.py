"""Many calls at once that all end in a timeout leave a client as good as new.

httpcore's pool keeps connections for ever whose requests were cancelled while they waited for one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

import httpx
import pytest
from toolbind_runtime.ai.workers_ai_async import AsyncWorkersAI
from toolbind_runtime.errors import WorkersAIError

from tests.unit.runtime.http_support import THINGS

# Connections that a cancelled task left half open are collected with its loop.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

WAVES, AT_ONCE, PATIENCE = 10, 200, 0.25
GIVEN: dict[str, Callable[[], httpx.AsyncClient | None]] = {
    "own client": lambda: None,
    "small pool": lambda: httpx.AsyncClient(limits=httpx.Limits(max_connections=10)),
    "no limit": lambda: httpx.AsyncClient(limits=httpx.Limits(max_connections=None)),
}


class Moody:
    """A server that answers well, or takes requests and says nothing."""

    def __init__(self, answer: bytes) -> None:
        self.is_well = False
        self.answer = answer
        self.url = ""
        self.talks: set[asyncio.Task[Any]] = set()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.talks.add(cast("asyncio.Task[Any]", asyncio.current_task()))
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                if b"content-length: " in head:
                    size = head.split(b"content-length: ")[1].split(b"\r\n")[0]
                    await reader.readexactly(int(size))
                if self.is_well:
                    kind = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
                    length = b"content-length: %d\r\n\r\n" % len(self.answer)
                    writer.write(kind + length + self.answer)
                    await writer.drain()
        writer.close()


@asynccontextmanager
async def moody(answer: bytes) -> AsyncIterator[Moody]:
    found = Moody(answer)
    server = await asyncio.start_server(found.talk, "127.0.0.1", 0, backlog=1000)
    found.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield found
    finally:
        server.close()
        for talk in found.talks:
            talk.cancel()
        await asyncio.gather(*found.talks, return_exceptions=True)
        await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    "given",
    ["own client", *(pytest.param(each, marks=pytest.mark.slow) for each in list(GIVEN)[1:])],
)
def test_a_client_survives_bursts_of_timeouts(given: str) -> None:
    async def go() -> None:
        made = GIVEN[given]()
        options: dict[str, Any] = {"http_client": made, "max_retries": 0, "timeout": PATIENCE}
        async with moody(b'{"ok": true}') as server:
            client = THINGS.async_client_class(server.url, **options)

            async def call(**more: Any) -> Any:
                return await THINGS.acall_tool("read", {"id": 1}, client=client, **more)

            for wave in range(WAVES):
                bound = {"timeout": PATIENCE / 2} if wave % 2 else {}
                found = await asyncio.gather(*(call(**bound) for _ in range(AT_ONCE)))
                assert {each.error for each in found} == {"timeout"}
            server.is_well = True
            for _ in range(2):
                found = [await call() for _ in range(20)]
                found += await asyncio.gather(*(call() for _ in range(10)))
                assert all(each.ok for each in found)
            await client.aclose()

    asyncio.run(go())


@pytest.mark.slow
def test_a_client_of_a_model_survives_bursts_of_timeouts() -> None:
    answer = b'{"result": {"response": "Hello."}, "success": true}'

    async def go() -> None:
        async with (
            moody(answer) as server,
            AsyncWorkersAI(
                account_id="a",
                base_url=f"{server.url}/client/v4",
                timeout=PATIENCE,
                max_retries=0,
            ) as ai,
        ):

            async def ask(number: int) -> Any:
                if number % 3:
                    return await ai.ask(ai.question("hi"))
                return [piece async for piece in ai.stream(ai.question("hi"))]

            for _ in range(WAVES):
                asked = (ask(number) for number in range(AT_ONCE))
                found = await asyncio.gather(*asked, return_exceptions=True)
                assert all(isinstance(each, WorkersAIError) for each in found)
            server.is_well = True
            for _ in range(20):
                assert (await ask(1)).text == "Hello."

    asyncio.run(go())


@pytest.mark.slow
def test_a_client_survives_callers_that_give_up() -> None:
    """Cancelled from outside, at every moment of their way."""

    async def go() -> None:
        async with (
            moody(b'{"ok": true}') as server,
            THINGS.async_client_class(server.url, max_retries=0) as client,
        ):

            async def call() -> Any:
                return await THINGS.acall_tool("read", {"id": 1}, client=client, timeout=5)

            for wave in range(WAVES):
                tasks = [asyncio.create_task(call()) for _ in range(AT_ONCE)]
                await asyncio.sleep(0.002 * wave)
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            server.is_well = True
            assert all([(await call()).ok for _ in range(20)])

    asyncio.run(go())
