"""The conversation: calls answered once and in order, approvals, resuming, hooks, events.

Each test runs synchronously and under asyncio; the API is real routing over httpx's transport,
the model's side is the stand-in, which refuses whatever the contract does not allow.
"""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from toolbind.standin import Player, Turn, call, calls, fault, say
from toolbind_runtime.ai.workers_ai import WorkersAI
from toolbind_runtime.contract import OperationRow
from toolbind_runtime.conversation.events import (
    CallFinished,
    CallStarted,
    RunFinished,
    TextDelta,
    UsageReported,
)
from toolbind_runtime.conversation.wishes import Turn as AgentTurn
from toolbind_runtime.errors import (
    ConfigurationError,
    InvalidRequestError,
    SettingsError,
    WorkersAIError,
)
from toolbind_runtime.records.run import ApprovalRequest, Run

from tests.unit.runtime.pets import BASE_URL, OPERATIONS, TOOLS, Server, content, make_api
from tests.unit.runtime.standing_in import async_ai, last_run, sync_ai

Hold = Callable[..., Run]


def hold_sync(player: Player, prompt: Any = "Is pet 7 sold?", **options: Any) -> Run:
    """A conversation with the pets; `stream=True` drains the events."""
    api = options.pop("api", None) or make_api()
    server = options.pop("server", None) or Server()
    events = options.pop("events", [])
    with server.sync(api) as client, sync_ai(player, **options.pop("ai", {})) as ai:
        result: Any = api.run(prompt, ai=ai, **{"client": client, **options})
        if not options.get("stream"):
            assert isinstance(result, Run)
            return result
        events += list(result)
    return last_run(events)


def hold_async(player: Player, prompt: Any = "Is pet 7 sold?", **options: Any) -> Run:
    api = options.pop("api", None) or make_api()
    server = options.pop("server", None) or Server()
    events = options.pop("events", [])

    async def go() -> Run:
        settings = options.pop("ai", {})
        async with server.asynchronous(api) as client, async_ai(player, **settings) as ai:
            result: Any = api.arun(prompt, ai=ai, **{"client": client, **options})
            if not options.get("stream"):
                whole = await result
                assert isinstance(whole, Run)
                return whole
            async for event in result:
                events.append(event)
            return last_run(events)

    return asyncio.run(go())


both = pytest.mark.parametrize("hold", [hold_sync, hold_async], ids=["sync", "async"])
ways = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


@both
@ways
def test_calls_are_run_and_answered_in_order(hold: Hold, stream: bool) -> None:
    two = calls(("get_pet", {"pet_id": 8}), ("get_pet", {"pet_id": 7}), text="Looking.")
    player, server = Player([two, say("Pet 7 is sold.")]), Server()
    found = hold(player, server=server, stream=stream)
    assert (found.text, found.stop_reason, found.turns) == ("Pet 7 is sold.", "stop", 2)
    assert sorted(server.lines) == ["GET /pets/7", "GET /pets/8"]
    roles = [message["role"] for message in found.messages]
    assert roles == ["user", "assistant", "tool", "tool", "assistant"]
    assert [content(m)["body"]["id"] for m in found.messages[2:4]] == [8, 7]
    assert [c.arguments for c in found.calls] == [{"pet_id": 8}, {"pet_id": 7}]
    assert found.calls[0].request == "GET http://127.0.0.1:9/pets-api/pets/8"
    assert found.usage.total_tokens == 2 * 327
    assert found.cost == pytest.approx((620 * 0.0605 + 34 * 0.4) / 1e6)
    assert player.complaints == []


@both
def test_every_turn_sends_the_same_tools_and_session(hold: Hold) -> None:
    player = Player([call("get_pet", {"pet_id": 7}), call("find_pets"), say("Done.")])
    hold(player, system="Be brief.")
    bodies = [received.body for received in player.requests]
    assert len({json.dumps(body["tools"]) for body in bodies}) == 1
    assert [m["content"] for m in (b["messages"][0] for b in bodies)] == ["Be brief."] * 3
    assert len({r.headers["x-session-affinity"] for r in player.requests}) == 1


@both
@pytest.mark.parametrize("tool", ["drop_table", "functions.get_pet", "", "GET PET", "__init__"])
def test_names_that_no_tool_has_are_refused(hold: Hold, tool: str) -> None:
    player, server = Player([call(tool, {"pet_id": 7}), say("Done.")]), Server()
    found = hold(player, server=server, approve="all")
    assert server.lines == []
    assert found.calls[0].result.error == "unknown-tool"
    assert "get_pet" in content(found.messages[2])["error"]
    assert player.complaints == []


