"""JSON values: what JSON Schema says about them, and the text of one.

Pure.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction
from math import isfinite
from typing import Any

# --- what they are --------------------------------------------------------------------------------


def json_type(value: Any) -> str:
    """The JSON type of a value, `integer` for whole numbers."""
    if isinstance(value, str):
        return "string"
    if isinstance(value, bool):
        return "boolean"
    if is_number(value):
        return "integer" if is_integer(value) else "number"
    if value is None:
        return "null"
    if isinstance(value, (list, tuple)):
        return "array"
    return "object" if isinstance(value, Mapping) else type(value).__name__


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_integer(value: Any) -> bool:
    """A whole number, however it is written: 5.0 is one."""
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, int) and not isinstance(value, bool)


def equal(one: Any, other: Any) -> bool:
    """Equality of JSON values: 1 is 1.0 and not true, inside arrays and objects too."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(equal, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            equal(each, other[key]) for key, each in one.items()
        )
    return bool(one == other)


def is_unique(values: Iterable[Any]) -> bool:
    """Whether no value equals another, in time linear in their size."""
    seen: set[Hashable] = set()
    for each in values:
        key = _canonical(each)
        if key in seen:
            return False
        seen.add(key)
    return True


def _canonical(value: Any) -> Hashable:
    """A hashable stand-in that is equal exactly when the JSON values are."""
    if isinstance(value, (list, tuple)):
        return ("array", *map(_canonical, value))
    if isinstance(value, Mapping):
        return frozenset((key, _canonical(each)) for key, each in value.items())
    return (type(value), value) if isinstance(value, (str, bool)) else ("", value)


def is_multiple(value: float, step: float) -> bool:
    """By the decimal texts of both: 0.3 is a multiple of 0.1, as its author meant.

    A step of zero, which JSON Schema forbids, says nothing.
    """
    if isinstance(value, int) and isinstance(step, int) and step:
        return value % step == 0
    return not step or (_exact(value) / _exact(step)).denominator == 1


def _exact(number: float) -> Fraction:
    return Fraction(number if isinstance(number, int) else repr(number))


def whole_numbers(value: Any, limit: float = 2.0**53) -> Any:
    """`value` with 5.0 written as 5: many servers refuse 5.0 where they want an integer.

    Floats from `limit` on stay: they may stand for a whole range of integers.
    """
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) <= limit else value
    if isinstance(value, list):
        return [whole_numbers(each, limit) for each in value]
    if isinstance(value, dict):
        return {key: whole_numbers(each, limit) for key, each in value.items()}
    return value


# --- as text --------------------------------------------------------------------------------

INTEGRAL_LIMIT = 1e21
"""Whole floats below this are written as integers, as ECMAScript does."""


class SerializationError(ValueError):
    """A value that cannot stand where it should; the message is for whoever gave it. `member` is
    that of the body which it belongs to, where one is to blame."""

    member: str | None = None


def is_writable(value: Any) -> bool:
    """Whether a value can be written as JSON text in UTF-8."""
    try:
        json_text(value).encode()
    except (SerializationError, UnicodeEncodeError):
        return False
    return True


def text(value: Any) -> str:
    """The text of one value: `true`, `5` for 5.0, JSON for what has no simple text."""
    if isinstance(value, str):
        return value
    if value is True:
        return "true"
    if value is False:
        return "false"
    if value is None:
        return "null"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, int):
        try:
            return str(value)
        except ValueError:
            raise SerializationError("the number has too many digits") from None
    return json_text(value)


def number_text(value: float) -> str:
    """The shortest decimal text that reads back as `value`; no NaN, no infinity."""
    if value.is_integer():
        return str(int(value)) if abs(value) < INTEGRAL_LIMIT else repr(value)
    if not isfinite(value):
        raise SerializationError("NaN and infinity are not JSON numbers")
    return repr(value)


def json_text(value: Any, *, ascii_only: bool = False) -> str:
    """Compact JSON. Raises SerializationError for what JSON does not know."""
    try:
        return json.dumps(
            value, allow_nan=False, ensure_ascii=ascii_only, separators=(",", ":")
        )
    except ValueError:
        raise SerializationError("NaN and infinity are not JSON numbers") from None
    except RecursionError:
        raise SerializationError("the value is nested too deeply") from None
    except TypeError as error:
        raise SerializationError(f"the value is not JSON: {error}") from None


# --- JSON that came from outside ---------------------------------------------------------

NESTING_LIMIT = 200
"""Objects and arrays inside each other that are let in: what looks into a value recurses."""


def read_json(text: str | bytes) -> Any:
    """The value of a JSON text from outside.

    Raises ValueError for what is no JSON, TooDeeplyNestedError (one of these) for what is nested
    too deeply to be handled.
    """
    try:
        value = json.loads(text)
    except RecursionError:
        raise TooDeeplyNestedError from None
    if isinstance(text, str):
        openers = text.count("[") + text.count("{")
    else:
        openers = text.count(b"[") + text.count(b"{")
    if openers > NESTING_LIMIT and _is_deeper(value, NESTING_LIMIT):
        raise TooDeeplyNestedError
    return value


class TooDeeplyNestedError(ValueError):
    """JSON that is nested too deeply."""

    def __init__(self) -> None:
        super().__init__("is nested too deeply")


def _is_deeper(value: Any, limit: int) -> bool:
    """Whether something lies more than `limit` arrays and objects deep."""
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(limit + 1):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return False
    return True
