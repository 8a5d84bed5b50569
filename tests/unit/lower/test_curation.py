"""What users want of arguments and of an API: `x-toolbind`, and its short form in options."""

from __future__ import annotations

from typing import Any

import pytest
from toolbind import ir
from toolbind.diagnostics import DocumentError, Place
from toolbind.lower.document.extension import MEMBERS, RESERVED
from toolbind_runtime.client.options import ClientOptions

from tests.unit.lower.lowering import Result, lowered, tree

ID = {"name": "accountId", "in": "path", "required": True, "schema": {"type": "string"}}
PRETTY: dict[str, Any] = {"name": "pretty", "in": "query", "schema": {"type": "boolean"}}
SORT: dict[str, Any] = {"name": "sort", "in": "query", "schema": {"enum": ["up", "down"]}}
TAGS: dict[str, Any] = {
    "name": "tags",
    "in": "query",
    "schema": {"type": "array", "items": {"type": "string"}},
}
BODY: dict[str, Any] = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "accountId": {"type": "string"},
        "level": {"type": "integer"},
        "home": {
            "type": "object",
            "properties": {"street": {"type": "string"}, "secret": {"type": "string"}},
        },
    },
}


def made(*parameters: Any, body: Any = None, root: Any = None, **options: Any) -> Result:
    operation: dict[str, Any] = {"operationId": "get_it", "parameters": list(parameters)}
    if body is not None:
        content = {"application/json": {"schema": body}}
        operation["requestBody"] = {"required": True, "content": content}
    value = tree({"/a/{accountId}": {"post": operation}})
    if root is not None:
        value["x-toolbind"] = root
    return lowered(value, **options)


def one(*parameters: Any, **more: Any) -> ir.Operation:
    (operation,) = made(ID, *parameters, **more).api.operations
    return operation


def wanting(parameter: dict[str, Any], **wishes: Any) -> dict[str, Any]:
    return {**parameter, "x-toolbind": {key.replace("_", "-"): v for key, v in wishes.items()}}


def names(arguments: Any) -> list[str]:
    return [each.name for each in arguments]


# --- arguments -----------------------------------------------------------------------------------


def test_a_name_and_words_of_an_argument() -> None:
    operation = one(wanting(SORT, name="order", description="Which end is first."))
    (_, sort) = operation.arguments
    assert (sort.name, sort.wire) == ("order", "sort")
    assert "Which end is first" in sort.schema["description"]


def test_examples_go_before_those_of_the_document() -> None:
    named = {**PRETTY, "name": "code", "schema": {"type": "string", "example": "old"}}
    (_, code) = one(wanting(named, examples=["new-1"])).arguments
    assert "new-1" in code.schema["description"]
    assert "old" not in code.schema["description"]


def test_hidden_is_in_no_tool_and_in_the_method() -> None:
    operation = one(wanting(PRETTY, hide=True))
    assert names(operation.arguments) == ["account_id"]
    assert names(operation.hidden) == ["pretty"]


def test_a_value_is_always_sent_and_asked_of_nobody() -> None:
    operation = one(wanting(SORT, value="down"), wanting(PRETTY, value=False))
    assert names(operation.arguments) == ["account_id"]
    assert [(each.wire, each.value) for each in operation.constants] == [
        *(("sort", "down"), ("pretty", False)),
    ]


def test_a_value_stands_in_the_path() -> None:
    (operation,) = made(wanting(ID, value="me/you")).api.operations
    assert operation.path == "/a/me%2Fyou"


def test_bound_is_an_argument_of_the_client() -> None:
    result = made(wanting(ID, bind="account_id"), PRETTY)
    (operation,) = result.api.operations
    assert names(operation.arguments) == ["pretty"]
    assert [(each.argument.wire, each.name) for each in operation.bound] == [
        ("accountId", "account_id")
    ]
    assert result.api.bindings == (ir.Binding("account_id", ("string",)),)


