"""Bodies that are not JSON and not forms: bytes, local files, XML."""

from __future__ import annotations

import string
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind_runtime.errors import ArgumentError
from toolbind_runtime.request.files import FileReader
from toolbind_runtime.request.operation import Parts

from tests.unit.runtime.request.test_bodies import FORM, any_text, body_row, png, read_form, whole
from tests.unit.runtime.request.test_request import build

# --- binary bodies and files ---------------------------------------------------------------------


def binary(value: Any, media_type: str = "application/octet-stream", **reader: Any) -> Parts:
    return whole(media_type, value, FileReader(**reader), row={"binary": True})


def test_binary_bodies() -> None:
    assert binary("text é").content == "text é".encode()
    assert binary(png()).content == b"\x89PNG\r\n\x1a\n\0"
    assert binary(b"\0").content == b"\0"
    assert binary("data:text/plain,a%20b").content == b"a b"
    assert binary("data: is not a URL").content == b"data: is not a URL"
    assert binary("data:;base64,aG k=").content == b"hi"
    with pytest.raises(ArgumentError, match="not valid base64"):
        binary("data:;base64,???")


@pytest.mark.parametrize(
    ("declared", "given_value", "sent"),
    [
        ("image/png", png(), "image/png"),
        ("image/*", png(), "image/png"),
        ("image/gif, image/png", png(), "image/png"),
        ("image/gif, image/jpeg", png(), "image/gif"),
        ("image/*", b"x", "application/octet-stream"),
        ("*/*", png(), "image/png"),
    ],
)
def test_media_types_of_binary_bodies(declared: str, given_value: Any, sent: str) -> None:
    assert binary(given_value, declared).content_type == sent


def test_local_files_need_permission(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "a.txt").write_text("allowed")
    (tmp_path / "b.txt").write_text("forbidden")
    (inside / "link").symlink_to(tmp_path / "b.txt")
    assert binary("file:a.txt").content == b"file:a.txt"  # no permission: it is text
    assert binary("file:a.txt", folder=inside).content == b"allowed"
    assert binary(f"file://{inside}/a.txt", folder=inside).content == b"allowed"
    for bad in (
        "file:../b.txt",
        "file:link",
        f"file:{tmp_path}/b.txt",
        "file:none",
        "file:",
        "file:.",
    ):
        with pytest.raises(ArgumentError, match="no such file"):
            binary(bad, folder=inside)


def test_large_local_files_are_refused(tmp_path: Path) -> None:
    with (tmp_path / "big").open("wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    with pytest.raises(ArgumentError, match="larger than"):
        binary("file:big", folder=tmp_path)


def test_file_names_in_data_urls() -> None:
    row = body_row("multipart/form-data", f={"in": "file"})
    _, files = read_form(build(row, {"f": "data:text/csv;name=a%20b.csv,1"}))
    assert (files[0].filename, files[0].content) == ("a b.csv", b"1")


# --- XML -----------------------------------------------------------------------------------------


def xml(value: Any, **hints: Any) -> str:
    content = whole("application/xml", value, xml=hints).content or b""
    ElementTree.fromstring(content)  # well-formed, by a reader of its own
    return content.decode().partition("\n")[2]


def test_xml_by_hints() -> None:
    value = {"id": 7, "name": "a & <b>", "tags": ["x", "y"], "rows": [1, 2], "none": None}
    assert xml(value, name="pet") == (
        "<pet><id>7</id><name>a &amp; &lt;b&gt;</name><tags>x</tags><tags>y</tags>"
        "<rows>1</rows><rows>2</rows>"
        '<none xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/></pet>'
    )
    hints = {
        "id": {"attribute": True, "name": "ID"},
        "name": {"text": True},
        "tags": {"wrapped": True, "items": {"name": "tag"}},
        "rows": {"wrapped": True, "name": "list"},
        "none": {"attribute": True},
    }
    assert xml(value, name="pet", namespace="urn:x", prefix="p", members=hints) == (
        '<p:pet xmlns:p="urn:x" ID="7">a &amp; &lt;b&gt;<tags><tag>x</tag><tag>y</tag></tags>'
        "<list><rows>1</rows><rows>2</rows></list></p:pet>"
    )


def test_xml_arrays_and_scalars_at_the_root() -> None:
    assert xml([1, 2], name="all", items={"name": "one"}) == "<all><one>1</one><one>2</one></all>"
    assert xml([1], name="all") == "<all><all>1</all></all>"
    assert xml("a\rb", name="t") == "<t>a&#13;b</t>"
    assert xml({"a": {"b": [{"c": True}]}}) == "<root><a><b><c>true</c></b></a></root>"
    written = whole("text/xml", "<given/>")
    assert (written.content, written.content_type) == (b"<given/>", "text/xml")
    assert whole("text/xml", {"a": 1}).content == (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<root><a>1</a></root>'
    )


@given(st.dictionaries(st.text(string.ascii_letters, min_size=1), any_text, min_size=1), any_text)
def test_xml_text_reads_back(value: dict[str, str], attribute: str) -> None:
    hints = {"extra-attribute": {"attribute": True, "name": "attr"}}
    try:
        written = xml({**value, "extra-attribute": attribute}, members=hints)
    except ArgumentError:
        allowed = all(
            c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff")
            for c in "".join([*value.values(), attribute])
        )
        assert not allowed
        return
    root = ElementTree.fromstring(written)
    assert {child.tag: child.text or "" for child in root} == value
    assert root.attrib == {"attr": attribute}


@pytest.mark.parametrize("bad", [{"a b": 1}, {"1a": 1}, {"<x>": 1}, {"": 1}, {"a:b:c": 1}])
def test_names_that_xml_does_not_know_are_refused(bad: Any) -> None:
    with pytest.raises(ArgumentError, match="not a name in XML"):
        whole("application/xml", bad)


def test_xml_depth_is_bounded() -> None:
    deep: Any = {"a": 1}
    for _ in range(200):
        deep = {"a": deep}
    with pytest.raises(ArgumentError, match="deeply"):
        whole("application/xml", deep)


def test_documents_of_other_types_inside_parts() -> None:
    row = body_row(
        "multipart/form-data",
        form={"in": "body", "media_type": FORM},
        xml={"in": "body", "media_type": "text/xml"},
        lines={"in": "body", "media_type": "application/x-ndjson"},
    )
    fields, _ = read_form(
        build(row, {"form": {"a": [1, 2], "b": None}, "xml": {"c": 1}, "lines": 5})
    )
    assert dict(fields) == {
        "form": "a=1&a=2",
        "xml": '<?xml version="1.0" encoding="UTF-8"?>\n<root><c>1</c></root>',
        "lines": "5\n",
    }
