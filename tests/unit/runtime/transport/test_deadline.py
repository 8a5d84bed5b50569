"""The time of a run and of a call is kept whatever the other side does, whole or drip by drip.

Each server here would go on for minutes; asyncio keeps its time by itself, and synchronous code
must too.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from toolbind.standin import StandIn, call, say
from toolbind_runtime.ai.workers_ai import WorkersAI
from toolbind_runtime.ai.workers_ai_async import AsyncWorkersAI
from toolbind_runtime.contract import OperationRow
from toolbind_runtime.errors import BrokenStreamError, ConnectionFailedError, OutOfTimeError
from toolbind_runtime.records.run import Run
from toolbind_runtime.transport.deadline import TimeLeft, hold

from tests.unit.runtime.pets import make_api, tool
from tests.unit.runtime.sockets import HEAD, OPEN, Talk, drip, raw_server, read_request
from tests.unit.runtime.standing_in import last_run

LONG = 60
"""Seconds until a server here would stop by itself, at least."""
SOON = 20
"""Seconds in which everything must have ended, on however slow a machine."""


def dripping(start: bytes, part: bytes) -> Talk:
    return drip([start, *[part] * (LONG * 10)], 0.1)


EVENT = b'data: {"response":"x"}\n\n'
CHUNK = b"%x\r\n%s\r\n" % (len(EVENT), EVENT)
CHUNKED = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
)
SERVERS: dict[str, Talk] = {
    "silence": drip([b""], LONG),
    "headers that drip": dripping(b"HTTP/1.1 200 OK\r\nx: ", b"y"),
    "headers and nothing more": drip([HEAD % b"application/json"], LONG),
    "a stream that says nothing": drip([OPEN % b"text/event-stream"], LONG),
    "an answer that drips": dripping(HEAD % b"application/json", b" "),
    "an answer without a length that drips": dripping(OPEN % b"application/json", b" "),
    "a stream that drips": dripping(OPEN % b"text/event-stream", EVENT),
    "a stream in chunks that drips": dripping(CHUNKED, CHUNK),
    "a stream of comments": dripping(OPEN % b"text/event-stream", b": still here\n\n"),
}
each_server = pytest.mark.parametrize("server", SERVERS.values(), ids=SERVERS)
ways = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


def run_sync(base_url: str, stream: bool, **options: Any) -> Run:
    api: Any = make_api()
    with WorkersAI("m", base_url=base_url) as ai:
        found: Any = api.run("hi", ai=ai, stream=stream, **options)
        return last_run(list(found)) if stream else found


def run_async(base_url: str, stream: bool, **options: Any) -> Run:
    api: Any = make_api()

    async def go() -> Run:
        async with AsyncWorkersAI("m", base_url=base_url) as ai:
            found: Any = api.arun("hi", ai=ai, stream=stream, **options)
            return last_run([each async for each in found]) if stream else await found

    return asyncio.run(go())


def soon(work: Callable[[], Any]) -> Any:
    started = time.monotonic()
    found = work()
    assert time.monotonic() - started < SOON
    return found


@pytest.mark.parametrize("hold", [run_sync, run_async], ids=["sync", "async"])
@ways
@each_server
def test_a_run_ends_at_its_deadline(hold: Callable[..., Run], stream: bool, server: Talk) -> None:
    with raw_server(server) as base_url:
        found = soon(lambda: hold(base_url, stream, timeout=0.3))
    assert (found.stop_reason, found.turns) == ("deadline", 1)
    assert found.messages == [{"role": "user", "content": "hi"}]


@each_server
def test_one_attempt_ends_at_its_timeout(server: Talk) -> None:
    with (
        raw_server(server) as base_url,
        WorkersAI("m", base_url=base_url, timeout=0.3, max_retries=0) as ai,
        pytest.raises(ConnectionFailedError, match="within the time allowed"),
    ):
        soon(lambda: ai.ask(ai.question("hi")))


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_what_came_of_a_stream_is_told_at_the_deadline(kind: str) -> None:
    async def drain(base_url: str) -> None:
        async with AsyncWorkersAI("m", base_url=base_url) as ai:
            async for _ in ai.stream(ai.question("hi"), deadline=time.monotonic() + 0.5):
                pass

    def read_sync(base_url: str) -> None:
        with WorkersAI("m", base_url=base_url) as ai:
            list(ai.stream(ai.question("hi"), deadline=time.monotonic() + 0.5))

    def read_async(base_url: str) -> None:
        asyncio.run(drain(base_url))

    read = {"sync": read_sync, "async": read_async}[kind]
    with (
        raw_server(SERVERS["a stream that drips"]) as base_url,
        pytest.raises(OutOfTimeError) as caught,
    ):
        read(base_url)
    assert caught.value.partial is not None
    assert set(caught.value.partial.text) == {"x"}


def test_a_stream_may_take_longer_than_one_wait_of_it() -> None:
    """`timeout` is for each wait of a stream, not for all of it."""
    events = [EVENT] * 12 + [b"data: [DONE]\n\n"]
    with (
        raw_server(drip([OPEN % b"text/event-stream", *events], 0.2)) as base_url,
        WorkersAI("m", base_url=base_url, timeout=2.0, max_retries=0) as ai,
    ):
        *_, answer = ai.stream(ai.question("hi"))
    assert answer.text == "x" * 12


# --- calls of the API --------------------------------------------------------------------------

ANSWERS = [name for name in SERVERS if "stream" not in name]


@pytest.mark.parametrize("server", [SERVERS[name] for name in ANSWERS], ids=ANSWERS)
@pytest.mark.parametrize("name", ["call_timeout", "timeout"])
def test_a_synchronous_call_ends_in_time(server: Talk, name: str) -> None:
    found = hold_calls(server, ["get_pet"], **{name: 0.3})
    assert [each.result.error for each in found.calls] == ["timeout"]
    assert found.stop_reason == ("stop" if name == "call_timeout" else "deadline")


def hold_calls(server: Talk, tools: Sequence[str], **options: Any) -> Run:
    """A synchronous run whose API is `server` and whose model calls `tools`, then ends."""
    api = make_api()
    turns = [call(name, {"pet_id": 7}) for name in tools]
    with (
        raw_server(server) as base_url,
        StandIn([*turns, say("Done.")]) as standin,
        WorkersAI(**standin.settings) as ai,
        api.client_class(base_url) as client,
    ):
        found: Run = soon(lambda: api.run("hi", ai=ai, client=client, approve="all", **options))
    return found


def test_a_call_timeout_ends_each_call_and_not_the_run() -> None:
    found = hold_calls(SERVERS["silence"], ["get_pet", "delete_pet"], call_timeout=0.2)
    assert [each.result.error for each in found.calls] == ["timeout", "timeout"]
    assert (found.text, found.stop_reason) == ("Done.", "stop")


def test_the_model_is_told_what_a_call_that_was_given_up_may_have_done() -> None:
    unknown = "may or may not have had an effect"
    rows: dict[str, OperationRow] = {"add_pet": {"method": "POST", "path": "/pets"}}
    api = make_api(tools=[tool("add_pet", "Add a pet.")], operations=rows)
    with (
        raw_server(SERVERS["silence"]) as base_url,
        api.client_class(base_url, timeout=0.2) as client,
    ):
        assert unknown in api.call_tool("add_pet", {}, client=client).content
    found = hold_calls(SERVERS["silence"], ["get_pet"], call_timeout=0.2)
    assert unknown not in found.calls[0].result.content


def test_the_client_s_own_timeout_counts_where_it_is_shorter() -> None:
    api = make_api()
    with (
        raw_server(SERVERS["silence"]) as base_url,
        api.client_class(base_url, timeout=0.2, max_retries=0) as client,
    ):
        found = soon(lambda: api.call_tool("get_pet", {"pet_id": 7}, client=client, timeout=LONG))
    assert found.error == "timeout"


def test_the_same_for_an_asynchronous_call() -> None:
    api = make_api()

    async def go(base_url: str) -> Any:
        async with api.async_client_class(base_url) as client:
            return await api.acall_tool("get_pet", {"pet_id": 7}, client=client, timeout=0.2)

    with raw_server(SERVERS["headers that drip"]) as base_url:
        assert soon(lambda: asyncio.run(go(base_url))).error == "timeout"


ENDLESS: dict[str, Talk] = {
    **SERVERS,
    "answers before the answer": dripping(b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    "header lines one by one": dripping(b"HTTP/1.1 200 OK\r\n", b"x-more: y\r\n"),
    "a chunk whose head drips": dripping(
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;", b"x"
    ),
    "trailers that drip": dripping(
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", b"x: y\r\n"
    ),
}


STREAMS = [talk for name, talk in SERVERS.items() if name.startswith("a stream")]


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("server", ENDLESS.values(), ids=ENDLESS)
def test_the_client_s_own_timeout_holds_too(server: Talk, asynchronous: bool) -> None:
    """Without a limit for this one call; on a connection that was kept, as well."""
    first = threading.Event()

    def talk(connection: socket.socket) -> None:
        if not first.is_set():
            first.set()
            connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
            read_request(connection)
        server(connection)

    api: Any = make_api()
    options: dict[str, Any] = {"timeout": 0.4, "max_retries": 0}

    async def go(base_url: str) -> Any:
        async with api.async_client_class(base_url, **options) as client:
            await api.acall_tool("get_pet", {"pet_id": 7}, client=client)
            return await api.acall_tool("get_pet", {"pet_id": 7}, client=client)

    with raw_server(talk) as base_url:
        if asynchronous:
            found = soon(lambda: asyncio.run(go(base_url)))
        else:
            with api.client_class(base_url, **options) as client:
                api.call_tool("get_pet", {"pet_id": 7}, client=client)
                call = lambda: api.call_tool("get_pet", {"pet_id": 7}, client=client)  # noqa: E731
                found = soon(call)
    if server in STREAMS and found.ok:  # what came of a stream is good
        assert found.data in (None, []) or found.data[0] == {"response": "x"}
    else:
        assert found.error in ("timeout", "answer")


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_a_stream_that_only_keeps_its_connection_ends_at_the_timeout(asynchronous: bool) -> None:
    """Comments are no answer: the time for one attempt is for more of that."""
    talk = dripping(OPEN % b"text/event-stream" + EVENT, b": still here\n\n")

    async def go(base_url: str) -> None:
        async with AsyncWorkersAI("m", base_url=base_url, timeout=0.4, max_retries=0) as ai:
            async for _ in ai.stream(ai.question("hi")):
                pass

    def read(base_url: str) -> None:
        with WorkersAI("m", base_url=base_url, timeout=0.4, max_retries=0) as ai:
            list(ai.stream(ai.question("hi")))

    with raw_server(talk) as base_url, pytest.raises(BrokenStreamError) as raised:
        soon(lambda: asyncio.run(go(base_url)) if asynchronous else read(base_url))
    assert raised.value.partial.text == "x"
    assert "within the time allowed" in str(raised.value)


# --- the parts ---------------------------------------------------------------------------------


def test_each_wait_gets_what_is_left() -> None:
    left = TimeLeft(time.monotonic() + 100)
    assert 99 < left.get("connect") <= left["read"] + 0.5 < 101
    assert left.get("other", 7) == 7
    with pytest.raises(KeyError):
        left["other"]
    left.end = time.monotonic() + 1000
    assert 999 < left["pool"] <= 1000
    assert TimeLeft(time.monotonic() - 5)["write"] > 0


class Recorder:
    """A connection of the HTTP library that keeps how long each wait may take."""

    def __init__(self) -> None:
        self.waits: list[float | None] = []

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.waits.append(timeout)
        return b"x" * max_bytes

    def write(self, _buffer: bytes, timeout: float | None = None) -> None:
        self.waits.append(timeout)


def test_a_connection_asks_again_before_each_wait() -> None:
    """The library asks once how long a head may take, and waits so long for each packet."""
    stream = Recorder()
    hold(stream)
    hold(stream)  # once is enough
    left = TimeLeft(time.monotonic() + 100)
    once = left["read"]
    stream.read(1, once)
    left.end -= 60
    stream.read(1, once)
    stream.write(b"x" * 200_000, once)
    stream.read(1, 7.0)  # of a request that is not ours
    first, second, *pieces, others = stream.waits
    assert first is not None
    assert second is not None
    assert 99 < first <= 100
    assert 39 < second <= 40
    assert len(pieces) == 4
    assert others == 7.0
    left.end -= 60
    with pytest.raises(TimeoutError):
        stream.read(1, once)


def test_a_connection_that_cannot_be_held_is_left_as_it_is() -> None:
    class Fixed:
        __slots__ = ()

        def read(self) -> None: ...

    hold(Fixed())
    hold(None)


def test_no_thread_is_started() -> None:
    before = set(threading.enumerate())  # some of other tests, which may end at any time
    with StandIn([say("Hello.")]) as standin, WorkersAI(**standin.settings) as ai:
        ai.ask(ai.question("hi"))
        # The stand-in serves in threads of its own; only timers would be ours.
        assert not any("Timer" in each.name for each in set(threading.enumerate()) - before)
