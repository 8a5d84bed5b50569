"""A module of a mended document over real HTTP: bound, hidden and fixed values, logins, headers,
presets, approvals; through both clients, and in a conversation."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from toolbind.pipeline import generate, shared_files
from toolbind.read import Source
from toolbind.standin import StandIn, say
from toolbind.standin import call as call_of

from tests.unit.runtime.http_support import Reply, Server, serving

STRING = {"type": "string"}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Sign", "version": "1"},
    "servers": [{"url": "https://sign.example/v2"}],
    "paths": {
        "/accounts/{accountId}/users/{userId}": {
            "get": {
                "operationId": "getUser",
                "parameters": [
                    {"name": "accountId", "in": "path", "required": True, "schema": STRING},
                    {"name": "userId", "in": "path", "required": True, "schema": STRING},
                    {"name": "pretty", "in": "query", "schema": {"type": "boolean"}},
                    {"name": "fields", "in": "query", "schema": {"type": "array", "items": STRING}},
                    {"name": "X-Trace", "in": "header", "schema": STRING},
                ],
                "responses": {"200": {"description": "ok"}},
            }
        },
        "/search": {
            "post": {
                "operationId": "search",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["query", "accountId", "level"],
                                "properties": {
                                    "query": STRING,
                                    "accountId": STRING,
                                    "level": {"type": "integer"},
                                    "seat": {"type": "integer"},
                                },
                            }
                        }
                    },
                },
                "responses": {"200": {"description": "ok"}},
            }
        },
    },
}
ACTIONS = [
    {
        "target": "$",
        "update": {
            "x-toolbind": {
                "security": "bearer",
                "headers": {"X-Version": "2026-01-01"},
                "presets": {"people": ["get_*"]},
            }
        },
    },
    {
        "target": "$..parameters[?@.name == 'accountId']",
        "update": {"x-toolbind": {"bind": "account_id"}},
    },
    {"target": "$..parameters[?@.name == 'pretty']", "update": {"x-toolbind": {"value": False}}},
    {
        "target": "$..parameters[?@.name == 'fields']",
        "update": {"x-toolbind": {"list-style": "brackets"}},
    },
    {"target": "$..parameters[?@.name == 'X-Trace']", "update": {"x-toolbind": {"hide": True}}},
    {"target": "$.paths['/search'].post", "update": {"x-toolbind": {"danger": False}}},
    {
        "target": "$.paths['/accounts/{accountId}/users/{userId}'].get",
        "update": {"x-toolbind": {"title": "Look a person up"}},
    },
    {
        "target": "$.paths['/search'].post.requestBody..properties",
        "update": {
            "accountId": {"x-toolbind": {"bind": "account_id"}},
            "level": {"x-toolbind": {"value": 3}},
            "seat": {"x-toolbind": {"credential": True}},
        },
    },
]


@pytest.fixture(scope="module")
def sign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    overlay = {"overlay": "1.1.0", "info": {"title": "o", "version": "1"}, "actions": ACTIONS}
    overlays = (Source.of_text(json.dumps(overlay), "sign.overlay.json"),)
    source = Source("sign.json", json.dumps(DOCUMENT).encode(), overlays=overlays)
    made = generate(source, name="sign")
    assert made.diagnostics == ()
    folder = tmp_path_factory.mktemp("curated")
    files = {name: text.encode() for name, text in made.files.items()} | dict(shared_files())
    for name, data in files.items():
        path = folder / "curated_package" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    sys.path.insert(0, str(folder))
    yield importlib.import_module("curated_package.sign")
    sys.path.remove(str(folder))


@pytest.fixture
def server() -> Iterator[Server]:
    def script(_request: Any, _handler: Any) -> Reply:
        return Reply(body=b'{"ok": true}', headers={"Content-Type": "application/json"})

    with serving(script) as made:
        yield made


def call(sign: ModuleType, server: Server, name: str, arguments: Any, **client: Any) -> Any:
    """The result of a tool call through both clients; they send the same."""
    with sign.Client(server.url, **client) as made:
        result = sign.call_tool(name, arguments, client=made)

    async def twin() -> Any:
        async with sign.AsyncClient(server.url, **client) as made:
            return await sign.acall_tool(name, arguments, client=made)

    other = asyncio.run(twin())
    assert result.content == other.content
    if result.ok:
        first, second = server.received[-2:]
        assert (first.target, first.body) == (second.target, second.body)
    return result


def test_no_tool_has_what_is_bound_hidden_or_fixed(sign: ModuleType) -> None:
    offered = {tool["name"]: tool["parameters"]["properties"].keys() for tool in sign.TOOLS}
    assert {name: list(properties) for name, properties in offered.items()} == {
        "get_user": ["user_id", "fields"],
        "search": ["query"],
    }


def test_what_is_bound_is_in_every_request_that_has_it(sign: ModuleType, server: Server) -> None:
    given = {"account_id": "a/1", "token": "t0ken", "seat": 7}
    assert call(sign, server, "get_user", {"user_id": "u1", "fields": ["x", "y"]}, **given).ok
    request = server.last
    assert request.target.split("?")[0] == "/accounts/a%2F1/users/u1"
    assert sorted(request.target.split("?")[1].split("&")) == [
        *("fields%5B%5D=x", "fields%5B%5D=y"),
        "pretty=false",
    ]
    assert request.header("Authorization") == "Bearer t0ken"
    assert request.header("X-Version") == "2026-01-01"
    assert call(sign, server, "search", {"query": "q"}, **given).ok
    sent = json.loads(server.last.body)
    assert sent == {"query": "q", "accountId": "a/1", "level": 3, "seat": 7}


def test_what_is_bound_comes_from_the_environment(
    sign: ModuleType, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGN_ACCOUNT_ID", "from-env")
    monkeypatch.setenv("SIGN_SEAT", "12")
    assert call(sign, server, "search", {"query": "q"}).ok
    assert json.loads(server.last.body)["accountId"] == "from-env"
    assert json.loads(server.last.body)["seat"] == 12
    monkeypatch.setenv("SIGN_SEAT", "twelve")
    result = call(sign, server, "search", {"query": "q"})
    assert not result.ok


def test_a_typed_method_takes_what_is_hidden_and_not_what_is_bound(
    sign: ModuleType, server: Server
) -> None:
    with sign.Client(server.url, account_id="a1") as client:
        client.get_user(user_id="u1", x_trace="seen")
        assert server.last.header("X-Trace") == "seen"
        assert server.last.target.startswith("/accounts/a1/users/u1")
        with pytest.raises(TypeError):
            client.get_user(user_id="u1", account_id="other")


def test_a_model_cannot_give_what_is_bound_or_hidden(sign: ModuleType, server: Server) -> None:
    for extra in ({"account_id": "other"}, {"accountId": "other"}, {"x_trace": "x"}):
        before = len(server.received)
        result = call(sign, server, "get_user", {"user_id": "u", **extra}, account_id="mine")
        sent = server.received[before:]
        assert all("/accounts/mine/" in request.target for request in sent)
        assert not any(request.header("X-Trace") for request in sent)
        assert not result.ok or sent


def test_what_is_missing_is_told_by_both_of_its_names(sign: ModuleType, server: Server) -> None:
    result = call(sign, server, "get_user", {"user_id": "u"})
    assert not result.ok
    assert "account_id=... (or SIGN_ACCOUNT_ID)" in result.content
    assert server.received == []
    with sign.Client(server.url) as client, pytest.raises(ValueError, match="SIGN_ACCOUNT_ID"):
        client.get_user(user_id="u")


def test_a_bound_value_stays_in_its_segment_and_dots_are_refused(
    sign: ModuleType, server: Server
) -> None:
    result = call(sign, server, "get_user", {"user_id": "u"}, account_id="..")
    assert not result.ok
    assert 'got \\"***\\"' in result.content
    assert server.received == []


def test_a_secret_is_masked_and_other_values_are_not(sign: ModuleType, server: Server) -> None:
    with sign.Client(server.url, account_id="acc", seat=987654) as client:
        shown = str(sign._API.preview("search", {"query": "q"}, client=client))
        assert "acc" in shown
        assert "987654" not in shown
        assert "987654" not in repr(client)


def test_presets_choose_tools(sign: ModuleType) -> None:
    assert [tool["name"] for tool in sign.tools("preset:people")] == ["get_user"]
    with pytest.raises(ValueError, match="did you mean preset:people"):
        sign.tools("preset:peple")


def test_a_conversation_is_offered_the_tools_of_a_preset(sign: ModuleType, server: Server) -> None:
    script = [call_of("get_user", {"user_id": "u1"}), say("Found.")]
    with (
        StandIn(script) as standin,
        sign.WorkersAI(**standin.settings) as ai,
        sign.Client(server.url, account_id="a1") as client,
    ):
        run = sign.run("Who is u1?", tools="preset:people", ai=ai, client=client)
        with pytest.raises(ValueError, match="did you mean preset:people"):
            sign.run("Who?", tools="preset:peple", ai=ai, client=client)
    assert run.text == "Found."
    assert [request.tools for request in standin.requests] == [["get_user"]] * 2
    assert server.last.target.startswith("/accounts/a1/users/u1")


def test_a_post_that_is_no_danger_is_a_read(sign: ModuleType) -> None:
    assert sign._API.is_read("search")
    assert sign._API.is_read("get_user")


def test_without_a_client_names_stand_for_what_is_bound(sign: ModuleType) -> None:
    assert "/accounts/ACCOUNT_ID/users/u" in sign._API.preview("get_user", {"user_id": "u"}).url


def test_the_module_is_what_it_says(sign: ModuleType) -> None:
    text = Path(sign.__file__ or "").read_text()
    assert "account_id: str | None = None," in text
    assert "seat: int | None = None," in text
    assert "SIGN_ACCOUNT_ID" in (sign.Client.__doc__ or "")


def test_a_title_is_what_a_person_is_shown(sign: ModuleType) -> None:
    shown = sign._API.preview("get_user", {"user_id": "u"})
    assert shown.title == "Look a person up"
    assert sign._API.preview("search", {"query": "q"}).title == ""
