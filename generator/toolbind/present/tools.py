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
from toolbind.present.literals import Source, literal

SHARED = "#/components/parameters/"
TABLE = "_PARAMETERS"

Shared = Mapping[str, ir.JsonObject]
"""Schemas by the names that the document gives to parameters."""


def shared_parameters(operations: Iterable[ir.Operation]) -> dict[str, ir.JsonObject]:
    """What operations refer to, by name, in the order of first use.

    A tool that had to be made smaller may have its own version of a schema; the fullest one is what
    the others share.
    """
    found: dict[str, ir.JsonObject] = {}
    for operation in operations:
        for argument in operation.arguments:
            name = _shared_name(argument)
            if name and _fullness(argument.schema) > _fullness(found.get(name, {})):
                found[name] = argument.schema
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


def _fullness(schema: ir.JsonObject) -> tuple[int, str]:
    text = json.dumps(schema)
    return len(text), text


def tool_call(operation: ir.Operation, shared: Shared, indent: int) -> Source:
    """`tool("name", "description", {...}, required=[...]),`"""
    tool = rows.tool(operation)
    parameters = tool["parameters"]
    given: list[Any] = [tool["name"], tool["description"]]
    if operation.arguments:
        given.append({each.name: _schema(each, shared) for each in operation.arguments})
    required = parameters["required"]
    line = _flat_call(given, required, COLUMNS - indent)
    if line is not None:
        return line
    inner = indent + STEP
    lines = [value(each, inner, "", ",") for each in given]
    lines += [value(required, inner, "required=", ",")] if required else []
    return block("tool(", lines, "),", indent)


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


def _schema(argument: ir.Argument, shared: Shared) -> Any:
    """The schema of an argument, or the place in the table where it stands."""
    name = _shared_name(argument)
    if name and shared.get(name) == argument.schema:
        return _reference(name)
    return argument.schema
