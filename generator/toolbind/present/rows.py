"""From the IR to the plain data that a module holds: tools, operation rows, security rows.

The shapes are those of `toolbind_runtime.contract`, where each key is explained; keys at
their defaults are left out. Imports `ir`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolbind import ir

Row = dict[str, Any]

_DEFAULT_STYLES: Mapping[str, ir.Style] = {
    "path": "simple",
    "query": "form",
    "header": "simple",
    "cookie": "form",
}
"""Members of bodies have none: how they are written without a style depends on their values."""

_EXPLODED = ("form", "cookie")
"""Styles that explode unless they are told not to."""

DEFAULT_ACCEPT = "application/json"


def tool(operation: ir.Operation) -> Row:
    """The function-calling tool of an operation: name, description, parameters."""
    return {
        "name": operation.name,
        "description": operation.description or operation.summary or operation.name,
        "parameters": {
            "type": "object",
            "properties": {each.name: each.schema for each in operation.arguments},
            "required": [each.name for each in operation.arguments if each.required],
        },
    }


def operation_row(operation: ir.Operation, default: ir.Security) -> Row:
    """The `OperationRow` of an operation; `default` is the security of the whole API."""
    row: Row = {"method": operation.method.upper(), "path": operation.path}
    given = {each.name: _argument(each) for each in (*operation.arguments, *operation.hidden)}
    given |= {each.argument.name: _bound(each) for each in operation.bound}
    if given:
        row["arguments"] = given
    if operation.constants:
        row["constants"] = [_constant(each) for each in operation.constants]
    if operation.body is not None:
        row["body"] = _body(operation.body)
    if operation.server is not None:
        row["server"] = operation.server
    if operation.security != default:
        row["security"] = security(operation.security)
    if operation.accept != DEFAULT_ACCEPT:
        row["accept"] = operation.accept
    if operation.tags:
        row["tags"] = list(operation.tags)
    if operation.title:
        row["title"] = operation.title
    if operation.reads is not None:
        row["reads"] = operation.reads
    return row


def _bound(bound: ir.Bound) -> Row:
    row = _argument(bound.argument)
    row |= {"scheme": bound.scheme} if bound.scheme else {"bind": bound.name}
    kind = bound.argument.schema["type"]
    if kind != "string":
        row["type"] = kind
    if bound.argument.required:
        row["required"] = True
    return row


def _argument(argument: ir.Argument) -> Row:
    row: Row = {"in": argument.place}
    if argument.wire != argument.name and argument.place != "whole-body":
        row["wire"] = argument.wire
    row |= _encoding(argument.place, argument.encoding)
    if argument.also:
        row["also"] = list(argument.also)
    if argument.words:
        row["words"] = list(argument.words)
    if argument.required and argument.example is not None:
        row["example"] = argument.example
    if argument.checks:
        row["checks"] = {place: dict(keywords) for place, keywords in argument.checks.items()}
    return row


def _constant(constant: ir.Constant) -> Row:
    row: Row = {"in": constant.place, "wire": constant.wire}
    row |= _encoding(constant.place, constant.encoding)
    row["value"] = constant.value
    if constant.beside:
        row["beside"] = True
    return row


def _encoding(place: ir.ArgumentPlace, encoding: ir.Encoding) -> Row:
    row: Row = {}
    style = encoding.style
    if style is not None and encoding.media_type is None:
        if style != _DEFAULT_STYLES.get(place):
            row["style"] = style
        if encoding.explode != (style in _EXPLODED):
            row["explode"] = encoding.explode
    if encoding.lists:
        row["lists"] = encoding.lists
    if encoding.allow_reserved:
        row["allow_reserved"] = True
    if encoding.media_type is not None:
        row["media_type"] = encoding.media_type
    if encoding.binary:
        row["binary"] = True
    if encoding.headers:
        row["headers"] = dict(encoding.headers)
    return row


def _body(body: ir.Body) -> Row:
    row: Row = {"media_type": body.media_type}
    if body.or_types:
        row["or_types"] = list(body.or_types)
    if body.required:
        row["required"] = True
    if body.members:
        row["members"] = {
            wire: {"in": "body", **_encoding("body", encoding)} for wire, encoding in body.members
        }
    if body.xml is not None:
        row["xml"] = _xml(body.xml)
    if body.demands:
        row["demands"] = list(body.demands)
    if body.null:
        row["null"] = True
    return row


def _xml(xml: ir.Xml) -> Row:
    row: Row = {key: text for key in ("name", "namespace", "prefix") if (text := getattr(xml, key))}
    row |= {key: True for key in ("attribute", "wrapped", "text") if getattr(xml, key)}
    if xml.members:
        row["members"] = {name: _xml(member) for name, member in xml.members}
    if xml.items is not None:
        row["items"] = _xml(xml.items)
    return row


def security(alternatives: ir.Security) -> list[list[str]]:
    """Alternatives as lists."""
    return [list(together) for together in alternatives]


def scheme_row(scheme: ir.Scheme) -> Row:
    """The `SchemeRow` of a security scheme."""
    row: Row = {"type": scheme.kind, "credentials": list(scheme.credentials)}
    if scheme.place is not None:
        row["in"] = scheme.place
    if scheme.wire:
        row["name"] = scheme.wire
    if scheme.token_url:
        row["token_url"] = scheme.token_url
    if scheme.scopes:
        row["scopes"] = list(scheme.scopes)
    return row
