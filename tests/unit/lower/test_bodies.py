"""Bodies: which media type is sent, what is flattened, and how members are written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind import ir
from toolbind.lower.request import media

from tests.unit.lower.lowering import (
    STRING,
    Result,
    body,
    lowered,
    one,
    parameter,
    sent,
    the_body,
    tree,
)

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
MERGE_PATCH = "application/merge-patch+json"
FILE = {"type": "string", "format": "binary"}
PET = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": STRING, "age": {"type": "integer"}},
}


def places(result: Result) -> list[tuple[str, str, bool]]:
    return [(each.wire, each.place, each.required) for each in result.only.arguments]


# --- choosing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (["application/xml", "text/plain", MULTIPART, FORM, "text/json", JSON], JSON),
        (["application/json; charset=utf-8", "text/json"], "application/json; charset=utf-8"),
        (["application/xml", "application/vnd.shop+json"], "application/vnd.shop+json"),
        (["application/json-patch+json", MERGE_PATCH], MERGE_PATCH),
        ([MULTIPART, FORM], FORM),
        (["application/xml", "application/octet-stream", "text/csv"], "text/csv"),
        (["application/xml", "application/octet-stream"], "application/octet-stream"),
        (["*/*", "application/xml"], "application/xml"),
        (["application/*+json", "application/xml"], "application/xml"),
        (["not a type", JSON], JSON),
    ],
)
def test_best_media_type(offered: list[str], chosen: str) -> None:
    result = sent({key: {"schema": PET} for key in offered})
    assert the_body(result).media_type == chosen
    usable = [key for key in offered if "/" in key]
    assert ("body-choice" in result.codes) == (len(usable) > 1)


def test_multipart_wins_where_only_it_can_carry_a_file() -> None:
    upload = {"type": "object", "properties": {"photo": FILE}}
    assert the_body(sent({JSON: {"schema": upload}, MULTIPART: {"schema": upload}})).media_type == (
        MULTIPART
    )
    assert the_body(sent({JSON: {"schema": PET}, MULTIPART: {"schema": upload}})).media_type == JSON


@pytest.mark.parametrize(
    ("preferred", "chosen"),
    [(("application/xml",), "application/xml"), (("text/*", FORM), FORM), (("image/*",), JSON)],
)
def test_user_prefers(preferred: tuple[str, ...], chosen: str) -> None:
    content = {key: {"schema": PET} for key in (JSON, FORM, "application/xml")}
    operation = {"requestBody": body(content, required=True)}
    result = lowered(tree({"/x": {"post": operation}}), media_types=preferred)
    assert the_body(result).media_type == chosen
    others = [key for key in content if key != chosen]
    assert the_body(result).offered == (chosen, *others)


@pytest.mark.parametrize(
    ("key", "schema", "media_type"),
    [
        ("*/*", PET, JSON),
        ("", PET, JSON),
        ("*/*", STRING, "text/plain"),
        ("*/*", FILE, "*/*"),
        ("image/*", FILE, "image/*"),
        ("application/*+json", PET, JSON),
        ("application/form-data", PET, "application/form-data"),
    ],
)
def test_ranges_and_unknown_types(key: str, schema: dict[str, Any], media_type: str) -> None:
    found = the_body(sent({key: {"schema": schema}}))
    assert found.media_type == media_type
    assert found.offered == (key,)


@pytest.mark.parametrize(
    "text", ["a", "a/b c", "a/b\r\nX: y", 'a/b;x="y', "a/b; x", "ä/b", "a/b;x=y\n"]
)
def test_what_is_no_media_type(text: str) -> None:
    parsed = media.parse(text)
    assert parsed is None or "\n" not in parsed.text


def test_unsendable_body_costs_the_operation_only_if_it_is_required() -> None:
    content = {"multipart/mixed": {"schema": PET}}
    optional = sent(content, required=False)
    assert optional.only.body is None
    assert "body-media" in optional.codes
    required = {"requestBody": body(content, required=True)}
    result = lowered(tree({"/x": {"post": required}, "/y": {"get": {}}}))
    assert [each.code for each in result.api.skipped] == ["body-media"]


@given(st.one_of(st.text(max_size=12), st.from_regex(r"[a-z*]{1,3}/[a-z*+]{1,4}(;\s*\S*)?")))
def test_any_media_type_is_refused_or_one_line_of_plain_text(text: str) -> None:
    parsed = media.parse(text)
    if parsed is not None:
        assert parsed.text.isascii()
        assert parsed.text.isprintable() or "\t" in parsed.text
        assert not set(parsed.text) & set("\r\n\0")
        assert parsed.essence.count("/") == 1


@pytest.mark.parametrize("broken", [{"description": "x"}, {"content": []}, {"content": "x"}])
def test_malformed_body_costs_the_operation_only_if_it_is_required(broken: dict[str, Any]) -> None:
    for required in (True, False):
        operation = {"requestBody": {**broken, "required": required}}
        result = lowered(tree({"/x": {"post": operation}, "/y": {"get": {}}}))
        assert len(result.api.skipped) == int(required)
        assert [each for each in result.report if each.severity.label == "warning"]


def test_empty_content_is_no_body() -> None:
    assert sent({}).only.body is None


# --- flattening ---------------------------------------------------------------------------------


def test_plain_object_is_flattened() -> None:
    result = sent({JSON: {"schema": PET}})
    assert places(result) == [("name", "body", True), ("age", "body", False)]
    assert the_body(result) == ir.Body(JSON, True, (JSON,))


def test_references_and_exact_all_of_are_flattened() -> None:
    part = {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"properties": {"tag": STRING}}]}
    operation = {"requestBody": body({JSON: {"schema": part}}, required=True)}
    result = one(operation, method="post", components={"schemas": {"Pet": PET}})
    assert [wire for wire, _, _ in places(result)] == ["name", "age", "tag"]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array", "items": STRING},
        {"type": "object"},
        {"type": "object", "additionalProperties": {"type": "string"}},
        {"type": ["object", "array"], "properties": {"a": STRING}},
        {"enum": [{"a": 1}, {"a": 2}]},
        {"type": "string"},
        {},
        None,
    ],
)
def test_what_is_no_object_of_known_members_stays_whole(schema: dict[str, Any] | None) -> None:
    result = sent({JSON: {} if schema is None else {"schema": schema}})
    assert [(each.name, each.place) for each in result.only.arguments] == [("body", "whole-body")]
    assert result.only.arguments[0].required


def test_object_that_must_be_empty_is_no_argument() -> None:
    empty = {"type": "object", "additionalProperties": False}
    assert sent({JSON: {"schema": empty}}, required=False).only.arguments == ()
    assert places(sent({JSON: {"schema": empty}})) == [("", "whole-body", True)]


def test_members_beyond_the_budget_stay_in_one_argument() -> None:
    many = {f"member{n}": STRING for n in range(300)}
    result = sent({JSON: {"schema": {"type": "object", "properties": many}}})
    assert places(result) == [("", "whole-body", True)]


def test_closed_object_is_flattened() -> None:
    result = sent({JSON: {"schema": {**PET, "additionalProperties": False}}})
    assert len(places(result)) == 2


def test_read_only_members_vanish_also_from_required() -> None:
    schema = {
        "type": "object",
        "required": ["id", "name"],
        "properties": {"id": {"type": "string", "readOnly": True}, "name": STRING},
    }
    assert places(sent({JSON: {"schema": schema}})) == [("name", "body", True)]


def test_required_member_with_one_value_is_sent_by_itself() -> None:
    kind = {"type": "string", "enum": ["dog"]}
    schema = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": kind, "also": kind, "name": STRING},
    }
    result = sent({JSON: {"schema": schema}})
    assert [(each.wire, each.place, each.value) for each in result.only.constants] == [
        ("kind", "body", "dog")
    ]
    assert [wire for wire, _, _ in places(result)] == ["also", "name"]


def test_whole_body_beside_a_parameter_called_body() -> None:
    operation = {
        "parameters": [parameter("body", "query")],
        "requestBody": body({JSON: {"schema": {"type": "array", "items": STRING}}}),
    }
    result = one(operation, method="post")
    assert [each.name for each in result.only.arguments] == ["body", "request_body"]


@pytest.mark.parametrize("method", ["get", "delete", "head", "options"])
def test_any_method_may_have_a_body(method: str) -> None:
    operation = {"requestBody": body({JSON: {"schema": PET}}, required=True)}
    assert len(one(operation, method=method).only.arguments) == 2


# --- other kinds --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "schema", "binary"),
    [
        ("application/octet-stream", FILE, True),
        ("application/octet-stream", STRING, True),
        ("application/octet-stream", None, True),
        ("image/png", {}, True),
        ("text/plain", STRING, False),
        ("text/plain", None, False),
        ("text/csv", FILE, True),
        ("application/jwt", STRING, False),
        ("application/xml", STRING, False),
    ],
)
def test_text_and_bytes_are_one_string(
    key: str, schema: dict[str, Any] | None, binary: bool
) -> None:
    result = sent({key: {} if schema is None else {"schema": schema}})
    argument = result.only.arguments[0]
    assert (argument.name, argument.place, argument.schema["type"]) == (
        "body",
        "whole-body",
        "string",
    )
    assert argument.encoding == ir.Encoding(binary=binary)
    assert argument.type == ir.Plain("bytes" if binary else "str")
    assert the_body(result).media_type == key


def test_lines_of_json_are_an_array() -> None:
    argument = sent({"application/x-ndjson": {"schema": PET}}).only.arguments[0]
    assert argument.schema["type"] == "array"
    assert argument.schema["items"]["properties"].keys() == {"name", "age"}
    whole = sent({"application/x-ndjson": {"schema": {"type": "array", "items": PET}}})
    assert whole.only.arguments[0].schema["items"]["type"] == "object"
    rows = {"itemSchema": {"type": "array", "items": STRING}}
    of_rows = sent({"application/jsonl": rows}, version="3.2.0").only.arguments[0]
    assert of_rows.schema["items"]["type"] == "array"


def test_object_in_an_unknown_media_type_is_json_text_and_that_is_said() -> None:
    result = sent({"application/x-yaml": {"schema": PET}})
    assert the_body(result).media_type == "application/x-yaml"
    assert result.only.arguments[0].place in ("body", "whole-body")
    assert "body-guess" in result.codes
    assert "body-guess" not in sent({"application/x-yaml": {"schema": STRING}}).codes
