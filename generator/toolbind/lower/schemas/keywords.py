"""What may stand in a schema: one table of keywords, and the reading of one schema through it.

A keyword whose value has the wrong kind is left out with a diagnostic, so whoever comes after
may rely on the kinds below. Imports `diagnostics` and `read.document`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from toolbind.diagnostics import Report
from toolbind.lower.schemas.view import TYPES
from toolbind.read.document import Node

FILE = "file"
"""The type that Swagger 2.0 had for uploads, still met in later documents."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a keyword must hold: `fits` decides, `words` tell a person. `meant` reads what holds
    something else and can be read in one way only; it gives nothing where that is not so."""

    words: str
    fits: Callable[[Any], bool]
    meant: Callable[[Any], tuple[Any] | None] = lambda _: None


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


_ALIASES: Mapping[str, str] = {
    **{name: name for name in TYPES},
    "int": "integer",
    "bool": "boolean",
    "str": "string",
    "float": "number",
    "double": "number",
}
_FLAGS: Mapping[str, bool] = {
    **dict.fromkeys(("true", "yes", "on"), True),
    **dict.fromkeys(("false", "no", "off"), False),
}


def _type_meant(value: Any) -> tuple[Any] | None:
    """`String` and `int`, as programming languages spell them."""
    names = value if isinstance(value, list) and value else [value]
    known = [_ALIASES.get(name.strip().lower()) for name in names if isinstance(name, str)]
    types = [name for name in known if name is not None]
    if len(types) < len(names):
        return None
    return (types,) if isinstance(value, list) else (types[0],)


def _flag_meant(value: Any) -> tuple[Any] | None:
    known = _FLAGS.get(value.strip().lower()) if isinstance(value, str) else None
    return None if known is None else (known,)


def _number_meant(value: Any) -> tuple[Any] | None:
    """A number in quotes."""
    if not isinstance(value, str) or not _NUMERAL.fullmatch(value.strip()):
        return None
    number = float(value)
    return (int(number) if number.is_integer() else number,) if math.isfinite(number) else None


def _is_positive(value: Any) -> bool:
    return is_number(value) and value > 0


TYPE = Kind("a JSON type, or a list of JSON types", _is_type, _type_meant)
TEXT = Kind("a string", lambda value: isinstance(value, str))
FLAG = Kind("true or false", lambda value: isinstance(value, bool), _flag_meant)
NUMBER = Kind("a number", is_number, _number_meant)
POSITIVE = Kind("a number above zero", _is_positive, _number_meant)
COUNT = Kind("a whole number, zero or more", _is_count, _number_meant)
NAMES = Kind("a list of member names", _is_names)
VALUES = Kind("a list of allowed values", lambda value: isinstance(value, list) and bool(value))
BOUND = Kind(
    "true or false",
    lambda value: isinstance(value, bool),
    lambda value: (value,) if is_number(value) else _flag_meant(value),
)
"""An exclusive limit of 3.0; what holds a number is one of 3.1."""
LIMIT = Kind(
    "a number",
    is_number,
    lambda value: (value,) if isinstance(value, bool) else _number_meant(value),
)
"""An exclusive limit of 3.1; what holds a flag is one of 3.0."""
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

EARLIER: Mapping[str, Kind] = {"exclusiveMinimum": BOUND, "exclusiveMaximum": BOUND}
"""Keywords as OpenAPI 3.0 alone has them."""

LATER: Mapping[str, Kind] = {
    "exclusiveMinimum": LIMIT,
    "exclusiveMaximum": LIMIT,
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

_BESIDE = ("$ref", "xml", "externalDocs")
_LATER_BESIDE = (
    *CONDITIONS,
    *("then", "else", "$defs", "definitions", "$schema", "$id", "id", "$anchor", "$dynamicAnchor"),
    *("$recursiveAnchor", "$comment", "$vocabulary", "minContains", "maxContains"),
    *("contentSchema", "additionalItems", "dependencies"),
)

PASSED_OVER: Mapping[str, frozenset[str]] = {
    "3.0": frozenset(_BESIDE),
    "3.1": frozenset((*_BESIDE, *_LATER_BESIDE)),
}
"""Keywords that say nothing about what a tool may be given, or are read elsewhere."""

LIKE = 0.8
"""How much a key must resemble a keyword to be taken for a slip of the pen."""

_NUMERAL = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,20})?", re.ASCII)

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
            if name not in PASSED_OVER[version] and not name.startswith("x-"):
                _complain_of_name(node, name, version, report)
        elif kind.fits(value):
            found[name] = _whole(value) if kind in _NUMERIC else value
        elif (meant := kind.meant(value)) is not None and _is_meant(kind, meant[0]):
            found[name] = _whole(meant[0]) if is_number(meant[0]) else meant[0]
            _complain(node, name, kind, report, f"is read as {shape(meant[0])}")
        else:
            _complain(node, name, kind, report, "is left out")
    return found


def _is_meant(kind: Kind, value: Any) -> bool:
    return kind in (BOUND, LIMIT) or kind.fits(value)


_NUMERIC = (COUNT, NUMBER, POSITIVE, LIMIT)


def _complain_of_name(node: Node, name: str, version: str, report: Report) -> None:
    """A key that is no keyword here: of another version, a slip of the pen, or somebody's own.

    Since 3.1 schemas may hold any, so that there only what resembles a keyword is told.
    """
    place = (node.get(name) or node).place
    if version == "3.0" and (name in READABLE["3.1"] or name in PASSED_OVER["3.1"]):
        message = f"`{name}` is a keyword of OpenAPI 3.1, without force in 3.0"
        report.say("schema-foreign", place, message)
        return
    near = get_close_matches(name[:100], [*READABLE[version], *_BESIDE], n=1, cutoff=LIKE)
    if near:
        message = f"a schema has no keyword `{name}`; did you mean `{near[0]}`?"
        report.say("schema-unknown", place, message)
    elif version == "3.0":
        report.say("schema-foreign", place, f"`{name}` is no keyword of OpenAPI 3.0")


def _whole(value: float) -> float:
    """1.0 as 1: the same number, and shorter."""
    return int(value) if value == int(value) and abs(value) < 2**53 else value


def _complain(node: Node, name: str, kind: Kind, report: Report, outcome: str) -> None:
    place = node.get(name) or node
    report.say(
        "schema-keyword",
        place.place,
        f"`{name}` {outcome}: it must hold {kind.words}, and holds {shape(place.value)}",
    )


def complain_of_schema(node: Node, report: Report) -> None:
    words = f"a schema is an object, true or false, and this is {shape(node.value)}"
    report.say("schema-keyword", node.place, f"anything is allowed here: {words}")


def is_reference(node: Node) -> bool:
    """Whether the schema at `node` (an object) refers to another, or means to."""
    return node.value.get("$ref") is not None


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
