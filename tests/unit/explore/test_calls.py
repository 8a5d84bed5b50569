"""The call of a typed method as it is written down: Python whatever the arguments are."""

from __future__ import annotations

import ast
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from toolbind.explore.calls import LINE, python_call
from toolbind.explore.subject import Subject

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
argument_names = st.sampled_from(["limit", "from", "class", "type", "id", "import", "pet_id"])


def subject(places: dict[str, Any], base_url: str = "https://shop.example") -> Subject:
    rows = {"act": {"method": "POST", "path": "/", "arguments": places}}
    return Subject("shop", "", "Shop", "", "", base_url, [], rows, {}, [])


@given(st.dictionaries(argument_names, json_values, max_size=5))
def test_the_call_gives_the_arguments_under_names_that_python_takes(given: dict[str, Any]) -> None:
    text = python_call(subject({}), "act", given)
    (call,) = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "client.act"
    ]
    keywords = {"from": "from_", "class": "class_", "import": "import_"}
    found = {each.arg: ast.literal_eval(each.value) for each in call.keywords}
    assert found == {keywords.get(name, name): value for name, value in given.items()}


def test_a_long_call_has_an_argument_a_line() -> None:
    text = python_call(subject({}), "act", {"one": "x" * 60, "two": "y" * 60})
    assert max(map(len, text.splitlines())) <= LINE


def test_an_upload_is_bytes() -> None:
    places = {"photo": {"in": "file"}, "many": {"in": "file"}, "text": {"in": "body"}}
    given = {"photo": "example", "many": ["one", "two"], "text": "example"}
    text = python_call(subject(places), "act", given)
    assert 'photo=b"example"' in text
    assert 'many=[b"one", b"two"]' in text
    assert 'text="example"' in text


def test_an_api_whose_place_is_unknown_is_told_where_it_is() -> None:
    text = python_call(subject({}, base_url="/v1"), "act", {})
    assert 'Shop("https://api.example.com/v1")' in text
