"""Types of schemas: expressions, names, directions, recursion."""

from __future__ import annotations

from typing import Any

import pytest
from toolbind.ir import (
    Choice,
    Either,
    Listed,
    Mapped,
    Member,
    Named,
    Plain,
    TypeDefinition,
    TypeRef,
)
from toolbind.lower.schemas import Direction
from toolbind.lower.types import Types
from toolbind.read import ReferenceFailure

from tests.unit.lower.schema_support import Bench, bench, ref

STRING = {"type": "string"}
INTEGER = {"type": "integer"}
STR, INT, FLOAT, ANY, NONE = map(Plain, ("str", "int", "float", "Any", "None"))
BOTH: tuple[Direction, ...] = ("request", "response")


def typed(
    held: Bench, *wanted: tuple[str, Direction]
) -> tuple[list[TypeRef], dict[str, TypeDefinition]]:
    """The types of some components, and all definitions by name."""
    types = Types(held.schemas)
    for component, direction in wanted:
        types.want(held.node(component), direction)
    types.settle()
    references = [types.reference(held.node(c), direction) for c, direction in wanted]
    return references, {each.name: each for each in types.definitions()}


def expression(schema: Any, version: str = "3.1", **components: Any) -> TypeRef:
    (reference,), _ = typed(bench(schema, version, **components), ("Root", "response"))
    return reference


def members(definition: TypeDefinition) -> dict[str, tuple[TypeRef, bool]]:
    assert definition.members is not None
    return {member.wire: (member.type, member.required) for member in definition.members}


@pytest.mark.parametrize(
    ("schema", "type_"),
    [
        (STRING, STR),
        (INTEGER, INT),
        ({"type": "number"}, FLOAT),
        ({"type": "boolean"}, Plain("bool")),
        ({"type": "null"}, NONE),
        ({"type": "string", "format": "binary"}, STR),
        ({"type": "string", "format": "byte"}, STR),
        ({}, ANY),
        (True, ANY),
        (False, ANY),
        ({"type": "object"}, Mapped(ANY)),
        ({"type": "object", "additionalProperties": INTEGER}, Mapped(INT)),
        ({"type": "array"}, Listed(ANY)),
        ({"type": "array", "items": STRING}, Listed(STR)),
        ({"items": STRING}, Listed(STR)),
        (
            {"type": "array", "prefixItems": [STRING, INTEGER], "items": STRING},
            Listed(Either((STR, INT))),
        ),
        ({"type": "array", "prefixItems": [STRING]}, Listed(ANY)),
        ({"type": ["string", "null"]}, Either((STR, NONE))),
        ({"type": ["null", "array"], "items": STRING}, Either((Listed(STR), NONE))),
        ({"enum": ["a", "b"]}, Choice(("a", "b"))),
        ({"enum": ["a", None]}, Either((Choice(("a",)), NONE))),
        ({"enum": [None]}, NONE),
        ({"const": 1}, Choice((1,))),
        ({"enum": [1, True]}, Choice((1, True))),
        ({"enum": [1.5]}, FLOAT),
        ({"enum": [[1]]}, Listed(ANY)),
        ({"anyOf": [STRING, INTEGER]}, Either((STR, INT))),
        ({"oneOf": [STRING, {"type": "null"}]}, Either((STR, NONE))),
        ({"anyOf": [INTEGER, {"type": "number", "minimum": 2}]}, FLOAT),
        ({"anyOf": [{"const": "a"}, {"const": "b"}]}, Choice(("a", "b"))),
        ({"anyOf": [STRING, {}]}, ANY),
        ({"allOf": [STRING, {"minLength": 1}]}, STR),
    ],
)
def test_types_are_written_in_place(schema: Any, type_: TypeRef) -> None:
    assert expression(schema) == type_


def test_3_0_nullable_is_none() -> None:
    assert expression({"type": "string", "nullable": True}, "3.0") == Either((STR, NONE))


