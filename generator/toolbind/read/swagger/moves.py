"""The old tree while it is upgraded: following its references, and keeping account of what moved.

Imports `diagnostics`, `schemas`, and `fields`, `library`, `meaning`, `nodes`, `origins`,
`pointers`, `references` of `read`.
"""

from __future__ import annotations

from typing import Any

from toolbind.diagnostics import Report
from toolbind.read.fields import ObjectKind
from toolbind.read.library import Library
from toolbind.read.meaning import understood
from toolbind.read.nodes import Node, ReferenceFailure
from toolbind.read.origins import Origins
from toolbind.read.pointers import ROOT, to_fragment
from toolbind.read.references import References
from toolbind.read.swagger.schemas import upgraded


class Moves:
    """`root` is the old document."""

    def __init__(self, name: str, library: Library, origins: Origins, report: Report) -> None:
        tree = library.tree(name)
        self.url = tree.url
        self.report = report
        self.root = self.understood(Node(tree.value, ROOT, name), "document")
        self._library = library
        self._references = References(library, dialect_2020=False)
        self._origins = origins

    def followed(self, node: Node) -> Node | None:
        """The object that a node is or refers to; None if there is none.

        A reference that fails stays in the new tree, and fails again for whoever needs it.
        """
        try:
            end = self._references.end(node)
        except ReferenceFailure:
            return None
        return end if isinstance(end.value, dict) else None

    def understood(self, node: Node, kind: ObjectKind) -> Node:
        """An object of the old document as it is meant; says what is odd about it."""
        meant, findings = understood(node, kind, "2.0")
        self.report.extend(findings)
        return meant

    def shared(self, target: Node, group: str) -> dict[str, Any] | None:
        """A reference to a component, if that is what the target of a reference has become."""
        below = f"#/{group}/"
        if target.file != self.root.file or not target.pointer.startswith(below):
            return None
        name = target.pointer.removeprefix(below)
        return None if "/" in name else {"$ref": to_fragment(target.pointer)}

    def moved(self, pointer: str, old: Node) -> None:
        """The value that now stands at `pointer` was made from `old`."""
        if (old.file, old.pointer) != (self.root.file, pointer):
            self._origins.moved[pointer] = (old.file, old.pointer)

    def renamed(self, pointer: str, old: Node) -> None:
        """The value that now stands at `pointer` is `old`: references lead there."""
        self.moved(pointer, old)
        if old.file == self.root.file:
            self._origins.now.setdefault(old.pointer, pointer)

    def value(self, node: Node) -> Any:
        """A value to be put into the new tree: its references must hold there."""
        if node.file == self.root.file:
            return node.value
        return self._rebased(node.value, node.file)

    def schema(self, node: Node) -> Any:
        """A schema to be put into the new tree: shared, unless it has to be written otherwise."""
        value = self.value(node)
        has_other = self._library.tree(node.file).mentions("discriminator")
        return upgraded(value) if has_other else value

    def _rebased(self, value: Any, file: str) -> Any:
        """A copy of a value of another file whose references are those of the document."""
        result: list[Any] = []
        todo: list[tuple[Any, Any, Any]] = [(value, result, None)]
        while todo:
            old, holder, key = todo.pop()
            new: Any = old
            if isinstance(old, dict):
                new = dict(old)
                todo += [(member, new, name) for name, member in old.items()]
            elif isinstance(old, list):
                new = list(old)
                todo += [(element, new, index) for index, element in enumerate(old)]
            elif key == "$ref" and isinstance(old, str):
                new = self._library.seen_from(self.root.file, old, file)
            if key is None:
                result.append(new)
            else:
                holder[key] = new
        return result[0]
