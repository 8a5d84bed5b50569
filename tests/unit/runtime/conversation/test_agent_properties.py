"""Whatever a model answers, a run ends within its limits, whole, with nothing left open.

Sequences of well-formed answers, malformed ones and faults, for every family, whole and streamed,
synchronous and not. The stand-in refuses requests that break the contract, so a conversation that
was put together wrongly shows as a complaint.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from toolbind.standin import Fault, Player, ScriptedCall, Turn
from toolbind_runtime.errors import WorkersAIError
from toolbind_runtime.records.run import Run

from tests.effort import examples
from tests.unit.runtime.pets import Server, make_api
from tests.unit.runtime.standing_in import Transport, async_ai, last_run, sync_ai

NAMES = st.sampled_from(["get_pet", "find_pets", "delete_pet", "drop_table", "", "x.y", "GET"])
ARGUMENTS = st.sampled_from(
    [
        {"pet_id": 7},
        {"pet_id": 404},
        {"pet_id": "8"},
        {},
        {"pet_id": 7, "admin": True},
        '{"pet_id": 7',
        "{'pet_id': 7,}",
        '"{\\"pet_id\\": 7}"',
        "",
        "null",
        "[7]",
        '{"pet_id": NaN}',
        '{"pet_id": "\\ud800"}',
        '{"pet_id": "../../admin"}',
    ]
)
CALLS = st.builds(
    ScriptedCall, NAMES, ARGUMENTS, st.sampled_from([None, None, "same", "", "a b", "x" * 200])
)
ANSWERS = st.builds(
    Turn,
    text=st.sampled_from(["", "Hello.", "é€😀", '{"name":"get_pet","arguments":{"pet_id":7}}']),
    calls=st.lists(CALLS, max_size=5).map(tuple),
    reasoning=st.sampled_from(["", "Hm."]),
    finish=st.sampled_from([None, "stop", "length", "nonsense"]),
    usage=st.sampled_from([None, {}, {"total_tokens": 100}, {"total_tokens": "x"}]),
)
ODD_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "get_pet", "{}"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("result", "success", "errors", "error", "response", "tool_calls"),
                    *("choices", "message", "content", "output", "function", "name", "delta"),
                    *("arguments", "id", "type", "index", "usage", "finish_reason"),
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)
MALFORMED = st.builds(Turn, raw=ODD_JSON.filter(lambda value: value is not None)) | st.builds(
    Turn,
    raw=st.lists(ODD_JSON, max_size=4).map(
        lambda values: "".join(f"data: {json.dumps(value)}\n\n" for value in values)
    ),
    content_type=st.just("text/event-stream"),
)
KINDS = st.sampled_from(
    ["drop", "half", "error", "html", "garbage", "empty", "error-midway", "plain"]
)
FAULTS = st.builds(
    Turn,
    text=st.just("Hello there."),
    fault=st.builds(Fault, KINDS, code=st.sampled_from([3040, 3036, 5006, 7009, 9999])),
)
NAMED = ANSWERS.filter(lambda turn: all(call.name for call in turn.calls))
"""In a flat stream, arguments without a name or an index go on with the call before."""
LAST = [Turn(text="Done.")] * 8
SCRIPTS = st.lists(ANSWERS | ANSWERS | MALFORMED | FAULTS, min_size=1, max_size=12)
MODELS = st.sampled_from(
    [
        ("@cf/zai-org/glm-4.7-flash", {}),
        ("@cf/moonshotai/kimi-k2.6", {}),
        ("@cf/meta/llama-3.3-70b-instruct-fp8-fast", {}),
        ("@cf/meta/llama-4-scout-17b-16e-instruct", {}),
        ("@cf/qwen/qwen3-30b-a3b-fp8", {}),
        ("@cf/openai/gpt-oss-120b", {"form": "responses"}),
        ("@cf/openai/gpt-oss-20b", {"surface": "responses"}),
        ("@cf/zai-org/glm-4.7-flash", {"surface": "chat"}),
        ("@cf/some/new-model", {}),
    ]
)
OPTIONS = st.fixed_dictionaries(
    {
        "approve": st.sampled_from(["reads", "all", "none", {}, {"delete_pet": True}]),
        "max_turns": st.integers(1, 6),
        "max_calls": st.integers(0, 8),
        "max_calls_per_turn": st.integers(1, 4),
        "max_total_tokens": st.sampled_from([None, 150]),
        "tool_choice": st.sampled_from(["auto", "required", "get_pet"]),
    }
)


def check_whole(found: Run, player: Player, server: Server, options: dict[str, Any]) -> None:
    """Limits kept, calls answered once and in order, nothing sent that the contract forbids."""
    assert player.complaints == []
    assert found.turns <= options["max_turns"]
    assert len(server.requests) <= options["max_calls"]
    assert json.loads(json.dumps(found.messages)) == found.messages
    open_calls: list[str] = []
    for message in found.messages:
        if message["role"] == "tool":
            assert message["tool_call_id"] == open_calls.pop(0)
            assert isinstance(message["content"], str)
            continue
        assert open_calls == []
        open_calls = [call["id"] for call in message.get("tool_calls", ())]
        assert len(set(open_calls)) == len(open_calls)
    assert bool(open_calls) == bool(found.pending) == (found.stop_reason == "approval")
    if options["approve"] in ("reads", "none", {}):
        assert all(request.method == "GET" for request in server.requests)


def check_closed(transport: Any) -> None:
    assert isinstance(transport, Transport)
    assert all(body.closed for body in transport.bodies)


@settings(max_examples=examples(300), deadline=None)
@given(SCRIPTS, MODELS, OPTIONS, st.booleans())
def test_any_answers_end_in_a_whole_run_or_a_typed_error(
    script: list[Turn], model: tuple[str, dict[str, Any]], options: dict[str, Any], stream: bool
) -> None:
    api, server, player = make_api(), Server(), Player(script, chunk=0)
    with server.sync(api) as client, sync_ai(player, model[0], **model[1]) as ai:
        try:
            if stream:
                found = last_run(list(api.run("hi", ai=ai, client=client, stream=True, **options)))
            else:
                found = api.run("hi", ai=ai, client=client, **options)
        except WorkersAIError as error:
            assert error.run is not None  # noqa: PT017  # either end is fine
            found = error.run
        check_whole(found, player, server, options)
        check_closed(ai._http._transport)


@settings(max_examples=examples(150), deadline=None)
@given(SCRIPTS, MODELS, OPTIONS, st.booleans())
def test_the_same_under_asyncio_with_no_task_left(
    script: list[Turn], model: tuple[str, dict[str, Any]], options: dict[str, Any], stream: bool
) -> None:
    async def go() -> None:
        api, server, player = make_api(), Server(), Player(script, chunk=0)
        async with (
            server.asynchronous(api) as client,
            async_ai(player, model[0], **model[1]) as ai,
        ):
            try:
                if stream:
                    events = api.arun("hi", ai=ai, client=client, stream=True, **options)
                    found = last_run([event async for event in events])
                else:
                    found = await api.arun("hi", ai=ai, client=client, **options)
            except WorkersAIError as error:
                assert error.run is not None  # noqa: PT017  # either end is fine
                found = error.run
            check_whole(found, player, server, options)
            check_closed(ai._http._transport)
        for _ in range(20):  # httpx leaves its own generators, one in another, to the collector
            await asyncio.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(go())


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(NAMED, min_size=1, max_size=8), MODELS, OPTIONS, st.sampled_from([0, 1, 2, 3, 64]))
def test_a_run_is_the_same_whole_and_streamed_in_any_cut(
    script: list[Turn], model: tuple[str, dict[str, Any]], options: dict[str, Any], chunk: int
) -> None:
    def held(stream: bool) -> tuple[Run, list[Any]]:
        api, server, player = make_api(), Server(), Player([*script, *LAST], chunk=chunk)
        with server.sync(api) as client, sync_ai(player, model[0], **model[1]) as ai:
            plays = api.run("hi", ai=ai, client=client, stream=True, **options)
            if stream:
                events = list(plays)
                return last_run(events), events
            return api.run("hi", ai=ai, client=client, **options), []

    (whole, _), (streamed, events) = held(False), held(True)
    assert streamed.text == whole.text
    assert streamed.stop_reason == whole.stop_reason
    assert streamed.messages == whole.messages
    assert [c.result.content for c in streamed.calls] == [c.result.content for c in whole.calls]
    said = "".join(event.text for event in events if event.kind == "text")
    answers = [m["content"] for m in whole.messages if m["role"] == "assistant"]
    assert said == "".join(answers)


@settings(max_examples=examples(100), deadline=None)
@given(SCRIPTS, MODELS, st.integers(0, 12))
def test_a_stream_left_at_any_point_leaves_nothing_open(
    script: list[Turn], model: tuple[str, dict[str, Any]], steps: int
) -> None:
    api, server, player = make_api(), Server(), Player(script, chunk=0)
    with server.sync(api) as client, sync_ai(player, model[0], **model[1]) as ai:
        events = api.run("hi", ai=ai, client=client, stream=True)
        try:
            for _, _event in zip(range(steps), events, strict=False):
                pass
        except WorkersAIError:
            pass
        events.close()  # type: ignore[attr-defined]  # a generator
        check_closed(ai._http._transport)


@settings(max_examples=examples(100), deadline=None)
@given(SCRIPTS, MODELS, OPTIONS)
def test_whatever_a_run_ends_in_can_be_gone_on_with(
    script: list[Turn], model: tuple[str, dict[str, Any]], options: dict[str, Any]
) -> None:
    api, server, player = make_api(), Server(), Player(script)
    with server.sync(api) as client, sync_ai(player, model[0], **model[1]) as ai:
        try:
            found = api.run("hi", ai=ai, client=client, **options)
        except WorkersAIError as error:
            assert error.run is not None  # noqa: PT017  # either end is fine
            found = error.run
        player.play([Turn(text="Done.")])
        more = [*found.messages, {"role": "user", "content": "And now?"}]
        for messages in (found.messages, more):
            player.play([Turn(text="Done.")])
            if messages[-1]["role"] != "assistant" or messages[-1].get("tool_calls"):
                again = api.run(messages, ai=ai, client=client, approve="reads")
                assert again.text == "Done."
        assert player.complaints == []
