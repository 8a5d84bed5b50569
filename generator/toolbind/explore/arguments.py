"""Arguments of a tool in a few words each: what kind of value, within which limits, sent where.

Pure. Imports the standard library only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

Row = Mapping[str, Any]

CHOICES = 40
"""Allowed values that are listed; the schema has all."""

_RANGES = (
    ("minimum", "maximum", ""),
    ("exclusiveMinimum", "exclusiveMaximum", ""),
    ("minLength", "maxLength", " characters"),
    ("minItems", "maxItems", " items"),
    ("minProperties", "maxProperties", " members"),
)
_BOUNDS = {"exclusiveMinimum": "more than ", "exclusiveMaximum": "less than "}


def pretty(value: Any) -> str:
    """JSON as people read it."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def kind(schema: Row) -> str:
    """`string`, `array of integer`, `object or string`."""
    for key in ("anyOf", "oneOf"):
        if "type" not in schema and schema.get(key):
            return " or ".join(dict.fromkeys(map(kind, schema[key])))
    known = schema.get("type", "any value")
    names = known if isinstance(known, list) else [known]
    items = schema.get("items")
    if isinstance(items, Mapping) and items:
        names = [f"array of {kind(items)}" if name == "array" else name for name in names]
    return " or ".join(map(str, names))


def limits(schema: Row) -> list[str]:
    """What a value must keep to, each in a few words."""
    return list(_limits(schema))


def choices(schema: Row) -> list[str]:
    """The allowed values as JSON, of the value itself or of an array's items."""
    items = schema.get("items")
    listed = schema.get("enum") or (items.get("enum") if isinstance(items, Mapping) else None)
    shown = [json.dumps(each, ensure_ascii=False) for each in (listed or ())[:CHOICES]]
    more = len(listed or ()) - len(shown)
    return [*shown, f"and {more} more"] if more else shown


def is_nested(schema: Row) -> bool:
    """Whether the schema says more than `kind`, `limits` and `choices` do."""
    items = schema.get("items")
    inner = [schema, items] if isinstance(items, Mapping) else [schema]
    return any(
        each.get(key)
        for each in inner
        for key in ("properties", "anyOf", "oneOf", "allOf", "not", "additionalProperties")
    ) or (isinstance(items, Mapping) and "items" in items)


def _limits(schema: Row) -> Iterator[str]:
    if isinstance(schema.get("format"), str):
        yield schema["format"]
    for low, high, unit in _RANGES:
        yield from _range(schema, low, high, unit)
    if "multipleOf" in schema:
        yield f"multiple of {_told(schema['multipleOf'])}"
    if isinstance(schema.get("pattern"), str):
        yield f"pattern {schema['pattern']}"
    if "const" in schema:
        yield f"always {_told(schema['const'])}"
    if "default" in schema:
        yield f"default {_told(schema['default'])}"


def _range(schema: Row, low: str, high: str, unit: str) -> Iterator[str]:
    least, most = schema.get(low), schema.get(high)
    if least is not None and most is not None and not unit and low == "minimum":
        yield f"{_told(least)} to {_told(most)}"
    elif least is not None and most is not None and unit:
        yield f"{_told(least)} to {_told(most)}{unit}" if least != most else f"{_told(least)}{unit}"
    else:
        if least is not None:
            yield f"{_BOUNDS.get(low, 'at least ')}{_told(least)}{unit}"
        if most is not None:
            yield f"{_BOUNDS.get(high, 'at most ')}{_told(most)}{unit}"


def _told(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
