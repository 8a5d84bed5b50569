"""What a request asks for: its words, each with the words of the index that stand for it.

Imports `index`, `words`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import NamedTuple

from .index import Index
from .words import pieces, root, stem

LONGEST_QUERY = 2_000
"""Characters of a request that are looked at."""

MOST_WORDS = 24
"""Words of a request that are looked up; the rarest ones."""

MOST_CLAUSES = 6

# What a word of the index is worth that stands for a word of the request.
FAMILY = 0.7  # another word of its family: delete, deletion
JOINED = 0.9  # two words of the request, written as one
PARTS = 0.8  # one word of the request, written as two
SYNONYM = 0.6
BESIDE = 0.45  # a synonym, where the very word is in the index as well
PHRASE = 0.8
BEGINNING = 0.6  # the request's word is its beginning: repo, repository
MISSPELT = 0.6
OWN = 0.5

COMMON = 0.5
"""What words that fit everything count for in what a request is about: to add, the latest."""

_TELLS = 0.8  # the least that what stands for a word lets it tell

_SHORTEST_BEGINNING = 4
_SHORTEST_MISSPELT = 6
_MOST_MISSPELT = 4  # words of a request: looking for near ones takes time
_MOST_BEGINNINGS = 12
_BEGINNING_OF = (
    60  # characters of a request within which it says whether it means several
)
_CUTOFF = 0.85

_VALUE = re.compile(r"\"[^\"]*\"|\S+@\S+|https?://\S+")
_NAME = re.compile(r"(?<=[a-z,0-9'] )[A-Z][\w'-]*")
_SLUG = re.compile(r"[\w.-]+(?:/[\w.-]+)+")  # torvalds/linux
_CLAUSE = re.compile(r"[,;:.!?\n]|\b(?:and|then|before|after)\b")


class Asked(NamedTuple):
    """One word of a request, and the words of the index that stand for it, with their worth.

    `weight` says how much it tells of what the request is about, at most 1. A word that nothing
    stands for tells most: that it is about something else.
    """

    said: str
    words: Mapping[str, float]
    weight: float
    share: float = 1.0  # less for words that fit everything


class Request(NamedTuple):
    """A request, read: all its words, and those of each of its clauses."""

    asked: tuple[Asked, ...]
    clauses: tuple[tuple[str, ...], ...]  # what is said in each, by `Asked.said`
    methods: frozenset[str]
    clause_methods: tuple[frozenset[str], ...]
    several: bool


def read(index: Index, text: str) -> Request:
    """A request in anybody's words."""
    return _Reader(index).read(text[:LONGEST_QUERY])


