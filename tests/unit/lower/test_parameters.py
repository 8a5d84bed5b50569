"""Parameters: how each is written, which are constants, and which cannot be."""

from __future__ import annotations

from typing import Any

import pytest
from toolbind import ir
from toolbind.lower.request import styles
from toolbind.lower.request.parameters import FRAMING_HEADERS, IGNORED_HEADERS
from toolbind_runtime.request.places import OWN_HEADERS

from tests.unit.lower.lowering import STRING, lowered, one, parameter, tree

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
TYPES: dict[str, Any] = {
    "string": STRING,
    "integer": {"type": "integer"},
    "array": {"type": "array", "items": STRING},
    "object": {"type": "object", "properties": {"r": {"type": "integer"}, "g": STRING}},
}

DEFINED = [
    ("path", "matrix", ("string", "array", "object")),
    ("path", "label", ("string", "array", "object")),
    ("path", "simple", ("string", "array", "object")),
    ("header", "simple", ("string", "array", "object")),
    ("query", "form", ("string", "array", "object")),
    ("cookie", "form", ("string", "array", "object")),
]


def declared(place: str, kind: str, **rest: Any) -> tuple[ir.Encoding, list[str]]:
    """The encoding of one parameter, and the codes that were said about it."""
    path = "/x/{p}" if place == "path" else "/x"
    result = one({"parameters": [parameter("p", place, TYPES[kind], **rest)]}, path=path)
    return result.arguments["p"].encoding, result.codes


@pytest.mark.parametrize(("place", "style", "kinds"), DEFINED)
@pytest.mark.parametrize("explode", [True, False])
def test_defined_styles_are_taken_as_they_are(
    place: str, style: ir.Style, kinds: tuple[str, ...], explode: bool
) -> None:
    for kind in kinds:
        encoding, codes = declared(place, kind, style=style, explode=explode)
        assert encoding == ir.Encoding(style, explode)
        assert "style-undefined" not in codes


@pytest.mark.parametrize(
    ("place", "style", "explode"),
    [
        ("path", "simple", False),
        ("header", "simple", False),
        ("query", "form", True),
        ("cookie", "form", True),
    ],
)
def test_defaults_of_each_place(place: str, style: ir.Style, explode: bool) -> None:
    assert declared(place, "array")[0] == ir.Encoding(style, explode)


@pytest.mark.parametrize("style", ["spaceDelimited", "pipeDelimited"])
@pytest.mark.parametrize("kind", ["array", "object"])
def test_delimited_styles(style: ir.Style, kind: str) -> None:
    assert declared("query", kind, style=style) == (ir.Encoding(style, False), [])
    encoding, codes = declared("query", kind, style=style, explode=True)
    assert encoding == ir.Encoding("form", True)
    assert "style-undefined" in codes


def test_delimited_style_of_one_value_needs_no_word() -> None:
    assert declared("query", "string", style="pipeDelimited") == (ir.Encoding("form", True), [])


@pytest.mark.parametrize("explode", [True, False, None])
def test_deep_object(explode: bool | None) -> None:
    given = {} if explode is None else {"explode": explode}
    assert declared("query", "object", style="deepObject", **given)[0] == ir.Encoding(
        "deepObject", True
    )
    encoding, codes = declared("query", "array", style="deepObject", **given)
    assert encoding == ir.Encoding("deepObject", True)  # `expand[]=a`, as services read it
    assert "style-undefined" not in codes
    assert declared("query", "string", style="deepObject", **given)[0].style == "form"


@pytest.mark.parametrize(
    ("place", "style", "instead"),
    [
        ("path", "form", "simple"),
        ("header", "form", "simple"),
        ("query", "simple", "form"),
        ("query", "matrix", "form"),
        ("cookie", "deepObject", "form"),
    ],
)
def test_style_of_another_place_gives_way_to_the_default(
    place: str, style: str, instead: ir.Style
) -> None:
    chosen = styles.choose(place, style, None, {"array"})
    assert chosen.style == instead
    assert chosen.explode is (instead == "form")
    assert [code for code, _ in chosen.complaints] == ["style-undefined"]


