"""Paths: what goes on the wire, where variables stand, and which keys are refused."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind import ir
from toolbind.diagnostics import Place
from toolbind.lower.document import paths
from toolbind.lower.unsupported import Unsupported

from tests.unit.lower import invariants
from tests.unit.lower.lowering import lowered, names, one, parameter, tree


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("/pets/", "/pets/"),
        ("/a//b", "/a//b"),
        ("/a b/ü", "/a%20b/%C3%BC"),
        ("/100%/%41", "/100%25/%41"),
        ('/a"<>[]^`|', "/a%22%3C%3E%5B%5D%5E%60%7C"),
        ("/a{b", "/a%7Bb"),
        ("/~me/!$&'()*+,;=:@", "/~me/!$&'()*+,;=:@"),
        ("/#Action=Run", "/"),
        ("/tags#a&b", "/tags"),
        ("/v1.0/x", "/v1.0/x"),
        ("/...", "/..."),
    ],
)
def test_path_on_the_wire(key: str, path: str) -> None:
    operation = one({}, path=key).only
    assert operation.path == path
    assert operation.wire_path == key


@pytest.mark.parametrize(
    "key",
    [
        "pets",
        "",
        "@evil.example/x",
        "//evil.example/x",
        "https://evil.example/x",
        "/../admin",
        "/a/..",
        "/a/./b",
        "/%2e%2e/x",
        "/a/%2E./x",
        "/..;/x",
        "/a/..%2fx",
        "/a\\b",
        "/a\tb",
        "/a\nb",
        "/a\x7fb",
        "/a/..%00/b",
        "/a%0d%0aX-Evil:%201",
        "/a%C2%85b",
        "/{}/x",
        "/x?a=b{c}",
    ],
)
def test_hostile_path_is_skipped_aloud(key: str) -> None:
    result = lowered(tree({"/x": {"get": {}}, key: {"get": {}, "post": {}}}))
    assert [each.wire_path for each in result.api.operations] == ["/x"]
    assert [(each.path, each.code) for each in result.api.skipped] == [(key, "path-unsafe")] * 2
    assert all(each.reason and each.remedy for each in result.api.skipped)
    assert len(result.said("path-unsafe")) == 2


def test_variables_stand_under_their_arguments_names() -> None:
    key = "/{ownerId}/{from}..{to}/{ownerId}.{format}/"
    declared = [parameter(name, "path") for name in ("ownerId", "from", "to", "format")]
    operation = one({"parameters": declared}, path=key).only
    assert operation.path == "/{owner_id}/{from}..{to}/{owner_id}.{format}/"
    assert [each.wire for each in operation.arguments] == ["ownerId", "from", "to", "format"]


def test_variable_without_a_parameter_is_a_string() -> None:
    result = one({}, path="/pets/{petId}")
    argument = result.arguments["petId"]
    assert (argument.name, argument.required, argument.schema["type"]) == ("pet_id", True, "string")
    assert argument.type == ir.Plain("str")
    assert "path-parameter-undeclared" in result.codes


def test_parameter_without_a_variable_is_no_argument() -> None:
    result = one({"parameters": [parameter("petId", "path")]}, path="/pets")
    assert result.only.arguments == ()
    assert "path-parameter-unused" in result.codes


@pytest.mark.parametrize("slot", ["{id}", "{ id }", "{+id}", "{id*}", "{id+}", "{id:[0-9]+}"])
def test_decorated_variable_means_the_declared_parameter(slot: str) -> None:
    result = one({"parameters": [parameter("id", "path", {"type": "integer"})]}, path=f"/x/{slot}")
    assert result.only.path == "/x/{id}"
    assert [(each.wire, each.schema["type"]) for each in result.only.arguments] == [
        ("id", "integer")
    ]


def test_query_in_the_path_key_is_sent_as_it_stands() -> None:
    operation = {"parameters": [parameter("method", "query"), parameter("page", "query")]}
    result = one(operation, path="/rest?method=pets.get+all&v=2#x")
    assert result.only.path == "/rest"
    constants = [(each.wire, each.place, each.value) for each in result.only.constants]
    assert constants == [("method", "query", "pets.get all"), ("v", "query", "2")]
    assert names(result.only.arguments) == ["page"]


@pytest.mark.parametrize("key", ["/x?page={page}&all={all}", "/x{?page,all}"])
def test_variables_in_the_query_of_the_path_key(key: str) -> None:
    operation = {"parameters": [parameter("page", "query", {"type": "integer"})]}
    result = one(operation, path=key)
    assert result.only.path == "/x"
    shown = [(each.wire, each.place, each.required) for each in result.only.arguments]
    assert shown == [("page", "query", False), ("all", "query", False)]
    assert result.arguments["page"].schema["type"] == "integer"


def test_path_parameter_may_fill_the_query_of_the_path_key() -> None:
    operation = {"parameters": [parameter("id", "path", {"type": "integer"})]}
    result = one(operation, path="/x?pet={id}")
    shown = [(each.wire, each.place, each.schema["type"]) for each in result.only.arguments]
    assert shown == [("pet", "query", "integer")]
    assert result.only.path == "/x"


def test_path_variable_with_one_value_is_written_into_the_path() -> None:
    declared = [
        parameter("version", "path", {"type": "string", "enum": ["v1/beta"]}),
        parameter("id", "path"),
    ]
    operation = one({"parameters": declared}, path="/{version}/x/{id}").only
    assert operation.path == "/v1%2Fbeta/x/{id}"
    assert operation.constants == ()


def test_path_variable_that_must_leave_the_path_is_skipped() -> None:
    declared = [parameter("up", "path", {"type": "string", "enum": [".."]})]
    result = lowered(tree({"/x/{up}/y": {"get": {"parameters": declared}}, "/z": {"get": {}}}))
    assert [each.code for each in result.api.skipped] == ["path-unsafe"]


def test_templates_that_differ_in_variables_only_are_both_kept() -> None:
    paths = {
        f"/{{{name}}}": {"get": {"parameters": [parameter(name, "path")]}} for name in ("a", "b")
    }
    api = lowered(tree(paths)).api
    assert [each.name for each in api.operations] == ["get_a", "get_b"]


HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "/",
                "..",
                ".",
                "%2e",
                "%2F",
                "\\",
                "{",
                "}",
                "{a}",
                "{?q}",
                "?",
                "#",
                "&",
                "=",
                ";",
                "@",
                ":",
                "//",
                "a",
                "%",
                "%zz",
                "\t",
                "\n",
                "\x00",
                "\u2028",
                "\ud800",
                "ü",
                "{}",
            ]
        ),
        st.text(max_size=3),
    ),
    max_size=12,
).map("".join)


@given(HOSTILE)
def test_any_path_key_is_refused_or_safe(text: str) -> None:
    try:
        template = paths.parse("/" + text, Place("x"))
    except Unsupported:
        return
    path = template.render(dict.fromkeys(template.slots, "{name}"))
    assert invariants.PATH.fullmatch(path)
    assert not path.startswith("//")
    segments = unquote(path).replace("\\", "/").split("/")
    assert not {"..", "."} & {segment.partition(";")[0] for segment in segments}
    assert all(name for name, _ in template.query)
