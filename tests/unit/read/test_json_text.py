"""JSON: the values of the standard library, and none of what is not JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind.read import json_text
from toolbind.read.faults import Lines, ParseError
from toolbind.read.json_faults import first_fault
from toolbind.read.limits import MAX_DEPTH

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)


def refused(text: str) -> tuple[str, int, int]:
    with pytest.raises(ParseError) as caught:
        json_text.parse(text)
    return (caught.value.code, *Lines(text).at(caught.value.index))


@given(VALUES, st.booleans())
def test_json_is_read_as_the_standard_library_reads_it(value: object, indented: bool) -> None:
    text = json.dumps(value, indent=1 if indented else None, ensure_ascii=indented)
    assert json_text.parse(text) == json.loads(text)
    assert first_fault(text) is None


@pytest.mark.parametrize(
    "text",
    [
        '{\n "a": 1,\n "b": {"a": 2},\n "a": 3\n}',
        '{\n "a": {"x": [{}, {"y": 1}]}, "b": "{",\n\n "\\u0061": 3\n}',
        '{\n "k": [1],\n "c": 2,\n "k": {"k": 1}\n}',
    ],
)
def test_duplicate_keys_are_refused_after_unescaping_where_the_second_one_stands(text: str) -> None:
    code, line, column = refused(text)
    assert code == "document-duplicate-key"
    assert (line, column) == (4, 2)


def test_the_duplicate_key_that_comes_first_is_told() -> None:
    assert refused('{"a": {"b": 1, "b": 2}, "a": 3}') == ("document-duplicate-key", 1, 16)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_numbers_beyond_json_are_refused(number: str) -> None:
    assert refused(f'{{"NaN": "1e999",\n "a": [1.5, {number}]}}') == ("document-number", 2, 13)


def test_an_integer_of_thousands_of_digits_is_refused_and_not_echoed() -> None:
    with pytest.raises(ParseError) as caught:
        json_text.parse("[" + "9" * 5000 + "]")
    assert caught.value.code == "document-number"
    assert len(caught.value.message) < 100


def test_large_but_sensible_numbers_stay() -> None:
    assert json_text.parse("[18446744073709551615, 1e308]") == [18446744073709551615, 1e308]


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"]": '])
def test_deep_nesting_is_refused_where_it_becomes_too_deep(opening: str) -> None:
    code, line, _ = refused("\n" + opening * 100_000)
    assert (code, line) == ("document-depth", 2)


def test_escapes_that_are_none_do_not_hide_what_comes_first() -> None:
    assert refused('{"\\x": ' * 600)[0] == "document-depth"
    assert refused('{"\\x": NaN}')[0] == "document-syntax"


@pytest.mark.parametrize("depth", [MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1])
def test_the_limit_of_depth_is_exact(depth: int) -> None:
    text = "[" * depth + "]" * depth
    if depth <= MAX_DEPTH:
        json_text.parse(text)
    else:
        assert refused(text)[0] == "document-depth"


def test_brackets_in_strings_are_no_depth() -> None:
    text = json.dumps({"pattern": "[{" * 2000, "other": ['"[{\\', "]" * 10]})
    assert json_text.parse(text) == json.loads(text)


def test_an_unclosed_string_full_of_quotes_ends_soon() -> None:
    """Trying again from each quote of a string that has no end would take minutes here."""
    text = '{"a":' * 600 + '"' + 'a\\"' * 200_000
    assert refused(text)[0] == "document-depth"
    shallow = '"' + 'a\\"' * 200_000
    assert first_fault(shallow) is None
    assert refused(shallow)[0] == "document-syntax"


@pytest.mark.parametrize("text", ['{"a": 1,}', "{'a': 1}", '{"a" 1}', "[1] []", '{"a": tru}', '"a'])
def test_what_is_not_json_is_told_with_its_place(text: str) -> None:
    assert refused(text)[0] == "document-syntax"
