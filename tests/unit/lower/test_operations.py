"""Operations: all of them, in order, under names that stay; hostile ones left out aloud."""

from __future__ import annotations

import json
from typing import Any

import pytest
from toolbind import ir
from toolbind.cli.commands.report import operations_report
from toolbind.diagnostics import DocumentError

from tests.unit.lower.lowering import (
    STRING,
    Result,
    body,
    lowered,
    names,
    one,
    parameter,
    tree,
)


def refused(value: dict[str, Any], **options: Any) -> str:
    with pytest.raises(DocumentError) as caught:
        lowered(value, **options)
    line = caught.value.diagnostic.line()
    assert "\n" not in line
    assert line.isascii()
    return caught.value.diagnostic.code


# --- which there are ----------------------------------------------------------------------------


def test_every_method_in_document_order() -> None:
    methods = ["trace", "get", "patch", "put", "head", "post", "options", "delete"]
    api = lowered(tree({"/b": {method: {} for method in methods}, "/a": {"get": {}}})).api
    assert [(each.method, each.wire_path) for each in api.operations] == [
        *((method.upper(), "/b") for method in methods),
        ("GET", "/a"),
    ]


def test_methods_of_openapi_3_2() -> None:
    item = {
        "query": {"operationId": "ask"},
        "additionalOperations": {"COPY": {"operationId": "cp"}},
    }
    api = lowered(tree({"/x": item}, version="3.2.0")).api
    assert [(each.method, each.name) for each in api.operations] == [
        ("QUERY", "ask"),
        ("COPY", "cp"),
    ]


def test_additional_operation_without_a_real_method_is_skipped() -> None:
    item: dict[str, Any] = {"get": {}, "additionalOperations": {"BAD METHOD": {}, "CONNECT": {}}}
    api = lowered(tree({"/x": item}, version="3.2.0")).api
    assert [each.method for each in api.operations] == ["GET"]
    assert [each.code for each in api.skipped] == ["method", "method"]


def test_key_that_is_no_method_is_said() -> None:
    result = lowered(tree({"/x": {"get": {}, "get\nevil": {"operationId": "m"}, "x-note": {}}}))
    assert names_of(result) == ["get_x"]
    assert len(result.said("path-item-key")) == 1


def test_path_item_by_reference() -> None:
    items = {
        "/a": {"$ref": "#/paths/~1b"},
        "/b": {"get": {"parameters": [parameter("q", "query")]}},
    }
    api = lowered(tree(items)).api
    assert [each.wire_path for each in api.operations] == ["/a", "/b"]
    assert [names(each.arguments) for each in api.operations] == [["q"], ["q"]]


def test_path_parameters_are_shared_and_overridden_by_name_and_place() -> None:
    item = {
        "parameters": [
            parameter("a", "query", {"type": "string"}),
            parameter("b", "query", {"type": "string"}),
            parameter("X-C", "header", {"type": "string"}),
        ],
        "get": {
            "parameters": [
                parameter("b", "query", {"type": "integer"}),
                parameter("b", "header", {"type": "boolean"}),
                parameter("x-c", "header", {"type": "integer"}),
            ]
        },
        "put": {},
    }
    get, put = lowered(tree({"/x": item})).api.operations
    shown = [(each.wire, each.place, each.schema["type"]) for each in get.arguments]
    assert shown == [
        ("a", "query", "string"),
        ("b", "query", "integer"),
        ("x-c", "header", "integer"),
        ("b", "header", "boolean"),
    ]
    assert [each.wire for each in put.arguments] == ["a", "b", "X-C"]


# --- names --------------------------------------------------------------------------------------


def names_of(result: Result) -> list[str]:
    return [operation.name for operation in result.api.operations]


PETS = {
    "/pets": {"get": {"operationId": "listPets", "tags": ["Pets"]}, "post": {}},
    "/pets/{id}": {"get": {"operationId": "list_pets"}},
    "/store": {"get": {"operationId": "listPets", "tags": ["store"]}},
}


def test_names_come_from_operation_ids_and_else_from_the_route() -> None:
    assert names_of(lowered(tree(PETS))) == ["get_pets", "post_pets", "list_pets", "get_store"]


def test_names_stay_whatever_is_chosen_or_skipped() -> None:
    assert names_of(lowered(tree(PETS), include=("/store",))) == ["get_store"]
    hostile = tree({**PETS, "//evil": {"get": {"operationId": "listPets"}}})
    assert names_of(lowered(hostile)) == ["get_pets", "post_pets", "list_pets", "get_store"]


