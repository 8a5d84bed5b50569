"""Credentials that stand among arguments, over real HTTP: sent, and shown to nobody."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from toolbind.pipeline import generate, shared_files
from toolbind.read import Source

from tests.unit.runtime.http_support import Reply, Server, serving

STRING = {"type": "string"}
OK = {"200": {"description": "ok"}}
TOKEN = {"name": "token", "required": True, "schema": STRING}
TOKEN |= {"description": "Authentication token. Requires scope: `chat:write`"}
CHANNEL = {"name": "channel", "in": "query", "schema": STRING}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Mixed", "version": "1"},
    "servers": [{"url": "https://mixed.example"}],
    "components": {
        "securitySchemes": {
            "clientId": {"type": "apiKey", "in": "header", "name": "MIX-CLIENT-ID"},
            "login": {
                "type": "oauth2",
                "flows": {
                    "clientCredentials": {"tokenUrl": "/oauth", "scopes": {"chat:write": ""}}
                },
            },
        }
    },
    "security": [{"login": ["chat:write"]}],
    "paths": {
        "/chat": {
            "get": {
                "operationId": "read_chat",
                "parameters": [{**TOKEN, "in": "query"}, CHANNEL],
                "responses": OK,
            },
            "post": {
                "operationId": "write_chat",
                "parameters": [{**TOKEN, "in": "header"}],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["text", "client_id"],
                                "properties": {
                                    "text": STRING,
                                    "client_id": {
                                        "type": "string",
                                        "description": "As in the `MIX-CLIENT-ID` header.",
                                    },
                                    "access_token": {
                                        "type": "string",
                                        "description": "The access token of the page.",
                                    },
                                },
                            }
                        }
                    },
                },
                "responses": OK,
            },
        },
        "/other": {
            "servers": [{"url": "https://elsewhere.example"}],
            "get": {
                "operationId": "elsewhere",
                "security": [],
                "parameters": [
                    {"name": "api_key", "in": "query", "required": True, "schema": STRING}
                ],
                "responses": OK,
            },
        },
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    made = generate(Source("mixed.json", json.dumps(DOCUMENT).encode()), name="mixed")
    folder = tmp_path_factory.mktemp("mixed")
    files = {name: text.encode() for name, text in made.files.items()} | dict(shared_files())
    for name, data in files.items():
        path = folder / "mixed_package" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    sys.path.insert(0, str(folder))
    yield importlib.import_module("mixed_package.mixed")
    sys.path.remove(str(folder))


@pytest.fixture
def server() -> Iterator[Server]:
    def script(request: Any, _handler: Any) -> Reply:
        token = b'{"access_token": "granted-t0ken", "token_type": "bearer"}'
        body = token if request.target.startswith("/oauth") else b'{"ok": true}'
        return Reply(body=body, headers={"Content-Type": "application/json"})

    with serving(script) as made:
        yield made


GIVEN = {"token": "xoxb-53cr3t", "api_key": "client-1", "access_token": "page-t0ken"}


def call(mixed: ModuleType, server: Server, name: str, arguments: Any, **client: Any) -> Any:
    """The result of a tool call through both clients; they send the same."""
    with mixed.Client(server.url, **client) as made:
        result = mixed.call_tool(name, arguments, client=made)
        shown = mixed._API.look(name, arguments, client=made)

    async def twin() -> Any:
        async with mixed.AsyncClient(server.url, **client) as made:
            return await mixed.acall_tool(name, arguments, client=made)

    assert result.content == asyncio.run(twin()).content
    for secret in ("53cr3t", "client-1", "page-t0ken"):
        assert secret not in f"{shown} {result.content}"
    return result


def test_no_tool_has_a_credential(mixed: ModuleType) -> None:
    offered = {tool["name"]: list(tool["parameters"]["properties"]) for tool in mixed.TOOLS}
    assert offered == {"read_chat": ["channel"], "write_chat": ["text"], "elsewhere": []}


def test_the_token_of_a_scheme_stands_where_the_operation_wants_it(
    mixed: ModuleType, server: Server
) -> None:
    assert call(mixed, server, "read_chat", {"channel": "c"}, **GIVEN).ok
    query = dict(parse_qsl(urlsplit(server.last.target).query))
    assert query == {"token": "xoxb-53cr3t", "channel": "c"}
    assert server.last.header("Authorization") == "Bearer xoxb-53cr3t"
    assert call(mixed, server, "write_chat", {"text": "hi"}, **GIVEN).ok
    assert server.last.header("token") == "xoxb-53cr3t"
    assert json.loads(server.last.body) == {
        "text": "hi",
        "client_id": "client-1",
        "access_token": "page-t0ken",
    }


def test_credentials_come_from_the_environment(
    mixed: ModuleType, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in GIVEN.items():
        monkeypatch.setenv(f"MIXED_{name}".upper(), value)
    assert call(mixed, server, "write_chat", {"text": "hi"}).ok
    assert json.loads(server.last.body)["client_id"] == "client-1"


def test_what_is_missing_is_told_and_nothing_sent(mixed: ModuleType, server: Server) -> None:
    result = call(mixed, server, "write_chat", {"text": "hi"}, token="xoxb-53cr3t")
    assert result.error == "credentials"
    assert "api_key=... (or MIXED_API_KEY)" in result.content
    assert server.received == []


def test_a_token_that_must_be_got_first_goes_in_its_own_place(
    mixed: ModuleType, server: Server
) -> None:
    with mixed.Client(server.url, client_id="c", client_secret="s3cr3t!") as client:
        assert mixed.call_tool("read_chat", {}, client=client).ok
    assert server.last.header("Authorization") == "Bearer granted-t0ken"
    assert "token=" not in server.last.target


def test_a_credential_does_not_leave_its_origin(mixed: ModuleType) -> None:
    with mixed.Client(api_key_query="k3y-53cr3t") as client:
        result = mixed.call_tool("elsewhere", {}, client=client)
    assert not result.ok
    assert "send_credentials_to" in result.content
    with pytest.raises(mixed.errors.ConfigurationError, match="unencrypted"):
        mixed.Client("http://mixed.example", access_token="page-t0ken")


@pytest.mark.parametrize("value", ["k3y\n53cr3t", "k3y-\ud800-53cr3t", "k3y\x0053cr3t"])
def test_a_credential_that_cannot_be_sent_is_not_shown(mixed: ModuleType, value: str) -> None:
    with pytest.raises(mixed.errors.ConfigurationError, match="printable") as caught:
        mixed.Client(api_key_query=value)
    assert "53cr3t" not in str(caught.value)


def test_a_model_cannot_give_a_credential(mixed: ModuleType, server: Server) -> None:
    result = call(mixed, server, "read_chat", {"token": "mine"}, **GIVEN)
    assert json.loads(result.content)["ignored"] == ["token"]  # a read does without it
    assert "mine" not in repr([vars(each) for each in server.received])
