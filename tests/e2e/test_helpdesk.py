"""The whole road on a real API: its own document, its module, its server, a conversation.

The API is made with FastAPI and served by uvicorn; the model's side is the stand-in, over HTTP,
which refuses what Workers AI would refuse.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from toolbind.standin import StandIn, call, calls, say

from generated import helpdesk
from generated._runtime import errors
from generated._runtime.conversation.events import RunFinished
from tests.programs.demo.helpdesk import API_KEY
from tests.programs.demo.helpdesk import helpdesk as application

ROOT = Path(__file__).parent.parent.parent
QUESTION = "Close the printer ticket."
MODELS = [
    "@cf/zai-org/glm-4.7-flash",
    "@cf/meta/llama-3.3-70b-instruct-fp8-fast",
    "@cf/meta/llama-4-scout-17b-16e-instruct",
    "@cf/qwen/qwen3-30b-a3b-fp8",
    "@cf/openai/gpt-oss-120b",
]


def client(url: str) -> helpdesk.Helpdesk:
    return helpdesk.Helpdesk(url, api_key=API_KEY)


def test_the_document_is_the_apis_own() -> None:
    printed = json.dumps(application().openapi(), indent=2, ensure_ascii=False) + "\n"
    assert (ROOT / "specs" / "helpdesk.json").read_text() == printed


def test_typed_methods(helpdesk_url: str) -> None:
    with client(helpdesk_url) as desk:
        assert [ticket["id"] for ticket in desk.list_tickets()] == [41, 42, 43]
        found = desk.list_tickets(status=["open", "waiting"], priority="urgent", limit=50)
        assert [ticket["id"] for ticket in found] == [41, 43]
        made = desk.open_ticket(title="No coffee", reporter=2, labels=["kitchen", "a,b"])
        assert made["labels"] == ["kitchen", "a,b"]
        changed = desk.change_ticket(ticket_id=43, assignee=None, status="closed")
        assert changed["assignee"] is None
        desk.add_comment(ticket_id=41, author=2, text="Grüße & ☃")
        assert desk.get_ticket(ticket_id=41).get("comments") == [{"author": 2, "text": "Grüße & ☃"}]
        assert desk.attach_file(ticket_id=41, file=b"\x00\xff\r\n--x")["size"] == 7
        desk.delete_ticket(ticket_id=42)
        with pytest.raises(errors.NotFoundError, match="there is no ticket 42"):
            desk.get_ticket(ticket_id=42)
        assert desk.find_people(name="wei")[0]["name"] == "Chen Wei"


def test_async_twin(helpdesk_url: str) -> None:
    async def work() -> list[int]:
        async with helpdesk.AsyncHelpdesk(helpdesk_url, api_key=API_KEY) as desk:
            several = await asyncio.gather(*(desk.get_ticket(ticket_id=n) for n in (41, 42, 43)))
            return [ticket["id"] for ticket in several]

    assert asyncio.run(work()) == [41, 42, 43]


def test_wrong_key_is_told(helpdesk_url: str) -> None:
    with helpdesk.Helpdesk(helpdesk_url, api_key="wrong") as desk:
        result = helpdesk.call_tool("list_tickets", {}, client=desk)
        assert (result.ok, result.status_code) == (False, 401)
        assert "wrong" not in result.content
    with helpdesk.Helpdesk(helpdesk_url) as desk:
        result = helpdesk.call_tool("list_tickets", {}, client=desk)
        assert "HELPDESK_API_KEY" in result.content


def test_arguments_are_mended_or_explained(helpdesk_url: str) -> None:
    with client(helpdesk_url) as desk:
        mended = {"status": "open", "limit": "5", "reporter": "1"}
        assert helpdesk.call_tool("list_tickets", mended, client=desk).ok
        assert helpdesk.call_tool("get_ticket", '{"ticket_id": "41"}', client=desk).ok
        refused = helpdesk.call_tool("list_tickets", {"priority": "critical"}, client=desk)
        assert not refused.ok
        assert '\\"urgent\\"' in refused.content
        unknown = helpdesk.call_tool("list_ticket", {}, client=desk)
        assert "list_tickets" in unknown.content
        upload = {"ticket_id": 41, "file": "data:text/plain;base64,aGVsbG8="}
        assert helpdesk.call_tool("attach_file", upload, client=desk).data["size"] == 5


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("stream", [False, True])
def test_a_conversation_with_every_family(helpdesk_url: str, model: str, stream: bool) -> None:
    script = [
        calls(
            ("list_tickets", {"words": "printer"}),
            ("find_people", {"name": "ben"}),
        ),
        call("change_ticket", {"ticket_id": 41, "status": "closed"}),
        say("Ticket 41 is closed."),
    ]
    with StandIn(script) as standin, client(helpdesk_url) as desk:
        with helpdesk.WorkersAI(model, **standin.settings) as ai:
            if stream:
                events = list(
                    helpdesk.run(QUESTION, ai=ai, client=desk, approve="all", stream=True)
                )
                assert isinstance(events[-1], RunFinished)
                run = events[-1].run
            else:
                run = helpdesk.run(QUESTION, ai=ai, client=desk, approve="all")
        assert not standin.complaints
        assert run.text == "Ticket 41 is closed."
        assert [c.name for c in run.calls] == ["list_tickets", "find_people", "change_ticket"]
        assert all(c.result.ok for c in run.calls)
        assert desk.get_ticket(ticket_id=41)["status"] == "closed"


def test_writes_do_not_run_unless_allowed(helpdesk_url: str) -> None:
    script = [call("delete_ticket", {"ticket_id": 41}), say("I may not do that.")]
    with StandIn(script) as standin, client(helpdesk_url) as desk:
        with helpdesk.WorkersAI(**standin.settings) as ai:
            run = helpdesk.run("Delete ticket 41.", ai=ai, client=desk)
        assert run.calls[0].result.error == "refused"
        assert desk.get_ticket(ticket_id=41)["id"] == 41
        told = [m for m in standin.requests[-1].messages if m["role"] == "tool"]
        assert "not" in told[0]["content"]


def test_async_conversation(helpdesk_url: str) -> None:
    script = [
        calls(("get_ticket", {"ticket_id": 41}), ("get_ticket", {"ticket_id": 43})),
        say("Both are urgent."),
    ]

    async def work(standin: StandIn) -> str:
        async with (
            helpdesk.AsyncHelpdesk(helpdesk_url, api_key=API_KEY) as desk,
            helpdesk.AsyncWorkersAI(**standin.settings) as ai,
        ):
            run = await helpdesk.arun("Which are urgent?", ai=ai, client=desk)
            return run.text

    with StandIn(script) as standin:
        assert asyncio.run(work(standin)) == "Both are urgent."
        assert not standin.complaints
