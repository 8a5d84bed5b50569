"""Request bodies, read back by readers of their own: json, werkzeug, ElementTree."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind_runtime import OperationRow
from toolbind_runtime.errors import ArgumentError
from toolbind_runtime.request.files import FileReader
from toolbind_runtime.request.operation import Parts
from werkzeug.formparser import parse_form_data
from werkzeug.test import EnvironBuilder

from tests.unit.runtime.request.test_request import build


class Upload(NamedTuple):
    name: str
    filename: str
    media_type: str
    content: bytes


def body_row(media_type: str, **arguments: Any) -> OperationRow:
    return {
        "method": "POST",
        "path": "/x",
        "arguments": arguments,
        "body": {"media_type": media_type, "required": True},
    }


def whole(media_type: str, value: Any, files: FileReader | None = None, **body: Any) -> Parts:
    row = body_row(media_type, body={"in": "whole-body", **body.pop("row", {})})
    row["body"].update(body)  # type: ignore[typeddict-item]  # keywords of BodyRow
    return build(row, {"body": value}, files)


def read_form(parts: Parts) -> tuple[list[tuple[str, str]], list[Upload]]:
    """Fields and files, by werkzeug."""
    builder = EnvironBuilder(
        method="POST",
        input_stream=io.BytesIO(parts.content or b""),
        content_type=parts.content_type,
    )
    _, fields, files = parse_form_data(builder.get_environ())
    uploads = []
    for name, file in files.items(multi=True):
        uploads.append(Upload(name, file.filename or "", file.mimetype, file.read()))
        file.close()
    return list(fields.items(multi=True)), uploads


# --- JSON bodies ---------------------------------------------------------------------------------


def test_flat_json_bodies() -> None:
    row = body_row("application/vnd.shop+json", a={"in": "body"}, b={"in": "body", "wire": "B b"})
    parts = build(row, {"a": 0, "b": {"x": ["é"]}})
    assert parts.content == '{"a":0,"B b":{"x":["é"]}}'.encode()
    assert parts.content_type == "application/vnd.shop+json"


def test_required_bodies_are_sent_empty_and_optional_ones_left_out() -> None:
    row = body_row("application/json", a={"in": "body"})
    assert build(row, {}).content == b"{}"
    row["body"]["required"] = False
    assert build(row, {}) == Parts("/x", [], [], [], None, None)
    assert build(row, {"a": None}).content == b'{"a":null}'


@pytest.mark.parametrize("value", [None, False, 0, "", [], {}, "text", [1], {"a": None}])
def test_whole_json_bodies_of_any_type(value: Any) -> None:
    parts = whole("application/json; charset=utf-8", value)
    assert json.loads(parts.content or b"") == value
    assert parts.content_type == "application/json; charset=utf-8"


def test_json_lines() -> None:
    assert whole("application/x-ndjson", [{"a": 1}, "b\n"]).content == b'{"a":1}\n"b\\n"\n'
    assert whole("application/jsonl", {"a": 1}).content == b'{"a":1}\n'
    assert whole("application/json-seq", [1]).content == b"\x1e1\n"


def test_text_bodies() -> None:
    parts = whole("text/plain", "é\n")
    assert (parts.content, parts.content_type) == ("é\n".encode(), "text/plain; charset=utf-8")
    parts = whole("text/csv; charset=UTF-8", 5)
    assert (parts.content, parts.content_type) == (b"5", "text/csv; charset=UTF-8")


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", "a/x-ndjson"])
def test_half_a_surrogate_pair_is_an_argument_error(media_type: str) -> None:
    with pytest.raises(ArgumentError, match="surrogate"):
        whole(media_type, "\ud800")
    row: OperationRow = {"method": "GET", "path": "/", "arguments": {"q": {"in": "query"}}}
    with pytest.raises(ArgumentError, match=r"q: .*surrogate"):
        build(row, {"q": "\ud800"})


def test_unknown_types_take_json_values_as_json() -> None:
    assert whole("application/vnd.thing", {"a": 1}).content == b'{"a":1}'
    parts = whole("*/*", {"a": 1})
    assert (parts.content, parts.content_type) == (b'{"a":1}', "application/json")


# --- forms ---------------------------------------------------------------------------------------

FORM = "application/x-www-form-urlencoded"
any_text = st.text(st.characters(codec="utf-8"))


@given(st.dictionaries(any_text.filter(bool), any_text | st.lists(any_text), min_size=1))
def test_forms_read_back(value: dict[str, Any]) -> None:
    fields, _ = read_form(whole(FORM, value))
    expected = [
        (name, item)
        for name, each in value.items()
        for item in (each if isinstance(each, list) else [each])
    ]
    assert fields == expected


def test_form_members_by_their_encoding() -> None:
    row = body_row(
        FORM,
        plain={"in": "body"},
        joined={"in": "body", "style": "form", "explode": False},
        deep={"in": "body", "style": "deepObject", "explode": True},
        spread={"in": "body", "explode": True},
        document={"in": "body", "media_type": "application/json"},
        default={"in": "body"},
        free={"in": "body", "allow_reserved": True},
    )
    values = {
        "plain": False,
        "joined": ["a", "b,c"],
        "deep": {"x": {"y": 1}, "z": [1, 2]},
        "spread": {"r": 1, "g": 2},
        "document": {"a": "é"},
        "default": [{"a": 1}, 2],
        "free": "a/b&c",
    }
    parts = build(row, values)
    assert parts.content_type == FORM
    assert (parts.content or b"").decode() == (
        "plain=false&joined=a,b%2Cc&deep%5Bx%5D%5By%5D=1&deep%5Bz%5D%5B%5D=1&deep%5Bz%5D%5B%5D=2"
        "&r=1&g=2&document=%7B%22a%22%3A%22%C3%A9%22%7D&default=%7B%22a%22%3A1%7D&default=2"
        "&free=a/b%26c"
    )
    assert dict(read_form(parts)[0])["joined"] == "a,b,c"


def test_members_of_whole_forms_follow_the_body_row() -> None:
    parts = whole(
        FORM, {"deep": {"a": 1}, "other": [1, None], "none": None, "empty": []},
        members={"deep": {"in": "body", "style": "deepObject"}},
    )  # fmt: skip
    assert read_form(parts)[0] == [("deep[a]", "1"), ("other", "1"), ("other", "null")]
    assert whole(FORM, {}).content == b""
    with pytest.raises(ArgumentError, match="must be an object"):
        whole(FORM, ["a"])


# --- multipart -----------------------------------------------------------------------------------


def png() -> str:
    return "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n\0").decode()


def test_multipart_members_by_kind() -> None:
    row = body_row(
        "multipart/form-data",
        name={"in": "body"},
        count={"in": "body"},
        tags={"in": "body"},
        address={"in": "body"},
        rows={"in": "body"},
        xml={"in": "body", "media_type": "application/xml"},
        joined={"in": "body", "style": "form", "explode": False},
        picture={"in": "file"},
        notes={"in": "file", "wire": "notes.txt", "headers": {"X-Kind": "note"}},
        pages={"in": "file", "media_type": "image/png, image/*"},
    )
    values = {
        "name": 'é "quoted"\r\nline',
        "count": 3.0,
        "tags": ["a", "b"],
        "address": {"street": "x"},
        "rows": [{"a": 1}, {"a": 2}],
        "xml": "<a/>",
        "joined": ["x", "y"],
        "picture": png(),
        "notes": "plain text",
        "pages": [png(), "data:image/gif,GIF"],
    }
    parts = build(row, values)
    fields, files = read_form(parts)
    assert fields == [
        ("name", 'é "quoted"\r\nline'),
        ("count", "3"),
        ("tags", "a"),
        ("tags", "b"),
        ("address", '{"street":"x"}'),
        ("rows", '{"a":1}'),
        ("rows", '{"a":2}'),
        ("xml", "<a/>"),
        ("joined", "x,y"),
    ]
    assert files == [
        ("picture", "picture", "image/png", b"\x89PNG\r\n\x1a\n\0"),
        ("notes.txt", "notes.txt", "text/plain", b"plain text"),
        ("pages", "pages", "image/png", b"\x89PNG\r\n\x1a\n\0"),
        ("pages", "pages", "image/gif", b"GIF"),
    ]
    content = parts.content or b""
    assert b'name="address"\r\nContent-Type: application/json\r\n\r\n' in content
    assert b'name="name"\r\n\r\n' in content
    assert b"\r\nX-Kind: note\r\n" in content
    assert build(row, values) == parts  # equal arguments make equal bytes


@given(
    st.dictionaries(
        st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), min_size=1),
        any_text,
        min_size=1,
    ),
    st.binary(),
)
def test_multipart_reads_back(fields: dict[str, str], content: bytes) -> None:
    data_url = "data:;base64," + base64.b64encode(content).decode()
    parts = whole(
        "multipart/form-data", {**fields, "the file": data_url},
        members={"the file": {"in": "file", "binary": True}},
    )  # fmt: skip
    fields.pop("the file", None)
    found, files = read_form(parts)
    # werkzeug takes %22 for a quote mark, as browsers write it; a name that holds it is misread
    assert found == [(name.replace("%22", '"'), value) for name, value in fields.items()]
    assert [(each.name, each.content) for each in files] == [("the file", content)]


def test_multipart_without_parts() -> None:
    assert read_form(whole("multipart/form-data", {})) == ([], [])
    parts = whole("multipart/*", {"none": None, "empty": [], "object": {}})
    assert read_form(parts)[0] == [("object", "{}")]
    assert (parts.content_type or "").startswith("multipart/form-data; boundary=")
    row = body_row("multipart/form-data", f={"in": "file"})
    assert read_form(build(row, {"f": None})) == ([], [])


def test_a_boundary_cannot_be_planted() -> None:
    """The boundary depends on the content, so content cannot hold it."""
    first = whole("multipart/form-data", {"a": "x"})
    boundary = (first.content_type or "").partition("boundary=")[2]
    planted = f'x\r\n--{boundary}\r\nContent-Disposition: form-data; name="b"\r\n\r\nevil'
    assert read_form(whole("multipart/form-data", {"a": planted}))[0] == [("a", planted)]


@pytest.mark.parametrize("bad", ["a\r\nb", "a\nb", "a\0b"])
def test_names_with_line_breaks_are_refused(bad: str) -> None:
    with pytest.raises(ArgumentError, match="line breaks"):
        whole("multipart/form-data", {bad: "x"})
    row = body_row("multipart/form-data", f={"in": "file"})
    with pytest.raises(ArgumentError, match="line breaks"):
        build(row, {"f": (bad, b"x")})
    with pytest.raises(ArgumentError, match="must be an object"):
        whole("multipart/form-data", [1])


def test_typed_callers_give_bytes_and_files(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"%PDF")
    row = body_row("multipart/form-data", f={"in": "file"}, g={"in": "body"})
    given_files: list[tuple[Any, tuple[str, str, bytes]]] = [
        (b"x", ("f", "application/octet-stream", b"x")),
        (bytearray(b"x"), ("f", "application/octet-stream", b"x")),
        (("a.csv", b"1,2"), ("a.csv", "text/csv", b"1,2")),
        (("b.bin", io.BytesIO(b"y")), ("b.bin", "application/octet-stream", b"y")),
        (io.StringIO("é"), ("f", "application/octet-stream", "é".encode())),
        (path.open("rb"), ("report.pdf", "application/pdf", b"%PDF")),
    ]
    for value, expected in given_files:
        _, files = read_form(build(row, {"f": value}))
        assert [each[1:] for each in files] == [expected]
        if isinstance(value, io.BufferedReader):
            value.close()
    _, files = read_form(build(row, {"g": b"bytes anyway"}))
    assert files[0].content == b"bytes anyway"
    with pytest.raises(ArgumentError, match="must be given as text"):
        build(row, {"f": 5})
