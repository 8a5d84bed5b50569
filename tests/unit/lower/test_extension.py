"""`x-toolbind` of operations: names, describes, leaves out; what it does not know is refused."""

from __future__ import annotations

from typing import Any

import pytest
from toolbind.diagnostics import DocumentError

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
    ("extension", "pointer", "said"),
    [
        ({"include": "no"}, "/include", "'include' must be true or false"),
        ({"name": 5}, "/name", "'name' must be text"),
        ({"description": ["x"]}, "/description", "'description' must be text"),
        ({"nmae": "x"}, "/nmae", "has no 'nmae'; did you mean 'name'?"),
        ({"bind": "x"}, "/bind", "has no 'bind'; it is for an argument"),
        ({"server": "https://elsewhere.example"}, "/server", "has no 'server'"),
        ("find_pets", "", "is not an object"),
        (None, "", "is not an object"),
    ],
)
def test_what_means_nothing_is_refused_at_its_place(
    extension: Any, pointer: str, said: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        wished(extension)
    found = caught.value.diagnostic
    assert found.code == "extension-member"
    assert found.place.pointer == f"#/paths/~1pets/get/x-toolbind{pointer}"
    assert said in found.message


def test_a_title_and_a_danger_are_kept() -> None:
    find, add = wished({"title": "Look for *pets*.", "danger": True}).api.operations
    assert (find.title, find.reads) == ("Look for pets.", False)
    assert (add.title, add.reads) == ("", None)


def test_other_extensions_and_other_places_have_no_effect() -> None:
    plain = lowered(tree({"/pets": {"get": dict(FIND)}}))
    value = tree({"/pets": {"get": {**FIND, "x-name": "y"}, "x-toolbind": {"include": False}}})
    value["info"]["x-toolbind"] = {"name": "other"}
    assert lowered(value).api.operations == plain.api.operations