def test_values_inside_values_are_said() -> None:
    nested = {"type": "object", "properties": {"a": {"type": "array", "items": STRING}}}
    for style in ("form", "deepObject"):
        result = one({"parameters": [parameter("p", "query", nested, style=style)]})
        assert result.arguments["p"].encoding.style == style
        assert len(result.said("style-nested")) == 1


def test_reserved_characters() -> None:
    assert declared("query", "string", allowReserved=True)[0].allow_reserved
    assert not declared("header", "string", allowReserved=True)[0].allow_reserved


def test_json_inside_a_parameter() -> None:
    schema = {"type": "object", "properties": {"a": STRING}}
    content = {"name": "p", "in": "query", "content": {"application/json": {"schema": schema}}}
    result = one({"parameters": [content]})
    argument = result.arguments["p"]
    assert argument.encoding == ir.Encoding(media_type="application/json")
    assert argument.schema["type"] == "object"
    assert argument.schema["properties"].keys() == {"a"}


def test_text_inside_a_parameter_needs_no_document() -> None:
    content = {"name": "p", "in": "query", "content": {"text/plain": {"schema": STRING}}}
    result = one({"parameters": [content]})
    assert result.arguments["p"].encoding == ir.Encoding("form", True)


def test_required_value_with_one_spelling_is_sent_by_itself() -> None:
    version = {"type": "string", "enum": ["v1"]}
    result = one(
        {
            "parameters": [
                parameter("version", "query", version, required=True),
                parameter("mode", "query", version),
                parameter("X-V", "header", {"type": "integer", "enum": [0]}, required=True),
                parameter("n", "query", {"type": "string", "nullable": True, "enum": [None]}),
            ]
        }
    )
    constants = [(each.wire, each.place, each.value) for each in result.only.constants]
    assert constants == [("version", "query", "v1"), ("X-V", "header", 0)]
    assert "mode" in result.arguments


def test_empty_value_is_allowed_where_the_document_says_so() -> None:
    schema = {"type": "string", "enum": ["a"], "minLength": 1}
    result = one({"parameters": [parameter("p", "query", schema, allowEmptyValue=True)]})
    found = result.arguments["p"].schema
    assert found["enum"] == ["a", ""]
    assert "minLength" not in found
    flag = one({"parameters": [parameter("p", "query", {"type": "boolean"}, allowEmptyValue=True)]})
    assert flag.arguments["p"].schema["type"] == "boolean"
    assert "empty-value" in flag.codes


@pytest.mark.parametrize("place", ["header", "cookie"])
@pytest.mark.parametrize("name", ["X-Note\r\nX-Evil", "a b", "a:b", "ä", "a;b"])
def test_name_that_http_forbids(place: str, name: str) -> None:
    optional = one({"parameters": [parameter(name, place)]})
    assert optional.only.arguments == ()
    assert "parameter-name" in optional.codes
    required = {"parameters": [parameter(name, place, required=True)]}
    result = lowered(tree({"/x": {"get": required}, "/y": {"get": {}}}))
    assert [each.code for each in result.api.skipped] == ["parameter-name"]


def test_odd_query_names_reach_the_wire_unchanged() -> None:
    wires = ["a&admin=1", "b#c", "d[]", "$filter", "StartTime<", "StartTime>", "StartTime", "ключ"]
    result = one({"parameters": [parameter(wire, "query") for wire in wires]})
    assert [each.wire for each in result.only.arguments] == wires
    found = [each.name for each in result.only.arguments]
    assert found[:7] == [
        "a_admin_1",
        "b_c",
        "d",
        "filter",
        "start_time_lt",
        "start_time_gt",
        "start_time",
    ]
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    "broken", [None, 5, {}, {"name": "p"}, {"in": "query"}, {"name": "p", "in": "x"}]
)
def test_malformed_parameter_costs_nothing_but_itself(broken: Any) -> None:
    result = lowered(tree({"/x": {"get": {"parameters": [broken, parameter("q", "query")]}}}))
    listed = [each.wire for operation in result.api.operations for each in operation.arguments]
    assert listed == ["q"] or [each.path for each in result.api.skipped] == ["/x"]
    assert [each for each in result.report if each.severity.label != "note"]


