"""Bodies are flat wherever the top is an object, whatever it is composed of."""

from __future__ import annotations

from typing import Any

import pytest
from toolbind import ir

from tests.unit.lower.lowering import STRING, Result, one, sent

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PET = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": STRING, "age": {"type": "integer"}},
}
CARD = {
    "type": "object",
    "required": ["kind", "number"],
    "properties": {"kind": {"type": "string", "enum": ["card"]}, "number": STRING},
}
BANK = {
    "type": "object",
    "required": ["kind", "iban"],
    "properties": {"kind": {"type": "string", "enum": ["bank"]}, "iban": STRING, "note": STRING},
}


def flat(schema: dict[str, Any], **rest: Any) -> Result:
    return sent({JSON: {"schema": schema}}, **rest)


def places(result: Result) -> list[tuple[str, str, bool]]:
    return [(each.name, each.place, each.required) for each in result.only.arguments]


def demands(result: Result) -> tuple[ir.JsonObject, ...]:
    assert result.only.body is not None
    return result.only.body.demands


def said(result: Result, wire: str) -> str:
    return str(result.arguments[wire].schema["description"])


@pytest.mark.parametrize("open_", [True, {}, {"type": "string"}])
def test_members_that_are_not_declared_have_an_argument_of_their_own(open_: Any) -> None:
    result = flat({**PET, "additionalProperties": open_})
    assert places(result) == [
        ("name", "body", True),
        ("age", "body", False),
        ("other_fields", "members", False),
    ]
    others = result.only.arguments[2]
    assert others.schema["type"] == "object"
    assert others.schema.get("additionalProperties") == (open_ if open_ not in (True, {}) else None)
    value = ir.Plain("str") if isinstance(open_, dict) and open_ else ir.Plain("Any")
    assert others.type == ir.Mapped(value)


def test_member_that_is_required_and_not_declared_is_an_argument() -> None:
    result = flat({**PET, "required": ["name", "owner"]})
    assert places(result)[-1] == ("owner", "body", True)
    assert result.arguments["owner"].type == ir.Plain("Any")


def test_body_that_may_be_null_is_flat() -> None:
    result = flat({**PET, "nullable": True})
    assert places(result) == [("name", "body", True), ("age", "body", False)]
    assert result.only.body is not None
    assert result.only.body.null


def test_member_of_several_types_shows_one_and_accepts_all() -> None:
    schema = {
        "type": "object",
        "properties": {
            "n": {"type": "string", "nullable": True},
            "many": {"anyOf": [STRING, {"type": "array", "items": STRING}]},
        },
    }
    result = flat(schema)
    assert result.arguments["n"].also == ("null",)
    assert result.arguments["many"].also == ("string",)
    assert result.arguments["many"].schema["type"] == "array"


def test_optional_body_asks_for_its_members_together() -> None:
    result = flat(PET, required=False)
    assert places(result) == [("name", "body", False), ("age", "body", False)]
    assert said(result, "name") == "Optional. Needed if other fields of the body are given"
    assert demands(result) == ({"required": ["name"]},)


def test_constant_of_an_optional_body_goes_only_beside_others() -> None:
    kind = {"type": "string", "enum": ["dog"]}
    schema = {"type": "object", "required": ["kind"], "properties": {"kind": kind, "name": STRING}}
    (constant,) = flat(schema, required=False).only.constants
    assert constant.beside
    (constant,) = flat(schema).only.constants
    assert not constant.beside


