"""Why a tool was found: which word of the request met which word of the tool, and where.

For people who wonder; costs a little, and nothing where nobody asks. Imports `asking`, `index`.
"""

from __future__ import annotations

from typing import NamedTuple

from .asking import read
from .index import Index
from .words import pieces, stem


class Reason(NamedTuple):
    """A word of the request, the word of the tool that stands for it, its fields, its points."""

    said: str
    word: str
    fields: tuple[str, ...]
    points: float


def reasons(index: Index, query: str, number: int) -> tuple[Reason, ...]:
    """What one entry has of what a request says, the weightiest first."""
    spelt = _spelt(index, number)
    found = []
    for asked in read(index, query).asked:
        best: tuple[float, str] | None = None
        for word, worth in asked.words.items():
            if word in spelt:
                points = worth * _worth(index, word, number)
                best = max(best or (points, word), (points, word))
        if best is not None:
            points, word = best
            first, *_ = spelt[word].values()
            found.append(
                Reason(asked.said, first, tuple(spelt[word]), round(points, 2))
            )
    return tuple(sorted(found, key=lambda reason: -reason.points))


def _spelt(index: Index, number: int) -> dict[str, dict[str, str]]:
    """The words of an entry by stem, each by field as it is spelt there."""
    found: dict[str, dict[str, str]] = {}
    for field, text in index.entries[number].texts().items():
        for piece in pieces(text):
            found.setdefault(stem(piece), {}).setdefault(field, piece)
    return found


def _worth(index: Index, word: str, number: int) -> float:
    postings = index.postings[word]
    return postings.worths[postings.entries.index(number)]
