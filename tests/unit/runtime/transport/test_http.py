"""Sending over real connections: bounds, retries, redirects, cookies, encodings, both clients."""

from __future__ import annotations

import asyncio
import logging
import socket
import traceback
from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Any

import httpx
import httpx2
import pytest
from toolbind_runtime import OperationRow, ToolResult, errors
from toolbind_runtime.transport.library import library_of

from tests.unit.runtime.http_support import (
    THINGS,
    Handler,
    Received,
    Reply,
    call,
    json_reply,
    make_api,
    replies,
    serving,
    typed,
)

READ: dict[str, OperationRow] = {
    "read": {"method": "GET", "path": "/things/{id}", "arguments": {"id": {"in": "path"}}}
}
URL, KEY = "https://a.example", {"api_key": "canary-key"}
KINDS = pytest.mark.parametrize("kind", ["sync", "async"])


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries come at once: how long they wait is tested by itself."""
    monkeypatch.setattr("toolbind_runtime.transport.policy.random.uniform", lambda low, high: 0.0)


# --- the plain case ------------------------------------------------------------------------------


@KINDS
def test_calls_and_typed_methods(kind: str) -> None:
    with serving(replies(json_reply('{"a": 1}'))) as server:
        assert call(kind, server.url) == ToolResult(
            True, '{"status":200,"body":{"a":1}}', {"a": 1}, 200
        )
        assert typed(kind, server.url) == {"a": 1}
        for received in server.received:
            assert (received.method, received.target) == ("GET", "/things/1")
            assert received.header("Accept") == "application/json"
            assert received.header("Accept-Encoding") == "identity"


@KINDS
def test_the_given_client_is_used_and_left_open(kind: str) -> None:
    with serving(replies(json_reply("[]"))) as server:
        headers = {
            "User-Agent": "mine",
            "X-Own": "1",
            "Accept": "text/html",
            "accept-encoding": "br",
        }
        if kind == "sync":
            given = httpx.Client(headers=headers)
            call(kind, server.url, http_client=given)
            assert not given.is_closed
            given.close()
        else:

            async def go() -> None:
                async with httpx.AsyncClient(headers=headers) as http:
                    client = THINGS.async_client_class(server.url, http_client=http)
                    await client._call("read", id=1)
                    await client.aclose()
                    assert not http.is_closed

            asyncio.run(go())
        received = server.last
        assert received.header("User-Agent") == "mine"
        assert received.header("X-Own") == "1"
        assert received.header("Accept") == "application/json"
        assert received.header("Accept-Encoding") == "identity"


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_both_libraries_work_side_by_side(library: Any) -> None:
    def refuse(request: Any) -> Any:
        raise library.ConnectError("refused", request=request)

    with library.Client(transport=library.MockTransport(refuse)) as http:
        assert library_of(http) is library
        result = call("sync", "https://a.example", http_client=http, max_retries=0)
        assert result.error == "connection"
    answer = library.Response(200, json=[1])
    with library.Client(transport=library.MockTransport(lambda request: answer)) as http:
        assert call("sync", "https://a.example", http_client=http).data == [1]


def test_library_of_anything_else_is_the_default() -> None:
    assert library_of(object()) is httpx


@KINDS
def test_a_client_of_the_other_kind_is_refused(kind: str) -> None:
    wrong = httpx.AsyncClient() if kind == "sync" else httpx.Client()
    with pytest.raises(errors.ConfigurationError, match="http_client must be"):
        call(kind, "https://a.example", http_client=wrong)
    if isinstance(wrong, httpx.Client):
        wrong.close()
    else:
        asyncio.run(wrong.aclose())


# --- redirects and cookies -----------------------------------------------------------------------


@KINDS
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_told_and_not_followed(kind: str, status: int) -> None:
    headers = {"Location": "https://evil.example/path?token=abc"}
    with serving(replies(Reply(status, b"", headers))) as server:
        result = call(kind, server.url)
        assert (result.ok, result.error, result.status_code) == (False, "http-status", status)
        assert "https://evil.example" in result.content
        assert "/path" not in result.content
        assert "token" not in result.content
        with pytest.raises(errors.RedirectError):
            typed(kind, server.url)
        if kind == "sync":
            with httpx.Client(follow_redirects=True) as http:
                assert call(kind, server.url, http_client=http).status_code == status
        assert all(received.target == "/things/1" for received in server.received)


@KINDS
@pytest.mark.parametrize("own", [True, False])
def test_cookies_of_answers_are_never_sent(kind: str, own: bool) -> None:
    with serving(replies(json_reply("{}", **{"Set-Cookie": "session=evil"}))) as server:

        async def go() -> None:
            async with httpx.AsyncClient(cookies={"mine": "1"}) as http:
                client = THINGS.async_client_class(server.url, http_client=None if own else http)
                async with client:
                    for _ in range(2):
                        await THINGS.acall_tool("read", {"id": 1}, client=client)

        if kind == "async":
            asyncio.run(go())
        else:
            with (
                httpx.Client(cookies={"mine": "1"}) as http,
                THINGS.client_class(server.url, http_client=None if own else http) as client,
            ):
                for _ in range(2):
                    THINGS.call_tool("read", {"id": 1}, client=client)
        expected = None if own else "mine=1"
        assert [received.header("Cookie") for received in server.received] == [expected] * 2


# --- connections that fail -----------------------------------------------------------------------


@KINDS
def test_refused_connections(kind: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        result = call(kind, f"http://127.0.0.1:{port}")
        assert result.error == "connection"
        assert "GET /things/{id}: no connection" in result.content
        with pytest.raises(errors.TransportError):
            typed(kind, f"http://127.0.0.1:{port}")


@KINDS
def test_unknown_hosts(kind: str) -> None:
    assert call(kind, "https://nowhere.invalid", max_retries=0).error == "connection"


@KINDS
@pytest.mark.parametrize(
    "garbage", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"]
)
def test_broken_answers(kind: str, garbage: bytes) -> None:
    def script(request: Received, handler: Handler) -> None:
        handler.wfile.write(garbage)

    with serving(script) as server:
        assert call(kind, server.url, max_retries=0).error == "connection"


@KINDS
@pytest.mark.parametrize("when", ["sending", "reading"])
def test_foreign_errors_are_failures_and_pythons_own_are_bugs(kind: str, when: str) -> None:
    """A transport of a browser or a Worker has errors of its own."""

    class JsException(Exception):  # noqa: N818  # its name in Pyodide
        pass

    for error, expected in ((JsException("x"), None), (KeyError("x"), KeyError)):

        class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
            raised = error

            def __iter__(self) -> Iterator[bytes]:
                yield b"["
                raise self.raised

            async def __aiter__(self) -> AsyncIterator[bytes]:
                yield b"["
                raise self.raised

        def answer(request: httpx.Request, body: Body) -> httpx.Response:
            if when == "sending":
                raise body.raised
            return httpx.Response(200, stream=body)

        transport = httpx.MockTransport(partial(answer, body=Body()))
        if expected is None:
            assert over(kind, transport).error == "connection"
        else:
            with pytest.raises(expected):
                over(kind, transport)


def over(kind: str, transport: httpx.MockTransport) -> ToolResult:
    """A call over a transport."""
    if kind == "sync":
        with httpx.Client(transport=transport) as http:
            client = THINGS.client_class(URL, http_client=http, max_retries=0)
            return THINGS.call_tool("read", {"id": 1}, client=client)

    async def go() -> ToolResult:
        async with httpx.AsyncClient(transport=transport) as http:
            client = THINGS.async_client_class(URL, http_client=http, max_retries=0)
            return await THINGS.acall_tool("read", {"id": 1}, client=client)

    return asyncio.run(go())


@KINDS
def test_errors_of_the_library_leave_no_trace(kind: str) -> None:
    """Its exceptions hold the request, with its headers and its query."""

    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError(f"secret-in-text {request.url}", request=request)

    transport = httpx.MockTransport(fail)
    api = make_api(
        READ,
        schemes={"k": {"type": "apiKey", "in": "query", "name": "k", "credentials": ["api_key"]}},
        security=[["k"]],
    )

    async def go() -> None:
        async with httpx.AsyncClient(transport=transport) as http:
            client = api.async_client_class(URL, KEY, http_client=http, max_retries=0)
            await client._call("read", id=1)

    def go_sync() -> None:
        with httpx.Client(transport=transport) as http:
            client = api.client_class(URL, KEY, http_client=http, max_retries=0)
            client._call("read", id=1)

    with pytest.raises(errors.TransportError) as caught:
        go_sync() if kind == "sync" else asyncio.run(go())
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None
    assert (error.method, error.path) == ("GET", "/things/{id}")
    shown = "".join(traceback.format_exception(error)) + repr(error) + str(vars(error))
    assert "secret-in-text" not in shown
    assert "canary-key" not in shown


# --- retries -------------------------------------------------------------------------------------


@KINDS
@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_reads_are_tried_again(kind: str, status: int) -> None:
    with serving(replies(Reply(status), Reply(status), json_reply("[1]"))) as server:
        assert call(kind, server.url).data == [1]
        assert len(server.received) == 3


@KINDS
def test_retries_have_an_end(kind: str) -> None:
    with serving(replies(Reply(503))) as server:
        result = call(kind, server.url, max_retries=1)
        assert (result.error, result.status_code) == ("http-status", 503)
        assert len(server.received) == 2


@KINDS
@pytest.mark.parametrize("status", [400, 401, 404, 409, 501])
def test_other_errors_are_not_tried_again(kind: str, status: int) -> None:
    with serving(replies(Reply(status))) as server:
        assert call(kind, server.url).status_code == status
        assert len(server.received) == 1


@KINDS
def test_posts_are_never_repeated(kind: str) -> None:
    with serving(replies(Reply(503))) as server:
        assert call(kind, server.url, "write").status_code == 503
        assert len(server.received) == 1
        assert call(kind, server.url, "replace").status_code == 503
        assert len(server.received) == 4


@KINDS
def test_dropped_connections_are_tried_again_for_reads_only(kind: str) -> None:
    counted: list[str] = []

    def script(request: Received, handler: Handler) -> Reply | None:
        counted.append(request.method)
        return json_reply("[1]") if len(counted) == 2 else None

    with serving(script) as server:
        assert call(kind, server.url).data == [1]
        counted.clear()
        assert call(kind, server.url, "write").error == "connection"
        assert counted == ["POST"]


# --- the environment and the log -----------------------------------------------------------------


@KINDS
def test_the_environment_adds_nothing(
    kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login me password canary\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with serving(replies(json_reply("1"))) as server:
        assert call(kind, server.url).data == 1
        assert server.last.header("Authorization") is None
        assert call(kind, server.url, trust_env=True, max_retries=0).error == "connection"


def test_queries_with_keys_stay_out_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    api = make_api(
        READ,
        schemes={"k": {"type": "apiKey", "in": "query", "name": "k", "credentials": ["api_key"]}},
        security=[["k"]],
    )
    with serving(replies(json_reply("1"))) as server, caplog.at_level(logging.DEBUG):
        with api.client_class(server.url, {"api_key": "canary-key"}) as client:
            api.call_tool("read", {"id": 1}, client=client)
            api.call_tool("read", {"id": 1}, client=client)
        assert server.last.target == "/things/1?k=canary-key"
        with httpx.Client() as other:  # nobody else's log is touched
            other.get(f"{server.url}/x?visible=1")
        logging.getLogger("httpx").info("%(name)s", {"name": "by name"})
    assert "canary-key" not in caplog.text
    assert "/things/1?k=***" in caplog.text
    assert "/x?visible=1" in caplog.text
    assert "by name" in caplog.text


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize(("name", "again"), [("read", True), ("replace", True), ("write", False)])
def test_a_kept_connection_that_died_is_replaced_at_once(kind: str, name: str, again: bool) -> None:
    """Only where the request may be repeated; a connection that was new is not tried again."""
    seen: list[int] = []

    def script(_request: Received, handler: Handler) -> Reply | None:
        port = handler.client_address[1]
        kept = port in seen
        seen.append(port)
        return None if kept else Reply()  # closes without a word

    async def go(url: str) -> list[bool]:
        async with THINGS.async_client_class(url, max_retries=0) as client:
            arguments = {"id": 1} if name == "read" else {}
            return [(await THINGS.acall_tool(name, arguments, client=client)).ok for _ in "ab"]

    with serving(script) as server:
        if kind == "async":
            found = asyncio.run(go(server.url))
        else:
            arguments = {"id": 1} if name == "read" else {}
            with THINGS.client_class(server.url, max_retries=0) as client:
                found = [THINGS.call_tool(name, arguments, client=client).ok for _ in "ab"]
    assert found == [True, again]
    assert len(seen) == (3 if again else 2)
