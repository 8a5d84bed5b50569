"""Objects as they are meant: slips of the pen are read and told, what cannot be read is told."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind.codes import CODES
from toolbind.read.fields import FIELDS, WORDS, ObjectKind
from toolbind.read.meaning import understood
from toolbind.read.nodes import Node
from toolbind.read.versions import Family

KINDS: tuple[ObjectKind, ...] = get_args(ObjectKind)
FAMILIES: tuple[Family, ...] = get_args(Family)


def read(value: Any, kind: ObjectKind, family: Family = "3.0") -> tuple[Any, list[tuple[str, str]]]:
    """The value as it is meant, and the code and pointer of each finding."""
    meant, findings = understood(Node(value, "#/here", "a.json"), kind, family)
    return meant.value, [(each.code, each.place.pointer) for each in findings]


def test_every_kind_of_object_has_fields_and_words() -> None:
    assert set(FIELDS) == set(WORDS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_an_object_without_slips_is_itself(kind: ObjectKind) -> None:
    value = {"x-own": 5}
    node = Node(value, "#", "a.json")
    meant, findings = understood(node, kind, "3.1")
    assert meant.value is value
    assert findings == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_field_is_told_with_the_nearest_one(kind: ObjectKind) -> None:
    for name, field in FIELDS[kind].items():
        family = sorted(field.families)[-1]
        wrong = name + "q"
        value, _ = read({wrong: None}, kind, family)
        _, findings = understood(Node({wrong: 1}, "#", "a.json"), kind, family)
        [finding] = findings
        assert finding.code == ("path-item-key" if kind == "pathItem" else "field-unknown")
        assert finding.place.pointer == f"#/{wrong}"
        assert wrong in finding.message
        assert value == {wrong: None}
        if len(name) > 3:
            assert f"did you mean {name!r}" in finding.message


@pytest.mark.parametrize(
    ("kind", "written", "name"),
    [
        ("operation", "requestbody", "requestBody"),
        ("operation", "operation_id", "operationId"),
        ("operation", "Parameters", "parameters"),
        ("parameter", "REQUIRED", "required"),
        ("requestBody", "Content", "content"),
        ("pathItem", "GET", "get"),
        ("pathItem", "Post", "post"),
        ("response", "Content", "content"),
        ("mediaType", "Schema", "schema"),
    ],
)
def test_a_field_in_other_case_is_read_and_told(kind: ObjectKind, written: str, name: str) -> None:
    held: Any = {"parameters": [], "operationId": "x", "required": True}.get(name, {})
    meant, findings = read({written: held}, kind)
    assert meant == {name: held}
    assert findings == [("field-unknown", f"#/here/{written}")]


def test_the_right_field_counts_where_both_stand() -> None:
    meant, findings = read({"get": {}, "GET": {"x": 1}}, "pathItem")
    assert meant["get"] == {}
    assert [code for code, _ in findings] == ["path-item-key"]


@pytest.mark.parametrize(
    ("kind", "name", "family"),
    [
        ("document", "webhooks", "3.0"),
        ("document", "host", "3.0"),
        ("document", "servers", "2.0"),
        ("operation", "consumes", "3.1"),
        ("operation", "requestBody", "2.0"),
        ("components", "pathItems", "3.0"),
        ("mediaType", "itemSchema", "3.1"),
        ("response", "schema", "3.0"),
        ("response", "content", "2.0"),
        ("parameter", "collectionFormat", "3.0"),
        ("securityScheme", "flow", "3.0"),
        ("securityScheme", "bearerFormat", "2.0"),
        ("server", "name", "3.1"),
    ],
)
def test_a_field_of_another_version_is_told(kind: ObjectKind, name: str, family: Family) -> None:
    _, findings = read({name: {}}, kind, family)
    assert findings == [("field-version", f"#/here/{name}")]


@pytest.mark.parametrize(
    ("written", "flag"),
    [
        *(("yes", True), ("true", True), ("On", True), (1, True)),
        *(("no", False), ("FALSE", False), ("off", False), (0, False)),
    ],
)
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("parameter", "required"),
        ("parameter", "explode"),
        ("parameter", "allowReserved"),
        ("parameter", "allowEmptyValue"),
        ("parameter", "deprecated"),
        ("header", "required"),
        ("header", "explode"),
        ("requestBody", "required"),
        ("encoding", "explode"),
        ("encoding", "allowReserved"),
        ("operation", "deprecated"),
    ],
)
def test_flags_are_read_as_people_write_them(
    kind: ObjectKind, name: str, written: Any, flag: bool
) -> None:
    assert read({name: written}, kind) == ({name: flag}, [("field-type", f"#/here/{name}")])


@pytest.mark.parametrize("written", ["maybe", 2, [], {}, 1.5])
def test_a_flag_that_cannot_be_read_is_left_out(written: Any) -> None:
    assert read({"required": written}, "parameter") == ({}, [("field-type", "#/here/required")])


@pytest.mark.parametrize(
    ("kind", "name", "written", "meant"),
    [
        ("document", "security", {"key": []}, [{"key": []}]),
        ("document", "security", "key", [{"key": []}]),
        ("document", "security", ["key"], [{"key": []}]),
        ("document", "security", [{"key": "read"}], [{"key": ["read"]}]),
        ("document", "security", [{"key": None}], [{"key": []}]),
        ("document", "security", [{"key": []}, 5], [{"key": []}]),
        ("document", "security", 5, None),
        ("operation", "security", {"key": []}, [{"key": []}]),
        ("document", "servers", {"url": "/a"}, [{"url": "/a"}]),
        ("document", "servers", "https://a.test", [{"url": "https://a.test"}]),
        ("document", "servers", ["https://a.test"], [{"url": "https://a.test"}]),
        ("document", "servers", {"uri": "/a"}, None),
        ("pathItem", "servers", {"url": "/a"}, [{"url": "/a"}]),
        ("operation", "servers", {"url": "/a"}, [{"url": "/a"}]),
        ("operation", "servers", "text", [{"url": "text"}]),
        ("operation", "parameters", {"name": "q", "in": "query"}, [{"name": "q", "in": "query"}]),
        ("operation", "parameters", {"q": {"in": "query"}}, [{"in": "query"}]),
        ("pathItem", "parameters", {"$ref": "#/x"}, [{"$ref": "#/x"}]),
        ("operation", "tags", "pets", ["pets"]),
        ("operation", "tags", ["pets", 2024], ["pets", "2024"]),
        ("operation", "operationId", 5, "5"),
        ("operation", "summary", True, "true"),
        ("operation", "responses", "text", None),
        ("operation", "responses", [{"200": {}}], {"200": {}}),
        ("document", "components", [], None),
        ("document", "info", "Shop", None),
    ],
)
def test_one_in_place_of_a_list_and_other_wrong_types(
    kind: ObjectKind, name: str, written: Any, meant: Any
) -> None:
    value, findings = read({name: written}, kind)
    assert value == ({} if meant is None else {name: meant})
    assert findings == [("field-type", f"#/here/{name}")]


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("operation", "parameters", 5),
        ("operation", "security", 5),
        ("requestBody", "content", "text"),
        ("parameter", "content", []),
    ],
)
def test_what_decides_about_the_request_is_left_to_its_judges(
    kind: ObjectKind, name: str, value: Any
) -> None:
    assert read({name: value}, kind) == ({name: value}, [])


def test_null_counts_as_absent() -> None:
    value, findings = read({"security": None, "summary": None, "deprecated": None}, "operation")
    assert value == {}
    assert findings == [("field-type", "#/here/security"), ("field-type", "#/here/deprecated")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@given(
    st.sampled_from(KINDS).flatmap(
        lambda kind: st.tuples(
            st.just(kind),
            st.dictionaries(st.sampled_from(list(FIELDS[kind])) | st.text(max_size=6), JSON),
        )
    ),
    st.sampled_from(FAMILIES),
)
def test_reading_is_total_and_what_was_read_reads_as_itself(
    given_object: tuple[ObjectKind, dict[str, Any]], family: Family
) -> None:
    kind, value = given_object
    meant, findings = understood(Node(value, "#", "a.json"), kind, family)
    again, _ = understood(meant, kind, family)
    assert again.value == meant.value
    assert all(finding.code in CODES for finding in findings)
    assert all(finding.place.pointer.startswith("#/") for finding in findings)
