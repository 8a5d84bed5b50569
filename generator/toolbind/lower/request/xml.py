"""XML hints of a schema, gathered into one description of how a value is written.

OpenAPI 3.1 section 4.8.26, and `nodeType` of 3.2. Imports `ir`, `read`, and of `lower` `draft`,
`schemas`, `unsupported`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from toolbind import ir
from toolbind.lower.draft import Context
from toolbind.lower.schemas import Joined, View, parts_of
from toolbind.lower.unsupported import Unsupported
from toolbind.read.document import Node

HINTS = 2000
"""Values with hints in one body; a body with more would fill the module with its description."""

DEPTH = 100
"""Elements inside each other; the runtime writes no deeper ones."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*", re.ASCII)
_COMPONENT = re.compile(r"#/components/schemas/([^/]+)")
_DEFAULT = ir.Xml()
_ROOT = "root"


def root(context: Context, schema: Node) -> ir.Xml | None:
    """The description of a whole XML body; None for one that is given as text.

    Raises Unsupported where hints cannot be written down in full (a recursive schema has some, or
    there are too many of them), and for names that XML does not allow.
    """
    view = context.schemas.inspect(schema)
    if view.single_type() == "string":
        return None
    described = _Reader(context).described(schema, ())
    name = described.name or _root_name(context, schema, view)
    items = described.items
    if view.single_type() == "array":
        items = replace(items or _DEFAULT, name=(items or _DEFAULT).name or name)
    return _bound(replace(described, name=name, items=items), frozenset())


def _root_name(context: Context, schema: Node, view: View) -> str:
    """The name of the root where no hint gives one: the component's, else its title."""
    match = _COMPONENT.fullmatch(view.node.pointer)
    for name in (match.group(1) if match else "", view.title):
        if _NAME.fullmatch(name):
            return name
    context.say("xml-root", schema.place, f"the XML body has no name; it is sent as <{_ROOT}>")
    return _ROOT


def _bound(xml: ir.Xml, prefixes: frozenset[str]) -> ir.Xml:
    """`xml` without prefixes that no namespace stands behind: they would not be well-formed."""
    if xml.namespace:
        prefixes |= {xml.prefix}
    members = tuple((name, _bound(member, prefixes)) for name, member in xml.members)
    items = _bound(xml.items, prefixes) if xml.items is not None else None
    prefix = xml.prefix if xml.prefix in prefixes else ""
    return replace(xml, prefix=prefix, members=members, items=items)


class _Reader:
    """Reads the hints of one body; each schema once, whatever number of places refer to it."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._known: dict[object, ir.Xml] = {}

    def described(self, node: Node, above: tuple[object, ...]) -> ir.Xml:
        """What `node` says of itself and of everything below it."""
        key = self._key(node)
        view = self._context.schemas.inspect(node)
        own = self._own(node, view)
        if key in above:
            if self._hinted_below(view, set()):
                reason = "the XML hints of its body stand in a schema that contains itself"
                raise Unsupported("xml-hints", node.place, reason)
            return own
        if key not in self._known:
            if len(above) == DEPTH:
                reason = f"its body is deeper than {DEPTH} levels"
                raise Unsupported("xml-hints", node.place, reason)
            self._known[key] = self._whole(view, own, (*above, key))
            if self._size(self._known[key]) > HINTS:
                reason = f"its body has XML hints at more than {HINTS} places"
                raise Unsupported("xml-hints", node.place, reason)
        return self._known[key]

    def _whole(self, view: View, own: ir.Xml, above: tuple[object, ...]) -> ir.Xml:
        members = []
        for name, child in self._members(view):
            member = self.described(child, above)
            if member.wrapped:
                # items of a wrapped array without a name of their own are named after the array
                items = member.items or _DEFAULT
                inner = items.name or member.name or name
                member = replace(member, items=replace(items, name=inner))
            if member != _DEFAULT:
                members.append((name, member))
        items = self.described(view.items, above) if view.items is not None else _DEFAULT
        return replace(own, members=tuple(members), items=None if items == _DEFAULT else items)

    def _size(self, xml: ir.Xml) -> int:
        items = self._size(xml.items) if xml.items is not None else 0
        return 1 + items + sum(self._size(member) for _, member in xml.members)

    def _members(self, view: View) -> Iterator[tuple[str, Node]]:
        """The members that an object can have, those of its alternatives included."""
        seen: set[str] = set()
        views = [view]
        while views:
            current = views.pop(0)
            for name, child in current.properties.items():
                if name not in seen:
                    seen.add(name)
                    yield name, child
            for group in current.groups:
                views += [self._context.schemas.inspect(each) for each in group.alternatives]

    def _hinted_below(self, view: View, seen: set[object]) -> bool:
        children = [child for _, child in self._members(view)]
        children += [view.items] if view.items is not None else []
        for child in children:
            key = self._key(child)
            if key in seen:
                continue
            seen.add(key)
            below = self._context.schemas.inspect(child)
            if self._own(child, below) != _DEFAULT or self._hinted_below(below, seen):
                return True
        return False

    def _key(self, node: Node) -> object:
        """What tells places apart that may have other hints, though they mean one schema."""
        return tuple(self._context.document.identity(part) for part in parts_of(node))

    # --- the hints of one schema ----------------------------------------------------------------

    def _own(self, node: Node, view: View) -> ir.Xml:
        hints: dict[str, Any] = {}
        for each in self._hints(node, set()):
            hints.update(each)
        return _read(hints, node, "array" in view.types) if hints else _DEFAULT

    def _hints(self, node: Node, seen: set[object]) -> Iterator[Mapping[str, Any]]:
        """The `xml` objects that apply to a schema: of its parts first, its own last."""
        if isinstance(node, Joined):
            for part in node.parts:
                yield from self._hints(part, seen)
            return
        target = self._context.document.resolve(node)
        identity = self._context.document.identity(target)
        if identity in seen:
            return
        seen.add(identity)
        parts = target.get("allOf")
        for part in parts.elements() if parts is not None else ():
            yield from self._hints(part, seen)
        for holder in (target,) if target is node else (target, node):
            own = holder.get("xml")
            if own is not None and isinstance(own.value, dict):
                yield own.value


def _read(hints: Mapping[str, Any], node: Node, array: bool) -> ir.Xml:
    def text(key: str) -> str:
        value = hints.get(key)
        return value if isinstance(value, str) else ""

    kind = text("nodeType")
    name, prefix = text("name"), text("prefix")
    if not prefix and ":" in name:
        prefix, _, name = name.partition(":")
    for each in (name, prefix):
        if each and not _NAME.fullmatch(each):
            raise Unsupported("xml-hints", node.place, f"{each!r} is no name in XML")
    return ir.Xml(
        name,
        text("namespace"),
        prefix,
        attribute=hints.get("attribute") is True or kind == "attribute",
        wrapped=array and (hints.get("wrapped") is True or kind == "element"),
        text=kind in ("text", "cdata"),
    )
