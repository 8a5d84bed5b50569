"""A module as MCP describes it, in this process: tools, answers, approvals, the manifest."""

from __future__ import annotations

import asyncio
import json
import re
from types import SimpleNamespace
from typing import Any

import httpx
import jsonschema
import mcp_types as types
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp import Client, MCPError
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from toolbind.serve.mcp.answers import answer
from toolbind.serve.mcp.approval import _message
from toolbind.serve.mcp.http import Guarded, is_loopback
from toolbind.serve.mcp.manifest import manifest
from toolbind.serve.mcp.server import Served, server
from toolbind.serve.mcp.tools import OUTPUT, tool, tools

from generated import helpdesk, petstore


@pytest.mark.parametrize(
    ("method", "reads", "destroys", "repeats"),
    [
        ("GET", True, None, None),
        ("HEAD", True, None, None),
        ("OPTIONS", True, None, None),
        ("POST", False, False, False),
        ("PATCH", False, False, False),
        ("PUT", False, False, True),
        ("DELETE", False, True, True),
    ],
)
def test_a_method_says_what_a_call_may_do(
    method: str, reads: bool, destroys: bool | None, repeats: bool | None
) -> None:
    described = {"name": "act", "description": "Act.", "parameters": {"type": "object"}}
    notes = tool(described, method).annotations
    assert notes is not None
    assert (notes.read_only_hint, notes.destructive_hint, notes.idempotent_hint) == (
        reads,
        destroys,
        repeats,
    )
    assert notes.open_world_hint is True


def test_what_is_called_dangerous_is_no_read() -> None:
    described = {"name": "act", "description": "Act.", "parameters": {"type": "object"}}
    notes = tool(described, "GET", dangerous=True).annotations
    assert notes is not None
    assert (notes.read_only_hint, notes.destructive_hint) == (False, True)


def test_tools_are_the_modules_own_in_its_order() -> None:
    made = tools(petstore, ())
    assert [each.name for each in made] == [each["name"] for each in petstore.TOOLS]
    assert [each.input_schema for each in made] == [each["parameters"] for each in petstore.TOOLS]
    assert [each.name for each in tools(petstore, ("*_pet",))] == [
        "create_pet",
        "get_pet",
        "update_pet",
        "delete_pet",
    ]
    with pytest.raises(ValueError, match="no tool of petstore matches"):
        tools(petstore, ("nothing_*",))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner)
)


@given(st.integers(100, 599), json_values)
def test_no_answer_is_lost_to_a_client_that_checks(status: int, body: Any) -> None:
    content = json.dumps({"status": status, "body": body})
    made = answer(SimpleNamespace(ok=True, content=content, status_code=status))
    jsonschema.validate(made.structured_content, OUTPUT)
    assert made.structured_content == {"status": status, "body": body}


@given(st.text())
def test_an_answer_of_any_text_keeps_to_the_schema(content: str) -> None:
    made = answer(SimpleNamespace(ok=True, content=content, status_code=None))
    jsonschema.validate(made.structured_content, OUTPUT)


def test_a_failure_is_text_that_is_marked_and_no_data() -> None:
    made = answer(SimpleNamespace(ok=False, content='{"error": "no"}', status_code=404))
    assert made.is_error is True
    assert made.structured_content is None


@given(st.dictionaries(st.text(), st.text()), st.text())
def test_a_person_sees_everything_that_is_sent(arguments: dict[str, str], url: str) -> None:
    shown = _message(types.CallToolRequestParams(name="act", arguments=arguments), f"POST {url}")
    assert shown.replace("\n", "").isascii()
    assert shown.replace("\n", "").isprintable()


def conversation(policy: Any, talk: Any, **how: Any) -> Any:
    """Talk to a server in this process; the API refuses every connection."""

    async def held() -> Any:
        async with petstore.AsyncClient(
            "http://127.0.0.1:9", api_key="sesame", allow_http=True, max_retries=0
        ) as client:
            made = server(Served(petstore, client, tools(petstore, ("*_pet",)), policy))
            async with Client(made, **how) as spoken:
                return await talk(spoken)

    return asyncio.run(held())


