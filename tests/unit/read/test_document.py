"""Nodes and documents: typed access that never raises, and findings with line and column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind.diagnostics import Place, Report
from toolbind.read import Node

from tests.unit.read.reading import document, tree

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@given(JSON, st.text(max_size=3))
def test_access_to_a_value_of_any_type_raises_nothing(value: object, key: str) -> None:
    node = Node(value, "#/x", "file")
    assert isinstance(node.text(key), str)
    assert node.flag(key) in (True, False)
    for name, member in node.items():
        assert node.get(name) == member
        assert member.pointer.startswith("#/x/")
    for index, element in enumerate(node.elements()):
        assert node.at(index) == element
    assert node.get("no such key") is None


def test_text_and_flags_are_what_they_are_and_nothing_similar() -> None:
    node = Node({"a": 1, "b": "true", "c": True, "d": "x", "e": None}, "#", "file")
    assert [node.text(key) for key in "abcde"] == ["", "true", "", "x", ""]
    assert [node.flag(key) for key in "abcde"] == [False, False, True, False, False]


def test_an_element_that_is_not_there_is_an_error() -> None:
    values: list[object] = [[], {}, None, "text"]
    for value in values:
        with pytest.raises(IndexError):
            Node(value, "#", "file").at(0)
    with pytest.raises(IndexError):
        Node([1], "#", "file").at(-1)


def test_findings_get_the_line_and_column_of_their_value() -> None:
    text = "openapi: 3.0.3\npaths:\n  /pets:\n    get:\n      tags: [a, b]\n"
    report = Report()
    read = document(text, name="shop.yaml", report=report)
    report.say("openapi-invalid", Place("shop.yaml", "#/paths/~1pets/get/tags/1"), "x")
    report.say("openapi-invalid", Place("shop.yaml", "#/paths/~1pets/nope"), "x")
    report.say("openapi-invalid", Place("elsewhere.yaml", "#/x"), "x")
    report.say("openapi-invalid", Place("shop.yaml", "#", 7, 1), "x")
    places = [finding.place for finding in read.located(report)]
    assert [(place.file, place.line, place.column) for place in places] == [
        ("shop.yaml", 5, 17),
        ("shop.yaml", 4, 5),
        ("elsewhere.yaml", 0, 0),
        ("shop.yaml", 7, 1),
    ]
    assert places[1].pointer == "#/paths/~1pets/nope"


def test_the_url_of_a_document_is_where_it_came_from() -> None:
    assert document(tree(), url="https://example.org/openapi.json").url
    assert document(tree()).url == ""
