"""Any text in any style, read back by decoders that share no code with the runtime."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote

from hypothesis import assume, given
from hypothesis import strategies as st
from openapi_core.deserializing.styles import util as openapi_core_styles
from werkzeug.http import parse_cookie

from tests.unit.runtime.request.test_serialization import cookie, header, path, query


def read_brackets(pairs: list[tuple[str, str]]) -> Any:
    """What PHP, Rails and qs make of bracketed names; written for this test."""
    root: dict[str, Any] = {}
    for name, value in pairs:
        first, *rest = name.replace("]", "").split("[")
        branch: Any = root
        steps = [first, *rest]
        for step, following in zip(steps, [*steps[1:], None], strict=True):
            if following is None:
                if isinstance(branch, list):
                    branch.append(value)
                else:
                    branch[step] = value
            else:
                empty: Any = [] if following == "" else {}
                branch = branch.setdefault(step, empty)
    return root


plain_keys = st.text(st.characters(codec="utf-8", exclude_characters="[]"), min_size=1)
leaf_text = st.text(st.characters(codec="utf-8"))
trees = st.dictionaries(
    plain_keys,
    st.recursive(
        leaf_text | st.lists(leaf_text, min_size=1),
        lambda inner: st.dictionaries(plain_keys, inner, min_size=1),
        max_leaves=8,
    ),
    min_size=1,
)


@given(trees)
def test_deep_objects_read_back(value: Any) -> None:
    pairs = parse_qsl(query(value, "f", style="deepObject"), keep_blank_values=True)
    assert read_brackets(pairs) == {"f": value}


# --- any text reads back -------------------------------------------------------------------------

any_text = st.text(st.characters(codec="utf-8"))
header_text = st.from_regex(r"\A[!-~]([ -~]*[!-~])?\Z")


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_path_values_read_back_and_stay_in_their_segment(value: str) -> None:
    written = path(value)
    assert unquote(written) == value
    assert written.isascii()
    assert not set(written) & set("/?#\\ ")


@given(any_text, any_text, st.booleans())
def test_query_values_read_back(name: str, value: str, reserved: bool) -> None:
    assume(name)
    written = query(value, name, allow_reserved=reserved)
    assert parse_qsl(written, keep_blank_values=True) == [(name, value)]
    assert "#" not in written
    assert written.isascii()


@given(st.lists(any_text, min_size=1), st.booleans())
def test_exploded_arrays_read_back(values: list[str], reserved: bool) -> None:
    pairs = parse_qsl(query(values, allow_reserved=reserved), keep_blank_values=True)
    assert pairs == [("color", value) for value in values]


@given(st.lists(any_text, min_size=1), st.booleans())
def test_joined_arrays_read_back(values: list[str], reserved: bool) -> None:
    written = query(values, explode=False, allow_reserved=reserved).removeprefix("color=")
    assert [unquote(part) for part in written.split(",")] == values


@given(st.dictionaries(any_text, any_text, min_size=1))
def test_objects_read_back(value: dict[str, str]) -> None:
    pairs = parse_qsl(query(value), keep_blank_values=True)
    assert dict(pairs) == value
    assert len(pairs) == len(value)
    joined = query(value, explode=False).removeprefix("color=").split(",")
    parts = [unquote(part) for part in joined]
    assert dict(zip(parts[::2], parts[1::2], strict=True)) == value


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=1), st.booleans())
def test_path_arrays_read_back(values: list[str], explode: bool) -> None:
    for style, prefix, separator in (
        ("simple", "", ","),
        ("label", ".", "." if explode else ","),
        ("matrix", ";color=", ";color=" if explode else ","),
    ):
        written = path(values, style=style, explode=explode)
        assert written.startswith(prefix)
        parts = written.removeprefix(prefix).split(separator)
        assert [unquote(part) for part in parts] == values, style


@given(header_text)
def test_header_values_are_sent_as_they_are(value: str) -> None:
    assert header(value) == value


@given(any_text)
def test_cookie_values_read_back(value: str) -> None:
    """werkzeug splits cookies as browsers send them and leaves percent-encoding alone."""
    (written,) = cookie(value)
    found = parse_cookie(written)
    assert unquote(found["color"]) == value


# --- openapi-core as the second reader -----------------------------------------------------------
# It splits after decoding, so values that hold a delimiter cannot be read back by it (RFC 6570
# encodes them so that they can), and it wants pipes and spaces in pieces that are still encoded.

words = st.from_regex(r"\A[a-z0-9]{1,8}\Z")


@given(st.lists(words, min_size=2, unique=True), st.booleans())
def test_openapi_core_reads_path_arrays(values: list[str], explode: bool) -> None:
    star = "*" if explode else ""
    readers = (
        ("simple", openapi_core_styles.simple_loads, "color"),
        ("label", openapi_core_styles.label_loads, f".color{star}"),
        ("matrix", openapi_core_styles.matrix_loads, f";color{star}"),
    )
    for style, read, key in readers:
        written = path(values, style=style, explode=explode)
        assert read(explode, "color", "array", {key: written}) == values, style
        record = dict.fromkeys(values, "v")
        written = path(record, style=style, explode=explode)
        assert read(explode, "color", "object", {key: written}) == record, style


@given(st.lists(words, min_size=2))
def test_openapi_core_reads_delimited_arrays(values: list[str]) -> None:
    for style, read, decode in (
        ("form", openapi_core_styles.form_loads, False),
        ("spaceDelimited", openapi_core_styles.space_delimited_loads, False),
        ("pipeDelimited", openapi_core_styles.pipe_delimited_loads, True),
    ):
        written = query(values, style=style, explode=False).removeprefix("color=")
        location = {"color": unquote(written) if decode else written}
        assert read(False, "color", "array", location) == values, style


@given(st.dictionaries(words, words, min_size=1))
def test_openapi_core_reads_deep_objects(value: dict[str, str]) -> None:
    location = dict(parse_qsl(query(value, style="deepObject")))
    assert openapi_core_styles.deep_object_loads(True, "color", "object", location) == value
