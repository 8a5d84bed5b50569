"""The style table of OpenAPI 3.1.1 section 4.8.12, in both directions.

Expected strings come from the specification's own table. Values are read back by decoders that
share no code with the runtime: urllib.parse, werkzeug, and openapi-core's style deserialisers.
"""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest
from toolbind_runtime.basics import json_values
from toolbind_runtime.basics.json_values import SerializationError
from toolbind_runtime.contract import ValueRow
from toolbind_runtime.request import styles as serialization

SCALAR, ARRAY = "blue", ["blue", "black", "brown"]
OBJECT = {"R": 100, "G": 200, "B": 150}

NAMES = ("blue", "black", "brown")

# style, explode, and what the table has for "", SCALAR, ARRAY and OBJECT
PATH_TABLE = [
    (
        "matrix",
        False,
        ";color",
        ";color=blue",
        ";color=blue,black,brown",
        ";color=R,100,G,200,B,150",
    ),
    (
        "matrix",
        True,
        ";color",
        ";color=blue",
        "".join(f";color={c}" for c in NAMES),
        ";R=100;G=200;B=150",
    ),
    ("label", False, ".", ".blue", ".blue,black,brown", ".R,100,G,200,B,150"),
    ("label", True, ".", ".blue", ".blue.black.brown", ".R=100.G=200.B=150"),
    ("simple", False, None, "blue", "blue,black,brown", "R,100,G,200,B,150"),
    ("simple", True, None, "blue", "blue,black,brown", "R=100,G=200,B=150"),
]
QUERY_TABLE = [
    ("form", False, "color=", "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"),
    (
        "form",
        True,
        "color=",
        "color=blue",
        "color=blue&color=black&color=brown",
        "R=100&G=200&B=150",
    ),
    (
        "spaceDelimited",
        False,
        "color=",
        "color=blue",
        "color=blue%20black%20brown",
        "color=R%20100%20G%20200%20B%20150",
    ),
    (
        "pipeDelimited",
        False,
        "color=",
        "color=blue",
        "color=blue%7Cblack%7Cbrown",
        "color=R%7C100%7CG%7C200%7CB%7C150",
    ),
    (
        "deepObject",
        True,
        "color=",
        "color=blue",
        "&".join(f"color%5B%5D={c}" for c in NAMES),  # not in the table: undefined there
        "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150",
    ),
]


def row(place: str, **options: Any) -> ValueRow:
    found: Any = {"in": place, **options}
    return found  # type: ignore[no-any-return]  # a TypedDict made of keywords


def path(value: Any, **options: Any) -> str:
    return serialization.path_writer("color", row("path", **options))(value)


def query(value: Any, wire: str = "color", **options: Any) -> str:
    return serialization.query_writer(wire, row("query", **options))(value)


def header(value: Any, **options: Any) -> str | None:
    return serialization.header_writer(row("header", **options))(value)


def cookie(value: Any, wire: str = "color", **options: Any) -> list[str]:
    return serialization.cookie_writer(wire, row("cookie", **options))(value)


def table(rows: list[tuple[Any, ...]]) -> list[Any]:
    return [
        pytest.param(style, explode, value, expected, id=f"{style}-{explode}-{label}")
        for style, explode, *cells in rows
        for label, value, expected in zip(
            ("empty", "scalar", "array", "object"), ("", SCALAR, ARRAY, OBJECT), cells, strict=True
        )
    ]


@pytest.mark.parametrize(("style", "explode", "value", "expected"), table(PATH_TABLE))
def test_path_table(style: str, explode: bool, value: Any, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(SerializationError, match="empty"):
            path(value, style=style, explode=explode)
    else:
        assert path(value, style=style, explode=explode) == expected


@pytest.mark.parametrize(("style", "explode", "value", "expected"), table(QUERY_TABLE))
def test_query_table(style: str, explode: bool, value: Any, expected: str) -> None:
    assert query(value, style=style, explode=explode) == expected


def test_header_table() -> None:
    assert header("") == ""
    assert header(SCALAR) == "blue"
    assert header(ARRAY) == header(ARRAY, explode=True) == "blue,black,brown"
    assert header(OBJECT) == "R,100,G,200,B,150"
    assert header(OBJECT, explode=True) == "R=100,G=200,B=150"


def test_cookie_table() -> None:
    assert cookie("") == ["color="]
    assert cookie(SCALAR) == ["color=blue"]
    assert cookie(ARRAY) == ["color=blue", "color=black", "color=brown"]
    assert cookie(ARRAY, explode=False) == ["color=blue,black,brown"]
    assert cookie(OBJECT) == ["R=100", "G=200", "B=150"]
    assert cookie(OBJECT, explode=False) == ["color=R,100,G,200,B,150"]
    assert cookie(ARRAY, style="cookie") == ["color=blue", "color=black", "color=brown"]


# --- undefined, empty, false, zero ---------------------------------------------------------------


@pytest.mark.parametrize("nothing", [None, [], {}])
def test_undefined_values_leave_no_trace(nothing: Any) -> None:
    for style in ("form", "spaceDelimited", "pipeDelimited", "deepObject"):
        assert query(nothing, style=style) == ""
    assert header(nothing) is None
    assert cookie(nothing) == []
    for style in ("simple", "label", "matrix"):
        with pytest.raises(SerializationError, match="empty"):
            path(nothing, style=style)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (False, "false"),
        (True, "true"),
        (0, "0"),
        (0.0, "0"),
        (-0.5, "-0.5"),
        (5.0, "5"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (1.5e-7, "1.5e-07"),
        (10**30, "1" + "0" * 30),
        ("2024-02-29T10:00:00+01:00", "2024-02-29T10:00:00+01:00"),
    ],
)
def test_scalars_are_written_as_json_would(value: Any, expected: str) -> None:
    assert json_values.text(value) == expected
    assert parse_qsl(query(value), keep_blank_values=True) == [("color", expected)]
    assert unquote(path(value)) == expected


