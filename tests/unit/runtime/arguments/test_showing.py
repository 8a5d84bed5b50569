"""Every example that a refused model is shown passes, and teaches nothing from nowhere."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toolbind_runtime.arguments.examples import NOTHING, made
from toolbind_runtime.arguments.reader import ArgumentReader
from toolbind_runtime.errors import ArgumentError

from tests.effort import examples

STRING = {"type": "string"}
INTEGER = {"type": "integer"}

KINDS: list[Any] = [
    {},
    True,
    STRING,
    {"type": "string", "minLength": 12},
    {"type": "string", "maxLength": 3},
    {"type": "string", "minLength": 2, "maxLength": 2},
    {"type": "string", "enum": ["a", "b"]},
    {"type": "string", "not": {"enum": ["<string>"]}},
    {"const": 5},
    {"enum": [None, 3]},
    {"type": "boolean"},
    INTEGER,
    {"type": "integer", "minimum": 2.5},
    {"type": "integer", "exclusiveMinimum": 0},
    {"type": "integer", "exclusiveMaximum": 0},
    {"type": "integer", "minimum": 7, "maximum": 7},
    {"type": "integer", "multipleOf": 5, "minimum": 12},
    {"type": "integer", "not": {"enum": [1, 2]}},
    {"type": "number", "multipleOf": 0.25, "maximum": 0.6},
    {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.1},
    {"type": "number", "minimum": 1e30},
    {"type": ["null", "integer"]},
    {"type": "array"},
    {"type": "array", "items": STRING, "minItems": 4},
    {"type": "array", "items": STRING, "minItems": 3, "uniqueItems": True},
    {"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 2, "uniqueItems": True},
    {"type": "array", "items": {"type": "boolean"}, "minItems": 2, "uniqueItems": True},
    {"type": "array", "prefixItems": [STRING, INTEGER], "items": False, "minItems": 2},
    {"type": "array", "maxItems": 0},
    {"type": "object", "minProperties": 2},
    {"type": "object", "maxProperties": 0},
    {"type": "object", "minProperties": 1, "properties": {"a": INTEGER}},
    {"type": "object", "required": ["a"], "dependentRequired": {"a": ["b"]}},
    {"type": "object", "required": ["x"], "additionalProperties": INTEGER},
    {"type": "object", "properties": {"a": STRING}, "anyOf": [{"required": ["a"]}]},
    {"anyOf": [{"type": "integer", "minimum": 3}, STRING]},
    {
        "type": "object",
        "properties": {"kind": STRING},
        "anyOf": [
            {"properties": {"kind": {"enum": ["x"]}, "n": INTEGER}, "required": ["kind", "n"]},
            {"properties": {"kind": {"enum": ["y"]}}, "required": ["kind"]},
        ],
    },
]


def reader(properties: dict[str, Any], required: list[str], **more: Any) -> ArgumentReader:
    """A reader of a write; `more` are rows of arguments, and `body`."""
    rows: Any = {name: {"in": "body", **more.get(name, {})} for name in properties}
    parameters = {"type": "object", "properties": properties, "required": required}
    return ArgumentReader("op", parameters, rows, more.get("body"))


def refused(of: ArgumentReader, arguments: Any) -> ArgumentError:
    with pytest.raises(ArgumentError) as caught:
        of.read(arguments)
    return caught.value


@pytest.mark.parametrize("schema", KINDS, ids=[json.dumps(each) for each in KINDS])
def test_the_example_of_every_kind_passes(schema: Any) -> None:
    one = reader({"x": schema, "y": INTEGER}, ["x"])
    error = refused(one, {"y": 5.5})
    assert error.example is not None
    assert error.placeholders == ("x",)
    assert one.read(error.example) == error.example
    jsonschema.validate(error.example["x"], schema)


SCHEMAS = st.recursive(
    st.sampled_from(KINDS)
    | st.builds(
        lambda low, size, step: {
            "type": "integer",
            "minimum": low,
            "maximum": low + size,
            "multipleOf": step,
        },
        st.integers(-9, 9),
        st.integers(0, 20),
        st.integers(1, 7),
    ),
    lambda inner: (
        st.builds(
            lambda items, least, unique: {
                "type": "array",
                "items": items,
                "minItems": least,
                "uniqueItems": unique,
            },
            inner,
            st.integers(0, 3),
            st.booleans(),
        )
        | st.builds(
            lambda members, least: {
                "type": "object",
                "properties": members,
                "required": sorted(members)[:2],
                "minProperties": least,
            },
            st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
            st.integers(0, 3),
        )
        | st.builds(lambda a, b: {"anyOf": [a, b]}, inner, inner)
    ),
    max_leaves=5,
)


@settings(max_examples=examples(300), deadline=None)
@given(SCHEMAS)
def test_whatever_is_made_is_valid(schema: Any) -> None:
    value = made(schema)
    if value is not NOTHING:
        jsonschema.validate(value, schema)


@settings(max_examples=examples(200), deadline=None)
@given(
    st.dictionaries(st.sampled_from(["a", "b", "c"]), SCHEMAS, max_size=3),
    st.dictionaries(st.sampled_from(["a", "b", "d"]), st.integers() | st.text(max_size=3)),
)
def test_any_example_passes_the_check_that_refused(
    properties: dict[str, Any], arguments: dict[str, Any]
) -> None:
    one = reader(properties, sorted(properties)[:2])
    example = None
    try:
        one.read(arguments)
    except ArgumentError as error:
        example = error.example
    if example is not None:
        assert one.read(example) == example


def test_what_fits_stays_and_what_does_not_is_left_out() -> None:
    one = reader({"id": INTEGER, "limit": {"type": "integer", "maximum": 9}, "q": STRING}, ["id"])
    error = refused(one, {"id": 41, "limit": 500, "q": "printer"})
    assert (error.example, error.placeholders) == ({"id": 41, "q": "printer"}, ())


def test_what_was_meant_is_put_in_its_place() -> None:
    words = {"type": "string", "enum": ["available", "sold"]}
    inner = {"type": "object", "properties": {"status": words}, "additionalProperties": False}
    one = reader({"status": words, "where": inner, "title": STRING}, ["status"])
    assert refused(one, {"status": "availble"}).example == {"status": "available"}
    error = refused(one, {"status": "sold", "where": {"status": "soldd"}})
    assert error.example == {"status": "sold", "where": {"status": "sold"}}
    error = refused(one, {"status": "sold", "where": {"statsu": "sold"}})
    assert error.example == {"status": "sold", "where": {"status": "sold"}}
    error = refused(one, {"status": "sold", "tilte": "x"})
    assert error.example == {"status": "sold", "title": "x"}


def test_the_documents_own_example_is_shown_first_if_it_fits() -> None:
    one = reader({"a": STRING, "b": INTEGER}, ["a", "b"], a={"example": "DE"}, b={"example": "x"})
    error = refused(one, {})
    assert error.example == {"a": "DE", "b": 1}
    assert error.placeholders == ("a", "b")


def test_no_example_where_none_is_found() -> None:
    one = reader({"a": {"type": "string", "minLength": 10**9}}, ["a"])
    assert refused(one, {}).example is None


def test_example_of_a_body_meets_its_demands() -> None:
    demands = [{"anyOf": [{"required": ["a", "b"]}, {"required": ["c"]}]}, {"minProperties": 3}]
    body = {"media_type": "application/json", "required": True, "demands": demands}
    one = reader({"a": STRING, "b": STRING, "c": STRING}, [], body=body)
    error = refused(one, {"a": "x"})
    assert error.example is not None
    assert one.read(error.example) == error.example
    assert error.example["a"] == "x"


@pytest.mark.parametrize("value", [["urgent"], '["urgent"]', "URGENT", [" urgent "]])
def test_a_list_of_one_where_one_is_wanted(value: Any) -> None:
    one = reader({"p": {"type": "string", "enum": ["low", "urgent"]}}, ["p"])
    assert one.read({"p": value}) == {"p": "urgent"}


def test_a_list_of_two_is_refused_where_one_is_wanted() -> None:
    one = reader({"p": {"type": "string", "enum": ["low", "urgent"]}}, ["p"])
    assert refused(one, {"p": ["low", "urgent"]}).problems


def test_text_that_looks_like_a_list_is_text() -> None:
    assert reader({"p": STRING}, ["p"]).read({"p": '["urgent"]'}) == {"p": '["urgent"]'}


def test_unknown_arguments_of_reads_are_left_out_and_named() -> None:
    parameters = {"type": "object", "properties": {"status": STRING}, "required": []}
    one = ArgumentReader("op", parameters, {"status": {"in": "query"}}, reads=True)
    assert one.reading({"status": "a", "verbose": True}) == ({"status": "a"}, ("verbose",))
    assert refused(one, {"stauts": "a"}).problems == (
        'stauts: no such argument. Did you mean "status"?',
    )
    assert refused(one, {"status": 5.5j, "verbose": True}).problems
    assert refused(reader({"status": STRING}, []), {"verbose": True}).problems


def test_unknown_arguments_of_tools_without_any_are_left_out() -> None:
    one = ArgumentReader("op", {"type": "object", "properties": {}, "required": []}, {})
    assert one.reading({"reason": "x"}) == ({}, ("reason",))


def test_a_number_or_some_words() -> None:
    rows: Any = {"n": {"in": "query", "also": ["string"], "words": ["latest", "all"]}}
    parameters = {"type": "object", "properties": {"n": INTEGER}, "required": ["n"]}
    one = ArgumentReader("op", parameters, rows)
    for given_, read in ((17, 17), ("17", 17), ("latest", "latest"), (" ALL ", "all"), (5.0, 5)):
        assert one.read({"n": given_}) == {"n": read}
    assert refused(one, {"n": "latst"}).problems == (
        'n: expected integer or one of "latest", "all"; got "latst"',
    )
