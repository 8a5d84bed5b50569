"""What a step of a query that selects nothing probably meant. Imports `diagnostics`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from toolbind.diagnostics import near_miss

_TEXT = r"""(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")"""
_NAME = re.compile(_TEXT)
_COMPARED = re.compile(r"""\[(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\]|""" + _TEXT)
"""In a filter, what stands in brackets is a name to look under, the rest is compared with."""
_LOOKED_AT: Final = 200_000
"""Values of a document that are looked at for a guess."""
_LISTED: Final = 5


def guess(step: str, before: list[Any]) -> str:
    """What a step of a query that selects nothing among the values `before` it may have meant."""
    pattern = _COMPARED if "?" in step else _NAME
    words = list(dict.fromkeys(_words(step, before)))
    for single, double in pattern.findall(step):
        literal = single or double
        if literal and literal not in words and (found := near_miss(literal, words)):
            return found
    keys = [key for value in before[:1] if isinstance(value, dict) for key in value]
    if any(key == "$ref" for key in keys):
        return "; there is a $ref, which an overlay does not follow"
    if "?" in step or not keys or step.startswith(".."):
        return ""
    more = ", ..." if len(keys) > _LISTED else ""
    return f"; there is {', '.join(map(repr, keys[:_LISTED]))}{more}"


def _words(step: str, before: list[Any]) -> Iterator[str]:
    """Names that the step could have selected, and with a filter the texts it could have met."""
    deep, filters = step.startswith(".."), "?" in step
    todo = list(before)
    for _ in range(_LOOKED_AT):
        if not todo:
            return
        value = todo.pop()
        if isinstance(value, dict):
            yield from value
        members = value.values() if isinstance(value, dict) else value
        if not isinstance(value, (dict, list)):
            continue
        for member in members:
            if filters:
                yield from _texts(member)
            if deep:
                todo.append(member)


def _texts(member: Any) -> Iterator[str]:
    if isinstance(member, str):
        yield member
    elif isinstance(member, dict):
        yield from (each for each in member.values() if isinstance(each, str) and len(each) < 200)
