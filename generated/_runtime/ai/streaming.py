"""Puts a streamed answer together, whichever family streams it, without I/O.

Native pieces, chat deltas and events of other dialects are told apart piece by piece (contract
section 5). Calls that come in parts, interleaved, whole, or closed by empty pieces end up
as the same ToolCalls that a whole answer gives. Imports `assembly`, `stream_events`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from ..basics.json_values import read_json
from ..errors import BrokenStreamError, OutOfTimeError, UnreadableAnswerError
from ..records.exchange import Answer, Question
from ..transport.sse import EventTooLongError, SSEDecoder
from .answers import (
    is_call,
    read_model,
    read_reasoning,
    read_text,
    read_usage,
    settle,
)
from .assembly import Assembly, Draft, Piece, index_of
from .errors import OUT_OF_TIME, service_error
from .stream_events import EVENTS, is_responses

__all__ = ["Piece", "StreamReader"]


class StreamReader:
    """Feed it bytes, get pieces; `close` gives the whole answer.

    `moved` is the moment of `time.monotonic` at which something of the answer came last: comments
    keep a connection open, and no answer is made of them.

    `feed` and `close` raise ServiceError where the stream itself tells of an error, and
    BrokenStreamError (with what came) where it makes no sense or ends too early. `mislabels`:
    the text of this answer comes labelled as reasoning.
    """

    def __init__(self, question: Question, *, mislabels: bool = False) -> None:
        self._question = question
        self._decoder = SSEDecoder()
        self._came = Assembly(question, mislabels=mislabels)
        self.started = False
        self.moved = time.monotonic()

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
        return settle(self._came.answer(), self._question)

    @property
    def is_whole(self) -> bool:
        """Whether the answer has come to its end."""
        return self._came.is_whole

    def broken(self, why: str) -> BrokenStreamError:
        """The error to raise with what came until now."""
        return BrokenStreamError(why, self._came.answer())

    def require_time(self, deadline: float | None) -> None:
        """Raise OutOfTimeError, with what came until now, from the deadline on."""
        if deadline is not None and time.monotonic() >= deadline:
            error = OutOfTimeError(OUT_OF_TIME)
            error.partial = self._came.answer()
            raise error

    # --- events ------------------------------------------------------------------------

    def _read(self, events: list[list[str]], *, last: bool = False) -> list[Piece]:
        pieces: list[Piece] = []
        for lines in events:
            for value in self._values(lines, last):
                self.started = True
                self.moved = time.monotonic()
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
            self._came.done = True
            return
        if not isinstance(value, dict):
            return
        kind = value.get("type")
        handler = EVENTS.get(kind) if isinstance(kind, str) else None
        if handler is not None:
            yield from handler(self._came, value)
            return
        if isinstance(kind, str) and is_responses(kind):
            return
        if _failed(value):
            error = service_error(0, value)
            error.partial = self._came.answer()
            raise error
        if isinstance(value.get("result"), dict) and "success" in value:
            value = value["result"]
        yield from self._piece(value)

    def _piece(self, value: dict[str, Any]) -> Iterator[Piece]:
        """A native piece or a chat chunk, or both in one."""
        if value.get("usage"):
            self._came.usage = read_usage(value["usage"])
        self._came.model = read_model(value.get("model")) or self._came.model
        choices = value.get("choices")
        for choice in choices if isinstance(choices, list) else ():
            if isinstance(choice, dict) and not choice.get("index"):
                delta = choice.get("delta") or choice.get("message") or {}
                if isinstance(delta, dict):
                    yield from self._delta(delta, "content")
                self._came.note_finish(choice.get("finish_reason"))
        yield from self._delta(value, "response")
        self._came.note_finish(value.get("finish_reason"))
        older = value.get("streamed_data")
        for inner in older if isinstance(older, list) else ():
            if isinstance(inner, dict):
                yield from self._piece(inner)

    def _delta(self, delta: Mapping[str, Any], text_key: str) -> Iterator[Piece]:
        yield from self._came.think(read_reasoning(delta))
        yield from self._came.say(read_text(delta.get(text_key)))
        entries = delta.get("tool_calls")
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict):
                yield from self._call_part(entry)

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
        draft.add(arguments)

    def _draft(self, entry: dict[str, Any], name: Any, arguments: Any) -> Draft:
        """The call that a part belongs to: by index, else the last one for mere parts."""
        given = entry.get("id")
        call_id = str(given) if isinstance(given, str | int) else ""
        index = index_of(entry, "index")
        draft = self._came.draft_at(index)
        if index is None and not name and not call_id:
            last = self._came.last_draft
            is_part = isinstance(arguments, str) or (last is not None and last.is_empty)
            draft = last if is_part else None
        if draft is not None and call_id and draft.id and call_id != draft.id and name:
            draft = None  # another call under an index that is already in use
        if draft is None:
            draft = self._came.begin(index, call_id, "")
        draft.id = draft.id or call_id
        return draft


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