@both
@pytest.mark.parametrize("tool", ["GET_PET", "getPet", "get-pet"])
def test_a_name_in_another_spelling_means_its_tool(hold: Hold, tool: str) -> None:
    player, server = Player([call(tool, {"petId": 7}), say("Done.")]), Server()
    found = hold(player, server=server, approve="all")
    assert server.lines == ["GET /pets/7"]
    assert (found.calls[0].name, found.calls[0].arguments) == ("get_pet", {"petId": 7})


@both
def test_arguments_that_do_not_fit_are_told_to_the_model(hold: Hold) -> None:
    wrong = calls(
        ("get_pet", '{"pet_id": 7'), ("get_pet", {}), ("get_pet", {"pet_id": 7, "admin": True})
    )
    player, server = Player([wrong, call("get_pet", "{'pet_id': '7',}"), say("Ok.")]), Server()
    found = hold(player, server=server)
    assert server.lines == ["GET /pets/7", "GET /pets/7"]
    told = [c.result.error for c in found.calls]
    assert told == ["bad-arguments", "bad-arguments", None, None]
    assert "not valid JSON" in found.messages[2]["content"]
    assert "pet_id" in found.messages[3]["content"]
    assert '"ignored":["admin"]' in found.messages[4]["content"]  # of a read, it does no harm
    assert player.complaints == []


@both
def test_http_errors_are_told_to_the_model(hold: Hold) -> None:
    player = Player([call("get_pet", {"pet_id": 404}), say("No such pet.")])
    found = hold(player)
    assert (found.calls[0].result.error, found.calls[0].result.status_code) == (
        "http-status",
        404,
    )
    assert "no such pet" in found.messages[2]["content"]


# --- approval ----------------------------------------------------------------------------------

DELETE = call("delete_pet", {"pet_id": 8})


@both
@pytest.mark.parametrize(
    ("approve", "runs"),
    [
        ("reads", False),
        ("all", True),
        ("none", False),
        pytest.param(lambda request: True, True, id="one who says yes"),
        pytest.param(lambda request: False, False, id="one who says no"),
        pytest.param(lambda request: request.method == "GET", False, id="one who lets reads pass"),
        ({"delete_pet": True}, True),
        ({'delete_pet {"pet_id": 8}': True}, True),
        ({'delete_pet {"pet_id": 8}': False, "delete_pet": True}, False),
    ],
    ids=str,
)
def test_writes_run_only_when_approved(hold: Hold, approve: Any, runs: bool) -> None:
    player, server = Player([DELETE, say("Done.")]), Server()
    found = hold(player, server=server, approve=approve)
    assert server.lines == (["DELETE /pets/8"] if runs else [])
    assert found.calls[0].approved is runs
    assert found.calls[0].result.error == (None if runs else "refused")
    assert runs or "Not run" in content(found.messages[2])["error"]
    assert (found.text, found.stop_reason) == ("Done.", "stop")


@both
def test_nothing_runs_under_none_and_reads_are_not_asked_about(hold: Hold) -> None:
    asked: list[ApprovalRequest] = []
    server = Server()
    hold(Player([call("get_pet", {"pet_id": 7}), say("Ok.")]), server=server, approve=asked.append)
    assert (asked, server.lines) == ([], ["GET /pets/7"])
    server = Server()
    hold(Player([call("get_pet", {"pet_id": 7}), say("Ok.")]), server=server, approve="none")
    assert server.lines == []


@both
def test_an_approval_shows_the_real_request_in_one_safe_line(hold: Hold) -> None:
    asked: list[ApprovalRequest] = []

    def approve(request: ApprovalRequest) -> str:
        asked.append(request)
        return "Not on Sundays."

    found = hold(Player([DELETE, say("Ok.")]), approve=approve)
    (request,) = asked
    assert (request.method, request.url) == ("DELETE", "http://127.0.0.1:9/pets-api/pets/8")
    assert str(request) == ('DELETE http://127.0.0.1:9/pets-api/pets/8 (delete_pet {"pet_id": 8})')
    assert content(found.messages[2]) == {"error": "Not on Sundays."}
    hidden = ApprovalRequest("i", "x", {"a": "\x1b[31m\u202eé"}, "GET", "http://a/\x07")
    assert str(hidden).isascii()
    assert str(hidden).isprintable()


