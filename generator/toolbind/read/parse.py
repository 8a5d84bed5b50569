"""Bytes to a tree of plain values that can say where each value stands.

JSON or YAML is told by the text, the name only helps: what begins with a bracket is JSON, unless
it is named `.yaml` (or not named at all) and parses as YAML only. Imports `diagnostics`, `faults`,
`json_text`, `positions`, `yaml_text` (when there is YAML).
"""

from __future__ import annotations

import gc
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from toolbind.diagnostics import DocumentError, Place, Report
from toolbind.read import json_text
from toolbind.read.faults import Lines, ParseError
from toolbind.read.positions import Wanted

_SURROGATE = re.compile(
    r"(?<!\\)((?:\\\\)*)\\u[dD](?:([89abAB][0-9a-fA-F]{2})\\u[dD]([c-fC-F][0-9a-fA-F]{2})"
    r"|[89a-fA-F][0-9a-fA-F]{2})"
)
_YAML_NAMES = (".yaml", ".yml")
_BLANKS = " \t\r\n"


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A tree of plain values has no cycles to collect, but looking for them takes most of the time
    of building it."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@dataclass(slots=True)
class Parsed:
    """The value of one text. It must not be changed: aliases share values, others keep pointers."""

    value: Any
    text: str
    _locate: Callable[[Wanted], None]
    is_yaml: bool = False
    _lines: Lines | None = field(default=None)

    def positions(self, wanted: Iterable[str]) -> Mapping[str, tuple[int, int]]:
        """Line and column, from 1, of the values at these pointers.

        A pointer that leads nowhere gets the place of the nearest value around it.
        """
        pointers = list(wanted)
        tree = Wanted.tree(pointers)
        with _collector_paused():
            self._locate(tree)
        if self._lines is None:
            self._lines = Lines(self.text)
        return {pointer: self._lines.at(tree.found(pointer)) for pointer in pointers}


def parse(data: bytes, name: str, report: Report) -> Parsed:
    """The tree of a document or of a file that it refers to. Raises DocumentError."""
    text = ""
    try:
        text = _decoded(data)
        with _collector_paused():
            parsed = _parsed(text, name, report)
    except ParseError as fault:
        raise _refusal(fault, text or data.decode("utf-8", "replace"), name, report) from None
    return parsed


def _refusal(fault: ParseError, text: str, name: str, report: Report) -> DocumentError:
    line, column = Lines(text).at(fault.index)
    return report.refuse(fault.code, Place(name, "#", line, column), fault.message)


def _decoded(data: bytes) -> str:
    """The text of a document, without its byte order mark. Raises ParseError."""
    plain = data.removeprefix(BOM_UTF8)
    try:
        text = plain.decode("utf-8")
    except UnicodeDecodeError as error:
        index = len(plain[: error.start].decode("utf-8"))
        message = f"byte {error.start + len(data) - len(plain) + 1} is not UTF-8"
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            message = "the text is UTF-16; only UTF-8 is read"
        raise ParseError("document-encoding", message, index) from None
    if (index := text.find("\0")) >= 0:
        message = f"character {index + 1} is NUL, which no document holds"
        raise ParseError("document-encoding", message, index)
    return text


def _parsed(text: str, name: str, report: Report) -> Parsed:
    head = text.lstrip(_BLANKS)[:1]
    if not head:
        raise ParseError("document-empty", "the document is empty", 0)
    if head not in "{[":
        return _yaml(text, name, report)
    try:
        return _json(text, name, report)
    except ParseError as fault:
        if fault.code != "document-syntax" or name.lower().endswith(".json"):
            raise
        try:
            return _yaml(text, name, report)
        except ParseError as other:
            raise (other if name.lower().endswith(_YAML_NAMES) else fault) from None


def _json(text: str, name: str, report: Report) -> Parsed:
    mended = _without_lone_surrogates(text, name, report)
    return Parsed(json_text.parse(mended), mended, lambda wanted: json_text.locate(mended, wanted))


def _yaml(text: str, name: str, report: Report) -> Parsed:
    from toolbind.read import yaml_text

    try:
        value, layout = yaml_text.parse(text)
    except ParseError as fault:
        if yaml_text.BAD_ESCAPE not in fault.message:
            raise
        text = _without_lone_surrogates(text, name, report, joined=True)
        value, layout = yaml_text.parse(text)
    return Parsed(value, text, lambda wanted: yaml_text.locate(value, layout, wanted), is_yaml=True)


def _without_lone_surrogates(text: str, name: str, report: Report, *, joined: bool = False) -> str:
    """The text with each escape of half a character replaced by one of U+FFFD, which is told.

    `joined` also writes the two escapes of a whole character as one, since YAML's parser takes
    no others. Nothing moves to another line.
    """
    lone: list[int] = []

    def mend(match: re.Match[str]) -> str:
        if match[2] is None:
            lone.append(match.end(1))
            return match[1] + "\\ufffd"
        if not joined:
            return match[0]
        high, low = int("d" + match[2], 16), int("d" + match[3], 16)
        return f"{match[1]}\\U{0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00:08x}"

    if "\\ud" not in text and "\\uD" not in text:
        return text
    mended = _SURROGATE.sub(mend, text)
    if lone:
        line, column = Lines(text).at(lone[0])
        count = f", and {len(lone) - 1} more" if len(lone) > 1 else ""
        message = f"half a character (a lone surrogate) is replaced by U+FFFD{count}"
        report.say("document-surrogate", Place(name, "#", line, column), message)
    return mended
