"""Credentials: which are taken, how they are sent, where they never go, what never shows them."""

from __future__ import annotations

import base64
import json
import pickle
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from toolbind_runtime import OperationRow, SchemeRow, ToolResult
from toolbind_runtime.errors import ConfigurationError, UnauthorizedError

from tests.unit.runtime.http_support import make_api

READ: OperationRow = {"method": "GET", "path": "/x"}
CANARY = "canary-53cr3t"

SCHEMES: dict[str, SchemeRow] = {
    "header": {"type": "apiKey", "in": "header", "name": "X-Key", "credentials": ["api_key"]},
    "query": {"type": "apiKey", "in": "query", "name": "k[]", "credentials": ["query_key"]},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "sid", "credentials": ["session"]},
    "basic": {"type": "basic", "credentials": ["username", "password"]},
    "bearer": {"type": "bearer", "credentials": ["token"]},
    "other": {"type": "http", "name": "Digest2", "credentials": ["digest"]},
    "oauth": {
        "type": "oauth2",
        "credentials": ["access_token", "client_id", "client_secret"],
        "token_url": "/token",
        "scopes": ["read", "write"],
    },
    "oidc": {"type": "openIdConnect", "credentials": ["id_token"]},
    "tls": {"type": "mutualTLS", "credentials": []},
}


def api_with(security: list[list[str]], row: OperationRow | None = None, **schemes: Any) -> Any:
    return make_api({"op": row or READ}, schemes={**SCHEMES, **schemes}, security=security)


def send(
    security: list[list[str]],
    credentials: dict[str, Any],
    row: OperationRow | None = None,
    arguments: dict[str, Any] | None = None,
    url: str = "https://api.example/v1",
    status: int = 200,
    **options: Any,
) -> tuple[ToolResult, list[httpx.Request]]:
    """One tool call over a transport that keeps what it gets."""
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(status, json={})

    api = api_with(security, row)
    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        client = api.client_class(url, credentials, http_client=http, **options)
        return api.call_tool("op", arguments or {}, client=client), sent


# --- how each scheme is sent ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "credentials", "header", "value"),
    [
        ("header", {"api_key": "a b"}, "X-Key", "a b"),
        ("cookie", {"session": "abc="}, "Cookie", "sid=abc="),
        ("bearer", {"token": "t"}, "Authorization", "Bearer t"),
        ("other", {"digest": "d"}, "Authorization", "Digest2 d"),
        ("oauth", {"access_token": "t"}, "Authorization", "Bearer t"),
        ("oidc", {"id_token": "t"}, "Authorization", "Bearer t"),
    ],
)
def test_schemes(scheme: str, credentials: Any, header: str, value: str) -> None:
    _, (request,) = send([[scheme]], credentials)
    assert request.headers[header] == value


def test_keys_in_the_query() -> None:
    row: OperationRow = {**READ, "arguments": {"q": {"in": "query"}}}
    _, (request,) = send([["query"]], {"query_key": "a&b=c é"}, row, {"q": "1"})
    assert parse_qsl(request.url.query.decode()) == [("q", "1"), ("k[]", "a&b=c é")]


@pytest.mark.parametrize(
    ("username", "password", "login"),
    [("me", "p:ü", "me:p:ü"), ("key", None, "key:"), ("me", " ", "me:")],
)
def test_basic(username: str, password: str | None, login: str) -> None:
    _, (request,) = send([["basic"]], {"username": username, "password": password})
    kind, _, encoded = request.headers["Authorization"].partition(" ")
    assert (kind, base64.b64decode(encoded).decode()) == ("Basic", login)


def test_several_schemes_apply_together() -> None:
    security = [["header", "query", "cookie", "bearer", "tls"]]
    given = {"api_key": "1", "query_key": "2", "session": "3", "token": "4"}
    _, (request,) = send(security, given)
    assert request.headers["X-Key"] == "1"
    assert request.url.params["k[]"] == "2"
    assert request.headers["Cookie"] == "sid=3"
    assert request.headers["Authorization"] == "Bearer 4"


