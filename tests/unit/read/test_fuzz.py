"""Reading under fire: whatever the bytes or the tree, a document comes out or one located line.

Run it at length by hand with `FUZZ_EXAMPLES=100000 pytest tests/unit/read/test_fuzz.py`; failures
that were found stand below as explicit examples.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator
from typing import Any

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from toolbind.diagnostics import DocumentError, Report
from toolbind.read import Document, Node, ReferenceFailure, Source, read
from toolbind.read.quarantine import Kind

from tests.effort import examples
from tests.unit.read.reading import OK, tree

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "100"))
REFERENCES = [
    "#",
    "#/components/schemas/A",
    "#/components/parameters/P",
    "#/paths/~1pets",
    "#/definitions/A",
    "#/parameters/P",
    "#/responses/R",
    "#anchor",
    "other.json#/x",
    "https://example.org/x",
    "%",
]
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 2**70),
    st.text(max_size=5),
    st.sampled_from([[], {}, [None], [[]], {"a": None}, {"$ref": 5}, {"": {}}, -1.5]),
    st.sampled_from(REFERENCES).map(lambda reference: {"$ref": reference}),
    st.sampled_from(["body", "formData", "query", "path", "file", "array", "2.0", "3.1.0"]),
)
PET = {
    "type": "object",
    "$anchor": "anchor",
    "$id": "https://example.org/pet",
    "discriminator": "kind",
    "allOf": [{"$ref": "#/components/schemas/B"}],
    "properties": {"kind": {"type": "string"}, "more": {"$dynamicRef": "#anchor"}},
}
NEW = tree(
    {
        "/pets/{id}": {
            "parameters": [{"$ref": "#/components/parameters/P"}],
            "post": {
                "parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}}],
                "requestBody": {"content": {"application/json": {"schema": PET}}},
                "security": [{"key": []}],
                "servers": [{"url": "https://a.test"}],
                "responses": OK,
            },
        }
    },
    openapi="3.1.0",
    components={
        "schemas": {"A": PET, "B": {"$ref": "#/components/schemas/A"}},
        "parameters": {"P": {"name": "id", "in": "path", "required": True, "schema": {}}},
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "K"}},
    },
)
OLD: dict[str, Any] = {
    "swagger": "2.0",
    "host": "a.test",
    "basePath": "/v1",
    "schemes": ["https"],
    "consumes": ["application/json"],
    "produces": ["application/json"],
    "paths": {
        "/pets": {
            "parameters": [{"$ref": "#/parameters/P"}],
            "post": {
                "consumes": ["multipart/form-data"],
                "parameters": [
                    {"name": "f", "in": "formData", "type": "file"},
                    {"name": "b", "in": "body", "schema": PET},
                    {
                        "name": "a",
                        "in": "query",
                        "type": "array",
                        "items": {"type": "string"},
                        "collectionFormat": "tsv",
                    },
                ],
                "responses": {"200": {"$ref": "#/responses/R"}},
            },
        }
    },
    "parameters": {"P": {"name": "id", "in": "query", "type": "string"}},
    "responses": {"R": {"description": "", "schema": {"$ref": "#/definitions/A"}}},
    "definitions": {"A": PET},
    "securityDefinitions": {"key": {"type": "oauth2", "flow": "implicit"}},
}
KINDS: tuple[Kind, ...] = ("operation", "parameter", "requestBody", "securityScheme")


def places(value: Any, keys: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield keys
    members = value.items() if isinstance(value, dict) else ()
    for key, member in enumerate(value) if isinstance(value, list) else members:
        yield from places(member, (*keys, key))


def changed(value: Any, keys: tuple[Any, ...], odd: Any) -> Any:
    if not keys:
        return odd
    value = copy.deepcopy(value)
    holder = value
    for key in keys[:-1]:
        holder = holder[key]
    holder[keys[-1]] = odd
    return value


def exercised(document: Document) -> None:
    """Everything that may be asked of a document, of every value in it."""
    report = Report()
    todo = [document.root]
    while todo:
        node = todo.pop()
        for ask in (document.resolve, document.target):
            try:
                assert isinstance(ask(node), Node)
            except ReferenceFailure as failure:
                report.say(failure.code, failure.place, failure.message)
        for kind in KINDS:
            if problem := document.check(node, kind):
                report.say(problem.code, problem.place, problem.message)
        todo += [member for _, member in node.items()]
        todo += node.elements()
    for finding in document.located(report):
        assert finding.place.line > 0
        assert finding.line().isprintable()


def survives(data: bytes) -> None:
    refused = None
    try:
        exercised(read(Source("shop", data), Report()))
    except DocumentError as error:
        refused = error
    if refused is not None:
        assert refused.diagnostic.place.line > 0
        assert str(refused).isprintable()


@settings(max_examples=examples(EXAMPLES))
@given(st.data(), st.booleans(), st.booleans())
def test_any_value_at_any_place_is_survived(data: st.DataObject, old: bool, as_yaml: bool) -> None:
    base = OLD if old else NEW
    for _ in range(data.draw(st.integers(1, 3))):
        keys = data.draw(st.sampled_from(list(places(base))))
        base = changed(base, keys, data.draw(ODD))
    text = yaml.safe_dump(base) if as_yaml else json.dumps(base)
    survives(text.encode())


@settings(max_examples=examples(EXAMPLES))
@given(st.data(), st.booleans(), st.booleans())
def test_any_change_of_bytes_is_survived(data: st.DataObject, old: bool, as_yaml: bool) -> None:
    base = OLD if old else NEW
    text = bytearray((yaml.safe_dump(base) if as_yaml else json.dumps(base)).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 8))
        text[at : at + cut] = data.draw(
            st.binary(max_size=3)
            | st.sampled_from([b"&a ", b"*a", b"<<: ", b"!x ", b"{", b"[", b'"', b"\\ud800", b"- "])
        )
    survives(bytes(text))


@settings(max_examples=examples(EXAMPLES))
@given(st.binary(max_size=60) | st.text("{}[]:,-?&*!|>'\"%@`#\\ \n\tau01.e+", max_size=40))
@example(b"\xef\xbb\xbf")
@example("%TAG")
@example("? ")
@example("- - - *a")
@example("!<")
@example("\x85")
def test_any_bytes_are_survived(data: bytes | str) -> None:
    survives(data.encode() if isinstance(data, str) else data)
