"""Which schemas the kept operations reach, and how they hang together.

A `Unit` is a schema whose type is worked out on its own; equal references share one. Exploration
is iterative and visits each schema once per direction. Imports `schemas` and `read`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from toolbind.diagnostics import Report
from toolbind.lower.schemas import Direction, Schemas, View
from toolbind.lower.types.spelling import spelling
from toolbind.read.document import Node, ReferenceFailure

Key = object
"""What identifies a unit: a schema's identity, or a pair of it and an alternative's number."""


@dataclass(slots=True)
class Unit:
    """One schema. `name` is what its type would be called, if it needs a name.

    `variants` are set where alternatives stand beside members of the schema itself: one unit for
    each alternative, joined with those members.
    """

    key: Key
    view: View
    name: str
    identity: tuple[str, ...]
    children: dict[Key, None] = field(default_factory=dict)
    variants: tuple[Key, ...] = ()
    directed: bool = False
    seen: set[Direction] = field(default_factory=set)


class Graph:
    """The units of one document."""

    def __init__(self, schemas: Schemas, report: Report) -> None:
        self.schemas = schemas
        self.units: dict[Key, Unit] = {}
        self._report = report
        self._lost: set[int] = set()

    def explore(self, node: Node, direction: Direction, name: str) -> None:
        """Take in the schema at `node` and all that it reaches.

        In requests a reference to nowhere raises ReferenceFailure; in answers it is reported.
        """
        _, root = self._look(node, node, direction, name)
        stack = [] if root is None else [root]
        while stack:
            unit = stack.pop()
            if direction in unit.seen:
                continue
            unit.seen.add(direction)
            stack += self._children(unit, node, direction, name)

    def unit(self, node: Node) -> Unit | None:
        """The unit of a schema that has been explored; None if it is lost or says nothing."""
        if not isinstance(node.value, dict) or id(node.value) in self._lost:
            return None
        return self.units.get(self.schemas.key(node))

    def view(self, node: Node) -> View | None:
        """The view at `node`, wrappers included; None if it is lost."""
        return None if id(node.value) in self._lost else self.schemas.inspect(node)

    def members(self, view: View, direction: Direction) -> dict[str, Node]:
        """The members that travel in `direction`; those whose schema is lost are among them."""
        kept = {}
        for name, node in view.properties.items():
            member = self.view(node)
            if member is None or _travels(member, direction):
                kept[name] = node
        return kept

    # --- building ------------------------------------------------------------------------------

    def _look(
        self, node: Node, root: Node, direction: Direction, name: str
    ) -> tuple[View | None, Unit | None]:
        """The view at `node`, wrappers included, and its unit; what is lost has neither."""
        try:
            view = self.schemas.inspect(node)
        except ReferenceFailure as failure:
            if direction == "request":
                raise
            if id(node.value) not in self._lost:
                self._lost.add(id(node.value))
                self._report.say("type-unknown", failure.place, failure.message)
            return None, None
        if not isinstance(view.node.value, dict):
            return view, None
        key = self.schemas.key_of(view)
        unit = self.units.get(key)
        if unit is None:
            own = self.schemas.inspect(view.node)
            called = identity(view.node, self.schemas.document.root.file)
            unit = Unit(key, own, spelling(view.node, root, name), called)
            self.units[key] = unit
        return view, unit

    def _children(self, unit: Unit, root: Node, direction: Direction, name: str) -> Iterator[Unit]:
        view = unit.view
        if view.groups and (view.properties or view.additional is not None):
            yield from self._variants(unit)
            return
        members = () if view.options else view.properties.values()
        for child in members:
            member, found = self._look(child, root, direction, name)
            if member is not None and (member.read_only or member.write_only):
                unit.directed = True
            if found is not None and member is not None and _travels(member, direction):
                unit.children[found.key] = None
                yield found
        for child in _inner(view):
            _, found = self._look(child, root, direction, name)
            if found is not None:
                unit.children[found.key] = None
                yield found

    def _variants(self, unit: Unit) -> Iterator[Unit]:
        """Units for the alternatives of a schema, each joined with the schema's own members."""
        if not unit.variants:
            keys: list[Key] = []
            for index, view in enumerate(self.schemas.variants(unit.view)):
                key = (unit.key, index)
                tag = f"Option{index + 1}"
                self.units[key] = Unit(key, view, unit.name + tag, (*unit.identity, tag))
                unit.children[key] = None
                keys.append(key)
            unit.variants = tuple(keys)
        yield from (self.units[key] for key in unit.variants)

    # --- directions ----------------------------------------------------------------------------

    def spread_directions(self) -> None:
        """Mark every unit that reaches a member which travels one way only."""
        holders: dict[Key, list[Key]] = {}
        for unit in self.units.values():
            for child in unit.children:
                holders.setdefault(child, []).append(unit.key)
        stack = [unit.key for unit in self.units.values() if unit.directed]
        while stack:
            for holder in holders.get(stack.pop(), ()):
                if not self.units[holder].directed:
                    self.units[holder].directed = True
                    stack.append(holder)


def identity(node: Node, home: str) -> tuple[str, ...]:
    """What a schema is called in the document, as a tuple that no other schema has.

    Other files count by where they stand beside `home`, the document's own: how the user spelt
    its path must not show in a name.
    """
    folder = home.rpartition("/")[0] + "/"
    parts: Iterable[Node] = getattr(node, "parts", None) or (node,)
    return tuple(
        text
        for part in parts
        for text in (
            part.pointer,
            "" if part.file == home else part.file.removeprefix(folder),
        )
    )


def _inner(view: View) -> Iterator[Node]:
    """The schemas that the type of `view` is made of, besides those of its members."""
    if view.options:
        yield from view.options
        return
    if view.additional is not None:
        yield view.additional
    yield from view.prefix
    if view.items is not None:
        yield view.items
    for group in view.groups:
        yield from group.alternatives


def _travels(member: View, direction: Direction) -> bool:
    return not (member.read_only if direction == "request" else member.write_only)
