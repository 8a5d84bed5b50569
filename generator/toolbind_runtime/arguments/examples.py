"""Values that show what a schema wants: made small, and checked before they are shown.

    made(schema) -> a value that passes, or NOTHING

Some schemas have no value that could be found by trying: then nothing is shown. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from .validation import Schema, compile_schema

TRIES = 6
"""Values that are tried one after the other."""

LONGEST = 200
"""Characters of a text, items of an array, members of an object: a document may ask for more."""

NOTHING: Any = object()
"""Stands for a value that could not be made."""

FORMATS: Mapping[str, str] = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "email": "name@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "time": "12:00:00Z",
    "uri": "https://example.com",
    "url": "https://example.com",
    "uuid": "123e4567-e89b-12d3-a456-426614174000",
}


def made(schema: Schema, text: str = "<string>") -> Any:
    """A value that the schema accepts; `text` is what a text is where nothing says more."""
    check = compile_schema(schema)
    for turn in range(TRIES):
        for value in _candidates(schema, text, turn):
            found: list[Any] = []
            if value is not NOTHING:
                check(value, (), found)
                if not found:
                    return value
    return NOTHING


def fits(value: Any, schema: Schema) -> bool:
    found: list[Any] = []
    compile_schema(schema)(value, (), found)
    return not found


def _candidates(schema: Schema, text: str, turn: int) -> Iterator[Any]:
    """What may fit, the best first; other values in every turn."""
    if schema is False:
        return
    if schema is True or not schema:
        yield text
        return
    for own in ("const", "default"):
        if own in schema and turn == 0:
            yield schema[own]
    if "enum" in schema:
        yield from schema["enum"]
        return
    for part in schema.get("allOf", ()):
        schema = _both(
            {key: each for key, each in schema.items() if key != "allOf"}, part
        )
    key = "anyOf" if "anyOf" in schema else "oneOf"
    branches = [each for each in schema.get(key, ()) if each is not False]
    for branch in branches:
        rest = {name: each for name, each in schema.items() if name != key}
        yield from _candidates(_both(rest, branch), text, turn)
    if branches:
        return
    for kind in _kinds(schema):
        yield _MAKERS[kind](schema, text, turn)


def _kinds(schema: Mapping[str, Any]) -> list[str]:
    """The types to try, null last."""
    said = schema.get("type")
    if said is None:
        if "properties" in schema or "required" in schema:
            return ["object"]
        if "items" in schema or "prefixItems" in schema:
            return ["array"]
        return ["string", "integer", "object", "array", "boolean", "null"]
    kinds = [said] if isinstance(said, str) else list(said)
    return sorted(kinds, key=lambda kind: kind == "null")


_NARROWER: Mapping[str, Any] = {
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems"), max),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems"), min),
    "minProperties": max,
    "maxProperties": min,
}


def _both(schema: Mapping[str, Any], other: Schema) -> Mapping[str, Any]:
    """One schema of two that hold together, as far as a value is to be made of it."""
    if not isinstance(other, Mapping):
        return schema
    whole: dict[str, Any] = {**schema}
    for key, value in other.items():
        mine = whole.get(key)
        if mine is None:
            whole[key] = value
        elif key == "properties":
            whole[key] = {**mine, **value}
            for name in mine.keys() & value.keys():
                if isinstance(mine[name], Mapping):
                    whole[key][name] = _both(mine[name], value[name])
        elif key == "required":
            whole[key] = list(dict.fromkeys((*mine, *value)))
        elif key == "enum":
            whole[key] = [each for each in mine if each in value] or value
        elif key in _NARROWER:
            whole[key] = _NARROWER[key](mine, value)
        elif key == "type":
            whole[key] = _common(mine, value)
        elif key not in ("description", "default"):
            whole[key] = value
    return whole


def _common(mine: Any, others: Any) -> Any:
    first = [mine] if isinstance(mine, str) else list(mine)
    second = [others] if isinstance(others, str) else list(others)
    both = [each for each in first if each in second]
    if not both and {"integer", "number"} <= {*first, *second}:
        return "integer"
    return both or second


# --- one maker for each type: a value, or NOTHING -----------------------------------------------


def _inner(schema: Schema, text: str, turn: int) -> Any:
    """A value that passes, another one in another turn where there are several."""
    check = compile_schema(schema)
    values: list[Any] = []
    for each in range(turn + TRIES):
        for value in _candidates(schema, text, each):
            found: list[Any] = []
            if value is not NOTHING and value not in values:
                check(value, (), found)
                if not found:
                    values.append(value)
                    if len(values) > turn:
                        return value
    return values[-1] if values else NOTHING


def _text(schema: Mapping[str, Any], text: str, turn: int) -> Any:
    least, most = schema.get("minLength", 0), schema.get("maxLength", LONGEST)
    if least > LONGEST:
        return NOTHING
    value = FORMATS.get(str(schema.get("format")), text)
    if turn:
        value = (
            f"{value[:-1]} {turn + 1}>" if value[-1:] == ">" else f"{value}{turn + 1}"
        )
    if len(value) > most:
        value = (str(turn) if turn else "x") * min(most, 1) + "x" * (most - 1)
    return value.ljust(int(least), "x")


def _number(schema: Mapping[str, Any], _text: str, turn: int) -> Any:
    whole = schema.get("type") == "integer"
    step = Fraction(str(schema.get("multipleOf", 1)))
    if step <= 0:
        return NOTHING
    if whole and step.denominator > 1:
        step = Fraction(step.numerator)
    low = _bound(schema, "minimum", "exclusiveMinimum")
    high = _bound(schema, "maximum", "exclusiveMaximum")
    start = Fraction(turn + 1)
    if low is not None and start * step < low[0]:
        start = math.ceil(low[0] / step) + Fraction(turn)
    if low is not None and low[1] and start * step <= low[0]:
        start += 1
    value = start * step
    if high is not None and (value > high[0] or (high[1] and value == high[0])):
        value = (math.floor(high[0] / step) - turn) * step
        if high[1] and value >= high[0]:
            value -= step
        if low is not None and not whole and value < low[0]:
            value = (
                low[0] + high[0]
            ) / 2  # between two bounds that are near each other
    return int(value) if value.denominator == 1 else float(value)


def _bound(
    schema: Mapping[str, Any], inclusive: str, exclusive: str
) -> tuple[Fraction, bool] | None:
    """A limit, and whether it is no value itself."""
    found = [
        (Fraction(schema[name]), strict)
        for name, strict in ((inclusive, False), (exclusive, True))
        if name in schema
    ]
    if len(found) < 2:
        return found[0] if found else None
    choose = max if inclusive == "minimum" else min
    return choose(found)


def _boolean(_schema: Mapping[str, Any], _text: str, turn: int) -> Any:
    return turn % 2 == 0


def _null(_schema: Mapping[str, Any], _text: str, _turn: int) -> Any:
    return None


def _array(schema: Mapping[str, Any], text: str, turn: int) -> Any:
    first = schema.get("prefixItems", ())
    least = int(schema.get("minItems", 0))
    count = min(max(least, len(first), 1), int(schema.get("maxItems", LONGEST)))
    if least > LONGEST or turn > 2:
        return NOTHING if least > LONGEST else []
    rest = schema.get("items", True)
    if "items" not in schema and not first and not least:
        return []
    values = [
        _inner(
            first[index] if index < len(first) else rest,
            text,
            index if schema.get("uniqueItems") else 0,
        )
        for index in range(count)
    ]
    if any(each is NOTHING for each in values):
        return [] if not least else NOTHING
    return values


def _object(schema: Mapping[str, Any], text: str, turn: int) -> Any:
    members = schema.get("properties", {})
    others: Schema = schema.get("additionalProperties", True)
    wanted = list(schema.get("required", ()))
    needs = schema.get("dependentRequired", {})
    least = int(schema.get("minProperties", 0))
    if least > LONGEST:
        return NOTHING
    fillers = [name for name in members if name not in wanted]
    if others is not False:
        fillers += [f"name{index + 1}" for index in range(least)]
    value: dict[str, Any] = {}
    while wanted or len(value) < least:
        if not wanted and not fillers:
            return NOTHING
        name = wanted.pop(0) if wanted else fillers.pop(0)
        if name in value:
            continue
        inner = _inner(members.get(name, others), text, turn)
        if inner is NOTHING:
            return NOTHING
        value[name] = inner
        wanted += needs.get(name, ())
    return value


_MAKERS: Mapping[str, Any] = {
    "string": _text,
    "integer": _number,
    "number": _number,
    "boolean": _boolean,
    "null": _null,
    "array": _array,
    "object": _object,
}
