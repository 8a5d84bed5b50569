"""References inside one document: wherever they lead, and where they lead nowhere."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind.read import Document, Node
from toolbind.read.pointers import join, to_fragment

from tests.unit.read.reading import at, document, failure, tree


def schemas(given: dict[str, Any], version: str = "3.0.3", **root: Any) -> Document:
    return document(tree(openapi=version, components={"schemas": given}, **root))


def schema(read: Document, *keys: str | int) -> Node:
    return at(read, "components", "schemas", *keys)


def pointer(read: Document, name: str) -> str:
    return read.resolve(schema(read, name)).pointer


def test_a_chain_leads_to_its_end_and_a_step_to_the_next() -> None:
    read = schemas(
        {
            "A": {"$ref": "#/components/schemas/B", "description": "beside"},
            "B": {"$ref": "#/components/schemas/C"},
            "C": {"type": "string"},
        }
    )
    assert pointer(read, "A") == "#/components/schemas/C"
    assert read.target(schema(read, "A")).pointer == "#/components/schemas/B"
    assert read.resolve(schema(read, "C")) == schema(read, "C")
    assert read.target(schema(read, "C")) == schema(read, "C")
    assert read.identity(read.resolve(schema(read, "A"))) == ("shop.json", "#/components/schemas/C")


def test_a_chain_of_thousands_ends_without_recursion() -> None:
    count = 3000
    chain: dict[str, Any] = {
        f"S{i}": {"$ref": f"#/components/schemas/S{i + 1}"} for i in range(count)
    }
    read = schemas(chain | {f"S{count}": {"type": "string"}})
    assert pointer(read, "S0") == f"#/components/schemas/S{count}"
    assert pointer(read, "S1500") == f"#/components/schemas/S{count}"


@pytest.mark.parametrize(
    "cycle",
    [
        {"A": "A"},
        {"A": "B", "B": "A"},
        {"A": "B", "B": "C", "C": "B"},
        {"A": "A/properties/x"},
    ],
)
def test_a_reference_that_leads_back_to_itself_is_a_failure(cycle: dict[str, str]) -> None:
    read = schemas(
        {name: {"$ref": f"#/components/schemas/{target}"} for name, target in cycle.items()}
    )
    assert failure(read, schema(read, "A")).code == "reference-cycle"


def test_a_tree_that_contains_itself_is_no_cycle() -> None:
    read = schemas({"A": {"properties": {"kids": {"items": {"$ref": "#/components/schemas/A"}}}}})
    inner = schema(read, "A", "properties", "kids", "items")
    assert read.resolve(inner).pointer == "#/components/schemas/A"


@pytest.mark.parametrize(
    "reference",
    [
        "#/components/schemas/Nope",
        "#/components/schemas/List/x",
        "#/components/schemas/List/5",
        "#/paths/~1pets/get/x/y",
        "#nope",
        "#components/schemas/A",
        "#/components/schemas/",
    ],
)
def test_a_reference_to_nothing_is_a_failure_at_its_place(reference: str) -> None:
    read = schemas({"A": {"$ref": reference}, "List": []})
    found = failure(read, schema(read, "A"))
    assert (found.code, found.place.pointer) == ("reference-missing", "#/components/schemas/A")
    assert reference in found.message


def test_a_failure_is_told_at_the_reference_that_fails_in_a_chain() -> None:
    read = schemas(
        {
            "A": {"$ref": "#/components/schemas/B"},
            "B": {"$ref": "#/components/schemas/Nope"},
            "C": {"$ref": "#/components/schemas/Nope"},
        }
    )
    assert failure(read, schema(read, "A")).place.pointer == "#/components/schemas/B"
    assert failure(read, schema(read, "C")).place.pointer == "#/components/schemas/C"


def test_null_is_no_reference() -> None:
    read = schemas({"A": {"$ref": None}})
    assert read.resolve(schema(read, "A")) == schema(read, "A")


@pytest.mark.parametrize("value", [1, [], {"type": "string"}, ["#/x", "#/y"], [1]])
def test_a_reference_that_is_no_text_fails_and_says_so(value: object) -> None:
    read = schemas({"A": {"$ref": value}})
    found = failure(read, schema(read, "A"))
    assert (found.code, found.place.pointer) == ("reference-malformed", "#/components/schemas/A")


def test_a_reference_in_a_list_of_its_own_is_followed() -> None:
    read = schemas({"A": {"$ref": ["#/components/schemas/B"]}, "B": {"type": "string"}})
    assert read.resolve(schema(read, "A")) == schema(read, "B")


@given(st.text(max_size=8))
def test_any_key_can_be_referred_to(key: str) -> None:
    fragment = to_fragment(join("#", "components", "schemas", key))
    read = schemas({key: {"type": "string"}, "A\0": {"$ref": fragment}})
    assert read.resolve(schema(read, "A\0")).value == {"type": "string"}


def test_pointers_lead_into_paths_and_through_other_references() -> None:
    paths = {
        "/pets/{id}": {
            "get": {
                "parameters": [{"$ref": "#/components/parameters/Id"}],
                "requestBody": {"$ref": "#/components/requestBodies/Pet"},
                "responses": {"200": {"$ref": "#/components/responses/Pet"}},
            }
        }
    }
    content = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}}
    get = "#/paths/~1pets~1%7Bid%7D/get"
    read = document(
        tree(
            paths,
            components={
                "parameters": {"Id": {"name": "id", "in": "path", "schema": {"type": "integer"}}},
                "requestBodies": {"Pet": content},
                "responses": {"Pet": content},
                "schemas": {
                    "Pet": {"properties": {"name": {"type": "string"}}},
                    "A": {"$ref": f"{get}/parameters/0/schema"},
                    "B": {"$ref": f"{get}/requestBody/content/application~1json/schema"},
                    "C": {
                        "$ref": f"{get}/responses/200/content/application~1json/schema/"
                        "properties/name"
                    },
                },
            },
        )
    )
    assert pointer(read, "A") == "#/components/parameters/Id/schema"
    assert pointer(read, "B") == "#/components/schemas/Pet"
    assert pointer(read, "C") == "#/components/schemas/Pet/properties/name"


def test_pointers_that_pass_through_each_other_end() -> None:
    read = schemas(
        {
            "A": {"$ref": "#/components/schemas/B/x"},
            "B": {"$ref": "#/components/schemas/A/x"},
        }
    )
    assert failure(read, schema(read, "A")).code == "reference-cycle"


def test_the_whole_document_can_be_referred_to() -> None:
    read = schemas({"A": {"$ref": "#"}, "B": {"$ref": ""}})
    assert pointer(read, "A") == pointer(read, "B") == "#"


# --- identifiers and anchors, since 3.1 -----------------------------------------------------------


def test_anchors_are_followed_since_3_1_only() -> None:
    given = {"A": {"$ref": "#pet"}, "Pet": {"$anchor": "pet"}}
    assert pointer(schemas(given, "3.1.0"), "A") == "#/components/schemas/Pet"
    old = schemas(given, "3.0.3")
    assert failure(old, schema(old, "A")).code == "reference-missing"


def test_an_anchor_that_stands_twice_is_ambiguous() -> None:
    read = schemas(
        {"A": {"$ref": "#pet"}, "B": {"$anchor": "pet"}, "C": {"$anchor": "pet"}}, "3.1.0"
    )
    assert failure(read, schema(read, "A")).code == "reference-ambiguous"


def test_a_dynamic_reference_is_followed_where_it_can_mean_one_schema() -> None:
    given = {"Node": {"$dynamicAnchor": "node", "items": {"$dynamicRef": "#node"}}}
    read = schemas(given, "3.1.0")
    inner = schema(read, "Node", "items")
    assert read.resolve(inner).pointer == "#/components/schemas/Node"
    more = schemas(given | {"Other": {"$dynamicAnchor": "node"}}, "3.1.0")
    found = failure(more, schema(more, "Node", "items"))
    assert found.code == "reference-ambiguous"
    assert schemas(given, "3.0.3").resolve(inner) == inner


IDENTIFIED = {
    "Pet": {
        "$id": "https://example.org/schemas/pet",
        "$defs": {"tag": {"$anchor": "tag", "type": "string"}},
        "properties": {
            "own": {"$ref": "#/$defs/tag"},
            "anchored": {"$ref": "#tag"},
            "relative": {"$ref": "owner"},
            "relative_part": {"$ref": "owner#/$defs/tag"},
            "root": {"$ref": "#/components/schemas/Plain"},
        },
    },
    "Owner": {
        "$id": "https://example.org/schemas/owner",
        "$defs": {"tag": {"$anchor": "tag", "type": "integer"}},
    },
    "Plain": {"$ref": "https://example.org/schemas/owner#tag"},
}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("own", "Pet/$defs/tag"),
        ("anchored", "Pet/$defs/tag"),
        ("relative", "Owner"),
        ("relative_part", "Owner/$defs/tag"),
        ("root", "Owner/$defs/tag"),
    ],
)
def test_identifiers_name_schemas_of_the_document(name: str, wanted: str) -> None:
    read = schemas(IDENTIFIED, "3.1.0")
    found = read.resolve(schema(read, "Pet", "properties", name))
    assert found.pointer == f"#/components/schemas/{wanted}"


def test_an_identifier_is_never_fetched() -> None:
    read = schemas(
        {"A": {"$id": "https://example.org/a", "$ref": "b"}, "B": {"$schema": "https://x.test/"}},
        "3.1.0",
    )
    assert failure(read, schema(read, "A")).code == "reference-file"


def test_identifiers_and_anchors_are_found_inside_lists() -> None:
    given = {
        "A": {
            "anyOf": [
                {"$anchor": "one"},
                {"$id": "https://example.org/two", "allOf": [{"$anchor": "three"}]},
            ]
        },
        "B": {"$ref": "#one"},
        "C": {"$ref": "https://example.org/two#three"},
        "D": {"$id": "https://example.org/four", "$ref": "https://[bad#three"},
    }
    read = schemas(given, "3.1.0")
    assert pointer(read, "B") == "#/components/schemas/A/anyOf/0"
    assert pointer(read, "C") == "#/components/schemas/A/anyOf/1/allOf/0"
    assert failure(read, schema(read, "D")).code == "reference-remote"


def test_values_that_only_look_like_identifiers_change_nothing() -> None:
    given = {
        "A": {"properties": {"$id": {"type": "string"}, "b": {"$ref": "#/components/schemas/B"}}},
        "B": {"example": {"$id": "1", "$ref": "2"}, "$id": 5},
    }
    read = schemas(given, "3.1.0")
    inner = schema(read, "A", "properties", "b")
    assert read.resolve(inner).pointer == "#/components/schemas/B"


@pytest.mark.parametrize("address", ["https://example.org/api/openapi.yaml", "openapi.yaml"])
def test_a_document_of_3_2_answers_to_its_own_name(address: str) -> None:
    given = {"A": {"$ref": f"{address}#/components/schemas/B"}, "B": {"type": "string"}}
    assert pointer(schemas(given, "3.2.0", **{"$self": address}), "A") == "#/components/schemas/B"
    unnamed = schemas(given, "3.2.0")
    assert failure(unnamed, schema(unnamed, "A")).code in ("reference-remote", "reference-file")