def test_a_credential_is_bound_and_secret() -> None:
    result = made(ID, wanting({**PRETTY, "schema": {"type": "string"}}, credential=True))
    assert result.api.bindings == (ir.Binding("pretty", ("string",), secret=True),)


def test_what_looks_like_a_credential_of_a_scheme_can_be_shown() -> None:
    key = {"name": "key", "in": "query", "schema": {"type": "string"}}
    for shown in (None, False):
        parameter = key if shown is None else wanting(key, credential=False)
        operation = {"operationId": "get_it", "parameters": [parameter]}
        value = tree({"/a": {"get": operation}}, security=[{"k": []}])
        value.setdefault("components", {})["securitySchemes"] = {
            "k": {"type": "apiKey", "in": "query", "name": "key"}
        }
        (found,) = lowered(value).api.operations
        assert names(found.arguments) == ([] if shown is None else ["key"])


@pytest.mark.parametrize(
    ("style", "encoding"),
    [
        ("repeat", ir.Encoding("form", True)),
        ("comma", ir.Encoding("form", False)),
        ("brackets", ir.Encoding("deepObject", True)),
        ("indices", ir.Encoding("deepObject", True, lists="indices")),
    ],
)
def test_how_a_list_is_written(style: str, encoding: ir.Encoding) -> None:
    (_, tags) = one(wanting(TAGS, list_style=style)).arguments
    assert (tags.name, tags.encoding) == ("tags", encoding)
    (_, tags) = one(TAGS, list_style=style).arguments
    assert tags.encoding == encoding
    said = {**TAGS, "style": "form", "explode": False}
    (_, tags) = one(said, list_style=style).arguments
    assert tags.encoding == ir.Encoding("form", False)  # the document is not silent


@pytest.mark.parametrize("style", ["repeat", "comma", "brackets", "indices"])
def test_how_lists_inside_of_an_object_are_written(style: str) -> None:
    schema = {"type": "object", "properties": {"a": TAGS["schema"]}}
    where = {"name": "where", "in": "query", "style": "deepObject", "schema": schema}
    lists = "" if style == "brackets" else style
    for _, found in (
        one(wanting(where, list_style=style)).arguments,
        one(where, list_style=style).arguments,
    ):
        assert (found.encoding.style, found.encoding.lists) == ("deepObject", lists)


def test_wishes_stand_at_the_parameter_at_its_schema_or_beside_a_reference() -> None:
    at_schema = {**SORT, "schema": {**SORT["schema"], "x-toolbind": {"hide": True}}}
    assert names(one(at_schema).hidden) == ["sort"]
    value = tree({"/a": {"get": {"parameters": [{"$ref": "#/components/parameters/P"}]}}})
    value["components"] = {"parameters": {"P": wanting(SORT, hide=True)}}
    (operation,) = lowered(value).api.operations
    assert names(operation.hidden) == ["sort"]


def test_members_of_a_body_are_arguments_like_others() -> None:
    body = {**BODY, "properties": dict(BODY["properties"])}
    members = body["properties"]
    members["name"] = wanting(members["name"], name="title", description="What it is called.")
    members["accountId"] = wanting(members["accountId"], bind="account")
    members["level"] = wanting(members["level"], value=3)
    operation = one(body=body)
    assert names(operation.arguments) == ["account_id", "title", "home"]
    assert [(each.wire, each.value) for each in operation.constants] == [("level", 3)]
    assert [each.name for each in operation.bound] == ["account"]


def test_inside_an_argument_members_are_hidden_and_described() -> None:
    home = {
        "type": "object",
        "properties": {
            "street": {"type": "string", "x-toolbind": {"description": "Where it stands."}},
            "secret": {"type": "string", "x-toolbind": {"hide": True}},
        },
    }
    (_, argument) = one(
        {"name": "home", "in": "query", "content": {"application/json": {"schema": home}}}
    ).arguments
    assert argument.schema["properties"] == {
        "street": {"type": "string", "description": "Where it stands"}
    }


# --- the short form ------------------------------------------------------------------------------


