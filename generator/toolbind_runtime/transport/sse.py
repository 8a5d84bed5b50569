"""Server-sent events out of bytes in any cut, without I/O.

Lines end in CR, LF or CRLF, wherever chunks are cut; UTF-8 may be cut too; comments are
skipped; `data:` comes with or without a blank; the last line needs no end (contract
section 5).
"""

from __future__ import annotations

import codecs
import re

EVENT_LIMIT = 16 * 1024 * 1024
"""Characters of one event at most."""

_LINE_END = re.compile(r"\r\n|\n|\r")


class EventTooLongError(ValueError):
    """An event of more than EVENT_LIMIT characters."""


class SSEDecoder:
    """Feed it bytes, get the data of the events that are complete."""

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
        self._open: list[str] = []  # pieces of the line that has not ended yet
        self._data: list[str] = []
        self._size = 0
        self._after_cr = False

    def feed(self, chunk: bytes) -> list[list[str]]:
        """The `data` lines of each event that `chunk` completes."""
        return self._take(self._decode(chunk))

    def close(self) -> list[list[str]]:
        """What the last bytes complete: a last line, a last event."""
        return self._take(self._decode(b"", True) + "\n\n")

    def _take(self, text: str) -> list[list[str]]:
        if self._after_cr and text:
            self._after_cr = False
            text = text[1:] if text[0] == "\n" else text
        if text.endswith("\r"):
            self._after_cr = True
        self._size += len(text)
        if self._size > EVENT_LIMIT:
            raise EventTooLongError("an event of the stream is too long")
        *ended, rest = _LINE_END.split(text)
        events: list[list[str]] = []
        for piece in ended:
            line = "".join((*self._open, piece))
            self._open.clear()
            self._line(line, events)
        if rest:
            self._open.append(rest)
        return events

    def _line(self, line: str, events: list[list[str]]) -> None:
        if not line:
            if self._data:
                events.append(self._data)
            self._data = []
            self._size = 0
            return
        name, _, value = line.partition(":")
        if name == "data":
            self._data.append(value.removeprefix(" "))
