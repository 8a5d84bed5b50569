"""Bytes to trees: encodings, which format it is, and halves of characters."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from toolbind.diagnostics import DocumentError, Report
from toolbind.read.parse import parse


def value(data: bytes, name: str = "document") -> Any:
    return parse(data, name, Report()).value


def refused(data: bytes, name: str = "document") -> tuple[str, int, int]:
    with pytest.raises(DocumentError) as caught:
        parse(data, name, Report())
    found = caught.value.diagnostic
    assert str(caught.value).isprintable()
    return found.code, found.place.line, found.place.column


@pytest.mark.parametrize(
    "name", ["a.json", "a.yaml", "a.yml", "a", "https://example.org/spec?x=.json"]
)
def test_the_format_is_told_by_the_text_whatever_the_name(name: str) -> None:
    assert value(b'{"a": [1]}', name) == {"a": [1]}
    assert value(b"a:\n- 1\n", name) == {"a": [1]}
    assert value(b" \n[1]", name) == [1]


def test_braces_may_be_yaml_unless_the_name_says_json() -> None:
    assert value(b"{a: 1}", "a.yaml") == {"a": 1}
    assert value(b"{a: 1}", "spec") == {"a": 1}
    assert refused(b"{a: 1}", "a.json") == ("document-syntax", 1, 2)


def test_the_complaint_is_about_the_format_that_was_meant() -> None:
    with pytest.raises(DocumentError, match="not YAML"):
        parse(b"{a: 1", "a.yaml", Report())
    with pytest.raises(DocumentError, match="not JSON"):
        parse(b'{"a": 1', "spec", Report())


def test_json_by_another_name_keeps_the_rules_of_json() -> None:
    assert refused(b'{"a": 1, "a": 2}', "a.yaml")[0] == "document-duplicate-key"


def test_a_byte_order_mark_is_dropped() -> None:
    assert value(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}
    assert value(b"\xef\xbb\xbfa: 1") == {"a": 1}


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b"a: 1\nb: Sh\xe9p\n", 2, 6),
        (b'{"a":\n "\xff"}', 2, 3),
        (b"\xef\xbb\xbfa: \xc3", 1, 4),
        ('{"a": 1}'.encode("utf-16"), 1, 1),
        ('{"a": 1}'.encode("utf-16-le"), 1, 2),
        (b'{"a": "\x00"}', 1, 8),
        (b'{"a": "\xed\xa0\x80"}', 1, 8),
    ],
)
def test_anything_but_utf_8_is_refused_at_its_place(data: bytes, line: int, column: int) -> None:
    assert refused(data) == ("document-encoding", line, column)


@pytest.mark.parametrize("data", [b"", b"  \n\t ", b"\xef\xbb\xbf"])
def test_an_empty_document_is_refused(data: bytes) -> None:
    assert refused(data)[0] == "document-empty"


def told(data: bytes) -> tuple[Any, list[tuple[str, int, int]]]:
    report = Report()
    found = parse(data, "document", report).value
    return found, [(each.code, each.place.line, each.place.column) for each in report]


@pytest.mark.parametrize("yaml", [False, True])
def test_half_a_character_is_replaced_and_told(yaml: bool) -> None:
    text = b'"a":\n "half \\uD83D pair"'
    found, findings = told(text if yaml else b"{" + text + b"}")
    assert found == {"a": "half \ufffd pair"}
    assert findings == [("document-surrogate", 2, 8)]


@pytest.mark.parametrize("yaml", [False, True])
def test_a_whole_character_in_two_escapes_is_one_character(yaml: bool) -> None:
    text = b'"a": "\\ud83d\\ude00 \\\\ud83d"'
    found, findings = told(text if yaml else b"{" + text + b"}")
    assert found == {"a": "\U0001f600 \\ud83d"}
    assert findings == []


def test_what_only_looks_like_an_escape_stays() -> None:
    found, findings = told(rb"a: '[\uD83C-\uDBFF]'")
    assert found == {"a": r"[\uD83C-\uDBFF]"}
    assert findings == []


def test_keys_that_become_equal_by_a_replacement_are_refused() -> None:
    assert refused(b'{"\\ud800": 1, "\\ud801": 2}')[0] == "document-duplicate-key"


def test_the_collector_of_garbage_runs_again_afterwards() -> None:
    assert gc.isenabled()
    value(b"a: 1")
    assert gc.isenabled()
    refused(b"[")
    assert gc.isenabled()
    gc.disable()
    try:
        value(b"a: 1")
        assert not gc.isenabled()
    finally:
        gc.enable()
