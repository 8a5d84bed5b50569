"""Swagger 2.0: the upgraded document means the same, and findings name the place as written."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from openapi_pydantic.v3 import v3_0
from toolbind.diagnostics import Place, Report
from toolbind.read import Document, Node

from tests.unit.read.reading import OK, at, document, failure, from_file

Json = dict[str, Any]


def swagger(operation: Json | None = None, **root: Any) -> Json:
    paths = {"/pets": {"post": {"responses": OK} | (operation or {})}}
    return {"swagger": "2.0", "info": {"title": "Shop", "version": "1"}, "paths": paths} | root


def upgraded(operation: Json | None = None, **root: Any) -> Json:
    """The operation as upgraded; the old document stays as it was."""
    return operation_of(document(swagger(operation, **root)))


def operation_of(read: Document) -> Json:
    value: Json = at(read, "paths", "/pets", "post").value
    return value


def parameter(**members: Any) -> Json:
    [new] = upgraded({"parameters": [members]})["parameters"]
    return dict(new)


def original(read: Document, node: Node) -> str:
    return read.original(node.place).pointer


# --- servers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("root", "urls"),
    [
        ({"host": "a.test", "basePath": "/v1", "schemes": ["https"]}, ["https://a.test/v1"]),
        ({"host": "a.test", "schemes": ["http", "https"]}, ["https://a.test", "http://a.test"]),
        ({"host": "a.test:8443", "basePath": "v1/"}, ["https://a.test:8443/v1"]),
        ({"host": "a.test", "basePath": "/"}, ["https://a.test"]),
        ({"host": "https://a.test/", "basePath": "/v1"}, ["https://a.test/v1"]),
        ({"host": "a.test", "schemes": ["wss"]}, ["wss://a.test"]),
        ({"host": "a.test", "schemes": ["gopher", 5]}, ["https://a.test"]),
        ({"basePath": "/v1"}, ["/v1"]),
        ({"host": 5, "basePath": 5}, ["/"]),
        ({}, ["/"]),
    ],
)
def test_servers_come_from_host_base_path_and_schemes(root: Json, urls: list[str]) -> None:
    read = document(swagger(**root))
    assert [server["url"] for server in read.root.value["servers"]] == urls


def test_the_scheme_is_that_of_the_document_where_it_names_none() -> None:
    read = document(swagger(host="a.test"), url="http://b.test/swagger.json")
    assert read.root.value["servers"] == [{"url": "http://a.test"}]


def test_an_operation_with_other_schemes_has_servers_of_its_own() -> None:
    both = {"host": "a.test", "basePath": "/v1", "schemes": ["http", "https"]}
    assert upgraded({"schemes": ["http"]}, **both)["servers"] == [{"url": "http://a.test/v1"}]
    assert "servers" not in upgraded({"schemes": ["https", "http"]}, **both)
    assert "schemes" not in upgraded({"schemes": ["https"]}, **both)


# --- parameters -----------------------------------------------------------------------------------


def test_a_parameter_gets_a_schema() -> None:
    old = {
        "name": "limit",
        "in": "query",
        "description": "How many.",
        "required": True,
        "allowEmptyValue": True,
        "type": "integer",
        "format": "int32",
        "minimum": 1,
        "exclusiveMinimum": True,
        "enum": [1, 2],
        "default": 1,
        "x-nullable": True,
    }
    assert parameter(**old) == {
        "name": "limit",
        "in": "query",
        "description": "How many.",
        "required": True,
        "allowEmptyValue": True,
        "x-nullable": True,
        "schema": {
            "type": "integer",
            "format": "int32",
            "minimum": 1,
            "exclusiveMinimum": True,
            "enum": [1, 2],
            "default": 1,
        },
    }


@pytest.mark.parametrize(
    ("place", "collection", "style", "explode"),
    [
        ("query", None, "form", False),
        ("query", "csv", "form", False),
        ("query", "multi", "form", True),
        ("query", "ssv", "spaceDelimited", False),
        ("query", "pipes", "pipeDelimited", False),
        ("query", "nonsense", "form", False),
        ("query", 5, "form", False),
        ("path", None, "simple", False),
        ("path", "csv", "simple", False),
        ("header", "csv", "simple", False),
        ("header", "multi", "simple", False),
        ("query", "tsv", "tabDelimited", False),
        ("path", "ssv", "spaceDelimited", False),
        ("header", "pipes", "pipeDelimited", False),
    ],
)
def test_collection_formats_become_styles(
    place: str, collection: Any, style: str, explode: bool
) -> None:
    items = {"type": "array", "items": {"type": "string"}}
    given = {} if collection is None else {"collectionFormat": collection}
    new = parameter(**{"name": "a", "in": place, **items, **given})
    assert (new["style"], new["explode"], new["schema"]) == (style, explode, items)


def test_collection_formats_of_items_are_dropped_and_scalars_have_no_style() -> None:
    inner = {"type": "array", "items": {"type": "string"}, "collectionFormat": "pipes"}
    new = parameter(**{"name": "a", "in": "query", "type": "array", "items": inner})
    assert new["schema"]["items"] == {"type": "array", "items": {"type": "string"}}
    assert "style" not in parameter(**{"name": "a", "in": "query", "type": "string"})


@pytest.mark.parametrize("broken", [None, 5, "x", [], {"in": "formData", "type": "string"}, {}])
def test_what_is_no_parameter_stays_for_the_judges(broken: Any) -> None:
    [kept] = upgraded({"parameters": [broken]})["parameters"]
    assert kept == broken or kept == {"schema": {}}
    assert upgraded({"parameters": broken}).get("parameters") in (broken, [], [broken], None)


# --- bodies ---------------------------------------------------------------------------------------

BODY = {"name": "pet", "in": "body", "required": True, "schema": {"$ref": "#/definitions/Pet"}}


@pytest.mark.parametrize(
    ("consumes", "own", "media_types"),
    [
        (None, None, ["application/json"]),
        (["application/xml", "application/json"], None, ["application/xml", "application/json"]),
        (["application/xml"], ["text/csv"], ["text/csv"]),
        (["application/xml"], [], ["application/json"]),
        ("text/plain", None, ["text/plain"]),
        ([5, "a/b", "a/b"], None, ["a/b"]),
    ],
)
def test_a_body_has_the_media_types_that_are_consumed(
    consumes: Any, own: Any, media_types: list[str]
) -> None:
    root = {} if consumes is None else {"consumes": consumes}
    operation = {"parameters": [BODY]} | ({} if own is None else {"consumes": own})
    new = upgraded(operation, **root)
    assert list(new["requestBody"]["content"]) == media_types
    assert new["requestBody"]["required"] is True
    assert new["parameters"] == []
    for entry in new["requestBody"]["content"].values():
        assert entry["schema"] == BODY["schema"]


def test_media_types_that_are_multiplied_by_operations_are_bounded() -> None:
    types = [f"a/b{number}" for number in range(10_000)]
    assert len(upgraded({"parameters": [BODY]}, consumes=types)["requestBody"]["content"]) == 100


FIELDS = [
    {"name": "name", "in": "formData", "type": "string", "required": True, "description": "Its."},
    {"name": "tags", "in": "formData", "type": "array", "items": {"type": "string"}},
    {
        "name": "ids",
        "in": "formData",
        "type": "array",
        "items": {"type": "integer"},
        "collectionFormat": "multi",
    },
]
FILE = {"name": "photo", "in": "formData", "type": "file"}


def test_form_fields_become_the_members_of_a_body() -> None:
    body = upgraded({"parameters": FIELDS})["requestBody"]
    [(media_type, entry)] = body["content"].items()
    assert media_type == "application/x-www-form-urlencoded"
    assert body["required"] is True
    assert entry["schema"]["required"] == ["name"]
    assert entry["schema"]["properties"] == {
        "name": {"type": "string", "description": "Its."},
        "tags": {"type": "array", "items": {"type": "string"}},
        "ids": {"type": "array", "items": {"type": "integer"}},
    }
    assert entry["encoding"] == {
        "tags": {"style": "form", "explode": False},
        "ids": {"style": "form", "explode": True},
    }


@pytest.mark.parametrize(
    ("fields", "consumes", "media_types"),
    [
        ([FILE], [], ["multipart/form-data"]),
        ([FILE], ["application/x-www-form-urlencoded"], ["multipart/form-data"]),
        (FIELDS, ["multipart/form-data"], ["multipart/form-data"]),
        (FIELDS, ["application/json"], ["application/x-www-form-urlencoded"]),
        (
            FIELDS,
            ["multipart/form-data; charset=utf-8", "application/x-www-form-urlencoded"],
            ["multipart/form-data; charset=utf-8", "application/x-www-form-urlencoded"],
        ),
    ],
)
def test_a_form_with_a_file_is_multipart(fields: Any, consumes: Any, media_types: Any) -> None:
    body = upgraded({"parameters": fields}, consumes=consumes)["requestBody"]
    assert list(body["content"]) == media_types


def test_a_file_is_binary_text() -> None:
    entry = upgraded({"parameters": [FILE]})["requestBody"]["content"]["multipart/form-data"]
    assert entry["schema"]["properties"]["photo"] == {"type": "string", "format": "binary"}


def test_bodies_and_fields_of_the_path_are_those_of_its_operations() -> None:
    item = {"parameters": [BODY, FIELDS[0]], "get": {}, "put": {"parameters": [FIELDS[1]]}}
    read = document(swagger(paths={"/pets": item}))
    assert at(read, "paths", "/pets", "parameters").value == []
    assert "application/json" in at(read, "paths", "/pets", "get", "requestBody", "content").value
    form = at(read, "paths", "/pets", "put", "requestBody", "content").value
    properties = form["application/x-www-form-urlencoded"]["schema"]["properties"]
    assert list(properties) == ["name", "tags"]


def test_a_body_that_has_a_type_in_place_of_a_schema_is_understood() -> None:
    body = upgraded({"parameters": [{"name": "b", "in": "body", "type": "string"}]})["requestBody"]
    assert body["content"] == {"application/json": {"schema": {"type": "string"}}}


def test_a_parameter_that_has_a_schema_in_place_of_a_type_is_understood() -> None:
    new = parameter(**{"name": "a", "in": "query", "schema": {"type": "string"}})
    assert new == {"name": "a", "in": "query", "schema": {"type": "string"}}


def test_several_bodies_are_told() -> None:
    other = BODY | {"name": "other", "schema": {}}
    report = Report()
    document(swagger({"parameters": [BODY, other]}), report=report)
    assert [finding.code for finding in report] == ["swagger-body"]


# --- references -----------------------------------------------------------------------------------


def shared() -> Json:
    return swagger(
        paths={
            "/pets": {
                "post": {
                    "parameters": [
                        {"$ref": "#/parameters/Body"},
                        {"$ref": "#/parameters/limit"},
                        {"$ref": "#/paths/~1other/get/parameters/1"},
                    ],
                    "responses": {"200": {"$ref": "#/responses/Pets"}},
                }
            },
            "/other": {
                "get": {
                    "parameters": [
                        {"name": "b", "in": "body", "schema": {"$ref": "#/definitions/Pet"}},
                        {"name": "q", "in": "query", "type": "string"},
                    ],
                    "responses": {"200": {"schema": {"$ref": "#/definitions/Pet"}}},
                }
            },
            "/again": {"$ref": "#/paths/~1other"},
        },
        produces=["application/json", "application/xml"],
        parameters={
            "Body": {"name": "pet", "in": "body", "schema": {"$ref": "#/definitions/Pet"}},
            "limit": {"name": "limit", "in": "query", "type": "integer"},
        },
        responses={"Pets": {"description": "", "schema": {"items": {"$ref": "#/definitions/Pet"}}}},
        definitions={
            "Pet": {"properties": {"from": {"$ref": "#/paths/~1other/get/parameters/0/schema"}}},
            "Answer": {"$ref": "#/paths/~1other/get/responses/200/schema"},
        },
    )


def test_old_references_lead_to_where_their_values_are_now() -> None:
    read = document(shared())
    new = at(read, "paths", "/pets", "post")
    body = at_node(new, "requestBody", "content", "application/json", "schema")
    pet = read.resolve(body)
    assert pet.pointer == "#/components/schemas/Pet"
    limit, query = (read.resolve(each) for each in at_node(new, "parameters").elements())
    assert (limit.pointer, limit.value["schema"]) == (
        "#/components/parameters/limit",
        {"type": "integer"},
    )
    assert query.value["schema"] == {"type": "string"}
    moved = read.target(at(read, "components", "schemas", "Pet", "properties", "from"))
    assert moved.value == {"$ref": "#/definitions/Pet"}
    answer = read.resolve(at(read, "components", "schemas", "Answer"))
    assert answer.pointer == "#/components/schemas/Pet"
    again = read.resolve(at(read, "paths", "/again"))
    assert (again.pointer, set(again.value)) == ("#/paths/~1other", {"get"})


def at_node(node: Node, *keys: str) -> Node:
    for key in keys:
        found = node.get(key)
        assert found is not None, key
        node = found
    return node


def test_the_old_tree_is_not_changed() -> None:
    old = shared()
    before = copy.deepcopy(old)
    document(old)
    assert old == before


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        (("paths", "/pets", "post", "parameters", 0), "#/paths/~1pets/post/parameters/1"),
        (("paths", "/pets", "post", "parameters", 1, "schema"), "#/paths/~1other/get/parameters/1"),
        (("paths", "/pets", "post", "requestBody"), "#/parameters/Body"),
        (
            ("paths", "/pets", "post", "requestBody", "content", "application/json", "schema"),
            "#/parameters/Body/schema",
        ),
        (("components", "parameters", "limit", "schema", "type"), "#/parameters/limit/type"),
        (("components", "schemas", "Pet", "properties"), "#/definitions/Pet/properties"),
        (
            ("components", "responses", "Pets", "content", "application/xml", "schema", "items"),
            "#/responses/Pets/schema/items",
        ),
        (("servers", 0, "url"), "#/host"),
        (("paths", "/other", "get", "parameters", 0), "#/paths/~1other/get/parameters/1"),
        (("paths", "/pets", "post"), "#/paths/~1pets/post"),
    ],
)
def test_findings_name_the_place_as_it_was_written(keys: Any, wanted: str) -> None:
    read = document(shared() | {"host": "a.test"})
    assert original(read, at(read, *keys)) == wanted


def test_findings_have_the_line_of_the_place_as_it_was_written() -> None:
    text = """\
