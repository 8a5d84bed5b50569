"""What bounds a run, each bound by its name, and repetition noticed and told."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
import pytest
from toolbind.standin import Player, call, calls, fault, say
from toolbind_runtime.ai.model import find_model
from toolbind_runtime.conversation.limits import Limits, Repetition
from toolbind_runtime.errors import OutOfTimeError
from toolbind_runtime.records.exchange import Answer, Question, ToolResult, Usage
from toolbind_runtime.records.run import call_key

from tests.unit.runtime.conversation.test_agent import Hold, both, hold_async, hold_sync
from tests.unit.runtime.pets import Server, answer_pet, content, make_api
from tests.unit.runtime.standing_in import async_ai

ALWAYS = [call("get_pet", {"pet_id": number}) for number in range(99)]


def choices(player: Player) -> list[Any]:
    return [received.body.get("tool_choice") for received in player.requests]


@both
def test_max_turns_the_last_answer_is_given_without_tools(hold: Hold) -> None:
    player, server = Player([*ALWAYS[:2], say("That is all I have.")]), Server()
    found = hold(player, server=server, max_turns=3)
    assert (found.text, found.stop_reason, found.turns) == ("That is all I have.", "max_turns", 3)
    assert choices(player) == [None, None, "none"]
    assert len(server.lines) == 2


@both
def test_max_turns_a_model_that_calls_all_the_same_is_answered_and_left(hold: Hold) -> None:
    player, server = Player(ALWAYS), Server()
    found = hold(player, server=server, max_turns=3)
    assert (found.stop_reason, len(server.lines)) == ("max_turns", 2)
    assert content(found.messages[-1])["error"].startswith("Not run: no more calls")
    assert player.complaints == []


@both
def test_max_turns_of_one_offers_no_calls(hold: Hold) -> None:
    player = Player([say("Hello.")])
    assert hold(player, max_turns=1).stop_reason == "max_turns"
    assert choices(player) == ["none"]


@both
def test_natives_are_kept_from_calling_by_leaving_out_the_tools(hold: Hold) -> None:
    player = Player([ALWAYS[0], say("Done.")])
    hold(player, max_turns=2, ai={"model": "@cf/meta/llama-3.3-70b-instruct-fp8-fast"})
    assert [len(received.tools) for received in player.requests] == [3, 0]
    assert player.complaints == []


@both
def test_max_calls_over_all_turns(hold: Hold) -> None:
    five = calls(*[("get_pet", {"pet_id": n}) for n in range(5)])
    player, server = Player([ALWAYS[9], five, say("Done.")]), Server()
    found = hold(player, server=server, max_calls=3)
    assert (found.stop_reason, found.text, len(server.lines)) == ("max_calls", "Done.", 3)
    assert [c.result.error for c in found.calls] == [None, None, None, *["limit"] * 3]
    assert choices(player)[-1] == "none"
    assert player.complaints == []


@both
def test_max_calls_of_none_runs_nothing(hold: Hold) -> None:
    player, server = Player([ALWAYS[0], say("Done.")]), Server()
    found = hold(player, server=server, max_calls=0)
    assert (server.lines, found.stop_reason) == ([], "max_calls")


@both
def test_max_calls_per_turn(hold: Hold) -> None:
    many = calls(*[("get_pet", {"pet_id": n}) for n in range(20)])
    player, server = Player([many, say("Done.")]), Server()
    found = hold(player, server=server, max_calls_per_turn=4)
    assert (found.stop_reason, len(server.lines), len(found.calls)) == ("stop", 4, 20)
    assert "too many calls" in found.calls[4].result.content
    assert player.complaints == []


@both
def test_max_total_tokens_ends_without_another_answer(hold: Hold) -> None:
    player, server = Player(ALWAYS), Server()
    found = hold(player, server=server, max_total_tokens=700)
    assert (found.stop_reason, found.turns, len(server.lines)) == ("max_total_tokens", 3, 2)
    assert found.usage.total_tokens == 3 * 327
    assert found.calls[-1].result.error == "limit"


@both
def test_an_answer_that_is_there_is_a_natural_end_whatever_it_took(hold: Hold) -> None:
    assert hold(Player([say("Done.")]), max_total_tokens=1).stop_reason == "stop"
    assert hold(Player([say("Done.")]), max_turns=1, tools=[]).stop_reason == "stop"


@both
def test_max_cost_ends_without_another_answer(hold: Hold) -> None:
    once = (310 * 0.0605 + 17 * 0.4) / 1e6
    found = hold(Player(ALWAYS), max_cost=2.5 * once)
    assert (found.stop_reason, found.turns) == ("max_cost", 3)
    assert found.cost == pytest.approx(3 * once)


@both
def test_timeout_before_an_answer(hold: Hold) -> None:
    player = Player([fault(3040)] * 99)
    found = hold(player, timeout=0.0)
    assert (found.stop_reason, found.turns) == ("deadline", 0)
    assert player.requests == []


@both
def test_timeout_between_calls(hold: Hold) -> None:
    def slow(request: httpx.Request) -> httpx.Response:
        time.sleep(0.2)
        return answer_pet(request)

    three = calls(*[("get_pet", {"pet_id": n}) for n in range(3)])
    server = Server(slow)
    found = hold(Player([three, say("never")]), server=server, timeout=0.1, parallel=1)
    assert found.stop_reason == "deadline"
    assert [c.result.error for c in found.calls][1:] == ["limit", "limit"]
    assert len(server.lines) == 1
    assert [m["role"] for m in found.messages] == ["user", "assistant", *["tool"] * 3]


@both
def test_timeout_while_the_model_answers(hold: Hold) -> None:
    """The answer came, its calls are answered, nothing runs any more."""

    def slow(received: Any) -> Any:
        time.sleep(0.2)
        return ALWAYS[0]

    server = Server()
    found = hold(Player(slow), server=server, timeout=0.1, ai={"timeout": 9.0})
    assert (found.stop_reason, server.lines) == ("deadline", [])
    roles = [message["role"] for message in found.messages]
    assert roles in (["user", "assistant", "tool"], ["user"])


def test_timeout_found_by_the_model_s_side_ends_the_run_too() -> None:
    class Late:
        """Any AI will do that has a model and can be asked."""

        model = find_model("@cf/some/new-model")

        def ask(self, question: Question, *, deadline: float | None = None) -> Answer:
            raise OutOfTimeError("the time for the whole run is over")

        def stream(self, question: Question, *, deadline: float | None = None) -> Any:
            raise AssertionError("not asked for")

    api = make_api()
    found = api.run("hi", ai=Late(), client=Server().sync(api))
    assert (found.stop_reason, found.messages) == (
        "deadline",
        [{"role": "user", "content": "hi"}],
    )


def test_timeout_ends_a_call_that_hangs() -> None:
    found, seconds = hanging(timeout=0.2)
    assert [c.result.error for c in found.calls] == ["timeout"] * 2
    assert found.stop_reason == "deadline"
    assert seconds < 5


def test_call_timeout_ends_one_call_and_not_the_run() -> None:
    found, seconds = hanging(call_timeout=0.1)
    assert [c.result.error for c in found.calls] == ["timeout"] * 2
    assert (found.text, found.stop_reason) == ("Done.", "stop")
    assert seconds < 5


def hanging(**options: Any) -> tuple[Any, float]:
    """A run whose API never answers."""
    api = make_api()

    async def hang(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(30)
        return answer_pet(request)

    async def go() -> Any:
        http = httpx.AsyncClient(transport=httpx.MockTransport(hang))
        two = calls(("get_pet", {"pet_id": 1}), ("get_pet", {"pet_id": 2}))
        async with (
            api.async_client_class("http://127.0.0.1:9", http_client=http) as client,
            async_ai(Player([two, say("Done.")])) as ai,
        ):
            return await api.arun("hi", ai=ai, client=client, **options)

    started = time.monotonic()
    found = asyncio.run(go())
    return found, time.monotonic() - started


def test_calls_of_one_answer_run_at_the_same_time_up_to_a_limit() -> None:
    running: list[int] = [0, 0]

    async def count(request: httpx.Request) -> httpx.Response:
        running[0] += 1
        running[1] = max(running)
        await asyncio.sleep(0.02)
        running[0] -= 1
        return answer_pet(request)

    async def go(parallel: int) -> int:
        running[:] = [0, 0]
        api = make_api()
        http = httpx.AsyncClient(transport=httpx.MockTransport(count))
        turn = calls(*[("get_pet", {"pet_id": n}) for n in range(8)])
        async with (
            api.async_client_class("http://127.0.0.1:9", http_client=http) as client,
            async_ai(Player([turn, say("Done.")])) as ai,
        ):
            found = await api.arun("hi", ai=ai, client=client, parallel=parallel)
        assert [c.result.data["id"] for c in found.calls] == list(range(8))
        return running[1]

    assert asyncio.run(go(3)) == 3
    assert asyncio.run(go(1)) == 1


def test_a_cancelled_run_leaves_nothing_running() -> None:
    entered: list[str] = []

    async def hang(request: httpx.Request) -> httpx.Response:
        entered.append("in")
        try:
            await asyncio.sleep(30)
        finally:
            entered.append("out")
        return answer_pet(request)

    async def go() -> None:
        api = make_api()
        http = httpx.AsyncClient(transport=httpx.MockTransport(hang))
        two = calls(("get_pet", {"pet_id": 1}), ("get_pet", {"pet_id": 2}))
        async with (
            api.async_client_class("http://127.0.0.1:9", http_client=http) as client,
            async_ai(Player([two])) as ai,
        ):
            task = asyncio.ensure_future(api.arun("hi", ai=ai, client=client))
            while len(entered) < 2:
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert asyncio.all_tasks() == {asyncio.current_task()}
        assert entered == ["in", "in", "out", "out"]

    asyncio.run(go())


# --- repetition --------------------------------------------------------------------------------


@both
def test_the_same_read_with_the_same_result_is_not_run_a_third_time(hold: Hold) -> None:
    same = call("get_pet", {"pet_id": 7})
    player, server = Player([same, same, same, say("Fine.")]), Server()
    found = hold(player, server=server)
    assert (len(server.lines), found.text, found.stop_reason) == (2, "Fine.", "stop")
    assert "already called 2 times" in found.calls[2].result.content


@both
def test_a_model_that_goes_on_repeating_is_made_to_answer(hold: Hold) -> None:
    one, two = call("get_pet", {"pet_id": 7}), call("find_pets")
    player, server = Player([one, two, one, two, one, two, say("Fine.")]), Server()
    found = hold(player, server=server, max_turns=50)
    assert (found.text, found.stop_reason) == ("Fine.", "repeated_calls")
    assert (len(server.lines), choices(player)[-1]) == (4, "none")


@both
def test_the_same_call_several_times_in_one_answer(hold: Hold) -> None:
    five = calls(*[("get_pet", {"pet_id": 7})] * 5)
    server = Server()
    found = hold(Player([five, say("Fine.")]), server=server)
    assert len(server.lines) == 2
    assert [c.result.error for c in found.calls] == [None, None, "limit", "limit", "limit"]


@both
def test_polling_a_read_whose_result_changes_is_no_repetition(hold: Hold) -> None:
    states = iter(["queued", "queued", "running", "done"])

    def poll(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"state": next(states)})

    same = call("get_pet", {"pet_id": 7})
    found = hold(Player([same] * 4 + [say("Done.")]), server=Server(poll), repeats=4)
    assert [c.result.ok for c in found.calls] == [True] * 4


@both
def test_repeats_can_be_allowed_more_often(hold: Hold) -> None:
    same = call("get_pet", {"pet_id": 7})
    found = hold(Player([same] * 5 + [say("Done.")]), repeats=5)
    assert [c.result.ok for c in found.calls] == [True] * 4 + [False]


@both
def test_the_same_write_is_repeated_whatever_its_result(hold: Hold) -> None:
    numbers = iter(range(99))

    def create(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"id": next(numbers)})

    same = call("delete_pet", {"pet_id": 7})
    found = hold(Player([same] * 3 + [say("Done.")]), server=Server(create), approve="all")
    assert [c.result.ok for c in found.calls] == [True, True, False]


@both
def test_the_same_mistake_gets_two_repair_turns(hold: Hold) -> None:
    wrong = call("get_pet", {"pet": 7})
    player, server = Player([wrong] * 4 + [say("I cannot.")] * 9), Server()
    found = hold(player, server=server, max_turns=50)
    assert (found.text, found.stop_reason) == ("I cannot.", "repeated_calls")
    assert [c.result.error for c in found.calls] == ["bad-arguments"] * 4
    assert server.lines == []


@both
def test_ever_new_mistakes_with_one_tool_end_too(hold: Hold) -> None:
    wrong = [call("get_pet", {f"wrong{n}": 7}) for n in range(20)]
    found = hold(Player(wrong), max_turns=50)
    assert found.stop_reason == "repeated_calls"
    assert len(found.calls) <= 8


@both
def test_a_repaired_mistake_is_forgotten(hold: Hold) -> None:
    wrong, right = call("get_pet", {}), call("get_pet", {"pet_id": 7})
    script = [wrong, wrong, right, say("Sold.")]
    found = hold(Player(script))
    assert (found.text, found.stop_reason) == ("Sold.", "stop")


def test_repetition_counts_per_call_and_forgets_with_a_change() -> None:
    memory = Repetition(3)
    ok = ToolResult(True, "a", None, 200)
    for _ in range(2):
        assert memory.refusal("k", "t") is None
        memory.note("k", "t", ok, read=True)
    assert memory.refusal("other", "t") is None
    memory.note("k", "t", ToolResult(True, "b", None, 200), read=True)
    assert memory.refusal("k", "t") is None
    assert memory.strikes == 0


def test_limits_of_tokens_and_money() -> None:
    usage = Usage(90, 10, 100)
    assert Limits().over(usage, 5.0) is None
    assert Limits(max_total_tokens=100).over(usage, None) == "max_total_tokens"
    assert Limits(max_total_tokens=101).over(usage, None) is None
    assert Limits(max_cost=5.0).over(usage, 5.0) == "max_cost"
    assert Limits(max_cost=5.0).over(usage, None) is None


def test_a_call_has_one_spelling() -> None:
    assert call_key("a", {"x": 1, "y": 2}) == call_key("a", '{"y": 2, "x": 1}')
    assert call_key("a", {}) == call_key("a", None) != call_key("b", {})
    assert call_key("a", "{") == "a '{'"


__all__ = ["hold_async", "hold_sync"]
