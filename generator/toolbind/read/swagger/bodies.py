"""Request bodies and answers of OpenAPI 3.0, made from Swagger 2.0's parameters and responses.

Imports `moves`, `parameters`, `parts`, `values`, and `nodes`, `pointers` of `read`.
"""

from __future__ import annotations

from typing import Any, Final

from toolbind.read.nodes import Node
from toolbind.read.pointers import join
from toolbind.read.swagger import parts, values
from toolbind.read.swagger.moves import Moves
from toolbind.read.swagger.parameters import Inputs
from toolbind.read.swagger.values import JsonObject

_MULTIPART: Final = "multipart/form-data"
_FORM: Final = "application/x-www-form-urlencoded"


def request_body(
    operation: Node, pointer: str, own: Inputs, shared: Inputs, consumes: list[str], moves: Moves
) -> JsonObject | None:
    """The body of an operation, to stand at `pointer`; None if it has none.

    A body of the operation's own wins over one of its path, fields are merged by name.
    """
    bodies = own.bodies or ([] if own.fields else shared.bodies)
    names = {field.text("name") for field in own.fields}
    fields = [field for field in shared.fields if field.text("name") not in names] + own.fields
    if len(bodies) > 1 or (bodies and own.fields):
        message = "the operation has several bodies; the first is used, fields are left out"
        moves.report.say("swagger-body", operation.place, message)
    if bodies:
        return _whole(bodies[0], pointer, consumes, moves)
    return _form(fields, pointer, consumes, moves) if fields else None


def _whole(old: Node, pointer: str, consumes: list[str], moves: Moves) -> JsonObject:
    moves.moved(pointer, old)
    schema = old.get("schema")
    if schema is not None:
        entry = {"schema": moves.schema(schema)}
    else:  # not allowed, but what is meant is clear
        entry = {"schema": values.value_of(moves.value(old), "body").schema}
    content = dict.fromkeys(consumes or ["application/json"], entry)
    if schema is not None:
        for media_type in content:
            moves.renamed(join(pointer, "content", media_type, "schema"), schema)
    new = {key: old.value[key] for key in ("description", "required") if key in old.value}
    return {**new, "content": content}


def _form(fields: list[Node], pointer: str, consumes: list[str], moves: Moves) -> JsonObject:
    moves.moved(pointer, fields[0])
    properties: JsonObject = {}
    encoding: JsonObject = {}
    for field in fields:
        name = field.text("name")
        schema, style = values.value_of(moves.value(field), "formData")
        prose = {"description": field.text("description")} if field.text("description") else {}
        properties[name] = {**prose, **schema, **prose}
        if style is not None:
            encoding[name] = {"style": style.style, "explode": style.explode}
    required = [field.text("name") for field in fields if field.flag("required")]
    schema = {"type": "object", "properties": properties}
    entry: JsonObject = {"schema": {**schema, "required": required} if required else schema}
    if encoding:
        entry["encoding"] = encoding
    content = dict.fromkeys(_form_types(fields, consumes), entry)
    for media_type in content:
        at = join(pointer, "content", media_type, "schema", "properties")
        for field in fields:
            moves.moved(join(at, field.text("name")), field)
    return {"required": bool(required), "content": content}


def _form_types(fields: list[Node], consumes: list[str]) -> list[str]:
    """The media types that a form can have; files need multipart."""
    if any(field.value.get("type") == "file" for field in fields):
        return [_MULTIPART]
    named = [each for each in consumes if each.partition(";")[0].strip() in (_MULTIPART, _FORM)]
    return named or [_FORM]


def answers(
    old: Node, pointer: str, produces: list[str], *, has_own_types: bool, moves: Moves
) -> Any:
    """The answers of an operation. An operation with types of its own shares no answer."""
    if not isinstance(old.value, dict):
        return old.value
    new: JsonObject = {}
    for status, element in old.items():
        target = moves.followed(element)
        at = join(pointer, status)
        reference = moves.shared(target, "responses") if target and not has_own_types else None
        if target is None or reference is not None:
            moves.moved(at, element)
            new[status] = reference or moves.value(element)
        else:
            new[status] = answer(target, at, produces, moves)
    return new


def answer(old: Node, pointer: str, produces: list[str], moves: Moves) -> Any:
    """One answer, at its new place."""
    moves.moved(pointer, old)
    schema = old.get("schema")
    new = parts.response(old.value, None if schema is None else moves.schema(schema), produces)
    if schema is not None and isinstance(new, dict):
        for media_type in new.get("content", ()):
            moves.renamed(join(pointer, "content", media_type, "schema"), schema)
    return new
