"""The only road from text to source: what goes in comes out as the same value, or not at all."""

from __future__ import annotations

import ast
import json
import sys
import unicodedata
from typing import Any

import black
import pytest
from hypothesis import given, settings
from toolbind.present.literals import (
    HIDDEN,
    NESTING_LIMIT,
    Source,
    comment,
    depth,
    docstring,
    identifier,
    literal,
    plain_quoted,
    quoted,
    visible,
)

from tests.effort import examples
from tests.unit.present.strategies import deep, scalars, texts, values


@given(values)
def test_a_literal_is_the_value(value: Any) -> None:
    source = literal(value)
    assert isinstance(source, Source)
    assert ast.literal_eval(source) == value
    assert repr(ast.literal_eval(source)) == repr(value)  # 1 is not True, -0.0 is not 0.0


@given(values)
def test_a_literal_stands_on_one_line_without_hidden_characters(value: Any) -> None:
    source = literal(value)
    assert HIDDEN.search(source) is None
    source.encode("utf-8")


@given(texts)
def test_quotes_are_those_that_black_chooses(text: str) -> None:
    line = f"x = {quoted(text)}\n"
    assert black.format_str(line, mode=black.Mode(line_length=10_000)) == line


@given(texts)
def test_an_ascii_literal_is_ascii_and_the_value(text: str) -> None:
    source = plain_quoted(text)
    assert source.isascii()
    assert ast.literal_eval(source) == text


@given(scalars)
def test_numbers_look_as_black_leaves_them(value: Any) -> None:
    line = f"x = {literal(value)}\n"
    assert black.format_str(line, mode=black.Mode(line_length=10_000)) == line


def test_readable_text_stays_readable() -> None:
    assert quoted("größer als 日本語 🎉") == '"größer als 日本語 🎉"'


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("it's", '"it\'s"'),
        ('say "x"', "'say \"x\"'"),
        ("a\\", '"a\\\\"'),
        ("\0\x1b\x7f", '"\\u0000\\u001b\\x7f"'),
        ("\u2028\u202e\ufeff\u200b", '"\\u2028\\u202e\\ufeff\\u200b"'),
        ("\ud800", '"\\ud800"'),
        ("\U000e0041", '"\\U000e0041"'),
        ("{{ x }}", '"{{ x }}"'),
        ("\\N{BULLET}", '"\\\\N{BULLET}"'),
    ],
)
def test_strings(text: str, source: str) -> None:
    assert quoted(text) == source


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), [float("inf")]])
def test_what_is_no_json_number_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="no JSON values"):
        literal(value)


@pytest.mark.parametrize("value", [b"x", {1: 2}, {None: 1}, {"x": {1, 2}}, object(), 1j])
def test_what_is_no_json_value_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        literal(value)


@pytest.mark.parametrize("levels", [NESTING_LIMIT, NESTING_LIMIT + 1, 150, 450])
def test_deep_values_need_no_deep_brackets(levels: int) -> None:
    value = deep("\ud800 \" '", levels)
    source = literal(value)
    assert depth(value) == levels
    assert ("loads(" in source) == (levels > NESTING_LIMIT)
    assert eval(source, {"__builtins__": {}, "loads": json.loads}) == value


def test_the_fixed_list_of_hidden_characters_covers_what_unicode_calls_hidden() -> None:
    hidden_categories = {"Cc", "Cf", "Zl", "Zp", "Zs", "Cs", "Co"}
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character) in hidden_categories and character != " ":
            assert HIDDEN.fullmatch(character), f"{code:x}"


@given(texts)
def test_visible_text_is_one_line_of_visible_characters(text: str) -> None:
    shown = visible(text)
    assert HIDDEN.search(shown) is None
    assert shown == shown.strip()
    assert "  " not in shown


@given(texts, texts)
@settings(max_examples=examples(300))
def test_a_docstring_says_its_lines_and_black_leaves_it(first: str, second: str) -> None:
    for lines in ([first], [first, "", "Args:", f"    {second}"]):
        source = docstring(lines, 4)
        module = f"class A:\n    {source}\n"
        (node,) = ast.parse(module).body
        said = [visible(line) for line in lines]
        found = ast.get_docstring(node, clean=False)  # type: ignore[arg-type]  # a class
        assert found is not None
        assert [line.strip() for line in found.strip().split("\n")] == "\n".join(
            said
        ).strip().split("\n")
        assert HIDDEN.search(module.replace("\n", "")) is None
        if first.strip() and visible(first):
            assert black.format_str(module, mode=black.Mode()) == module


@given(texts)
def test_a_comment_is_one_line_of_ascii(text: str) -> None:
    source = comment(text)
    assert source.startswith("#")
    assert source.isascii()
    assert source.isprintable()
    assert ast.parse(source).body == []


@pytest.mark.parametrize("text", ["coding: latin-1", "-*- coding:utf-7 -*-", "vim: encoding=x"])
def test_a_comment_declares_no_encoding(text: str) -> None:
    source = f"{comment(text)}\nx = 'é'\n".encode()
    names: dict[str, str] = {}
    exec(compile(source, "comment", "exec"), names)
    assert names["x"] == "é"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "1a",
        "a b",
        "a-b",
        "class",
        "None",
        "a\n",
        "é",
        "\uff50rint",
        "a.b",
        "\ud800",
        "\u017felf",
    ],
)
def test_no_other_identifiers(name: str) -> None:
    with pytest.raises(ValueError, match="no identifier"):
        identifier(name)