def test_a_rename_is_told_a_change_of_case_is_not() -> None:
    told = lowered(tree(PETS)).said("operation-renamed")
    assert len(told) == 2
    assert "'listPets'" in told[0]
    assert "'get_pets'" in told[0]
    assert lowered(tree(PETS), include=("POST",)).said("operation-renamed") == []


def test_arguments_of_one_name_get_their_place_on_the_clash_only() -> None:
    operation = {
        "parameters": [
            parameter("id", "path"),
            parameter("id", "query"),
            parameter("id", "header"),
            parameter("self", "query"),
            parameter("pet-id", "query"),
            parameter("petId", "query"),
        ],
        "requestBody": body(
            {
                "application/json": {
                    "schema": {"type": "object", "properties": {"id": STRING, "name": STRING}}
                }
            }
        ),
    }
    result = one(operation, path="/x/{id}", method="post")
    shown = {(each.wire, each.place): each.name for each in result.only.arguments}
    assert shown["id", "path"] == "id"
    assert shown["id", "query"] == "id_query"
    assert shown["id", "header"] == "id_header"
    assert shown["id", "body"] == "id_body"
    assert shown["name", "body"] == "name"
    assert shown["self", "query"] == "self"
    assert {shown["pet-id", "query"], shown["petId", "query"]} == {"pet_id", "pet_id_query"}
    said = {(each.wire, each.place): each.schema["description"] for each in result.only.arguments}
    assert said["id", "path"] == "A string in the path"
    assert said["id", "query"] == "Optional. Goes into the query"
    assert said["id", "header"] == "Optional. Goes into a header"
    assert said["id", "body"] == "Optional. Goes into the body"
    assert said["pet-id", "query"].endswith('Sent as "pet-id"')
    assert said["petId", "query"].endswith('Sent as "petId"')


def test_clashing_arguments_say_their_place_whatever_else_is_said() -> None:
    said = {"description": "The pet. " + "It is described at length. " * 200}
    operation = {
        "parameters": [{**parameter("id", "path"), **said}, {**parameter("id", "query"), **said}]
    }
    result = one(operation, path="/x/{id}")
    first, second = (each.schema["description"] for each in result.only.arguments)
    assert first.endswith("Goes into the path")
    assert second.endswith("Goes into the query")


def listed(path: str, operation_id: str, method: str = "get", **more: Any) -> Any:
    return {path: {method: {"operationId": operation_id, **more}}}


@pytest.mark.parametrize(
    ("path", "method", "given", "name"),
    [
        ("/orders", "get", "list_orders_orders_get", "list_orders"),
        ("/orders/", "get", "list_orders_orders__get", "list_orders"),
        ("/", "get", "root__get", "root"),
        ("/items/{item_id}", "put", "update_items__item_id__put", "update"),
        ("/v1/files/{file_path}", "get", "read-file_v1_files__file_path__get", "read_file"),
        ("/a.b/c-d", "post", "doIt_a_b_c_d_post", "do_it"),
        # a route of several methods: each has the id of one of them
        ("/items", "post", "handle_items_get", "handle"),
        ("/orders", "get", "orders_get", "orders_get"),  # no function would be left
        ("/orders", "get", "list_order_get", "list_order_get"),
    ],
)
def test_default_ids_of_fastapi_are_undone(path: str, method: str, given: str, name: str) -> None:
    result = lowered(tree(listed(path, given, method)))
    assert names_of(result) == [name]
    assert result.said("operation-renamed") == []


def test_functions_of_one_name_are_told_apart_by_their_paths() -> None:
    document = {
        **listed("/orders", "list_orders_get"),
        **listed("/users", "list_users_get"),
        **listed("/users/{id}/orders", "list_users__id__orders_get"),
    }
    assert names_of(lowered(tree(document))) == ["list_orders", "list_", "list_users_id_orders"]


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ({"tags": ["Status"]}, "get_status"),
        ({"tags": ["default"], "summary": "Read the root"}, "read_the_root"),
        ({"summary": "A sentence that is much too long to be a name of a tool"}, "get"),
        ({"tags": ["Status"], "operationId": "ping"}, "ping"),
        ({}, "get"),
    ],
)
def test_an_operation_at_the_root_is_named_by_what_is_said_of_it(operation: Any, name: str) -> None:
    assert names_of(lowered(tree({"/": {"get": operation}}))) == [name]


