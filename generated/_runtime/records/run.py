"""What a conversation is made of and what it ends in: calls, approvals, `Run`; how a run reads.

Plain data. `Run.messages` is JSON and can be given to `run` again. Everything in a run but its
own numbers is foreign text: as text for a terminal, Markdown or HTML, control characters never
reach a terminal, fences outgrow what they hold, HTML is escaped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from ..basics.json_repair import UnreadableArgumentsError, read_arguments
from .exchange import Message, ToolResult, Usage
from .steps import Entry, State, line

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
    title: str = ""

    @property
    def key(self) -> str:
        return call_key(self.name, self.arguments)

    def __str__(self) -> str:
        shown = ascii(json.dumps(self.arguments, ensure_ascii=False))[1:-1]
        title = f"{ascii(self.title)[1:-1]}: " if self.title else ""
        return (
            f"{title}{ascii(self.method + ' ' + self.url)[1:-1]} ({self.name} {shown})"
        )


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
    `cost` is an estimate in US dollars, None where no price is known. `text_calls` names the tools
    that the last answer calls in its text: such calls run with `text_calls=True` only.
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
    text_calls: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """One line; the conversation itself is in `print(run)`."""
        return f"<Run {summary(self)}>"

    def __str__(self) -> str:
        return as_text(self)

    def to_markdown(self) -> str:
        """The conversation as Markdown."""
        return as_markdown(self)

    def html(self) -> str:
        """The conversation as a page of its own: one file, without scripts or addresses."""
        from .page import SHOWN, page

        shown = [str(each) for each in self.pending]
        title = next((each.text for each in entries(self) if each.kind == "user"), "")
        return page(entries(self, SHOWN), shown, summary(self), title[:80] or "Run")

    def to_html(self) -> str:
        """The conversation as a fragment of HTML with its style, everything in it escaped."""
        from .page import SHOWN, fragment

        shown = [str(each) for each in self.pending]
        return fragment(entries(self, SHOWN), shown, summary(self))

    def _repr_html_(self) -> str:
        return self.to_html()


SHOWN = 2000
"""Characters of one message, arguments or result that are shown."""


def entries(run: Run, shown: int = SHOWN) -> Iterator[Entry]:
    """The steps of a run in order; calls are shown with their requests and results, texts with at
    most `shown` characters."""
    records = {(call.turn, call.id): call for call in run.calls}
    by_id = {call.id: call for call in run.calls}
    turn = 0
    for message in run.messages:
        role = message.get("role")
        if role == "assistant":
            turn += 1
            yield from _answer(message, shown)
        elif role == "tool":
            call_id = message.get("tool_call_id", "")
            record = records.get((turn, call_id)) or by_id.get(call_id)
            title = str(message.get("name") or "result")
            text = _clip(message.get("content"), shown)
            yield Entry("result", title, text, _facts(record), _state(record))
        else:
            kind: Literal["system", "user"] = "user" if role == "user" else "system"
            yield Entry(kind, kind, _clip(message.get("content"), shown))


def _answer(message: Message, shown: int) -> Iterator[Entry]:
    if message.get("reasoning"):
        yield Entry("reasoning", "reasoning", _clip(message["reasoning"], shown))
    if message.get("content"):
        yield Entry("assistant", "assistant", _clip(message["content"], shown))
    for call in message.get("tool_calls") or ():
        function = call["function"]
        name = str(function.get("name"))
        yield Entry("call", name, _clip(function.get("arguments"), shown))


def _facts(record: Call | None) -> tuple[str, ...]:
    """What is known of a call besides its result."""
    if record is None:
        return ()
    found = [record.request] if record.request else []
    if record.result.status_code is not None:
        found.append(str(record.result.status_code))
    if record.result.error:
        found.append(record.result.error)
    if record.seconds:
        found.append(_duration(record.seconds))
    return tuple(found)


def _state(record: Call | None) -> State:
    if record is None:
        return ""
    if record.result.ok:
        return "ok"
    return "refused" if record.result.error in ("refused", "limit") else "failed"


def summary(run: Run) -> str:
    """One line of numbers: why it ended, turns, calls, tokens, cost."""
    parts = [
        f"stopped: {run.stop_reason}",
        counted(run.turns, "turn"),
        counted(len(run.calls), "call"),
        str(run.usage),
    ]
    if run.cost is not None and run.usage.total_tokens:
        parts.append(f"about ${run.cost:.6f}")
    if run.model:
        parts.append(run.model)
    return ", ".join(parts)


def counted(number: int, what: str) -> str:
    """`1 call`, `2 calls`."""
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def _duration(seconds: float) -> str:
    """Milliseconds as long as they say more."""
    if seconds < 0.001:
        return "under 1 ms"
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


_TITLES = {
    "assistant": "model",
    "reasoning": "model thinks",
    "call": "→ {}",
    "result": "← {}",
}
"""How a step is headed; others by what they are."""


def _title(entry: Entry) -> str:
    title = " · ".join([entry.title, *entry.facts])
    return line(_TITLES.get(entry.kind, "{}").format(title))


def _waiting(run: Run) -> list[str]:
    """What waits for a decision, one line each."""
    return [f"?? waits for approval: {line(str(each))}" for each in run.pending]


def as_text(run: Run) -> str:
    """Plain text in which nothing can move a terminal's cursor."""
    lines = []
    for entry in entries(run):
        if entry.kind == "call":
            lines.append(f"{_title(entry)} {line(entry.text)}")
            continue
        lines.append(f"{_title(entry)}:")
        lines += ["    " + line(each) for each in entry.text.splitlines()]
    return "\n".join([*lines, *_waiting(run), f"({line(summary(run))})"])


def as_markdown(run: Run) -> str:
    """Markdown: headings for the steps, fenced blocks for everything foreign."""
    blocks = []
    for entry in entries(run):
        blocks.append(f"**{_plain(_title(entry))}**\n\n{_fenced(entry)}")
    blocks += [_plain(line) for line in _waiting(run)]
    return "\n\n".join([*blocks, f"*{_plain(line(summary(run)))}*"]) + "\n"


def _plain(text: str) -> str:
    """`text` without a meaning in Markdown."""
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", text)


def _fenced(entry: Entry) -> str:
    runs = re.findall(r"`+", entry.text)
    fence = "`" * max(3, 1 + max(map(len, runs), default=0))
    kind = (
        "json" if entry.kind in ("call", "result") and _is_json(entry.text) else "text"
    )
    text = "\n".join(line(each) for each in entry.text.splitlines())
    return f"{fence}{kind}\n{text}\n{fence}"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _clip(value: Any, shown: int) -> str:
    """Foreign text or JSON, at most `shown` characters."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else _parts(value)
    if len(text) <= shown:
        return text
    return f"{text[:shown]}... ({len(text) - shown:,} more characters)"


def _parts(value: Any) -> str:
    """Content in parts: the text of those that have some, the rest as JSON."""
    if not isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    texts = [part.get("text") if isinstance(part, dict) else None for part in value]
    return "\n".join(
        text if isinstance(text, str) else json.dumps(part, ensure_ascii=False)
        for part, text in zip(value, texts, strict=True)
    )
