"""Source laid out in the style of black 26.1 and later, 88 columns, by construction.

Formatting a large module costs many times what making it costs, so what a module holds by the
thousand is printed here the way black would leave it: on one line if that fits, else one item a
line with a trailing comma, which black keeps whatever the width. Tests hold black against it.
Imports `literals` alone.

Each function takes `before` and `after`: the source that shares the first and the last line with
what it prints; `indent` is the column at which the first line starts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from toolbind.present.literals import (
    NESTING_LIMIT,
    Source,
    deep_literal,
    json_text,
    key_literal,
    literal,
    quoted,
    scalar,
    scalar_literal,
)

COLUMNS = 88
STEP = 4

NARROWEST = 24
"""Columns that a piece of a long text gets however deep it stands."""


# --- how wide text is --------------------------------------------------------------------------

_ONE_COLUMN = re.compile(
    "[\u00a1-\u02ff\u0370-\u0373\u0386-\u03ff\u0400-\u0482\u048a-\u052f"  # Latin, Greek, Cyrillic
    "\u05d0-\u05ea\u0621-\u063a\u0641-\u064a\u0904-\u0939\u0e01-\u0e30"  # Hebrew, Arabic, ...
    "\u2010-\u2027\u2030-\u205e]"  # dashes, quotes, bullets
)
_TWO_COLUMNS = re.compile(
    "[\u3001-\u3029\u3041-\u3096\u30a1-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e]"
)


def columns(text: str) -> int:
    """The most columns that a line can take on a screen, by any table of character widths."""
    return len(text) if text.isascii() else _widths(text)[1]


def least_columns(text: str) -> int:
    """The fewest columns that a line can take, by any table of character widths."""
    return len(text) if text.isascii() else _widths(text)[0]


def _widths(text: str) -> tuple[int, int]:
    """Tables differ in what they take for wide or for no column at all, and change with Unicode.
    So only scripts on which all agree are measured; another character takes none to two columns."""
    plain = sum(map(str.isascii, text)) + len(_ONE_COLUMN.findall(text))
    wide = len(_TWO_COLUMNS.findall(text))
    return plain + 2 * wide, 2 * len(text) - plain


def measurable(line: str) -> bool:
    """Whether all tables of character widths agree on how wide a line is."""
    return columns(line) == least_columns(line)


def fits(line: str, indent: int = 0) -> bool:
    return indent + columns(line) <= COLUMNS


# --- values ------------------------------------------------------------------------------------


def value(
    data: Any, indent: int, before: str = "", after: str = "", levels: int = NESTING_LIMIT
) -> Source:
    """A JSON value as a literal: `before`, the value, `after`. See `literals.literal`; `levels` of
    displays may stand inside each other in it."""
    return Source("".join(_value(data, indent, before, after, levels)))


def _value(data: Any, indent: int, before: str, after: str, levels: int) -> Iterable[str]:
    room = COLUMNS - indent - columns(before) - columns(after)
    line = flat(data, room, levels)
    if line is not None:
        return (before, line, after)
    if isinstance(data, str) and not isinstance(data, Source):
        return (before, text(data, indent, before, after), after)
    if scalar(data) or not data:
        return (before, literal(data), after)
    if levels == 0:
        return (before, text(json_text(data), indent, before, after, "loads("), after)
    inner = indent + STEP
    start = "\n" + " " * inner
    listed = isinstance(data, _LISTS)
    parts = [before, "[" if listed else "{"]
    if listed:
        for each in data:
            parts.append(start)
            parts += _value(each, inner, "", ",", levels - 1)
    else:
        for key, each in data.items():
            parts.append(start)
            parts += _value(each, inner, f"{key_literal(key)}: ", ",", levels - 1)
    parts += ("\n" + " " * indent, "]" if listed else "}", after)
    return parts


_LISTS = (list, tuple)
_ITEM = 3  # columns that an item takes at least, with what parts it from the next: `1, `
_MEMBER = 7  # the same for a member of an object: `"": 1, `


def flat(data: Any, room: int, levels: int = NESTING_LIMIT) -> str | None:
    """A value on one line, or nothing as soon as it is clear that it takes more than `room`."""
    if scalar(data):
        if isinstance(data, str) and len(data) > room:
            return None
        line = scalar_literal(data)
        return line if columns(line) <= room else None
    if levels == 0:
        line = deep_literal(data)
        return line if columns(line) <= room else None
    if isinstance(data, _LISTS):
        if max(len(data) * _ITEM, 2) > room:
            return None
        inside = _flat_items(data, room - 2, levels)
        return None if inside is None else f"[{inside}]"
    if max(len(data) * _MEMBER, 2) > room:
        return None
    inside = _flat_members(data, room - 2, levels)
    return None if inside is None else f"{{{inside}}}"


def _flat_items(data: Iterable[Any], room: int, levels: int) -> str | None:
    parts: list[str] = []
    for each in data:
        part = flat(each, room, levels - 1)
        if part is None:
            return None
        room -= columns(part) + 2
        parts.append(part)
    return ", ".join(parts)


def _flat_members(data: Mapping[str, Any], room: int, levels: int) -> str | None:
    parts: list[str] = []
    for key, each in data.items():
        name = key_literal(key) + ": "
        room -= columns(name)
        part = flat(each, room, levels - 1)
        if part is None:
            return None
        room -= columns(part) + 2
        parts.append(name + part)
    return ", ".join(parts)


# --- text --------------------------------------------------------------------------------------


def text(data: str, indent: int, before: str = "", after: str = "", start: str = "(") -> Source:
    """A string that is too long for its line: adjacent strings in parentheses, cut after spaces.

    Where tables of widths could disagree on whether the parentheses are needed, the string stays
    in one piece: black leaves that alone whatever it measures. `start` opens the parentheses.
    """
    whole = quoted(data)
    if start == "(" and columns(whole) <= NARROWEST:
        return whole
    pieces = _pieces(data, max(COLUMNS - indent - STEP, NARROWEST))
    joined = " ".join(pieces)
    line = f"{before}{start}{joined}){after}"
    if fits(line, indent):
        return Source(f"{start}{joined})")
    inner = indent + STEP
    if fits(joined, inner) and not _may_fit(line, indent):
        return block(start, [joined], ")", indent)
    if _may_fit(line, indent) or _may_fit(joined, inner):
        return whole
    return block(start, pieces, ")", indent)


def _may_fit(line: str, indent: int) -> bool:
    return indent + least_columns(line) <= COLUMNS


def block(start: str, lines: Iterable[str], end: str, indent: int) -> Source:
    """`start`, the lines one step further in, and `end`, each on a line of its own."""
    margin = "\n" + " " * indent
    inner = margin + " " * STEP
    return Source("".join([start, *(inner + line for line in lines), margin, end]))


def _pieces(data: str, room: int) -> list[Source]:
    """Literals of at most `room` columns that join to `data`; words stay whole where they can."""
    pieces = []
    start = 0
    while start < len(data):
        end = start + room - 2
        piece = quoted(data[start:end])
        while (width := columns(piece)) > room:
            length = len(data[start:end])
            end = start + max(1, min(length - 1, length * room // width))
            piece = quoted(data[start:end])
        word = max(data.rfind(" ", start, end), data.rfind("\n", start, end)) + 1
        if start < word < end < len(data):
            end = word
            piece = quoted(data[start:end])
        pieces.append(piece)
        start = end
    return pieces
