"""What may be given for a file, what is text, and in which charset text goes out."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from toolbind_runtime.errors import ArgumentError
from toolbind_runtime.request.files import FilePart, FileReader
from toolbind_runtime.request.operation import Operation

GIF = b"GIF89a\xff"


def read(value: Any) -> FilePart:
    return FileReader().read(value)


@pytest.mark.parametrize(
    "text",
    [
        "data:1,2,3\n4,5,6",
        'data: {"id": 1, "x": 2}\n\n',
        "data:\n  hosts: [a, b]\n",
        "data:,x",
        "data:;charset=utf-8,x",
        "DATA:a b/c,d",
        "data:text/plain; charset=utf-8,x",
        "data:text/plain",
        "database,x",
    ],
)
def test_text_that_begins_like_a_data_url_is_text(text: str) -> None:
    assert read(text) == FilePart(text.encode())


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("data:text/plain;base64,aGk=", FilePart(b"hi", None, "text/plain")),
        ("data:;base64,aGk=", FilePart(b"hi")),
        ("data:text/csv,a%2Cb", FilePart(b"a,b", None, "text/csv")),
        ("data:text/plain;name=a.txt;base64,aGk=", FilePart(b"hi", "a.txt", "text/plain")),
        ("DATA:image/svg+xml;charset=utf-8,<x/>", FilePart(b"<x/>", None, "image/svg+xml")),
    ],
)
def test_data_urls(url: str, part: FilePart) -> None:
    assert read(url) == part


def test_what_typed_methods_take(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(GIF)
    assert read(path) == FilePart(GIF, "a.png", "image/png")
    assert read(GIF) == read(memoryview(GIF)) == FilePart(GIF)
    assert read(io.BytesIO(GIF)) == FilePart(GIF)
    with path.open("rb") as file:
        assert read(file)[:2] == (GIF, "a.png")
    assert read(("b.bin", GIF)) == FilePart(GIF, "b.bin")
    assert read(("b.bin", path, "image/x-b")) == FilePart(GIF, "b.bin", "image/x-b")
    assert read(("b.txt", "text", "text/x-b")) == FilePart(b"text", "b.txt", "text/x-b")


def sent(body: Any, argument: Any, value: Any) -> tuple[bytes | None, str | None]:
    row: Any = {"method": "POST", "path": "/", "arguments": {"x": argument}, "body": body}
    parameters = {"type": "object", "properties": {"x": {}}, "required": []}
    made = Operation({"name": "op", "description": "", "parameters": parameters}, row)
    parts = made.build({"x": value}, FileReader())
    return parts.content, parts.content_type


@pytest.mark.parametrize(
    ("value", "media_type"),
    [
        ("data:image/jpeg;base64,/9j/", "image/jpeg"),
        ("data:image/png;base64,/9j/", "image/png"),
        ("data:image/tiff;base64,/9j/", "image/png"),
        (("a", GIF, "image/jpeg"), "image/jpeg"),
        (GIF, "image/png"),
        ("text", "image/png"),
    ],
)
def test_whole_body_has_the_type_of_the_file_where_it_is_offered(
    value: Any, media_type: str
) -> None:
    body = {"media_type": "image/png", "or_types": ["image/jpeg"]}
    assert sent(body, {"in": "whole-body", "binary": True}, value)[1] == media_type


@pytest.mark.parametrize(
    ("media_type", "content", "sent_as"),
    [
        ("text/plain; charset=iso-8859-1", b"Z\xfcrich", "text/plain; charset=iso-8859-1"),
        ('text/plain; charset="Latin1"', b"Z\xfcrich", 'text/plain; charset="Latin1"'),
        ("text/plain;charset=us-ascii", b"Z\xc3\xbcrich", "text/plain; charset=utf-8"),
        ("text/plain; charset=none-such", b"Z\xc3\xbcrich", "text/plain; charset=utf-8"),
        ("text/plain", b"Z\xc3\xbcrich", "text/plain; charset=utf-8"),
        ("text/csv; charset=utf-16-le", "Zürich".encode("utf-16-le"), None),
    ],
)
def test_text_is_written_in_the_charset_that_is_named(
    media_type: str, content: bytes, sent_as: str | None
) -> None:
    found = sent({"media_type": media_type}, {"in": "whole-body"}, "Zürich")
    assert found == (content, sent_as or media_type)


def test_xml_declares_the_charset_that_it_is_in() -> None:
    body = {"media_type": "application/xml; charset=ISO-8859-1", "xml": {"name": "a"}}
    content, media_type = sent(body, {"in": "whole-body"}, {"b": "ü"})
    assert content == b'<?xml version="1.0" encoding="ISO-8859-1"?>\n<a><b>\xfc</b></a>'
    assert media_type == "application/xml; charset=ISO-8859-1"
    content, media_type = sent(body, {"in": "whole-body"}, {"b": "日"})
    assert content is not None
    assert content.decode().startswith('<?xml version="1.0" encoding="UTF-8"?>')
    assert media_type == "application/xml; charset=utf-8"


def test_part_of_multipart_is_written_in_its_charset() -> None:
    argument = {"in": "body", "media_type": "text/plain; charset=iso-8859-1"}
    content, _ = sent({"media_type": "multipart/form-data"}, argument, "ü")
    assert content is not None
    assert b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\n\xfc\r\n" in content


def test_json_is_utf_8() -> None:
    body = {"media_type": "application/json; charset=iso-8859-1"}
    assert sent(body, {"in": "whole-body"}, "ü")[0] == '"ü"'.encode()


def test_base64_that_is_none_is_refused() -> None:
    image = {"media_type": "image/png"}
    argument = {"in": "whole-body", "binary": True}
    with pytest.raises(ArgumentError, match="not valid base64"):
        sent(image, argument, "data:image/png;base64,@@")
