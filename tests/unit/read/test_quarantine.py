"""Quarantine: what openapi-pydantic finds wrong is located, and never costs more than it must."""

from __future__ import annotations

from typing import Any

import pytest
from toolbind.read.quarantine import Kind, Problem

from tests.unit.read.reading import OK, at, document, tree

VERSIONS = ("3.0.3", "3.1.0", "3.2.0")


def judged(value: Any, kind: Kind, version: str = "3.0.3") -> Problem | None:
    read = document(tree(openapi=version, **{"x-judged": value}))
    return read.check(at(read, "x-judged"), kind)


PATH_PARAMETER = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("operation", {}),
        ("operation", {"responses": OK, "security": [], "parameters": []}),
        ("operation", {"security": [{"key": []}, {}]}),
        ("parameter", PATH_PARAMETER),
        ("parameter", {"name": "q", "in": "query", "content": {"application/json": {}}}),
        ("requestBody", {"content": {"application/json": {"schema": {"type": "object"}}}}),
        ("requestBody", {"content": {}}),
        ("securityScheme", {"type": "apiKey", "in": "header", "name": "X-Key"}),
        ("securityScheme", {"type": "oauth2", "flows": {"implicit": {"scopes": {"a": ""}}}}),
    ],
)
def test_what_is_in_order_passes(kind: Kind, value: Any, version: str) -> None:
    assert judged(value, kind, version) is None


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("kind", "value", "pointer", "message"),
    [
        ("operation", "x", "", "valid dictionary"),
        ("operation", {"parameters": {}}, "/parameters", "list"),
        ("operation", {"parameters": [PATH_PARAMETER, 5]}, "/parameters/1", "dictionary"),
        ("operation", {"requestBody": "x"}, "/requestBody", "dictionary"),
        ("operation", {"security": "key"}, "/security", "list"),
        ("operation", {"security": [{"key": "x"}]}, "/security/0/key", "list"),
        ("parameter", {"in": "query"}, "", "'name' is missing"),
        ("parameter", {"name": "a"}, "", "'in' is missing"),
        ("parameter", {"name": None, "in": "query"}, "", "'name' is missing"),
        ("parameter", {"name": "a", "in": "body"}, "/in", "'query', 'header', 'path' or 'cookie'"),
        ("parameter", {"name": ["a"], "in": "query"}, "/name", "string"),
        ("parameter", PATH_PARAMETER | {"style": 5}, "/style", "string"),
        ("parameter", PATH_PARAMETER | {"explode": "perhaps"}, "/explode", "boolean"),
        ("parameter", {"name": "a", "in": "query", "content": []}, "/content", "dictionary"),
        ("requestBody", {"required": True}, "", "'content' is missing"),
        (
            "requestBody",
            {"content": {"a/b": {"encoding": {"x": {"contentType": 5}}}}},
            "/content/a~1b/encoding/x/contentType",
            "string",
        ),
        ("securityScheme", {"in": "header"}, "", "'type' is missing"),
        ("securityScheme", {"type": "oauth2", "flows": []}, "/flows", "dictionary"),
        (
            "securityScheme",
            {"type": "oauth2", "flows": {"password": {"tokenUrl": 5}}},
            "/flows/password/tokenUrl",
            "string",
        ),
    ],
)
def test_what_is_wrong_is_located(
    kind: Kind, value: Any, pointer: str, message: str, version: str
) -> None:
    problem = judged(value, kind, version)
    assert problem is not None
    assert problem.code == "openapi-invalid"
    assert problem.place.pointer == "#/x-judged" + pointer
    assert message in problem.message


BESIDE = {
    "responses": "x",
    "callbacks": 5,
    "tags": {"a": None},
    "externalDocs": [],
    "summary": 7,
    "description": ["x"],
    "operationId": 5,
    "deprecated": "perhaps",
    "servers": "x",
    "x-anything": object.__name__,
}


def test_what_stands_beside_the_request_costs_nothing() -> None:
    for version in VERSIONS:
        assert judged(BESIDE, "operation", version) is None
        for member in ("description", "example", "examples", "deprecated", "x-y"):
            assert judged(PATH_PARAMETER | {member: 5}, "parameter", version) is None
        body = {"description": 5, "content": {"a/b": {"example": 1, "examples": 5, "x-y": []}}}
        assert judged(body, "requestBody", version) is None


@pytest.mark.parametrize(
    "schema", [{"type": 5}, {"type": "nonsense"}, {"required": True}, {"minimum": "x"}, "x", [], 5]
)
def test_schemas_are_judged_elsewhere_keyword_by_keyword(schema: Any) -> None:
    for version in VERSIONS:
        assert judged(PATH_PARAMETER | {"schema": schema}, "parameter", version) is None
        body = {"content": {"application/json": {"schema": schema}}}
        assert judged(body, "requestBody", version) is None


def test_inline_parameters_and_bodies_are_judged_by_themselves() -> None:
    """So that one that is optional can be left out without its operation."""
    operation = {"parameters": [{"in": "nowhere"}], "requestBody": {"content": 5}}
    assert judged(operation, "operation") is None


def test_members_that_are_null_count_as_absent() -> None:
    assert judged(PATH_PARAMETER | {"style": None, "explode": None}, "parameter") is None
    assert judged({"content": {"a/b": None}}, "requestBody") is not None


def test_what_3_2_adds_passes() -> None:
    whole = {"name": "q", "in": "querystring", "content": {"application/json": {}}}
    assert judged(whole, "parameter", "3.2.0") is None
    entry = {"$ref": "#/components/mediaTypes/Pet"}
    assert judged({"content": {"application/json": entry}}, "requestBody", "3.2.0") is None
    device = {"deviceAuthorization": {"deviceAuthorizationUrl": "x", "tokenUrl": "y", "scopes": 1}}
    assert judged({"type": "oauth2", "flows": device}, "securityScheme", "3.2.0") is None


def test_each_object_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from openapi_pydantic.v3 import v3_0

    calls: list[object] = []
    original = v3_0.Parameter.model_validate

    def counting(value: object) -> object:
        calls.append(value)
        return original(value)

    monkeypatch.setattr(v3_0.Parameter, "model_validate", counting)
    read = document(tree() | {"x-judged": {"a": PATH_PARAMETER, "b": {"in": "x"}}})
    for _ in range(3):
        assert read.check(at(read, "x-judged", "a"), "parameter") is None
        assert read.check(at(read, "x-judged", "b"), "parameter") is not None
    assert len(calls) == 2
