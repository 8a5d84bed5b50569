"""Conversations over real HTTP that go to extremes, on either side: nothing breaks, nothing stays.

What a model may do (a hundred calls at once, megabytes of arguments, the same id again), what an
API may answer (50 MB), what connections do between turns, and who stops a run from outside.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import signal
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from toolbind.standin import Player, ScriptedCall, StandIn, Turn, call, calls, fault, say
from toolbind_runtime.ai.bodies import dump
from toolbind_runtime.ai.workers_ai import WorkersAI
from toolbind_runtime.ai.workers_ai_async import AsyncWorkersAI
from toolbind_runtime.conversation.events import CallFinished, TextDelta
from toolbind_runtime.errors import UnreadableAnswerError, WorkersAIError

from tests.unit.runtime.conversation.test_agent import Hold, both, ways
from tests.unit.runtime.pets import Server, answer_pet, content, make_api
from tests.unit.runtime.sockets import raw_server
from tests.unit.runtime.standing_in import last_run

# --- what a model may do -----------------------------------------------------------------------


@both
@ways
def test_a_hundred_calls_in_one_answer(hold: Hold, stream: bool) -> None:
    turn = calls(*[("get_pet", {"pet_id": n}) for n in range(100)])
    player, server = Player([turn, say("Done.")], chunk=0), Server()
    limits = {"max_calls": 100, "max_calls_per_turn": 100}
    found = hold(player, server=server, stream=stream, **limits)
    assert [content(m)["body"]["id"] for m in found.messages[2:-1]] == list(range(100))
    assert len(server.lines) == 100
    bounded = hold(Player([turn, say("Done.")], chunk=0), stream=stream)
    assert [each.result.ok for each in bounded.calls] == [True] * 16 + [False] * 84
    assert player.complaints == []


@both
def test_the_same_id_in_every_turn_and_twice_in_one(hold: Hold) -> None:
    script = [Turn(calls=(ScriptedCall("get_pet", {"pet_id": n}, "same"),)) for n in (1, 2)]
    twice = tuple(ScriptedCall("get_pet", {"pet_id": n}, "same") for n in (3, 4))
    player = Player([*script, Turn(calls=twice), say("Done.")])
    found = hold(player)
    assert [each.result.data["id"] for each in found.calls] == [1, 2, 3, 4]
    assert player.complaints == []


@both
@ways
@pytest.mark.parametrize("model", ["@cf/zai-org/glm-4.7-flash", "@cf/qwen/qwen3-30b-a3b-fp8"])
def test_characters_of_every_kind_come_through(hold: Hold, stream: bool, model: str) -> None:
    text = '\U0001f469\u200d\U0001f52c é \u05d0\u202e \u0000 \\ " </script> \U0010ffff'
    script = [call("find_pets", {"status": text}), call("find_pets", {"status": "\ud83d"})]
    player = Player([*script, say(text)], chunk=1)
    found = hold(player, text, stream=stream, ai={"model": model})
    assert found.text == text
    assert [each.result.error for each in found.calls] == ["bad-arguments"] * 2
    assert found.calls[0].arguments == {"status": text}
    assert player.complaints == []
    assert json.loads(json.dumps(found.messages)) == found.messages


@both
def test_arguments_of_a_megabyte_are_read_or_refused_shortly(hold: Hold) -> None:
    script = [call("find_pets", {"status": "x" * size}) for size in (900_000, 1_100_000)]
    player = Player([*script, say("Done.")])
    found = hold(player)
    assert [each.result.error for each in found.calls] == ["bad-arguments"] * 2
    assert max(len(each.result.content) for each in found.calls) < 1_000
    assert len(dump(player.requests[-1].body)) < 2_500_000
    assert player.complaints == []


# --- what an API may answer --------------------------------------------------------------------


@both
def test_an_answer_of_fifty_megabytes_is_not_held_nor_shown(hold: Hold) -> None:
    read = 0

    def chunks() -> Any:
        nonlocal read
        for _ in range(50):
            read += 1
            yield b"x" * 1_000_000

    class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
        def __iter__(self) -> Any:
            return chunks()

        async def __aiter__(self) -> Any:
            for each in chunks():
                yield each

    def big(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-type": "text/plain"}, stream=Body())

    player = Player([call("find_pets"), say("Done.")])
    found = hold(player, server=Server(big))
    assert [each.result.error for each in found.calls] == ["too-large"]
    assert read <= 3
    assert len(found.messages[2]["content"]) < 500


# --- what the model's side may answer ----------------------------------------------------------


@both
@ways
@pytest.mark.parametrize("value", [None, [], [1], 7, True, {}, {"success": True, "result": []}])
def test_json_that_is_no_answer(hold: Hold, stream: bool, value: Any) -> None:
    player = Player([Turn(raw=json.dumps(value))] * 9)
    with pytest.raises(UnreadableAnswerError) as raised:
        hold(player, stream=stream)
    assert raised.value.run is not None
    assert raised.value.run.messages == [{"role": "user", "content": "Is pet 7 sold?"}]


@pytest.mark.parametrize("stream", [False, True])
def test_a_connection_that_was_dropped_between_turns_is_made_again(stream: bool) -> None:
    """The server says keep-alive and hangs up as soon as it has answered."""
    answers = iter([call_answer(1), call_answer(2), text_answer("Done.")])

    def once(connection: socket.socket) -> None:
        body = json.dumps(next(answers)).encode()
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
        connection.sendall(head % len(body) + body)

    api: Any = make_api()
    server = Server()
    with raw_server(once) as base_url, WorkersAI("m", base_url=base_url, backoff=0.01) as ai:
        found = api.run("hi", ai=ai, client=server.sync(api), stream=stream)
        found = last_run(list(found)) if stream else found
    assert (found.text, server.lines) == ("Done.", ["GET /pets/1", "GET /pets/2"])


def call_answer(number: int) -> dict[str, Any]:
    function = {"name": "get_pet", "arguments": json.dumps({"pet_id": number})}
    made = {"id": f"call{number}", "type": "function", "function": function}
    return {"choices": [{"message": {"content": None, "tool_calls": [made]}}]}


def text_answer(text: str) -> dict[str, Any]:
    return {"choices": [{"message": {"content": text}}]}


# --- several runs, and runs that are stopped ---------------------------------------------------


def test_one_client_holds_several_conversations_at_once() -> None:
    def play(received: Any) -> Turn:
        number = int(received.messages[0]["content"])
        done = any(m["role"] == "tool" for m in received.messages)
        return say(f"Pet {number}.") if done else call("get_pet", {"pet_id": number})

    api, server = make_api(), Server()
    numbers = range(10, 26)
    with StandIn(play, chunk=0) as standin:
        with WorkersAI(**standin.settings) as ai, server.sync(api) as client:

            def hold(number: int) -> str:
                return api.run(str(number), ai=ai, client=client).text

            with ThreadPoolExecutor(8) as pool:
                assert list(pool.map(hold, numbers)) == [f"Pet {n}." for n in numbers]

        async def together() -> list[str]:
            async with (
                AsyncWorkersAI(**standin.settings) as ai,
                server.asynchronous(api) as client,
            ):
                runs = (api.arun(str(n), ai=ai, client=client) for n in numbers)
                return [found.text for found in await asyncio.gather(*runs)]

        assert asyncio.run(together()) == [f"Pet {n}." for n in numbers]
        assert standin.complaints == []


@pytest.mark.parametrize("where", ["before the answer", "in the stream"])
def test_an_interrupt_leaves_no_connection_open(where: str) -> None:
    """Ctrl-C in synchronous code, while it waits for the model."""
    script = {
        "before the answer": [fault("stall", seconds=30)],
        "in the stream": [say("x" * 100_000)],
    }[where]
    api = make_api()
    with StandIn(script, chunk=1) as standin, WorkersAI(**standin.settings) as ai:
        here = threading.get_ident()  # a signal wakes the thread that waits only if sent to it
        timer = threading.Timer(0.3, signal.pthread_kill, (here, signal.SIGINT))
        timer.start()
        try:
            with pytest.raises(KeyboardInterrupt):
                list(api.run("hi", ai=ai, client=Server().sync(api), stream=True))
        finally:
            timer.cancel()
        pool: Any = ai._http._transport
        assert pool._pool.connections == []


@pytest.mark.parametrize("where", ["text", "result"])
def test_a_run_cancelled_in_mid_stream_leaves_nothing_open(where: str) -> None:
    async def slow(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        return answer_pet(request)

    async def go(standin: StandIn) -> None:
        api = make_api()
        http = httpx.AsyncClient(transport=httpx.MockTransport(slow))
        reached = asyncio.Event()

        async def listen(client: Any, ai: Any) -> None:
            async for event in api.arun("hi", ai=ai, client=client, stream=True):
                if isinstance(event, TextDelta if where == "text" else CallFinished):
                    reached.set()
                    await asyncio.sleep(30)

        async with (
            AsyncWorkersAI(**standin.settings) as ai,
            api.async_client_class("http://127.0.0.1:9", http_client=http) as client,
        ):
            task = asyncio.create_task(listen(client, ai))
            await reached.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            for _ in range(20):  # what httpx leaves to the collector
                await asyncio.sleep(0)
            pool: Any = ai._http._transport
            assert all(each.is_idle() for each in pool._pool.connections)
            assert asyncio.all_tasks() == {asyncio.current_task()}

    turn = calls(("get_pet", {"pet_id": 7}), text="Let me look. " * 500)
    with StandIn([turn, say("Done.")], chunk=16) as standin:
        asyncio.run(go(standin))


# --- limits where the service says nothing -----------------------------------------------------


@both
@ways
@pytest.mark.parametrize("limit", [{"max_total_tokens": 2_000}, {"max_cost": 0.0002}])
def test_ceilings_hold_where_no_usage_is_told(
    hold: Hold, stream: bool, limit: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    script = [call("get_pet", {"pet_id": n}, text="x" * 900, usage=None) for n in range(30)]
    player = Player(script)
    found = hold(player, stream=stream, max_turns=30, **limit)
    assert found.stop_reason in limit
    assert 1 < found.turns < 12
    assert found.usage.total_tokens == 0
    assert [r.message for r in caplog.records if "estimate" in r.message] == [
        "the model tells no usage: the limits go by an estimate"
    ]


def test_a_model_without_a_price_says_what_a_ceiling_of_cost_needs() -> None:
    api = make_api()
    with StandIn([say("Hello.")]) as standin:
        with (
            WorkersAI("@cf/zai-org/glm-5.2", **standin.settings) as ai,
            pytest.raises(WorkersAIError, match=r"give WorkersAI\(price=\(in, out\)\)"),
        ):
            api.run("hi", ai=ai, max_cost=1.0)
        with WorkersAI("@cf/zai-org/glm-5.2", price=(1.0, 3.0), **standin.settings) as ai:
            found = api.run("hi", ai=ai, max_cost=1.0)
        assert found.cost == pytest.approx((310 * 1.0 + 17 * 3.0) / 1e6)


# --- what is cached ----------------------------------------------------------------------------

FAMILIES = [
    ("@cf/zai-org/glm-4.7-flash", {}),
    ("@cf/moonshotai/kimi-k2.6", {}),
    ("@cf/meta/llama-3.3-70b-instruct-fp8-fast", {}),
    ("@cf/meta/llama-4-scout-17b-16e-instruct", {}),
    ("@cf/qwen/qwen3-30b-a3b-fp8", {}),
    ("@cf/openai/gpt-oss-120b", {"form": "responses"}),
    ("@cf/openai/gpt-oss-120b", {"surface": "chat"}),
]


@both
@ways
@pytest.mark.parametrize(("model", "settings"), FAMILIES, ids=[f"{m} {s}" for m, s in FAMILIES])
def test_each_request_of_a_run_begins_with_the_bytes_of_the_one_before(
    hold: Hold, stream: bool, model: str, settings: dict[str, Any]
) -> None:
    """Prompt caching is by prefix (contract section 1): tools and history never change."""
    player = Player(
        [
            call("get_pet", '{ "pet_id" : 7 }', reasoning="Hm.", text="Look: é😀"),
            calls(("get_pet", {"pet_id": "8"}), ("find_pets", "{'limit': 3,}")),
            call("get_pet", '{"pet_id": '),
            call("no_such_tool", {}),
            say("Done."),
        ],
        chunk=0,
    )
    found = hold(player, stream=stream, system="Be brief.", ai={"model": model, **settings})
    assert found.text == "Done."
    bodies = [received.body for received in player.requests]
    assert len(bodies) == 5
    key = "input" if "input" in bodies[0] else "messages"
    for before, after in itertools.pairwise(bodies):
        assert list(before) == list(after)
        assert dump(after[key]).startswith(dump(before[key])[:-1] + b",")
        for name in set(before) - {key}:
            assert dump(before[name]) == dump(after[name])
    assert player.complaints == []
