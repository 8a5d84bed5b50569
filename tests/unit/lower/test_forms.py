"""Forms and multipart bodies: how their members are written."""

from __future__ import annotations

import pytest
from toolbind import ir

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

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
FILE = {"type": "string", "format": "binary"}


def encodings(result: Result) -> dict[str, ir.Encoding]:
    return {each.wire: each.encoding for each in result.only.arguments}


def test_form_members_follow_their_encoding() -> None:
    schema = {
        "type": "object",
        "properties": {
            "plain": STRING,
            "list": {"type": "array", "items": STRING},
            "object": {"type": "object", "properties": {"a": STRING}},
            "deep": {"type": "object", "properties": {"a": STRING}},
            "json": {"type": "object", "properties": {"a": STRING}},
        },
    }
    encoding = {
        "list": {"style": "pipeDelimited"},
        "deep": {"style": "deepObject", "explode": True},
        "json": {"contentType": "application/json"},
    }
    assert encodings(sent({FORM: {"schema": schema, "encoding": encoding}})) == {
        "plain": ir.Encoding(),
        "list": ir.Encoding("pipeDelimited", False),
        "object": ir.Encoding("deepObject", True),  # as elsewhere in the document
        "deep": ir.Encoding("deepObject", True),
        "json": ir.Encoding(media_type="application/json"),
    }


@pytest.mark.parametrize("elsewhere", [True, False])
def test_members_without_an_encoding_follow_the_rest_of_the_document(elsewhere: bool) -> None:
    item = {"type": "object", "properties": {"price": STRING}}
    schema = {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": item},
            "names": {"type": "array", "items": STRING},
            "where": item,
            "free": {},
        },
    }
    style = "deepObject" if elsewhere else "form"
    other = parameter("q", "query", {"type": "object"}, style=style)
    content = {FORM: {"schema": schema}}
    result = one({"parameters": [other], "requestBody": body(content)}, method="post")
    found = {name: argument.encoding for name, argument in result.arguments.items()}
    del found["q"]
    bracketed = ir.Encoding("deepObject", True) if elsewhere else ir.Encoding()
    assert found == {
        "items": bracketed,
        "names": ir.Encoding(),
        "where": bracketed,
        "free": ir.Encoding(),
    }
    told = [each for each in result.said("style-nested") if "list-style" in each]
    assert len(told) == (2 if elsewhere else 0)


def test_multipart_members() -> None:
    schema = {
        "type": "object",
        "properties": {
            "note": STRING,
            "photo": FILE,
            "photos": {"type": "array", "items": FILE},
            "meta": {"type": "object", "properties": {"a": STRING}},
        },
    }
    encoding = {
        "photo": {
            "contentType": "image/png, image/jpeg",
            "headers": {"X-Kind": {"schema": {"type": "string", "enum": ["cover"]}}},
        },
        "meta": {"contentType": "application/vnd.shop+json"},
    }
    result = sent({MULTIPART: {"schema": schema, "encoding": encoding}})
    assert [(each.wire, each.place) for each in result.only.arguments] == [
        ("note", "body"),
        ("photo", "file"),
        ("photos", "file"),
        ("meta", "body"),
    ]
    found = encodings(result)
    assert found["photo"] == ir.Encoding(
        media_type="image/png, image/jpeg", binary=True, headers=(("X-Kind", "cover"),)
    )
    assert found["photos"] == ir.Encoding(binary=True)
    assert found["meta"] == ir.Encoding(media_type="application/vnd.shop+json")
    types = {each.wire: each.type for each in result.only.arguments}
    assert types["photo"] == ir.Plain("bytes")
    assert types["photos"] == ir.Listed(ir.Plain("bytes"))


def test_malformed_encoding_is_said_and_the_type_decides() -> None:
    schema = {"type": "object", "properties": {"a": STRING, "b": STRING, "photo": FILE}}
    encoding = {
        "a": {"contentType": "no type"},
        "b": {"style": "deepObject"},
        "photo": {"headers": {"X-Kind": {"required": True, "schema": STRING}}},
    }
    result = sent({MULTIPART: {"schema": schema, "encoding": encoding}}, version="3.1.0")
    assert encodings(result) == {
        "a": ir.Encoding(),
        "b": ir.Encoding("form", True),
        "photo": ir.Encoding(binary=True),
    }
    assert {"encoding-malformed", "style-undefined", "encoding-header"} <= set(result.codes)


def test_styles_in_multipart_bodies_count_since_openapi_3_1() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "array", "items": STRING}}}
    content = {MULTIPART: {"schema": schema, "encoding": {"a": {"style": "spaceDelimited"}}}}
    old = sent(content)
    assert encodings(old)["a"] == ir.Encoding()
    assert "encoding-style" in old.codes
    assert encodings(sent(content, version="3.1.0"))["a"] == ir.Encoding("spaceDelimited", False)


def test_form_that_stays_whole_says_how_its_members_are_written() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": "array", "items": STRING}, "b": STRING},
        "enum": [{"a": ["x"], "b": "y"}, {"a": [], "b": "z"}],
    }
    result = sent(
        {FORM: {"schema": schema, "encoding": {"a": {"style": "form", "explode": False}}}}
    )
    assert the_body(result).members == (("a", ir.Encoding("form", False)),)


def test_text_of_a_form_is_sent_as_it_is() -> None:
    argument = sent({FORM: {"schema": STRING}}).only.arguments[0]
    assert (argument.place, argument.schema["type"]) == ("whole-body", "string")
    assert argument.encoding == ir.Encoding(binary=True)


@pytest.mark.parametrize("key", [FORM, MULTIPART])
def test_form_that_is_no_object_is_passed_over(key: str) -> None:
    array = {"schema": {"type": "array", "items": STRING}}
    alone = {"requestBody": body({key: array}, required=True)}
    result = lowered(tree({"/x": {"post": alone}, "/y": {"get": {}}}))
    assert [each.code for each in result.api.skipped] == ["body-media"]
    assert "body-shape" in result.codes
    assert the_body(sent({key: array, "application/xml": array})).media_type == "application/xml"


def test_form_without_a_schema_takes_any_object() -> None:
    argument = sent({FORM: {}}).only.arguments[0]
    assert (argument.place, argument.schema["type"]) == ("whole-body", "object")
