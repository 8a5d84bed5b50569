"""Merging a value into a place, as Overlay 1.1 section 4.4.3 says.

Objects recurse, lists are joined, what is neither replaces what is neither; anything else is
refused. A list takes any other value as one more element, if it is itself the target.
Imports `tree`, `query` for its type, and `limits`, `pointers`, `versions` of `read`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from toolbind.read.limits import MAX_ALIAS_CHARACTERS, MAX_ALIAS_NODES, MAX_DEPTH
from toolbind.read.overlay.query import Location
from toolbind.read.overlay.tree import Working
from toolbind.read.pointers import join
from toolbind.read.versions import kind_of


class MergeError(Exception):
    """A value that does not fit. `below` leads from the value given to the member at fault."""

    def __init__(self, below: Location, message: str) -> None:
        super().__init__(message)
        self.below = below
        self.message = message


class TooLargeError(Exception):
    """More is added than a document may grow by."""


@dataclass(frozen=True, slots=True)
class Given:
    """A value to be merged, and where it comes from: for a copy all of it is given by one place."""

    value: Any
    file: str
    pointer: str
    is_copy: bool

    def source(self, below: Location) -> tuple[str, str]:
        return self.file, self.pointer if self.is_copy else join(self.pointer, *below)


@dataclass(slots=True)
class Allowance:
    """What may still be added to a document by all its overlays."""

    nodes: int = MAX_ALIAS_NODES
    characters: int = MAX_ALIAS_CHARACTERS

    def take(self, value: Any, times: int, depth: int) -> None:
        """Account for `times` repetitions of a value, at most `depth` steps below the root."""
        nodes = characters = 0
        todo = [(value, depth)]
        while todo:
            here, level = todo.pop()
            nodes += 1
            if level > MAX_DEPTH or nodes * times > self.nodes:
                raise TooLargeError
            if isinstance(here, str):
                characters += len(here)
            elif isinstance(here, dict):
                characters += sum(map(len, here))
                todo += [(member, level + 1) for member in here.values()]
            elif isinstance(here, list):
                todo += [(element, level + 1) for element in here]
        self.nodes -= nodes * times
        self.characters -= characters * times
        if self.characters < 0:
            raise TooLargeError


def kind(value: Any) -> type:
    """`dict`, `list`, or `object` for everything else."""
    return type(value) if isinstance(value, (dict, list)) else object


def is_same(one: Any, other: Any) -> bool:
    """Whether two values that are no containers are the same value of JSON."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)


def merge(tree: Working, target: Location, given: Given) -> bool:
    """Merge a value into one place; whether anything has changed. Raises MergeError."""
    if isinstance(tree.at(target), list):
        elements = given.value if isinstance(given.value, list) else None
        return _joined(tree, target, given, (), elements)
    changed = False
    todo: list[Location] = [()]
    while todo:
        below = todo.pop()
        here = target + below
        old, new = tree.at(here), _at(given.value, below)
        if kind(old) is not kind(new):
            raise MergeError(below, f"{kind_of(new)} cannot be merged into {kind_of(old)}")
        if isinstance(old, list):
            changed |= _joined(tree, here, given, below, new)
        elif isinstance(old, dict):
            for key, member in new.items():
                if key in old:
                    todo.append((*below, key))
                else:
                    tree.put((*here, key), member, given.source((*below, key)))
                    changed = True
        elif not is_same(old, new):
            tree.put(here, new, given.source(below))
            changed = True
    return changed


def _joined(
    tree: Working, target: Location, given: Given, below: Location, elements: list[Any] | None
) -> bool:
    """Append the elements, or the whole value as one element where it is no list."""
    length = len(tree.at(target))
    if elements is None:
        tree.put((*target, length), given.value, given.source(below))
        return True
    for number, element in enumerate(elements):
        tree.put((*target, length + number), element, given.source((*below, number)))
    return bool(elements)


def _at(value: Any, below: Location) -> Any:
    for token in below:
        value = value[token]
    return value
