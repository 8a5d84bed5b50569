"""Where schemas are laid out, and how much room there is: the state of one emission.

Values only. Imports `view` and `read.document`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from toolbind.lower.schemas.view import Direction
from toolbind.read.document import Node

ROOM = 1500
"""Tokens of a tool, if nobody says otherwise."""

TOKENS_PER_NODE = 6
"""What a sub-schema costs at least: so many of them are laid out as can fit into a tool."""

TOKENS_PER_DESCRIBED_NODE = 10
"""What a sub-schema with a description costs at least; of more, none is described."""

LEAST_NODES = 24
"""Sub-schemas that an argument has room for in any case, however many share the tool."""

DEPTH = 12
"""Levels shown in one argument."""

LOOSE: Mapping[str, float] = {
    "minimum": -(2**31),
    "exclusiveMinimum": -(2**31),
    "maximum": 2**31 - 1,
    "exclusiveMaximum": 2**31 - 1,
    "maxLength": 1000,
    "maxItems": 1000,
    "maxProperties": 1000,
}
"""Limits from here outward are the machine's, not the API's, and say nothing to a model."""

Schema = dict[str, Any]
Members = tuple[Mapping[str, Node], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Emission:
    """The schema of an argument, not described yet; `exact` if it refuses all that the document
    refuses; notes on what was cut."""

    schema: Schema
    exact: bool
    notes: tuple[str, ...]


@dataclass(slots=True)
class Above:
    """The schemas around a place, innermost first."""

    key: object
    outer: Above | None

    def holds(self, key: object) -> bool:
        each: Above | None = self
        while each is not None:
            if each.key == key:
                return True
            each = each.outer
        return False


@dataclass(slots=True)
class Place:
    """A schema to be laid out: where it goes, and what stands around it there.

    `beside` are the types that the schema around an alternative states already; `hidden` the
    members that do not travel, of the object that an alternative belongs to. `hint` is told in
    the description. `told` says that the description of what holds it tells enough.
    """

    node: Node
    target: Schema
    name: str
    depth: int
    above: Above | None
    beside: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    hint: str = ""
    told: bool = False


@dataclass(slots=True)
class Frame:
    """The schema whose children are being queued: where it is laid out, and how deep."""

    target: Schema
    depth: int
    above: Above


@dataclass(slots=True)
class Run:
    """The state of one emission; `left` counts the sub-schemas that there is room for."""

    direction: Direction
    left: int
    queue: deque[Place] = field(default_factory=deque)
    exact: bool = True
    notes: dict[str, None] = field(default_factory=dict)

    def widen(self, note: str = "") -> None:
        self.exact = False
        if note:
            self.notes[note] = None
