"""Objects whose kinds a discriminator tells apart, and that do not list them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.lower.lowering import STRING, Result, one

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
SHAPE: Any = {"$ref": "#/components/schemas/Shape"}


def made(schema: Any, mapping: Any = None, media_type: str = JSON, closed: bool = False) -> Result:
    told: dict[str, Any] = {"propertyName": "kind"}
    if mapping:
        told["mapping"] = mapping
    shape: dict[str, Any] = {
        "type": "object",
        "required": ["kind"],
        "discriminator": told,
        "properties": {"kind": STRING, "name": STRING},
    }
    if closed:
        shape["additionalProperties"] = False
    own: dict[str, Any] = {
        "Circle": {"required": ["radius"], "properties": {"radius": {"type": "number"}}},
        "Square": {"properties": {"side": {"type": "number"}}},
    }
    kinds = {name: {"allOf": [SHAPE, {"type": "object", **each}]} for name, each in own.items()}
    dot = {"allOf": [{"$ref": "#/components/schemas/Circle"}]}
    body = {"required": True, "content": {media_type: {"schema": schema}}}
    components = {"schemas": {"Shape": shape, **kinds, "Dot": dot}}
    return one({"requestBody": body}, method="post", components=components)


@pytest.mark.parametrize("media_type", [JSON, FORM])
@pytest.mark.parametrize("closed", [True, False])
def test_body_offers_what_the_kinds_add(media_type: str, closed: bool) -> None:
    result = made(SHAPE, media_type=media_type, closed=closed)
    found = {name: each.schema["description"] for name, each in result.arguments.items()}
    assert found == {
        "kind": "One of: Circle, Square, Dot",
        "name": "Optional.",
        "radius": "Optional. Needed if kind is Circle or Dot",
        "side": "Optional. Only if kind is Square",
    }
    assert [each.wire for each in result.only.arguments if each.required] == ["kind"]


def test_mapping_says_what_the_kinds_are_called() -> None:
    mapping = {"c": "#/components/schemas/Circle", "s": "Square", "dot": "Dot"}
    result = made(SHAPE, mapping)
    assert result.arguments["kind"].schema["description"] == "One of: c, s, dot"
    assert result.arguments["side"].schema["description"] == "Optional. Only if kind is s"


def test_kind_itself_has_no_kinds_of_others() -> None:
    result = made({"$ref": "#/components/schemas/Circle"})
    assert list(result.arguments) == ["kind", "name", "radius"]


@pytest.mark.parametrize("closed", [True, False])
def test_inside_an_object_the_kinds_are_told_and_accepted(closed: bool) -> None:
    schema = {"type": "object", "properties": {"shape": SHAPE}}
    shape = made(schema, closed=closed).arguments["shape"].schema
    kind = shape["properties"]["kind"]["description"]
    assert kind == "One of: Circle (with radius), Square (with side), Dot (with radius)"
    assert "additionalProperties" not in shape


def test_mapping_to_nowhere_costs_nothing() -> None:
    result = made(SHAPE, {"x": "#/components/schemas/None"})
    assert list(result.arguments) == ["kind", "name", "radius", "side"]


def test_a_member_that_one_kind_declares_and_another_only_demands() -> None:
    told = {"type": {"type": "string"}}
    kinds = {
        "Base": {"type": "object", "properties": {"name": STRING}},
        "Chat": {"properties": {**told, "channel": STRING}, "type": "object"},
        "Post": {"properties": told, "required": ["type", "channel"], "type": "object"},
    }
    ref = "#/components/schemas/"
    whole = [
        {"allOf": [{"$ref": f"{ref}Base"}, {"$ref": f"{ref}{kind}"}]} for kind in ("Chat", "Post")
    ]
    schema = {"oneOf": whole, "discriminator": {"propertyName": "type"}}
    body = {"required": True, "content": {JSON: {"schema": schema}}}
    result = one({"requestBody": body}, method="post", components={"schemas": kinds})
    assert list(result.arguments) == ["name", "type", "channel"]
