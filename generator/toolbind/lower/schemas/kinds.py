"""The kinds of an object that a discriminator tells apart and that are not listed beside it.

They refer to the object in their `allOf` (OpenAPI 3.0.3, "Composition and Inheritance"): a mapping
names them, else their own names in the components do. Imports `builder`, `view` and `read`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolbind.lower.schemas.builder import Builder
from toolbind.lower.schemas.view import View
from toolbind.read import pointers
from toolbind.read.document import Document, Node, ReferenceFailure

_COMPONENTS = "#/components/schemas/"


class Kinds:
    """Of one document."""

    def __init__(self, document: Document, builder: Builder) -> None:
        self._builder = builder
        self._children = _children(document) if document.mentions("discriminator") else {}

    @property
    def ground(self) -> Mapping[str, tuple[str, ...]]:
        """Who names whom in its `allOf`: what the kinds of any object depend on."""
        return self._children

    def of(self, view: View) -> tuple[str, list[tuple[tuple[str, ...], View]]]:
        """The member that tells the kinds of an object apart, and each kind with its values of
        that member; nothing where there are none."""
        found = view.node.get("discriminator")
        member = found.text("propertyName") if found is not None else ""
        if found is None or not member or view.groups:
            return "", []
        tags: dict[str, list[str]] = {}
        mapping = found.get("mapping")
        for name, each in mapping.items() if mapping is not None else ():
            if isinstance(each.value, str):
                plain = "/" not in each.value and "#" not in each.value
                reference = f"{_COMPONENTS}{each.value}" if plain else each.value
                tags.setdefault(reference, []).append(name)
        for reference in self._below(view.node.pointer):
            last = pointers.split(reference)[-1]
            tags.setdefault(reference, [last])
        tags.pop(view.node.pointer, None)
        return member, list(self._views(tags, found))

    def _views(
        self, tags: Mapping[str, list[str]], holder: Node
    ) -> Iterator[tuple[tuple[str, ...], View]]:
        for index, (reference, names) in enumerate(tags.items()):
            node = Node({"$ref": reference}, f"{holder.pointer}/-/{index}", holder.file)
            try:
                view = self._builder.view(node)
            except ReferenceFailure:  # a name all the same
                view = View(node)
            yield tuple(names), view

    def _below(self, pointer: str) -> list[str]:
        """All that name a schema in their `allOf`, and all that name those."""
        found: dict[str, None] = {}
        stack = [pointer]
        while stack:
            for child in self._children.get(stack.pop(), ()):
                if child not in found:
                    found[child] = None
                    stack.append(child)
        return list(found)


def _children(document: Document) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    components: Any = document.root.value.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    for name, schema in schemas.items() if isinstance(schemas, dict) else ():
        parts = schema.get("allOf") if isinstance(schema, dict) else None
        for part in parts if isinstance(parts, list) else ():
            reference = part.get("$ref") if isinstance(part, dict) else None
            if isinstance(reference, str):
                own = f"{_COMPONENTS}{pointers.escape(name)}"
                found[reference] = (*found.get(reference, ()), own)
    return found
