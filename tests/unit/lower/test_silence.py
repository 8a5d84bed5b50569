"""Nothing disappears silently: what a document says in the wrong place or form is told, and read
where it is plain what is meant."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.lower.lowering import STRING, body, lowered, one, parameter, sent, tree
from tests.unit.lower.schema_support import bench

KEY = {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}}
JSON_BODY = body({"application/json": {"schema": {"type": "object", "properties": {"a": STRING}}}})


def routes(result: Any) -> list[tuple[str, str]]:
    return [(each.method, each.wire_path) for each in result.api.operations]


# --- fields of other names, versions and types ---------------------------------------------------


def test_a_misspelt_field_is_told_where_it_stands() -> None:
    paths = {
        "/notes": {
            "post": {"requestbody": JSON_BODY},
            "get": {"paramters": [parameter("q", "query")]},
        }
    }
    result = lowered(tree(paths))
    post, get = result.api.operations
    assert [each.wire for each in post.arguments] == ["a"]
    assert get.arguments == ()
    read, passed = [each for each in result.report if each.code == "field-unknown"]
    assert (read.place.pointer, passed.place.pointer) == (
        "#/paths/~1notes/post/requestbody",
        "#/paths/~1notes/get/paramters",
    )
    assert "did you mean 'parameters'" in passed.message


@pytest.mark.parametrize(
    ("operation", "pointer"),
    [
        ({"parameters": [{**parameter("q", "query"), "requred": True}]}, "/parameters/0/requred"),
        ({"requestBody": {**JSON_BODY, "require": True}}, "/requestBody/require"),
        (
            {"requestBody": body({"application/json": {"shema": STRING}})},
            "/requestBody/content/application~1json/shema",
        ),
        ({"responses": {"200": {"description": "", "conten": {}}}}, "/responses/200/conten"),
        ({"responses": {"20O": {"description": ""}}}, "/responses/20O"),
        ({"servers": [{"url": "https://a.example.org", "varables": {}}]}, "/servers/0/varables"),
        (
            {
                "requestBody": body(
                    {
                        "multipart/form-data": {
                            "schema": {"type": "object", "properties": {"a": STRING}},
                            "encoding": {"a": {"contenttype": "text/csv", "expload": True}},
                        }
                    }
                )
            },
            "/requestBody/content/multipart~1form-data/encoding/a/expload",
        ),
    ],
)
def test_unknown_fields_are_told_at_every_level(operation: Any, pointer: str) -> None:
    result = one(operation, method="post")
    found = [each.place.pointer for each in result.report if each.code == "field-unknown"]
    assert f"#/paths/~1x/post{pointer}" in found


def test_unknown_fields_of_what_is_excluded_are_not_told() -> None:
    paths = {"/x": {"get": {"paramters": []}}, "/y": {"get": {}}}
    assert not lowered(tree(paths), exclude=("/x",)).said("field-unknown")


def test_required_in_the_words_of_yaml_1_1_is_required() -> None:
    parameters = [parameter("q", "query", required="yes"), parameter("r", "query", explode="no")]
    result = one({"parameters": parameters, "requestBody": {**JSON_BODY, "required": "yes"}})
    q, r, _ = result.only.arguments
    assert q.required
    assert not r.encoding.explode
    assert result.only.body is not None
    assert result.only.body.required
    assert len(result.said("field-type")) == 3


def test_a_parameter_as_swagger_had_it_keeps_its_type() -> None:
    old = {"name": "n", "in": "query", "type": "array", "items": {"type": "integer"}}
    result = one({"parameters": [{**old, "collectionFormat": "csv"}]})
    [argument] = result.only.arguments
    assert argument.schema["type"] == "array"
    assert argument.schema["items"] == {"type": "integer"}
    assert not argument.encoding.explode
    assert len(result.said("field-version")) == 3


@pytest.mark.parametrize(
    "security", [{"key": []}, "key", ["key"], [{"key": None}], [{"key": "all"}]]
)
def test_security_of_another_type_is_read_at_the_root_and_at_operations(security: Any) -> None:
    for result in (
        one({}, components=KEY, security=security),
        one({"security": security}, components=KEY),
    ):
        assert result.only.security == (("key",),)
        assert result.api.schemes[0].wire == "X-Key"
        assert result.said("field-type")


@pytest.mark.parametrize("servers", [{"url": "https://b.example.org"}, "https://b.example.org"])
def test_servers_of_another_type_are_read_everywhere(servers: Any) -> None:
    assert one({}, servers=servers).api.servers[0].url == "https://b.example.org"
    assert one({"servers": servers}).only.server == "https://b.example.org"
    result = lowered(tree({"/x": {"servers": servers, "get": {}}}))
    assert result.only.server == "https://b.example.org"
    assert result.said("field-type")


# --- references ----------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0", "3.2.0"])
def test_what_stands_beside_the_reference_of_a_path_item_adds_up(version: str) -> None:
    paths = {
        "/pets/{id}": {
            "$ref": "#/x-items/a",
            "post": {},
            "parameters": [parameter("id", "path", {"type": "integer"})],
            "servers": [{"url": "https://b.example.org"}],
        }
    }
    items = {
        "a": {"$ref": "#/x-items/b", "put": {"responses": {}}},
        "b": {
            "get": {"responses": {}},
            "parameters": [parameter("X-Trace", "header", required=True)],
        },
    }
    result = lowered({**tree(paths, version=version), "x-items": items})
    assert sorted(routes(result)) == [(m, "/pets/{id}") for m in ("GET", "POST", "PUT")]
    for operation in result.api.operations:
        arguments = {each.wire: each for each in operation.arguments}
        assert arguments["id"].schema["type"] == "integer"
        assert arguments["X-Trace"].required
        assert operation.server == "https://b.example.org"
    assert not result.said("path-item-conflict")


def test_of_a_field_that_stands_twice_the_one_beside_the_reference_counts() -> None:
    paths = {"/x": {"$ref": "#/x-items/a", "get": {"operationId": "near"}}}
    far = {"get": {"operationId": "far", "responses": {}}, "put": {"responses": {}}}
    result = lowered({**tree(paths), "x-items": {"a": far}})
    assert sorted(each.name for each in result.api.operations) == ["near", "put_x"]
    assert len(result.said("path-item-conflict")) == 1


def test_operations_beside_a_reference_to_nothing_are_kept() -> None:
    result = lowered(tree({"/x": {"$ref": "#/nope", "get": {}}}))
    assert routes(result) == [("GET", "/x")]
    assert [(each.method, each.path) for each in result.api.skipped] == [("*", "/x")]


def test_paths_of_swagger_2_add_up_with_what_they_refer_to() -> None:
    far = {"get": {"operationId": "far", "responses": {}}}
    for target, place in (("#/x-items/~1a", "x-items"), ("#/paths/~1a", "paths")):
        value: dict[str, Any] = {
            "swagger": "2.0",
            "info": {"title": "Shop", "version": "1"},
            "host": "a.example.org",
            "paths": {"/x": {"$ref": target, "post": {"operationId": "near", "responses": {}}}},
        }
        value[place] = {**value.get(place, {}), "/a": far}
        result = lowered(value)
        assert {("GET", "/x"), ("POST", "/x")} <= set(routes(result))


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/components/schemas/Gone"},
        {"type": "array", "items": {"$ref": "#/components/schemas/Deep"}},
        {"$ref": "gone.yaml"},
        {"$ref": "https://elsewhere.example.org/x.yaml"},
        {"$ref": "../secret.json"},
        {"$ref": "#/components/schemas/Loop"},
        {"$ref": 5},
        {"$ref": ["#/a", "#/b"]},
    ],
)
def test_every_operation_that_reaches_nothing_is_skipped_and_no_other(schema: Any) -> None:
    deep: Any = {"$ref": "#/components/schemas/Gone"}
    for _ in range(20):
        deep = {"type": "object", "properties": {"a": deep}}
    schemas = {"Deep": deep, "Loop": {"$ref": "#/components/schemas/Loop"}}
    sends = {"requestBody": body({"application/json": {"schema": schema}})}
    asks = {"parameters": [parameter("q", "query", schema)]}
    paths = {"/a": {"post": sends, "get": asks}, "/b": {"post": sends, "get": {}}}
    result = lowered(tree(paths, components={"schemas": schemas}))
    assert routes(result) == [("GET", "/b")]
    assert [(each.method, each.path) for each in result.api.skipped] == [
        ("POST", "/a"),
        ("GET", "/a"),
        ("POST", "/b"),
    ]
    assert all(each.code.startswith("reference-") for each in result.api.skipped)
    assert all(each.remedy and each.place.pointer != "#" for each in result.api.skipped)
    assert result.api.types == ()


def test_a_reference_in_a_list_of_its_own_is_followed_and_told() -> None:
    components = {
        "schemas": {"A": {"type": "integer"}},
        "parameters": {"P": parameter("p", "query", {"$ref": ["#/components/schemas/A"]})},
    }
    operation = {"parameters": [{"$ref": ["#/components/parameters/P"]}]}
    result = one(operation, components=components)
    assert result.arguments["p"].schema["type"] == "integer"
    assert len(result.said("reference-place")) == 2


def test_a_reference_where_none_is_allowed_is_followed_and_told() -> None:
    value = tree({"/x": {"get": {"$ref": "#/x-operations/a"}}, "/y": {"get": {"$ref": "#/no"}}})
    operation = {"operationId": "shared", "responses": {}, "requestBody": JSON_BODY}
    result = lowered({**value, "x-operations": {"a": operation}})
    assert [each.name for each in result.api.operations] == ["shared"]
    assert [each.path for each in result.api.skipped] == ["/y"]
    assert len(result.said("reference-place")) == 1
    media = {"application/json": {"$ref": "#/components/x-media"}}
    components = {"x-media": {"schema": {"type": "integer"}}}
    old = one({"requestBody": body(media)}, method="post", components=components)
    new = one({"requestBody": body(media)}, method="post", components=components, version="3.2.0")
    assert old.only.arguments[0].schema["type"] == new.only.arguments[0].schema["type"] == "integer"
    assert (len(old.said("reference-place")), len(new.said("reference-place"))) == (1, 0)


def test_what_is_lost_beside_a_reference_is_told() -> None:
    components = {
        "parameters": {"P": parameter("p", "query")},
        "schemas": {"A": {"type": "string", "minLength": 1}},
    }
    operation = {"parameters": [{"$ref": "#/components/parameters/P", "required": True}]}
    result = one(operation, components=components)
    assert not result.arguments["p"].required
    assert result.said("reference-siblings") == ["beside a `$ref` 'required' has no effect"]
    schema = {"$ref": "#/components/schemas/A", "nullable": True, "maxLength": 3}
    result = one({"parameters": [parameter("q", "query", schema)]}, components=components)
    assert result.arguments["q"].also == ("null",)
    assert len(result.said("schema-siblings")) == 1
    result = one(
        {"parameters": [parameter("q", "query", schema)]}, components=components, version="3.1.0"
    )
    assert result.arguments["q"].schema["maxLength"] == 3
    assert not result.said("schema-siblings")


# --- schemas -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "code"),
    [
        ({"type": "object", "propertes": {}}, "schema-unknown"),
        ({"type": "string", "minlength": 1}, "schema-unknown"),
        ({"type": "string", "const": "a", "if": {}}, "schema-foreign"),
        ({"type": "string", "label": "a"}, "schema-foreign"),
        ({"type": "string", "x-label": "a", "xml": {}, "externalDocs": {}}, ""),
    ],
)
def test_keywords_that_do_not_exist_are_told(schema: Any, code: str) -> None:
    held = bench(schema, "3.0")
    held.schema()
    told = {each.code for each in held.report} & {"schema-unknown", "schema-foreign"}
    assert told == ({code} if code else set())


def test_since_3_1_schemas_may_hold_keywords_of_their_own() -> None:
    held = bench({"type": "string", "label": "a", "if": {}, "$comment": "c"}, "3.1")
    held.schema()
    assert not {each.code for each in held.report} & {"schema-unknown", "schema-foreign"}


@pytest.mark.parametrize(
    ("version", "keywords", "shown"),
    [
        ("3.0", {"type": "String"}, {"type": "string"}),
        ("3.0", {"type": "int", "maximum": "5"}, {"type": "integer", "maximum": 5}),
        ("3.1", {"type": ["Int", "null"]}, {"type": ["integer", "null"]}),
        ("3.0", {"type": "string", "maxLength": "3"}, {"type": "string", "maxLength": 3}),
        ("3.0", {"type": "number", "exclusiveMinimum": 5}, None),
        ("3.1", {"type": "number", "minimum": 5, "exclusiveMinimum": True}, None),
    ],
)
def test_keywords_are_read_as_they_are_meant(version: str, keywords: Any, shown: Any) -> None:
    held = bench({"type": "object", "properties": {"a": keywords}}, version)
    expected = shown or {"type": "number", "exclusiveMinimum": 5}
    assert held.schema()["properties"]["a"] == expected
    assert {each.code for each in held.report} == {"schema-keyword"}


def test_nothing_is_read_into_what_may_mean_anything() -> None:
    result = sent({"application/json": {"schema": {"type": "date"}}})
    assert result.said("schema-keyword")


# --- servers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "first",
    ["wss://a.example.org", "http://localhost:8080", "/v1", "http://10.0.0.1", "https://{x}"],
)
def test_the_first_server_that_can_serve_is_used(first: str) -> None:
    servers = [{"url": first}, {"url": "https://b.example.org/v1"}]
    result = one({}, servers=servers)
    assert result.api.servers[0].url == "https://b.example.org/v1"
    assert len(result.said("server-passed-over")) == 1
    alone = one({}, servers=servers[:1])
    assert not alone.said("server-passed-over")
    assert alone.api.servers[0].url in ("", "/v1")


def test_the_server_of_an_operation_may_be_a_path() -> None:
    servers = [{"url": "/v2"}, {"url": "https://b.example.org"}]
    assert one({"servers": servers}).only.server == "/v2"
    servers = [{"url": "wss://a.example.org"}, {"url": "https://b.example.org"}]
    result = one({"servers": servers})
    assert result.only.server == "https://b.example.org"
    assert len(result.said("server-passed-over")) == 1


# --- security ------------------------------------------------------------------------------------


def test_a_requirement_may_name_its_scheme_by_uri() -> None:
    security: Any = [{"#/components/securitySchemes/key": []}]
    result = one({}, components=KEY, security=security, version="3.2.0")
    assert result.only.security == (("key",),)
    assert result.api.schemes[0].credentials == ("api_key",)
    assert not result.said("field-version")
    older = one({}, components=KEY, security=security)
    assert older.only.security == (("key",),)
    assert older.said("field-version")
    named = {"securitySchemes": {"#/components/securitySchemes/key": {"type": "http"}}}
    nowhere = one({}, components=named, security=[{"#/nope": []}], version="3.2.0")
    assert len(nowhere.said("security-unknown")) >= 1


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example.org/token?p=B2C_1", "https://a.example.org/token?p=B2C_1"),
        ("https://a.example.org/token?a=b c", ""),
        ("https://a.example.org/token?a=ü/?", "https://a.example.org/token?a=%C3%BC/?"),
        ("/token?p=1", "/token?p=1"),
        ("https://a.example.org/token#x", ""),
        ("https://a.example.org/token?p=1#x", ""),
        ("http://a.example.org/token?p=1", ""),
    ],
)
def test_a_token_url_keeps_its_query(url: str, kept: str) -> None:
    flows = {"clientCredentials": {"tokenUrl": url, "scopes": {}}}
    components = {"securitySchemes": {"c": {"type": "oauth2", "flows": flows}}}
    result = one({}, components=components, security=[{"c": []}])
    assert result.api.schemes[0].token_url == kept
    assert bool(result.said("token-url")) == (not kept)
