"""The style table: which styles a place knows, and for which types each is defined.

OpenAPI 3.1 section 4.8.12.2, "Style Values" and "Style Examples". Imports `ir`, and of `lower`
`schemas`.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from toolbind import ir
from toolbind.lower.schemas import Schemas
from toolbind.read.document import Node

_DELIMITED: tuple[ir.Style, ...] = ("spaceDelimited", "pipeDelimited", "tabDelimited")

PLACES: Mapping[str, tuple[ir.Style, ...]] = {
    "path": ("simple", "label", "matrix", *_DELIMITED),
    "query": ("form", *_DELIMITED, "deepObject"),
    "header": ("simple", *_DELIMITED),
    "cookie": ("form", "cookie"),
    "querystring": ("form",),
}
"""The styles of each place, its default first. `cookie` and `querystring` are of OpenAPI 3.2;
Swagger 2.0 has lists delimited by tabs, and delimited lists in paths and headers too."""

_EXPLODES: frozenset[ir.Style] = frozenset({"form", "cookie"})
"""Styles that explode where the document does not say."""

DECIDES = "`list-style` decides how lists are written"
"""What names the way out, in findings about what OpenAPI leaves open."""

_COMPOUND = frozenset({"array", "object"})


@dataclass(frozen=True, slots=True)
class Chosen:
    """How a value is written; `complaints` are codes and what to say about the declaration."""

    style: ir.Style
    explode: bool
    complaints: tuple[tuple[str, str], ...] = ()


def choose(place: str, style: str, explode: bool | None, types: Set[str]) -> Chosen:
    """The style that is used for a declaration; the place's default where the declared one is
    not defined for it. `types` are the JSON types that the value can have."""
    known = PLACES[place]
    declared = next((each for each in known if each == style), None)
    if declared is None:
        default = _default(known[0], explode)
        if not style:
            return default
        return _instead(default, f"has the style {style!r}, which a {place} parameter cannot have")
    if declared == "deepObject" and not types & _COMPOUND:
        complaint = "has the style deepObject but is neither a list nor an object"
        return _instead(_default("form", explode), complaint)
    if declared in _DELIMITED:
        if not types & _COMPOUND:
            return _default(known[0], None)  # one value needs no delimiter
        if explode:
            return _instead(
                _default(known[0], True), f"has the style {style!r}, which cannot explode"
            )
    if declared == "deepObject":
        return Chosen("deepObject", True)
    return _default(declared, explode)


def nested(schemas: Schemas, schema: Node | None, style: ir.Style) -> str:
    """What to say of a value with arrays or objects inside, for which no style is defined."""
    if schema is None:
        return ""
    view = schemas.inspect(schema)
    inner = [*view.properties.values(), *([view.items] if view.items is not None else [])]
    if not _COMPOUND.intersection(view.types) or not inner:
        return ""
    deep = any(schemas.inspect(each).single_type() in _COMPOUND for each in inner)
    if not deep:
        return ""
    if style == "deepObject":
        return f"is nested deeper than its style defines; brackets are repeated ({DECIDES})"
    return "holds arrays or objects for which its style is not defined; they are sent as JSON text"


def _default(style: ir.Style, explode: bool | None) -> Chosen:
    return Chosen(style, style in _EXPLODES if explode is None else explode)


def _instead(chosen: Chosen, complaint: str) -> Chosen:
    message = f"{complaint}; it is sent in the style {chosen.style}"
    return Chosen(chosen.style, chosen.explode, (("style-undefined", message),))
