"""Puts a streamed answer together, whichever family streams it, without I/O.

Native pieces, chat deltas and Responses events are told apart piece by piece (contract
section 5). Calls that come in parts, interleaved, whole, or closed by empty pieces end up
as the same ToolCalls that a whole answer gives.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..basics.json_values import read_json
from ..errors import BrokenStreamError, OutOfTimeError, UnreadableAnswerError
from ..records.exchange import Answer, Finish, Question, ToolCall, Usage
from ..transport.sse import EventTooLongError, SSEDecoder
from .answers import (
    is_call,
    read_answer,
    read_finish,
    read_name,
    read_reasoning,
    read_text,
    read_usage,
    settle,
)
from .errors import OUT_OF_TIME, service_error


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an answer as it comes; `text` of a call's piece is the tool's name."""

    kind: Literal["text", "reasoning", "call"]
    text: str


@dataclass(slots=True)
class _Draft:
    """A call that is still coming."""

    id: str = ""
    name: str = ""
    text: list[str] = field(default_factory=list)
    whole: Any = None

    @property
    def is_empty(self) -> bool:
        """Whether no arguments have come yet."""
        return self.whole is None and not any(self.text)

    def call(self) -> ToolCall:
        arguments = "".join(self.text) if self.whole is None else self.whole
        return ToolCall(self.id, self.name, arguments)


