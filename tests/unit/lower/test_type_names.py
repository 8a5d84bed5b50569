"""What types are called: after the operation or component that owns the place of their schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from toolbind import ir
from toolbind.lower import LowerOptions
from toolbind.pipeline import Options, examine
from toolbind.read import Source

from tests.unit.lower.lowering import OK, STRING, lowered, tree

THING = {"type": "object", "properties": {"x": STRING}}


def answer(schema: Any, status: str = "200") -> dict[str, Any]:
    return {status: {"description": "d", "content": {"application/json": {"schema": schema}}}}


def returns(api: ir.Api) -> dict[str, ir.TypeRef]:
    return {each.name: each.returns for each in api.operations}


def types(api: ir.Api) -> list[str]:
    return [each.name for each in api.types]


def examined(path: Path, **options: Any) -> ir.Api:
    source = Source(path.name, path.read_bytes(), path=path)
    return examine(source, options=Options(lower=LowerOptions(**options))).api


def test_a_schema_in_a_path_belongs_to_the_operation_there() -> None:
    schema = {"type": "object", "properties": {"pets": {"type": "array", "items": THING}}}
    listing = {"operationId": "listPets", "responses": answer(schema)}
    pointer = "#/paths/~1pets/get/responses/200/content/application~1json/schema"
    reader = {
        "operationId": "readPet",
        "responses": answer({"$ref": f"{pointer}/properties/pets/items"}),
    }
    paths = {"/a": {"get": reader}, "/pets": {"get": listing}}
    api = lowered(tree(paths)).api
    assert types(api) == ["ListPetsAnswer", "ListPetsAnswerPetsItem"]
    assert returns(api)["read_pet"] == ir.Named("ListPetsAnswerPetsItem")
    alone = lowered(tree(paths), include=("read_pet",)).api
    assert types(alone) == ["ListPetsAnswerPetsItem"]


def test_arguments_bodies_and_answers_of_an_operation() -> None:
    operation = {
        "operationId": "change",
        "parameters": [
            {"name": "sort-by", "in": "query", "style": "deepObject", "schema": THING},
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"properties": {"inner": THING}}}},
        },
        "responses": answer(THING) | answer(THING | {"title": "other"}, "202"),
    }
    item = {
        "post": operation,
        "parameters": [{"name": "shared", "in": "query", "style": "deepObject", "schema": THING}],
    }
    api = lowered(tree({"/the/things": item})).api
    assert types(api) == [
        "ChangeAnswer", "ChangeAnswer202", "ChangeBodyInner", "ChangeSortBy", "TheThingsShared",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "component", "reference", "name"),
    [
        ("responses", answer(THING)["200"], "response", "Thing"),
        ("requestBodies", answer(THING)["200"], "body", "Thing"),
        ("responses", answer(THING)["200"], "response", "PetAnswer"),
        ("requestBodies", answer(THING)["200"], "body", "PetBody"),
    ],
)
def test_below_shared_answers_and_bodies(
    kind: str, component: Any, reference: str, name: str
) -> None:
    key = "pet" if name.startswith("Pet") else "thing"
    ref = {"$ref": f"#/components/{kind}/{key}"}
    operation: dict[str, Any] = {"responses": {"200": ref} if reference == "response" else OK}
    if reference == "body":
        component = {
            "content": {"application/json": {"schema": {"oneOf": [THING, {"type": "array"}]}}}
        }
        operation["requestBody"] = ref
    components = {kind: {key: component}, "schemas": {"Pet": THING}}
    api = lowered(tree({"/x": {"post": operation}}, components=components)).api
    assert types(api) == [name if reference == "response" else f"{name}Option1"]


def test_the_whole_is_named_where_one_part_says_it_all() -> None:
    components = {
        "schemas": {
            "Pet": {"description": "d", "allOf": [THING]},
            "Toy": {"oneOf": [THING | {"title": "t"}, {"type": "null"}]},
        }
    }
    both = {
        "properties": {
            "pet": {"$ref": "#/components/schemas/Pet"},
            "toy": {"$ref": "#/components/schemas/Toy"},
        }
    }
    api = lowered(
        tree({"/x": {"get": {"responses": answer(both)}}}, version="3.1.0", components=components)
    ).api
    assert types(api) == ["GetXAnswer", "Pet", "Toy"]


def test_a_part_that_is_referred_to_has_a_name_of_its_own() -> None:
    schemas = {
        "Pet": {"allOf": [{"$ref": "#/components/schemas/Base"}, THING]},
        "Base": {"properties": {"id": STRING}},
    }
    part = {"$ref": "#/components/schemas/Pet/allOf/1"}
    whole = {"$ref": "#/components/schemas/Pet"}
    paths = {
        "/a": {"get": {"responses": answer(part)}},
        "/b": {"get": {"responses": answer(whole)}},
    }
    api = lowered(tree(paths, components={"schemas": schemas})).api
    assert types(api) == ["Pet", "PetPart2"]


def test_components_keep_their_names_before_places_inside_others() -> None:
    schemas = {
        "Pet": {"properties": {"owner": THING, "id": {**STRING, "readOnly": True}}},
        "PetOwner": THING,
        "PetInput": THING,
    }
    refs = {"properties": {name: {"$ref": f"#/components/schemas/{name}"} for name in schemas}}
    body = {
        "required": True,
        "content": {"application/json": {"schema": {"type": "array", "items": refs}}},
    }
    operation = {"operationId": "op", "requestBody": body, "responses": answer(refs)}
    api = lowered(tree({"/x": {"post": operation}}, components={"schemas": schemas})).api
    named = types(api)
    assert {"Pet", "PetOwner", "PetInput", "OpAnswer", "OpBodyItemInput"} <= set(named)
    assert len(named) == 7
    for other in set(named) - {"Pet", "PetOwner", "PetInput", "OpAnswer", "OpBodyItemInput"}:
        assert other[:8] in ("PetOwner", "PetInput")


def test_long_names_lose_words_from_the_middle_and_get_no_digest() -> None:
    schema: dict[str, Any] = THING
    for name in ("first", "second_member", "third_member", "fourth_member", "fifth_member", "last"):
        schema = {"type": "object", "properties": {name: schema}}
    api = lowered(tree({"/x": {"get": {"operationId": "op", "responses": answer(schema)}}})).api
    longest = "OpAnswerLastFifthMemberFourthMemberThirdMemberSecondMemberFirst"
    assert longest in types(api)
    deeper = {"properties": {"and_a_very_long_member_name": schema}}
    api = lowered(tree({"/x": {"get": {"operationId": "op", "responses": answer(deeper)}}})).api
    assert all(len(name) <= 66 and not any(c.isdigit() for c in name) for name in types(api))
    assert len(set(types(api))) == 8


def test_what_contains_itself_is_named_at_its_component_whoever_comes_first() -> None:
    schemas = {
        "Json": {
            "anyOf": [STRING, {"type": "array", "items": {"$ref": "#/components/schemas/Json"}}]
        },
    }
    inner = {"$ref": "#/components/schemas/Json/anyOf/1"}
    whole = {"$ref": "#/components/schemas/Json"}
    paths = {
        "/a": {"get": {"responses": answer(inner)}},
        "/b": {"get": {"responses": answer(whole)}},
    }
    api = lowered(tree(paths, components={"schemas": schemas})).api
    assert types(api) == ["Json"]
    assert returns(api)["get_a"] == ir.Listed(ir.Named("Json"))


# --- other files, anchors, older versions, aliases ------------------------------------------------


def test_schemas_of_other_files(tmp_path: Path) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas/toy.json").write_text(json.dumps({"properties": {"maker": THING}}))
    (tmp_path / "shared.json").write_text(json.dumps({
        "Shop": THING,
        "definitions": {"Pet": {"properties": {"tag": THING}}},
        "components": {"schemas": {"Owner": THING}},
    }))  # fmt: skip
    (tmp_path / "paths.json").write_text(json.dumps({
        "pets": {"get": {
            "operationId": "listPets", "responses": answer({"properties": {"next": THING}})
        }}
    }))  # fmt: skip
    wanted = [
        "schemas/toy.json",
        "shared.json#/Shop",
        "shared.json#/definitions/Pet",
        "shared.json#/components/schemas/Owner",
    ]
    paths: dict[str, Any] = {
        f"/r{number}": {"get": {"responses": answer({"$ref": each})}}
        for number, each in enumerate(wanted)
    }
    paths["/pets"] = {"$ref": "paths.json#/pets"}
    path = tmp_path / "api.json"
    path.write_text(json.dumps(tree(paths)))
    api = examined(path)
    assert types(api) == [
        "ListPetsAnswer", "ListPetsAnswerNext", "Owner", "Pet", "PetTag", "Shop", "Toy", "ToyMaker",
    ]  # fmt: skip


def test_the_document_s_own_component_keeps_its_name_beside_one_of_another_file(
    tmp_path: Path,
) -> None:
    (tmp_path / "shared.json").write_text(json.dumps({"Pet": THING}))
    schema = {
        "properties": {"a": {"$ref": "#/components/schemas/Pet"}, "b": {"$ref": "shared.json#/Pet"}}
    }
    path = tmp_path / "api.json"
    document = tree(
        {"/x": {"get": {"responses": answer(schema)}}}, components={"schemas": {"Pet": THING}}
    )
    path.write_text(json.dumps(document))
    assert types(examined(path)) == ["GetXAnswer", "Pet", "SharedPet"]


def test_an_anchor_is_a_way_to_a_place_and_no_name() -> None:
    schemas = {"Holder": {"properties": {"pet": {"$anchor": "animal", **THING}}}}
    operation = {"responses": answer({"$ref": "#animal"})}
    document = tree({"/x": {"get": operation}}, version="3.1.0", components={"schemas": schemas})
    assert types(lowered(document).api) == ["HolderPet"]


def test_swagger_2_is_named_like_its_upgrade() -> None:
    many = {"type": "array", "items": THING}
    document = {
        "swagger": "2.0",
        "info": {"title": "t", "version": "1"},
        "host": "api.example.org",
        "consumes": ["application/json"],
        "produces": ["application/json", "application/xml"],
        "parameters": {"Filter": {"name": "body", "in": "body", "schema": many}},
        "responses": {"Found": {"description": "d", "schema": THING}},
        "definitions": {"pet": {"properties": {"owner": THING}}},
        "paths": {
            "/pets": {"post": {
                "operationId": "findPets",
                "parameters": [{"$ref": "#/parameters/Filter"}],
                "responses": {"200": {"description": "d", "schema": {"$ref": "#/definitions/pet"}}},
            }},
            "/b": {"post": {
                "operationId": "other",
                "parameters": [{"$ref": "#/parameters/Filter"}],
                "responses": {"200": {"$ref": "#/responses/Found"}},
            }},
            "/c": {"get": {"responses": {"200": {"description": "d", "schema": THING}}}},
        },
    }  # fmt: skip
    api = lowered(document).api
    assert types(api) == ["FilterItem", "Found", "GetCAnswer", "Pet", "PetOwner"]
    for each in ("find_pets", "other"):
        assert types(lowered(document, include=(each,)).api)[0] == "FilterItem"


def test_an_alias_of_yaml_stands_where_it_is_a_component(tmp_path: Path) -> None:
    path = tmp_path / "api.yaml"
    path.write_text(
        """
openapi: 3.0.3
info: {title: t, version: '1'}
servers: [{url: https://api.example.org}]
paths:
  /a:
    get:
      operationId: a
      responses:
        '200':
          description: d
          content:
            application/json: {schema: &it {type: object, properties: {x: {type: string}}}}
  /b:
    get:
      operationId: b
      responses: {'200': {description: d, content: {application/json: {schema: *it}}}}
components:
  schemas:
    Thing: *it
"""
    )
    assert types(examined(path)) == types(examined(path, include=("b",))) == ["Thing"]