def test_components_are_named_after_themselves_and_inline_objects_after_their_place() -> None:
    pet = {
        "type": "object",
        "description": "A *pet*. Barks. Bites.",
        "properties": {
            "name": {**STRING, "description": "What it is called."},
            "home_address": {"type": "object", "properties": {"city": STRING}},
            "friends": {
                "type": "array",
                "items": {"type": "object", "properties": {"id": INTEGER}},
            },
            "extra": {"type": "object", "additionalProperties": {"properties": {"x": STRING}}},
        },
        "required": ["name", "undeclared"],
    }
    components: dict[str, Any] = {"pet_v1.base": pet}
    held = bench({"type": "array", "items": ref("pet_v1.base")}, **components)
    (reference,), found = typed(held, ("Root", "response"))
    assert reference == Listed(Named("PetV1Base"))
    assert list(found) == [
        "PetV1Base",
        "PetV1BaseExtraValue",
        "PetV1BaseFriendsItem",
        "PetV1BaseHomeAddress",
    ]
    assert found["PetV1Base"].description == "A pet. Barks."
    assert found["PetV1Base"].members is not None
    assert found["PetV1Base"].members[0] == Member("name", STR, True, "What it is called.")
    assert members(found["PetV1Base"])["undeclared"] == (ANY, True)
    assert members(found["PetV1Base"])["home_address"] == (Named("PetV1BaseHomeAddress"), False)
    assert members(found["PetV1Base"])["extra"] == (Mapped(Named("PetV1BaseExtraValue")), False)


def test_names_do_not_depend_on_what_else_is_wanted_first() -> None:
    one = {
        "type": "object",
        "properties": {"bar_baz": {"type": "object", "properties": {"x": STRING}}},
    }
    two = {"type": "object", "properties": {"baz": {"type": "object", "properties": {"y": STRING}}}}
    held = bench({}, Foo=one, FooBar=two)
    _, first = typed(held, ("Foo", "response"), ("FooBar", "response"))
    _, second = typed(held, ("FooBar", "response"), ("Foo", "response"))
    assert first == second
    assert len(first) == 4


def test_recursion_goes_by_name() -> None:
    node = {"type": "object", "properties": {"kids": {"type": "array", "items": ref("Root")}}}
    (reference,), found = typed(bench(node), ("Root", "response"))
    assert reference == Named("Root")
    assert members(found["Root"]) == {"kids": (Listed(Named("Root")), False)}


def test_recursion_without_an_object_gets_a_name() -> None:
    json_value = {"anyOf": [STRING, {"type": "array", "items": ref("Root")}]}
    (reference,), found = typed(bench(json_value), ("Root", "response"))
    assert reference == Named("Root")
    assert found["Root"].members is None
    assert found["Root"].alias == Either((STR, Listed(Named("Root"))))


def test_long_types_get_a_name() -> None:
    values = [f"value_number_{index}" for index in range(10)]
    schema = {"type": "object", "properties": {"state": {"enum": values}, "short": {"enum": ["a"]}}}
    _, found = typed(bench(schema), ("Root", "response"))
    assert members(found["Root"])["state"] == (Named("RootState"), False)
    assert found["RootState"].alias == Choice(tuple(values))
    assert members(found["Root"])["short"] == (Choice(("a",)), False)


def test_deep_nests_get_names() -> None:
    schema: Any = STRING
    for _ in range(200):
        schema = {"type": "array", "items": schema}
    (reference,), found = typed(bench(schema), ("Root", "response"))
    assert isinstance(reference, Named)
    assert 10 < len(found) < 60


def test_all_of_is_one_type_and_wrappers_are_none() -> None:
    base = {"type": "object", "properties": {"id": INTEGER}, "required": ["id"]}
    dog = {"allOf": [ref("Base"), {"properties": {"name": STRING, "id": {"minimum": 1}}}]}
    holder = {
        "type": "object",
        "properties": {
            "dog": {"allOf": [ref("Dog")], "description": "Ours.", "nullable": True},
            "base": {**ref("Base"), "description": "Theirs."},
        },
    }
    _, found = typed(bench(holder, Base=base, Dog=dog), ("Root", "response"))
    assert members(found["Root"]) == {
        "dog": (Either((Named("Dog"), NONE)), False),
        "base": (Named("Base"), False),
    }
    assert members(found["Dog"]) == {"id": (INT, True), "name": (STR, False)}
    assert "DogId" not in found


def test_alternatives_keep_their_names() -> None:
    cat = {"type": "object", "properties": {"lives": INTEGER}}
    dog = {"type": "object", "properties": {"tricks": INTEGER}}
    choice = {"oneOf": [ref("Cat"), ref("Dog"), {"type": "null"}]}
    assert expression(choice, Cat=cat, Dog=dog) == Either((Named("Cat"), Named("Dog"), NONE))
    assert expression({"anyOf": [STRING, ref("Cat")]}, Cat=cat) == Either((STR, Named("Cat")))


