"""An answer that is put together from the pieces of a stream, whatever says them.

`streaming` reads chat and native pieces into it, `stream_events` the events of other dialects.
Pure. Imports records, `answers`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..records.exchange import Answer, Finish, Question, ToolCall, Usage
from .answers import is_call, read_answer, read_finish


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an answer as it comes; `text` of a call's piece is the tool's name."""

    kind: Literal["text", "reasoning", "call"]
    text: str


@dataclass(slots=True)
class Draft:
    """A call that is still coming."""

    id: str = ""
    name: str = ""
    text: list[str] = field(default_factory=list)
    whole: Any = None

    @property
    def is_empty(self) -> bool:
        """Whether no arguments have come yet."""
        return self.whole is None and not any(self.text)

    def add(self, arguments: Any) -> None:
        """A part of the arguments as text, or all of them."""
        if isinstance(arguments, str):
            self.text.append(arguments)
        elif arguments is not None:
            self.whole = arguments

    def call(self) -> ToolCall:
        arguments = "".join(self.text) if self.whole is None else self.whole
        return ToolCall(self.id, self.name, arguments)


class Assembly:
    """What has come of an answer. With `mislabels` its text is called reasoning (section 12)."""

    def __init__(self, question: Question, *, mislabels: bool = False) -> None:
        self._question = question
        self._mislabels = mislabels
        self._text: list[str] = []
        self._holds_text = None if question.reads_text else False
        self._reasoning: list[str] = []
        self._drafts: list[Draft] = []
        self._by_index: dict[object, Draft] = {}
        self.items: dict[int, Mapping[str, Any]] = {}
        self.usage = Usage()
        self.finish: Finish | None = None
        self.model = ""
        self.final: dict[str, Any] | None = None
        self.done = False

    @property
    def is_whole(self) -> bool:
        """Whether the answer has come to its end."""
        return self.done or self.finish is not None

    def answer(self) -> Answer:
        """What has come until now."""
        if self.final is not None and self.final.get("output"):
            return read_answer(self.final, self._question)
        drafts = [draft.call() for draft in self._drafts]
        calls = tuple(call for call in drafts if is_call(call.name, call.arguments))
        return Answer(
            text="".join(self._text),
            calls=calls,
            reasoning="".join(self._reasoning),
            usage=self.usage,
            finish=self._finish(bool(calls)),
            model=self.model,
            output=tuple(item for _, item in sorted(self.items.items())),
        )

    def _finish(self, calls: bool) -> Finish:
        """As it was told; an answer that came to its end without saying why ended by itself."""
        if self.finish is not None or not self.done:
            return self.finish or "unknown"
        return "tool_calls" if calls else "stop"

    def note_finish(self, value: Any) -> None:
        if value is not None:
            self.finish = read_finish(value)

    def say(self, text: str) -> Iterator[Piece]:
        """Text to pass on, unless it may be a call in disguise (section 0.9)."""
        if not text:
            return
        self._text.append(text)
        if self._holds_text is None:
            text = "".join(self._text)
            start = text.lstrip()[:1]
            if start:
                self._holds_text = start in "{[`<"
        if self._holds_text is False:
            yield Piece("text", text)

    def think(self, text: str) -> Iterator[Piece]:
        """Reasoning, or what is only called so."""
        if self._mislabels:
            yield from self.say(text)
        elif text:
            self._reasoning.append(text)
            yield Piece("reasoning", text)

    # --- calls -------------------------------------------------------------------------

    def begin(self, index: object, call_id: str, name: str) -> Draft:
        """A new call, which later parts name by `index`, where there is one."""
        draft = Draft(call_id, name)
        self._drafts.append(draft)
        if index is not None:
            self._by_index[index] = draft
        return draft

    def draft_at(self, index: object) -> Draft | None:
        return None if index is None else self._by_index.get(index)

    @property
    def last_draft(self) -> Draft | None:
        return self._drafts[-1] if self._drafts else None


def index_of(part: Mapping[str, Any], name: str) -> int | str | None:
    """Which call a part belongs to; what can be no index is none."""
    value = part.get(name)
    return value if isinstance(value, int | str) else None


def as_text(value: Any) -> str:
    """Arguments that came whole, as the text that further parts may follow."""
    return json.dumps(value) if value else ""
