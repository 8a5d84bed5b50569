"""Data of any size as JSON that a model can take in: cut where it hurts least, and saying so.

Arrays are shortened with a count of what is missing, long strings clipped, depth limited, until
the text fits its tokens. What comes out is always whole JSON, and says where something was left
out. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any, NamedTuple

from ..basics.text import BYTES_PER_TOKEN, clip, estimate_tokens, visible


class _Level(NamedTuple):
    items: int
    members: int
    characters: int
    depth: int


_LEVELS = (
    _Level(500, 500, 4000, 12),
    _Level(200, 200, 2000, 10),
    _Level(100, 100, 1000, 10),
    _Level(50, 60, 600, 8),
    _Level(25, 40, 400, 8),
    _Level(15, 30, 250, 6),
    _Level(10, 25, 160, 6),
    _Level(6, 20, 120, 5),
    _Level(4, 15, 80, 4),
    _Level(2, 12, 60, 3),
    _Level(1, 8, 40, 2),
    _Level(1, 4, 20, 1),
)

_NARROWING: Sequence[tuple[str, frozenset[str]]] = (
    (
        "fewer items",
        frozenset({"limit", "perpage", "pagesize", "size", "top", "count"}),
    ),
    ("fewer items", frozenset({"maxresults", "take", "first", "last", "results"})),
    ("fewer fields", frozenset({"fields", "select", "include", "exclude", "expand"})),
    ("a search", frozenset({"q", "query", "search", "filter", "where", "filters"})),
    (
        "other parts",
        frozenset({"page", "offset", "cursor", "pagetoken", "skip", "after"}),
    ),
    (
        "a shorter time",
        frozenset({"since", "until", "from", "to", "before", "start", "end"}),
    ),
)


def dump(value: Any) -> str:
    """Compact JSON with visible characters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


class Shaped(NamedTuple):
    """`text` is the JSON of `value`; `shortened` says whether anything was left out."""

    value: Any
    text: str
    shortened: bool


def shape(value: Any, tokens: int) -> Shaped:
    """`value` as JSON of about `tokens` tokens at most."""
    try:
        text = dump(value)
        if not text.isascii() or "\\u" in text:  # something may be hidden in it
            value = _cut(value, None, 0)
            text = dump(value)
    except (ValueError, TypeError, RecursionError):  # bytes, NaN, endless depth
        value = _cut(value, _LEVELS[0], 0)
        text = dump(value)
    if estimate_tokens(text) <= tokens:
        return Shaped(value, text, False)
    if isinstance(value, str):
        return _clipped(value, tokens)
    for level in _LEVELS:
        shorter = _cut(value, level, 0)
        text = dump(shorter)
        if estimate_tokens(text) <= tokens:
            return Shaped(shorter, text, True)
    return _clipped(text, tokens)


def _clipped(text: str, tokens: int) -> Shaped:
    """The beginning of a text, as much as fits."""
    size = min(len(text), tokens * BYTES_PER_TOKEN)
    while True:
        shorter = clip(text, size)
        written = dump(shorter)
        if size == 0 or estimate_tokens(written) <= tokens:
            return Shaped(shorter, written, True)
        size = size * 2 // 3


def _cut(value: Any, level: _Level | None, depth: int) -> Any:
    """`value` within the bounds of a level; without one, only made fit to be shown."""
    if isinstance(value, str):
        text = visible(value)
        return clip(text, level.characters) if level else text
    if isinstance(value, Mapping):
        if level and depth >= level.depth and value:
            return f"{{{len(value)} members}}"
        return _cut_members(value, level, depth)
    if isinstance(value, (list, tuple)):
        if level and depth >= level.depth and value:
            return f"[{len(value)} items]"
        return _cut_items(value, level, depth)
    if isinstance(value, (bytes, bytearray)):
        return f"<{len(value):,} bytes>"
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return value


def _cut_items(value: Sequence[Any], level: _Level | None, depth: int) -> list[Any]:
    kept = len(value) if level is None else min(len(value), level.items)
    items = [_cut(each, level, depth + 1) for each in value[:kept]]
    if kept < len(value):
        items.append(f"... {len(value) - kept:,} more of {len(value):,} items")
    return items


def _cut_members(
    value: Mapping[str, Any], level: _Level | None, depth: int
) -> dict[str, Any]:
    names = list(value)
    kept = names if level is None else names[: level.members]
    members = {visible(str(name)): _cut(value[name], level, depth + 1) for name in kept}
    if len(kept) < len(names):
        members["..."] = f"{len(names) - len(kept):,} more of {len(names):,} members"
    return members


def select(value: Any, paths: Iterable[str]) -> Any:
    """Only the listed fields of `value`: `id`, `owner.login`; arrays are looked through."""
    tree: dict[str, Any] = {}
    for path in paths:
        branch = tree
        for step in path.split("."):
            branch = branch.setdefault(step, {})
    return _pick(value, tree)


def _pick(value: Any, tree: Mapping[str, Any]) -> Any:
    if not tree:
        return value
    if isinstance(value, list):
        return [_pick(each, tree) for each in value]
    if isinstance(value, dict):
        return {
            name: _pick(each, tree[name])
            for name, each in value.items()
            if name in tree
        }
    return value


def narrowing(names: Iterable[str]) -> str:
    """How to ask for less, in terms of a tool's own arguments."""
    found: dict[str, list[str]] = {}
    for name in names:
        folded = name.replace("_", "").replace("-", "").lower()
        for purpose, words in _NARROWING:
            if folded in words:
                found.setdefault(purpose, []).append(name)
    if not found:
        return "Shortened. Ask for something more specific if the missing part matters."
    ways = "; ".join(f"{purpose}: {', '.join(each)}" for purpose, each in found.items())
    return f"Shortened. To see what is missing, narrow the call ({ways})."