def test_null_inside_an_array_keeps_its_place() -> None:
    assert query(["a", None, "b"], explode=False) == "color=a,null,b"
    assert query(["a", None]) == "color=a&color=null"


def test_what_has_no_text_is_refused() -> None:
    for bad in (math.nan, math.inf, -math.inf, 10**5000, {"a": math.nan}, {"a": object()}):
        with pytest.raises(SerializationError):
            json_values.text(bad)
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(SerializationError, match="deeply"):
        json_values.json_text(deep)


def test_nested_values_become_json_text() -> None:
    value = [{"a": [1, "x y"]}, "plain"]
    assert [v for _, v in parse_qsl(query(value))] == ['{"a":[1,"x y"]}', "plain"]
    assert unquote(path({"k": {"a": 1}}, explode=True)) == 'k={"a":1}'
    assert parse_qsl(query({"k": [1, 2]})) == [("k", "[1,2]")]


# --- deepObject ----------------------------------------------------------------------------------


def test_deep_objects_nest_brackets() -> None:
    value = {"a": {"b": {"c": 1}}, "list": ["x", "y"], "rows": [{"id": 1}, {"id": 2}], "n": None}
    assert parse_qsl(query(value, "f", style="deepObject"), keep_blank_values=True) == [
        ("f[a][b][c]", "1"),
        ("f[list][]", "x"),
        ("f[list][]", "y"),
        ("f[rows][0][id]", "1"),
        ("f[rows][1][id]", "2"),
        ("f[n]", "null"),
    ]


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("style", "bad"), [("spaceDelimited", "New York"), ("pipeDelimited", "a|b")]
)
def test_a_value_holding_its_own_delimiter_is_refused(style: str, bad: str) -> None:
    with pytest.raises(SerializationError, match="separates values"):
        query(["ok", bad], style=style, explode=False)
    with pytest.raises(SerializationError, match="separates values"):
        query({"k": bad}, style=style, explode=False)


def test_commas_in_header_items_are_refused() -> None:
    for value in (["a,b", "c"], {"k": "a,b"}):
        with pytest.raises(SerializationError, match="comma"):
            header(value)
    assert header("a,b") == "a,b"


@pytest.mark.parametrize(
    "bad", ["a\r\nX: y", "a\nb", "a\0b", " lead", "trail ", "\ttab", "naïve", "\x7f", "\u2028"]
)
def test_header_values_that_http_cannot_carry_are_refused(bad: str) -> None:
    with pytest.raises(SerializationError, match="visible ASCII"):
        header(bad)


@pytest.mark.parametrize("bad", ["", "a b", "a:b", "a\r\nb", "é", "(x)"])
def test_header_names_must_be_tokens(bad: str) -> None:
    with pytest.raises(SerializationError, match="token"):
        serialization.header_name(bad)


@pytest.mark.parametrize("bad", ["a b", "a;b", 'a"b', "a,b", "a\\b", "é", "a\r\nb"])
def test_plain_cookies_refuse_what_rfc_6265_does(bad: str) -> None:
    with pytest.raises(SerializationError, match="cookie value"):
        cookie(bad, style="cookie")
    assert unquote(cookie(bad)[0]) == f"color={bad}"


def test_allow_reserved_keeps_reserved_characters_and_nothing_that_means_something() -> None:
    value = ":/?#[]@!$&'()*+,;=% é"
    assert query(value, allow_reserved=True) == (
        "color=:/?%23%5B%5D@!$%26'()*%2B,%3B%3D%25%20%C3%A9"
    )
    assert query(["a,b", "c/d"], explode=False, allow_reserved=True) == "color=a%2Cb,c/d"
    assert path(value, allow_reserved=True) == ":%2F%3F%23%5B%5D@!$&'()*+,;=%25%20%C3%A9"
    assert path(["a,b;c=d", "e"], allow_reserved=True) == "a%2Cb%3Bc%3Dd,e"


def test_pairs_for_multipart_are_not_encoded() -> None:
    def pairs(value: Any, **options: Any) -> list[tuple[str, str]]:
        return serialization.pairs_writer("c d", row("body", **options), encoded=False)(value)

    assert pairs("a b&") == [("c d", "a b&")]
    assert pairs(["x y", "z"], explode=False) == [("c d", "x y,z")]
    assert pairs({"k": "v w"}, style="deepObject") == [("c d[k]", "v w")]
    assert pairs({"k": "v w"}) == [("k", "v w")]
    with pytest.raises(SerializationError, match="comma"):
        pairs(["x,y", "z"], explode=False)
