"""What types, values and limits allow together or apart: pure functions, the ground of `merge`.

Imports `view` alone.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from toolbind.lower.schemas.view import TYPES

OWN_TYPES: Mapping[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}

ABOUT: Mapping[str, tuple[str, ...]] = {
    "minimum": ("number", "integer"),
    "maximum": ("number", "integer"),
    "exclusiveMinimum": ("number", "integer"),
    "exclusiveMaximum": ("number", "integer"),
    "multipleOf": ("number", "integer"),
    "minLength": ("string",),
    "maxLength": ("string",),
    "minItems": ("array",),
    "maxItems": ("array",),
    "uniqueItems": ("array",),
    "minProperties": ("object",),
    "maxProperties": ("object",),
}
"""The limits, and the types that each speaks of; on all other types it has no effect."""


# --- types -------------------------------------------------------------------------------------


def ordered(types: Iterable[str]) -> tuple[str, ...]:
    """The types in the order of `TYPES`, without `integer` beside `number`."""
    given = set(types)
    if "number" in given:
        given.discard("integer")
    return tuple(name for name in TYPES if name in given)


def covers(types: Sequence[str], name: str) -> bool:
    """Whether every value of type `name` has one of `types`."""
    return name in types or (name == "integer" and "number" in types)


def meet_types(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    if first == second:
        return tuple(first)
    return ordered(name for name in TYPES if covers(first, name) and covers(second, name))


def disjoint(first: Sequence[str], second: Sequence[str]) -> bool:
    return not meet_types(first, second)


# --- values ------------------------------------------------------------------------------------


def type_of(value: Any) -> str:
    """The narrowest JSON type of a value: 1.0 is an integer (JSON Schema core, section 4.2.3)."""
    if isinstance(value, float) and value.is_integer():
        return "integer"
    return OWN_TYPES[type(value)]


def canonical(value: Any) -> str:
    """Text that is equal for values that are equal in JSON: 1 and 1.0 are, 1 and true are not."""
    return json.dumps(_whole(value), sort_keys=True)


def _whole(value: Any) -> Any:
    match value:
        case float() if value.is_integer():
            return int(value)
        case list():
            return [_whole(each) for each in value]
        case dict():
            return {name: _whole(each) for name, each in value.items()}
        case _:
            return value


def distinct(values: Iterable[Any]) -> tuple[Any, ...]:
    kept: dict[str, Any] = {}
    for value in values:
        kept.setdefault(canonical(value), value)
    return tuple(kept.values())


def of_types(values: Iterable[Any], types: Sequence[str]) -> tuple[Any, ...]:
    return tuple(value for value in values if covers(types, type_of(value)))


def types_of(values: Iterable[Any]) -> tuple[str, ...]:
    return ordered({type_of(value) for value in values})


# --- limits ------------------------------------------------------------------------------------


def _multiple(first: float, second: float) -> float | None:
    """A number whose multiples are the common multiples of both, or nothing."""
    if isinstance(first, int) and isinstance(second, int):
        return math.lcm(first, second)
    return first if first == second else None


NARROWER: Mapping[str, Callable[[Any, Any], Any]] = {
    "minimum": max,
    "maximum": min,
    "exclusiveMinimum": max,
    "exclusiveMaximum": min,
    "multipleOf": _multiple,
    "minLength": max,
    "maxLength": min,
    "minItems": max,
    "maxItems": min,
    "uniqueItems": lambda first, second: first or second,
    "minProperties": max,
    "maxProperties": min,
}


def meet_limits(sets: Iterable[Mapping[str, Any]]) -> tuple[dict[str, Any], bool]:
    """All limits together, and whether they say it exactly."""
    met: dict[str, Any] = {}
    exact = True
    for limits in sets:
        for name, value in limits.items():
            both = NARROWER[name](met[name], value) if name in met else value
            exact = exact and both is not None
            met[name] = met[name] if both is None else both
    return met, exact


def trim_limits(limits: Mapping[str, Any], types: Sequence[str]) -> dict[str, Any]:
    """The limits that can matter for values of `types`."""
    return {
        name: value
        for name, value in limits.items()
        if any(covers(types, about) for about in ABOUT[name])
    }
