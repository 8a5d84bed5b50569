"""Text for people, cut and wrapped for docstrings. Imports `literals` alone."""

from __future__ import annotations

import re

from toolbind.present.literals import visible

_SENTENCE_END = re.compile(r"(?<=[^.\s][.!?])\s+(?=[^a-z\s])")


def sentence(text: str) -> str:
    """The first sentence of `text`, on one line."""
    return _SENTENCE_END.split(visible(text), maxsplit=1)[0]


def ended(text: str) -> str:
    """`text` on one line, with a full stop if it ends like a sentence without one."""
    line = visible(text)
    return f"{line}." if line[-1:].isalnum() or line[-1:] == ")" else line


def cut(text: str, width: int) -> str:
    """`text` on one line of at most `width` characters, ended by dots where words are missing."""
    line = visible(text)
    if len(line) <= width:
        return line
    room = width - 3
    whole = line[: room + 1].rpartition(" ")[0] or line[:room]
    return whole.rstrip(" ,;:.") + "..."


def wrapped(text: str, width: int, *, first: int = 0) -> list[str]:
    """`text` in lines of at most `width` characters, the first one `first` shorter.

    A word that is longer than a line, as addresses are, stays whole.
    """
    lines: list[str] = []
    line = ""
    room = width - first
    for word in visible(text).split(" "):
        if line and len(line) + 1 + len(word) > room:
            lines.append(line)
            line = word
            room = width
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]
