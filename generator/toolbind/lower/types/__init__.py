"""Python types of a document's schemas, in full: no cut, recursion by name.

    types = Types(schemas, operations)
    types.want(node, "response")                       # for every type that a kept operation shows
    types.settle()                                     # names, once all that is wanted is known
    types.reference(node, "response") -> TypeRef
    types.definitions() -> tuple[TypeDefinition, ...]  # everything reached, sorted by name

A type is named after the operation or component in which its schema stands (`places`). A reference
that leads nowhere raises in requests; in answers it is a warning and the type is `Any`.
Imports `ir`, `diagnostics`, `read`, and of `lower` `document`, `text` and `schemas`.
"""

from __future__ import annotations

from collections.abc import Iterable

from toolbind.diagnostics import Report
from toolbind.ir import TypeDefinition, TypeRef
from toolbind.lower.schemas import Direction, Schemas
from toolbind.lower.types.forms import Forms
from toolbind.lower.types.graph import Graph
from toolbind.lower.types.places import Owner, Places
from toolbind.read.document import Node

__all__ = ["Owner", "Types"]


class Types:
    """The types of one document's kept operations."""

    def __init__(
        self, schemas: Schemas, operations: Iterable[Owner] = (), report: Report | None = None
    ) -> None:
        """`operations` are all of the document, kept or not."""
        places = Places(schemas.document, operations)
        self._graph = Graph(schemas, places, report or schemas.report)
        self._forms = Forms(self._graph)

    def require(self, node: Node) -> None:
        """Raises ReferenceFailure if a request of this schema cannot be known. To be asked before
        anything of the operation is wanted."""
        self._graph.require(node)

    def want(self, node: Node, direction: Direction) -> None:
        """Take in a schema; of a request's, `require` has been asked."""
        self._graph.explore(node, direction)

    def settle(self) -> None:
        """Give names to all types that need one. Nothing can be wanted after that."""
        self._graph.spread_directions()
        self._forms.settle()

    def reference(self, node: Node, direction: Direction) -> TypeRef:
        """How the type of a wanted schema is written."""
        return self._forms.reference(node, direction)

    def definitions(self) -> tuple[TypeDefinition, ...]:
        """The named types that are reached by direction and by each other, sorted by name."""
        return self._forms.definitions()
