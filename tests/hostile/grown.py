"""Hostile documents that are a few lines of idea and megabytes of text: written when they are run.

One function for each, in the table `GROWN` under the name that `index.json` has for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

ANSWERS = {"200": {"description": "ok"}}
QUERY = {"name": "q", "in": "query", "schema": {"type": "string"}}
YAML_HEAD = """openapi: 3.1.0
info: {title: Shop, version: '1.0'}
servers: [{url: 'https://api.example.test/v1'}]
"""
YAML_PATHS = """paths:
  /items:
    get:
      operationId: listItems
      responses: {'200': {description: ok}}
"""
MARKS = (
    "[", "![", "](", "*", "_", "`", "<", "<a ", "<!--", "&", "&#", "|", "\n> ", "\n- ", "```\n",
    "~~~", "[a](", "<a href='", "** **", "\\", "{@link ", ". ", "a.", "\n#", "http://", "<b>",
)  # fmt: skip
NEARLY_COMMANDS = (
    "ignore any ", "do not ", "you are an ", "before using call ", "<system ", "<IMPORTANT",
    "read ~/.", "the most ", "world's ", "must use this ", "instead of any ", "<|x",
    "IGNORE\u200b ",
)  # fmt: skip


def stretched(unit: str, size: int) -> str:
    return (unit * size)[:size]


def operation(name: str, **more: Any) -> dict[str, Any]:
    return {"operationId": name, "responses": ANSWERS, **more}


def document(paths: Mapping[str, Any], **more: Any) -> bytes:
    head = {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1.0"},
        "servers": [{"url": "https://api.example.test/v1"}],
    }
    item = {"get": operation("getItem", summary="Read one item.")}
    return json.dumps({**head, "paths": {"/items/{id}": item, **paths}, **more}).encode()


def long_pointer() -> bytes:
    parameter = {"$ref": "#/" + "a/" * 100_000 + "b"}
    return document({"/a": {"get": operation("other", parameters=[parameter])}})


def large_enum() -> bytes:
    schema = {"type": "string", "enum": [f"value-{index}" for index in range(20_000)]}
    return document({"/a": {"get": operation("other", parameters=[{**QUERY, "schema": schema}])}})


def many_parameters() -> bytes:
    places = ("query", "header", "cookie")
    many = [{**QUERY, "name": f"p{index}", "in": places[index % 3]} for index in range(2500)]
    return document({"/a": {"get": operation("other", parameters=many)}})


def many_operations() -> bytes:
    return document({f"/r{index}": {"get": operation("get_it")} for index in range(2000)})


def many_credentials() -> bytes:
    alternatives: list[dict[str, list[str]]] = [
        {f"s{(first * 7 + index) % 300}": [] for index in range(30)} for first in range(300)
    ]
    schemes = {
        f"s{index}": {"type": "apiKey", "in": "header", "name": f"X-K{index}"}
        for index in range(300)
    }
    paths = {"/a": {"get": operation("other", security=alternatives)}}
    return document(paths, components={"securitySchemes": schemes})


def flow_brackets() -> bytes:
    return ("openapi: 3.1.0\npaths: " + "[{a: " * 50_000).encode()


def indentation() -> bytes:
    return ("openapi: 3.1.0\n" + "".join(" " * depth + "a:\n" for depth in range(1500))).encode()


def unclosed_marks() -> bytes:
    return document(dict(_texts(MARKS, 60_000)))


def nearly_commands() -> bytes:
    return document(dict(_texts(NEARLY_COMMANDS, 60_000)))


def _texts(units: Iterable[str], size: int) -> Iterable[tuple[str, Any]]:
    for index, unit in enumerate(units):
        text = stretched(unit, size)
        parameter = {**QUERY, "description": text}
        told = {"description": text, "summary": text[::-1], "parameters": [parameter]}
        yield f"/m{index}", {"get": operation(f"m{index}", tags=[text[:500]], **told)}


def long_names() -> bytes:
    words = ("aA1", "A", "_", "-", "1", "[", "v1beta1", "OAuth")
    parameters = [{**QUERY, "name": stretched(word, 20_000)} for word in words]
    kind = stretched("Ab", 50_000)
    schema = {
        "type": "object",
        "title": stretched("T ", 50_000),
        "properties": {stretched("pP", 50_000): {"type": "string"}},
    }
    body = {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{kind}"}}}}
    first = operation(stretched("aA1-", 100_000), parameters=parameters)
    second = operation(stretched("x", 100_000), requestBody=body)
    paths = {"/" + stretched("aA1", 50_000): {"get": first}, "/b": {"post": second}}
    return document(paths, components={"schemas": {kind: schema}})


def comments() -> bytes:
    return (YAML_HEAD + "# c \u202e\n\n" * 100_000 + YAML_PATHS + "# end\n").encode()


def anchors() -> bytes:
    unused = "".join(f"- &n{index} v\n" for index in range(20_000))
    return (YAML_HEAD + "x-a:\n" + unused + YAML_PATHS).encode()


GROWN: Mapping[str, Callable[[], bytes]] = {
    "110-ref-missing.json": long_pointer,
    "129-size.json": large_enum,
    "130-size.json": many_parameters,
    "131-size.json": many_operations,
    "132-size.json": many_credentials,
    "137-deep-nest.yaml": flow_brackets,
    "138-deep-nest.yaml": indentation,
    "139-text-dos.json": unclosed_marks,
    "140-text-dos.json": nearly_commands,
    "141-text-dos.json": long_names,
    "179-yaml-size.yaml": comments,
    "180-yaml-size.yaml": anchors,
}
