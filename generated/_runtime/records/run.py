"""What a conversation is made of and what it ends in: calls, approvals, `Run`; how a run reads.

Plain data. `Run.messages` is JSON and can be given to `run` again. Everything in a run but its
own numbers is foreign text: as text for a terminal, Markdown or HTML, control characters never
reach a terminal, fences outgrow what they hold, HTML is escaped.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from ..basics.json_repair import UnreadableArgumentsError, read_arguments
from .exchange import Message, ToolResult, Usage

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
        return f"<Run {summary(self)}>"

    def __str__(self) -> str:
        return as_text(self)

    def to_markdown(self) -> str:
        """The conversation as Markdown."""
        return as_markdown(self)

    def to_html(self) -> str:
        """The conversation as an HTML fragment, everything in it escaped."""
        return as_html(self)

    def _repr_html_(self) -> str:
        return self.to_html()


SHOWN = 2000
"""Characters of one message, arguments or result that are shown."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One step: who, a short title, and the text beneath it."""

    kind: Literal["system", "user", "assistant", "reasoning", "call", "result"]
    title: str
    text: str


def entries(run: Run) -> Iterator[Entry]:
    """The steps of a run in order; calls are shown with their requests and results."""
    records = {(call.turn, call.id): call for call in run.calls}
    by_id = {call.id: call for call in run.calls}
    turn = 0
    for message in run.messages:
        role = message.get("role")
        if role == "assistant":
            turn += 1
            yield from _answer(message)
        elif role == "tool":
            call_id = message.get("tool_call_id", "")
            record = records.get((turn, call_id)) or by_id.get(call_id)
            title = _result_title(message, record)
            yield Entry("result", title, _clip(message.get("content")))
        else:
            kind: Literal["system", "user"] = "user" if role == "user" else "system"
            yield Entry(kind, kind, _clip(message.get("content")))


def _answer(message: Message) -> Iterator[Entry]:
    if message.get("reasoning"):
        yield Entry("reasoning", "reasoning", _clip(message["reasoning"]))
    if message.get("content"):
        yield Entry("assistant", "assistant", _clip(message["content"]))
    for call in message.get("tool_calls") or ():
        function = call["function"]
        name = str(function.get("name"))
        yield Entry("call", name, _clip(function.get("arguments")))


def _result_title(message: Message, record: Call | None) -> str:
    name = str(message.get("name") or "result")
    if record is None:
        return name
    parts = [name]
    if record.request:
        parts.append(record.request)
    if record.result.status_code is not None:
        parts.append(str(record.result.status_code))
    if record.result.error:
        parts.append(record.result.error)
    if record.seconds:
        parts.append(_duration(record.seconds))
    return " · ".join(parts)


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
    return _line(_TITLES.get(entry.kind, "{}").format(entry.title))


def _waiting(run: Run) -> list[str]:
    """What waits for a decision, one line each."""
    return [f"?? waits for approval: {_line(str(each))}" for each in run.pending]


def as_text(run: Run) -> str:
    """Plain text in which nothing can move a terminal's cursor."""
    lines = []
    for entry in entries(run):
        if entry.kind == "call":
            lines.append(f"{_title(entry)} {_line(entry.text)}")
            continue
        lines.append(f"{_title(entry)}:")
        lines += ["    " + _line(line) for line in entry.text.splitlines()]
    return "\n".join([*lines, *_waiting(run), f"({_line(summary(run))})"])


def as_markdown(run: Run) -> str:
    """Markdown: headings for the steps, fenced blocks for everything foreign."""
    blocks = []
    for entry in entries(run):
        blocks.append(f"**{_plain(_title(entry))}**\n\n{_fenced(entry)}")
    blocks += [_plain(line) for line in _waiting(run)]
    return "\n\n".join([*blocks, f"*{_plain(_line(summary(run)))}*"]) + "\n"


def _plain(text: str) -> str:
    """`text` without a meaning in Markdown."""
    return re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", text)


def _fenced(entry: Entry) -> str:
    runs = re.findall(r"`+", entry.text)
    fence = "`" * max(3, 1 + max(map(len, runs), default=0))
    kind = (
        "json" if entry.kind in ("call", "result") and _is_json(entry.text) else "text"
    )
    text = "\n".join(_line(line) for line in entry.text.splitlines())
    return f"{fence}{kind}\n{text}\n{fence}"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def as_html(run: Run) -> str:
    """A fragment of HTML without scripts or links; all text is escaped."""
    parts = ['<div class="toolbind-run">']
    for entry in entries(run):
        title = html.escape(_title(entry))
        text = html.escape("\n".join(_line(li) for li in entry.text.splitlines()))
        parts.append(
            f'<section class="{entry.kind}"><strong>{title}</strong>'
            f'<pre style="white-space: pre-wrap">{text}</pre></section>'
        )
    last = [*_waiting(run), _line(summary(run))]
    parts.append("".join(f"<p>{html.escape(line)}</p>" for line in last) + "</div>")
    return "\n".join(parts)


def _clip(value: Any) -> str:
    """Foreign text or JSON, at most SHOWN characters."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else _parts(value)
    if len(text) <= SHOWN:
        return text
    return f"{text[:SHOWN]}... ({len(text) - SHOWN:,} more characters)"


def _parts(value: Any) -> str:
    """Content in parts: the text of those that have some, the rest as JSON."""
    if not isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    texts = [part.get("text") if isinstance(part, dict) else None for part in value]
    return "\n".join(
        text if isinstance(text, str) else json.dumps(part, ensure_ascii=False)
        for part, text in zip(value, texts, strict=True)
    )


def _line(text: str) -> str:
    """One line in which hidden and control characters stand as escapes."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in text
    )