@pytest.mark.parametrize(
    ("more", "told", "demanded"),
    [
        ({"minProperties": 1}, "Give at least one of the body's fields", {"minProperties": 1}),
        ({"maxProperties": 2}, "Give at most 2 of the body's fields", {"maxProperties": 2}),
        (
            {"anyOf": [{"required": ["age"]}, {"required": ["tag"]}]},
            "Give age or tag",
            {"anyOf": [{"required": ["age"]}, {"required": ["tag"]}]},
        ),
        (
            {"oneOf": [{"required": ["age", "size"]}, {"required": ["tag"]}]},
            "Give age and size, or tag",
            {"anyOf": [{"required": ["age", "size"]}, {"required": ["tag"]}]},
        ),
        (
            {"not": {"required": ["age", "tag"]}},
            "Never give age and tag together",
            {"not": {"required": ["age", "tag"]}},
        ),
    ],
)
def test_what_members_demand_of_each_other_is_said_and_checked(
    more: dict[str, Any], told: str, demanded: dict[str, Any]
) -> None:
    properties = {"name": STRING, "age": STRING, "tag": STRING, "size": STRING}
    schema = {"type": "object", "required": ["name"], "properties": properties, **more}
    result = flat(schema)
    assert len(result.only.arguments) == 4
    assert told in result.only.description
    assert demands(result) == (demanded,)


def test_need_that_is_always_met_is_not_told() -> None:
    result = flat({**PET, "anyOf": [{"required": ["age"]}, {"required": ["name"]}]})
    assert demands(result) == ()


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
@pytest.mark.parametrize("media_type", [JSON, FORM])
def test_alternatives_stand_side_by_side(keyword: str, media_type: str) -> None:
    result = sent({media_type: {"schema": {keyword: [CARD, BANK]}}})
    assert [(each.wire, each.required) for each in result.only.arguments] == [
        ("kind", True),
        ("number", False),
        ("iban", False),
        ("note", False),
    ]
    assert result.arguments["kind"].schema["enum"] == ["card", "bank"]
    assert result.arguments["kind"].type == ir.Choice(("card", "bank"))
    assert said(result, "number") == "Optional. Needed if kind is card"
    assert said(result, "note") == "Optional. Only if kind is bank"
    (demand,) = demands(result)
    assert demand == {
        "anyOf": [
            {"properties": {"kind": {"enum": ["card"]}}, "required": ["number"]},
            {"properties": {"kind": {"enum": ["bank"]}}, "required": ["iban"]},
        ]
    }


def test_alternatives_beside_members_of_the_object() -> None:
    schema = {**PET, "oneOf": [{"properties": {"a": STRING}}, {"properties": {"b": STRING}}]}
    assert [name for name, _, _ in places(flat(schema))] == ["name", "age", "a", "b"]
    assert demands(flat(schema)) == ()


def test_equal_members_of_alternatives_are_one() -> None:
    a = {"type": "object", "required": ["x"], "properties": {"x": STRING, "y": STRING}}
    b = {"type": "object", "required": ["y"], "properties": {"x": STRING, "y": STRING}}
    result = flat({"anyOf": [a, b]})
    assert places(result) == [("x", "body", False), ("y", "body", False)]
    assert result.arguments["x"].type == ir.Plain("str")
    assert "Give x or y" in result.only.description


def test_member_that_alternatives_spell_differently_takes_both() -> None:
    a = {"type": "object", "properties": {"x": STRING}}
    b = {"type": "object", "properties": {"x": {"type": "array", "items": STRING}}}
    argument = flat({"anyOf": [a, b]}).arguments["x"]
    assert (argument.schema["type"], argument.also) == ("array", ("string",))
    assert argument.type == ir.Either((ir.Plain("str"), ir.Listed(ir.Plain("str"))))


def test_discriminator_names_the_kinds_where_schemas_do_not() -> None:
    kinds = {
        "Cat": {"type": "object", "required": ["k"], "properties": {"k": STRING, "claws": STRING}},
        "Dog": {"type": "object", "required": ["k"], "properties": {"k": STRING, "tail": STRING}},
    }
    references = [{"$ref": f"#/components/schemas/{name}"} for name in kinds]
    schema = {"oneOf": references, "discriminator": {"propertyName": "k"}}
    operation = {"requestBody": {"required": True, "content": {JSON: {"schema": schema}}}}
    result = one(operation, method="post", components={"schemas": kinds})
    assert said(result, "claws") == "Optional. Only if k is Cat"
