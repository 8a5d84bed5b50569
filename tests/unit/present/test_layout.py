"""What is printed in black's style by construction: black is asked, and changes nothing."""

from __future__ import annotations

import ast
import json
from typing import Any

import black
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toolbind.present.layout import COLUMNS, columns, least_columns, value
from toolbind.present.literals import NESTING_LIMIT, depth

from tests.effort import examples
from tests.unit.present.strategies import deep, texts, values

STYLE = black.Mode()


@given(values)
@settings(max_examples=examples(400))
def test_black_changes_nothing(data: Any) -> None:
    line = value([data], 0, "X: list[Any] = ") + "\n"
    assert black.format_str(line, mode=STYLE) == line


@pytest.mark.slow
@given(values)
def test_what_is_printed_is_the_value(data: Any) -> None:
    printed = value([data], 0, "X = ")
    assert ast.literal_eval(printed.removeprefix("X = ")) == [data]


@given(texts)
@settings(max_examples=examples(400))
def test_black_leaves_long_texts_beside_keys_and_in_calls(text: str) -> None:
    for line in (
        value({"description": text, "k": {"items": [text]}}, 0, "X = ") + "\n",
        f"Api(\n    {value(text, 4, 'title=', ',')}\n)\n",
    ):
        assert black.format_str(line, mode=STYLE) == line


@pytest.mark.parametrize("levels", [5, 20, NESTING_LIMIT, NESTING_LIMIT + 5, 300])
@pytest.mark.parametrize("text", ["short", "long " * 40, ""])
def test_deep_values(levels: int, text: str) -> None:
    data = deep([text, {"k": text}], levels)
    line = value(data, 0, "X = ") + "\n"
    assert eval(line.removeprefix("X = "), {"loads": json.loads}) == data
    if levels < 50:  # black's own time grows with the square of the depth
        assert black.format_str(line, mode=STYLE) == line


prose = st.lists(st.sampled_from(("word", "another", "https://example.com/x")), max_size=60)
plain = st.recursive(
    st.one_of(prose.map(" ".join), st.integers(0, 10**6), st.none()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5), st.dictionaries(st.sampled_from("abcdef"), inner)
    ),
)


@given(plain)
def test_pages_have_a_margin(data: Any) -> None:
    if depth(data) < 12:  # further in there is no room for words
        assert all(len(line) <= COLUMNS for line in value([data], 0).splitlines())


@given(texts)
def test_widths_hold_blacks_own(text: str) -> None:
    from black.strings import str_width

    shown = "".join(character for character in text if character.isprintable())
    assert least_columns(shown) <= str_width(shown) <= columns(shown)


def test_text_reads_at_88_columns() -> None:
    printed = value({"description": "The quick brown fox jumps over the lazy dog. " * 3}, 8)
    assert printed == (
        "{\n"
        '            "description": (\n'
        '                "The quick brown fox jumps over the lazy dog. The quick brown fox "\n'
        '                "jumps over the lazy dog. The quick brown fox jumps over the lazy dog. "\n'
        "            ),\n"
        "        }"
    )