class _Reader:
    """Reads one request; remembers what it has looked up."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._sayings = index.sayings
        self._known: dict[str, Asked] = {}
        self._misspelt = 0

    def read(self, text: str) -> Request:
        bare = _VALUE.sub(" ", text)
        if not bare.strip():
            bare = text.replace('"', " ")
        named = [*_NAME.findall(bare), *_SLUG.findall(bare)]
        names = {word.lower() for each in named for word in pieces(each)}
        whole = self._words(bare, names)
        if several := not self._sayings.listing.isdisjoint(
            pieces(bare[:_BEGINNING_OF])
        ):
            listing = [w for w in self._sayings.list_names if w in self._index.postings]
            whole["several"] = Asked(
                "several", dict.fromkeys(listing, SYNONYM), 0.0, 0.0
            )
        parts = [part for part in _CLAUSE.split(bare) if len(part.split()) > 1]
        if len(parts) < 2:
            parts = []
        parts = parts[:MOST_CLAUSES]
        clauses = [self._words(part, names) for part in parts]
        asked = sorted(whole.values(), key=lambda each: -each.weight)[:MOST_WORDS]
        kept = {each.said for each in asked}
        spoken = [list(pieces(part)) for part in [bare, *parts]]
        methods = [
            self._sayings.wanted_methods(part.lower(), words)
            for part, words in zip([bare, *parts], spoken, strict=True)
        ]
        return Request(
            tuple(each for each in whole.values() if each.said in kept),
            tuple(tuple(kept.intersection(clause)) for clause in clauses),
            methods[0],
            tuple(methods[1:]),
            several,
        )

    def _words(self, text: str, names: set[str]) -> dict[str, Asked]:
        """What a text asks for, by what is said."""
        found: dict[str, Asked] = {}
        rest, phrases = self._sayings.take_phrases(text.lower())
        before = ""
        for word in pieces(rest if phrases else text):
            if word.isdigit():
                continue
            for asked in self._word(word, before):
                if asked.words or word not in names:
                    found.setdefault(asked.said, asked)
            before = word
        for phrase, stems in phrases:
            words = self._meaning(stems)
            if words:
                found.setdefault(phrase, self._asked(phrase, words))
        return found

    def _word(self, word: str, before: str) -> Iterator[Asked]:
        stop = self._sayings.stop
        joined = stem(before + word)
        if (
            before
            and stop.isdisjoint((before, word))
            and joined in self._index.postings
        ):
            yield self._asked(before + word, {joined: JOINED})
        if word in self._sayings.own:
            own = [w for w in self._sayings.own_names if w in self._index.postings]
            yield Asked("my", dict.fromkeys(own, OWN), 0.0, 0.0)
        elif word not in stop and (len(word) > 1 or not word.isascii()):
            known = self._known.get(word)
            if known is None:
                known = self._known[word] = self._asked(word, self._stand_ins(word))
            yield known

    def _meaning(self, stems: tuple[str, ...]) -> dict[str, float]:
        """The words of the index that stand for a phrase."""
        words: dict[str, float] = {}
        for each in stems:
            for near in self._index.families.get(root(each), ()):
                words.setdefault(near, PHRASE * FAMILY)
        words.update((each, PHRASE) for each in stems if each in self._index.postings)
        return words

    def _asked(self, said: str, words: dict[str, float]) -> Asked:
        index = self._index
        weight = max(
            (index.telling(word) * max(worth, _TELLS) for word, worth in words.items()),
            default=1.0,
        )
        common = self._sayings.common
        if stem(said) in common or not common.isdisjoint(words):
            return Asked(said, words, weight * COMMON, COMMON)
        return Asked(said, words, weight)

    def _stand_ins(self, said: str) -> dict[str, float]:
        """The words of the index that stand for one of the request, with their worth."""
        word = stem(said)
        found: dict[str, float] = {}
        for each, worth in self._candidates(word):
            if each in self._index.postings and found.get(each, 0.0) < worth:
                found[each] = worth
        return found or self._parts(word) or self._near(word)

    def _candidates(self, word: str) -> Iterator[tuple[str, float]]:
        yield word, 1.0
        for each in self._index.families.get(root(word), ()):
            yield each, FAMILY
        known = word in self._index.postings
        for each in self._sayings.synonyms.get(word, ()):
            yield each, BESIDE if known else SYNONYM
        if len(word) >= _SHORTEST_BEGINNING:
            words = self._index.sorted
            start = bisect_left(words, word)
            for each in words[start : start + _MOST_BEGINNINGS]:
                if each.startswith(word):
                    yield each, BEGINNING

    def _parts(self, word: str) -> dict[str, float]:
        """Two words of the index that are written as one here: `checkrun`."""
        for cut in range(3, len(word) - 2):
            parts = stem(word[:cut]), stem(word[cut:])
            if all(part in self._index.postings for part in parts):
                return dict.fromkeys(parts, PARTS)
        return {}

    def _near(self, word: str) -> dict[str, float]:
        """The word of the index that was probably meant by a misspelt one."""
        if len(word) < _SHORTEST_MISSPELT or self._misspelt >= _MOST_MISSPELT:
            return {}
        self._misspelt += 1
        words = self._index.sorted
        start, end = bisect_left(words, word[0]), bisect_left(words, word[0] + "\uffff")
        likely = [w for w in words[start:end] if abs(len(w) - len(word)) <= 2]
        return dict.fromkeys(get_close_matches(word, likely, 1, _CUTOFF), MISSPELT)
