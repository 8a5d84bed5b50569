"""XML bodies read back by the schema's `xml` hints (XML Object), parsed by the standard library.

Imports dialect, wire.
"""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from tests.programs.corpus.dialect import Dialect
from tests.programs.corpus.wire import MisreadError, Text


def read(dialect: Dialect, schema: Any, content: bytes, given: Any) -> Any:
    """The document's root element as the schema's value; `given` tells names and shapes.

    The root's name is judged only where the hints give one: an inline schema without `xml.name`
    leaves it open.
    """
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        raise MisreadError("other", f"not XML: {error}") from None
    reader = _Reader(dialect)
    hints = reader.hints(schema)
    if hints.get("name") and _local(root.tag) != hints["name"]:
        raise MisreadError("other", f"root element {_local(root.tag)!r}, not {hints['name']!r}")
    return reader.value(schema, root, given)


class _Reader:
    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    def hints(self, schema: Any) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for found in reversed(self.dialect.facets(schema, "xml")):
            merged |= found if isinstance(found, dict) else {}
        return merged

    def value(self, schema: Any, element: ElementTree.Element, given: Any) -> Any:
        if isinstance(given, dict):
            return self.object(schema, element, given)
        if isinstance(given, list):
            # A whole body that is an array: its items are the root's children.
            return self.all(schema, list(element), given)
        if len(element):
            raise MisreadError(
                "other", f"elements inside <{_local(element.tag)}>, which holds text"
            )
        return None if given is None and not element.text else Text(element.text or "")

    def all(self, schema: Any, elements: list[ElementTree.Element], given: list[Any]) -> Any:
        if len(elements) != len(given):
            raise MisreadError("other", f"{len(elements)} elements for {len(given)} items")
        items = self.dialect.items(schema)
        return [self.value(items, e, g) for e, g in zip(elements, given, strict=True)]

    def object(self, schema: Any, element: ElementTree.Element, given: dict[str, Any]) -> Any:
        left = list(element)
        attributes = {_local(name): text for name, text in element.attrib.items()}
        read: dict[str, Any] = {}
        for name, value in given.items():
            member = self.dialect.member(schema, name)
            hints = self.hints(member)
            label = str(hints.get("name") or name)
            if hints.get("attribute") is True:
                if label not in attributes:
                    raise MisreadError("other", f"attribute {label!r} is missing")
                read[name] = Text(attributes.pop(label))
            elif isinstance(value, list):
                read[name] = self.array(member, hints, name, left, value)
            else:
                read[name] = self.value(member, self.only(left, label), value)
        if left or attributes:
            raise MisreadError(
                "other", f"added: {[_local(e.tag) for e in left[:3]]} {[*attributes][:3]}"
            )
        return read

    def array(
        self, schema: Any, hints: dict[str, Any], name: str, left: list[Any], given: list[Any]
    ) -> Any:
        """Wrapped: <outer><item/></outer>; else the items stand among the members.

        Items have the name that their own hints give. Without one the examples (XML Object, XML
        Arrays) take the array's name, and say nothing where that differs from the property's.
        """
        outer = str(hints.get("name") or name)
        own = self.hints(self.dialect.items(schema)).get("name")
        names = {str(own)} if own else {outer, name}
        if hints.get("wrapped") is True:
            children = list(self.only(left, outer))
        else:
            children = [element for element in left if _local(element.tag) in names]
            for child in children:
                left.remove(child)
        for child in children:
            if _local(child.tag) not in names:
                raise MisreadError("other", f"item <{_local(child.tag)}>, not {sorted(names)}")
        return self.all(schema, children, given)

    def only(self, left: list[ElementTree.Element], name: str) -> ElementTree.Element:
        found = [element for element in left if _local(element.tag) == name]
        if len(found) != 1:
            raise MisreadError("other", f"<{name}> stands {len(found)} times")
        left.remove(found[0])
        return found[0]


def _local(tag: str) -> str:
    """The name without its namespace; prefixes are the writer's choice."""
    return tag.rpartition("}")[2]