class StreamReader:
    """Feed it bytes, get pieces; `close` gives the whole answer.

    `feed` and `close` raise ServiceError where the stream itself tells of an error, and
    BrokenStreamError (with what came) where it makes no sense or ends too early.
    """

    def __init__(self, question: Question) -> None:
        self._question = question
        self._decoder = SSEDecoder()
        self._text: list[str] = []
        self._holds_text = None if question.forced else False
        self._reasoning: list[str] = []
        self._drafts: list[_Draft] = []
        self._by_index: dict[object, _Draft] = {}
        self._items: dict[int, Mapping[str, Any]] = {}
        self._usage = Usage()
        self._finish: Finish | None = None
        self._model = ""
        self._final: dict[str, Any] | None = None
        self._done = False
        self.started = False

    def feed(self, chunk: bytes) -> list[Piece]:
        """The pieces that these bytes complete."""
        try:
            return self._read(self._decoder.feed(chunk))
        except (UnreadableAnswerError, EventTooLongError) as error:
            raise self.broken(str(error)) from None

    def close(self) -> Answer:
        """The answer, once all bytes are there."""
        try:
            self._read(self._decoder.close(), last=True)
        except (UnreadableAnswerError, EventTooLongError) as error:
            raise self.broken(str(error)) from None
        if not self.is_whole:
            raise self.broken("the stream ended before the answer did")
        return settle(self._answer(), self._question)

    @property
    def is_whole(self) -> bool:
        """Whether the answer has come to its end."""
        return self._done or self._finish is not None

    def broken(self, why: str) -> BrokenStreamError:
        """The error to raise with what came until now."""
        return BrokenStreamError(why, self._answer())

    def require_time(self, deadline: float | None) -> None:
        """Raise OutOfTimeError, with what came until now, from the deadline on."""
        if deadline is not None and time.monotonic() >= deadline:
            error = OutOfTimeError(OUT_OF_TIME)
            error.partial = self._answer()
            raise error

    def _answer(self) -> Answer:
        if self._final is not None and self._final.get("output"):
            return read_answer(self._final, self._question)
        output = tuple(item for _, item in sorted(self._items.items()))
        calls = [draft.call() for draft in self._drafts]
        return Answer(
            text="".join(self._text),
            calls=tuple(call for call in calls if is_call(call.name, call.arguments)),
            reasoning="".join(self._reasoning),
            usage=self._usage,
            finish=self._finish or "unknown",
            model=self._model,
            output=output,
        )

    # --- events ------------------------------------------------------------------------

    def _read(self, events: list[list[str]], *, last: bool = False) -> list[Piece]:
        pieces: list[Piece] = []
        for lines in events:
            for value in self._values(lines, last):
                self.started = True
                pieces.extend(self._value(value))
        return pieces

    def _values(self, lines: list[str], last: bool) -> Iterator[Any]:
        """The JSON values of one event: usually one, in one or in several lines."""
        joined = "\n".join(lines)
        for candidate in ([joined], lines):
            values = [_decode(text) for text in candidate]
            if all(value is not _NO_JSON for value in values):
                yield from values
                return
        if not last:  # a last event that is cut off is reported as such by `close`
            raise UnreadableAnswerError("a piece of the stream is no JSON")

    def _value(self, value: Any) -> Iterator[Piece]:
        if value is _DONE:
            self._done = True
            return
        if not isinstance(value, dict):
            return
        kind = value.get("type")
        if isinstance(kind, str) and kind.startswith("response."):
            handler = _RESPONSES.get(kind)
            if handler is not None:
                yield from handler(self, value)
            return
        if _failed(value):
            error = service_error(0, value)
            error.partial = self._answer()
            raise error
        if isinstance(value.get("result"), dict) and "success" in value:
            value = value["result"]
        yield from self._piece(value)

    def _piece(self, value: dict[str, Any]) -> Iterator[Piece]:
        """A native piece or a chat chunk, or both in one."""
        if value.get("usage"):
            self._usage = read_usage(value["usage"])
        self._model = read_name(value.get("model")) or self._model
        choices = value.get("choices")
        for choice in choices if isinstance(choices, list) else ():
            if isinstance(choice, dict) and not choice.get("index"):
                delta = choice.get("delta") or choice.get("message") or {}
                if isinstance(delta, dict):
                    yield from self._delta(delta, "content")
                self._note_finish(choice.get("finish_reason"))
        yield from self._delta(value, "response")
        self._note_finish(value.get("finish_reason"))
        older = value.get("streamed_data")
        for inner in older if isinstance(older, list) else ():
            if isinstance(inner, dict):
                yield from self._piece(inner)

    def _delta(self, delta: Mapping[str, Any], text_key: str) -> Iterator[Piece]:
        reasoning = read_reasoning(delta)
        if reasoning:
            yield from self._think(reasoning)
        text = read_text(delta.get(text_key))
        if text:
            yield from self._say(text)
        entries = delta.get("tool_calls")
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict):
                yield from self._call_part(entry)

    def _say(self, text: str) -> Iterator[Piece]:
        """Text to pass on, unless it may be a forced call in disguise (section 0.9)."""
        self._text.append(text)
        if self._holds_text is None:
            text = "".join(self._text)
            start = text.lstrip()[:1]
            if start:
                self._holds_text = start in "{["
        if self._holds_text is False:
            yield Piece("text", text)

    def _think(self, text: str) -> Iterator[Piece]:
        self._reasoning.append(text)
        yield Piece("reasoning", text)

    def _note_finish(self, value: Any) -> None:
        if value is not None:
            self._finish = read_finish(value)

    # --- calls -------------------------------------------------------------------------

    def _call_part(self, entry: dict[str, Any]) -> Iterator[Piece]:
        """A start, a part of arguments, a whole call, or an empty closing piece."""
        inner = entry.get("function")
        source = inner if isinstance(inner, dict) else entry
        name, arguments = source.get("name"), source.get("arguments")
        if not (is_call(name, arguments) or entry.get("id")):
            return
        draft = self._draft(entry, name, arguments)
        if isinstance(name, str) and name and not draft.name:
            draft.name = name
            yield Piece("call", name)
        self._add_arguments(draft, arguments)

    def _draft(self, entry: dict[str, Any], name: Any, arguments: Any) -> _Draft:
        """The call that a part belongs to: by index, else the last one for mere parts."""
        given = entry.get("id")
        call_id = str(given) if isinstance(given, str | int) else ""
        index = _index(entry, "index")
        draft = self._by_index.get(index) if index is not None else None
        if index is None and not name and not call_id and self._drafts:
            last = self._drafts[-1]
            draft = last if isinstance(arguments, str) or last.is_empty else None
        if draft is not None and call_id and draft.id and call_id != draft.id and name:
            draft = None  # another call under an index that is already in use
        if draft is None:
            draft = _Draft(id=call_id)
            self._drafts.append(draft)
            if index is not None:
                self._by_index[index] = draft
        draft.id = draft.id or call_id
        return draft

    def _add_arguments(self, draft: _Draft, arguments: Any) -> None:
        if isinstance(arguments, str):
            draft.text.append(arguments)
        elif arguments is not None:
            draft.whole = arguments

    # --- Responses events --------------------------------------------------------------

    def _text_delta(self, event: dict[str, Any]) -> Iterator[Piece]:
        text = read_text(event.get("delta"))
        if text:
            yield from self._say(text)

    def _reasoning_delta(self, event: dict[str, Any]) -> Iterator[Piece]:
        text = read_text(event.get("delta"))
        if text:
            yield from self._think(text)

    def _item_added(self, event: dict[str, Any]) -> Iterator[Piece]:
        item = event.get("item")
        if isinstance(item, dict) and item.get("type") == "function_call":
            draft = _Draft(read_name(item.get("call_id")), read_name(item.get("name")))
            self._drafts.append(draft)
            self._by_index[_index(event, "output_index")] = draft
            yield Piece("call", draft.name)

    def _arguments_delta(self, event: dict[str, Any]) -> Iterator[Piece]:
        draft = self._by_index.get(_index(event, "output_index"))
        if draft is not None:
            draft.text.append(read_text(event.get("delta")))
        yield from ()

    def _arguments_done(self, event: dict[str, Any]) -> Iterator[Piece]:
        draft = self._by_index.get(_index(event, "output_index"))
        if draft is not None and isinstance(event.get("arguments"), str):
            draft.text = [event["arguments"]]
        yield from ()

    def _item_done(self, event: dict[str, Any]) -> Iterator[Piece]:
        item, index = event.get("item"), _index(event, "output_index")
        if isinstance(item, dict) and isinstance(index, int):
            self._items[index] = item
            if item.get("type") == "function_call" and index not in self._by_index:
                yield from self._item_added(event)
            yield from self._arguments_done({**item, "output_index": index})

    def _completed(self, event: dict[str, Any]) -> Iterator[Piece]:
        response = event.get("response")
        if isinstance(response, dict):
            self._final = response
            self._usage = read_usage(response.get("usage"))
            self._model = read_name(response.get("model"))
            details = response.get("incomplete_details")
            why = details.get("reason") if isinstance(details, dict) else None
            self._finish = read_finish(why or response.get("status"))
        self._done = True
        yield from ()

    def _response_failed(self, event: dict[str, Any]) -> Iterator[Piece]:
        error = service_error(0, event.get("response") or event)
        error.partial = self._answer()
        raise error


