"""Bounds on answers: bytes, time, decompression; and what is kept of streams that reach them."""

from __future__ import annotations

import asyncio
import gzip
import threading
import time
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from functools import cache
from typing import Any

import httpx
import pytest
from toolbind_runtime import ToolResult, errors
from toolbind_runtime.transport.answers import BodyReader

from tests.unit.runtime.http_support import (
    THINGS,
    Handler,
    Received,
    Reply,
    Script,
    call,
    json_reply,
    replies,
    serving,
    typed,
)

KINDS = pytest.mark.parametrize("kind", ["sync", "async"])


@KINDS
def test_answers_over_the_limit(kind: str) -> None:
    big = json_reply('"' + "x" * 5000 + '"')
    with serving(replies(big)) as server:
        result = call(kind, server.url, max_result_bytes=1000)
        assert result.error == "too-large"
        assert "larger than 1,000 bytes" in result.content
        assert typed(kind, server.url, max_result_bytes=1000) == "x" * 5000
        with pytest.raises(errors.AnswerTooLargeError):
            typed(kind, server.url, max_response_bytes=1000)


@KINDS
@pytest.mark.parametrize(
    ("encoding", "encode"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("identity", bytes),
        ("GZIP ", gzip.compress),
        ("gzip", bytes),  # decoded on the way by something that kept the header
    ],
)
def test_encodings_that_were_not_asked_for(kind: str, encoding: str, encode: Any) -> None:
    body = encode(b'{"a": "' + b"x" * 10_000 + b'"}')
    reply = Reply(200, body, {"Content-Type": "application/json", "Content-Encoding": encoding})
    with serving(replies(reply)) as server:
        assert call(kind, server.url).data == {"a": "x" * 10_000}


@KINDS
@pytest.mark.parametrize(
    ("encoding", "body"), [("br", b"x"), ("gzip, gzip", b"x"), ("gzip", b"\x1f\x8b broken")]
)
def test_encodings_that_cannot_be_read(kind: str, encoding: str, body: bytes) -> None:
    reply = Reply(200, body, {"Content-Type": "application/json", "Content-Encoding": encoding})
    with serving(replies(reply)) as server:
        result = call(kind, server.url)
        assert (result.error, result.status_code) == ("bad-answer", 200)
        assert len(server.received) == 1


