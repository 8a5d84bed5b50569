"""The view of a schema: what it allows, read once, references followed and `allOf` merged.

Values only. Imports `read.document` (for Node) and the standard library.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from toolbind.read.document import Node

Direction = Literal["request", "response"]
"""Which way a value travels: requests without `readOnly` members, answers without `writeOnly`."""

TYPES = ("array", "object", "string", "number", "integer", "boolean", "null")
"""The types of JSON Schema, the one that loses least on the wire first."""

ANY = ("array", "object", "string", "number", "boolean", "null")
"""All types, as a view holds them: `number` includes `integer`."""


@dataclass(frozen=True, slots=True)
class Joined(Node):
    """Several places of the document that one value must satisfy together.

    Made where parts of an `allOf` declare the same member. `value` reads `{"allOf": [...]}`,
    `pointer` and `file` are those of the first part.
    """

    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Either(Joined):
    """Several places of the document of which one value satisfies one or more: what alternatives
    say of one member. `value` reads `{"anyOf": [...]}`, the rest as in `Joined`."""


def parts_of(node: Node) -> tuple[Node, ...]:
    """The places that a node is made of: one, unless it joins several."""
    return node.parts if isinstance(node, Joined) else (node,)


def identity(node: Node) -> tuple[str, ...]:
    """What tells the schema at `node` from all others: its place, or those that it joins, and how.
    References are not followed."""
    if not isinstance(node, Joined):
        return node.file, node.pointer
    how = ("anyOf",) if isinstance(node, Either) else ()
    return (*how, *(each for part in node.parts for each in identity(part)))


@dataclass(frozen=True, slots=True)
class Group:
    """Alternatives (`anyOf`, `oneOf`), at least two, of which a value satisfies one or more.

    `exact` is false for a `oneOf` whose alternatives may overlap: a tool says `anyOf`. `tags`
    holds, in the order of the alternatives, the discriminator's value of each, or "".
    """

    alternatives: tuple[Node, ...]
    types: tuple[tuple[str, ...], ...]
    exact: bool = True
    tag: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """What a schema allows, one level deep. Children are nodes; pass them to `Schemas` again.

    `node` is the place that says it, at the end of any references. `types` holds the JSON types
    allowed (no `integer` beside `number`), in the order of `TYPES`; all of `ANY` where the
    document says none, nothing for the schema `false`. `enum` holds allowed values, `const` is an
    enum of one. `required` may name members that `properties` lacks. `additional` is the schema
    of undeclared members, `closed` says that there may be none. `items` is the schema of elements
    beyond `prefix`. `limits` holds numeric limits by keyword, in the 2020-12 form. `needs` lists
    sets of member names of which one must be present. `options` are the alternatives that the
    view was united from, if it was, and if nothing has been added to them. `exact` is false if
    the document says more than the view (patterns, conditions).
    """

    node: Node
    types: tuple[str, ...] = ANY
    title: str = ""
    description: str = ""
    hide: bool = False
    properties: Mapping[str, Node] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    additional: Node | None = None
    closed: bool = False
    patterned: tuple[Node, ...] = ()
    items: Node | None = None
    prefix: tuple[Node, ...] = ()
    enum: tuple[Any, ...] | None = None
    groups: tuple[Group, ...] = ()
    needs: tuple[tuple[tuple[str, ...], ...], ...] = ()
    negated: Node | None = None
    limits: Mapping[str, Any] = field(default_factory=dict)
    dependent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    format: str = ""
    pattern: str = ""
    media_type: str = ""
    content_encoding: str = ""
    annotations: Mapping[str, Any] = field(default_factory=dict)
    discriminator: tuple[str, tuple[str, ...]] | None = None
    options: tuple[Node, ...] = ()
    read_only: bool = False
    write_only: bool = False
    deprecated: bool = False
    exact: bool = True

    @property
    def stated(self) -> bool:
        """Whether the document says anything about the type."""
        return self.types != ANY

    @property
    def constrains(self) -> bool:
        """Whether any value is refused, as far as the view can say."""
        return (
            self.types != ANY
            or self.closed
            or self.enum is not None
            or self.items is not None
            or self.additional is not None
            or self.negated is not None
            or any(
                (
                    self.properties,
                    self.required,
                    self.patterned,
                    self.prefix,
                    self.groups,
                    self.needs,
                    self.limits,
                    self.dependent,
                )
            )
        )

    @property
    def nullable(self) -> bool:
        """Whether null is allowed beside something else."""
        return "null" in self.types and len(self.types) > 1

    @property
    def composed(self) -> bool:
        """Whether alternatives remain that could not be merged."""
        return bool(self.groups)

    @property
    def const(self) -> tuple[Any] | tuple[()]:
        """The one allowed value, or nothing."""
        return (self.enum[0],) if self.enum is not None and len(self.enum) == 1 else ()

    @property
    def binary(self) -> bool:
        """Whether the value is bytes that JSON text cannot hold as they are."""
        if "string" not in self.types or self.content_encoding:
            return False
        if self.format == "binary":
            return True
        return bool(self.media_type) and not _textual(self.media_type)

    @property
    def implied(self) -> str:
        """The type that the keywords speak of where no type is stated: `object`, `array`, or ""."""
        if self.stated or self.types != ANY:
            return ""
        about_objects = (
            bool(self.properties or self.required or self.patterned or self.needs or self.dependent)
            or self.additional is not None
            or self.closed
        )
        about_arrays = self.items is not None or bool(self.prefix)
        return "" if about_objects == about_arrays else "object" if about_objects else "array"

    def single_type(self) -> str:
        """The one type that is allowed, or that alone is spoken of; "" if there are several."""
        return self.types[0] if len(self.types) == 1 else self.implied


def _textual(media_type: str) -> bool:
    essence = media_type.partition(";")[0].strip().lower()
    return essence.startswith("text/") or essence.endswith(
        ("json", "xml", "yaml", "javascript", "x-www-form-urlencoded")
    )
