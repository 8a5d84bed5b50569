"""Text on its way to a model, a log or a person: without hidden characters, at a bounded length."""

from __future__ import annotations

import json
import re

# Controls (tab and line break aside), soft hyphen, fillers, bidirectional and zero-width marks,
# variation selectors, surrogates, private use, interlinear marks, musical controls, tags.
HIDDEN = (
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ue000-\uf8ff"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
"""What nobody sees, as a class of regular expressions."""

_HIDDEN = re.compile(HIDDEN)


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


BYTES_PER_TOKEN = 3
"""Of JSON, on the low side: tokenizers take three to four bytes of it for a token."""


def estimate_tokens(text: str) -> int:
    """About how many tokens a text costs, rather too many than too few."""
    size = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
    return size // BYTES_PER_TOKEN + 1
