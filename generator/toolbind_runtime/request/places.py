"""Where each value of a request goes: one function for each place that OpenAPI knows.

A placer writes a value into a `Draft`. It is chosen and set up once, when an operation is
compiled. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import quote

from ..basics.json_values import json_text
from ..contract import ValueRow
from .media import FORM, document, essence, is_json
from .styles import (
    Encoder,
    Writer,
    cookie_octets,
    cookie_writer,
    header_name,
    header_value,
    header_writer,
    path_writer,
    percent,
    query_writer,
)

OWN_HEADERS = frozenset(
    {
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "cookie",
        "expect",
        "host",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers that belong to the client or to the connection: no argument sets them."""

NOTHING = object()
"""Stands for a body that was not given: null is a body."""


class Draft:
    """What has been placed so far."""

    __slots__ = ("body", "cookies", "headers", "members", "path", "query")

    def __init__(self) -> None:
        self.path: dict[str, str] = {}
        self.query: list[str] = []
        self.headers: list[tuple[str, str]] = []
        self.cookies: list[str] = []
        self.members: dict[str, Any] = {}
        self.body: Any = NOTHING

    def copy(self) -> Draft:
        other = Draft()
        other.path = self.path.copy()
        other.query = self.query.copy()
        other.headers = self.headers.copy()
        other.cookies = self.cookies.copy()
        other.members = self.members.copy()
        other.body = self.body
        return other


Placer: TypeAlias = Callable[[Any, Draft], None]


class _Slot(NamedTuple):
    name: str  # the argument's, in path templates
    wire: str
    row: ValueRow


def placer(name: str, row: ValueRow) -> Placer:
    """What places the values of one argument or constant.

    Raises ValueError for a row that asks for what no row may.
    """
    return _PLACERS[row["in"]](_Slot(name, row.get("wire", name), row))


def _path_placer(slot: _Slot) -> Placer:
    encode = _document_writer(slot.row, percent)
    write = encode or path_writer(slot.wire, slot.row)

    def place(value: Any, draft: Draft) -> None:
        draft.path[slot.name] = write(value)

    return place


def _query_placer(slot: _Slot) -> Placer:
    key = percent(slot.wire)
    encode = _document_writer(slot.row, lambda written: f"{key}={percent(written)}")
    write = encode or query_writer(slot.wire, slot.row)

    def place(value: Any, draft: Draft) -> None:
        written = write(value)
        if written:
            draft.query.append(written)

    return place


def _querystring_placer(slot: _Slot) -> Placer:
    media_type = slot.row.get("media_type", FORM)

    def place(value: Any, draft: Draft) -> None:
        written = document(media_type, value)
        if essence(media_type) != FORM:
            written = percent(written)
        elif isinstance(value, str):  # a query that the caller has written
            written = quote(value, safe="!$&'()*+,;=:@/?%")
        if written:
            draft.query.append(written)

    return place


def _header_placer(slot: _Slot) -> Placer:
    header = header_name(slot.wire)
    if header.lower() in OWN_HEADERS:
        raise ValueError(f"no argument may set the header {header}")
    write: Callable[[Any], str | None] = _document_writer(
        slot.row, header_value
    ) or header_writer(slot.row)
    if is_json(slot.row.get("media_type", "")):
        write = _ascii_json

    def place(value: Any, draft: Draft) -> None:
        written = write(value)
        if written is not None:
            draft.headers.append((header, written))

    return place


def _cookie_placer(slot: _Slot) -> Placer:
    write = cookie_writer(slot.wire, slot.row)
    encode = _document_writer(slot.row, cookie_octets)

    def place(value: Any, draft: Draft) -> None:
        if encode is None:
            draft.cookies += write(value)
        else:
            draft.cookies.append(f"{slot.wire}={encode(value)}")

    return place


def _document_writer(row: ValueRow, encode: Encoder) -> Writer | None:
    """Writes values as documents of the row's media type; None where a style rules."""
    media_type = row.get("media_type")
    if media_type is None:
        return None
    return lambda value: encode(document(media_type, value))


def _ascii_json(value: Any) -> str:
    return json_text(value, ascii_only=True)


def _member_placer(slot: _Slot) -> Placer:
    def place(value: Any, draft: Draft) -> None:
        draft.members[slot.wire] = value

    return place


def _members_placer(_slot: _Slot) -> Placer:
    """Further members: what has an argument of its own goes before."""

    def place(value: Any, draft: Draft) -> None:
        for name, each in value.items():
            draft.members.setdefault(name, each)

    return place


def _body_placer(_slot: _Slot) -> Placer:
    def place(value: Any, draft: Draft) -> None:
        draft.body = value

    return place


_PLACERS: Mapping[str, Callable[[_Slot], Placer]] = {
    "path": _path_placer,
    "query": _query_placer,
    "querystring": _querystring_placer,
    "header": _header_placer,
    "cookie": _cookie_placer,
    "body": _member_placer,
    "file": _member_placer,
    "members": _members_placer,
    "whole-body": _body_placer,
}
