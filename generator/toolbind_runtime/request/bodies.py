"""Request bodies: a JSON value (or bytes) as a document of the media type that a row names.

One writer for each kind of media type, chosen once when an operation is compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from ..basics.json_values import SerializationError, json_text, text
from ..contract import BodyRow, ValueRow
from .files import FileReader
from .media import (
    FORM,
    LINES,
    concrete,
    declared,
    document,
    encoded,
    essence,
    is_json,
    is_multipart,
    is_text,
    is_xml,
    with_charset,
)
from .styles import PairsWriter, pairs_writer, percent


class Encoded(NamedTuple):
    """A body as it is sent."""

    content: bytes
    media_type: str


BodyWriter: TypeAlias = Callable[[Any, FileReader], Encoded]


def body_writer(
    body: BodyRow, members: Mapping[str, ValueRow], *, binary: bool = False
) -> BodyWriter:
    """What writes bodies of this row. `members` says how members of an object are written."""
    media_type = body["media_type"]
    if binary:
        return _binary_writer(", ".join([media_type, *body.get("or_types", ())]))
    if essence(media_type) == FORM:
        return _form_writer(media_type, members)
    if is_multipart(media_type):
        return _multipart_writer(media_type, members)
    if is_xml(media_type):
        return _xml_writer(body)
    if is_json(media_type) or is_text(media_type) or essence(media_type) in LINES:
        sent = with_charset(media_type)
        if not is_text(media_type):  # JSON is UTF-8, whatever is said beside it
            return lambda value, _: Encoded(document(media_type, value).encode(), sent)
        return lambda value, _: Encoded(*encoded(document(media_type, value), sent))
    return _binary_writer(media_type)


def form_member_writer(wire: str, row: ValueRow) -> PairsWriter:
    """How one member of a form is written (OpenAPI 3.1.1 section 4.8.15, Encoding Object).

    With a style it is written as in a query. Without one its content type rules: each item of
    an array by itself, objects as JSON.
    """
    if has_style(row):
        return pairs_writer(wire, row)
    media_type = row.get("media_type")
    name = percent(wire)
    write_item = text if media_type is None else partial(document, media_type)

    def write(value: Any) -> list[tuple[str, str]]:
        if media_type is None and value is None:
            return []
        items = value if isinstance(value, (list, tuple)) else [value]
        return [(name, percent(write_item(item))) for item in items]

    return write


def has_style(row: ValueRow) -> bool:
    """Whether the row asks for a style: then a content type does not apply."""
    return "style" in row or "explode" in row or "allow_reserved" in row


@contextmanager
def blaming(name: str) -> Iterator[None]:
    """What cannot be written inside is the fault of a member."""
    try:
        yield
    except SerializationError as error:
        error.member = name
        raise


def _form_writer(media_type: str, members: Mapping[str, ValueRow]) -> BodyWriter:
    writers = {wire: form_member_writer(wire, row) for wire, row in members.items()}

    def write(value: Any, _: FileReader) -> Encoded:
        if not isinstance(value, dict):
            raise SerializationError("the body of a form must be an object")
        pairs: list[tuple[str, str]] = []
        for name, each in value.items():
            member = writers.get(name) or form_member_writer(name, {"in": "body"})
            with blaming(name):
                pairs += member(each)
        content = "&".join([f"{name}={written}" for name, written in pairs])
        return Encoded(content.encode(), media_type)

    return write


def _multipart_writer(media_type: str, members: Mapping[str, ValueRow]) -> BodyWriter:
    from .multipart import assemble, member_writer

    writers = {wire: member_writer(wire, row) for wire, row in members.items()}
    kind = essence(media_type)
    kind = "multipart/form-data" if "*" in kind else kind

    def write(value: Any, files: FileReader) -> Encoded:
        if not isinstance(value, dict):
            raise SerializationError(
                "the body of a multipart request must be an object"
            )
        parts = []
        for name, each in value.items():
            with blaming(name):
                member = writers.get(name) or member_writer(name, {"in": "body"})
                parts += member(each, files)
        boundary, content = assemble(parts)
        return Encoded(content, f"{kind}; boundary={boundary}")

    return write


def _xml_writer(body: BodyRow) -> BodyWriter:
    row, media_type = body.get("xml"), body["media_type"]

    def write(value: Any, _: FileReader) -> Encoded:
        if row is None and isinstance(
            value, str
        ):  # a document that the caller has written
            return Encoded(*encoded(value, media_type))
        from .xml import xml_text

        hints = row or {}
        written = xml_text(value, hints, hints.get("name", "root"))
        content, sent = encoded(written, media_type)
        return Encoded(declared(content, written, sent), sent)

    return write


def _binary_writer(media_type: str) -> BodyWriter:
    def write(value: Any, files: FileReader) -> Encoded:
        if isinstance(
            value, (dict, list)
        ):  # no bytes: a type that leaves the form open
            first = media_type.partition(",")[0]
            sent = "application/json" if "*" in first else first
            return Encoded(json_text(value).encode(), sent)
        part = files.read(value)
        return Encoded(part.content, concrete(media_type, part.media_type))

    return write
