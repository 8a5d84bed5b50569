"""Calls that a model wrote as text, under the one narrow rule of contract section 4.7.

Only for an answer to a forced tool, without any structured call, whose whole text is JSON
and names offered tools. Anything wider would run tools that an answer merely quotes.
Imports `dialogue` only.
"""

from __future__ import annotations

import json
from collections.abc import Set as AbstractSet
from typing import Any

from .dialogue import ToolCall

_WRAPPERS = ("arguments", "parameters")


def calls_in_text(text: str, offered: AbstractSet[str]) -> tuple[ToolCall, ...]:
    """The calls that `text` is, or none. Every entry must name an offered tool."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    entries = value if isinstance(value, list) else [value]
    calls = [_call(entry, offered) for entry in entries]
    if not calls or any(call is None for call in calls):
        return ()
    return tuple(call for call in calls if call is not None)


def _call(entry: Any, offered: AbstractSet[str]) -> ToolCall | None:
    """`{"name", "arguments" | "parameters"}`, or the arguments loose beside the name."""
    if not isinstance(entry, dict):
        return None
    name = entry.get("name")
    if not isinstance(name, str) or name not in offered:
        return None
    for key in _WRAPPERS:
        if key in entry and set(entry) <= {"name", "type", "id", key}:
            return ToolCall("", name, entry[key])
    loose = {key: value for key, value in entry.items() if key != "name"}
    return ToolCall("", name, loose)
