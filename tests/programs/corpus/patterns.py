"""A string that a regular expression matches, by walking what Python's own parser made of it.

Only a proposal: `jsonschema` judges whether the string fits. Imports nothing from the package.
"""

from __future__ import annotations

import re
import string
from random import Random
from re import _constants as op  # type: ignore[attr-defined]  # no public way to the parse tree
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

LETTERS = string.ascii_letters + string.digits
VISIBLE = LETTERS + "-_. !#$%&()*+,/:;<=>?@[]^{|}~'\"\\\n\täß漢"
CATEGORIES = {
    op.CATEGORY_DIGIT: string.digits,
    op.CATEGORY_NOT_DIGIT: string.ascii_letters,
    op.CATEGORY_SPACE: " ",
    op.CATEGORY_NOT_SPACE: LETTERS,
    op.CATEGORY_WORD: LETTERS + "_",
    op.CATEGORY_NOT_WORD: "-. !",
}


class UnmatchableError(Exception):
    """The expression uses what this sampler does not know."""


def sample(pattern: str, random: Random, shortest: int, longest: int | None) -> str:
    """A string that probably matches, its length within the bounds if the pattern leaves room."""
    try:
        tree = parser.parse(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise UnmatchableError(str(error)) from None
    for stretch in (0, 1, 3, shortest, shortest // 2 + 1, 20, 200):
        text = _walk(tree, random, stretch)
        if not pattern.startswith("^") and len(text) < shortest:
            text = "x" * (shortest - len(text)) + text
        if len(text) >= shortest and (longest is None or len(text) <= longest):
            return text
    raise UnmatchableError("no length fits")


def _walk(tree: Any, random: Random, stretch: int) -> str:
    return "".join(_one(kind, argument, random, stretch) for kind, argument in tree)


def _one(kind: Any, argument: Any, random: Random, stretch: int) -> str:
    if kind is op.LITERAL:
        return chr(argument)
    if kind is op.NOT_LITERAL:
        return random.choice([c for c in LETTERS if ord(c) != argument])
    if kind is op.ANY:
        return random.choice(LETTERS)
    if kind is op.IN:
        return random.choice(_members(argument))
    if kind is op.BRANCH:
        return _walk(random.choice(argument[1]), random, stretch)
    if kind is op.SUBPATTERN:
        return _walk(argument[3], random, stretch)
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        least, most, inner = argument
        times = min(max(least, stretch), 4096 if most is op.MAXREPEAT else most)
        return "".join(_walk(inner, random, stretch) for _ in range(times))
    if kind is op.ATOMIC_GROUP:
        return _walk(argument, random, stretch)
    if kind is op.AT or kind in (op.ASSERT, op.ASSERT_NOT):
        return ""
    raise UnmatchableError(str(kind))


def _members(parts: Any) -> str:
    negated = bool(parts) and parts[0][0] is op.NEGATE
    found = ""
    for kind, argument in parts[1:] if negated else parts:
        if kind is op.LITERAL:
            found += chr(argument)
        elif kind is op.RANGE:
            found += "".join(map(chr, range(argument[0], min(argument[1], argument[0] + 512) + 1)))
        elif kind is op.CATEGORY:
            found += CATEGORIES.get(argument, "")
    if negated:
        found = "".join(c for c in VISIBLE if c not in found)
    # Surrogates cannot be sent as UTF-8, and control characters have no place in most requests.
    kept = "".join(c for c in found if (c >= " " or c in "\t\n") and not "\ud800" <= c <= "\udfff")
    if not kept:
        raise UnmatchableError("empty class")
    return kept
