"""Findings about a user's document: one type, one sink, one place where they become text.

Every stage takes a `Report` and says what it found through it; no stage prints. A finding carries
the JSON Pointer of its place; line and column are filled in once, at the end, by the reader that
knows the text. Imports nothing from the package except the table of codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import IntEnum

from toolbind.codes import CODES

MESSAGE_LIMIT = 400
"""Characters of a message that reach a terminal; documents can hold text of any length."""


class Severity(IntEnum):
    """How much a finding matters. Ordered, so that `max` gives the worst."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the user's document: `file` as the user named it, `pointer` as RFC 6901 with `#`.

    `line` and `column` count from 1; 0 means that they are not known (yet).
    """

    file: str
    pointer: str = "#"
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: a `code` of the table in `toolbind.codes`, a place, a message for a person."""

    code: str
    place: Place
    message: str

    @property
    def severity(self) -> Severity:
        return Severity[CODES[self.code].severity.upper()]

    @property
    def remedy(self) -> str:
        return CODES[self.code].remedy

    def line(self) -> str:
        """The finding as one line of plain printable characters, whatever the document holds."""
        text = f"{self.place}: {self.severity.label}: {self.message}"
        tail = f" [{self.code}] ({self.place.pointer})"
        return printable(text, MESSAGE_LIMIT) + printable(tail, MESSAGE_LIMIT)


class DocumentError(Exception):
    """The document is refused. Holds the one finding that says why, where, and what to do, and
    others that led to it."""

    def __init__(self, diagnostic: Diagnostic, others: Iterable[Diagnostic] = ()) -> None:
        super().__init__(diagnostic.line())
        self.diagnostic = diagnostic
        self.others = tuple(others)


@dataclass
class Report:
    """The sink for findings: append-only, handed down through all stages, never global. What is
    said again is one finding."""

    _found: dict[Diagnostic, None] = field(default_factory=dict)

    def say(self, code: str, place: Place, message: str) -> None:
        """Record a note or a warning. An unknown code is a bug and raises KeyError."""
        CODES[code]
        self.add(Diagnostic(code, place, message))

    def extend(self, findings: Iterable[Diagnostic]) -> None:
        """Record findings that were made elsewhere."""
        for finding in findings:
            self.add(finding)

    def refuse(self, code: str, place: Place, message: str) -> DocumentError:
        """The exception to raise for a document that cannot be used; it is recorded as well."""
        diagnostic = Diagnostic(code, place, message)
        self.add(diagnostic)
        return DocumentError(diagnostic)

    def add(self, finding: Diagnostic) -> None:
        """Record what has been found elsewhere."""
        self._found.setdefault(finding)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def located(diagnostic: Diagnostic, place: Place) -> Diagnostic:
    """The same finding with line and column filled in."""
    return replace(diagnostic, place=place)


def printable(text: str, limit: int) -> str:
    """`text` in one line of ASCII, escapes for everything else, at most `limit` characters."""
    plain = text
    if "\\" in text or not (text.isascii() and text.isprintable()):
        plain = "'".join(ascii(part)[1:-1] for part in text.split("'"))
    return plain if len(plain) <= limit else plain[: limit - 3] + "..."


def near_miss(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the closest known word, or nothing: the end of many a message."""
    found = get_close_matches(word, list(known), n=1)
    return f"; did you mean {found[0]!r}?" if found else ""


# --- URLs, which may hold secrets ----------------------------------------------------------------

_LOGIN = re.compile(r"(?<=://)(?:[^/?#]*@|[^/?#@]*:(?!\d*(?:[/?#]|$))[^\s]*@)")
_PART = re.compile(r"([^=&;]*=)?[^&;]+")
_FRAGMENT = re.compile(r"#.+", re.DOTALL)
MASK = "***"


def shown(url: str) -> str:
    """A URL as messages and files may name it: no login, and no value of a query, since each may be
    a secret. What is no URL stays as it is."""
    if "://" not in url:
        return url
    url = _FRAGMENT.sub(f"#{MASK}", _LOGIN.sub(f"{MASK}@", url, count=1), count=1)
    start, mark, query = url.partition("?")
    query, hash_, fragment = query.partition("#")
    masked = _PART.sub(lambda found: (found[1] or "") + MASK, query)
    return start + mark + masked + hash_ + fragment
