"""How many tokens a text costs in the encoding o200k_base, estimated without its vocabulary.

The encoding first cuts a text into pieces by a fixed pattern and then each piece into tokens.
The pattern is followed here; what a piece costs is told from its length and make, with figures
averaged over the tools of many public documents. Imports nothing from the package.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

_PIECE = re.compile(
    r"[^\r\n\w]?_?(?:[A-Z]*[a-z]+|[A-Z]+)(?:'(?:s|t|re|ve|m|ll|d)\b)?"
    r"|[^\r\n\w]?[^\W\d_]+"
    r"|\d{1,3}"
    r"| ?(?:[^\s\w]|_)+[\r\n/]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""Words with the one sign or space before them, digits, runs of signs, spaces."""

_JOINTS = {
    '":{"': 1,
    '":["': 1,
    '.","': 1,
    '"},"': 2,
    '."},"': 2,
    '"]},"': 2,
    '"}},"': 2,
    '."}},"': 3,
    '}},"': 2,
    '"]}},"': 3,
    '."}}},"': 3,
    '"}}},"': 3,
    '"]}}},"': 3,
    '...","': 2,
    '":{},"': 3,
    '."}}}},"': 4,
    '"}}}},"': 3,
    '"]},{"': 2,
    '"}},{"': 3,
    '":"","': 1,
    '":[]': 1,
    '":[]}}': 2,
}
"""Runs of signs that the grammar of tools brings about, and their tokens."""

_GRAMMAR = ("type", "description", "properties", "parameters", "required", "integer", "additional")
"""Words of the grammar of tools that are longer than most single tokens."""

_SIGNS_PER_TOKEN = 2.2
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7ff\uff00-\uffef]")


def tokens(tool: Mapping[str, Any]) -> int:
    """The tokens of a tool, or of any JSON value, written without spaces."""
    return of_text(written(tool))


def written(value: Any) -> str:
    """A JSON value as it is sent."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def of_text(text: str) -> int:
    """The tokens of a text."""
    return round(cost(text))


def cost(text: str) -> float:
    """The tokens of a text before rounding, for sums over parts."""
    return sum(map(_cost, _PIECE.findall(text)))


@lru_cache(maxsize=1 << 15)
def _cost(piece: str) -> float:
    last = piece[-1]
    if last.isalpha():
        if piece.isascii():
            return _word(piece)
        return max(1.0, len(piece) * (0.75 if _WIDE.search(piece) else 0.35))
    if last.isdigit() or piece.isspace():
        return 1.0
    return _JOINTS.get(piece) or (1 if len(piece) < 4 else len(piece) / _SIGNS_PER_TOKEN)


def _word(word: str) -> float:
    """Frequent words are one token, with a space before them or without; the longer and rarer
    the form, the more. Words in capitals, and words behind a sign, are rarely whole."""
    first = word[0]
    spaced, joined = first == " ", not (first.isalpha() or first == " ")
    size = len(word) - (not first.isalpha())
    if size > 2 and word[-2:].isupper():
        return 1 + 0.2 * (size - 2) + (0.2 if joined else 0)
    if joined:
        return 1 + 0.12 * max(size - 3, 0)
    if spaced:
        return 1.01 + 0.015 * max(size - 6, 0)
    return 1.0 if word in _GRAMMAR else 1.01 + 0.04 * max(size - 5, 0)