_RESPONSES: Mapping[str, Callable[[StreamReader, dict[str, Any]], Iterator[Piece]]] = {
    "response.output_text.delta": StreamReader._text_delta,
    "response.refusal.delta": StreamReader._text_delta,
    "response.reasoning_text.delta": StreamReader._reasoning_delta,
    "response.reasoning_summary_text.delta": StreamReader._reasoning_delta,
    "response.output_item.added": StreamReader._item_added,
    "response.output_item.done": StreamReader._item_done,
    "response.function_call_arguments.delta": StreamReader._arguments_delta,
    "response.function_call_arguments.done": StreamReader._arguments_done,
    "response.completed": StreamReader._completed,
    "response.incomplete": StreamReader._completed,
    "response.failed": StreamReader._response_failed,
}

_DONE = object()
_NO_JSON = object()


def _decode(text: str) -> Any:
    if text.strip() == "[DONE]":
        return _DONE
    try:
        return read_json(text)
    except ValueError:
        return _NO_JSON


def _failed(value: dict[str, Any]) -> bool:
    """Whether a piece tells of an error, in any of the known forms (section 6)."""
    return bool(
        value.get("error")
        or value.get("errors")
        or value.get("success") is False
        or value.get("type") == "error"
        or "internalCode" in value
    )


def _index(part: Mapping[str, Any], name: str) -> int | str | None:
    """Which call a part belongs to; what can be no index is none."""
    value = part.get(name)
    return value if isinstance(value, int | str) else None
