"""One view of a schema: references followed, `allOf` folded in, one branch of each choice taken.

A view is a proposal's starting point and may be wrong about odd compositions: whether a value is
valid is `jsonschema`'s to say. Imports dialect.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.programs.corpus.dialect import Dialect

_TIGHTER: dict[str, Callable[[list[float]], float]] = {
    "minimum": max, "maximum": min, "minLength": max, "maxLength": min,
}  # fmt: skip


class NoValueError(Exception):
    """No value was found that the schema allows and the place can carry."""


def merged(
    dialect: Dialect,
    schema: Any,
    choose: Callable[[list[Any]], Any],
    trail: tuple[int, ...] = (),
) -> Any:
    """The view: a dict of keywords, or False where nothing is allowed. Raises NoValueError."""
    if schema is True or schema is None:
        return {}
    if not isinstance(schema, dict):
        return False
    if id(schema) in trail or len(trail) > 40:
        raise NoValueError("endless composition")
    trail = (*trail, id(schema))
    view = dict(schema)
    reference = view.pop("$ref", None)
    if isinstance(reference, str):
        target = merged(dialect, dialect.raw.lookup(reference), choose, trail)
        if not dialect.modern:
            return target
        view = _both(target, view)
    for part in parts(view.pop("allOf", None)):
        view = _both(merged(dialect, part, choose, trail), view)
    for word in ("oneOf", "anyOf"):
        choices = parts(view.pop(word, None))
        if choices:
            view = _both(merged(dialect, choose(choices), choose, trail), view)
    return view


def _both(first: Any, second: Any) -> Any:
    """Two views as one that means both, as far as proposals go."""
    if first is False or second is False:
        return False
    out = {**first, **second}
    for word in ("properties", "patternProperties"):
        if isinstance(first.get(word), dict) and isinstance(second.get(word), dict):
            out[word] = _members_of_both(first[word], second[word])
    names = [*parts(first.get("required")), *parts(second.get("required"))]
    if names:
        out["required"] = list(dict.fromkeys(name for name in names if isinstance(name, str)))
    for word, choose in (
        ("minimum", max),
        ("maximum", min),
        ("minLength", max),
        ("maxLength", min),
    ):
        values = [v[word] for v in (first, second) if isinstance(v.get(word), (int, float))]
        if len(values) == 2:
            out[word] = choose(values)
    if isinstance(first.get("enum"), list) and isinstance(second.get("enum"), list):
        out["enum"] = [value for value in first["enum"] if value in second["enum"]]
    types = [t if isinstance(t, list) else [t] for v in (first, second) if (t := v.get("type"))]
    if len(types) == 2:
        shared = [name for name in types[0] if name in types[1]]
        out["type"] = shared or types[1]
    return out


def _members_of_both(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    out = dict(first)
    for name, schema in second.items():
        out[name] = {"allOf": [out[name], schema]} if name in out else schema
    return out


def parts(value: Any) -> list[Any]:
    """A list, whatever stands there."""
    return value if isinstance(value, list) else []