# --- which alternative ---------------------------------------------------------------------------


def test_the_first_complete_alternative_is_taken() -> None:
    security = [["header", "query"], ["bearer"], ["basic"], []]
    _, (request,) = send(security, {"api_key": "1", "username": "me"})
    assert request.headers["Authorization"].startswith("Basic ")
    assert "X-Key" not in request.headers
    _, (request,) = send(security, {"api_key": "1", "query_key": "2", "token": "3"})
    assert request.headers["X-Key"] == "1"
    assert "Authorization" not in request.headers


def test_without_credentials_calls_are_anonymous_where_that_is_allowed() -> None:
    for security in ([["header"], []], [[], ["header"]], []):
        result, (request,) = send(security, {})
        assert result.ok
        assert not {"x-key", "authorization", "cookie"} & set(request.headers)


def test_credentials_are_preferred_to_anonymity() -> None:
    _, (request,) = send([[], ["header"]], {"api_key": "1"})
    assert request.headers["X-Key"] == "1"


def test_operations_without_security_send_nothing() -> None:
    _, (request,) = send([["header"]], {"api_key": "1"}, {**READ, "security": []})
    assert "X-Key" not in request.headers


def test_missing_credentials_are_told_when_the_api_asks_for_them() -> None:
    security = [["header", "bearer"], ["unknown"]]
    for status in (401, 403):
        result, (request,) = send(security, {"api_key": "1"}, status=status)
        assert not {"x-key", "authorization"} & set(request.headers)
        assert result.error == "http-status"
        assert "token=... (or SHOP_TOKEN)" in result.content
        assert "unknown" in result.content
    for status in (200, 404):
        assert "missing" not in send(security, {}, status=status)[0].content
    assert "missing" not in send([["header"]], {"api_key": "1"}, status=401)[0].content


def test_typed_methods_tell_missing_credentials_too() -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(401))
    with httpx.Client(transport=transport) as http:
        client = api_with([["bearer"]]).client_class("https://a.example", http_client=http)
        with pytest.raises(UnauthorizedError, match="SHOP_TOKEN"):
            client._call("op")


def test_an_http_client_may_bring_the_credentials_itself() -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["authorization"])
        return httpx.Response(200, json={})

    with httpx.Client(transport=httpx.MockTransport(answer), auth=("ana", "secret")) as http:
        api = api_with([["bearer"]])
        client = api.client_class("https://a.example", http_client=http)
        assert api.call_tool("op", {}, client=client).ok
    assert seen[0].startswith("Basic ")


def test_mutual_tls_is_the_http_clients_affair() -> None:
    assert send([["tls"]], {})[0].ok


# --- where they come from ------------------------------------------------------------------------


def test_environment_variables_named_after_the_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_API_KEY", " from-environment\n")
    _, (request,) = send([["header"]], {"api_key": None})
    assert request.headers["X-Key"] == "from-environment"
    _, (request,) = send([["header"]], {"api_key": "given"})
    assert request.headers["X-Key"] == "given"
    monkeypatch.setenv("SHOP_API_KEY", "")
    assert "X-Key" not in send([["header"]], {})[1][0].headers


