"""A tool as one line that models read well: its name, its arguments and their types.

For large offers: fewer tokens than JSON Schema, and no shape that a server must decode by; calls
are checked against the whole schema all the same. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_DEEP = 2
"""Levels of objects whose members are written out."""

_CHOICES = 12
_MEMBERS = 12


def signed(tool: dict[str, Any]) -> dict[str, Any]:
    """The tool with its arguments as a signature in the description, and open parameters."""
    parameters = tool["parameters"]
    head = f"{tool['name']}({_members(parameters, 0)})"
    return {
        "name": tool["name"],
        "description": f"{head}\n{tool['description']}",
        "parameters": {"type": "object", "properties": {}},
    }


def _members(schema: Mapping[str, Any], level: int) -> str:
    """`id: integer, status?: "open" | "closed"`: the required ones first."""
    properties = schema.get("properties")
    if not isinstance(properties, Mapping):
        return ""
    required = [name for name in schema.get("required") or () if name in properties]
    optional = [name for name in properties if name not in required]
    shown = [f"{name}: {_type(properties[name], level)}" for name in required]
    shown += [f"{name}?: {_type(properties[name], level)}" for name in optional]
    if level and len(shown) > _MEMBERS:
        shown = [*shown[:_MEMBERS], "…"]
    return ", ".join(shown)


def _type(schema: Any, level: int) -> str:
    """The type of a value in a few characters."""
    if not isinstance(schema, Mapping):
        return "any"
    choices = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    if choices:
        shown = [json.dumps(each, ensure_ascii=False) for each in choices[:_CHOICES]]
        return " | ".join([*shown, "…"] if len(choices) > _CHOICES else shown)
    kinds = schema.get("type")
    if isinstance(kinds, list):
        return " | ".join(_type({**schema, "type": kind}, level) for kind in kinds)
    if kinds == "array":
        inner = _type(schema.get("items", {}), level)
        return f"({inner})[]" if " | " in inner else f"{inner}[]"
    if kinds == "object":
        inner = _members(schema, level + 1) if level < _DEEP else ""
        return f"{{{inner}}}" if inner else "object"
    if kinds is None:
        parts = schema.get("anyOf") or schema.get("oneOf") or ()
        kinds = " | ".join(dict.fromkeys(_type(each, level) for each in parts))
    form = schema.get("format")
    return (
        f"{kinds or 'any'} ({form})" if kinds == "string" and form else kinds or "any"
    )
