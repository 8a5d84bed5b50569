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

from collections.abc import Iterable, Iterator

from toolbind.diagnostics import Report
from toolbind.ir import TypeDefinition, TypeRef
from toolbind.lower.schemas import Direction, Key, Schemas, identity
from toolbind.lower.types.forms import Forms
from toolbind.lower.types.graph import Graph
from toolbind.lower.types.places import Owner, Places
from toolbind.read.document import Node

__all__ = ["Owner", "Types", "is_simple"]


class Types:
    """The types of one document's kept operations."""

    def __init__(
        self, schemas: Schemas, operations: Iterable[Owner] = (), report: Report | None = None
    ) -> None:
        """`operations` are all of the document, kept or not."""
        self._places = Places(schemas.document, operations)
        self._graph = Graph(schemas, self._places, report or schemas.trace)
        self._forms = Forms(self._graph)
        self._recalled: dict[tuple[Key, Direction], TypeRef] = {}

    @property
    def ground(self) -> Iterator[str]:
        """All that decides about types beside the schemas themselves."""
        return self._places.ground

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
        """How the type of a wanted schema is written, or that of a simple one."""
        if not is_simple(node):
            known = self._recalled.get((_key(node), direction))
            return self._forms.reference(node, direction) if known is None else known
        self._graph.explore(node, direction)
        return self._forms.reference(node, direction)

    def recall(self, references: Iterable[tuple[Node, Direction, TypeRef]]) -> None:
        """Take over how types are written, instead of taking their schemas in."""
        for node, direction, reference in references:
            self._recalled[_key(node), direction] = reference

    def definitions(self) -> tuple[TypeDefinition, ...]:
        """The named types that are reached by direction and by each other, sorted by name."""
        return self._forms.definitions()


_SIMPLE = frozenset(
    (
        *("type", "format", "title", "description", "default", "example", "examples", "pattern"),
        *("minimum", "maximum", "minLength", "maxLength", "multipleOf", "nullable", "deprecated"),
    )
)


def is_simple(node: Node) -> bool:
    """Whether a schema needs no name and leads to no other, whatever it says: what its type is can
    be seen from itself."""
    return isinstance(node.value, dict) and _SIMPLE.issuperset(node.value)


def _key(node: Node) -> Key:
    return identity(node)