# --- choosing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("include", "exclude", "kept"),
    [
        (["tag:pets"], [], ["get_pets"]),
        (["/pets*"], [], ["get_pets", "post_pets", "list_pets"]),
        (["/pets/{id}"], [], ["list_pets"]),
        (["GET"], ["/store"], ["get_pets", "list_pets"]),
        (["GET /pets*"], [], ["get_pets", "list_pets"]),
        (["POST /pets"], [], ["post_pets"]),
        (["listPets"], [], ["get_pets", "get_store"]),
        (["list_*"], [], ["list_pets"]),
        (["get_s???e"], [], ["get_store"]),
        ([], ["tag:STORE", "POST"], ["get_pets", "list_pets"]),
        (["tag:pets", "/store"], [], ["get_pets", "get_store"]),
    ],
)
def test_include_and_exclude(include: list[str], exclude: list[str], kept: list[str]) -> None:
    result = lowered(tree(PETS), include=tuple(include), exclude=tuple(exclude))
    assert names_of(result) == kept
    assert result.api.excluded == 4 - len(kept)
    assert "selection-unused" not in result.codes


def test_pattern_without_a_match_is_said_and_an_empty_choice_refused() -> None:
    result = lowered(tree(PETS), include=("/store", "/shop"))
    assert result.said("selection-unused") == ["'/shop' matches no operation"]
    assert refused(tree(PETS), include=("nothing",)) == "no-operations"


def test_excluded_operations_are_never_looked_at() -> None:
    broken = {"get": {"parameters": [{"$ref": "#/components/parameters/Nope"}]}}
    value = tree({"/x": {"get": {}}, "/broken": broken})
    assert lowered(value).said("reference-missing")
    assert not lowered(value, exclude=("/broken",)).said("reference-missing")
    assert names_of(lowered(value, exclude=("/broken",))) == ["get_x"]


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize("paths", [[], "x", None])
def test_wrong_shapes_refuse_the_document(paths: Any) -> None:
    value = tree({})
    value["paths"] = paths
    assert refused(value)


def test_document_without_operations_is_an_empty_api() -> None:
    result = lowered(tree({"/x": {"summary": "Nothing here."}}))
    assert (result.api.operations, result.api.skipped) == ((), ())


@pytest.mark.parametrize(
    "operation",
    [
        {"parameters": [{"$ref": "#/components/parameters/Nope"}]},
        {"requestBody": {"$ref": "#/components/requestBodies/Nope"}},
        {"parameters": [parameter("q", "query", {"$ref": "#/components/schemas/Nope"})]},
        {
            "requestBody": body(
                {"application/json": {"schema": {"$ref": "#/components/schemas/Nope"}}}
            )
        },
    ],
)
def test_reference_to_nothing_in_a_request_costs_the_operation(operation: dict[str, Any]) -> None:
    result = lowered(tree({"/x": {"post": operation, "get": {}}}))
    assert names_of(result) == ["get_x"]
    [skipped] = result.api.skipped
    assert (skipped.method, skipped.code) == ("POST", "reference-missing")
    assert skipped.place.pointer.startswith("#/paths/~1x/post/")


def test_reference_to_nothing_in_an_answer_is_a_warning() -> None:
    schema = {"$ref": "#/components/schemas/Nope"}
    responses = {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}
    result = one({"responses": responses})
    assert result.only.returns == ir.Plain("Any")
    assert [each for each in result.report if each.severity.label == "warning"]
    result = one({"responses": {"200": {"$ref": "#/components/responses/Nope"}}})
    assert result.only.name == "get_x"
    assert "answer-reference" in result.codes


@pytest.mark.parametrize(
    ("items", "skipped"),
    [
        ({"x": []}, ("*", "/x", "operation-shape")),
        ({}, ("*", "/x", "reference-missing")),
        ({"x": {"get": "y"}}, ("GET", "/x", "operation-shape")),
        ({"x": {"get": None}}, ("GET", "/x", "operation-shape")),
        ({"x": {"$ref": "#/paths/~1x"}}, ("*", "/x", "reference-cycle")),
        ({"x": {"$ref": 5}}, ("*", "/x", "reference-malformed")),
    ],
)
def test_path_items_of_other_shapes_cost_themselves_also_behind_a_reference(
    items: Any, skipped: tuple[str, str, str]
) -> None:
    paths = {"/x": {"$ref": "#/x-items/x"}, "/y": {"get": {}}}
    result = lowered({**tree(paths), "x-items": items})
    assert names_of(result) == ["get_y"]
    assert [(s.method, s.path, s.code) for s in result.api.skipped] == [skipped]
    assert len(result.said(skipped[2])) == 1


