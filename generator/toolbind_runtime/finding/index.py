"""The index: for each word the entries that have it, with what it is worth there (BM25F).

Built once from entries and never changed. A word's worth in an entry is fixed at building:
rare words weigh more, names weigh more than descriptions, and more of the same saturates.
Imports `entries`, `words`, `sayings`.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from typing import NamedTuple

from .entries import FIELDS, Entry
from .sayings import Sayings, sayings
from .words import pieces, root, stem

WEIGHTS = {
    "name": 3.0,
    "summary": 2.0,
    "path": 1.5,
    "tags": 1.0,
    "arguments": 0.6,
    "choices": 0.3,
    "text": 0.2,
}
"""What a word in each field weighs."""

LENGTH = 0.4
"""How much longer fields count for less: 0 not at all, 1 in full."""

SATURATION = 1.2
"""Weight at which a word has half of its worth."""

FLATTER = 0.4
"""How much less a frequent word tells of what a request is about; 0: no less."""

TITLE = ("name", "summary", "path")
"""The fields that say which operation it is."""


class Postings(NamedTuple):
    """Numbers of the entries that have a word, and the word's worth in each."""

    entries: array[int]
    worths: array[float]


class Title(NamedTuple):
    """What an entry is, for a second look at the best: its words, and the last of its path."""

    words: tuple[str, ...]
    weight: float  # of all words together
    last: tuple[str, ...]
    one: bool  # whether the path ends in a slot: one of a collection


class Index:
    """Entries, ready to be searched."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        self.sayings: Sayings = sayings()
        self._stems: dict[str, str] = {}
        self.postings = self._build()
        self.titles = tuple(self._title(entry) for entry in self.entries)
        self.sorted = sorted(self.postings)
        self.families: dict[str, list[str]] = {}
        for word in self.postings:
            self.families.setdefault(root(word), []).append(word)
        self._stems.clear()

    def __len__(self) -> int:
        return len(self.entries)

    def weight(self, word: str) -> float:
        """How much a word tells: what fewer entries have tells more."""
        postings = self.postings.get(word)
        return self._rarity(len(postings.entries) if postings else 0)

    def telling(self, word: str) -> float:
        """How much a word tells of what a request is about: 1 for one that only one entry has.

        What all are about tells less, but not by much: it is still a sign of this API.
        """
        return math.pow(self.weight(word) / self._rarity(0), FLATTER)

    def _rarity(self, count: int) -> float:
        return math.log(1 + (len(self.entries) - count + 0.5) / (count + 0.5))

    def _stem(self, word: str) -> str:
        known = self._stems.get(word)
        if known is None:
            known = self._stems[word] = stem(word)
        return known

    def _build(self) -> dict[str, Postings]:
        found: dict[str, Postings] = {}
        usual = self._usual_lengths()
        for number, entry in enumerate(self.entries):
            counts: dict[str, float] = {}
            for field, text in entry.texts().items():
                longer = 1 - LENGTH + LENGTH * len(text) / usual[field]
                weight = WEIGHTS[field] / longer
                for piece in pieces(text):
                    word = self._stem(piece)
                    counts[word] = counts.get(word, 0.0) + weight
            for word, count in counts.items():
                postings = found.get(word)
                if postings is None:
                    postings = found[word] = Postings(array("I"), array("f"))
                postings.entries.append(number)
                postings.worths.append(count / (count + SATURATION))
        for postings in found.values():
            rarity = self._rarity(len(postings.entries))
            for place, worth in enumerate(postings.worths):
                postings.worths[place] = worth * rarity
        return found

    def _usual_lengths(self) -> dict[str, float]:
        """The mean length of each field, in characters."""
        sums: dict[str, int] = dict.fromkeys(FIELDS, 0)
        for entry in self.entries:
            for field, text in entry.texts().items():
                sums[field] += len(text)
        return {
            field: max(1.0, total / max(1, len(self.entries)))
            for field, total in sums.items()
        }

    def _title(self, entry: Entry) -> Title:
        texts = entry.texts()
        words = {
            self._stem(piece)
            for field in TITLE
            for piece in pieces(texts[field])
            if piece not in self.sayings.stop
        }
        parts = [part for part in entry.path.split("/") if part]
        literal = [part for part in parts if part[0] != "{"]
        last = {self._stem(piece) for piece in pieces(literal[-1])} if literal else ()
        return Title(
            tuple(sorted(words)),
            sum(self.weight(word) for word in words) or 1.0,
            tuple(sorted(last)),
            bool(parts) and parts[-1][0] == "{",
        )
