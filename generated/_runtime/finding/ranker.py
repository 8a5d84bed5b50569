"""Finding tools by a request in anybody's words: the best entries, or that nothing fits.

`Finder` is the whole of this room to others. First every entry is scored by the words that it
shares with the request; then the best are looked at again (how much of what they are was asked
for, is it of the method that the request's verb means), near-duplicates are put behind, and who
gives the identifiers that the best need comes with them. Imports `asking`, `index`,
`producers`, `reasons`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from .asking import LONGEST_QUERY, Asked, Request, read
from .entries import Entry
from .index import Index, Title
from .producers import Producers
from .reasons import Reason, reasons
from .words import pieces, stem

FIT = 0.27
"""The share of a request's words, by weight, that a tool must have to be an answer at all."""

_POOL = 300  # entries that get a second look
_ALIKE = 2  # near-duplicates that stand among the first
_LOOKED_AT = 5  # first entries that may show that something fits
_CLAUSE = 0.5  # what a clause alone adds to the whole
_RIGHT_METHOD, _OTHER_METHOD = 1.25, 0.9
_EXACT = 0.8  # what being asked for in full adds
_LAST = 0.2  # what being asked for by the last word of the path adds
_ONE_OF_MANY = 0.85  # for what gives one where several are asked for
_CLAUSE_WORDS = 3  # a clause of fewer words is not judged by itself
_ARGUMENT = 0.5  # what a word is worth that only an argument has
_NAME = re.compile(r"[\w-]+")


class Hit(NamedTuple):
    """A tool that was found. `score` compares hits of one request, the best first."""

    name: str
    method: str
    path: str
    score: float
    gives: str = ""  # the hit that needs an identifier which this one gives
    alike: tuple[str, ...] = ()  # tools that do the same elsewhere


class Found(NamedTuple):
    """What a request found: no hits where nothing `fits`."""

    query: str
    hits: tuple[Hit, ...]
    fits: bool