@pytest.mark.parametrize(
    "broken",
    [
        {"name": "p", "required": True},
        {"name": "p", "in": "body", "required": True},
        {"name": "p", "in": "query", "required": True, "schema": STRING, "style": 5},
    ],
)
def test_malformed_parameter_that_is_required_costs_the_operation(broken: Any) -> None:
    result = lowered(tree({"/x": {"get": {"parameters": [broken]}}, "/y": {"get": {}}}))
    assert [each.path for each in result.api.skipped] == ["/x"]


def test_parameter_that_the_specification_refuses_is_left_out_if_it_is_optional() -> None:
    odd = parameter("p", "query", style=5)
    result = one({"parameters": [odd, parameter("q", "query")]})
    assert [each.wire for each in result.only.arguments] == ["q"]
    assert [each for each in result.report if each.severity.label == "warning"]


def test_path_parameters_that_are_no_list_cost_their_operations() -> None:
    item = {"parameters": "p", "get": {}}
    result = lowered(tree({"/x": item, "/y": {"get": {}}}))
    assert [each.code for each in result.api.skipped] == ["parameter-malformed"]


@pytest.mark.parametrize(
    ("content", "schema", "encoding", "code"),
    [
        ({"application/json": {}, "text/plain": {}}, STRING, ir.Encoding(media_type=JSON), True),
        ({"application/xml": {}}, TYPES["object"], ir.Encoding(media_type=JSON), True),
        ({}, STRING, ir.Encoding("form", True), False),
    ],
)
def test_other_content_of_a_parameter(
    content: dict[str, Any], schema: dict[str, Any], encoding: ir.Encoding, code: bool
) -> None:
    filled = {key: {"schema": schema} for key in content}
    result = one({"parameters": [{"name": "p", "in": "query", "content": filled}]})
    assert result.arguments["p"].encoding == encoding
    assert ("parameter-content" in result.codes) == code


def test_duplicate_declaration_counts_once() -> None:
    twice = [parameter("q", "query"), parameter("q", "query", {"type": "integer"})]
    result = one({"parameters": twice})
    assert [each.schema["type"] for each in result.only.arguments] == ["integer"]


# --- OpenAPI 3.2 --------------------------------------------------------------------------------


def test_whole_query_as_one_parameter() -> None:
    whole = {
        "name": "filter",
        "in": "querystring",
        "content": {"application/json": {"schema": TYPES["object"]}},
    }
    result = one({"parameters": [whole]}, version="3.2.0")
    argument = result.arguments["filter"]
    assert argument.place == "querystring"
    assert argument.encoding.media_type == "application/json"


@pytest.mark.parametrize(
    ("rest", "media_type"),
    [
        ({"content": {FORM: {"schema": TYPES["object"]}}}, FORM),
        ({"schema": TYPES["object"]}, FORM),
        ({"content": {"text/csv": {"schema": STRING}}}, None),
    ],
)
def test_whole_query_is_a_form_or_json(rest: dict[str, Any], media_type: str | None) -> None:
    whole = {"name": "filter", "in": "querystring", **rest}
    paths = {"/x": {"get": {"parameters": [whole]}}, "/y": {"get": {}}}
    api = lowered(tree(paths, version="3.2.0")).api
    found = [each.encoding.media_type for o in api.operations for each in o.arguments]
    assert found == ([media_type] if media_type else [])
    assert [each.path for each in api.skipped] == ([] if media_type else ["/x"])


def test_whole_query_beside_others_is_skipped() -> None:
    whole = {
        "name": "filter",
        "in": "querystring",
        "content": {FORM: {"schema": TYPES["object"]}},
    }
    operation = {"parameters": [whole, parameter("q", "query")]}
    result = lowered(tree({"/x": {"get": operation}, "/y": {"get": {}}}, version="3.2.0"))
    assert [each.code for each in result.api.skipped] == ["querystring-mixed"]


def test_the_headers_that_are_hidden_are_those_that_the_runtime_keeps_to_itself() -> None:
    assert OWN_HEADERS | {"accept"} == IGNORED_HEADERS | FRAMING_HEADERS
