"""Which schemas the kept operations reach, and how they hang together.

A `Unit` is a schema whose type is worked out on its own; equal references share one. Exploration
is iterative and visits each schema once per direction. Imports `schemas` and `read`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from toolbind.diagnostics import Report
from toolbind.lower.schemas import Direction, Either, Schemas, View, parts_of
from toolbind.lower.types.places import Place, Places
from toolbind.read.document import Node, ReferenceFailure

Key = object
"""What identifies a unit: a schema's identity, or a pair of it and an alternative's number."""


@dataclass(slots=True)
class Unit:
    """One schema. `name` is what its type is called, if it needs a name; known once all places are.

    `variants` are set where alternatives stand beside members of the schema itself: one unit for
    each alternative, joined with those members.
    """

    key: Key
    view: View
    place: Place
    identity: tuple[str, ...]
    name: str = ""
    children: dict[Key, None] = field(default_factory=dict)
    variants: tuple[Key, ...] = ()
    directed: bool = False
    seen: set[Direction] = field(default_factory=set)


class Graph:
    """The units of one document."""

    def __init__(self, schemas: Schemas, places: Places, report: Report) -> None:
        self.schemas = schemas
        self.units: dict[Key, Unit] = {}
        self._places = places
        self._report = report
        self._lost: set[Key] = set()
        self._sound: set[Key] = set()

    def require(self, node: Node) -> None:
        """Raises ReferenceFailure if a request of this schema reaches a reference to nowhere.

        To be asked before the schema is explored: an operation that is skipped leaves no types.
        """
        visited: set[Key] = set()
        stack = [node]
        while stack:
            view = self.schemas.inspect(stack.pop())
            if not isinstance(view.node.value, dict):
                continue
            key = self.schemas.key_of(view)
            if key in self._sound or key in visited:
                continue
            visited.add(key)
            members = ((each, self.schemas.inspect(each)) for each in view.properties.values())
            travelling = [each for each, member in members if _travels(member, "request")]
            stack += [*travelling, *_inner(self.schemas.inspect(view.node))]
        self._sound |= visited

    def explore(self, node: Node, direction: Direction) -> None:
        """Take in the schema at `node` and all that it reaches.

        In answers a reference to nowhere is reported; requests are asked to have none (`require`).
        """
        _, root = self._look(node, direction)
        stack = [] if root is None else [root]
        while stack:
            unit = stack.pop()
            if direction in unit.seen:
                continue
            unit.seen.add(direction)
            stack += self._children(unit, direction)

    def unit(self, node: Node) -> Unit | None:
        """The unit of a schema that has been explored; None if it is lost or says nothing."""
        if not isinstance(node.value, dict) or self._is_lost(node):
            return None
        return self.units.get(self._key(self.schemas.inspect(node)))

    def view(self, node: Node) -> View | None:
        """The view at `node`, wrappers included; None if it is lost."""
        return None if self._is_lost(node) else self.schemas.inspect(node)

    def _is_lost(self, node: Node) -> bool:
        return (node.file, node.pointer) in self._lost

    def members(self, view: View, direction: Direction) -> dict[str, Node]:
        """The members that travel in `direction`; those whose schema is lost are among them."""
        kept = {}
        for name, node in view.properties.items():
            member = self.view(node)
            if member is None or _travels(member, direction):
                kept[name] = node
        return kept

    # --- building ------------------------------------------------------------------------------

    def _look(self, node: Node, direction: Direction) -> tuple[View | None, Unit | None]:
        """The view at `node`, wrappers included, and its unit; what is lost has neither."""
        try:
            view = self.schemas.inspect(node)
        except ReferenceFailure as failure:
            if direction == "request":
                raise
            self._lost.add((node.file, node.pointer))
            self._report.say("type-unknown", failure.place, failure.message)
            return None, None
        if not isinstance(view.node.value, dict):
            return view, None
        key = self._key(view)
        unit = self.units.get(key)
        if unit is None:
            own = self.schemas.inspect(view.node)
            unit = Unit(key, own, self._place(view.node), self._places.identity(view.node))
            self.units[key] = unit
        return view, unit

    def _key(self, view: View) -> Key:
        """The place of a schema, or of its parts: values that were written once have one."""
        own = tuple(self._places.of(part).identity for part in parts_of(view.node))
        return ("anyOf", *own) if isinstance(view.node, Either) else own

    def _place(self, node: Node) -> Place:
        """Where the schema at `node` stands: that of the whole, where it is all that this says."""
        first, *_ = parts_of(node)
        place = self._places.of(first)
        while place.whole is not None and self._is_all_of(place.node, place.whole.node):
            place = place.whole
        return place

    def _is_all_of(self, node: Node, whole: Node) -> bool:
        try:
            found, own = self.schemas.inspect(whole), self.schemas.inspect(node)
            return self._key(found) == self._key(own)
        except ReferenceFailure:
            return False

    def _children(self, unit: Unit, direction: Direction) -> Iterator[Unit]:
        view = unit.view
        if view.groups and (view.properties or view.additional is not None):
            yield from self._variants(unit)
            return
        members = () if view.options else view.properties.values()
        for child in members:
            member, found = self._look(child, direction)
            if member is not None and (member.read_only or member.write_only):
                unit.directed = True
            if found is not None and member is not None and _travels(member, direction):
                unit.children[found.key] = None
                yield found
        for child in _inner(view):
            _, found = self._look(child, direction)
            if found is not None:
                unit.children[found.key] = None
                yield found

    def _variants(self, unit: Unit) -> Iterator[Unit]:
        """Units for the alternatives of a schema, each joined with the schema's own members."""
        if not unit.variants:
            keys: list[Key] = []
            for index, view in enumerate(self.schemas.variants(unit.view)):
                key = (unit.key, index)
                identity = (*unit.identity, f"Option{index + 1}")
                self.units[key] = Unit(key, view, unit.place, identity)
                unit.children[key] = None
                keys.append(key)
            unit.variants = tuple(keys)
        yield from (self.units[key] for key in unit.variants)

    # --- what all of them together decide ------------------------------------------------------

    def name_units(self) -> None:
        """Give every unit the name of its place."""
        for unit in self.units.values():
            unit.name = unit.name or self._places.name(unit.place)
            for index, key in enumerate(unit.variants):
                self.units[key].name = self._variant_name(unit, index)

    def input_name(self, unit: Unit) -> str:
        """The name of a unit where it is sent, and what is sent differs from what comes back."""
        return self._places.variant(f"{unit.name}Input", unit.view.node)

    def _variant_name(self, unit: Unit, index: int) -> str:
        """The alternative's own, where it stands in the schema; else one behind that of the unit,
        which has it from elsewhere."""
        alternative = unit.view.groups[0].alternatives[index]
        place = self._places.of(alternative)
        if place.whole is unit.place:
            return self._places.name(place)
        return self._places.variant(f"{unit.name}Option{index + 1}", unit.view.node)

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
