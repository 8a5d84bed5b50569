"""Which tools a call of one that does not exist may have meant.

Names that are alike count, words of the name and of the request, and whether the arguments that
were given fit. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

from ..contract import Tool

NEAREST = "Those below are nearest; it may be that none of them fits."
"""What goes before tools that may have been meant."""

MOST = 5
"""Tools that are told."""

LEAST = 1.0
"""What a tool must score to be told at all."""

ALIKE = 0.5
"""How alike names must be, letter by letter, for that to count."""

LINE = 100
"""Characters of what a tool does."""

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_SENTENCE = re.compile(r"(?<=[.!?])\s")


def nearest_tools(
    name: str, arguments: object, request: str, tools: Iterable[Tool]
) -> list[str]:
    """`name: what it does`, the best first; nothing where no tool is like the call."""
    given = list(arguments) if isinstance(arguments, Mapping) else []
    named, asked = _words(name), _words(request)
    scored = [(_score(name, named, asked, given, tool), tool) for tool in tools]
    best = sorted(scored, key=lambda pair: -pair[0])[:MOST]
    return [line(tool) for score, tool in best if score >= LEAST]


def line(tool: Tool) -> str:
    """A tool in one line."""
    said = _SENTENCE.split(tool["description"].strip(), maxsplit=1)[0].rstrip(".")
    said = said if len(said) <= LINE else f"{said[: LINE - 3].rstrip()}..."
    return f"{tool['name']}: {said}"


def _score(
    name: str, named: set[str], asked: set[str], given: list[object], tool: Tool
) -> float:
    own = _words(tool["name"])
    alike = SequenceMatcher(
        None, name.casefold()[:100], tool["name"].casefold()
    ).ratio()
    common = len(named & own) / max(len(named | own), 1)
    score = 2 * common + (2 * alike if alike >= ALIKE else 0)
    if asked and own:
        score += 1.5 * len(asked & own) / len(own)
    return score + _fit(given, tool) if score else 0.0


def _fit(given: list[object], tool: Tool) -> float:
    """How well arguments go with a tool: all known and none missing is 1."""
    parameters = tool["parameters"]
    known = [each for each in given if each in parameters.get("properties", {})]
    missing = [each for each in parameters.get("required", ()) if each not in given]
    return len(known) / max(len(given), 1) - len(missing) / max(
        len(given), 1, len(missing)
    )


def _words(text: str) -> set[str]:
    return {word.lower().rstrip("s") for word in _WORD.findall(text)}
