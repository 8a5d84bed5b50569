"""The recorded exchanges of tests/fixtures/wire, by name; sections are those of its CONTRACT.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from toolbind_runtime.contract import Tool
from toolbind_runtime.records.exchange import Question

WIRE = Path(__file__).parents[2] / "fixtures" / "wire"


def cases(file: str) -> list[dict[str, Any]]:
    """The cases of one file."""
    listed: list[dict[str, Any]] = json.loads((WIRE / file).read_text("utf-8"))["cases"]
    return listed


def case(file: str, name: str) -> dict[str, Any]:
    return next(each for each in cases(file) if each["name"] == name)


def stream(name: str) -> bytes:
    return (WIRE / name).read_bytes()


def tools_of(request: dict[str, Any]) -> tuple[Tool, ...]:
    """The tools of a recorded request, whatever their form."""
    flat = [each.get("function", each) for each in request.get("tools", ())]
    return tuple(
        Tool(
            name=each["name"],
            description=each["description"],
            parameters=each["parameters"],
        )
        for each in flat
    )


def choice_of(request: dict[str, Any]) -> str:
    choice = request.get("tool_choice", "auto")
    if isinstance(choice, str):
        return choice
    name: str = choice.get("function", choice)["name"]
    return name


def question_of(request: dict[str, Any]) -> Question:
    """What was asked, as our client would have put it."""
    messages = request.get("messages") or [{"role": "user", "content": "Is pet 7 sold?"}]
    return Question(tuple(messages), tools_of(request), choice_of(request))
