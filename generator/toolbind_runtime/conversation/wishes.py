"""What a conversation may want done, and what it is told of it. Plain data.

`loop` yields these, `driver` and `driver_async` carry them out.
"""

from __future__ import annotations

import json
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..contract import Tool
from ..records.exchange import Message, Question, ToolCall, ToolChoice, ToolResult
from ..records.run import ApprovalRequest, Run
from .events import Event
from .limits import Limits
from .toolset import Route

OUT_OF_TIME = "Not run: the time for this conversation is over."


@dataclass(slots=True)
class Turn:
    """What is about to be sent; a `prepare` hook may change it or give another.

    Changes are for this turn only: the conversation itself stays as it is.
    """

    number: int
    messages: list[Message]
    tools: list[Tool]
    tool_choice: ToolChoice = "auto"
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prepare:
    """Wanted: the caller's last look at a turn; send back the Turn to use."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class Ask:
    """Wanted: the model's Answer. `deadline` is a moment of the clock, or None."""

    question: Question
    deadline: float | None


@dataclass(frozen=True, slots=True)
class Approval:
    """Wanted: a Decision on this call."""

    request: ApprovalRequest


@dataclass(frozen=True, slots=True)
class Execute:
    """Wanted: these calls run, up to `parallel` at once; send back their Outcomes."""

    calls: tuple[Planned, ...]
    deadline: float | None
    limits: Limits

    def is_late(self) -> bool:
        """Whether the run's time is over, so that nothing may start."""
        return self.deadline is not None and time.monotonic() >= self.deadline

    def seconds_left(self) -> float | None:
        """Seconds that one call may take: its own limit, or what is left of the run."""
        left = None if self.deadline is None else self.deadline - time.monotonic()
        bounds = [b for b in (left, self.limits.call_seconds) if b is not None]
        return min(bounds, default=None)


@dataclass(frozen=True, slots=True)
class Tell:
    """Wanted: this event passed on."""

    event: Event


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one call, and the seconds that it took."""

    result: ToolResult
    seconds: float = 0.0


@dataclass(slots=True)
class Planned:
    """A call of the model on its way: `route` or `result` is set, in the end the result.

    `name` is the tool that is meant, which `call` may only stand for.
    """

    call: ToolCall
    name: str
    arguments: Any
    key: str
    route: Route | None = None
    result: ToolResult | None = None
    request: str = ""
    read: bool = True
    approved: bool | None = None
    seconds: float = 0.0


Effect: TypeAlias = Prepare | Ask | Approval | Execute | Tell
Steps: TypeAlias = Generator[Effect, Any, Run]

LATE = Outcome(ToolResult(False, json.dumps({"error": OUT_OF_TIME}), error="limit"))
"""The outcome of a call that came too late to start."""
