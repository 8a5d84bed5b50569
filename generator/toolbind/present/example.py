"""The example in a module's docstring: calls that really run, made from the module's own parts.

Imports `ir` and the files of this room that print.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolbind import ir
from toolbind.present.literals import literal, parameter
from toolbind.present.prose import cut, sentence

QUESTION_LIMIT = 44
CREDENTIALS_SHOWN = 2
SHOWN = 40
"""Characters of a text, items of an array: a document may ask for a billion of them."""
ANYWHERE = "https://api.example.com"


@dataclass(frozen=True, slots=True)
class Shown:
    """What an example says of one operation. `weight` is smallest for what is best shown: a plain
    read that needs little."""

    weight: tuple[bool, bool, int, int]
    call: str
    question: str
    schemes: tuple[str, ...]


def shown(operation: ir.Operation) -> Shown:
    """How an operation looks as an example."""
    required = [each for each in operation.arguments if each.required]
    size = sum(len(each.name) + len(literal(sample(each.schema))) for each in required)
    return Shown(
        (operation.method.upper() != "GET", operation.deprecated, len(required), size),
        f"{operation.name}({', '.join(_arguments(operation))})",
        literal(_question(operation)),
        operation.security[0] if operation.security else (),
    )


def example(
    api: ir.Api, several: Sequence[Shown], base_url: str, module: str, client: str
) -> list[str]:
    """Six lines of Python for the one of several operations that is best shown; empty for none."""
    if not several:
        return []
    best = min(several, key=lambda each: each.weight)
    return [
        f"from {module} import {client}, run",
        "",
        f"with {client}({', '.join(_settings(api, best, base_url))}) as client:",
        f"    print(client.{best.call})",
        f"    answer = run({best.question}, client=client)",
        "    print(answer.text)",
    ]


def _settings(api: ir.Api, best: Shown, base_url: str) -> list[str]:
    wanted = [
        credential
        for scheme in api.schemes
        if scheme.name in best.schemes
        for credential in scheme.credentials
    ]
    url = [] if "://" in base_url else [literal(ANYWHERE + base_url)]
    return [*url, *(f'{name}="..."' for name in wanted[:CREDENTIALS_SHOWN])]


def _arguments(operation: ir.Operation) -> list[str]:
    return [
        f"{parameter(each.name)}={literal(sample(each.schema))}"
        for each in operation.arguments
        if each.required
    ]


def _question(operation: ir.Operation) -> str:
    said = sentence(operation.description or operation.summary) or "What can you do?"
    return cut(said, QUESTION_LIMIT).rstrip(".")


def sample(schema: ir.JsonObject) -> Any:
    """A value for showing how a call looks: one that a tool's schema accepts, if that can be as
    small as `SHOWN` and needs no pattern to be read."""
    schema = settled(schema)
    for key in ("const", "default"):
        if key in schema:
            return schema[key]
    if schema.get("enum"):
        return schema["enum"][0]
    match _kind(schema):
        case "string":
            return _text(schema)
        case "integer" | "number":
            return _number(schema)
        case "boolean":
            return True
        case "array":
            items = schema.get("items")
            count = min(max(schema.get("minItems", 1), 1), SHOWN)
            return [sample(items if isinstance(items, dict) else {"type": "string"})] * count
        case "object":
            members = schema.get("properties", {})
            return {
                name: sample(members.get(name, {"type": "string"}))
                for name in schema.get("required", ())
            }
    return "example"


def _kind(schema: ir.JsonObject) -> Any:
    """The first type that is allowed."""
    kind = schema.get("type", "object" if "properties" in schema else None)
    return kind[0] if isinstance(kind, list) and kind else kind


def settled(schema: ir.JsonObject) -> ir.JsonObject:
    """A schema with the first of its alternatives, and all that it combines, taken into it."""
    parts = [*schema.get("allOf", ())]
    parts += [schema[key][0] for key in ("anyOf", "oneOf") if schema.get(key)]
    if not parts:
        return schema
    whole = {key: schema[key] for key in schema if key not in ("allOf", "anyOf", "oneOf")}
    for part in parts:
        if not isinstance(part, Mapping):
            continue
        part = settled(part)
        members = {**part.get("properties", {}), **whole.get("properties", {})}
        required = dict.fromkeys((*whole.get("required", ()), *part.get("required", ())))
        whole = {**part, **whole}
        if members or required:
            whole |= {"properties": members, "required": list(required)}
            whole.setdefault("type", "object")
    return whole


_FORMATS = {
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


def _text(schema: ir.JsonObject) -> str:
    text = _FORMATS.get(str(schema.get("format")), "example")
    text = text.ljust(min(schema.get("minLength", 0), SHOWN), "e")
    return text[: schema.get("maxLength", len(text))]


def _number(schema: ir.JsonObject) -> int | float:
    step = schema.get("multipleOf", 1)
    least = schema.get("minimum", schema.get("exclusiveMinimum"))
    most = schema.get("maximum", schema.get("exclusiveMaximum"))
    value: int | float = step
    if least is not None and value <= least:
        value = least if "minimum" in schema else least + step
    if most is not None and value >= most:
        value = most if "maximum" in schema else most - step
    return value