def test_trace_cannot_have_a_body() -> None:
    operation = {"requestBody": body({"application/json": {"schema": STRING}})}
    result = lowered(tree({"/x": {"trace": operation, "get": {}}}))
    assert [each.code for each in result.api.skipped] == ["method"]


# --- answers ------------------------------------------------------------------------------------


def returned(**responses: Any) -> ir.Operation:
    answers = {
        status.strip("_"): {"description": "", **({"content": content} if content else {})}
        for status, content in responses.items()
    }
    return one({"responses": answers}).only


def test_answers_have_types() -> None:
    number = {"application/json": {"schema": {"type": "number"}}}
    text = {"text/plain": {"schema": STRING}}
    assert returned(_200=number).returns == ir.Plain("float")
    assert returned(_200=text).returns == ir.Plain("str")
    assert returned(_200={"image/png": {}}).returns == ir.Plain("bytes")
    assert returned(_204=None).returns == ir.Plain("None")
    assert returned(_200=number, _204=None).returns == ir.Either(
        (ir.Plain("float"), ir.Plain("None"))
    )
    assert returned(_200={"text/event-stream": {}}).returns == ir.Listed(ir.Plain("Any"))
    assert returned(_200={"application/jsonl": {}}).returns == ir.Listed(ir.Plain("Any"))
    assert returned(default=number).returns == ir.Plain("float")
    assert returned(_2XX=number, default=text).returns == ir.Plain("float")
    assert returned(_404=text).returns == ir.Plain("Any")
    assert returned(_200=None).returns == ir.Plain("None")
    assert returned(_202=None, _204=None).returns == ir.Plain("None")
    assert returned(default=None).returns == ir.Plain("Any")
    assert returned(_204=None, _205=None).returns == ir.Plain("None")


def test_json_is_asked_for_where_it_is_offered() -> None:
    json_type = {"application/vnd.shop+json": {"schema": STRING}}
    assert returned(_200={"text/csv": {}, **json_type}).accept == "application/vnd.shop+json"
    assert (
        returned(_200={"text/csv": {}, "application/pdf": {}}).accept == "text/csv, application/pdf"
    )
    assert returned(_204=None).accept == "application/json"


def test_each_answer_has_a_content_of_its_own() -> None:
    number = {"application/json": {"schema": {"type": "number"}}}
    later = returned(_202={"text/plain": {}}, _200={**number, "text/csv": {}})
    assert later.returns == ir.Either((ir.Plain("float"), ir.Plain("str")))
    assert later.accept == "application/json, text/plain"


# --- reports ------------------------------------------------------------------------------------


def test_listing_reconciles_and_is_json() -> None:
    value = tree({**PETS, "//evil": {"get": {}}})
    result = lowered(value, exclude=("/store",))
    listing = json.loads(json.dumps(operations_report(result.api, result.report)))
    counts = [len(listing["operations"]), len(listing["skipped"]), listing["excluded"]]
    assert counts == [3, 1, 1]
    assert sum(counts) == sum(len(item) for item in value["paths"].values())
    operation = listing["operations"][2]
    assert {key: operation[key] for key in ("name", "method", "path", "pointer")} == {
        "name": "list_pets",
        "method": "GET",
        "path": "/pets/{id}",
        "pointer": "#/paths/~1pets~1{id}/get",
    }
    assert operation["arguments"] == [{"name": "id", "wire": "id", "in": "path", "required": True}]
    assert set(listing["skipped"][0]) == {"method", "path", "pointer", "code", "reason", "remedy"}
    assert {each["severity"] for each in listing["diagnostics"]} >= {"warning"}


def test_texts_reach_the_tool_plain() -> None:
    operation = {
        "summary": "List **pets**",
        "description": "<p>Gives all pets. Sorted by name. Third sentence.</p>",
        "deprecated": True,
    }
    only = one(operation).only
    assert only.summary.startswith("List pets")
    assert only.description.startswith("List pets")
    assert only.description.endswith(". Deprecated.")
    assert "Third sentence" in only.description
    assert only.deprecated
    assert one({}).only.description