@pytest.mark.parametrize(
    ("scheme", "credentials"),
    [
        ("header", {"api_key": f"{CANARY}\r\nX: y"}),
        ("header", {"api_key": f"{CANARY}é"}),
        ("query", {"query_key": f"{CANARY}\0"}),
        ("bearer", {"token": f"{CANARY}\x7f"}),
        ("basic", {"username": f"{CANARY}:x", "password": "y"}),
        ("basic", {"username": lambda: CANARY, "password": "y"}),
        ("basic", {"username": "me", "password": f"{CANARY}\n{CANARY}"}),
    ],
)
def test_values_that_cannot_be_sent_are_refused_unquoted(scheme: str, credentials: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        api_with([[scheme]]).client_class("https://a.example", credentials)
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is None


def test_line_ends_of_key_files_are_forgiven() -> None:
    _, (request,) = send([["header"]], {"api_key": "key\r\n"})
    assert request.headers["X-Key"] == "key"


# --- arguments cannot touch them -----------------------------------------------------------------


def test_arguments_cannot_replace_credentials() -> None:
    row: OperationRow = {
        **READ,
        "arguments": {
            "h": {"in": "header", "wire": "x-KEY"},
            "q": {"in": "query", "wire": "k[]"},
            "o": {"in": "query", "wire": "obj"},
            "c": {"in": "cookie", "wire": "sid"},
        },
    }
    given = {"api_key": "right", "query_key": "right", "session": "right"}
    wrong = {"h": "wrong", "q": ["wrong", "worse"], "o": {"k[]": "evil", "ok": 1}, "c": "wrong"}
    _, (request,) = send([["header", "query", "cookie"]], given, row, wrong)
    assert request.headers.get_list("X-Key") == ["right"]
    assert parse_qsl(request.url.query.decode()) == [("ok", "1"), ("k[]", "right")]
    assert request.headers["Cookie"] == "sid=right"


@pytest.mark.parametrize("name", ["Authorization", "authorization", "headers", "Cookie", "Host"])
def test_undeclared_arguments_never_become_headers(name: str) -> None:
    result, sent = send([["bearer"]], {"token": "right"}, None, {name: "attacker"})
    assert "attacker" not in f"{sent[0].url} {sent[0].headers} {sent[0].content!r}"
    assert json.loads(result.content)["ignored"] == [name]  # a read does without it


# --- where they go -------------------------------------------------------------------------------


def test_plain_http_is_refused_except_to_this_machine() -> None:
    make = api_with([["header"]]).client_class
    for url in ("http://api.example", "http://10.0.0.1:80/v1", "http://localhost.evil.example"):
        with pytest.raises(ConfigurationError, match="unencrypted"):
            make(url, {"api_key": "1"})
        make(url).close()
        make(url, {"api_key": "1"}, allow_http=True).close()
    for url in ("http://localhost:1", "http://127.0.0.1", "http://[::1]:8", "http://a.localhost"):
        make(url, {"api_key": "1"}).close()


ELSEWHERE: OperationRow = {**READ, "server": "https://files.example/up"}


def test_credentials_stay_at_the_origin_of_the_base_url() -> None:
    result, sent = send([["header"]], {"api_key": CANARY}, ELSEWHERE)
    assert not sent
    assert result.error == "credentials"
    assert "send_credentials_to" in result.content
    result, (request,) = send(
        [["header"]], {"api_key": CANARY}, ELSEWHERE, send_credentials_to=["https://files.example"]
    )
    assert str(request.url) == "https://files.example/up/x"
    assert request.headers["X-Key"] == CANARY


def test_other_origins_learn_nothing_from_the_http_client_either() -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json={})

    api = make_api({"op": ELSEWHERE, "home": READ})
    with httpx.Client(
        transport=httpx.MockTransport(answer),
        headers={"Authorization": CANARY, "X-Key": CANARY, "User-Agent": "me"},
        cookies={"sid": CANARY},
        auth=("user", CANARY),
    ) as http:
        client = api.client_class("https://api.example/v1", http_client=http)
        assert api.call_tool("op", {}, client=client).ok
        assert api.call_tool("home", {}, client=client).ok
    elsewhere, home = sent
    assert CANARY not in str(elsewhere.headers)
    assert "authorization" not in elsewhere.headers
    assert elsewhere.headers["User-Agent"] == "me"
    assert home.headers["X-Key"] == CANARY
    assert home.headers["Authorization"].startswith("Basic ")


def test_a_base_url_of_the_callers_overrides_other_servers() -> None:
    _, (request,) = send([["header"]], {"api_key": "1"}, ELSEWHERE, url="https://mine.example")
    assert str(request.url) == "https://mine.example/x"


