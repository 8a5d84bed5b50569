"""Values that models write almost right, put right where there is one way to do it.

"51.5" for a number, "true" for a boolean, JSON text for an object or array, a single value for
an array, a number for a string, null for something optional, an enum value in another case.
A value that fits is never touched. Only used when validation has found something. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..basics.json_repair import UnreadableArgumentsError, mend_json
from ..basics.json_values import SerializationError, equal, is_integer, json_type, text
from .validation import Schema, compile_schema

_NUMBER = re.compile(r"[+-]?\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,3})?")


class _Nothing:
    """Says that there was no certain way."""


_NOTHING = _Nothing()


def fits(value: Any, schema: Schema) -> bool:
    found: list[Any] = []
    compile_schema(schema)(value, (), found)
    return not found


def mend(value: Any, schema: Schema) -> Any:
    """`value` as the schema wants it, or as far on the way as is certain."""
    if isinstance(schema, bool) or fits(value, schema):
        return value
    for branch in schema.get("anyOf", ()):
        candidate = mend(value, branch)
        if fits(candidate, schema):
            return candidate
    only = _only(value, schema)
    if only is not value and fits(candidate := mend(only, schema), schema):
        return candidate
    value = _mend_type(value, schema)
    if isinstance(value, Mapping):
        value = _mend_members(value, schema)
    elif isinstance(value, list):
        value = _mend_items(value, schema)
    return _mend_choice(value, schema)


def _mend_type(value: Any, schema: Mapping[str, Any]) -> Any:
    wanted = schema.get("type", ())
    types = [wanted] if isinstance(wanted, str) else list(wanted)
    kind = json_type(value)
    if kind in types or (kind == "integer" and "number" in types):
        return value
    for each in types:
        candidate = _CASTS[each](value)
        if candidate is not _NOTHING:
            return candidate
    if "array" in types and value is not None:
        return [value]
    return value


def _only(value: Any, schema: Mapping[str, Any]) -> Any:
    """The one item of a list, also of one in JSON text, where no list is wanted."""
    wanted = schema.get("type", "array")
    if wanted == "array" or "array" in wanted:
        return value
    found = value
    if isinstance(value, str) and value.lstrip()[:1] == "[":
        found = _CASTS["array"](value)
    if isinstance(found, list) and len(found) == 1:
        return found[0]
    return value


def _mend_members(
    value: Mapping[str, Any], schema: Mapping[str, Any]
) -> dict[str, Any]:
    members: Mapping[str, Schema] = schema.get("properties", {})
    others: Schema = schema.get("additionalProperties", True)
    required = schema.get("required", ())
    mended: dict[str, Any] = {}
    for name, each in value.items():
        member = members.get(name, others)
        if each is None and name in members and name not in required:
            if fits(None, member):
                mended[name] = None
            continue
        mended[name] = mend(each, member)
    return mended


def _mend_items(value: list[Any], schema: Mapping[str, Any]) -> list[Any]:
    first = schema.get("prefixItems", [])
    rest: Schema = schema.get("items", True)
    return [
        mend(each, first[index] if index < len(first) else rest)
        for index, each in enumerate(value)
    ]


def _mend_choice(value: Any, schema: Mapping[str, Any]) -> Any:
    """The one allowed value that differs in case or in quotes only."""
    allowed = [schema["const"]] if "const" in schema else schema.get("enum")
    if not allowed or any(equal(value, each) for each in allowed):
        return value
    if isinstance(value, (dict, list)) or value is None:
        return value
    spelt = text(value).strip().casefold()
    same = [
        each
        for each in allowed
        if not isinstance(each, (dict, list)) and text(each).casefold() == spelt
    ]
    return same[0] if len(same) == 1 else value


# --- casts: a value of the wanted type, or _NOTHING ------------------------------------------


def _to_number(value: Any) -> Any:
    if not isinstance(value, str) or not _NUMBER.fullmatch(value.strip()):
        return _NOTHING
    number = value.strip()
    if not re.search(r"[.eE]", number):
        return int(number)
    found = float(number)
    return _NOTHING if found in (float("inf"), float("-inf")) else found


def _to_integer(value: Any) -> Any:
    number = _to_number(value)
    return number if number is _NOTHING or is_integer(number) else _NOTHING


def _to_boolean(value: Any) -> Any:
    words = {"true": True, "false": False}
    spelt = value.strip().lower() if isinstance(value, str) else ""
    return words.get(spelt, _NOTHING)


def _to_null(value: Any) -> Any:
    return None if value == "null" else _NOTHING


def _to_string(value: Any) -> Any:
    if isinstance(value, (dict, list)) or value is None:
        return _NOTHING
    try:
        return text(value)
    except SerializationError:
        return _NOTHING


def _from_json(kind: type, opening: str) -> Callable[[Any], Any]:
    def cast(value: Any) -> Any:
        if not isinstance(value, str) or not value.strip().startswith(opening):
            return _NOTHING
        try:
            found = mend_json(value)
        except UnreadableArgumentsError:
            return _NOTHING
        return found if isinstance(found, kind) else _NOTHING

    return cast


_CASTS: Mapping[str, Callable[[Any], Any]] = {
    "integer": _to_integer,
    "number": _to_number,
    "boolean": _to_boolean,
    "null": _to_null,
    "object": _from_json(dict, "{"),
    "array": _from_json(list, "["),
    "string": _to_string,
}
