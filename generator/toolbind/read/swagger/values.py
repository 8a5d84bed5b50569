"""Swagger 2.0 parameters as OpenAPI 3.0 writes them: a schema, and a style.

Pure functions on raw values, which are not changed. Imports the standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

JsonObject = dict[str, Any]

_SCHEMA_KEYWORDS: Final = frozenset(
    {
        "type",
        "format",
        "items",
        "default",
        "maximum",
        "exclusiveMaximum",
        "minimum",
        "exclusiveMinimum",
        "maxLength",
        "minLength",
        "pattern",
        "maxItems",
        "minItems",
        "uniqueItems",
        "enum",
        "multipleOf",
    }
)
"""Members of a Parameter, Items or Header Object that belong to its schema."""

_NOT_MEMBERS: Final = _SCHEMA_KEYWORDS | {"collectionFormat", "schema"}


class Style(NamedTuple):
    style: str
    explode: bool


_DELIMITED: Final[Mapping[str, Style]] = MappingProxyType(
    {
        "ssv": Style("spaceDelimited", explode=False),
        "tsv": Style("tabDelimited", explode=False),
        "pipes": Style("pipeDelimited", explode=False),
    }
)
"""OpenAPI 3 knows two of them, and in queries only; what they mean elsewhere is as clear."""

_IN_QUERY: Final[Mapping[str, Style]] = MappingProxyType(
    {
        **_DELIMITED,
        "csv": Style("form", explode=False),
        "multi": Style("form", explode=True),
    }
)
_ELSEWHERE: Final[Mapping[str, Style]] = MappingProxyType(
    {**_DELIMITED, "csv": Style("simple", explode=False)}
)


class Value(NamedTuple):
    """`style` is None where there is no list to write."""

    schema: JsonObject
    style: Style | None


def value_of(holder: JsonObject, place: str) -> Value:
    """The schema and style of a parameter, item list or header; `place` is its `in`."""
    own = holder.get("schema")
    if isinstance(own, dict) and "type" not in holder:
        return Value(own, None)
    schema = _schema(holder)
    if schema.get("type") != "array":
        return Value(schema, None)
    name = holder.get("collectionFormat")
    styles = _IN_QUERY if place in ("query", "formData") else _ELSEWHERE
    known = styles.get(name) if isinstance(name, str) else None
    return Value(schema, known or styles["csv"])


def _schema(holder: JsonObject) -> JsonObject:
    schema = {key: value for key, value in holder.items() if key in _SCHEMA_KEYWORDS}
    if schema.get("type") == "file":
        schema.update(type="string", format="binary")
    items = schema.get("items")
    if isinstance(items, dict) and "collectionFormat" in items:
        schema["items"] = {k: v for k, v in items.items() if k != "collectionFormat"}
    return schema


def parameter(old: JsonObject) -> JsonObject:
    """A path, query or header parameter of OpenAPI 3.0."""
    value = value_of(old, str(old.get("in")))
    new = {key: member for key, member in old.items() if key not in _NOT_MEMBERS}
    new["schema"] = value.schema
    if value.style is not None:
        new.update(style=value.style.style, explode=value.style.explode)
    return new
