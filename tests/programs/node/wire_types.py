"""Requests of every family, and the stand-in's answers, against Cloudflare's published types.

Real conversations are held with the stand-in; every request that it got, and every answer that it
gave, becomes a case for wire_check.mjs, and so do the recorded exchanges of tests/fixtures/wire.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from toolbind.standin import Player, Received, Turn, calls, say
from toolbind.standin.shapes import Numbers, answer, shape_of
from toolbind_runtime.ai.table import MODELS

from tests.programs.node.deps import ROOT, node, npm_packages
from tests.unit.runtime.pets import Server, make_api
from tests.unit.runtime.standing_in import sync_ai

HERE = Path(__file__).parent / "wire_check"
WIRE = ROOT / "tests" / "fixtures" / "wire"

RIGHT = calls(("get_pet", {"pet_id": 7}), ("find_pets", {}), reasoning="Look it up.")
WRONG = calls(("no.such tool", "{"), ("get_pet", [7]), ("get_pet", "{'pet_id': 8,}"))
SCRIPT = [RIGHT, WRONG, say("Pet 7 is sold.")]
WAYS: list[dict[str, Any]] = [
    {},
    {"stream": True},
    {"tool_choice": "required"},
    {"tool_choice": "get_pet"},
    {"max_turns": 2},
    {"reasoning": False},
    {"reject_if_busy": True},
]
UNTYPED = frozenset({"@cf/swiss-ai/apertus-v1.5-8b", "@cf/utter-project/eurollm-9b-it"})
"""Models that the pinned types do not name."""

LOOSE = frozenset(
    {"@cf/ibm-granite/granite-4.0-h-micro", "@hf/nousresearch/hermes-2-pro-mistral-7b"}
)
"""Their type wants calls flat and nested at once, so no real answer fits it."""


def cases() -> Iterator[dict[str, Any]]:
    """One case for each request of each conversation."""
    for model in MODELS:
        surfaces: list[dict[str, Any]] = [{}, {"surface": "chat"}]
        if MODELS[model]["family"] == "chat+responses":
            surfaces += [{"form": "responses"}, {"surface": "responses"}]
        for settings in surfaces:
            for way in WAYS:
                yield from held(model, {**settings, **way})


def held(model: str, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    settings = {
        key: value
        for key, value in options.items()
        if key in ("surface", "form", "reasoning", "reject_if_busy")
    }
    run_options = {key: value for key, value in options.items() if key not in settings}
    given: list[Turn] = []

    def play(received: Received) -> Turn:
        given.append(SCRIPT[min(len(given), len(SCRIPT) - 1)])
        return given[-1]

    player = Player(play)
    api = make_api()
    with Server().sync(api) as client, sync_ai(player, model, **settings) as ai:
        events = api.run("Is pet 7 sold?", ai=ai, client=client, system="Be brief.", **run_options)
        if run_options.get("stream"):
            list(events)
    for number, (received, turn) in enumerate(zip(player.requests, given, strict=True), 1):
        yield case_of(received, turn, f"{model} {options} request {number}")


def case_of(received: Received, turn: Turn, name: str) -> dict[str, Any]:
    """A chat model's own type is the stricter one, also for what goes to /ai/v1."""
    model, surface = received.model, received.route.surface
    shape = shape_of(model, surface, received.body)
    own = surface == "run" or MODELS[model]["family"].startswith("chat")
    odd = model in LOOSE or turn is WRONG
    typed = surface if surface == "responses" else "run" if own else "chat"
    return {
        "name": name,
        "model": model,
        "surface": "chat" if model in UNTYPED else typed,
        "request": {"model": model, **received.body} if model in UNTYPED else received.body,
        "response": answer(turn, model, shape, Numbers()),
        "expect": {"response": "skip" if odd and shape.startswith("native") else "ok"},
    }


def main() -> int:
    """0 when every verdict is the expected one."""
    modules = npm_packages(HERE)
    with tempfile.TemporaryDirectory() as folder:
        captured = Path(folder) / "captured.jsonl"
        seen: dict[str, dict[str, Any]] = {}
        for case in cases():
            body = json.dumps([case["surface"], case["model"], case["request"], case["response"]])
            seen.setdefault(body, case)
        captured.write_text("".join(json.dumps(case) + "\n" for case in seen.values()))
        recorded = [str(path) for path in sorted(WIRE.glob("*.json"))]
        command = [node(), str(HERE / "wire_check.mjs"), "--json", "--deps", str(modules.parent)]
        told = Path(folder) / "verdicts.json"  # node may cut off what it writes to a pipe
        with told.open("w") as out:
            done = subprocess.run([*command, str(captured), *recorded], stdout=out, check=False)
        if done.returncode == 2:
            return 2
        verdicts = json.loads(told.read_text())
    for each in verdicts["cases"]:
        if not each["pass"]:
            print(f"FAIL {each['side']} {each['name']}: {each['structure'] or 'was accepted'}")
    print(f"wire types: {verdicts['passed']} passed, {verdicts['failed']} failed")
    return done.returncode
