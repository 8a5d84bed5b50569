"""What is shown of an argument that may be of several types: the one most values are."""

from __future__ import annotations

from typing import Any

import pytest
from toolbind import ir

from tests.unit.lower.lowering import STRING, Result, one, parameter, sent

JSON = "application/json"
WORD = {"type": "string", "enum": ["latest"]}
ALL = [{"type": each} for each in ("string", "number", "boolean", "array", "object", "null")]


def query(schema: Any, version: str = "3.1.0") -> ir.Argument:
    result = one({"parameters": [parameter("n", "query", schema)]}, version=version)
    return result.arguments["n"]


def member(schema: Any) -> Result:
    body = {"type": "object", "required": ["v"], "properties": {"v": schema}}
    return sent({JSON: {"schema": body}}, version="3.1.0")


@pytest.mark.parametrize(
    "schema",
    [
        {"oneOf": [{"type": "integer", "minimum": 1}, WORD]},
        {"anyOf": [WORD, {"type": "integer", "minimum": 1}]},
        {"anyOf": [{"type": "integer", "minimum": 1}, {"const": "latest"}]},
    ],
)
def test_a_number_or_some_words(schema: Any) -> None:
    found = query(schema)
    assert found.schema["type"] == "integer"
    assert found.schema["minimum"] == 1
    assert 'Or "latest"' in found.schema["description"]
    assert "string" in found.also
    assert found.words == ("latest",)


@pytest.mark.parametrize(
    ("schema", "kind", "words"),
    [
        ({"enum": ["a", "b", 1]}, "string", ()),
        ({"enum": ["a", 1, 2]}, "integer", ("a",)),
        ({"anyOf": [STRING, {"type": "integer"}]}, "string", ()),
        ({"type": ["string", "integer"]}, "string", ()),
    ],
)
def test_the_type_that_most_values_have(schema: Any, kind: str, words: tuple[str, ...]) -> None:
    found = query(schema)
    assert (found.schema["type"], found.words) == (kind, words)


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
@pytest.mark.parametrize("more", [[], [{"type": "integer"}]])
def test_any_json_spelt_out_is_any_json(keyword: str, more: list[Any]) -> None:
    result = member({keyword: [*ALL, *more]})
    argument = result.arguments["v"]
    assert argument.schema["type"] == "string"
    assert "items" not in argument.schema
    assert "Any JSON value" in argument.schema["description"]
    assert {"array", "object", "number", "boolean", "null"} <= set(argument.also)
    assert argument.type == ir.Plain("Any")


def test_any_json_that_holds_itself() -> None:
    itself = {"$ref": "#/components/schemas/J"}
    many = {"type": "array", "items": itself}
    named = {"type": "object", "additionalProperties": itself}
    value = {"anyOf": [*ALL[:3], ALL[5], many, named]}
    body = {
        "type": "object",
        "required": ["v"],
        "properties": {"v": itself},
    }
    operation = {"requestBody": {"required": True, "content": {JSON: {"schema": body}}}}
    result = one(operation, method="post", version="3.1.0", components={"schemas": {"J": value}})
    assert result.arguments["v"].schema["type"] == "string"
    assert result.arguments["v"].type == ir.Plain("Any")


def test_five_types_of_six_are_an_array_still() -> None:
    found = query({"anyOf": ALL[:5]})
    assert found.schema["type"] == "array"


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([4.1, 4, "3_lite"], ["4.1", "4", "3_lite"]),
        ([4.1, 1.0], ["4.1", "1.0"]),
        ([True, "no"], ["true", "no"]),
        (["4", 4, "5"], ["4", "5"]),
    ],
)
def test_numbers_among_the_values_of_a_text_are_text(values: Any, texts: list[str]) -> None:
    for kind in ("string", ["string", "null"]):
        result = member({"type": kind, "enum": values})
        assert result.arguments["v"].schema["enum"] == texts
        assert "schema-enum" in result.codes


@pytest.mark.parametrize("media_type", [JSON, "application/x-www-form-urlencoded"])
def test_what_cannot_carry_bytes_has_no_files(media_type: str) -> None:
    binary = {"type": "string", "format": "binary"}
    schema = {
        "type": "object",
        "properties": {"a": binary, "b": {"type": "array", "items": binary}},
    }
    result = sent({media_type: {"schema": schema}})
    assert [each.place for each in result.only.arguments] == ["body", "body"]
    assert [each.type for each in result.only.arguments] == [
        ir.Plain("str"),
        ir.Listed(ir.Plain("str")),
    ]
    assert not any("data:" in each.schema["description"] for each in result.only.arguments)