def test_servers_relative_to_the_origin() -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json={})

    api = api_with([["header"]], {**READ, "server": "/v2"})
    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        given = {"api_key": "1"}
        client = api.client_class("https://api.example/v1", given, http_client=http)
        for _ in range(2):
            assert api.call_tool("op", {}, client=client).ok
    assert {str(request.url) for request in sent} == {"https://api.example/v2/x"}
    assert {request.headers["X-Key"] for request in sent} == {"1"}


def test_unencrypted_servers_get_no_credentials() -> None:
    row: OperationRow = {**READ, "server": "http://files.example"}
    trusted: dict[str, Any] = {"send_credentials_to": ["http://files.example"]}
    result, sent = send([["header"]], {"api_key": "1"}, row, **trusted)
    assert not sent
    assert "unencrypted" in result.content
    assert send([["header"]], {"api_key": "1"}, row, allow_http=True, **trusted)[0].ok


def test_origins_are_a_list() -> None:
    with pytest.raises(ConfigurationError, match="list of origins"):
        api_with([]).client_class("https://a.example", send_credentials_to="https://b.example")


# --- what shows them -----------------------------------------------------------------------------


def test_nothing_shows_a_secret() -> None:
    given = {
        "api_key": f"{CANARY}1", "query_key": f"{CANARY}2", "session": f"{CANARY}3",
        "username": "me", "password": f"{CANARY}4", "token": f"{CANARY}5", "digest": f"{CANARY}6",
        "client_id": "id", "client_secret": f"{CANARY}7", "id_token": lambda: f"{CANARY}8",
    }  # fmt: skip
    api = api_with([list(SCHEMES)])
    with api.client_class("https://a.example", given) as client:
        shown = [repr(client), str(client), repr(vars(client)), repr(api), repr(vars(api))]
        shown += [repr(each) for each in vars(client).values()]
        credentials = client._credentials
        plan = credentials.plan((("header", "query", "cookie", "basic"),))
        shown += [repr(plan), repr(credentials), repr(client._redactor()), str(plan.ready)]
        preview = api.preview("op", {}, client=client)
        shown += [repr(preview), str(preview)]
        assert preview.headers["X-Key"] == "***"
        assert preview.headers["Cookie"] == "sid=***"
        assert preview.url.endswith("k%5B%5D=***")
        for text in shown:
            assert CANARY not in text
        with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
            pickle.dumps(client)
        with pytest.raises(TypeError, match="pickled"):
            pickle.dumps(plan.ready)


def test_echoed_secrets_are_masked() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        body = {"headers": dict(request.headers), "url": str(request.url), "n": 12345678}
        status = int(request.headers["x-status"])
        escaped = json.dumps(body).replace(CANARY[0], f"\\u{ord(CANARY[0]):04x}")
        text = escaped if request.headers.get("x-escape") else json.dumps(body)
        return httpx.Response(status, text=text, headers={"Content-Type": "application/json"})

    row: OperationRow = {
        **READ,
        "arguments": {
            "status": {"in": "header", "wire": "X-Status"},
            "escape": {"in": "header", "wire": "X-Escape"},
        },
    }
    api = api_with([["header", "query", "basic"]], row)
    given = {
        "api_key": CANARY, "query_key": f'{CANARY} "\\é/', "username": "me", "password": "12345678",
    }  # fmt: skip
    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        client = api.client_class("https://a.example", given, http_client=http)
        for status in (200, 403):
            result = api.call_tool("op", {"status": status}, client=client)
            for text in (result.content, repr(result)):
                assert CANARY not in text
                assert base64.b64encode(b"me:12345678").decode() not in text
                assert "12345678" not in text
                assert "***" in text
            json.loads(result.content)
            result = api.call_tool("op", {"status": status, "escape": "1"}, client=client)
            assert CANARY not in result.content
        with pytest.raises(Exception, match="403") as caught:
            client._call("op", status=403)
        assert CANARY not in str(caught.value)
