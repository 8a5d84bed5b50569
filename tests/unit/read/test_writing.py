"""Trees as text: whatever a document can hold is read back as it was, by us and by others."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from toolbind.diagnostics import Report
from toolbind.read.parse import parse
from toolbind.read.writing import as_json, as_yaml

from tests.effort import examples

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
ODD = st.sampled_from(
    [
        *("", " ", "no", "Yes", "on", "null", "~", "1", "1.0", "1e3", "0o7", "0x1f", "1_000"),
        *(
            "12:30",
            "2024-01-01",
            ".inf",
            ".nan",
            "<<",
            "=",
            "- a",
            "a: b",
            "a #b",
            "&a",
            "*a",
            "!a",
        ),
        *(
            "a\nb",
            "a\n",
            "\na",
            " a\n b ",
            "a\n\n",
            "\t",
            "é\n…",
            "'",
            '"',
            "{",
            "[",
            "%",
            "@",
            "`",
        ),
        *("\u2028", "\x85", "\x7f", "\ufeff", "\U0001f600", "a\rb", "a\r\nb", "x" * 200 + " y"),
    ]
)
VALUES = st.recursive(
    TEXTS
    | ODD
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS | ODD, inner, max_size=3),
    max_leaves=10,
)
ROOTS = st.dictionaries(TEXTS | ODD, VALUES, max_size=4)


def same(one: Any, other: Any) -> bool:
    return json.dumps(one) == json.dumps(other)


@given(value=ROOTS)
@settings(max_examples=examples(500), deadline=None)
def test_yaml_reads_back_as_the_same_values(value: dict[str, Any]) -> None:
    text = as_yaml(value)
    assert same(parse(text.encode(), "a.yaml", Report()).value, value), text


@given(value=st.dictionaries(st.text("ab1-"), ODD | st.integers() | st.booleans(), max_size=4))
@settings(max_examples=examples(500), deadline=None)
def test_yaml_reads_back_by_another_reader(value: dict[str, Any]) -> None:
    assert same(yaml.safe_load(as_yaml(value)), value)


@given(value=ROOTS)
@settings(max_examples=examples(200), deadline=None)
def test_json_reads_back_as_the_same_values(value: dict[str, Any]) -> None:
    assert same(parse(as_json(value, "{\n  ").encode(), "a.json", Report()).value, value)


@pytest.mark.parametrize("indent", [None, 1, 2, 4, "\t"])
def test_json_is_laid_out_as_it_was(indent: int | str | None) -> None:
    value = {"a": [1, {"b": "é"}], "c": {}}
    separators = (",", ":") if indent is None else None
    text = json.dumps(value, indent=indent, separators=separators, ensure_ascii=False)
    assert as_json(value, text) == text + "\n"


def test_depth_is_no_matter() -> None:
    value: Any = 1
    for _ in range(400):
        value = {"a": [value]}
    assert as_yaml(value).count("a:") == 400


def test_lines_of_text_stay_lines() -> None:
    assert as_yaml({"a": "one\ntwo\n"}) == "a: |\n  one\n  two\n"
