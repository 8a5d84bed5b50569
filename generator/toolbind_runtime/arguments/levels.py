"""Arguments on the wrong level, moved to the one place that can take them.

A model wraps all that it gives in `body`, puts a member of the body into an object beside it, or
next to the object that it belongs to. Only used when validation has found something. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..basics.json_repair import UnreadableArgumentsError, mend_json
from ..basics.json_values import equal
from ..basics.nearest import close_names
from .validation import Schema

WRAPPERS = frozenset(
    {
        *("args", "arguments", "body", "data", "input", "json", "kwargs", "params"),
        *("parameters", "payload", "request", "request_body", "requestbody"),
    }
)
"""What models call an object around what they give."""


def moved(
    arguments: Mapping[str, Any],
    schemas: Mapping[str, Schema],
    required: tuple[str, ...],
    others: str = "",
) -> dict[str, Any]:
    """The arguments, each on its level. `others` is the argument that holds members of the body
    that have none of their own."""
    found = _unwrapped(dict(arguments), schemas, others)
    found = _lifted(found, schemas, required)
    return _sunk(found, schemas, others)


def _unwrapped(
    given: dict[str, Any], schemas: Mapping[str, Schema], others: str
) -> dict[str, Any]:
    """Without an object around arguments."""
    for name, value in given.items():
        schema = schemas.get(name)
        if schema is not None and _type(schema) in ("object", "array", ""):
            continue
        inner = _object(value)
        if not inner:
            continue
        known = [each for each in inner if each in schemas]
        wraps = schema is None and name.casefold() in WRAPPERS and (known or others)
        if len(known) < len(inner) and not wraps:
            continue
        rest = {each: given[each] for each in given if each != name}
        if all(equal(rest.get(each, inner[each]), inner[each]) for each in inner):
            return {**rest, **inner}
    return given


def _lifted(
    given: dict[str, Any], schemas: Mapping[str, Schema], required: tuple[str, ...]
) -> dict[str, Any]:
    """With arguments out of an object that has no such member."""
    found = dict(given)
    for name in schemas:
        if name in given:
            continue
        holders = [
            each
            for each, value in given.items()
            if isinstance(value, Mapping)
            and name in value
            and _refuses(schemas.get(each), name, name in required)
        ]
        if len(holders) == 1:
            holder = found[holders[0]]
            found[name] = holder[name]
            rest = {key: each for key, each in holder.items() if key != name}
            found[holders[0]] = rest
            if not rest and holders[0] not in required:
                del found[holders[0]]
    return found


def _refuses(schema: Schema | None, name: str, wanted: bool) -> bool:
    """Whether an object has declared members, and this is none of them: one that may have others
    is left alone unless the argument is `wanted`."""
    if not isinstance(schema, Mapping) or "anyOf" in schema:
        return False
    members = schema.get("properties")
    if not members or name in members:
        return False
    return wanted or schema.get("additionalProperties") is False


def _sunk(
    given: dict[str, Any], schemas: Mapping[str, Schema], others: str
) -> dict[str, Any]:
    """With what is no argument in the one object that has such a member."""
    found: dict[str, Any] = {}
    into: dict[str, dict[str, Any]] = {}
    left = [name for name in schemas if name not in given]
    for name, value in given.items():
        if name in schemas:
            found[name] = value
            continue
        holders = [
            each
            for each, schema in schemas.items()
            if name in _members(schema) and _has_room(given.get(each, {}), name)
        ]
        if len(holders) == 1:
            into.setdefault(holders[0], {})[name] = value
        elif others and not holders and not close_names(name, left):
            into.setdefault(others, {})[name] = value
        else:
            found[name] = value
    for holder, members in into.items():
        found[holder] = {**(_object(found.get(holder)) or {}), **members}
    return found


def _members(schema: Schema) -> Mapping[str, Any]:
    if not isinstance(schema, Mapping) or _type(schema) != "object":
        return {}
    members: Mapping[str, Any] = schema.get("properties", {})
    return members


def _has_room(value: Any, name: str) -> bool:
    inner = _object(value) if value != {} else {}
    return inner is not None and name not in inner


def _object(value: Any) -> dict[str, Any] | None:
    """An object, or the one that a text is the JSON of."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, str) and value.lstrip()[:1] == "{":
        try:
            found = mend_json(value)
        except UnreadableArgumentsError:
            return None
        return found if isinstance(found, dict) else None
    return None


def _type(schema: Schema) -> str:
    kind = schema.get("type", "") if isinstance(schema, Mapping) else ""
    return kind if isinstance(kind, str) else ""
