"""What is measured: how much of what requests need is among the first hits. Pure.

Imports `toolbind_runtime.finding`.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolbind_runtime.finding.entries import Entry
from toolbind_runtime.finding.ranker import Finder

_SLOT = re.compile(r"\{[^}]*\}")
_WORD = re.compile(r"[a-z0-9]+")

Search = Callable[[str, int], list[str]]
"""A request and how many hits at most, to operations as `METHOD /path`, the best first."""


@dataclass(frozen=True)
class Wanted:
    """A request and what it needs: for each need the operations of which one is enough."""

    query: str
    needed: tuple[tuple[str, ...], ...]
    split: str


@dataclass(frozen=True)
class Figures:
    """Shares of what a set needs, from 0 to 1. `complete`: requests with all of it in the ten."""

    requests: int
    at_1: float
    at_5: float
    at_10: float
    complete: float
    at_60: float


def read_set(path: Path, split: str = "") -> list[Wanted]:
    """The requests of a set, or of one half of it."""
    lines = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    return [
        Wanted(line["query"], tuple(tuple(each.split(" | ")) for each in line["needed"]), half)
        for line in lines
        if (half := line.get("split", "held")) == (split or half)
    ]


def figures(search: Search, wanted: Sequence[Wanted]) -> Figures:
    """How well `search` finds what a set needs."""
    first: Counter[int] = Counter()
    needed = complete = 0
    for each in wanted:
        hits = [unnamed(hit) for hit in search(each.query, 60)]
        places = [_place(hits, need) for need in each.needed]
        needed += len(places)
        complete += all(place < 10 for place in places)
        for most in (1, 5, 10, 60):
            first[most] += sum(place < most for place in places)
    shares = {most: count / needed for most, count in first.items()}
    return Figures(
        len(wanted), shares[1], shares[5], shares[10], complete / len(wanted), shares[60]
    )


def false_finds(finder: Finder, queries: Iterable[str]) -> float:
    """The share of requests that nothing serves for which something is said to fit."""
    found = [finder.search(query).fits for query in queries]
    return sum(found) / len(found)


def _place(hits: Sequence[str], need: Sequence[str]) -> int:
    wanted = {unnamed(each) for each in need}
    return next((place for place, hit in enumerate(hits) if hit in wanted), len(hits) + 60)


def unnamed(operation: str) -> str:
    """Slots are named differently by documents and tools."""
    return _SLOT.sub("{}", operation.strip())


def finding(finder: Finder) -> Search:
    """What a caller sees: nothing where nothing fits."""

    def search(query: str, most: int) -> list[str]:
        return [f"{hit.method} {hit.path}" for hit in finder.search(query, most).hits]

    return search


def shortlisting(finder: Finder) -> Search:
    """The ranking alone, whatever is said about fitting."""

    def search(query: str, most: int) -> list[str]:
        return [f"{hit.method} {hit.path}" for hit in finder.shortlist(query, most).hits]

    return search


class PlainSearch:
    """BM25 as it is usually put over tools: one bag of name, description and arguments."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._names = [f"{entry.method} {entry.path}" for entry in entries]
        bags = [Counter(_WORD.findall(_bag(entry).lower())) for entry in entries]
        self._usual = sum(bag.total() for bag in bags) / len(bags)
        self._lengths = [bag.total() for bag in bags]
        self._postings: dict[str, list[tuple[int, int]]] = {}
        for number, bag in enumerate(bags):
            for word, count in bag.items():
                self._postings.setdefault(word, []).append((number, count))

    def __call__(self, query: str, most: int) -> list[str]:
        scores: Counter[int] = Counter()
        for word in set(_WORD.findall(query.lower())):
            postings = self._postings.get(word, [])
            having = len(postings)
            rarity = math.log(1 + (len(self._names) - having + 0.5) / (having + 0.5))
            for number, count in postings:
                length = 0.25 + 0.75 * self._lengths[number] / self._usual
                scores[number] += rarity * count * 2.5 / (count + 1.5 * length)  # type: ignore[assignment]
        return [self._names[number] for number, _ in scores.most_common(most)]


def _bag(entry: Entry) -> str:
    properties = entry.tool["parameters"]["properties"]
    told = (f"{name} {schema.get('description', '')}" for name, schema in properties.items())
    return " ".join([entry.name, entry.tool["description"], *told]).replace("_", " ")