def test_options_bind_and_hide_by_the_name_on_the_wire() -> None:
    result = made(
        *(ID, PRETTY, SORT),
        bind=(("accountId", "account"),),
        hide=("query:pretty", "sort"),
    )
    (operation,) = result.api.operations
    assert operation.arguments == ()
    assert [each.name for each in operation.bound] == ["account"]
    assert names(operation.hidden) == ["pretty", "sort"]
    assert result.codes == []


def test_what_a_place_says_itself_goes_before_the_options() -> None:
    (operation,) = made(wanting(ID, bind="own"), bind=(("accountId", "other"),)).api.operations
    assert [each.name for each in operation.bound] == ["own"]


def test_a_place_in_a_selector_is_obeyed_and_what_fits_nothing_is_told() -> None:
    result = made(ID, PRETTY, hide=("header:pretty", "prety"))
    assert names(result.api.operations[0].hidden) == []
    assert result.codes == ["curation-unused", "curation-unused"]
    assert "did you mean 'pretty'?" in result.said("curation-unused")[1]


def test_the_place_in_the_settings_is_told() -> None:
    places = {"hide.prety": Place("toolbind.toml", "#", 7, 1)}
    result = made(ID, PRETTY, hide=("prety",), places=places)
    (finding,) = [each for each in result.report if each.code == "curation-unused"]
    assert str(finding.place) == "toolbind.toml:7:1"


def test_deprecated_operations_are_left_out_and_counted() -> None:
    value = tree({"/a": {"get": {"deprecated": True}, "post": {}}})
    result = lowered(value, deprecated=False)
    assert ([each.method for each in result.api.operations], result.api.excluded) == (["POST"], 1)


# --- the whole API -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("login", "kind", "credentials"),
    [
        ("bearer", "bearer", ("token",)),
        ("basic", "basic", ("username", "password")),
        ("header:X-Key", "apiKey", ("api_key",)),
        ("query:key", "apiKey", ("api_key",)),
    ],
)
@pytest.mark.parametrize("by_options", [True, False])
def test_a_login_is_added_and_nothing_is_refused_without_it(
    login: str, kind: str, credentials: tuple[str, ...], by_options: bool
) -> None:
    result = made(ID, security=login) if by_options else made(ID, root={"security": login})
    (scheme,) = result.api.schemes
    assert (scheme.kind, scheme.credentials) == (kind, credentials)
    assert result.api.operations[0].security == ((scheme.name,), ())


def test_headers_go_with_every_request_and_are_asked_of_nobody() -> None:
    version = {"name": "X-Version", "in": "header", "schema": {"type": "string"}}
    result = made(ID, version, root={"headers": {"x-version": "1"}}, headers=(("X-Other", "2"),))
    assert result.api.headers == (("x-version", "1"), ("X-Other", "2"))
    assert names(result.api.operations[0].arguments) == ["account_id"]


