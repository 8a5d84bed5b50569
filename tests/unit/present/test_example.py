"""The example of a module: names that exist, values that its schemas take."""

from __future__ import annotations

import ast
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind import ir
from toolbind.present import example as module
from toolbind.present.example import sample

from tests.unit.present.apis import api, argument, operation, petstore


def example(one: ir.Api, *where: str) -> list[str]:
    return module.example(one, [module.shown(each) for each in one.operations], *where)


def test_the_example_shows_a_read_and_a_conversation() -> None:
    assert example(petstore(), "https://petstore.example", "generated.petstore", "Petstore") == [
        "from generated.petstore import Petstore, run",
        "",
        'with Petstore(api_key="...") as client:',
        "    print(client.list_pets())",
        '    answer = run("Lists the pets of the store, newest first", client=client)',
        "    print(answer.text)",
    ]


def test_an_api_whose_place_is_unknown_is_told_where_it_is() -> None:
    lines = example(petstore(), "/v1", "generated.petstore", "Petstore")
    assert lines[2] == 'with Petstore("https://api.example.com/v1", api_key="...") as client:'


def test_required_arguments_are_given() -> None:
    schema = {"type": "number", "minimum": -90, "maximum": 90}
    latitude = argument("latitude", "query", ir.Plain("float"), schema, required=True)
    one = operation("get_weather", "get", "/", latitude)
    lines = example(api(one), "https://x.example", "generated.weather", "Weather")
    assert lines[3] == "    print(client.get_weather(latitude=1))"


def test_no_example_without_operations() -> None:
    assert example(api(), "", "generated.x", "X") == []


numbers = st.one_of(st.integers(-50, 50), st.floats(-50, 50))
bounded = st.builds(
    lambda kind, low, size, key, other: {"type": kind, key: low, other: low + size},
    st.sampled_from(["integer", "number"]),
    st.integers(-50, 50),
    st.integers(2, 60),
    st.sampled_from(["minimum", "exclusiveMinimum"]),
    st.sampled_from(["maximum", "exclusiveMaximum"]),
)
strings = st.builds(
    lambda low, size: {"type": "string", "minLength": low, "maxLength": low + size},
    st.integers(0, 20),
    st.integers(1, 20),
)
schemas = st.recursive(
    st.one_of(
        bounded,
        strings,
        st.sampled_from([{"type": "boolean"}, {"type": "string"}, {"type": "object"}]),
        st.builds(
            lambda values: {"type": "string", "enum": values}, st.lists(st.text(), min_size=1)
        ),
    ),
    lambda inner: st.one_of(
        st.builds(
            lambda items, count: {"type": "array", "items": items, "minItems": count},
            inner,
            st.integers(0, 3),
        ),
        st.builds(
            lambda members: {
                "type": "object",
                "properties": members,
                "required": sorted(members),
            },
            st.dictionaries(st.text(max_size=5), inner, max_size=3),
        ),
    ),
    max_leaves=6,
)


@given(schemas)
def test_a_sample_is_accepted(schema: dict[str, Any]) -> None:
    jsonschema.validate(sample(schema), schema)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": ["integer", "null"]},
        {"type": "string", "format": "uuid"},
        {"anyOf": [{"type": "integer", "minimum": 3}, {"type": "string"}]},
        {"properties": {"id": {"type": "integer"}}, "required": ["id"]},
        {
            "type": "object",
            "properties": {"kind": {"enum": ["a"]}, "size": {"type": "integer"}},
            "required": ["kind"],
            "oneOf": [{"required": ["size"]}, {"required": ["weight"]}],
        },
        {
            "type": "object",
            "allOf": [
                {"properties": {"name": {"type": "string"}}, "required": ["name"]},
                {"anyOf": [{"properties": {"at": {"const": 1}}, "required": ["at"]}]},
            ],
        },
    ],
)
def test_a_sample_keeps_to_types_and_combinations(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(schema).validate(sample(schema))
    assert sample(schema) != "example"


@given(st.text(max_size=200))
def test_the_example_is_python_whatever_the_document_says(text: str) -> None:
    one = operation("get", "get", "/", description=text)
    ast.parse("\n".join(example(api(one), "https://x.example", "generated.x", "X")))


@pytest.mark.parametrize("schema", [{}, {"type": ["string"]}, {"anyOf": []}, {"enum": []}])
def test_odd_schemas_still_have_a_sample(schema: dict[str, Any]) -> None:
    assert sample(schema) == "example"


@pytest.mark.parametrize("word", ["minLength", "minItems"])
def test_a_sample_stays_small_whatever_the_document_asks_for(word: str) -> None:
    kind = "string" if word == "minLength" else "array"
    assert len(sample({"type": kind, word: 10**40})) < 10  # none that fits can be shown
