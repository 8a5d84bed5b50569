"""A value of a document together with where it stands, and the failure of a reference.

Imports `diagnostics` and `pointers`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from toolbind.diagnostics import Place
from toolbind.read.pointers import escape


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON value and its place. Every access knows what it got: nothing here raises for a value
    of another type than hoped for.

    `pointer` is that of the tree as lowered, with `#`; `file` is the document's name as the user
    gave it, or that of an external file. Values are shared and never changed.
    """

    value: Any
    pointer: str
    file: str

    @property
    def place(self) -> Place:
        return Place(self.file, self.pointer)

    def get(self, key: str) -> Node | None:
        """The member of an object, or None if there is no such member or this is no object."""
        value = self.value
        if isinstance(value, dict) and key in value:
            return Node(value[key], f"{self.pointer}/{escape(key)}", self.file)
        return None

    def at(self, index: int) -> Node:
        """The element of an array; raises IndexError where there is none."""
        if not isinstance(self.value, list) or not 0 <= index < len(self.value):
            raise IndexError(index)
        return Node(self.value[index], f"{self.pointer}/{index}", self.file)

    def items(self) -> Iterator[tuple[str, Node]]:
        """The members of an object, in document order; nothing for any other value."""
        if isinstance(self.value, dict):
            for key, value in self.value.items():
                yield key, Node(value, f"{self.pointer}/{escape(key)}", self.file)

    def elements(self) -> Iterator[Node]:
        """The elements of an array; nothing for any other value."""
        if isinstance(self.value, list):
            for index, value in enumerate(self.value):
                yield Node(value, f"{self.pointer}/{index}", self.file)

    def text(self, key: str) -> str:
        """The member of an object if it is text, else the empty text."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return value if isinstance(value, str) else ""

    def flag(self, key: str) -> bool:
        """Whether the member of an object is `true`, and nothing that merely looks like it."""
        return isinstance(self.value, dict) and self.value.get(key) is True


@dataclass(frozen=True, slots=True)
class Layered(Node):
    """An object that stands in several places, which add up: a path item and those that it refers
    to. `layers` are the places, the nearest first; where several have a member, the first counts.

    `value` holds all members, `pointer` and `file` are those of the first layer.
    """

    layers: tuple[Node, ...] = ()

    def get(self, key: str) -> Node | None:
        found = (layer.get(key) for layer in self.layers)
        return next((member for member in found if member is not None), None)

    def items(self) -> Iterator[tuple[str, Node]]:
        for key in self.value:
            member = self.get(key)
            if member is not None:
                yield key, member


def layered(layers: Sequence[Node]) -> Node:
    """One object of several, at least one; the nearest first."""
    nearest = layers[0]
    if len(layers) == 1:
        return nearest
    value = {key: member for layer in reversed(layers) for key, member in layer.value.items()}
    return Layered(value, nearest.pointer, nearest.file, tuple(layers))


class ReferenceFailure(Exception):  # noqa: N818  a verdict, no failure of ours
    """A reference that cannot be followed: a `code` of the table of codes, the reference's place,
    and why."""

    def __init__(self, code: str, place: Place, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.place = place
        self.message = message