def test_alternatives_beside_members_are_joined_with_them() -> None:
    option = {"properties": {"extra": STRING}, "required": ["extra"]}
    other = {"properties": {"more": INTEGER}}
    base = {"type": "object", "properties": {"id": INTEGER}, "required": ["id"]}
    (reference,), found = typed(bench({**base, "anyOf": [option, other]}), ("Root", "response"))
    assert reference == Either((Named("RootOption1"), Named("RootOption2")))
    assert members(found["RootOption1"]) == {"extra": (STR, True), "id": (INT, True)}
    assert members(found["RootOption2"]) == {"more": (INT, False), "id": (INT, True)}


# --- directions --------------------------------------------------------------------------------

PET = {
    "type": "object",
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "secret": {"type": "string", "writeOnly": True},
        "name": STRING,
    },
    "required": ["id", "name", "secret"],
}


def test_each_direction_has_its_form() -> None:
    references, found = typed(bench(PET), ("Root", "request"), ("Root", "response"))
    assert references == [Named("RootInput"), Named("Root")]
    assert members(found["Root"]) == {"id": (INT, True), "name": (STR, True)}
    assert members(found["RootInput"]) == {"secret": (STR, True), "name": (STR, True)}


def test_forms_reach_through_what_holds_them_and_no_further() -> None:
    holder = {"type": "object", "properties": {"pet": ref("Pet"), "tag": ref("Tag")}}
    tag = {"type": "object", "properties": {"word": STRING}}
    held = bench(holder, Pet=PET, Tag=tag)
    _, found = typed(held, ("Root", "request"), ("Root", "response"))
    assert list(found) == ["Pet", "PetInput", "Root", "RootInput", "Tag"]
    assert members(found["RootInput"])["pet"] == (Named("PetInput"), False)
    assert members(found["RootInput"])["tag"] == (Named("Tag"), False)


def test_what_only_a_hidden_member_reaches_is_not_defined() -> None:
    inner = {"type": "object", "properties": {"x": STRING}}
    holder = {"type": "object", "properties": {"a": {**ref("In"), "readOnly": True}, "b": STRING}}
    _, found = typed(bench(holder, In=inner), ("Root", "request"))
    assert list(found) == ["RootInput"]


def test_objects_that_take_other_members_as_well_may_be_sent_as_dicts() -> None:
    schema = {"type": "object", "properties": {"a": STRING}, "additionalProperties": True}
    references, _ = typed(bench(schema), ("Root", "request"))
    assert references == [Either((Named("Root"), Mapped(ANY)))]
    references, _ = typed(bench(schema), ("Root", "request"), ("Root", "response"))
    assert references == [Either((Named("Root"), Mapped(ANY))), Named("Root")]


# --- references to nowhere -----------------------------------------------------------------------


def test_a_lost_reference_is_any_in_answers_and_fails_in_requests() -> None:
    held = bench({"type": "object", "properties": {"a": ref("None"), "b": STRING}})
    (reference,), found = typed(held, ("Root", "response"))
    assert reference == Named("Root")
    assert members(found["Root"]) == {"a": (ANY, False), "b": (STR, False)}
    assert held.codes == ["type-unknown"]
    with pytest.raises(ReferenceFailure):
        Types(held.schemas).want(held.node(), "request")


def test_only_what_is_wanted_is_defined() -> None:
    held = bench({"type": "object", "properties": {"a": STRING}}, Other=PET)
    _, found = typed(held, ("Root", "response"))
    assert list(found) == ["Root"]


def test_what_is_required_of_no_part_is_in_the_type_of_the_whole() -> None:
    schema = {
        "allOf": [{"type": "object", "properties": {"name": STRING}}, {"required": ["owner"]}],
        "required": ["name"],
    }
    for direction in BOTH:
        _, found = typed(bench(schema), ("Root", direction))
        assert members(found["Root"]) == {"name": (STR, True), "owner": (ANY, True)}
    hidden = {
        "type": "object",
        "properties": {"id": {"type": "string", "readOnly": True}, "name": STRING},
        "required": ["id", "name"],
    }
    _, found = typed(bench(hidden), ("Root", "request"))
    assert members(found["RootInput"]) == {"name": (STR, True)}