swagger: '2.0'
paths:
  /pets:
    post:
      parameters:
      - {name: file, in: formData, type: file}
      - {name: tag, in: query, type: string}
"""
    report = Report()
    read = document(text, name="shop.yaml", report=report)
    form = at(read, "paths", "/pets", "post", "requestBody", "content", "multipart/form-data")
    report.say("openapi-invalid", at_node(form, "schema", "properties", "file").place, "x")
    tag = at(read, "paths", "/pets", "post", "parameters", 0, "schema")
    report.say("openapi-invalid", tag.place, "x")
    assert [found.place.line for found in read.located(report)] == [6, 7]
    assert [found.place.pointer for found in read.located(report)] == [
        "#/paths/~1pets/post/parameters/0",
        "#/paths/~1pets/post/parameters/1",
    ]


def test_a_reference_that_fails_stays_and_fails_for_whoever_needs_it() -> None:
    operation = {
        "parameters": [{"$ref": "#/parameters/nope"}],
        "responses": {"200": {"$ref": "#/responses/nope"}},
    }
    read = document(
        swagger(operation) | {"paths": {"/pets": {"post": operation}, "/gone": {"$ref": "#/nope"}}}
    )
    for keys in (
        ("paths", "/pets", "post", "parameters", 0),
        ("paths", "/pets", "post", "responses", "200"),
        ("paths", "/gone"),
    ):
        failed = failure(read, at(read, *keys))
        assert failed.code == "reference-missing"
        assert read.original(failed.place).pointer == at(read, *keys).pointer


def test_an_operation_that_produces_something_else_shares_no_answer() -> None:
    old = shared()
    old["paths"]["/pets"]["post"]["produces"] = ["text/csv"]
    read = document(old)
    answer = at(read, "paths", "/pets", "post", "responses", "200", "content")
    assert list(answer.value) == ["text/csv"]
    assert original(read, at_node(answer, "text/csv", "schema")) == "#/responses/Pets/schema"


def test_files_of_swagger_documents_are_upgraded_where_they_are_used(tmp_path: Path) -> None:
    (tmp_path / "paths").mkdir()
    (tmp_path / "paths" / "pets.yaml").write_text(
        """
