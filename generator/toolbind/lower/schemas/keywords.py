"""What may stand in a schema: one table of keywords, and the reading of one schema through it.

A keyword whose value has the wrong kind is left out with a diagnostic, so whoever comes after
may rely on the kinds below. Imports `diagnostics` and `read.document`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from toolbind.diagnostics import Report
from toolbind.lower.schemas.view import TYPES
from toolbind.read.document import Node

FILE = "file"
"""The type that Swagger 2.0 had for uploads, still met in later documents."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a keyword must hold: `fits` decides, `words` tell a person."""

    words: str
    fits: Callable[[Any], bool]


def _is_type(value: Any) -> bool:
    names = value if isinstance(value, list) and value else [value]
    return all(isinstance(name, str) and (name in TYPES or name == FILE) for name in names)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_count(value: Any) -> bool:
    return is_number(value) and value >= 0 and value == int(value)


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def is_schema(value: Any) -> bool:
    return isinstance(value, dict | bool)


TYPE = Kind("a JSON type, or a list of JSON types", _is_type)
TEXT = Kind("a string", lambda value: isinstance(value, str))
FLAG = Kind("true or false", lambda value: isinstance(value, bool))
NUMBER = Kind("a number", is_number)
POSITIVE = Kind("a number above zero", lambda value: is_number(value) and value > 0)
COUNT = Kind("a whole number, zero or more", _is_count)
NAMES = Kind("a list of member names", _is_names)
VALUES = Kind("a list of allowed values", lambda value: isinstance(value, list) and bool(value))
LIST = Kind("a list", lambda value: isinstance(value, list))
MAP = Kind("an object", lambda value: isinstance(value, dict))
SCHEMA = Kind("a schema", is_schema)
SCHEMAS = Kind("a list of schemas", lambda value: isinstance(value, list) and bool(value))
ANYTHING = Kind("any value", lambda _: True)

BOTH: Mapping[str, Kind] = {
    "type": TYPE,
    "title": TEXT,
    "description": TEXT,
    "format": TEXT,
    "pattern": TEXT,
    "nullable": FLAG,
    "readOnly": FLAG,
    "writeOnly": FLAG,
    "deprecated": FLAG,
    "enum": VALUES,
    "default": ANYTHING,
    "example": ANYTHING,
    "minimum": NUMBER,
    "maximum": NUMBER,
    "multipleOf": POSITIVE,
    "minLength": COUNT,
    "maxLength": COUNT,
    "minItems": COUNT,
    "maxItems": COUNT,
    "minProperties": COUNT,
    "maxProperties": COUNT,
    "uniqueItems": FLAG,
    "properties": MAP,
    "required": NAMES,
    "additionalProperties": SCHEMA,
    "items": SCHEMA,
    "allOf": SCHEMAS,
    "anyOf": SCHEMAS,
    "oneOf": SCHEMAS,
    "not": SCHEMA,
    "discriminator": MAP,
}
"""Keywords of OpenAPI 3.0 (section 4.7.24) that a schema's meaning depends on."""

EARLIER: Mapping[str, Kind] = {"exclusiveMinimum": FLAG, "exclusiveMaximum": FLAG}
"""Keywords as OpenAPI 3.0 alone has them."""

LATER: Mapping[str, Kind] = {
    "exclusiveMinimum": NUMBER,
    "exclusiveMaximum": NUMBER,
    "const": ANYTHING,
    "patternProperties": MAP,
    "prefixItems": SCHEMAS,
    "dependentRequired": MAP,
    "contentMediaType": TEXT,
    "contentEncoding": TEXT,
    "examples": LIST,
}
"""Keywords that JSON Schema 2020-12 adds, and with it OpenAPI 3.1."""

TOLERATED: Mapping[str, Kind] = {"patternProperties": MAP, "const": ANYTHING}
"""Keywords without force in 3.0, met there all the same: they open a schema or are told in words,
and never refuse a value."""

CONDITIONS = (
    "if",
    "contains",
    "dependentSchemas",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "$dynamicRef",
    "$recursiveRef",
)
"""Conditions of 2020-12 that a tool cannot carry; they are left out."""

READABLE: Mapping[str, Mapping[str, Kind]] = {
    "3.0": {**BOTH, **EARLIER, **TOLERATED},
    "3.1": {**BOTH, **LATER},
}


def read_keywords(node: Node, version: str, report: Report) -> dict[str, Any]:
    """The keywords of the schema at `node` that hold what they must. `node.value` is an object."""
    table = READABLE[version]
    found: dict[str, Any] = {}
    for name, value in node.value.items():
        kind = table.get(name)
        if kind is None:
            continue
        if kind.fits(value):
            found[name] = _whole(value) if kind in _NUMERIC else value
        else:
            _complain(node, name, kind, report)
    return found


_NUMERIC = (COUNT, NUMBER, POSITIVE)


def _whole(value: float) -> float:
    """1.0 as 1: the same number, and shorter."""
    return int(value) if value == int(value) and abs(value) < 2**53 else value


def _complain(node: Node, name: str, kind: Kind, report: Report) -> None:
    place = node.get(name) or node
    report.say(
        "schema-keyword",
        place.place,
        f"`{name}` is left out: it must hold {kind.words}, and holds {shape(place.value)}",
    )


def complain_of_schema(node: Node, report: Report) -> None:
    words = f"a schema is an object, true or false, and this is {shape(node.value)}"
    report.say("schema-keyword", node.place, f"anything is allowed here: {words}")


def is_reference(node: Node) -> bool:
    """Whether the schema at `node` (an object) refers to another."""
    return isinstance(node.value.get("$ref"), str)


def shape(value: Any) -> str:
    """What kind of JSON value this is, in words, with the value itself where it is short."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {value!r}" if abs(value) < 1e15 else "a huge number"
        case str():
            return f'the string "{value}"' if len(value) <= 40 else "a long string"
        case list():
            return "a list" if value else "an empty list"
        case _:
            return "an object"
