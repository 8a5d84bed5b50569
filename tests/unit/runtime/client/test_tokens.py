"""Tokens that are got while the program runs: providers, and OAuth 2.0 client credentials."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from toolbind_runtime import SchemeRow, ToolResult
from toolbind_runtime.client.credentials import Credentials
from toolbind_runtime.client.tokens import ClientCredentials
from toolbind_runtime.transport.answers import Answer

from tests.unit.runtime.client.test_auth import SCHEMES, api_with, send
from tests.unit.runtime.http_support import Handler, Received, Reply, Server, serving

# --- token providers -----------------------------------------------------------------------------


def test_token_providers_are_asked_for_each_call() -> None:
    tokens = iter(["first", "second"])
    sent: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers["Authorization"])
        return httpx.Response(200, json={"echo": request.headers["Authorization"]})

    api = api_with([["bearer"]])
    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        given = {"token": lambda: next(tokens)}
        client = api.client_class("https://a.example", given, http_client=http)
        assert api.call_tool("op", {}, client=client).data == {"echo": "Bearer ***"}
        api.call_tool("op", {}, client=client)
    assert sent == ["Bearer first", "Bearer second"]


def test_many_tokens_do_not_push_out_the_keys() -> None:
    credentials = Credentials(
        SCHEMES, {"api_key": "static-key"}, prefix="SHOP", environment={}, base="https://a.example"
    )
    for number in range(50):
        credentials.remember(f"token-number-{number}")
    masked = credentials.redactor().text("static-key token-number-49 token-number-1")
    assert masked == "*** *** token-number-1"


@pytest.mark.parametrize("asynchronous", [True, False])
def test_token_providers_of_the_async_client(asynchronous: bool) -> None:
    async def later() -> str:
        return "token"

    provider: Callable[[], Any] = later if asynchronous else lambda: "token"

    async def go() -> ToolResult:
        def answer(request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, json={"ok": request.headers["Authorization"][:6]})

        api = api_with([["bearer"]])
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
            given = {"token": provider}
            client = api.async_client_class("https://a.example", given, http_client=http)
            result: ToolResult = await api.acall_tool("op", {}, client=client)
            return result

    assert asyncio.run(go()).data == {"ok": "Bearer"}


def test_providers_that_give_no_token() -> None:
    async def later() -> str:
        return "token"

    for provider, message in ((lambda: None, "no text"), (later, "needs the async client")):
        result, sent = send([["bearer"]], {"token": provider})
        assert not sent
        assert result.error == "credentials"
        assert message in result.content
    result, _ = send([["bearer"]], {"token": lambda: "a\nb"})
    assert result.error == "credentials"


# --- OAuth 2.0, client credentials ---------------------------------------------------------------


class TokenServer:
    """An API and its token endpoint on loopback."""

    def __init__(self) -> None:
        self.issued = 0
        self.expires_in: Any = 3600
        self.login = "basic"
        self.delay = 0.0
        self.refused: set[str] = set()
        self.answer: Reply | None = None

    def __call__(self, request: Received, handler: Handler) -> Reply:
        if request.target.startswith("/token"):
            return self.token(request)
        authorization = request.header("Authorization") or ""
        if authorization.removeprefix("Bearer ") in self.refused:
            return Reply(401)
        return Reply(body=json.dumps({"as": authorization}).encode())

    def token(self, request: Received) -> Reply:
        time.sleep(self.delay)
        if self.answer is not None:
            return self.answer
        fields = dict(parse_qsl(request.body.decode()))
        assert fields["grant_type"] == "client_credentials"
        assert fields["scope"] == "read write"
        if self.login == "basic":
            login = base64.b64decode((request.header("Authorization") or "")[6:]).decode()
            right = login == "id%2F1:s+%26%C3%A9cret"
        else:
            right = (fields.get("client_id"), fields.get("client_secret")) == ("id/1", "s &écret")
        if not right:
            return Reply(401, b'{"error": "invalid_client"}')
        self.issued += 1
        body = {"access_token": f"token-{self.issued}", "expires_in": self.expires_in}
        return Reply(body=json.dumps(body).encode())


GRANT = {"client_id": "id/1", "client_secret": "s &écret"}


def oauth_call(server: Server, times: int = 1, **changes: Any) -> list[ToolResult]:
    api = api_with([["oauth"]])
    with api.client_class(server.url, {**GRANT, **changes}) as client:
        return [api.call_tool("op", {}, client=client) for _ in range(times)]


def tokens_asked(server: Server) -> int:
    return sum(received.target.startswith("/token") for received in server.received)


def test_tokens_are_fetched_once_and_kept() -> None:
    with serving(TokenServer()) as server:
        results = oauth_call(server, 3)
        assert [result.data for result in results] == [{"as": "Bearer ***"}] * 3
        assert [r.header("Authorization") for r in server.received[1:]] == ["Bearer token-1"] * 3
        assert tokens_asked(server) == 1


def test_stale_tokens_are_fetched_again() -> None:
    script = TokenServer()
    script.expires_in = "0"
    with serving(script) as server:
        oauth_call(server, 2)
        assert script.issued == 2
        script.expires_in = None  # unknown life: used until it is refused
        oauth_call(server, 2)
        assert script.issued == 3


def test_a_refused_token_is_replaced_once() -> None:
    script = TokenServer()
    script.refused = {"token-1"}
    with serving(script) as server:
        (result,) = oauth_call(server)
        assert result.ok
        script.refused = {"token-3", "token-4"}
        (result,) = oauth_call(server)
        assert result.status_code == 401
        assert script.issued == 4


def test_servers_that_read_the_login_in_the_body() -> None:
    script = TokenServer()
    script.login = "body"
    with serving(script) as server:
        assert all(result.ok for result in oauth_call(server, 2))
        assert tokens_asked(server) == 2


def test_one_refresh_at_a_time_between_threads() -> None:
    script = TokenServer()
    script.delay = 0.1
    with serving(script) as server:
        api = api_with([["oauth"]])
        with api.client_class(server.url, GRANT) as client:
            results: list[ToolResult] = []

            def work() -> None:
                results.append(api.call_tool("op", {}, client=client))

            threads = [threading.Thread(target=work) for _ in range(6)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert [result.ok for result in results] == [True] * 6
        assert script.issued == 1


def test_one_refresh_at_a_time_between_tasks() -> None:
    script = TokenServer()
    script.delay = 0.1
    script.login = "body"
    api = api_with([["oauth"]])

    async def go(url: str) -> list[ToolResult]:
        async with api.async_client_class(url, GRANT) as client:
            calls = [api.acall_tool("op", {}, client=client) for _ in range(6)]
            first = await asyncio.gather(*calls)
            return [*first, await api.acall_tool("op", {}, client=client)]

    with serving(script) as server:
        results = asyncio.run(go(server.url))
        assert [result.ok for result in results] == [True] * 7
        assert script.issued == 1


def test_refused_tokens_of_the_async_client() -> None:
    script = TokenServer()
    script.refused = {"token-1"}
    api = api_with([["oauth"]])

    async def go(url: str) -> ToolResult:
        async with api.async_client_class(url, GRANT) as client:
            result: ToolResult = await api.acall_tool("op", {}, client=client)
            return result

    with serving(script) as server:
        assert asyncio.run(go(server.url)).ok


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply(400, b'{"error": "invalid_scope"}'), "400 (invalid_scope)"),
        (Reply(401, b'{"error": "<script>"}'), "401"),
        (Reply(500, b"oops"), "500"),
        (Reply(302, b"", {"Location": "https://evil.example"}), "302"),
        (Reply(200, b"oops"), "no usable access_token"),
        (Reply(200, b"[]"), "no usable access_token"),
        (Reply(200, b'{"access_token": "a\\nb"}'), "no usable access_token"),
    ],
)
def test_token_endpoints_that_fail(reply: Reply, message: str) -> None:
    script = TokenServer()
    script.answer = reply
    with serving(script) as server:
        (result,) = oauth_call(server)
        assert result.error == "credentials"
        assert message in result.content
        assert "script" not in result.content
        assert "cret" not in result.content.replace("credentials", "")


def test_a_token_that_was_replaced_meanwhile_is_kept() -> None:
    grant = ClientCredentials("https://t.example", "id", "secret", ())
    assert repr(grant) == "<ClientCredentials ***>"
    assert grant.request().content == b"grant_type=client_credentials"
    grant.store(Answer(200, {}, b'{"access_token": "new"}'))
    grant.forget("old")
    assert grant.current() == "new"
    grant.forget("new")
    assert grant.current() == ""


def test_incomplete_grants_are_no_credentials() -> None:
    for given in ({"client_id": "a"}, {"client_secret": "b"}, {}):
        result, _ = send([["oauth"]], given, status=401)
        assert "client_id" in result.content or "token=" in result.content


def test_token_urls_are_encrypted() -> None:
    for url in ("http://tokens.example/t?x=1", "ftp://tokens.example", "http://[::1"):
        scheme: SchemeRow = {**SCHEMES["oauth"], "token_url": url}
        api = api_with([["oauth"]], oauth=scheme)
        with api.client_class("https://a.example", GRANT) as client:
            result = api.call_tool("op", {}, client=client)
            assert result.error == "credentials"
            assert "not https" in result.content