post:
  parameters:
  - {$ref: '../common.yaml#/parameters/Body'}
  - {$ref: '../common.yaml#/parameters/limit'}
  - {$ref: '../shop.json#/parameters/own'}
  responses:
    '200': {description: '', schema: {$ref: '../common.yaml#/definitions/Pet'}}
    '404': {$ref: '../shop.json#/responses/Missing'}
"""
    )
    (tmp_path / "common.yaml").write_text(
        """
parameters:
  Body: {name: pet, in: body, schema: {$ref: '#/definitions/Pet'}}
  limit: {name: limit, in: query, type: array, items: {type: string}, collectionFormat: multi}
definitions:
  Pet: {properties: {owner: {$ref: 'shop.json#/definitions/Owner'}}}
"""
    )
    old = swagger(
        paths={"/pets": {"$ref": "paths/pets.yaml"}},
        parameters={"own": {"name": "own", "in": "query", "type": "string"}},
        responses={"Missing": {"description": "", "schema": {"type": "string"}}},
        definitions={"Owner": {"type": "object"}},
    )
    (tmp_path / "shop.json").write_text(json.dumps(old))
    read = from_file(tmp_path / "shop.json")
    post = at(read, "paths", "/pets", "post")
    limit, own = (read.resolve(each) for each in at_node(post, "parameters").elements())
    assert (limit.value["style"], limit.value["explode"]) == ("form", True)
    assert own.value == {"name": "own", "in": "query", "schema": {"type": "string"}}
    body = at_node(post, "requestBody", "content", "application/json", "schema")
    pet = read.resolve(body)
    assert (pet.file, pet.pointer) == (str(tmp_path / "common.yaml"), "#/definitions/Pet")
    owner = read.resolve(at_node(pet, "properties", "owner"))
    assert (owner.file, owner.pointer) == (read.root.file, "#/components/schemas/Owner")
    missing = read.resolve(at_node(post, "responses", "404"))
    assert missing.pointer == "#/components/responses/Missing"
    place = read.original(body.place)
    assert (place.file, place.pointer) == (
        str(tmp_path / "common.yaml"),
        "#/parameters/Body/schema",
    )


# --- schemas --------------------------------------------------------------------------------------


def test_schemas_are_shared_not_copied() -> None:
    read = document(shared())
    pet = at(read, "components", "schemas", "Pet")
    body = at(read, "paths", "/other", "get", "requestBody", "content", "application/json")
    assert pet.value is read.target(at_node(body, "schema")).value
    tree_of = read._library.tree("shop.json")
    assert pet.value is tree_of.parsed.value["definitions"]["Pet"]


def test_a_discriminator_becomes_an_object_and_data_stays_data() -> None:
    pet = {
        "discriminator": "kind",
        "allOf": [{"discriminator": "inner"}, True, 5],
        "properties": {
            "discriminator": {"type": "string", "default": "x"},
            "kind": {"items": {"additionalProperties": {"discriminator": "deep"}}},
            "example": {"discriminator": "named"},
        },
        "default": {"discriminator": "data"},
        "example": {"discriminator": "data"},
        "enum": [{"discriminator": "data"}],
        "not": True,
    }
    before = copy.deepcopy(pet)
    read = document(swagger({"parameters": [BODY | {"schema": pet}]}, definitions={"Pet": pet}))
    body = operation_of(read)["requestBody"]["content"]["application/json"]["schema"]
    new = at(read, "components", "schemas", "Pet").value
    assert pet == before
    assert new == body
    assert new == pet | {
        "discriminator": {"propertyName": "kind"},
        "allOf": [{"discriminator": {"propertyName": "inner"}}, True, 5],
        "properties": {
            "discriminator": {"type": "string", "default": "x"},
            "kind": {
                "items": {"additionalProperties": {"discriminator": {"propertyName": "deep"}}}
            },
            "example": {"discriminator": {"propertyName": "named"}},
        },
    }


# --- security, and the whole ----------------------------------------------------------------------


def test_references_of_inlined_parts_hold_in_the_document(tmp_path: Path) -> None:
    outside = ["https://example.org/x.json#/X", "a%00b.json", "#/definitions/A%25b", "absent.yaml"]
    body = {"allOf": [{"$ref": reference} for reference in outside], "not": [{"$ref": 5}]}
    common = {"parameters": {"B": {"name": "b", "in": "body", "schema": body}}}
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "common.json").write_text(json.dumps(common))
    old = swagger({"parameters": [{"$ref": "parts/common.json#/parameters/B"}]})
    (tmp_path / "shop.json").write_text(json.dumps(old))
    read = from_file(tmp_path / "shop.json")
    content = operation_of(read)["requestBody"]["content"]["application/json"]
    assert [each["$ref"] for each in content["schema"]["allOf"]] == [
        "https://example.org/x.json#/X",
        "a%00b.json",
        "parts/common.json#/definitions/A%25b",
        "parts/absent.yaml",
    ]
    assert content["schema"]["not"] == [{"$ref": 5}]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "basic"}, {"type": "http", "scheme": "basic"}),
        ({"type": "apiKey", "in": "header", "name": "K"}, None),
        (
            {"type": "oauth2", "flow": "implicit", "authorizationUrl": "a", "scopes": {"r": ""}},
            {
                "type": "oauth2",
                "flows": {"implicit": {"authorizationUrl": "a", "scopes": {"r": ""}}},
            },
        ),
        (
            {"type": "oauth2", "flow": "accessCode", "authorizationUrl": "a", "tokenUrl": "t"},
            {
                "type": "oauth2",
                "flows": {
                    "authorizationCode": {"authorizationUrl": "a", "tokenUrl": "t", "scopes": {}}
                },
            },
        ),
        (
            {"type": "oauth2", "flow": "application", "tokenUrl": "t"},
            {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "t", "scopes": {}}}},
        ),
        (
            {"type": "oauth2", "flow": "password", "tokenUrl": "t", "x-y": 1},
            {
                "type": "oauth2",
                "x-y": 1,
                "flows": {"password": {"tokenUrl": "t", "scopes": {}}},
            },
        ),
        ({"type": "oauth2", "flow": "nonsense"}, None),
        ({"type": "oauth2", "flow": ["x"]}, None),
        ("x", None),
    ],
)
def test_security_definitions_become_schemes(old: Any, new: Any) -> None:
    read = document(swagger(securityDefinitions={"s": old}))
    assert at(read, "components", "securitySchemes", "s").value == (old if new is None else new)


def test_an_upgraded_document_is_valid_openapi_3_0() -> None:
    old = shared() | {
        "host": "a.test",
        "securityDefinitions": {"b": {"type": "basic"}},
        "security": [{"b": []}],
    }
    old["paths"]["/form"] = {"post": {"parameters": [*FIELDS, FILE], "responses": OK}}
    new = copy.deepcopy(document(old).root.value)
    for item in new["paths"].values():
        for operation in item.values():
            for answer in (
                operation.get("responses", {}).values() if item.get("$ref") is None else ()
            ):
                answer.setdefault("description", "")
    del new["components"]["parameters"]["Body"]  # a body: nobody refers to it any more
    v3_0.OpenAPI.model_validate(new)


def test_headers_and_examples_of_answers_are_left_out() -> None:
    answer = {"description": "", "headers": {"X": {"type": "string"}}, "examples": {"a/b": 1}}
    assert upgraded({"responses": {"200": answer}})["responses"] == {"200": {"description": ""}}


def test_a_file_as_an_answer_is_binary() -> None:
    answer = upgraded({"responses": {"200": {"schema": {"type": "file"}}}})["responses"]["200"]
    schema = {"type": "string", "format": "binary"}
    assert answer["content"] == {"application/octet-stream": {"schema": schema}}


@pytest.mark.parametrize("answers", [None, 5, "x", [], {"200": None}, {"200": []}, {"200": "x"}])
def test_answers_of_any_shape_raise_nothing(answers: Any) -> None:
    assert upgraded({"responses": answers}).get("responses") in (answers, None)


def test_places_of_files_that_were_not_read_stay() -> None:
    place = Place("elsewhere.yaml", "#/x")
    assert document(swagger(host="a.test")).original(place) == place


@pytest.mark.parametrize("group", ["definitions", "parameters", "responses", "securityDefinitions"])
@pytest.mark.parametrize("value", [None, 5, "x", [], [{}], {"a": None}, {"a": []}, {"a": {}}])
def test_components_of_any_shape_raise_nothing(group: str, value: Any) -> None:
    document(swagger(**{group: value}))
