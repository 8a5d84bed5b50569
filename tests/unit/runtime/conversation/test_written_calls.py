"""Calls that are no calls: unreadable ones, and those that stand in the text of an answer."""

from __future__ import annotations

import json
import logging

import pytest
from toolbind.standin import Player, Turn, call, fault, say
from toolbind_runtime.conversation.events import TextDelta
from toolbind_runtime.errors import UnreadableCallError

from tests.unit.runtime.conversation.test_agent import Hold, both, ways
from tests.unit.runtime.pets import Server

BROKEN = fault("unreadable-call")
HALF = Turn(text="I will look. ", fault=BROKEN.fault)
WRITTEN = '{"name": "get_pet", "arguments": {"pet_id": "7"}}'


@both
@ways
@pytest.mark.parametrize("broken", [BROKEN, HALF], ids=["at once", "after some words"])
def test_the_model_is_told_once_that_its_call_could_not_be_read(
    hold: Hold, stream: bool, broken: Turn
) -> None:
    player = Player([broken, call("get_pet", {"pet_id": 7}), broken, say("Sold.")])
    found = hold(player, stream=stream, tool_choice="get_pet")
    assert (found.text, found.stop_reason, found.turns) == ("Sold.", "stop", 4)
    roles = [message["role"] for message in found.messages]
    told = ["assistant", "user"]
    assert roles == ["user", *told, "assistant", "tool", *told, "assistant"]
    words = found.messages[2]["content"]
    assert words.startswith("Your call could not be read: The model produced output")
    assert "get_pet" in words
    assert "find_pets" in words
    assert player.complaints == []
    choices = [received.body.get("tool_choice") for received in player.requests]
    assert bool(choices[0]) is bool(choices[1]) is True  # still the first answer
    assert choices[2:] == [None, None]


@both
@ways
def test_twice_in_a_row_or_in_the_last_turn_it_is_an_error(hold: Hold, stream: bool) -> None:
    for script, limits in (([BROKEN, BROKEN], {}), ([BROKEN], {"max_turns": 1})):
        player = Player(script)
        with pytest.raises(UnreadableCallError, match="peg-native") as raised:
            hold(player, stream=stream, **limits)
        assert len(player.requests) == len(script)
        assert raised.value.run is not None
        assert raised.value.run.stop_reason == "error"


@both
@ways
def test_a_call_in_the_text_is_marked_and_warned_of_and_not_run(
    hold: Hold, stream: bool, caplog: pytest.LogCaptureFixture
) -> None:
    server = Server()
    with caplog.at_level(logging.WARNING, "toolbind.run"):
        found = hold(Player([say(WRITTEN)]), server=server, stream=stream)
    assert (found.text, found.text_calls, found.stop_reason) == (WRITTEN, ("get_pet",), "stop")
    assert server.lines == []
    assert "text_calls=True runs such calls" in caplog.text


@both
@ways
@pytest.mark.parametrize("text", [WRITTEN, f"```json\n{WRITTEN}\n```"])
def test_it_runs_where_the_caller_says_so_and_is_checked_as_any_other(
    hold: Hold, stream: bool, text: str
) -> None:
    server, events = Server(), []  # type: ignore[var-annotated]
    wrong = '{"name": "get_pet", "arguments": {"pet_id": "seven"}}'
    write = '{"name": "delete_pet", "arguments": {"pet_id": 7}}'
    player = Player([say(text), say(wrong), say(write), say("Sold.")])
    found = hold(player, server=server, stream=stream, events=events, text_calls=True)
    assert [c.result.error for c in found.calls] == [None, "bad-arguments", "refused"]
    assert server.lines == ["GET /pets/7"]
    assert (found.text, found.text_calls) == ("Sold.", ())
    assert player.complaints == []
    shown = "".join(each.text for each in events if isinstance(each, TextDelta))
    assert shown == ("Sold." if stream else "")
    assert json.loads(json.dumps(found.messages)) == found.messages


@both
@ways
def test_json_that_names_no_offered_tool_is_an_answer(hold: Hold, stream: bool) -> None:
    text = '{"name": "Rex", "arguments": {}}'
    found = hold(Player([say(text)]), stream=stream, text_calls=True)
    assert (found.text, found.calls, found.text_calls) == (text, [], ())
