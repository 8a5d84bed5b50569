"""Tools and rows: the data of a module, in the shapes that the runtime declares."""

from __future__ import annotations

from typing import Any, get_type_hints

import pytest
from toolbind import ir
from toolbind.present.rows import operation_row, scheme_row, tool
from toolbind_runtime.contract import BodyRow, OperationRow, SchemeRow, Tool, ValueRow, XmlRow
from toolbind_runtime.request.operation import Operation

from tests.unit.present.apis import argument, everything, operation, petstore


def test_a_tool_has_name_description_and_parameters() -> None:
    _, getting, creating = petstore().operations
    assert tool(getting) == {
        "name": "get_pet",
        "description": "One pet.",
        "parameters": {
            "type": "object",
            "properties": {"pet_id": {"type": "integer", "description": "The pet."}},
            "required": ["pet_id"],
        },
    }
    assert list(tool(creating)["parameters"]["properties"]) == ["name", "owner", "photo"]
    assert tool(creating)["parameters"]["required"] == ["name"]


def test_rows_leave_out_what_is_the_default() -> None:
    store = petstore()
    rows = [operation_row(each, store.security) for each in store.operations]
    assert rows == [
        {
            "method": "GET",
            "path": "/pets",
            "arguments": {
                "limit": {"in": "query"},
                "tags": {"in": "query"},
                "status": {"in": "query"},
            },
            "tags": ["pets"],
        },
        {
            "method": "GET",
            "path": "/pets/{pet_id}",
            "arguments": {"pet_id": {"in": "path", "wire": "petId"}},
            "security": [[]],
        },
        {
            "method": "POST",
            "path": "/pets",
            "arguments": {
                "name": {"in": "body"},
                "owner": {"in": "body"},
                "photo": {"in": "file", "media_type": "image/png", "binary": True},
            },
            "constants": [{"in": "body", "wire": "kind", "value": "pet"}],
            "body": {"media_type": "multipart/form-data", "required": True},
        },
    ]


@pytest.mark.parametrize(
    ("place", "encoding", "row"),
    [
        ("query", ir.Encoding("form", True), {}),
        ("query", ir.Encoding("form", False), {"explode": False}),
        ("query", ir.Encoding("deepObject", True), {"style": "deepObject", "explode": True}),
        ("query", ir.Encoding("pipeDelimited", False), {"style": "pipeDelimited"}),
        ("query", ir.Encoding("form", True, allow_reserved=True), {"allow_reserved": True}),
        ("query", ir.Encoding(media_type="application/json"), {"media_type": "application/json"}),
        ("cookie", ir.Encoding("form", True), {}),
        ("path", ir.Encoding("simple", False), {}),
        ("path", ir.Encoding("simple", True), {"explode": True}),
        ("path", ir.Encoding("label", False), {"style": "label"}),
        ("path", ir.Encoding("form", True), {"style": "form"}),
        ("header", ir.Encoding("simple", False), {}),
        ("body", ir.Encoding(), {}),
        ("body", ir.Encoding("form", True), {"style": "form"}),
        ("body", ir.Encoding("form", False), {"style": "form", "explode": False}),
        (
            "file",
            ir.Encoding(media_type="image/png", binary=True, headers=(("X-A", "b"),)),
            {"media_type": "image/png", "binary": True, "headers": {"X-A": "b"}},
        ),
    ],
)
def test_encodings(place: ir.ArgumentPlace, encoding: ir.Encoding, row: dict[str, Any]) -> None:
    one = operation("get", "get", "/", argument("a", place, ir.Plain("str"), {}, encoding=encoding))
    assert operation_row(one, ())["arguments"] == {"a": {"in": place, **row}}


def conforms(row: dict[str, Any], shape: Any) -> None:
    hints = get_type_hints(shape)
    assert set(shape.__required_keys__) <= set(row) <= set(hints), (shape, row)


def xml_conforms(row: dict[str, Any]) -> None:
    conforms(row, XmlRow)
    for each in row.get("members", {}).values():
        xml_conforms(each)
    if "items" in row:
        xml_conforms(row["items"])


@pytest.mark.parametrize("api", [petstore(), everything(str)])
def test_rows_have_the_shapes_that_the_runtime_declares(api: ir.Api) -> None:
    for each in api.operations:
        row = operation_row(each, api.security)
        conforms(row, OperationRow)
        conforms(tool(each), Tool)
        for value in (*row.get("arguments", {}).values(), *row.get("constants", ())):
            conforms(value, ValueRow)
        if "body" in row:
            conforms(row["body"], BodyRow)
            for value in row["body"].get("members", {}).values():
                conforms(value, ValueRow)
            xml_conforms(row["body"].get("xml", {}))
    for scheme in api.schemes:
        conforms(scheme_row(scheme), SchemeRow)


def test_the_runtime_builds_requests_from_rows() -> None:
    from toolbind_runtime.request.files import FileReader

    store = petstore()
    listing, getting, _ = (
        Operation(tool(each), operation_row(each, store.security))  # type: ignore[arg-type]  # plain data
        for each in store.operations
    )
    assert getting.build({"pet_id": 7}, FileReader()).path == "/pets/7"
    built = listing.build({"limit": 5, "tags": ["a", "b c"]}, FileReader())
    assert "&".join(built.query) == "limit=5&tags=a&tags=b%20c"


def test_security_stands_in_a_row_where_it_is_not_the_default() -> None:
    one = operation("get", "get", "/", security=(("a", "b"), ()))
    assert operation_row(one, ())["security"] == [["a", "b"], []]
    assert "security" not in operation_row(one, (("a", "b"), ()))
    assert operation_row(operation("get", "get", "/"), (("a",),))["security"] == []
