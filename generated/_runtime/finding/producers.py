"""Who gives the identifiers that an operation needs, by the paths of both.

`/playlists/{playlist_id}/tracks` needs what `/playlists` gives, or a search for playlists.
Imports `entries`, `index`, `words`.
"""

from __future__ import annotations

from collections.abc import Sequence

from .entries import SLOT
from .index import Index
from .words import pieces, stem

_CONSUMERS = 5  # first entries whose producers come with them
_PRODUCERS = 3  # at most


class Producers:
    """For each entry, those that give what the last slot of its path needs."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._collections: dict[str, int] = {}
        self._searches: list[tuple[int, frozenset[str]]] = []
        for number, entry in enumerate(index.entries):
            if entry.method != "GET":
                continue
            self._collections.setdefault(SLOT.sub("{}", entry.path), number)
            parts = {stem(piece) for piece in pieces(SLOT.sub(" ", entry.path))}
            if not index.sayings.search.isdisjoint(parts):
                texts = entry.texts()
                named = f"{texts['path']} {texts['name']} {texts['choices']}"
                words = frozenset(stem(piece) for piece in pieces(named))
                self._searches.append((number, words))

    def beside(self, order: Sequence[int]) -> tuple[list[int], dict[int, int]]:
        """The order with producers behind the first, and for which consumer each of them is."""
        first = list(order[:_CONSUMERS])
        gives: dict[int, int] = {}
        for number in first:
            for producer in self._of(number):
                if producer != number:
                    gives.setdefault(producer, number)
        others = [number for number in gives if number not in first][:_PRODUCERS]
        rest = [number for number in order[len(first) :] if number not in others]
        return [*first, *others, *rest], gives

    def _of(self, number: int) -> list[int]:
        parts = self._index.entries[number].path.split("/")
        slots = [place for place, part in enumerate(parts) if part.startswith("{")]
        if not slots:
            return []
        last = slots[-1]
        collection = SLOT.sub("{}", "/".join(parts[:last]))
        found = (
            [self._collections[collection]] if collection in self._collections else []
        )
        nouns = {stem(p) for part in parts[last - 1 : last + 1] for p in pieces(part)}
        nouns.discard("id")
        return found + [each for each, words in self._searches if nouns & words]
