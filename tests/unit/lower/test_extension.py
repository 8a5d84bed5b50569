"""`x-toolbind` names, describes and leaves out; nothing else in it has an effect."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.lower.lowering import Result, lowered, tree

FIND = {"operationId": "get_pets_findByTags", "summary": "Finds."}


def wished(extension: Any, **beside: Any) -> Result:
    find = {**FIND, "x-toolbind": extension, **beside}
    return lowered(tree({"/pets": {"get": find, "post": {"operationId": "add_pet"}}}))


def test_a_tool_is_renamed_and_described() -> None:
    result = wished(
        {"name": "findPets", "description": "Finds pets by *one* tag.\n\nSlow. And more."}
    )
    find, _ = result.api.operations
    assert (find.name, find.description) == ("find_pets", "Finds pets by one tag. Slow. And more.")
    assert find.summary == ""
    assert result.codes == []


def test_a_name_is_a_wish_like_an_operation_id() -> None:
    result = wished({"name": "__class__; add_pet"})
    assert [each.name for each in result.api.operations] == ["class_add_pet", "add_pet"]
    twin = wished({"name": "add_pet"})
    assert len({each.name for each in twin.api.operations}) == 2


def test_an_operation_is_left_out_and_counted() -> None:
    result = wished({"include": False})
    assert [each.name for each in result.api.operations] == ["add_pet"]
    assert result.api.excluded == 1


@pytest.mark.parametrize(
    "extension",
    [
        {"include": "no"},
        {"name": 5},
        {"description": ["x"]},
        {"server": "https://elsewhere.example"},
        "find_pets",
        None,
    ],
)
def test_what_means_nothing_is_told_and_has_no_effect(extension: Any) -> None:
    result = wished(extension)
    assert result.codes == ["extension-member"]
    plain = lowered(tree({"/pets": {"get": dict(FIND), "post": {"operationId": "add_pet"}}}))
    assert result.api.operations == plain.api.operations


def test_other_extensions_and_other_places_have_no_effect() -> None:
    plain = lowered(tree({"/pets": {"get": dict(FIND)}}))
    value = tree({"/pets": {"get": {**FIND, "x-name": "y"}, "x-toolbind": {"include": False}}})
    value["info"]["x-toolbind"] = {"name": "other"}
    assert lowered(value).api.operations == plain.api.operations
