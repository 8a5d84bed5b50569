"""Arguments as models write them: mended where that is certain, refused with a reason else."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind_runtime.basics.json_repair import (
    DEPTH_LIMIT,
    UnreadableArgumentsError,
    mend_json,
    read_arguments,
)

from tests.unit.runtime.recorded import cases

READ: dict[str, dict[str, Any]] = {
    "single quotes": {"pet_id": 7},
    "trailing comma": {"pet_id": 7},
    "empty string": {},
    "null": {},
    "encoded twice": {"pet_id": 7},
    "fenced": {"pet_id": 7},
    "unknown parameter": {"pet_id": 7, "admin": True},
    "required one missing": {},
    "wrong type": {"pet_id": "seven"},
    "a tool that was not offered": {},
    "name with a namespace in front": {"pet_id": 7},
    "empty name": {},
}
REFUSED: dict[str, str] = {
    "cut off": "end before they are complete",
    "a list": "must be a JSON object, got an array",
    "a bare number": "must be a JSON object, got a number",
    "text before": "not valid JSON",
    "NaN": "NaN is not a JSON number",
    "key twice": 'the key "pet_id" stands twice',
    "two objects": "more text follows after the first value",
    "lone surrogate": "half of a surrogate pair",
}


def recorded_arguments() -> dict[str, str]:
    found = {}
    for each in cases("malformed_arguments.json"):
        result = each["response"]["result"]
        if result and result["choices"]:
            call = result["choices"][0]["message"]["tool_calls"][0]
            found[each["name"]] = call["function"]["arguments"]
    return found


def test_every_recorded_case_has_a_verdict() -> None:
    assert set(recorded_arguments()) == {*READ, *REFUSED}


@pytest.mark.parametrize("name", READ)
def test_recorded_arguments_are_read(name: str) -> None:
    assert read_arguments(recorded_arguments()[name]) == READ[name]


@pytest.mark.parametrize("name", REFUSED)
def test_recorded_arguments_are_refused_with_the_reason(name: str) -> None:
    with pytest.raises(UnreadableArgumentsError, match=REFUSED[name]):
        read_arguments(recorded_arguments()[name])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{'a': 'it\\'s \"so\"', 'b': True, 'c': None, 'd': False,}", None),
        ('{"a": [1, 2, ], "b": {"c": 1, }, }', {"a": [1, 2], "b": {"c": 1}}),
        ('{"a": "two\nlines"}', {"a": "two\nlines"}),
        ('```\n{"a": 1}\n```', {"a": 1}),
        ('  ```JSON\r\n{"a": 1}\r\n```  ', {"a": 1}),
        ('{"a": 1, "a": 1}', {"a": 1}),
        (" \n ", {}),
        ('"null"', {}),
    ],
)
def test_what_has_one_meaning_is_mended(text: str, value: Any) -> None:
    expected = value or {"a": 'it\'s "so"', "b": True, "c": None, "d": False}
    assert read_arguments(text) == ({} if value == {} else expected)


@pytest.mark.parametrize(
    "text",
    [
        "{'a': 'it's'}",
        "{a: 1}",
        '{"a": undefined}',
        '{"a": 1; "b": 2}',
        "{,}",
        '{"a": 1,, "b": 2}',
        '{"a":, }',
        '{"a": 01}',
        '{"a": 1e999}',
        '{"a": Infinity}',
        '{"a": ' + "9" * 5000 + "}",
        "[" * 100_000,
        '{"a":' * 5000 + "1" + "}" * 5000,
        '"just text"',
        "true",
        '```json\n{"a": 1}',
        '{"a": (1, 2)}',
        "{'a': b'x'}",
    ],
)
def test_what_could_mean_something_else_is_refused(text: str) -> None:
    with pytest.raises(UnreadableArgumentsError):
        read_arguments(text)


@pytest.mark.parametrize("value", [7, [], True, 1.5])
def test_only_objects_are_arguments(value: object) -> None:
    with pytest.raises(UnreadableArgumentsError, match="must be a JSON object"):
        read_arguments(value)


def test_values_that_json_cannot_carry_are_refused_in_objects_too() -> None:
    for bad in (float("nan"), float("inf"), "\ud800"):
        with pytest.raises(UnreadableArgumentsError):
            read_arguments({"a": [{"b": bad}]})
        with pytest.raises(UnreadableArgumentsError):
            read_arguments({str(bad): 1} if isinstance(bad, str) else {"a": bad})
    deep: Any = 1
    for _ in range(DEPTH_LIMIT + 1):
        deep = [deep]
    with pytest.raises(UnreadableArgumentsError, match="nested too deeply"):
        read_arguments({"a": deep})


def test_too_long_arguments_are_not_read() -> None:
    with pytest.raises(UnreadableArgumentsError, match="too long"):
        read_arguments('{"a": "' + "x" * 1_000_001 + '"}')
    for huge in ("x" * 1_000_001, ["x"] * 600_000, {str(index): "x" for index in range(300_000)}):
        with pytest.raises(UnreadableArgumentsError, match="too long"):
            read_arguments({"a": huge})


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.text(), JSON, max_size=5)


@given(OBJECTS)
def test_json_is_read_as_it_is(value: dict[str, Any]) -> None:
    assert read_arguments(json.dumps(value)) == value
    assert read_arguments(value) == value


@given(OBJECTS)
def test_each_mending_gives_the_value_back(value: dict[str, Any]) -> None:
    text = json.dumps(value)
    assert read_arguments(json.dumps(text)) == value
    assert read_arguments(f"```json\n{text}\n```") == value
    if value:
        assert read_arguments(text[:-1] + ",}") == value


@given(st.dictionaries(st.text("abc '\"xyz", max_size=8), st.text("ab '\"\\n", max_size=8)))
def test_python_spelling_is_read_as_python_reads_it(value: dict[str, str]) -> None:
    """`repr` of a dict of texts is how models write Python instead of JSON."""
    assert read_arguments(repr(value)) == value


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(UnreadableArgumentsError):
        assert isinstance(read_arguments(text), dict)


@given(st.text("{}[]'\",:\\ tTrueNonefals0123\n`", max_size=40))
def test_mended_text_is_never_guessed(text: str) -> None:
    """What strict JSON already means is never read as something else."""
    try:
        strict = json.loads(text)
    except ValueError:
        return
    with suppress(UnreadableArgumentsError):
        assert mend_json(text) == strict
