"""YAML: JSON's values by the core schema of YAML 1.2, and each threat refused at its line."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from toolbind.read import yaml_text
from toolbind.read.faults import Lines, ParseError
from toolbind.read.limits import MAX_DEPTH, MAX_DIRECTIVES

# PyYAML's writer leaves line breaks of YAML 1.1 unescaped, which reading then folds.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029"), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abc 1:-#é", max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)


def value(text: str) -> Any:
    return yaml_text.parse(text)[0]


def refused(text: str) -> tuple[str, int, int]:
    with pytest.raises(ParseError) as caught:
        yaml_text.parse(text)
    return (caught.value.code, *Lines(text).at(caught.value.index))


@given(VALUES, st.booleans(), st.booleans())
def test_yaml_of_any_layout_gives_the_values_of_json(wanted: Any, flow: bool, plain: bool) -> None:
    text = yaml.safe_dump(wanted, default_flow_style=flow, allow_unicode=not plain)
    assert value(text) == wanted


@given(VALUES)
def test_json_text_is_yaml_too(wanted: Any) -> None:
    text = json.dumps(wanted, ensure_ascii=False)
    if text.isprintable():
        assert value(text) == wanted


@pytest.mark.parametrize(
    ("scalar", "wanted"),
    [
        ("2024-02-29", "2024-02-29"),
        ("2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"),
        ("no", "no"),
        ("On", "On"),
        ("y", "y"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ("0x1F", 31),
        ("0o17", 15),
        ("0b1", "0b1"),
        ("017", 17),
        ("+12", 12),
        ("-0", 0),
        ("1.0", 1.0),
        (".5", 0.5),
        ("1.", 1.0),
        ("1e3", 1000.0),
        ("1.2.3", "1.2.3"),
        ("+", "+"),
        ("~", None),
        ("", None),
        ("Null", None),
        ("nULL", "nULL"),
        ("TRUE", True),
        ("tRUE", "tRUE"),
        ("'true'", "true"),
        ('"1"', "1"),
        ("!!str 1", "1"),
        ("! 1", "1"),
        ("!!int '7'", 7),
        ("!!float 1", 1.0),
        ("!!bool 'true'", True),
        ("!!null ''", None),
        ("=", "="),
        ("<<", "<<"),
    ],
)
def test_scalars_of_yaml_1_1_stay_text(scalar: str, wanted: object) -> None:
    found = value(f"a: {scalar}")["a"]
    assert found == wanted
    assert type(found) is type(wanted)


def test_keys_are_text_as_they_are_written() -> None:
    text = "200: a\n2.50: b\nnull: c\nyes: d\n'x': e\n2024-01-01: f\n~: g\n!!str 1: h\n"
    assert list(value(text)) == ["200", "2.50", "null", "yes", "x", "2024-01-01", "~", "1"]


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\nx: !!python/object/apply:os.system [id]",
        "a: 1\nx: !include /etc/passwd",
        "a: 1\nx: !!python/name:os.system",
        "a: 1\nx: !!binary aGk=",
        "a: 1\nx: !!set {a, b}",
        "a: 1\nx: !!omap [a: 1]",
        "a: 1\nx: !!timestamp 2024-01-01",
        "%TAG ! tag:example.com,2000:\n---\na: 1\nx: !thing 1",
        "a: 1\nx: !<tag:example.com,2000:thing> {}",
        "a: 1\nx: !!map [1]",
        "a: 1\nx: !!seq {}",
        "a: 1\nx: !!int one",
        "a: 1\n!!python/name:os.system : x",
    ],
)
def test_yaml_tags_build_nothing(text: str) -> None:
    code, line, _ = refused(text)
    assert code == "document-tag"
    assert text.split("\n")[line - 1][0] in "x!"


def bomb(last: str) -> str:
    rows = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    rows += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10)]
    return "\n".join(rows) + f"\n{last}: *a9"


def test_alias_bombs_are_stopped_while_parsing() -> None:
    assert refused(bomb("paths"))[0] == "document-alias"
    assert refused(bomb("x-unused"))[0] == "document-alias"


def test_an_alias_bomb_of_few_long_texts_is_stopped_too() -> None:
    rows = [f"a: &a [{'x' * 100_000}]"]
    rows += [f"b: &b [{', '.join(['*a'] * 100)}]", f"c: [{', '.join(['*b'] * 100)}]"]
    assert refused("\n".join(rows)) == ("document-alias", 3, 25)


@pytest.mark.parametrize("first", ["{k: v}", "{}"])
def test_merge_key_bombs_are_stopped_even_with_empty_sources(first: str) -> None:
    rows = [f"m0: &m0 {first}"]
    for i in range(1, 9):
        rows.append(f"m{i}: &m{i} {{<<: [{', '.join([f'*m{i - 1}'] * 12)}], k{i}: v}}")
    assert refused("\n".join(rows))[0] == "document-alias"


def test_aliases_within_reason_share_their_value() -> None:
    found = value("a: &a {k: [1]}\nb: *a\nc: [*a, *a]\nd: &s text\ne: *s")
    assert found["b"] is found["a"]
    assert found["c"] == [found["a"], found["a"]]
    assert found["e"] == "text"


def test_merge_keys_add_what_is_not_there_yet() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  z: 3\n  <<: [*a, *b]\n  w: 4\n"
    assert value(text)["c"] == {"z": 3, "w": 4, "x": 1, "y": 1}
    assert value("a: {<<: {x: 1}, '<<': 2}")["a"] == {"x": 1, "<<": 2}


@pytest.mark.parametrize("source", ["1", "[1]", "text", "[[{}]]"])
def test_a_merge_key_takes_mappings_only(source: str) -> None:
    assert refused(f"a:\n  <<: {source}\n")[0] == "document-key"


@pytest.mark.parametrize("text", ["a: &a [1, *a]", "a: &a {b: {c: *a}}", "&a [*a]"])
def test_a_value_that_contains_itself_is_refused(text: str) -> None:
    assert refused(text)[0] == "document-alias"


def test_an_alias_of_nothing_is_refused() -> None:
    assert refused("a: 1\nb: *a") == ("document-alias", 2, 4)


@pytest.mark.parametrize("text", ["a: 1\n? [b]\n: 2", "a: 1\n? {b: 1}\n: 2", "a: &a k\n*a : 2"])
def test_keys_that_are_no_text_are_refused(text: str) -> None:
    assert refused(text)[:2] == ("document-key", 2)


@pytest.mark.parametrize(
    "text", ["a: 1\n'a': 2", "200: 1\n'200': 2", 'a: 1\n"\\x61": 2', "b: {a: 1, c: 2,\na: 3}"]
)
def test_duplicate_keys_are_refused_however_they_are_spelt(text: str) -> None:
    assert refused(text)[:2] == ("document-duplicate-key", 2)


@pytest.mark.parametrize("number", [".inf", "-.INF", ".nan", "1e999", "9" * 400, "0x" + "f" * 400])
def test_numbers_beyond_json_are_refused(number: str) -> None:
    assert refused(f"a: 1\nb: {number}") == ("document-number", 2, 4)
    assert value(f"a: '{number}'") == {"a": number}


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "[{a: "])
def test_deep_nesting_is_refused_soon(opening: str) -> None:
    assert refused(opening * 100_000)[0] == "document-depth"


def test_the_limit_of_depth_is_exact() -> None:
    value("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert refused("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))[0] == "document-depth"


def test_a_second_document_is_refused() -> None:
    assert refused("a: 1\n---\nb: 2\n") == ("document-syntax", 2, 1)
    assert value("---\na: 1\n...\n") == {"a": 1}


def test_more_directives_than_anybody_writes_are_refused() -> None:
    text = "".join(f"%TAG !a{i}! x\n" for i in range(100_000))
    assert refused("\n" + text) == ("document-syntax", MAX_DIRECTIVES + 2, 1)
    assert value("%YAML 1.2\n%TAG ! tag:example.com,2000:\n---\na: 1\n") == {"a": 1}


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: 1\nb:\n\t- c", 3), ("a: [1", 1), ("a: 'é\n\x01'", 2), ("a: é\nb: %x", 2), ("a: b: c", 1)],
)
def test_what_is_not_yaml_is_told_with_its_line(text: str, line: int) -> None:
    assert refused(text)[:2] == ("document-syntax", line)
