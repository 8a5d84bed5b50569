"""Which places of a document are wanted, as a tree of keys to walk a text with.

Imports `pointers`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from toolbind.read import pointers


@dataclass(slots=True)
class Wanted:
    """One step of the wanted pointers. `index` is where its value stands, once it was found."""

    children: dict[str, Wanted] = field(default_factory=dict)
    index: int | None = None

    @classmethod
    def tree(cls, wanted: Iterable[str]) -> Wanted:
        root = cls()
        for pointer in wanted:
            here = root
            for token in pointers.split(pointer):
                here = here.children.setdefault(token, cls())
        return root

    def count(self) -> int:
        """How many steps there are, this one included."""
        found, todo = 0, [self]
        while todo:
            here = todo.pop()
            found += 1
            todo += here.children.values()
        return found

    def found(self, pointer: str) -> int:
        """Where the value of `pointer` stands, or else the nearest that holds its place."""
        here, index = self, self.index or 0
        for token in pointers.split(pointer):
            here = here.children[token]
            if here.index is None:
                break
            index = here.index
        return index