@both
def test_a_write_that_does_not_fit_is_not_asked_about(hold: Hold) -> None:
    asked: list[ApprovalRequest] = []
    server = Server()
    bad = calls(("delete_pet", {}), ("delete_pet", "{"), ("delete_pet", {"pet_id": "x"}))
    found = hold(Player([bad, say("Ok.")]), server=server, approve=asked.append)
    assert (asked, server.lines) == ([], [])
    assert [c.result.error for c in found.calls] == ["bad-arguments"] * 3


def test_an_async_approver_is_awaited_by_arun_and_refused_by_run() -> None:
    async def approve(request: ApprovalRequest) -> bool:
        await asyncio.sleep(0)
        return True

    server = Server()
    hold_async(Player([DELETE, say("Ok.")]), server=server, approve=approve)
    assert server.lines == ["DELETE /pets/8"]
    with pytest.raises(SettingsError, match="approve is asynchronous: use arun"):
        hold_sync(Player([DELETE, say("Ok.")]), approve=approve)


@both
@pytest.mark.parametrize(
    "approve",
    [{}, pytest.param(lambda request: None, id="one who does not say"), {"get_pet": True}],
    ids=str,
)
def test_a_decision_that_is_missing_pauses_the_run(hold: Hold, approve: Any) -> None:
    """Nothing of the answer runs; with the decisions the run goes on from its messages."""
    turn = calls(("get_pet", {"pet_id": 7}), ("delete_pet", {"pet_id": 8}))
    server = Server()
    paused = hold(Player([turn]), server=server, approve=approve)
    assert (paused.stop_reason, server.lines) == ("approval", [])
    (waiting,) = paused.pending
    assert waiting.key == 'delete_pet {"pet_id": 8}'
    state = json.loads(json.dumps(paused.messages))

    player = Player([say("Pet 8 is gone.")])
    done = hold(player, state, server=server, approve={waiting.key: True})
    assert sorted(server.lines) == ["DELETE /pets/8", "GET /pets/7"]
    assert (done.text, done.stop_reason, done.pending) == ("Pet 8 is gone.", "stop", [])
    assert [m["role"] for m in done.messages] == [
        *("user", "assistant", "tool", "tool", "assistant"),
    ]
    assert [m["tool_call_id"] for m in done.messages[2:4]] == [
        each["id"] for each in done.messages[1]["tool_calls"]
    ]
    assert player.complaints == []


@both
def test_a_resumed_run_may_pause_again(hold: Hold) -> None:
    paused = hold(Player([DELETE]), approve={})
    again = hold(Player(), paused.messages, approve={})
    assert (again.stop_reason, again.turns) == ("approval", 0)
    assert again.messages == paused.messages
    assert again.pending == paused.pending


def test_a_write_that_cannot_be_prepared_is_told_and_not_asked_about() -> None:
    """Here: one that would take credentials to another origin."""
    asked: list[ApprovalRequest] = []
    server = Server()
    elsewhere: OperationRow = {
        **OPERATIONS["delete_pet"],
        "server": "https://other.example",
        "security": [["key"]],
    }
    api = make_api(
        operations={**OPERATIONS, "delete_pet": elsewhere},
        schemes={"key": {"type": "bearer", "credentials": ["token"]}},
    )
    http = httpx.Client(transport=httpx.MockTransport(server))
    with (
        api.client_class(BASE_URL, {"token": "t"}, http_client=http) as client,
        sync_ai(Player([DELETE, say("Ok.")])) as ai,
    ):
        found = api.run("hi", ai=ai, client=client, approve=asked.append)
    assert (asked, server.lines) == ([], [])
    assert [call.result.error for call in found.calls] == ["credentials"]


@both
def test_a_call_where_no_tools_are_offered(hold: Hold) -> None:
    found = hold(Player([call("get_pet", {"pet_id": 7}), say("Ok.")]), tools=[])
    assert "no tools are offered" in found.messages[2]["content"]


@both
def test_a_refusal_after_a_pause_is_told(hold: Hold) -> None:
    paused = hold(Player([DELETE]), approve={})
    player, server = Player([say("Left alone.")]), Server()
    done = hold(player, paused.messages, server=server, approve={"delete_pet": False})
    assert (done.text, server.lines) == ("Left alone.", [])
    assert player.complaints == []


# --- going on ----------------------------------------------------------------------------------


@both
def test_a_run_goes_on_from_its_messages(hold: Hold) -> None:
    first = hold(Player([call("get_pet", {"pet_id": 7}), say("Sold.")]))
    player = Player([say("Available.")])
    more = [*first.messages, {"role": "user", "content": "And 8?"}]
    second = hold(player, more)
    assert second.text == "Available."
    assert second.messages[: len(first.messages)] == first.messages
    assert player.complaints == []


