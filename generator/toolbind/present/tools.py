"""Tools on the page: a call of `tool` for each, and the parameters that they share by name.

A parameter that a document defines once, for any operation to refer to, stands once in the module
as well. Imports `ir` and the files of this room that print.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from toolbind import ir
from toolbind.present import rows
from toolbind.present.layout import COLUMNS, STEP, block, columns, fits, flat, value
from toolbind.present.literals import NESTING_LIMIT, Source, literal

SHARED = "#/components/parameters/"
TABLE = "_PARAMETERS"

Offer = tuple[str, str]
"""A parameter that the document defines for any operation to refer to: the name that it gives to
it, and the schema as JSON text."""


def offers(operation: ir.Operation) -> tuple[Offer, ...]:
    """What an operation could share with others."""
    named = ((_shared_name(each), each.schema) for each in operation.arguments)
    return tuple((name, json.dumps(schema)) for name, schema in named if name)


def table(offered: Iterable[Offer]) -> dict[str, str]:
    """What is shared, by name, in the order of first use.

    A tool that had to be made smaller may have its own version of a schema; the fullest one is what
    the others share.
    """
    found: dict[str, str] = {}
    for name, text in offered:
        if _fullness(text) > _fullness(found.get(name, "")):
            found[name] = text
    return found


def _shared_name(argument: ir.Argument) -> str:
    """The name of a parameter of the document's own, as JSON Pointers spell it; nothing for others,
    nor for a name that leaves no room for it on its line."""
    name = argument.pointer.removeprefix(SHARED)
    if name == argument.pointer or "/" in name:
        return ""
    return name if fits(f'"{argument.name}": {_reference(name)},', 3 * STEP) else ""


def _reference(name: str) -> Source:
    return Source(f"{TABLE}[{literal(name)}]")


def _fullness(text: str) -> tuple[int, str]:
    return len(text), text


class ToolPrinter:
    """Prints the tools of one module. Schemas that operations share, as parts of the document that
    they refer to or repeat, are printed once."""

    def __init__(self, shared: Mapping[str, str]) -> None:
        self._shared = shared
        self._members: dict[tuple[str, int], tuple[ir.JsonObject, Source]] = {}

    def call(self, operation: ir.Operation, indent: int) -> Source:
        """`tool("name", "description", {...}, required=[...]),`"""
        tool = rows.tool(operation)
        required = tool["parameters"]["required"]
        given: list[Any] = [tool["name"], tool["description"]]
        members = {each.name: self._schema(each) for each in operation.arguments}
        line = _flat_call([*given, *([members] if members else [])], required, COLUMNS - indent)
        if line is not None:
            return line
        inner = indent + STEP
        lines = [value(each, inner, "", ",") for each in given]
        lines += [self._table(members, inner)] if members else []
        lines += [value(required, inner, "required=", ",")] if required else []
        return block("tool(", lines, "),", indent)

    def _schema(self, argument: ir.Argument) -> Any:
        """The schema of an argument, or the place in the table where it stands."""
        name = _shared_name(argument)
        if name and self._shared.get(name) == json.dumps(argument.schema):
            return _reference(name)
        return argument.schema

    def _table(self, members: Mapping[str, Any], indent: int) -> Source:
        line = flat(members, COLUMNS - indent - 1)
        if line is not None:
            return Source(f"{line},")
        inner = indent + STEP
        return block(
            "{", [self._member(name, each, inner) for name, each in members.items()], "},", indent
        )

    def _member(self, name: str, schema: Any, indent: int) -> Source:
        known = self._members.get((name, id(schema)))
        if known is None:
            printed = value(schema, indent, f"{literal(name)}: ", ",", NESTING_LIMIT - 1)
            if isinstance(schema, Source):
                return printed
            known = schema, printed  # holding the schema makes its id a name
            self._members[name, id(schema)] = known
        return known[1]


def _flat_call(given: list[Any], required: list[str], room: int) -> Source | None:
    """The call on one line, if it takes no more than `room`."""
    arguments = []
    for each in given:
        line = flat(each, room)
        if line is None:
            return None
        arguments.append(line)
    if required:
        arguments.append(f"required={literal(required)}")
    call = f"tool({', '.join(arguments)}),"
    return Source(call) if columns(call) <= room else None
