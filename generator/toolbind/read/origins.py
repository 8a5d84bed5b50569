"""Where values of an upgraded tree stood before, and where they stand now.

Findings name the place that the user wrote; references of the old tree lead into the new one.
Imports `diagnostics`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from toolbind.diagnostics import Place

_T = TypeVar("_T")


@dataclass(slots=True)
class Origins:
    """Prefixes of pointers. `moved`: from the tree as lowered to the `(file, pointer)` that a value
    was made from. `now`: from the pointers of the old tree to those of the tree as lowered."""

    moved: dict[str, tuple[str, str]] = field(default_factory=dict)
    now: dict[str, str] = field(default_factory=dict)

    def original(self, place: Place) -> Place:
        """The place in the user's text. Whatever did not move is its own origin."""
        found = _nearest(self.moved, place.pointer)
        if found is None:
            return place
        (file, pointer), tail = found
        return replace(place, file=file, pointer=pointer + tail)

    def current(self, pointer: str) -> str:
        """The pointer, in the tree as lowered, of a value of the old tree."""
        found = _nearest(self.now, pointer)
        return pointer if found is None else found[0] + found[1]


def _nearest(table: Mapping[str, _T], pointer: str) -> tuple[_T, str] | None:
    """The entry for the longest prefix of a pointer, and what follows that prefix."""
    head, tail = pointer, ""
    while table and head:
        if head in table:
            return table[head], tail
        head, slash, token = head.rpartition("/")
        tail = slash + token + tail
    return None
