"""The parameters of Swagger 2.0: kept as parameters, or set apart for the request body.

Imports `moves`, `values`, and `nodes` of `read`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from toolbind.read.nodes import Node
from toolbind.read.swagger import values
from toolbind.read.swagger.moves import Moves


class Inputs(NamedTuple):
    """The parameters of a path or operation, by what becomes of them."""

    kept: list[Any]
    bodies: list[Node]
    fields: list[Node]


def sort(old: Node | None, pointer: str, moves: Moves) -> Inputs:
    """The elements of a `parameters` list; `pointer` is where the list will stand."""
    inputs = Inputs([], [], [])
    for element in old.elements() if old is not None else ():
        target = moves.followed(element)
        target = None if target is None else moves.understood(target, "parameter")
        place = None if target is None else target.value.get("in")
        if target is not None and place == "body":
            inputs.bodies.append(target)
        elif target is not None and place == "formData" and target.text("name"):
            inputs.fields.append(target)
        else:
            at = f"{pointer}/{len(inputs.kept)}"
            inputs.kept.append(_kept(element, target, at, moves))
    return inputs


def _kept(element: Node, target: Node | None, pointer: str, moves: Moves) -> Any:
    if target is None:
        moves.moved(pointer, element)
        return moves.value(element)
    is_reference = target.pointer != element.pointer or target.file != element.file
    reference = moves.shared(target, "parameters") if is_reference else None
    if reference is not None:
        moves.moved(pointer, element)
        return reference
    return upgraded(target, pointer, moves)


def upgraded(old: Node, pointer: str, moves: Moves) -> Any:
    """One parameter, at its new place; what is not understood stays as it is."""
    moves.moved(pointer, old)
    value = moves.value(moves.understood(old, "parameter"))
    if not isinstance(value, dict) or "$ref" in value or value.get("in") in ("body", "formData"):
        return value
    moves.moved(f"{pointer}/schema", old)
    return values.parameter(value)
