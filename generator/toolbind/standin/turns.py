"""What the stand-in's model says next: text, tool calls, faults; in Python or as JSON.

Plain data. Imports the standard library only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

FaultKind = Literal[
    "drop",  # the connection is closed instead of an answer
    "half",  # half of the answer, then the connection is closed
    "stall",  # `seconds` of silence before the answer
    "error",  # an error in Cloudflare's envelope: `code`, `status`
    "html",  # the edge's HTML page, status 503
    "garbage",  # status 200 and no JSON
    "empty",  # status 200 and nothing at all
    "error-midway",  # a stream whose second half is an error with `code`
    "plain",  # plain JSON where a stream was asked for
    "unreadable-call",  # a call that the server cannot read, as llama.cpp says it
]

STATUSES: Mapping[int, int] = {
    3003: 400,
    3006: 413,
    3007: 408,
    3008: 408,
    3023: 403,
    3036: 429,
    3039: 400,
    3040: 429,
    3041: 403,
    3042: 404,
    5004: 400,
    5005: 405,
    5006: 400,
    5007: 400,
    5016: 403,
    5018: 403,
    5019: 405,
    5035: 403,
    7000: 400,
    7003: 404,
    7009: 502,
    8001: 400,
    8005: 500,
    8006: 400,
    10000: 401,
}
"""HTTP status of each of Cloudflare's codes (contract section 6)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong. `retry_after` becomes a header."""

    kind: FaultKind
    code: int = 3040
    message: str = "Capacity temporarily exceeded, please try again."
    seconds: float = 0.0
    retry_after: str | None = None

    @property
    def status(self) -> int:
        return STATUSES.get(self.code, 500)


@dataclass(frozen=True, slots=True)
class ScriptedCall:
    """A tool call; `arguments` are an object, or any text to send as it stands."""

    name: str
    arguments: Any = field(default_factory=dict)
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One answer. `raw` (JSON, text or bytes) replaces everything, status and type aside.

    `finish` is what the calls say if it is None; an empty one is not told at all.
    """

    text: str = ""
    calls: tuple[ScriptedCall, ...] = ()
    reasoning: str = ""
    finish: str | None = None
    usage: Mapping[str, Any] | None = field(
        default_factory=lambda: {
            "prompt_tokens": 310,
            "completion_tokens": 17,
            "total_tokens": 327,
        }
    )
    fault: Fault | None = None
    raw: Any = None
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def finish_reason(self) -> str | None:
        if self.finish is not None:
            return self.finish or None
        return "tool_calls" if self.calls else "stop"


def say(text: str, **more: Any) -> Turn:
    """The model answers with text."""
    return Turn(text=text, **more)


def call(name: str, arguments: Any = None, **more: Any) -> Turn:
    """The model calls one tool."""
    return calls((name, {} if arguments is None else arguments), **more)


def calls(*wanted: Turn | tuple[str, Any] | ScriptedCall, **more: Any) -> Turn:
    """The model calls several tools in one answer: `calls(call("a"), call("b", {"x": 1}))`.

    What else such turns say (their reasoning, a text) is said by the last that says it. Raises
    TypeError for a turn that calls nothing.
    """
    listed: list[ScriptedCall] = []
    for each in wanted:
        if not isinstance(each, Turn):
            listed.append(each if isinstance(each, ScriptedCall) else ScriptedCall(*each))
            continue
        if not each.calls or each.fault is not None or each.raw is not None:
            raise TypeError("calls takes calls: call(NAME, ARGUMENTS) or (NAME, ARGUMENTS)")
        listed += each.calls
        said = {"text": each.text, "reasoning": each.reasoning, "finish": each.finish}
        more = {**{key: value for key, value in said.items() if value}, **more}
    return Turn(calls=tuple(listed), **more)


def fault(kind: FaultKind | int, **more: Any) -> Turn:
    """Something goes wrong: a kind of fault, or one of Cloudflare's codes."""
    if isinstance(kind, int):
        message = more.pop("message", f"AiError: scripted error {kind}")
        return Turn(fault=Fault("error", code=kind, message=message, **more))
    return Turn(fault=Fault(kind, **more))


Play: TypeAlias = "Callable[[Any], Turn]"
"""Given what was received, says the next turn. Runs in the server's threads."""

Script: TypeAlias = "Sequence[Turn | Play] | Play"


def load_script(path: Path) -> list[Turn]:
    """A script from a JSON file: a list of objects with the fields of `Turn`.

    `{"text": "Hello"}`, `{"calls": [{"name": "get_pet", "arguments": {"pet_id": 7}}]}`,
    `{"fault": "drop"}`, `{"fault": 3040}`. Raises ValueError that names the entry.
    """
    entries = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(entries, list):
        raise ValueError("a script is a list of turns")
    return [_turn(index, entry) for index, entry in enumerate(entries)]


_PLAIN = ("text", "reasoning", "finish", "usage", "raw", "status", "content_type", "headers")


def _turn(index: int, entry: Any) -> Turn:
    if not isinstance(entry, dict):
        raise ValueError(f"turn {index}: not an object")
    unknown = set(entry) - {*_PLAIN, "calls", "fault"}
    if unknown:
        raise ValueError(f"turn {index}: unknown {', '.join(sorted(unknown))}")
    fields = {key: entry[key] for key in _PLAIN if key in entry}
    try:
        listed = tuple(ScriptedCall(**each) for each in entry.get("calls", ()))
        wrong = entry.get("fault")
        found = None
        if isinstance(wrong, dict):
            found = Fault(**wrong)
        elif wrong is not None:
            found = fault(wrong).fault
    except TypeError as error:
        raise ValueError(f"turn {index}: {error}") from None
    return Turn(calls=listed, fault=found, **fields)


def exchanges(cases: Iterable[Mapping[str, Any]]) -> list[Turn]:
    """Recorded exchanges (`{"response", "status"?, "response_headers"?}`) as turns."""
    return [
        Turn(
            raw=case["response"],
            status=case.get("status", 200),
            content_type=case.get("content_type", "application/json"),
            headers=case.get("response_headers", {}),
        )
        for case in cases
    ]
