"""Schemas of a document, made ready for tools.

`Schemas` is the door: `argument` gives the schema of one argument, `inspect` the merged view of a
schema for whoever needs its shape. Rooms inside: `keywords` (what may stand in a schema), `view`
(the values), `algebra` (and/or of views), `builder` (node to view), `emit` (view to tool schema;
`places` is its state), `describe` (its texts). Imports `read`, `diagnostics` and `lower.prose`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolbind.diagnostics import Report
from toolbind.lower.prose import Prose
from toolbind.lower.schemas.algebra import covers
from toolbind.lower.schemas.builder import Builder
from toolbind.lower.schemas.emit import Emitter
from toolbind.lower.schemas.places import LEAST_NODES, NODES
from toolbind.lower.schemas.view import ANY, TYPES, Direction, Group, Joined, View
from toolbind.read.document import Document, Node

__all__ = ["ANY", "TYPES", "Direction", "Group", "Joined", "Lowered", "Schemas", "View"]


@dataclass(frozen=True, slots=True)
class Lowered:
    """One argument's schema: `schema["type"]` is one string, `schema["description"]` is there.

    `also` lists the JSON types that the document allows besides. `exact` says that the schema
    accepts nothing that the document refuses. `single_typed` is false if a value of another type
    than `schema["type"]` could mean something (then a body must not be flattened). `notes` say in
    words what was left out.
    """

    schema: Mapping[str, Any]
    also: tuple[str, ...] = ()
    exact: bool = True
    single_typed: bool = True
    notes: tuple[str, ...] = ()


class Schemas:
    """The schemas of one document. Every node is read once; results are shared, never mutated.

    All methods let `ReferenceFailure` through: the caller knows whether it stands in a request.
    """

    def __init__(self, document: Document, report: Report, prose: Prose | None = None) -> None:
        self.document = document
        self.report = report
        self.prose = prose or Prose(report)
        self._builder = Builder(document, report)
        self._emitter = Emitter(self._builder, self.prose, report)
        self._arguments: dict[tuple[object, ...], Lowered] = {}

    def argument(
        self,
        node: Node | None,
        *,
        fallback: str,
        description: str = "",
        direction: Direction = "request",
        free: str = "string",
        share: int = 1,
    ) -> Lowered:
        """The schema of one argument of a tool.

        `fallback` is the argument's name in the document, the description if there is no other;
        `description` is the raw text that stands with the parameter and goes before the schema's.
        `free` is the type of a value of which the document says nothing. `share` is how many
        arguments share the room of one. Without a node the argument is a string.
        """
        if node is None:
            node = Node({"type": "string"}, "#", "")
            text = self.prose.brief(description, node.place) or fallback
            return Lowered({"type": "string", "description": text})
        nodes = NODES if share < 2 else max(2 * NODES // share, LEAST_NODES)
        key = (self._builder.key(node), fallback, description, direction, free, nodes)
        known = self._arguments.get(key)
        if known is None:
            view = self._builder.view(node)
            known = self._lowered(view, fallback, description, direction, free, nodes)
            self._arguments[key] = known
        return known

    def _lowered(
        self, view: View, name: str, description: str, direction: Direction, free: str, nodes: int
    ) -> Lowered:
        chosen = view.single_type() or (view.types[0] if view.stated and view.types else free)
        narrowed = self._builder.narrow(view, (chosen,))
        if not narrowed.types:
            narrowed = View(view.node, types=(chosen,), description=view.description, exact=False)
        also = tuple(each for each in view.types if each != chosen)
        told = self._worth_telling(narrowed, also) if view.stated else ()
        emission = self._emitter.emit(narrowed, direction, name, description, told, nodes)
        return Lowered(
            schema=emission.schema,
            also=also,
            exact=emission.exact,
            single_typed=bool(view.single_type()),
            notes=emission.notes,
        )

    def _worth_telling(self, view: View, also: tuple[str, ...]) -> tuple[str, ...]:
        """Types besides the chosen one that let a caller say what it otherwise could not."""
        chosen = view.types[0]
        told = [name for name in also if name != "null"]
        if chosen == "string":
            return tuple(name for name in told if name in ("array", "object"))
        if chosen == "array" and view.items is not None:
            elements = self._builder.view(view.items).types
            told = [name for name in told if not covers(elements, name)]
        return tuple(told)

    def inspect(self, node: Node) -> View:
        """The merged view of a schema: references followed, `allOf` joined where that is exact."""
        return self._builder.view(node)

    def members(
        self, view: View, direction: Direction
    ) -> tuple[Mapping[str, Node], tuple[str, ...]]:
        """The members of an object that travel in `direction`, and which names are required.

        `readOnly` members do not travel in requests, `writeOnly` ones not in answers. A required
        name need not be among the members.
        """
        members, hidden = self._emitter.members(view, direction)
        return members, tuple(name for name in view.required if name not in hidden)

    def variants(self, view: View) -> tuple[View, ...]:
        """For a schema with alternatives: each of the first set, joined with the schema's rest."""
        return self._builder.variants(view)

    def key(self, node: Node) -> object:
        """A hashable identity of the schema at `node`; the same for all references to one."""
        return self._builder.key(self._builder.view(node).node)