def test_presets_are_choices_of_tools_with_their_tokens() -> None:
    value = tree(
        {"/a": {"get": {"operationId": "list_a", "tags": ["x"]}, "post": {}}, "/b": {"get": {}}}
    )
    value["x-toolbind"] = {
        "presets": {"first": ["list_*"], "both": {"tools": ["tag:x", "POST /a"]}}
    }
    api = lowered(value).api
    by_name = {each.name: each for each in api.operations}
    assert [(each.name, each.tools) for each in api.presets] == [
        ("first", ("list_a",)),
        ("both", ("list_a", "post_a")),
    ]
    assert api.presets[1].tokens == by_name["list_a"].tokens + by_name["post_a"].tokens


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameter", "member", "said"),
    [
        (wanting(SORT, hied=True), "hied", "has no 'hied'; did you mean 'hide'?"),
        (wanting(SORT, include=False), "include", "it is for an operation"),
        (wanting(SORT, hide="yes"), "hide", "must be true or false"),
        (wanting(SORT, value="left"), "value", "none of those allowed: ['up', 'down']"),
        (wanting(PRETTY, value="yes"), "value", "is string, and must be boolean"),
        (wanting(ID, hide=True), "hide", "is hidden, and a request needs it"),
        (wanting(SORT, bind="accountId"), "bind", "names no argument of a client"),
        (wanting(SORT, bind="class"), "bind", "names no argument of a client"),
        (wanting(SORT, bind="a", value="up"), "bind", "one of them decides what is sent"),
        (wanting(TAGS, bind="tags"), "bind", "text, numbers and booleans can be bound"),
        (wanting(TAGS, list_style="pipes"), "list-style", "must be one of repeat, comma"),
        (wanting(SORT, list_style="comma"), "list-style", "is for lists in queries and forms"),
    ],
)
def test_what_cannot_be_done_is_refused_at_its_place(
    parameter: Any, member: str, said: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        made(*([] if parameter["name"] == "accountId" else [ID]), parameter)
    found = caught.value.diagnostic
    assert found.code == "extension-member"
    assert found.place.pointer.endswith(f"/x-toolbind/{member}")
    assert said in found.message


@pytest.mark.parametrize("name", ["timeout", "base_url", "files_from"])
def test_a_name_that_every_client_has_taken_is_refused(name: str) -> None:
    with pytest.raises(DocumentError, match=r"has an argument .* of its own") as caught:
        made(ID, wanting(SORT, bind=name))
    assert caught.value.diagnostic.code == "binding-clash"


def test_the_reserved_names_are_those_of_the_runtime() -> None:
    assert set(ClientOptions.__annotations__) <= RESERVED


def test_a_clash_with_a_credential_tells_both_places() -> None:
    with pytest.raises(DocumentError, match="is the credential of security scheme 'login'"):
        made(ID, wanting(SORT, bind="token"), security="bearer")


@pytest.mark.parametrize(
    ("root", "code", "said"),
    [
        ({"securty": "bearer"}, "extension-member", "did you mean 'security'?"),
        ({"security": "digest"}, "extension-member", "'digest' is no login"),
        ({"headers": ["a"]}, "extension-member", "must be an object of text"),
        ({"headers": {"Host": "x"}}, "extension-member", "no header that can be added"),
        ({"headers": {"X-A": "a\r\nB: c"}}, "extension-member", "must be printable ASCII"),
        ({"headers": {"X-A": 5}}, "extension-member", "must be printable ASCII"),
        ({"presets": {"a": []}}, "extension-member", "must be a list of patterns"),
        ({"presets": {"a": "get_it"}}, "extension-member", "must be a list of patterns"),
        ({"presets": {"a b": ["get_it"]}}, "extension-member", "must be a list of patterns"),
        ({"presets": {"a": ["got_it"]}}, "preset", "matches no tool; did you mean 'get_it'?"),
        ({"presets": {"a": {"tools": ["*"], "budget": 3}}}, "preset", "its budget is 3"),
    ],
)
def test_what_is_wrong_at_the_root_is_refused(root: Any, code: str, said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        made(ID, root=root)
    assert caught.value.diagnostic.code == code
    assert said in caught.value.diagnostic.message


def test_inside_an_argument_nothing_can_be_bound() -> None:
    home = {"type": "object", "properties": {"a": {"type": "string", "x-toolbind": {"bind": "a"}}}}
    parameter = {"name": "home", "in": "query", "content": {"application/json": {"schema": home}}}
    with pytest.raises(DocumentError, match="works on arguments, and this is inside of one"):
        made(ID, parameter)


def test_every_member_is_explained() -> None:
    for members in MEMBERS.values():
        for member in members.values():
            assert member.does.endswith(".")
            assert member.holds


def test_where_the_body_is_one_argument_its_members_cannot_be_bound() -> None:
    member = {"type": "string", "x-toolbind": {"bind": "a"}}
    body = {"type": ["object", "array"], "properties": {"a": member}}
    with pytest.raises(DocumentError) as caught:
        made(ID, body=body)
    assert "the body is one argument of this tool" in caught.value.diagnostic.message
