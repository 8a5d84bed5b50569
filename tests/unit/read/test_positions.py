"""Places: every pointer leads to where its value stands, in JSON and in YAML."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from toolbind.diagnostics import Report
from toolbind.read.faults import Lines
from toolbind.read.parse import Parsed, parse
from toolbind.read.pointers import join

KEYS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=4)
VALUES = st.recursive(
    st.integers(0, 9) | st.booleans() | st.text("ab ~/é\U0001f600", max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


def pointers_of(value: Any, pointer: str = "#") -> Iterator[tuple[str, Any]]:
    yield pointer, value
    members = value.items() if isinstance(value, dict) else ()
    for key, member in enumerate(value) if isinstance(value, list) else members:
        yield from pointers_of(member, join(pointer, key))


def parsed(text: str) -> Parsed:
    return parse(text.encode(), "document", Report())


def offset(text: str, position: tuple[int, int]) -> int:
    lines = text.split("\n")
    return sum(len(line) + 1 for line in lines[: position[0] - 1]) + position[1] - 1


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=3), st.sampled_from([None, 0, 2]))
def test_json_pointers_lead_to_their_values(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    positions = parsed(text).positions([pointer for pointer, _ in pointers_of(value)])
    for pointer, wanted in pointers_of(value):
        found, _ = json.JSONDecoder().raw_decode(text, offset(text, positions[pointer]))
        assert found == wanted


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=3), st.booleans())
def test_yaml_pointers_lead_to_their_values(value: Any, flow: bool) -> None:
    text = yaml.safe_dump(value, allow_unicode=True, default_flow_style=flow, sort_keys=False)
    result = parse(b"# YAML\n" + text.encode(), "document", Report())
    assert result.value == value
    nodes = dict(_composed(yaml.compose("# YAML\n" + text), "#"))
    positions = result.positions(nodes)
    assert positions == nodes


def _composed(node: yaml.Node | None, pointer: str) -> Iterator[tuple[str, tuple[int, int]]]:
    assert node is not None
    yield pointer, (node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.MappingNode):
        for key, member in node.value:
            yield from _composed(member, join(pointer, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, member in enumerate(node.value):
            yield from _composed(member, join(pointer, index))


def test_a_pointer_that_leads_nowhere_gets_the_place_of_what_is_around_it() -> None:
    for text in ('{"a":\n {"b":\n [1, 2]}}', "a:\n  b:\n  - 1\n"):
        found = parsed(text).positions(["#/a/b/7/x", "#/a/c", "#/z"])
        known = parsed(text).positions(["#/a/b", "#/a", "#"])
        assert list(found.values()) == list(known.values())


ALIASED = """\
base: &base
  name: shop
  more: &more [1, 2]
own:
  <<: *base
  late: 3
again: *more
"""


@pytest.mark.parametrize(
    ("pointer", "position"),
    [
        ("#/base/more/1", (3, 19)),
        ("#/again", (7, 8)),
        ("#/again/1", (3, 19)),
        ("#/own/late", (6, 9)),
        ("#/own/name", (5, 3)),
    ],
)
def test_aliases_and_merge_keys_have_places(pointer: str, position: tuple[int, int]) -> None:
    assert parsed(ALIASED).positions([pointer])[pointer] == position


def test_columns_count_characters_and_lines_end_as_they_do_on_every_system() -> None:
    text = '{"é": 1,\r\n "\U0001f600": 2,\r "c": 3}'
    found = parsed(text).positions(["#/é", "#/\U0001f600", "#/c"])
    assert list(found.values()) == [(1, 7), (2, 7), (3, 7)]


# --- lines and columns ---------------------------------------------------------------------------


@given(st.text("a\n\r", max_size=30), st.data())
def test_lines_and_columns_in_any_order(text: str, data: st.DataObject) -> None:
    starts = [0, *(end.end() for end in re.finditer(r"\r\n?|\n", text))]
    lines = Lines(text)
    for index in data.draw(st.lists(st.integers(0, len(text)), max_size=8)):
        line = bisect_right(starts, index)
        assert lines.at(index) == (line, index - starts[line - 1] + 1)


class Watched(str):
    """A text that knows how many of its characters were looked at."""

    looked = 0

    def count(self, part: str, start: int = 0, end: int = 0) -> int:  # type: ignore[override]
        type(self).looked += end - start
        return super().count(part, start, end)

    def rfind(self, part: str, start: int = 0, end: int = 0) -> int:  # type: ignore[override]
        type(self).looked += end - start
        return super().rfind(part, start, end)


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_many_places_take_no_more_than_the_text(end: str) -> None:
    text = Watched(f"{'x' * 99}{end}" * 1000)
    Watched.looked = 0
    lines = Lines(text)
    for index in range(0, len(text), 500):
        lines.at(index)
    assert Watched.looked <= 6 * len(text)
