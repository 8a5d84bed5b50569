"""What happens during a run, as it happens. Plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from ..ai.streaming import Piece
from ..records.exchange import Usage
from ..records.run import Call, Run


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """The model is about to be asked. `number` counts from 1."""

    kind: ClassVar[str] = "turn"
    number: int


@dataclass(frozen=True, slots=True)
class TextDelta:
    """Text of the model: a piece when streaming, else all of an answer's."""

    kind: ClassVar[str] = "text"
    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """Reasoning of the model, in pieces or whole."""

    kind: ClassVar[str] = "reasoning"
    text: str


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A tool call is about to run."""

    kind: ClassVar[str] = "call"
    id: str
    name: str
    arguments: Any


@dataclass(frozen=True, slots=True)
class CallFinished:
    """A tool call has its result, also when it was refused or never ran."""

    kind: ClassVar[str] = "result"
    call: Call


@dataclass(frozen=True, slots=True)
class UsageReported:
    """Tokens of the answer that just came, and of the run until now."""

    kind: ClassVar[str] = "usage"
    usage: Usage
    total: Usage


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The last event."""

    kind: ClassVar[str] = "done"
    run: Run


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
