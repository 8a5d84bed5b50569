"""What happens during a run, as it happens. Plain data.

Each event has a `kind` by which a type checker knows it too:

    for event in run("...", stream=True):
        if event.kind == "text":
            print(event.text, end="")
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from ..ai.streaming import Piece
from ..records.exchange import Usage
from ..records.run import Call, Run


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """The model is about to be asked. `number` counts from 1."""

    number: int
    kind: Literal["turn"] = field(default="turn", init=False, repr=False)


@dataclass(frozen=True, slots=True)
class TextDelta:
    """Text of the model: a piece when streaming, else all of an answer's."""

    text: str
    kind: Literal["text"] = field(default="text", init=False, repr=False)


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """Reasoning of the model, in pieces or whole."""

    text: str
    kind: Literal["reasoning"] = field(default="reasoning", init=False, repr=False)


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A tool call is about to run."""

    id: str
    name: str
    arguments: Any
    kind: Literal["call"] = field(default="call", init=False, repr=False)


@dataclass(frozen=True, slots=True)
class CallFinished:
    """A tool call has its result, also when it was refused or never ran."""

    call: Call
    kind: Literal["result"] = field(default="result", init=False, repr=False)


@dataclass(frozen=True, slots=True)
class UsageReported:
    """Tokens of the answer that just came, and of the run until now."""

    usage: Usage
    total: Usage
    kind: Literal["usage"] = field(default="usage", init=False, repr=False)


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The last event."""

    run: Run
    kind: Literal["done"] = field(default="done", init=False, repr=False)


Event: TypeAlias = (
    TurnStarted
    | TextDelta
    | ReasoningDelta
    | CallStarted
    | CallFinished
    | UsageReported
    | RunFinished
)


def piece_event(piece: Piece) -> Event | None:
    """The event of a streamed piece; calls are told of when they start."""
    if piece.kind == "text":
        return TextDelta(piece.text)
    return ReasoningDelta(piece.text) if piece.kind == "reasoning" else None
