"""JSON Schema, as much of it as tools use, compiled to plain functions.

Keywords (2020-12): type, properties, required, items, prefixItems, additionalProperties, enum,
const, anyOf, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, minLength,
maxLength, minItems, maxItems, uniqueItems, minProperties, maxProperties, dependentRequired, not;
and the schemas `true` and `false`. Other keywords say nothing about validity here. No pattern is
ever run.

`compile_schema` gives a check that appends what it finds wrong to a list: no findings, valid.
Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from ..basics.json_values import equal, is_integer, is_multiple, is_number, is_unique

Path: TypeAlias = tuple[str | int, ...]
Schema: TypeAlias = "Mapping[str, Any] | bool"


class Problem(NamedTuple):
    """One thing that is wrong: at `path` in the value stood `received`, wanted was `expected`.

    `allowed` lists the values that would do, where there is such a list.
    """

    path: Path
    keyword: str
    expected: str
    received: Any
    allowed: tuple[Any, ...] = ()


Check: TypeAlias = Callable[[Any, Path, "list[Problem]"], None]
Test: TypeAlias = Callable[[Any], bool]


def compile_schema(schema: Schema) -> Check:
    """The check of a schema. Costs a walk over the schema; keep the result."""
    if schema is False:
        return _never
    if schema is True or not schema:
        return _always
    checks = [
        make(schema[keyword], schema)
        for keyword, make in _KEYWORDS.items()
        if keyword in schema
    ]
    types = _type_test(schema["type"]) if "type" in schema else None
    if types is None:
        return _all(checks)
    return _typed(types, schema["type"], _all(checks) if checks else None)


# --- how checks are put together -----------------------------------------------------------


def _always(_value: Any, _path: Path, _out: list[Problem]) -> None:
    return None


def _never(value: Any, path: Path, out: list[Problem]) -> None:
    out.append(Problem(path, "false", "nothing (this must be left out)", value))


def _all(checks: list[Check]) -> Check:
    if len(checks) == 1:
        return checks[0]
    several = tuple(checks)

    def check(value: Any, path: Path, out: list[Problem]) -> None:
        for each in several:
            each(value, path, out)

    return check


def _typed(test: Test, wanted: str | list[str], rest: Check | None) -> Check:
    """The type comes first; where it is wrong, the other complaints would only be noise."""
    expected = _type_words(wanted)

    def check(value: Any, path: Path, out: list[Problem]) -> None:
        if not test(value):
            out.append(Problem(path, "type", expected, value))
        elif rest is not None:
            rest(value, path, out)

    return check


def _type_words(wanted: str | list[str]) -> str:
    return wanted if isinstance(wanted, str) else " or ".join(wanted)


def _type_test(wanted: str | list[str]) -> Test:
    if isinstance(wanted, str):
        return _TYPES[wanted]
    tests = [_TYPES[each] for each in wanted]
    return lambda value: any(test(value) for test in tests)


_TYPES: Mapping[str, Test] = {
    "string": lambda value: isinstance(value, str),
    "number": is_number,
    "integer": is_integer,
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, (list, tuple)),
    "object": lambda value: isinstance(value, Mapping),
    "null": lambda value: value is None,
}


# --- keywords: each takes its value and the schema around it --------------------------------


def _guarded(
    keyword: str,
    applies: Test,
    holds: Callable[[Any, Any], bool],
    words: str,
) -> Callable[[Any, Mapping[str, Any]], Check]:
    """A keyword that compares a value, or a measure of it, with a limit."""

    def make(limit: Any, _schema: Mapping[str, Any]) -> Check:
        expected = words.format(limit)

        def check(value: Any, path: Path, out: list[Problem]) -> None:
            if applies(value) and not holds(value, limit):
                out.append(Problem(path, keyword, expected, value))

        return check

    return make


def _enum(values: Any, _schema: Mapping[str, Any]) -> Check:
    allowed = tuple(values)
    plain = all(isinstance(each, str) for each in allowed)
    strings = frozenset(allowed) if plain else frozenset()

    def check(value: Any, path: Path, out: list[Problem]) -> None:
        if isinstance(value, str) and value in strings:
            return
        if plain or not any(equal(value, each) for each in allowed):
            out.append(
                Problem(path, "enum", "one of the allowed values", value, allowed)
            )

    return check


def _const(constant: Any, _schema: Mapping[str, Any]) -> Check:
    allowed = (constant,)

    def check(value: Any, path: Path, out: list[Problem]) -> None:
        if not equal(value, constant):
            out.append(Problem(path, "const", "the one allowed value", value, allowed))

    return check


def _required(names: Any, schema: Mapping[str, Any]) -> Check:
    wanted = tuple(names)
    properties = schema.get("properties", {})
    words = {
        name: _type_words(_member_type(properties.get(name, {}))) for name in wanted
    }

    def check(value: Any, path: Path, out: list[Problem]) -> None:
        if isinstance(value, Mapping):
            for name in wanted:
                if name not in value:
                    out.append(Problem((*path, name), "required", words[name], None))

    return check


def _member_type(schema: Schema) -> str | list[str]:
    found = {} if isinstance(schema, bool) else schema
    kind: str | list[str] = found.get("type", "a value")
    return kind


def _properties(members: Any, _schema: Mapping[str, Any]) -> Check:
    checks = {name: compile_schema(schema) for name, schema in members.items()}

    def check(value: Any, path: Path, out: list[Problem]) -> None:
        if isinstance(value, Mapping):
            for name, each in value.items():
                member = checks.get(name)
                if member is not None:
                    member(each, (*path, name), out)

    return check


def _additional(schema: Any, around: Mapping[str, Any]) -> Check:
    declared = tuple(around.get("properties", {}))
    known = frozenset(declared)
    inner = compile_schema(schema)

    def check(value: Any, path: Path, out: list[Problem]) -> None:
        if isinstance(value, Mapping):
            for name, each in value.items():
                if name in known:
                    continue
                if schema is False:
                    expected = "no such member"
                    out.append(
                        Problem((*path, name), "unknown", expected, each, declared)
                    )
                else:
                    inner(each, (*path, name), out)

    return check


def _items(schema: Any, around: Mapping[str, Any]) -> Check:
    start = len(around.get("prefixItems", ()))
    inner = compile_schema(schema)

    def check(value: Any, path: Path, out: list[Problem]) -> None:
        if isinstance(value, (list, tuple)):
            for index in range(start, len(value)):
                inner(value[index], (*path, index), out)

    return check


def _prefix_items(schemas: Any, _schema: Mapping[str, Any]) -> Check:
    checks = [compile_schema(schema) for schema in schemas]

    def check(value: Any, path: Path, out: list[Problem]) -> None:
        if isinstance(value, (list, tuple)):
            for index, (each, inner) in enumerate(zip(value, checks, strict=False)):
                inner(each, (*path, index), out)

    return check


def _any_of(schemas: Any, _schema: Mapping[str, Any]) -> Check:
    checks = [compile_schema(schema) for schema in schemas]

    def check(value: Any, path: Path, out: list[Problem]) -> None:
        best: list[Problem] = []
        for inner in checks:
            found: list[Problem] = []
            inner(value, path, found)
            if not found:
                return
            if not best or _closeness(found, path) > _closeness(best, path):
                best = found
        out += best or [Problem(path, "anyOf", "nothing fits here", value)]

    return check


def _closeness(problems: Iterable[Problem], path: Path) -> tuple[int, int]:
    """How near a branch came: one that fails deep inside was meant, one of another type not."""
    found = list(problems)
    shallow = any(
        problem.path == path and problem.keyword in ("type", "const", "enum")
        for problem in found
    )
    return (0 if shallow else 1, -len(found))


def _not(schema: Any, _schema: Mapping[str, Any]) -> Check:
    inner = compile_schema(schema)

    def check(value: Any, path: Path, out: list[Problem]) -> None:
        found: list[Problem] = []
        inner(value, path, found)
        if not found:
            out.append(Problem(path, "not", "another value", value))

    return check


def _dependent_required(needs: Any, _schema: Mapping[str, Any]) -> Check:
    def check(value: Any, path: Path, out: list[Problem]) -> None:
        if isinstance(value, Mapping):
            for name, others in needs.items():
                for other in others if name in value else ():
                    if other not in value:
                        expected = f"a value, because {name} is given"
                        place = (*path, other)
                        out.append(Problem(place, "dependentRequired", expected, None))

    return check


def _of(kind: str) -> Test:
    return _TYPES[kind]


_KEYWORDS: Mapping[str, Callable[[Any, Mapping[str, Any]], Check]] = {
    "enum": _enum,
    "const": _const,
    "minimum": _guarded(
        "minimum", is_number, lambda value, limit: value >= limit, "at least {}"
    ),
    "maximum": _guarded(
        "maximum", is_number, lambda value, limit: value <= limit, "at most {}"
    ),
    "exclusiveMinimum": _guarded(
        "exclusiveMinimum",
        is_number,
        lambda value, limit: value > limit,
        "more than {}",
    ),
    "exclusiveMaximum": _guarded(
        "exclusiveMaximum",
        is_number,
        lambda value, limit: value < limit,
        "less than {}",
    ),
    "multipleOf": _guarded("multipleOf", is_number, is_multiple, "a multiple of {}"),
    "minLength": _guarded(
        "minLength",
        _of("string"),
        lambda value, n: len(value) >= n,
        "at least {} characters",
    ),
    "maxLength": _guarded(
        "maxLength",
        _of("string"),
        lambda value, n: len(value) <= n,
        "at most {} characters",
    ),
    "minItems": _guarded(
        "minItems", _of("array"), lambda value, n: len(value) >= n, "at least {} items"
    ),
    "maxItems": _guarded(
        "maxItems", _of("array"), lambda value, n: len(value) <= n, "at most {} items"
    ),
    "uniqueItems": _guarded(
        "uniqueItems",
        _of("array"),
        lambda value, wanted: not wanted or is_unique(value),
        "items without repeats",
    ),
    "minProperties": _guarded(
        "minProperties",
        _of("object"),
        lambda value, n: len(value) >= n,
        "at least {} members",
    ),
    "maxProperties": _guarded(
        "maxProperties",
        _of("object"),
        lambda value, n: len(value) <= n,
        "at most {} members",
    ),
    "required": _required,
    "dependentRequired": _dependent_required,
    "properties": _properties,
    "additionalProperties": _additional,
    "prefixItems": _prefix_items,
    "items": _items,
    "anyOf": _any_of,
    "not": _not,
}
