"""`run` and `arun` tell a model the same, whatever comes: delays, faults, streams, calls.

Random scripts against real servers on loopback, each played twice; what a pet does when it is asked
for hangs on its number, so that calls side by side find what calls one after the other find.
"""

from __future__ import annotations

import asyncio
import random
import threading
from typing import Any

import pytest
from toolbind.standin import Fault, ScriptedCall, StandIn, Turn
from toolbind_runtime.ai.workers_ai import WorkersAI
from toolbind_runtime.ai.workers_ai_async import AsyncWorkersAI
from toolbind_runtime.errors import WorkersAIError
from toolbind_runtime.records.run import Run

from tests.effort import FULL
from tests.unit.runtime.http_support import Handler, Received, Reply, Server, serving
from tests.unit.runtime.pets import make_api
from tests.unit.runtime.standing_in import last_run

PATIENCE = 0.4
"""Seconds that a call, and an attempt of the model's side, may take."""

TEXT = {"Content-Type": "text/plain"}
JSON = {"Content-Type": "application/json"}

BEHAVIOURS: dict[int, Reply | str] = {
    0: Reply(200, b'{"id": 0}', JSON),
    1: Reply(404, b'{"detail": "no such pet"}', JSON),
    2: Reply(500, b"<title>Oops</title>", {"Content-Type": "text/html"}),
    3: Reply(200, b'{"id": ', JSON),
    4: Reply(200, b"x" * 20_000, TEXT),
    5: Reply(302, b"", {"Location": "https://elsewhere.example"}),
    6: Reply(200, b"\x1f\x8bno", {**JSON, "Content-Encoding": "gzip"}),
    7: "silence",
    8: "drop",
    9: "head and silence",
}


def pets_that_behave(request: Received, handler: Handler) -> Reply | None:
    behaviour = BEHAVIOURS[int(request.target.rpartition("/")[2]) % 10]
    if isinstance(behaviour, Reply):
        return behaviour
    if behaviour == "head and silence":
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")
        handler.wfile.flush()
    if "silence" in behaviour:
        threading.Event().wait(PATIENCE + 0.4)
    return None


def script(chance: random.Random) -> list[Turn]:
    turns: list[Turn] = []
    for _ in range(chance.randint(1, 3)):
        if chance.random() < 0.3:
            kind: Any = chance.choice(["drop", "half", "error", "html", "stall", "error-midway"])
            turns.append(Turn(text="Hello.", fault=Fault(kind, seconds=PATIENCE + 0.4)))
        calls = [
            ScriptedCall(
                chance.choice(["get_pet", "get_pet", "get_pet", "delete_pet", "no_such"]),
                {"pet_id": chance.choice([*range(10), "x"])},
                f"call-{len(turns)}-{number}",
            )
            for number in range(chance.randint(1, 4))
        ]
        turns.append(Turn(text=chance.choice(["", "Looking."]), calls=tuple(calls)))
    return [*turns, Turn(text="Done.")]


def told(found: Run | WorkersAIError) -> dict[str, Any]:
    """What a caller and a model can see of an end."""
    run = found if isinstance(found, Run) else found.run
    assert run is not None
    return {
        "messages": run.messages,
        "results": [
            (each.name, each.result.ok, each.result.error, each.result.content)
            for each in run.calls
            if each.result is not None
        ],
        "stop": run.stop_reason,
        "turns": run.turns,
        "error": None if isinstance(found, Run) else (type(found).__name__, str(found)),
    }


OPTIONS: dict[str, Any] = {"approve": "all", "call_timeout": PATIENCE, "max_turns": 6}


def play(turns: list[Turn], api_server: Server, kind: str, stream: bool) -> dict[str, Any]:
    api = make_api()
    with StandIn(turns) as standin:
        settings = {**standin.settings, "timeout": PATIENCE, "backoff": 0.01, "max_retries": 1}
        if kind == "sync":
            with (
                WorkersAI(**settings) as ai,
                api.client_class(api_server.url, max_retries=0) as client,
            ):
                try:
                    options = {**OPTIONS, "ai": ai, "client": client}
                    if not stream:
                        return told(api.run("Go.", **options))
                    return told(last_run(list(api.run("Go.", stream=True, **options))))
                except WorkersAIError as error:
                    return told(error)

        async def go() -> dict[str, Any]:
            async with (
                AsyncWorkersAI(**settings) as ai,
                api.async_client_class(api_server.url, max_retries=0) as client,
            ):
                try:
                    options = {**OPTIONS, "ai": ai, "client": client}
                    if not stream:
                        return told(await api.arun("Go.", **options))
                    events = [event async for event in api.arun("Go.", stream=True, **options)]
                    return told(last_run(events))
                except WorkersAIError as error:
                    return told(error)

        return asyncio.run(go())


@pytest.mark.parametrize("seed", range(200 if FULL else 10))
def test_both_drivers_tell_the_model_the_same(seed: int) -> None:
    chance = random.Random(seed)
    turns, stream = script(chance), chance.random() < 0.5
    with serving(pets_that_behave) as api_server:
        ours = play(turns, api_server, "sync", stream)
        theirs = play(turns, api_server, "async", stream)
    assert ours == theirs


def test_a_read_that_took_too_long_is_told_as_one() -> None:
    """Only what may have had an effect is to be looked after."""
    late = {"pet_id": 7}
    turns = [Turn(calls=(ScriptedCall("get_pet", late, "a"),)), Turn(text="Done.")]
    with serving(pets_that_behave) as api_server:
        for kind in ("sync", "async"):
            ((_, ok, error, content),) = play(turns, api_server, kind, False)["results"]
            assert not ok
            assert error == "timeout"
            assert "may not have had an effect" not in content
            assert "no whole answer within the time allowed" in content
