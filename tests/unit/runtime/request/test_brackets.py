"""What OpenAPI leaves open, as Stripe, Rails, PHP and qs read it: lists and objects in brackets.

The judge is a reader of that convention, written from its description and without our code.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind_runtime.errors import ArgumentError
from toolbind_runtime.request.files import FileReader

from tests.unit.runtime.http_support import make_api


def understood(text: str) -> Any:
    """A query or form as such services read it: `a[b][]=c`, `a[0][b]=c`, `a[]=c`."""
    root: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        first, rest = re.fullmatch(r"([^\[]*)((?:\[[^\[\]]*\])*)", name).groups()  # type: ignore[union-attr]
        steps = [first, *re.findall(r"\[([^\[\]]*)\]", rest)]
        here: Any = root
        for step, below in zip(steps, [*steps[1:], None], strict=True):
            empty: Any = [] if below == "" else {}
            if isinstance(here, list):
                here.append(value)
            elif below is None:
                assert step not in here, name
                here[step] = value
            else:
                here = here.setdefault(step, empty)
    return _lists(root)


def _lists(value: Any) -> Any:
    """Objects whose names count from 0 are lists."""
    if not isinstance(value, dict):
        return value
    inner = {key: _lists(each) for key, each in value.items()}
    if inner and list(inner) == [str(n) for n in range(len(inner))]:
        return list(inner.values())
    return inner


def query(value: Any, **row: Any) -> str:
    operation: Any = {
        "method": "GET",
        "path": "/x",
        "arguments": {"p": {"in": "query", "style": "deepObject", **row}},
    }
    made = make_api({"op": operation}).operation("op").build({"p": value}, FileReader())
    return "&".join(made.query)


def form(value: Any, **row: Any) -> str:
    operation: Any = {
        "method": "POST",
        "path": "/x",
        "arguments": {"p": {"in": "body", "style": "deepObject", **row}},
        "body": {"media_type": "application/x-www-form-urlencoded", "required": True},
    }
    made = make_api({"op": operation}).operation("op").build({"p": value}, FileReader())
    assert made.content is not None
    return made.content.decode()


NAMES = st.text("abcxyz_", min_size=1, max_size=4)
LEAVES = st.text(max_size=6)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(LEAVES, min_size=1, max_size=3)
        | st.lists(st.dictionaries(NAMES, inner, min_size=1, max_size=2), min_size=1, max_size=3)
        | st.dictionaries(NAMES, inner, min_size=1, max_size=3)
    ),
    max_leaves=12,
)
COMPOUND = st.dictionaries(NAMES, VALUES, min_size=1, max_size=3) | st.lists(
    st.dictionaries(NAMES, VALUES, min_size=1, max_size=2), min_size=1, max_size=3
)


@given(COMPOUND)
@pytest.mark.parametrize("write", [query, form])
@pytest.mark.parametrize("lists", ["", "indices"])
def test_services_read_back_what_was_meant(lists: str, write: Any, value: Any) -> None:
    row = {"lists": lists} if lists else {}
    assert understood(write(value, **row)) == {"p": value}


@pytest.mark.parametrize("write", [query, form])
@pytest.mark.parametrize(
    ("value", "written"),
    [
        (["a", "b"], [("p[]", "a"), ("p[]", "b")]),
        ([{"price": "p", "quantity": 2}], [("p[0][price]", "p"), ("p[0][quantity]", "2")]),
        ({"a": {"b": ["c", True]}}, [("p[a][b][]", "c"), ("p[a][b][]", "true")]),
        ([["a"], ["b", "c"]], [("p[0][]", "a"), ("p[1][]", "b"), ("p[1][]", "c")]),
        ({"gt": 5}, [("p[gt]", "5")]),
        ([], []),
        ({}, []),
        ("now", [("p", "now")]),
    ],
)
def test_rows_of_the_convention(write: Any, value: Any, written: list[tuple[str, str]]) -> None:
    assert parse_qsl(write(value)) == written


@pytest.mark.parametrize(
    ("lists", "written"),
    [
        ("indices", [("p[a][0]", "x"), ("p[a][1]", "y")]),
        ("repeat", [("p[a]", "x"), ("p[a]", "y")]),
        ("comma", [("p[a]", "x,y")]),
    ],
)
def test_lists_inside_of_objects_as_the_user_says(
    lists: str, written: list[tuple[str, str]]
) -> None:
    assert parse_qsl(query({"a": ["x", "y"]}, lists=lists)) == written


def test_item_that_holds_the_joint_is_refused() -> None:
    with pytest.raises(ArgumentError, match="must not contain a comma"):
        query({"a": ["x,y", "z"]}, lists="comma")
