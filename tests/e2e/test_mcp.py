"""Sessions of the `mcp` package's own client with `toolbind serve`, over both transports and both
eras of the protocol; the FastAPI help desk is the API behind it."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import mcp_types as types
import pytest
from mcp import Client, MCPError, StdioServerParameters

from tests.programs.demo.helpdesk import API_KEY

ROOT = Path(__file__).parent.parent.parent
READS = {"list_tickets", "get_ticket", "find_people"}
Talk = Callable[[Client], Coroutine[Any, Any, None]]


def command(url: str, *more: str) -> list[str]:
    words = ["serve", "generated.helpdesk", "--base-url", url, "--allow-http", *more]
    return [sys.executable, "-m", "toolbind", *words]


PATIENCE = 3.0
"""Seconds for one answer."""

ENVIRONMENT = {**os.environ, "HELPDESK_API_KEY": API_KEY}


@contextmanager
def listening(url: str, *more: str, **environment: str) -> Iterator[str]:
    """The server as a process of its own on a port; gives its address."""
    with subprocess.Popen(
        command(url, "--http", "127.0.0.1:0", *more),
        cwd=ROOT,
        env=ENVIRONMENT | environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stderr is not None
        lines = iter(running.stderr.readline, "")
        address = next(line.strip() for line in lines if line.startswith("http://"))
        try:
            yield address
        finally:
            running.terminate()
            rest = running.stderr.read()
            running.wait(10)
    assert "Traceback" not in rest


class Person:
    """Who answers when the client asks; remembers what was asked."""

    def __init__(self, action: str) -> None:
        self.action = action
        self.asked: list[str] = []

    async def __call__(self, _context: Any, params: Any) -> types.ElicitResult:
        self.asked.append(params.message)
        content: dict[str, Any] | None = {} if self.action == "accept" else None
        return types.ElicitResult(action=self.action, content=content)  # type: ignore[arg-type]  # text


@asynccontextmanager
async def connected(
    transport: str, url: str, mode: str, person: Person | None = None, *more: str
) -> AsyncIterator[Client]:
    how: dict[str, Any] = {"mode": mode, "elicitation_callback": person}
    if transport == "stdio":
        words = command(url, *more)
        server: Any = StdioServerParameters(
            command=words[0], args=words[1:], env=ENVIRONMENT, cwd=ROOT
        )
        async with Client(server, **how) as client:
            yield client
        return
    with listening(url, *more) as address:
        async with Client(address, **how) as client:
            yield client


def said(result: types.CallToolResult) -> Any:
    (content,) = result.content
    assert isinstance(content, types.TextContent)
    return json.loads(content.text)


ERAS = [("auto", "2026-07-28"), ("legacy", "2025-11-25")]


@pytest.mark.slow
@pytest.mark.parametrize("transport", ["stdio", "http"])
@pytest.mark.parametrize(("mode", "version"), ERAS, ids=["modern", "legacy"])
def test_a_whole_session(helpdesk_url: str, transport: str, mode: str, version: str) -> None:
    person = Person("accept")

    async def talk() -> None:
        async with connected(transport, helpdesk_url, mode, person) as client:
            assert client.protocol_version == version
            listed = await client.list_tools()
            by_name = {each.name: each for each in listed.tools}
            assert [each.name for each in listed.tools] == [
                each["name"] for each in _helpdesk().TOOLS
            ]
            for tool in listed.tools:
                assert tool.annotations is not None
                assert tool.annotations.read_only_hint is (tool.name in READS)
                jsonschema.Draft202012Validator.check_schema(tool.input_schema)
            deleting = by_name["delete_ticket"].annotations
            assert deleting is not None
            assert (deleting.destructive_hint, deleting.idempotent_hint) == (True, True)
            opening = by_name["open_ticket"].annotations
            assert opening is not None
            assert (opening.destructive_hint, opening.idempotent_hint) == (False, False)

            read = await client.call_tool("list_tickets", {"status": "open"})  # is mended
            assert read.is_error is not True
            assert [each["id"] for each in said(read)["body"]] == [41, 42]
            assert read.structured_content == said(read)
            assert person.asked == []

            made = await client.call_tool("open_ticket", {"title": "No coffee", "reporter": 2})
            assert said(made)["status"] == 201
            (question,) = person.asked
            assert f"POST {helpdesk_url}/tickets" in question
            assert "No coffee" in question

            wrong = await client.call_tool("open_ticket", {"title": "x"})
            assert wrong.is_error is True
            assert "reporter" in json.dumps(said(wrong)["problems"])
            assert len(person.asked) == 1, "nobody is asked about a call that cannot be made"

            missing = await client.call_tool("get_ticket", {"ticket_id": 999})
            assert missing.is_error is True
            assert said(missing)["error"].startswith("404")

            with pytest.raises(MCPError) as refused:
                await client.call_tool("get_tickets", {})
            assert refused.value.error.code == types.INVALID_PARAMS
            assert "Did you mean: get_ticket" in refused.value.error.message

    asyncio.run(talk())


def _helpdesk() -> Any:
    from generated import helpdesk

    return helpdesk


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize(
    ("action", "told"), [("decline", "the user declined"), ("cancel", "has not decided")]
)
def test_what_a_person_does_not_want_is_not_done(
    helpdesk_url: str, mode: str, action: str, told: str
) -> None:
    person = Person(action)

    async def talk() -> None:
        async with connected("http", helpdesk_url, mode, person) as client:
            result = await client.call_tool("delete_ticket", {"ticket_id": 41})
            assert result.is_error is True
            assert told in said(result)["error"]
            assert len(person.asked) == 1
            still = await client.call_tool("get_ticket", {"ticket_id": 41})
            assert still.is_error is not True

    asyncio.run(talk())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("policy", "ok", "told"),
    [
        ("ask", False, "no way to ask its user"),
        ("reads", False, "makes calls that read"),
        ("all", True, '"status"'),
    ],
)
def test_a_client_that_cannot_ask_gets_what_the_policy_says(
    helpdesk_url: str, policy: str, ok: bool, told: str
) -> None:
    async def talk() -> None:
        async with connected("stdio", helpdesk_url, "auto", None, "--approve", policy) as client:
            result = await client.call_tool("delete_ticket", {"ticket_id": 41})
            assert (result.is_error is not True) is ok
            assert told in json.dumps(said(result))

    asyncio.run(talk())


def post(address: str, message: Any, **headers: str) -> httpx.Response:
    given = {"Accept": "application/json, text/event-stream", **headers}
    return httpx.post(address, json=message, headers=given, trust_env=False, timeout=PATIENCE)


MODERN = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {"elicitation": {}},
}


def calling(address: str, name: str, arguments: Any, patience: float = 10, **more: Any) -> Any:
    """One call of the modern era, raw."""
    message = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": name, "arguments": arguments, "_meta": MODERN, **more},
    }
    headers = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": name}
    answer = post(address, message, **headers)
    lines = [line[5:] for line in answer.text.splitlines() if line.startswith("data:")]
    return json.loads(lines[-1]) if lines else answer.json()


@pytest.mark.slow
def test_an_approval_counts_for_the_call_that_was_shown_and_no_other(helpdesk_url: str) -> None:
    yes = {"approval": {"action": "accept", "content": {}}}
    with listening(helpdesk_url) as address:
        asked = calling(address, "delete_ticket", {"ticket_id": 41})["result"]
        assert asked["resultType"] == "input_required"
        state = asked["requestState"]
        for arguments, given in (
            ({"ticket_id": 42}, {"requestState": state}),  # another call
            ({"ticket_id": 41}, {}),  # an answer to no question
            ({"ticket_id": 41}, {"requestState": "forged"}),
        ):
            told = calling(address, "delete_ticket", arguments, inputResponses=yes, **given)
            assert told.get("result", {}).get("resultType") != "complete", told
        done = calling(
            address, "delete_ticket", {"ticket_id": 41}, inputResponses=yes, requestState=state
        )
        assert done["result"].get("isError") is not True
        assert json.loads(done["result"]["content"][0]["text"])["status"] == 204


INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "1999-01-01",
        "capabilities": {},
        "clientInfo": {"name": "x", "version": "1"},
    },
}


@pytest.mark.slow
def test_who_may_speak_to_the_server(helpdesk_url: str) -> None:
    with listening(helpdesk_url, "--token-env", "T", T="sesame") as address:
        bearer = {"Authorization": "Bearer sesame"}
        assert post(address, INITIALIZE).status_code == 401
        assert post(address, INITIALIZE, Authorization="Bearer wrong").status_code == 401
        assert post(address, INITIALIZE, Authorization="Basic sesame").status_code == 401
        answered = post(address, INITIALIZE, **bearer)
        assert answered.status_code == 200
        assert "2025-11-25" in answered.text, "an unknown revision is offered one that is known"
        assert post(address, INITIALIZE, **bearer, Host="evil.example").status_code == 421
        assert post(address, INITIALIZE, **bearer, Origin="https://evil.example").status_code == 403
        large = b'{"x": "' + b"x" * (100 << 20) + b'"}'
        kind = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        refused = httpx.post(address, content=large, headers=bearer | kind, trust_env=False)
        assert refused.status_code == 413
        assert post(address, INITIALIZE, **bearer).status_code == 200


@pytest.mark.slow
def test_a_client_that_goes_away_leaves_the_server_well(helpdesk_url: str) -> None:
    """With the API slow: the call it was waiting for is given up, and the next is answered."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with listening(url, "--timeout", str(2 * PATIENCE)) as address:
            for _ in range(3):
                with pytest.raises(httpx.TimeoutException):
                    calling(address, "list_tickets", {})
            listed = calling(address, "no_tool", {})
            assert listed["error"]["code"] == types.INVALID_PARAMS
