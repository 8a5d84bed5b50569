"""What holds for every lowered API, whatever the document was like. Shared by several tests."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from toolbind import ir

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}", re.ASCII)
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
SLOT = re.compile(r"\{([^{}]*)\}")
TYPE_NAME = re.compile(r"[A-Z][A-Za-z0-9_]{0,69}", re.ASCII)
PATH = re.compile(r"(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2}|\{\w+\})*)+", re.ASCII)
TYPES = {"string", "number", "integer", "boolean", "array", "object", "null"}
STYLES = {
    "path": {"simple", "label", "matrix"},
    "query": {"form", "spaceDelimited", "pipeDelimited", "deepObject"},
    "header": {"simple"},
    "cookie": {"form", "cookie"},
}
CREDENTIAL_HEADERS = {"authorization", "host", "cookie", "content-length", "content-type", "accept"}


def violations(api: ir.Api) -> Iterator[str]:
    """Every breach as `rule: where`."""
    yield from _names(api)
    schemes = {scheme.name for scheme in api.schemes}
    judged: dict[str, list[str]] = {}
    for operation in api.operations:
        for rule in _operation(operation, schemes, judged):
            yield f"{rule}: {operation.method} {operation.wire_path}"
    defined = {definition.name for definition in api.types}
    for definition in api.types:
        if not _valid_name(definition.name, TYPE_NAME):
            yield f"type name: {definition.name}"
    for operation in api.operations:
        references = [operation.returns, *(argument.type for argument in operation.arguments)]
        for reference in references:
            for name in _named(reference):
                if name not in defined:
                    yield f"type undefined: {name} in {operation.name}"


def _names(api: ir.Api) -> Iterator[str]:
    folded = [operation.name.casefold() for operation in api.operations]
    if len(set(folded)) < len(folded):
        yield "operation names: not unique"
    for operation in api.operations:
        if not _valid_name(operation.name):
            yield f"operation name: {operation.name}"
        own = [argument.name.casefold() for argument in operation.arguments]
        if len(set(own)) < len(own):
            yield f"argument names: {operation.name}"
        for argument in operation.arguments:
            if not NAME.fullmatch(argument.name):
                yield f"argument name: {argument.name} in {operation.name}"
    credentials = [name for scheme in api.schemes for name in scheme.credentials]
    if len(set(credentials)) < len(credentials):
        yield "credential names: not unique"


def _valid_name(name: str, form: re.Pattern[str] = NAME) -> bool:
    return form.fullmatch(name) is not None and not keyword.iskeyword(name)


def _operation(
    operation: ir.Operation, schemes: set[str], judged: dict[str, list[str]]
) -> Iterator[str]:
    placed = [(argument.place, argument.wire) for argument in operation.arguments]
    placed += [(constant.place, constant.wire) for constant in operation.constants]
    if len(set(placed)) < len(placed):
        yield "one value, two arguments"
    slots = set(SLOT.findall(operation.path))
    in_path = {argument.name for argument in operation.arguments if argument.place == "path"}
    if slots != in_path:
        yield "slots are not the path arguments"
    if not PATH.fullmatch(operation.path) or operation.path.startswith("//"):
        yield "path is not safe"
    if any(part in (".", "..") for part in re.split(r"[/\\]", unquote(operation.path))):
        yield "path has a dot segment"
    if not TOKEN.fullmatch(operation.method):
        yield "method is no token"
    if not operation.description:
        yield "no description"
    if any(name not in schemes for each in operation.security for name in each):
        yield "security names an unknown scheme"
    if operation.server is not None and not re.match(r"https?://[^/@?#]+|/", operation.server):
        yield "server is neither a URL nor a path"
    yield from _body(operation)
    for argument in operation.arguments:
        yield from _argument(argument)
        text = json.dumps(argument.schema)
        if text not in judged:  # documents repeat themselves, and the judge is slow
            judged[text] = list(_schema(argument.schema))
        yield from judged[text]


def _body(operation: ir.Operation) -> Iterator[str]:
    in_body = [a for a in operation.arguments if a.place in ("body", "file", "whole-body")]
    fixed = [c for c in operation.constants if c.place in ("body", "file", "whole-body")]
    if (in_body or fixed) and operation.body is None:
        yield "arguments of a body that is not there"
    whole = [argument for argument in in_body if argument.place == "whole-body"]
    if len(whole) > 1 or (whole and len(in_body) + len(fixed) > 1):
        yield "a whole body beside members"
    if operation.body is not None:
        text = operation.body.media_type
        if not re.fullmatch(r"[!-~]+/[ -~]+", text):
            yield "media type is not plain"
        if any(argument.required for argument in in_body) and not operation.body.required:
            yield "required member of an optional body"


def _argument(argument: ir.Argument) -> Iterator[str]:
    schema = argument.schema
    if schema.get("type") not in TYPES:
        yield "argument without one type"
    if not isinstance(schema.get("description"), str):  # empty in a tool at its shortest
        yield "argument without a description"
    if set(argument.also) - TYPES or schema.get("type") in argument.also:
        yield "also is no list of other types"
    if argument.place == "header" and argument.wire.lower() in CREDENTIAL_HEADERS:
        yield "argument sets a header of the connection"
    if argument.place in ("header", "cookie") and not TOKEN.fullmatch(argument.wire):
        yield "header name is no token"
    if argument.place == "path" and not argument.required:
        yield "path argument is optional"
    styles = STYLES.get(argument.place)
    encoding = argument.encoding
    if styles is not None and encoding.media_type is None and encoding.style not in styles:
        yield "style of another place"


def _schema(schema: Mapping[str, Any]) -> Iterator[str]:
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        yield f"schema invalid ({error.message[:60]})"
    for each in _objects(schema):
        if "$ref" in each or "$defs" in each or "$dynamicRef" in each:
            yield "schema is not self-contained"


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every schema inside a schema; names of members are not keywords."""
    stack = [value]
    while stack:
        schema = stack.pop()
        if not isinstance(schema, Mapping):
            continue
        yield schema
        stack += [schema[key] for key in ("items", "additionalProperties", "not") if key in schema]
        stack += list(schema.get("properties", {}).values())
        stack += [each for key in ("anyOf", "prefixItems") for each in schema.get(key, ())]


def _named(reference: ir.TypeRef) -> Iterator[str]:
    match reference:
        case ir.Named(name):
            yield name
        case ir.Listed(inner) | ir.Mapped(inner):
            yield from _named(inner)
        case ir.Either(options):
            for option in options:
                yield from _named(option)