@both
def test_a_crashed_run_goes_on_where_it_was(hold: Hold) -> None:
    """An error of the model's side carries the run; its messages are whole."""
    player = Player([call("get_pet", {"pet_id": 7}), fault(5006), say("never")])
    with pytest.raises(InvalidRequestError) as raised:
        hold(player)
    crashed = raised.value.run
    assert crashed is not None
    assert (crashed.stop_reason, len(crashed.calls)) == ("error", 1)
    server = Server()
    again = hold(Player([say("Sold.")]), crashed.messages, server=server)
    assert (again.text, server.lines) == ("Sold.", [])


@both
def test_half_answered_calls_are_finished_in_order(hold: Hold) -> None:
    paused = hold(Player([calls(("get_pet", {"pet_id": 7}), DELETE.calls[0])]), approve={})
    first = paused.messages[1]["tool_calls"][0]["id"]
    partly = [*paused.messages, {"role": "tool", "tool_call_id": first, "content": "sold"}]
    player, server = Player([say("Done.")]), Server()
    done = hold(player, partly, server=server, approve="all")
    assert server.lines == ["DELETE /pets/8"]
    assert done.text == "Done."
    assert player.complaints == []


@both
def test_calls_left_open_by_a_new_question_are_closed(hold: Hold) -> None:
    paused = hold(Player([DELETE]), approve={})
    player, server = Player([say("Fine.")]), Server()
    more = [*paused.messages, {"role": "user", "content": "Never mind."}]
    done = hold(player, more, server=server, approve="all")
    assert (done.text, server.lines) == ("Fine.", [])
    assert "went on without" in done.messages[2]["content"]
    assert player.complaints == []


@both
def test_given_messages_are_not_changed(hold: Hold) -> None:
    given = [{"role": "user", "content": "hi"}]
    found = hold(Player([call("get_pet", {"pet_id": 7}), say("Ok.")]), given)
    assert given == [{"role": "user", "content": "hi"}]
    assert len(found.messages) == 4


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [{"content": "x"}],
        [{"role": "robot"}],
        ["hi"],
        [{"role": "tool", "content": "x"}],
        [{"role": "assistant", "tool_calls": [{"id": 7}]}],
        [{"role": "assistant", "tool_calls": ["x"]}],
    ],
)
def test_messages_that_are_none_are_refused(messages: Any) -> None:
    with pytest.raises(SettingsError):
        hold_sync(Player([say("never")]), messages)


# --- hooks and events --------------------------------------------------------------------------


@both
@ways
def test_events_come_as_things_happen(hold: Hold, stream: bool) -> None:
    seen: list[Any] = []
    turn = call("get_pet", {"pet_id": 7}, text="Let me look.", reasoning="Hm.")
    player = Player([turn, say("Pet 7 is sold.")], chunk=9)
    events: list[Any] = []
    found = hold(player, on_event=seen.append, stream=stream, events=events)
    kinds = [event.kind for event in seen]
    short = [k for i, k in enumerate(kinds) if i == 0 or kinds[i - 1] != k]
    assert short == [
        *("turn", "reasoning", "text", "usage", "call", "result"),
        *("turn", "text", "usage", "done"),
    ]
    texts = [event.text for event in seen if isinstance(event, TextDelta)]
    assert "".join(texts) == "Let me look.Pet 7 is sold."
    assert (len(texts) > 2) == stream
    started = next(event for event in seen if isinstance(event, CallStarted))
    finished = next(event for event in seen if isinstance(event, CallFinished))
    assert (started.name, started.arguments) == ("get_pet", {"pet_id": 7})
    assert finished.call == found.calls[0]
    usage = [event for event in seen if isinstance(event, UsageReported)]
    assert usage[-1].total == found.usage
    last = seen[-1]
    assert isinstance(last, RunFinished)
    assert last.run == found
    if stream:
        assert events == seen


def test_async_hooks_are_awaited_by_arun_and_refused_by_run() -> None:
    seen = []

    async def on_event(event: Any) -> None:
        await asyncio.sleep(0)
        seen.append(event.kind)

    async def prepare(turn: AgentTurn) -> AgentTurn:
        await asyncio.sleep(0)
        return turn

    found = hold_async(Player([say("Ok.")]), on_event=on_event, prepare=prepare)
    assert (found.text, seen[-1]) == ("Ok.", "done")
    for hooks in ({"on_event": on_event}, {"prepare": prepare}):
        with pytest.raises(SettingsError, match="asynchronous: use arun"):
            hold_sync(Player([say("Ok.")]), **hooks)