def test_a_tool_that_is_not_served_is_the_protocols_own_error() -> None:
    async def talk(client: Client) -> list[str]:
        told = []
        for name in ("list_pets", "get_pets", "__init__"):
            with pytest.raises(MCPError) as refused:
                await client.call_tool(name, {})
            assert refused.value.error.code == types.INVALID_PARAMS
            told.append(refused.value.error.message)
        return told

    hidden, misspelt, _ = conversation("all", talk)
    assert "There is no tool 'list_pets'; nothing was called." in hidden
    assert "Did you mean: get_pet" in misspelt
    assert "list_pets" not in misspelt, "what is not served is not offered"


def test_arguments_are_explained_as_to_any_model() -> None:
    async def talk(client: Client) -> types.CallToolResult:
        return await client.call_tool("create_pet", {"name": "Rex", "kind": "cow"})

    made = conversation("all", talk)
    assert made.is_error is True
    (content,) = made.content
    told = json.loads(content.text)
    assert any("kind" in each for each in told["problems"])


def test_secrets_are_in_no_answer() -> None:
    async def talk(client: Client) -> str:
        listed = await client.list_tools()
        called = await client.call_tool("get_pet", {"pet_id": 1})
        return listed.model_dump_json() + called.model_dump_json()

    assert "sesame" not in conversation("all", talk)


def test_what_a_client_may_keep_is_said() -> None:
    async def talk(client: Client) -> types.ListToolsResult:
        return await client.list_tools()

    listed = conversation("ask", talk)
    assert listed.ttl_ms > 0
    assert listed.cache_scope == "public"


def test_two_servers_in_one_process_do_not_meet() -> None:
    async def talk() -> tuple[list[str], list[str]]:
        async with (
            petstore.AsyncClient(api_key="x") as pets,
            helpdesk.AsyncClient("https://desk.example", api_key="x") as desk,
        ):
            one = server(Served(petstore, pets, tools(petstore, ())))
            other = server(Served(helpdesk, desk, tools(helpdesk, ())))
            async with Client(one) as first, Client(other) as second:
                found = await asyncio.gather(first.list_tools(), second.list_tools())
                return tuple([each.name for each in listed.tools] for listed in found)  # type: ignore[return-value]  # two

    pets, desk = asyncio.run(talk())
    assert pets == [each["name"] for each in petstore.TOOLS]
    assert desk == [each["name"] for each in helpdesk.TOOLS]


def test_the_manifest_is_what_registries_take() -> None:
    made = manifest(petstore, "generated.petstore", ("*_pet",))
    assert re.fullmatch(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", made["name"])
    assert 1 <= len(made["description"]) <= 100
    (package,) = made["packages"]
    assert package["transport"] == {"type": "stdio"}
    assert [each["value"] for each in package["packageArguments"]] == [
        "serve",
        "generated.petstore",
        "*_pet",
    ]
    (variable,) = package["environmentVariables"]
    assert (variable["name"], variable["isSecret"]) == ("PETSTORE_API_KEY", True)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost", "LOCALHOST"])
def test_this_machine_is_told(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "example.com", "127.0.0.1.nip.io"])
def test_other_machines_are_told(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("given", "status"),
    [(None, 401), ("Bearer no", 401), ("bearer sesame", 200), ("Bearer sésame", 401)],
)
def test_a_token_is_wanted_where_there_is_one(given: str | None, status: int) -> None:
    async def ask() -> int:
        app = Starlette(routes=[Route("/", lambda _: PlainTextResponse("in"))])
        transport = httpx.ASGITransport(Guarded(app, "sesame"))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            headers = {} if given is None else {b"Authorization": given.encode("latin-1")}
            return (await client.get("/", headers=headers)).status_code

    assert asyncio.run(ask()) == status
