"""Look-alike names: what a reader would take for something else is said, and little besides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind.lower.text.lookalikes import imitates, pairs, skeleton

from tests.unit.lower.lowering import lowered, tree


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("getItem", "getltem"),
        ("getItem", "GETITEM"),
        ("getItem", "get_item"),
        ("getItem", "get\u0406tem"),
        ("getItem", "\uff47etItem"),
        ("deleteUser", "de1eteUser"),
        ("readOrder", "read0rder"),
        ("showModem", "showModern"),
        ("saveView", "saveVievv"),
    ],
)
def test_names_that_look_alike_are_told(one: str, other: str) -> None:
    assert list(pairs([one, other])) == [(other, one)]
    operations = {"/a": {"get": {"operationId": one}}, "/b": {"get": {"operationId": other}}}
    result = lowered(tree(operations))
    assert "name-look-alike" in result.codes
    assert len({each.name.lower() for each in result.api.operations}) == 2


def test_wished_names_are_looked_at_too() -> None:
    wishing = {"operationId": "other", "x-toolbind": {"name": "getltem"}}
    operations = {"/a": {"get": {"operationId": "getItem"}}, "/b": {"get": wishing}}
    assert "name-look-alike" in lowered(tree(operations)).codes


@pytest.mark.parametrize(
    "names",
    [
        ("getItem", "getItems"),
        ("listPets", "listPens"),
        ("read", "reed"),
        ("i", "l", "1"),
        ("gr\u00f6\u00dfe", "gr\u00f6sse"),
        ("日本", "日木"),
    ],
)
def test_names_that_differ_pass(names: tuple[str, ...]) -> None:
    assert list(pairs(names)) == []


@pytest.mark.parametrize("name", ["r\u0435ad", "\uff47et", "p\u0430y_user", "\u03bfrder"])
def test_mixed_alphabets_are_told(name: str) -> None:
    assert imitates(name)
    parameters = [{"name": name, "in": "query", "schema": {"type": "string"}}]
    assert "name-look-alike" in lowered(tree({"/a": {"get": {"operationId": name}}})).codes
    plain = {"operationId": "plain", "parameters": parameters}
    assert "name-look-alike" in lowered(tree({"/a": {"get": plain}})).codes


@pytest.mark.parametrize(
    "name", ["größe", "naïve", "日本", "id日本", "\u0438\u043c\u044f", "\u03b7\u03bb\u03b9\u03ba"]
)
def test_honest_words_of_any_language_pass(name: str) -> None:
    assert not imitates(name)


@given(st.text(max_size=30))
def test_a_skeleton_is_settled(name: str) -> None:
    assert skeleton(skeleton(name)) == skeleton(name)
