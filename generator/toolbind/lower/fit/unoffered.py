"""Keywords that are checked and not offered: servers that compile the tools' schemas into grammars
refuse them, and one such tool takes all the others of a request with it.

    apart(schema) -> schema without them, {"/items": {"uniqueItems": True}}

What they demand is said in words (`schemas.describe`) and checked when a call comes in. Imports
nothing from the package.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KEYWORDS = frozenset(("uniqueItems", "minProperties", "maxProperties"))

Checks = Mapping[str, Mapping[str, Any]]
"""Keywords by the place that they are for, a JSON Pointer inside an argument's schema."""


def apart(schema: Mapping[str, Any]) -> tuple[Mapping[str, Any], Checks]:
    """The schema as it is offered, and the keywords that it has besides."""
    found: dict[str, dict[str, Any]] = {}
    offered = _without(schema, "", found)
    return (offered, found) if found else (schema, found)


def _without(schema: Any, at: str, found: dict[str, dict[str, Any]]) -> Any:
    if not isinstance(schema, Mapping):
        return schema
    kept: dict[str, Any] = {}
    for name, value in schema.items():
        place = f"{at}/{name}"
        if name in KEYWORDS or (name == "not" and _holds(value)):
            # a negation of less refuses more: it goes as a whole
            found.setdefault(at, {})[name] = value
        elif name == "properties":
            kept[name] = {
                key: _without(each, f"{place}/{_escaped(key)}", found)
                for key, each in value.items()
            }
        elif name in ("anyOf", "prefixItems"):
            kept[name] = [_without(each, f"{place}/{i}", found) for i, each in enumerate(value)]
        elif name in ("items", "additionalProperties"):
            kept[name] = _without(value, place, found)
        else:
            kept[name] = value
    return kept


def _holds(schema: Any) -> bool:
    return isinstance(schema, Mapping) and not KEYWORDS.isdisjoint(schema)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