@cache
def bomb() -> bytes:
    """A third of a megabyte that would become three hundred."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b"\0" * 1_000_000
    return b"".join(compressor.compress(block) for _ in range(300)) + compressor.flush()


@KINDS
def test_decompression_stops_at_the_limit(kind: str) -> None:
    reply = Reply(200, bomb(), {"Content-Type": "application/json", "Content-Encoding": "gzip"})
    with serving(replies(reply)) as server:
        assert call(kind, server.url).error == "too-large"


def test_inflating_never_goes_beyond_the_limit() -> None:
    for size in (1, 999, 1000, 1001, 100_000):
        reader = BodyReader("gzip", 1000)
        packed = gzip.compress(b"a" * size)
        for start in range(0, len(packed), 7):
            if not reader.feed(packed[start : start + 7]):
                break
        assert reader.content() == b"a" * min(size, 1000)
        assert reader.overflow == (size > 1000)
    reader = BodyReader("", 10)
    assert reader.feed(b"")
    assert reader.content() == b""


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_what_is_behind_the_end_of_compressed_data_is_not_read(encoding: str) -> None:
    body = gzip.compress(b"[1]") if encoding == "gzip" else zlib.compress(b"[1]")
    for rest in (b"\0" * 9, b"garbage", b"\x1f\x8bmore garbage"):
        reader = BodyReader(encoding, 1000)
        assert not reader.feed(body + rest) or not reader.feed(rest)
        assert (reader.content(), reader.overflow) == (b"[1]", False)


def test_members_of_gzip_are_one_body_up_to_the_limit() -> None:
    """Also where they hold nothing: what is taken in has an end as well."""
    reader = BodyReader("gzip", 1000)
    assert reader.feed(gzip.compress(b"[1,"))
    assert reader.feed(gzip.compress(b"2]"))
    assert reader.content() == b"[1,2]"
    empty = gzip.compress(b"")
    fed = 0
    while reader.feed(empty):
        fed += len(empty)
        assert fed < 10_000
    assert reader.overflow


@KINDS
def test_endless_bytes_behind_gzip_cost_nothing(kind: str) -> None:
    never = threading.Event()

    def script(_request: Received, handler: Handler) -> None:
        head = (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n\r\n"
        )
        with suppress(OSError):
            handler.wfile.write(head + gzip.compress(b"[1]"))
            while not never.wait(0.001):
                handler.wfile.write(b"\0" * 65_536)

    started = time.monotonic()
    with serving(script) as server:
        found = call(kind, server.url, timeout=20)
    assert found.data == [1]
    assert time.monotonic() - started < 10


def slowly(handler: Handler, content_type: str, pieces: Iterator[bytes], pause: float) -> None:
    handler.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n\r\n".encode())
    try:
        for piece in pieces:
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(pause)
    except OSError:
        pass  # the client has gone, as it should


def dripping(content_type: str) -> Script:
    """A byte at a time for ever, each well within a read timeout."""

    def script(request: Received, handler: Handler) -> None:
        slowly(handler, content_type, iter(lambda: b"x", b""), 0.02)

    return script


@KINDS
def test_the_deadline_is_for_the_whole_answer(kind: str) -> None:
    with serving(dripping("application/json")) as server:
        result = call(kind, server.url, timeout=0.3)
        assert result.error == "timeout"
        assert "no whole answer" in result.content
        with pytest.raises(errors.DeadlineError) as caught:
            typed(kind, server.url, timeout=0.3)
        assert isinstance(caught.value, TimeoutError)


@KINDS
def test_a_silent_server_is_a_timeout(kind: str) -> None:
    release = threading.Event()

    def script(request: Received, handler: Handler) -> None:
        release.wait(10)

    with serving(script) as server:
        assert call(kind, server.url, timeout=0.2).error == "timeout"
        release.set()


@KINDS
def test_a_server_that_stops_in_the_middle_is_a_timeout(kind: str) -> None:
    release = threading.Event()

    def script(request: Received, handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
        handler.wfile.flush()
        release.wait(10)

    with serving(script) as server:
        assert call(kind, server.url, timeout=0.2).error == "timeout"
        release.set()


@KINDS
def test_no_timeout_at_all(kind: str) -> None:
    with serving(replies(json_reply("1"))) as server:
        assert call(kind, server.url, timeout=None).data == 1


@KINDS
def test_endless_streams_are_read_up_to_the_deadline(kind: str) -> None:
    def script(request: Received, handler: Handler) -> None:
        slowly(handler, "text/event-stream", iter(lambda: b'data: {"n": 1}\n\n', b""), 0.02)

    with serving(script) as server:
        result = call(kind, server.url, timeout=0.3)
        assert result.ok
        assert {"n": 1} in result.data
        assert '"note"' in result.content


@KINDS
def test_streams_are_cut_at_the_limit_in_bytes(kind: str) -> None:
    lines = Reply(200, b'{"n": 1}\n' * 1000, {"Content-Type": "application/x-ndjson"})
    with serving(replies(lines)) as server:
        result = call(kind, server.url, max_result_bytes=100)
        assert result.data == [{"n": 1}] * 11
        assert '"note"' in result.content


@KINDS
def test_a_stream_that_breaks_keeps_what_came(kind: str) -> None:
    def script(request: Received, handler: Handler) -> None:
        handler.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nContent-Length: 99\r\n\r\n"
            b'{"n": 1}\n{"n'
        )

    with serving(script) as server:
        assert call(kind, server.url).data == [{"n": 1}]


# --- other event loops, and streams that were read already ---------------------------------------


def test_answers_that_the_library_has_read_already() -> None:
    body = gzip.compress(b"[1]")
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    answer = httpx.Response(200, content=body, headers=headers)
    with httpx.Client(transport=httpx.MockTransport(lambda _: answer)) as http:
        assert call("sync", "https://a.example", http_client=http).data == [1]


def test_cancelling_a_call_closes_its_answer() -> None:
    closed = []

    class Endless(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                yield b"x"
                await asyncio.sleep(0.01)

        async def aclose(self) -> None:
            closed.append(True)

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Endless())

    async def go() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
            client = THINGS.async_client_class("https://a.example", http_client=http)
            task = asyncio.create_task(THINGS.acall_tool("read", {"id": 1}, client=client))
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(go())
    assert closed == [True]


def test_another_event_loop_is_refused_in_one_line_before_anything_is_sent() -> None:
    """Calls went well there until the first retry, which ended in "no running event loop"."""
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json=[1])

    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    client = THINGS.async_client_class("https://a.example", http_client=http)
    for step in (
        THINGS.acall_tool("read", {"id": 1}, client=client),
        client._call("read", id=1),
    ):
        with pytest.raises(RuntimeError, match="need asyncio: under trio"):
            step.send(None)
    assert sent == []


def test_several_threads_share_a_client() -> None:
    with serving(replies(json_reply("[1]"))) as server, THINGS.client_class(server.url) as client:
        results: list[ToolResult] = []

        def work() -> None:
            for _ in range(10):
                results.append(THINGS.call_tool("read", {"id": 1}, client=client))

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [result.data for result in results] == [[1]] * 80
