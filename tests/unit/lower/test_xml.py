"""XML bodies: the hints of a schema, gathered into one description."""

from __future__ import annotations

from typing import Any

import pytest
from toolbind import ir

from tests.unit.lower.lowering import STRING, Result, body, lowered, one, tree

PET = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": STRING, "age": {"type": "integer"}},
}


def xml_of(schema: dict[str, Any], **components: Any) -> ir.Xml:
    operation = {"requestBody": body({"application/xml": {"schema": schema}}, required=True)}
    result = one(operation, method="post", components={"schemas": components})
    assert result.only.body is not None
    found = result.only.body.xml
    assert found is not None
    return found


def test_xml_hints_are_gathered() -> None:
    schema = {
        "type": "object",
        "xml": {"name": "pet", "namespace": "https://shop.example.org", "prefix": "s"},
        "properties": {
            "id": {"type": "integer", "xml": {"attribute": True}},
            "name": {"type": "string", "xml": {"name": "title", "prefix": "s"}},
            "plain": STRING,
            "tags": {
                "type": "array",
                "xml": {"wrapped": True, "name": "labels"},
                "items": {"type": "string"},
            },
            "photos": {"type": "array", "items": {"type": "string", "xml": {"name": "photo"}}},
        },
    }
    assert xml_of(schema) == ir.Xml(
        "pet",
        "https://shop.example.org",
        "s",
        members=(
            ("id", ir.Xml(attribute=True)),
            ("name", ir.Xml("title", prefix="s")),
            ("tags", ir.Xml("labels", wrapped=True, items=ir.Xml("labels"))),
            ("photos", ir.Xml(items=ir.Xml("photo"))),
        ),
    )


def test_xml_root_is_named_after_its_component() -> None:
    assert xml_of({"$ref": "#/components/schemas/Pet"}, Pet=PET).name == "Pet"
    assert xml_of(PET).name == "root"


def test_xml_array_at_the_root_names_its_items() -> None:
    schema = {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}, "xml": {"name": "p"}}
    assert xml_of(schema, Pet=PET) == ir.Xml("p", items=ir.Xml("p"))
    named = {"type": "array", "items": {**PET, "xml": {"name": "pet"}}, "xml": {"name": "pets"}}
    assert xml_of(named).items == ir.Xml("pet")


def test_xml_members_of_alternatives_and_node_types() -> None:
    one = {"type": "object", "properties": {"a": {"type": "string", "xml": {"name": "s:A"}}}}
    two = {"type": "object", "properties": {"b": {"type": "string", "xml": {"nodeType": "text"}}}}
    schema = {"xml": {"name": "x"}, "oneOf": [one, two]}
    assert xml_of(schema).members == (("a", ir.Xml("A")), ("b", ir.Xml(text=True)))


@pytest.mark.parametrize("levels", [90, 130])
def test_xml_is_bounded_in_depth_and_size(levels: int) -> None:
    deep: dict[str, Any] = {"type": "string"}
    for _ in range(levels):
        deep = {"type": "object", "properties": {"x": deep}}
    wide = {
        f"L{n}": {
            "type": "object",
            "properties": {
                side: {"$ref": f"#/components/schemas/L{n + 1}", "xml": {"name": side}}
                for side in ("a", "b")
            },
        }
        for n in range(30)
    }
    wide["L30"] = {"type": "string", "xml": {"attribute": True}}
    paths = {
        path: {"post": {"requestBody": body({"text/xml": {"schema": schema}}, required=True)}}
        for path, schema in (("/d", deep), ("/w", {"$ref": "#/components/schemas/L0"}))
    }
    skipped = lowered(tree({**paths, "/y": {"get": {}}}, components={"schemas": wide})).api.skipped
    assert {each.code for each in skipped} == {"xml-hints"}
    assert [each.path for each in skipped] == (["/w"] if levels < 100 else ["/d", "/w"])


@pytest.mark.parametrize("name", ["a b", "1x", "<x>", "x:y:z"])
def test_name_that_xml_forbids_is_skipped(name: str) -> None:
    operation = {"requestBody": body({"text/xml": {"schema": {**PET, "xml": {"name": name}}}})}
    api = lowered(tree({"/x": {"post": operation}, "/y": {"get": {}}})).api
    assert [each.code for each in api.skipped] == ["xml-hints"]


def test_xml_prefix_without_a_namespace_is_dropped() -> None:
    assert xml_of({**PET, "xml": {"name": "pet", "prefix": "s"}}).prefix == ""


def test_xml_hints_beside_a_reference_and_in_all_of() -> None:
    tag = {"type": "object", "properties": {"key": STRING}}
    items = {"allOf": [{"$ref": "#/components/schemas/Tag"}, {"xml": {"name": "Tag"}}]}
    schema = {"type": "object", "properties": {"tags": {"type": "array", "items": items}}}
    assert xml_of(schema, Tag=tag).members == (("tags", ir.Xml(items=ir.Xml("Tag"))),)


def test_xml_hints_of_one_place_are_not_those_of_another() -> None:
    named = {"allOf": [{"$ref": "#/components/schemas/Key"}, {"xml": {"name": "Key"}}]}
    plain = {"allOf": [{"$ref": "#/components/schemas/Key"}, {"description": "A key."}]}
    schema = {
        "type": "object",
        "properties": {"one": plain, "more": {"type": "array", "items": named}},
    }
    assert xml_of(schema, Key=STRING).members == (("more", ir.Xml(items=ir.Xml("Key"))),)


def test_xml_hints_of_parts_that_declare_one_member_are_joined() -> None:
    first = {"properties": {"a": {"type": "string", "xml": {"attribute": True, "name": "x"}}}}
    second = {"properties": {"a": {"type": "string", "xml": {"name": "b"}}}}
    members = xml_of({"type": "object", "allOf": [first, second]}).members
    assert members == (("a", ir.Xml("b", attribute=True)),)


def test_recursive_xml_without_hints_is_fine_and_with_hints_is_skipped() -> None:
    def tree_of(xml: dict[str, Any]) -> Result:
        node = {
            "type": "object",
            "properties": {
                "label": {"type": "string", **xml},
                "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
            },
        }
        schema = {"$ref": "#/components/schemas/Node"}
        operation = {"requestBody": body({"application/xml": {"schema": schema}}, required=True)}
        paths = {"/x": {"post": operation}, "/y": {"get": {}}}
        return lowered(tree(paths, components={"schemas": {"Node": node}}))

    assert tree_of({}).api.skipped == ()
    skipped = tree_of({"xml": {"attribute": True}}).api.skipped
    assert [each.code for each in skipped] == ["xml-hints"]
