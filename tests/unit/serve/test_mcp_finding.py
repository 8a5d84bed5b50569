"""A large API over MCP: two tools in the place of all, and calls of what they find."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import mcp_types as types
import pytest
from mcp import Client, MCPError
from toolbind.serve.mcp.finding import Finding, too_many
from toolbind.serve.mcp.server import Served, server
from toolbind.serve.mcp.tools import tools

from generated import digitalocean, petstore


def conversation(policy: Any, talk: Any) -> Any:
    """Talk to a server in this process; the API refuses every connection."""

    async def held() -> Any:
        async with digitalocean.AsyncClient(
            "http://127.0.0.1:9", token="sesame", allow_http=True, max_retries=0
        ) as client:
            finding = Finding(digitalocean, client)
            made = server(Served(digitalocean, client, tools(digitalocean, ()), policy, finding))
            async with Client(made) as spoken:
                return await talk(spoken)

    return asyncio.run(held())


def told(result: types.CallToolResult) -> Any:
    (content,) = result.content
    assert isinstance(content, types.TextContent)
    return json.loads(content.text)


def test_two_tools_are_listed_and_say_what_they_may_do() -> None:
    async def talk(client: Client) -> list[types.Tool]:
        return (await client.list_tools()).tools

    find, call = conversation("all", talk)
    assert (find.name, call.name) == ("find_tools", "call_tool")
    assert "among 290 of" in find.description
    assert find.annotations.read_only_hint is True
    assert (call.annotations.read_only_hint, call.annotations.destructive_hint) == (False, True)
    assert call.output_schema["required"] == ["status"]


def test_what_is_found_comes_with_schemas_and_is_called_through_the_second() -> None:
    async def talk(client: Client) -> tuple[Any, Any, Any]:
        found = await client.call_tool("find_tools", {"query": "list all droplets"})
        inner = {"name": "droplets_list", "arguments": {"per_page": 999}}
        refused = await client.call_tool("call_tool", inner)
        inner = {"name": "droplets_list", "arguments": {}}
        return found, refused, await client.call_tool("call_tool", inner)

    found, refused, tried = conversation("all", talk)
    assert found.is_error is False
    assert told(found)["tools"][0].startswith("droplets_list(")
    assert "droplets_list" in told(found)["schemas"]
    assert refused.is_error is True
    assert "per_page" in json.dumps(told(refused))
    assert tried.is_error is True
    assert "error" in told(tried)  # nobody listens there


def test_nothing_that_fits_and_everything_are_answered_in_words() -> None:
    async def talk(client: Client) -> list[Any]:
        queries = ("play a song", "everything")
        found = [await client.call_tool("find_tools", {"query": each}) for each in queries]
        return [*found, await client.call_tool("find_tools", {})]

    nothing, everything, no_query = conversation("all", talk)
    assert told(nothing)["tools"] == []
    assert "areas" in told(everything)
    assert everything.is_error is no_query.is_error is True


def test_what_is_not_there_or_not_allowed_is_refused() -> None:
    async def talk(client: Client) -> list[Any]:
        calls: list[dict[str, Any]] = [
            {"name": "fly_away", "arguments": {}},
            {"arguments": {}},
            {"name": "droplets_destroy", "arguments": {"droplet_id": 7}},
        ]
        answers = [await client.call_tool("call_tool", inner) for inner in calls]
        answers.append(await client.call_tool("droplets_destroy", {"droplet_id": 7}))
        with pytest.raises(MCPError) as unknown:
            await client.call_tool("fly_away", {})
        return [*answers, unknown.value.error.code]

    unknown, nameless, write, direct, code = conversation("reads", talk)
    assert "There is no tool 'fly_away'" in told(unknown)["error"]
    assert "There is no tool" in told(nameless)["error"]
    for refused in (write, direct):
        assert refused.is_error is True
        assert "error" in told(refused)
    assert code == types.INVALID_PARAMS


def test_when_tools_are_too_many() -> None:
    large, small = tools(digitalocean, ()), tools(petstore, ())
    assert too_many(digitalocean, large, None, None)
    assert not too_many(petstore, small, None, None)
    assert too_many(petstore, small, len(small) - 1, None)
    assert too_many(petstore, small, None, 100)
    assert not too_many(digitalocean, large, 1_000, 1_000_000)