class Finder:
    """An index over tools. Made once, then only read: it may be shared between threads."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.index = Index(entries)
        self._producers = Producers(self.index)
        self._by_name = {
            entry.name.lower(): number
            for number, entry in enumerate(self.index.entries)
        }

    def __len__(self) -> int:
        return len(self.index)

    def search(self, query: str, most: int = 10) -> Found:
        """The at most `most` best tools for a request."""
        return self._search(query, most, fitting=True)

    def shortlist(self, query: str, most: int = 60) -> Found:
        """The `most` best, whether they fit or not: for another judge to choose from."""
        return self._search(query, most, fitting=False)

    def means_all(self, query: str) -> bool:
        """Whether a request is for everything, or for nothing that words could tell."""
        known = self.index.sayings
        words = (
            set(pieces(query[:LONGEST_QUERY])) - known.stop - known.listing - known.own
        )
        words = {word for word in words if not word.isdigit()}
        rest = words - known.everything
        about = {word for word in words if stem(word) in self.index.postings}
        return not (rest - {"find", "search"}) and not (about & known.everything)

    def areas(self) -> dict[str, int]:
        """The parts of all that there is, and how many tools each has, the largest first."""
        counts = Counter(entry.area() for entry in self.index.entries)
        return dict(counts.most_common())

    def why(self, query: str, name: str) -> tuple[Reason, ...]:
        """What a tool has of what a request says. Raises KeyError for a name that is none."""
        return reasons(self.index, query, self._by_name[name.lower()])

    def _search(self, query: str, most: int, *, fitting: bool) -> Found:
        request = read(self.index, query)
        scores = self._scores(request)
        called = self._called(query)
        order = self._look_again(request, scores)
        first, alike = self._apart([n for n in order if n not in called])
        first = called + first
        fits = bool(called) or self._share(request, first[:_LOOKED_AT]) >= FIT
        if fitting and not fits:
            return Found(query, (), False)
        order, gives = self._producers.beside(first)
        names = self.index.entries
        hits = []
        for number in order[:most]:
            each = names[number]
            score = round(scores.get(number, 0.0), 2)
            needed = gives.get(number)
            others = tuple(names[other].name for other in alike.get(number, ()))
            hits.append(
                Hit(
                    each.name,
                    each.method,
                    each.path,
                    score,
                    "" if needed is None else names[needed].name,
                    others,
                )
            )
        return Found(query, tuple(hits), fits)

    def _called(self, query: str) -> list[int]:
        """Entries that are called by their names."""
        found = map(self._by_name.get, _NAME.findall(query[:LONGEST_QUERY].lower()))
        return list(dict.fromkeys(number for number in found if number is not None))

    # --- scoring -----------------------------------------------------------------------

    def _scores(self, request: Request) -> dict[int, float]:
        """Every entry that shares a word, with its score."""
        single = {asked.said: self._worths(asked) for asked in request.asked}
        scores = _sum(list(single.values()))
        self._weigh_methods(scores, request.methods)
        for said, methods in zip(request.clauses, request.clause_methods, strict=True):
            clause = _sum([single[each] for each in said])
            self._weigh_methods(clause, methods)
            for number, score in clause.items():
                scores[number] = scores.get(number, 0.0) + _CLAUSE * score
        return scores

    def _worths(self, asked: Asked) -> dict[int, float]:
        """What one word of the request is worth in each entry: by the best that stands for it."""
        best: dict[int, float] = {}
        for word, worth in asked.words.items():
            postings = self.index.postings[word]
            for number, value in zip(postings.entries, postings.worths, strict=True):
                value *= worth
                if value > best.get(number, 0.0):
                    best[number] = value
        return best

    def _weigh_methods(self, scores: dict[int, float], methods: frozenset[str]) -> None:
        if not methods:
            return
        entries = self.index.entries
        for number in scores:
            method = entries[number].method
            if method in methods:
                scores[number] *= _RIGHT_METHOD
            elif method != "POST":  # which stands for everything in many an API
                scores[number] *= _OTHER_METHOD

    # --- the second look ---------------------------------------------------------------

    def _look_again(self, request: Request, scores: dict[int, float]) -> list[int]:
        """The best entries in their order; writes their final scores."""
        entries = self.index.entries

        def place(number: int) -> tuple[float, int, int]:
            return -scores[number], len(entries[number].path), number

        pool = sorted(scores, key=scores.__getitem__, reverse=True)[:_POOL]
        words: dict[str, float] = {}
        for asked in request.asked:
            for word, worth in asked.words.items():
                words[word] = max(worth, words.get(word, 0.0))
        weight = {
            word: self.index.weight(word) * worth for word, worth in words.items()
        }
        several = request.several and "GET" in request.methods
        for number in pool:
            title = self.index.titles[number]
            scores[number] *= _precision(title, weight) * _target(title, words)
            if several and title.one:
                scores[number] *= _ONE_OF_MANY
        return sorted(pool, key=place)

    def _apart(self, order: list[int]) -> tuple[list[int], dict[int, list[int]]]:
        """The order with near-duplicates behind, and which stand behind which."""
        first: list[int] = []
        behind: list[int] = []
        kinds: dict[tuple[str, str, str], list[int]] = {}
        alike: dict[int, list[int]] = {}
        for number in order:
            same = kinds.setdefault(self.index.entries[number].kind(), [])
            if len(same) < _ALIKE:
                same.append(number)
                first.append(number)
            else:
                alike.setdefault(same[0], []).append(number)
                behind.append(number)
        return first + behind, alike

    # --- whether anything fits -----------------------------------------------------------

    def _share(self, request: Request, numbers: Sequence[int]) -> float:
        """The largest share of the request, or of a clause of it, that one entry has."""
        parts = [request.asked]
        for said in request.clauses:
            part = tuple(each for each in request.asked if each.said in said)
            if sum(bool(each.weight) for each in part) >= _CLAUSE_WORDS:
                parts.append(part)
        best = 0.0
        for part in parts:
            whole = sum(asked.weight for asked in part)
            for number in numbers if whole else ():
                best = max(best, self._had(part, number) / whole)
        return best

    def _had(self, part: Sequence[Asked], number: int) -> float:
        title = self.index.titles[number].words
        texts = self.index.entries[number].texts()
        arguments = {
            stem(piece)
            for field in ("arguments", "choices")
            for piece in pieces(texts[field])
        }
        had = 0.0
        for asked in part:
            best = 0.0
            for word, worth in asked.words.items():
                if word in title or word in arguments:
                    worth *= 1.0 if word in title else _ARGUMENT
                    best = max(best, self.index.telling(word) * worth)
            had += best * asked.share
        return had


def _sum(parts: Sequence[dict[int, float]]) -> dict[int, float]:
    total: dict[int, float] = {}
    get = total.get
    for part in parts:
        for number, value in part.items():
            total[number] = get(number, 0.0) + value
    return total


def _precision(title: Title, weight: dict[str, float]) -> float:
    """More for an entry of which more was asked for."""
    asked = sum(weight[word] for word in title.words if word in weight)
    return 1 + _EXACT * asked / title.weight


def _target(title: Title, words: dict[str, float]) -> float:
    """More for an entry whose path ends in what was asked for."""
    return 1 + _LAST * max((words.get(word, 0.0) for word in title.last), default=0.0)