@both
def test_prepare_sees_and_changes_what_is_sent_but_not_the_conversation(hold: Hold) -> None:
    seen = []

    def prepare(turn: AgentTurn) -> None:
        seen.append((turn.number, len(turn.messages)))
        turn.messages.insert(0, {"role": "system", "content": f"turn {turn.number}"})
        turn.tools = [each for each in turn.tools if each["name"] != "delete_pet"]
        turn.fields["seed"] = turn.number
        if turn.number == 1:
            turn.tool_choice = "get_pet"

    player = Player([call("get_pet", {"pet_id": 7}), say("Ok.")])
    found = hold(player, prepare=prepare)
    assert seen == [(1, 1), (2, 3)]
    first, second = (received.body for received in player.requests)
    assert first["messages"][0]["content"] == "turn 1"
    assert second["messages"][0]["content"] == "turn 2"
    assert first["tool_choice"]["function"]["name"] == "get_pet"
    assert (first["seed"], second["seed"]) == (1, 2)
    assert player.requests[0].tools == ["get_pet", "find_pets"]
    assert found.messages[0] == {"role": "user", "content": "Is pet 7 sold?"}


@both
def test_prepare_may_give_another_turn(hold: Hold) -> None:
    def prepare(turn: AgentTurn) -> AgentTurn:
        return AgentTurn(turn.number, [{"role": "user", "content": "Other."}], [])

    player = Player([say("Ok.")])
    hold(player, prepare=prepare)
    assert player.requests[0].body["messages"] == [{"role": "user", "content": "Other."}]
    assert "tools" not in player.requests[0].body


@both
def test_an_error_in_a_hook_is_the_caller_s(hold: Hold) -> None:
    def broken(event: Any) -> None:
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        hold(Player([say("Ok.")]), on_event=broken)


@both
def test_fields_and_tool_choice(hold: Hold) -> None:
    player = Player([call("get_pet", {"pet_id": 7}), say("Ok.")])
    hold(player, tool_choice="get_pet", fields={"temperature": 0})
    first, second = (received.body for received in player.requests)
    assert first["tool_choice"] == {"type": "function", "function": {"name": "get_pet"}}
    assert "tool_choice" not in second
    assert first["temperature"] == second["temperature"] == 0


# --- ends --------------------------------------------------------------------------------------


@both
@pytest.mark.parametrize(
    ("turn", "stop_reason"),
    [
        (say("Pet 7 is", finish="length"), "length"),
        (say("", finish="length"), "length"),
        (say("No.", finish="content_filter"), "content_filter"),
        (say(""), "empty"),
        (say("Done.", finish="other"), "stop"),
    ],
)
def test_how_an_answer_ends(hold: Hold, turn: Turn, stop_reason: str) -> None:
    found = hold(Player([turn]))
    assert (found.text, found.stop_reason) == (turn.text, stop_reason)


@both
def test_settings_are_checked_before_anything_is_sent(hold: Hold) -> None:
    for options in (
        {"approve": "everything"},
        {"approve": 7},
        {"tool_choice": "no_such_tool"},
        {"max_turns": 0},
        {"max_calls": -1},
        {"max_turns": "3"},
        {"parallel": 0},
        {"timeout": -1},
        {"max_cost": True},
        {"max_cost": 1.0, "ai": {"model": "@cf/openai/gpt-oss-20b"}},
        {"tools": [7]},
    ):
        player = Player([say("never")])
        with pytest.raises(SettingsError):
            hold(player, **options)
        assert player.requests == []
    with pytest.raises(TypeError, match="no option 'max_turn'; did you mean max_turns"):
        hold(Player(), max_turn=3)
    with pytest.raises(TypeError, match="into ai=WorkersAI"):
        hold(Player(), model="@cf/zai-org/glm-5.2")
    with pytest.raises(ValueError, match="nothing_like_this"):
        hold(Player(), tools="nothing_like_this")


def test_the_wrong_kind_of_ai_is_refused() -> None:
    with pytest.raises(SettingsError, match="use arun"):
        make_api().run("hi", ai=async_ai(Player()))  # type: ignore[call-overload]
    with pytest.raises(SettingsError, match="use run"):
        make_api().arun("hi", ai=sync_ai(Player()))  # type: ignore[call-overload]


