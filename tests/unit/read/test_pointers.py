"""JSON Pointers: there and back, whatever keys hold."""

from __future__ import annotations

from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st
from toolbind.read import pointers

KEYS = st.lists(st.text(max_size=8), max_size=5)


@given(KEYS)
def test_splitting_gives_back_what_was_joined(keys: list[str]) -> None:
    assert pointers.split(pointers.join("#", *keys)) == keys


@given(KEYS)
def test_a_percent_encoded_fragment_means_the_same_pointer(keys: list[str]) -> None:
    pointer = pointers.join("#", *keys)
    encoded = quote(pointer[1:], safe="/")
    assert pointers.from_fragment(encoded)[0] == pointer
    assert pointers.from_fragment(pointers.to_fragment(pointer)[1:])[0] == pointer


@given(KEYS)
def test_a_pointer_finds_the_value_that_it_names(keys: list[str]) -> None:
    value: object = "found"
    for key in reversed(keys):
        value = {key: value, key + "x": "another"}
    assert pointers.find(value, pointers.join("#", *keys)) == "found"


def test_array_tokens_are_plain_decimals() -> None:
    array = ["a", "b"]
    assert pointers.find(array, "#/1") == "b"
    for token in ("-", "2", "01", "-1", "1e0", "٣", "", "9" * 5000):
        assert pointers.step(array, token) is pointers.MISSING, token


def test_a_percent_sign_that_is_not_encoded_is_tried_as_it_is() -> None:
    assert pointers.from_fragment("/a%20b") == ["#/a b", "#/a%20b"]
    assert pointers.from_fragment("/a%ffb") == ["#/a%ffb"]


def test_the_nearest_pointer_is_the_part_that_leads_somewhere() -> None:
    value = {"a/b": [{"c": 1}]}
    assert pointers.nearest(value, "#/a~1b/0/c") == "#/a~1b/0/c"
    assert pointers.nearest(value, "#/a~1b/0/d/e") == "#/a~1b/0"
    assert pointers.nearest(value, "#/x") == "#"
    assert pointers.find(value, "#/a~1b/0/c") == 1
    assert pointers.find(value, "#/a~1b/0/d") is pointers.MISSING
