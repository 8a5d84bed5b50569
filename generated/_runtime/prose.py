"""Text on its way to a model, a log or a person: without hidden characters, without secrets.

Imports from the package: nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "***"

# Controls (tab and line break aside), soft hyphen, fillers, bidirectional and zero-width marks,
# variation selectors, surrogates, private use, interlinear marks, musical controls, tags.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ue000-\uf8ff"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)


def visible(text: str) -> str:
    """`text` without characters that a reader would not see."""
    if text.isascii() and text.isprintable():
        return text
    return _HIDDEN.sub("", text)


def clip(text: str, limit: int) -> str:
    """At most `limit` characters of `text`, saying how many were left out."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}... ({len(text) - limit:,} more characters)"


def quoted(value: object, limit: int = 80) -> str:
    """A JSON-like rendering of a value for a message: one line, clipped, printable."""
    if isinstance(value, str):
        return json.dumps(clip(visible(value), limit), ensure_ascii=False)
    try:
        return clip(visible(json.dumps(value, ensure_ascii=False)), limit)
    except (TypeError, ValueError, RecursionError):
        return f"a {type(value).__name__}"


class Redactor:
    """Replaces secrets in what goes out, in the spellings in which an API may echo them."""

    __slots__ = ("_bytes", "_spellings")

    MINIMUM = 4
    """Shorter secrets are not looked for: they would blot out ordinary text."""

    def __init__(self, secrets: Iterable[str]) -> None:
        found: set[str] = set()
        for secret in secrets:
            if len(secret) >= self.MINIMUM:
                plain = json.dumps(secret, ensure_ascii=False)[1:-1]
                escaped = json.dumps(secret)[1:-1]
                found |= {
                    secret,
                    plain,
                    escaped,
                    quote(secret, safe=""),
                    quote_plus(secret),
                }
        self._spellings = sorted(found, key=len, reverse=True)
        self._bytes = [spelling.encode() for spelling in self._spellings]

    def __repr__(self) -> str:
        return f"<Redactor of {len(self._spellings)} spellings>"

    def occurs(self, text: str | bytes) -> bool:
        """Whether a secret stands somewhere in a text."""
        if isinstance(text, bytes):
            return any(spelling in text for spelling in self._bytes)
        return any(spelling in text for spelling in self._spellings)

    def text(self, value: str) -> str:
        for spelling in self._spellings:
            if spelling in value:
                value = value.replace(spelling, MASK)
        return value

    def data(self, value: Any) -> Any:
        """The same for everything inside a JSON value, numbers that are secrets included."""
        if not self._spellings:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.data(each) for each in value]
        if isinstance(value, dict):
            return {self.text(str(key)): self.data(each) for key, each in value.items()}
        if isinstance(value, bytes):
            for spelling in self._bytes:
                value = value.replace(spelling, MASK.encode())
            return value
        if isinstance(value, (int, float)) and str(value) in self._spellings:
            return MASK
        return value
