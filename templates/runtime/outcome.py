"""What a conversation is made of and what it ends in: calls, approvals, `Run`.

Plain data. `Run.messages` is JSON and can be given to `run` again. Imports `dialogue` and
`results`; `transcript` only when a run is printed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from .dialogue import Message, Usage
from .repair import UnreadableArgumentsError, read_arguments
from .results import ToolResult

StopReason = Literal[
    "stop",  # the model gave its answer
    "length",  # ... and was cut off by the token limit
    "content_filter",  # ... or by the service's filter
    "empty",  # the model said nothing at all
    "max_turns",  # the last turn allowed: the model answered without tools
    "max_calls",  # likewise, after the last call allowed
    "repeated_calls",  # likewise, after the same call or mistake again and again
    "max_total_tokens",  # the run is over its tokens
    "max_cost",  # the run is over its money
    "deadline",  # the run is over its time
    "approval",  # calls wait for a decision: see `pending`
    "error",  # the model's side failed; only on the `run` of an exception
]


@dataclass(frozen=True, slots=True)
class Call:
    """One tool call and what came of it.

    `arguments` are an object, or the text as it came where it could not be read.
    `request` is method and URL, secrets masked, or empty. `approved` is None where nobody
    had to be asked. `seconds` is the time it took.
    """

    id: str
    name: str
    arguments: Any
    turn: int
    result: ToolResult
    request: str = ""
    approved: bool | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class ApprovalRequest:
    """A call that wants a decision. `str()` is one line to show to a person.

    `key` stands for this tool with these arguments, for remembering a decision.
    """

    id: str
    name: str
    arguments: dict[str, Any]
    method: str
    url: str

    @property
    def key(self) -> str:
        return call_key(self.name, self.arguments)

    def __str__(self) -> str:
        shown = ascii(json.dumps(self.arguments, ensure_ascii=False))[1:-1]
        return f"{ascii(self.method + ' ' + self.url)[1:-1]} ({self.name} {shown})"


def call_key(name: str, arguments: Any) -> str:
    """One spelling for a call: the name, and the arguments with sorted keys."""
    try:
        arguments = read_arguments(arguments)
    except UnreadableArgumentsError:
        return f"{name} {arguments!r}"
    return f"{name} {json.dumps(arguments, sort_keys=True)}"


@dataclass(frozen=True, repr=False)
class Run:
    """A conversation that has ended. `print(run)` shows it step by step.

    `text` is the model's last answer, `messages` the whole conversation as plain JSON
    (give it to `run` to go on), `calls` every tool call in order, `usage` the tokens of
    all answers, `stop_reason` why it ended, `pending` the calls that wait for a decision.
    `cost` is an estimate in US dollars, None where no price is known.
    """

    text: str
    messages: list[Message]
    calls: list[Call]
    usage: Usage
    stop_reason: StopReason
    turns: int = 0
    model: str = ""
    cost: float | None = None
    pending: list[ApprovalRequest] = field(default_factory=list)

    def __repr__(self) -> str:
        """One line; the conversation itself is in `print(run)`."""
        from .transcript import summary

        return f"<Run {summary(self)}>"

    def __str__(self) -> str:
        from .transcript import as_text

        return as_text(self)

    def to_markdown(self) -> str:
        """The conversation as Markdown."""
        from .transcript import as_markdown

        return as_markdown(self)

    def to_html(self) -> str:
        """The conversation as an HTML fragment, everything in it escaped."""
        from .transcript import as_html

        return as_html(self)

    def _repr_html_(self) -> str:
        return self.to_html()