@pytest.mark.parametrize("ai", ["@cf/zai-org/glm-5.2", WorkersAI, 7])
def test_what_cannot_be_asked_is_refused(ai: Any) -> None:
    with pytest.raises(SettingsError, match=r"ai=WorkersAI\("):
        make_api().run("hi", ai=ai)
    with pytest.raises(SettingsError, match=r"ai=AsyncWorkersAI\("):
        _ = make_api().arun("hi", ai=ai)


@both
@pytest.mark.parametrize("kind", ["other kind", "class", "number"])
def test_a_client_that_cannot_serve_is_refused_before_anything_is_sent(
    hold: Hold, kind: str
) -> None:
    api, player = make_api(), Player([say("never")])
    other: Any = api.async_client_class if hold is hold_sync else api.client_class
    wrong = {"other kind": other(BASE_URL), "class": other, "number": 7}
    with pytest.raises(SettingsError, match="the client of pets is a"):
        hold(player, api=api, client=wrong[kind])
    assert player.requests == []


@both
@pytest.mark.parametrize("named", [False, True], ids=["client", "by name"])
def test_a_client_of_another_api_is_refused(hold: Hold, named: bool) -> None:
    player = Player([say("never")])
    stranger = Server().sync(make_api("shop"))
    with pytest.raises(SettingsError, match="belongs to none of these tools"):
        hold(player, client={"shop": stranger} if named else stranger)
    assert player.requests == []


def test_without_an_ai_one_is_made_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CLOUDFLARE_ACCOUNT_ID", raising=False)
    with pytest.raises(ConfigurationError, match="CLOUDFLARE_ACCOUNT_ID"):
        make_api().run("hi")
    with pytest.raises(ConfigurationError, match="CLOUDFLARE_ACCOUNT_ID"):
        asyncio.run(make_api().arun("hi"))


@both
def test_a_bug_in_a_call_is_not_hidden(hold: Hold) -> None:
    def broken(request: Any) -> Any:
        raise ZeroDivisionError("ours")

    with pytest.raises(ZeroDivisionError, match="ours"):
        hold(Player([calls(*[("get_pet", {"pet_id": 7})] * 3)]), server=Server(broken))


def test_a_sync_stream_that_is_left_ends_there() -> None:
    server = Server()
    player = Player([call("get_pet", {"pet_id": 7}), say("never")])
    api = make_api()
    with server.sync(api) as client, sync_ai(player) as ai:
        events = api.run("hi", ai=ai, client=client, stream=True)
        assert next(events).kind == "turn"
        assert inspect.isgenerator(events)
        events.close()
    assert server.lines == []


def test_tools_is_all_of_the_api_and_the_tools_of_the_answer_stay_untouched() -> None:
    before = json.dumps(TOOLS)

    def prepare(turn: AgentTurn) -> None:
        turn.tools[0]["parameters"]["properties"].clear()

    hold_sync(Player([say("Ok.")]), prepare=prepare)
    assert json.dumps(TOOLS) == before


def test_what_happens_is_logged_without_a_word_of_what_is_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG", "toolbind")
    hold_sync(Player([call("get_pet", {"pet_id": 7}), say("canary")]), "canary")
    told = [record.getMessage() for record in caplog.records if record.name == "toolbind.run"]
    assert told == [
        "turn 1: tool_calls, 1 calls, 327 tokens",
        "get_pet GET http://127.0.0.1:9/pets-api/pets/7: ok",
        "turn 2: stop, 0 calls, 327 tokens",
    ]


def test_tools_that_fill_the_window_are_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    wide = {**TOOLS[0], "description": "x" * 60_000}
    api = make_api(tools=[wide])  # type: ignore[list-item]  # a Tool with another text
    small = {"model": "@cf/meta/llama-3.3-70b-instruct-fp8-fast"}
    hold_sync(Player([say("Ok.")]), api=api, ai=small, tools=["get_pet"])
    assert "1 tools take about 15" in caplog.text
    caplog.clear()
    hold_sync(Player([say("Ok.")]), api=api)
    hold_sync(Player([say("Ok.")]), ai=small)
    assert caplog.text == ""


@both
def test_every_failure_of_the_model_s_side_is_typed(hold: Hold) -> None:
    for wrong in (3036, 3040, 5007, "html", "drop", "garbage", "empty"):
        with pytest.raises(WorkersAIError) as raised:
            hold(Player([fault(wrong)] * 9))
        assert raised.value.run is not None
        assert raised.value.run.messages == [{"role": "user", "content": "Is pet 7 sold?"}]
