"""Arguments of a model: what is mended, what is refused, and what the model is told."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from toolbind_runtime.arguments.mending import mend
from toolbind_runtime.arguments.reader import ArgumentReader
from toolbind_runtime.basics.nearest import close_names
from toolbind_runtime.errors import ArgumentError

from tests.effort import examples
from tests.unit.runtime.arguments.test_validation import schemas, values

PROPERTIES: dict[str, Any] = {
    "name": {"type": "string", "maxLength": 10},
    "size": {"type": "number", "minimum": 0},
    "limit": {"type": "integer", "minimum": 1, "maximum": 100},
    "open": {"type": "boolean"},
    "tags": {"type": "array", "items": {"type": "string"}},
    "status": {"type": "string", "enum": ["available", "pending", "sold"]},
    "filter": {
        "type": "object",
        "properties": {
            "since": {"type": "string"},
            "rows": {"type": "array", "items": {"type": "integer"}},
            "note": {"type": ["string", "null"]},
        },
        "required": ["since"],
        "additionalProperties": False,
    },
    "level": {"type": "integer", "enum": [1, 2, 3]},
}


def reader(
    properties: Any = PROPERTIES,
    required: list[str] | None = None,
    also: dict[str, list[str]] | None = None,
    **more: Any,
) -> ArgumentReader:
    rows: Any = {name: {"in": "query"} for name in properties}
    for name, types in (also or {}).items():
        rows[name]["also"] = types
    parameters = {
        "type": "object",
        "properties": properties,
        "required": required or [],
        **more,
    }
    return ArgumentReader("find_pets", parameters, rows)


def told(given: Any, **options: Any) -> ArgumentError:
    with pytest.raises(ArgumentError) as caught:
        reader(**options).read(given)
    return caught.value


# --- what is mended ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "given_value", "expected"),
    [
        ("size", "51.5", 51.5),
        ("size", " 7 ", 7),
        ("size", "1e3", 1000),
        ("limit", "5", 5),
        ("limit", 5.0, 5),
        ("limit", "5.0", 5),
        ("open", "true", True),
        ("open", "False", False),
        ("name", 42, "42"),
        ("name", 5.0, "5"),
        ("name", True, "true"),
        ("tags", "dog", ["dog"]),
        ("tags", '["dog", "cat"]', ["dog", "cat"]),
        ("tags", [1, "a"], ["1", "a"]),
        ("status", "Sold", "sold"),
        ("status", " pending ", "pending"),
        ("level", "2", 2),
        ("filter", '{"since": "2024"}', {"since": "2024"}),
        ("filter", {"since": 2024, "rows": "5"}, {"since": "2024", "rows": [5]}),
        ("filter", {"since": "x", "rows": None, "note": None}, {"since": "x", "note": None}),
    ],
)
def test_mends(name: str, given_value: Any, expected: Any) -> None:
    found = reader().read({name: given_value})
    assert found == {name: expected}
    assert type(found[name]) is type(expected)


def test_mends_towards_the_first_alternative_that_fits() -> None:
    either = {"x": {"anyOf": [{"type": "integer"}, {"type": "boolean"}, {"type": "array"}]}}
    assert reader(either).read({"x": "5"}) == {"x": 5}
    assert reader(either).read({"x": "true"}) == {"x": True}
    assert told({"x": "y"}, properties={"x": {"anyOf": either["x"]["anyOf"][:2]}}).problems


def test_null_for_something_optional_is_left_out() -> None:
    assert reader().read({"limit": None, "name": "x"}) == {"name": "x"}
    assert reader(also={"limit": ["null"]}).read({"limit": None}) == {"limit": None}
    assert told({"limit": None}, required=["limit"]).problems == (
        "limit: expected integer; got null",
    )


def test_other_types_that_the_document_allows_pass_as_they_are() -> None:
    read = reader(also={"tags": ["string", "number"], "name": ["integer"]}).read
    assert read({"tags": "a"}) == {"tags": "a"}
    assert read({"tags": 5}) == {"tags": 5}
    assert read({"tags": ["a"], "name": 3}) == {"tags": ["a"], "name": 3}
    # ... also while something else is mended
    assert read({"tags": "a", "limit": "5"}) == {"tags": "a", "limit": 5}


def test_arguments_come_as_text_too() -> None:
    assert reader().read('{"limit": 5}') == {"limit": 5}
    assert reader().read(json.dumps('{"limit": "5"}')) == {"limit": 5}
    assert reader().read(None) == reader().read("") == {}


def test_the_given_object_is_never_changed() -> None:
    given_arguments = {"filter": {"since": 1, "rows": ["1"]}, "limit": None}
    before = json.dumps(given_arguments)
    reader().read(given_arguments)
    assert json.dumps(given_arguments) == before


@pytest.mark.parametrize(
    "bad",
    [
        {"limit": "five"},
        {"limit": "5.5"},
        {"limit": True},
        {"size": "1e999"},
        {"size": "0x10"},
        {"open": 1},
        {"open": "yes"},
        {"name": ["a", "b"]},
        {"name": {"a": 1}},
        {"tags": [["a", "b"]]},
        {"status": "so"},
        {"filter": "{broken"},
        {"filter": "[1]"},
        {"filter": []},
        {"name": 10**5000},
    ],
)
def test_what_is_not_certain_is_refused(bad: Any) -> None:
    assert len(told(bad).problems) == 1


@pytest.mark.parametrize(
    "bad",
    [[], 5, "[1]", "{", {"size": math.nan}, {"name": "\ud800"}, '{"a": 1, "a": 2}'],
)
def test_unreadable_arguments_are_refused(bad: Any) -> None:
    error = told(bad, required=["limit"])
    assert "Nothing was sent" in str(error)
    assert error.example == {"limit": 1}


# --- what the model is told ----------------------------------------------------------------------


def test_every_problem_is_told_at_once_with_a_corrected_form() -> None:
    error = told(
        {"limit": 500, "stat": "sold", "status": "solid", "filter": {"rows": ["x"]}, "name": "Rex"},
        required=["name", "open"],
    )
    assert error.problems == (
        "limit: expected at most 100; got 500",
        'stat: no such argument. Did you mean "status"?',
        'status: expected one of "available", "pending", "sold"; got "solid". Did you mean "sold"?',
        "filter.since: missing; expected string",
        'filter.rows[0]: expected integer; got "x"',
        "open: missing; expected boolean",
    )
    assert error.example == {"name": "Rex", "open": True, "status": "sold"}
    assert error.placeholders == ("open",)
    assert str(error).startswith("The arguments for find_pets do not fit; nothing was sent.\n- ")


def test_long_lists_and_values_are_clipped() -> None:
    many = {"x": {"type": "string", "enum": [f"value{n}" for n in range(50)]}}
    (line,) = told({"x": "nothing like it"}, properties=many).problems
    assert line.count('"value') == 20
    assert "and 30 more" in line
    (line,) = told({"name": "x" * 5000}).problems
    assert len(line) < 200
    assert "(4,920 more characters)" in line
    several = told({f"no{n}": 1 for n in range(30)}).problems
    assert len(several) == 11
    assert several[-1] == "and 20 more problems"


def test_hidden_characters_of_the_model_are_not_repeated() -> None:
    for line in told({"status": "a\u202eb\x1b", "li\u200bmit\n": 1}).problems:
        assert "\u202e" not in line
        assert "\x1b" not in line
        assert "\u200b" not in line
        assert "\n" not in line


def test_unknown_arguments_without_anything_close() -> None:
    (line,) = told({"zzz": 1}, properties={"a": {}, "b": {}}).problems
    assert line == 'zzz: no such argument. Known: "a", "b".'
    (line,) = told({"zzz": 1}, properties={"abc": {}}).problems
    assert line == 'zzz: no such argument. Known: "abc".'
    (line,) = told({"filter": {"since": "a", "until": "b"}}).problems
    assert line.startswith("filter.until: no such member.")


def test_rules_over_several_arguments_hold() -> None:
    error = told({"size": 1}, dependentRequired={"size": ["limit"]})
    assert error.problems == ("limit: missing; expected a value, because size is given",)
    assert told({}, minProperties=1).problems == ("arguments: expected at least 1 members; got {}",)


def test_close_names() -> None:
    assert close_names("LIMITS", ["limit", "x"]) == ["limit"]
    assert close_names("q", ["limit"]) == []


# --- properties ----------------------------------------------------------------------------------


@settings(max_examples=examples(300), deadline=None)
@given(schemas, values)
def test_what_the_schema_accepts_is_taken_untouched(schema: Any, value: Any) -> None:
    """jsonschema is the judge of what is right already."""
    if Draft202012Validator(schema).is_valid(value):
        assert reader({"x": schema}).read({"x": value}) == {"x": value}


@settings(max_examples=examples(300), deadline=None)
@given(schemas, values)
def test_what_is_taken_is_valid(schema: Any, value: Any) -> None:
    try:
        found = reader({"x": schema}).read({"x": value})
    except ArgumentError:
        return
    if "x" in found:
        assert Draft202012Validator(schema).is_valid(found["x"])
    else:
        assert value is None


@settings(max_examples=examples(300), deadline=None)
@given(schemas, values)
def test_mending_is_settled_after_one_pass(schema: Any, value: Any) -> None:
    once = mend(value, schema)
    if Draft202012Validator(schema).is_valid(once):
        assert mend(once, schema) == once


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@settings(max_examples=examples(300), deadline=None)
@given(anything)
def test_nothing_but_argument_errors(given_arguments: Any) -> None:
    with suppress(ArgumentError):
        reader(required=["name"]).read(given_arguments)
        return
    error = told(given_arguments, required=["name"])
    assert error.problems
    json.dumps(error.example, allow_nan=False)
    str(error).encode()


def test_keywords_that_are_not_offered_are_checked() -> None:
    """Row and schema together are what the document says (servers refuse some keywords)."""
    parameters: Any = {
        "type": "object",
        "properties": {
            "pet": {
                "type": "object",
                "properties": {"a/b": {"type": "array", "items": {"type": "string"}}},
                "anyOf": [{}, {"type": "object"}],
            }
        },
    }
    row: Any = {
        "in": "whole-body",
        "checks": {
            "": {"minProperties": 1},
            "/properties/a~1b": {"uniqueItems": True},
            "/anyOf/0": {"maxProperties": 1},
        },
    }
    reader = ArgumentReader("put", parameters, {"pet": row})
    assert reader.read({"pet": {"a/b": ["x"]}})
    for wrong in ({}, {"a/b": ["x", "x"]}):
        with pytest.raises(ArgumentError):
            reader.read({"pet": wrong})
    assert "uniqueItems" not in parameters["properties"]["pet"]["properties"]["a/b"]


# --- names that are spelt apart -------------------------------------------------------------------

SPELT: dict[str, Any] = {
    "pet_id": {"type": "integer"},
    "from": {"type": "string"},
    "filter": {"type": "string"},
    "kind_body": {"type": "string"},
}
WIRES: Any = {
    "pet_id": {"in": "query", "wire": "PetId"},
    "from": {"in": "query"},
    "filter": {"in": "query", "wire": "$filter"},
    "kind_body": {"in": "body", "wire": "X-Kind"},
}


def spelt(properties: Any = SPELT, rows: Any = WIRES) -> ArgumentReader:
    parameters = {"type": "object", "properties": properties, "required": []}
    return ArgumentReader("find_pets", parameters, rows)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"petId": 1}, {"pet_id": 1}),
        ({"PetId": "1"}, {"pet_id": 1}),
        ({"PET-ID": 1, "from_": "a"}, {"pet_id": 1, "from": "a"}),
        ({"$filter": "a eq 1"}, {"filter": "a eq 1"}),
        ({"x-kind": "a"}, {"kind_body": "a"}),
        ({"pet_id": 1, "From": "a"}, {"pet_id": 1, "from": "a"}),
    ],
)
def test_arguments_in_another_spelling_are_mended(given: Any, meant: Any) -> None:
    assert spelt().read(given) == meant


@pytest.mark.parametrize(
    "given",
    [
        {"pet_id": 1, "petId": 2},  # which one?
        {"petId": 1, "PetID": 2},
        {"pet": 1},
        {"pet_id!": 1},
    ],
)
def test_arguments_that_nobody_can_be_sure_of_are_refused(given: Any) -> None:
    with pytest.raises(ArgumentError):
        spelt().read(given)


def test_a_name_on_the_wire_that_two_arguments_have_means_neither() -> None:
    properties = {"kind_query": {"type": "string"}, "kind_header": {"type": "string"}}
    rows = {
        "kind_query": {"in": "query", "wire": "kind!"},
        "kind_header": {"in": "header", "wire": "kind!"},
    }
    with pytest.raises(ArgumentError):
        spelt(properties, rows).read({"kind!": "a"})
    assert spelt(properties, rows).read({"kindQuery": "a"}) == {"kind_query": "a"}
