"""JSON values as XML, by the hints of the document (OpenAPI 3.1.1 section 4.8.26, XML Object).

Without hints a member is an element of its own name, an array repeats that element. Null is an
element with `xsi:nil` (OpenAPI 3.2).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from ..basics.json_values import SerializationError, text
from ..contract import XmlRow

_NAME = re.compile(r"(?:[A-Za-z_][\w.\-]*:)?[A-Za-z_][\w.\-]*")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NIL = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"'
_DEPTH = 100


def xml_text(value: Any, row: XmlRow, name: str) -> str:
    """A whole document. Raises SerializationError for what XML cannot carry."""
    body = _element(value, row, name, 0)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'


def _element(value: Any, row: XmlRow, name: str, depth: int) -> str:
    if depth > _DEPTH:
        raise SerializationError("the value is nested too deeply")
    tag = _qualified(row, name)
    opening = f"{tag}{_namespace(row)}"
    if value is None:
        return f"<{opening}{_NIL}/>"
    if isinstance(value, Mapping):
        attributes, content = _members(value, row, depth)
        return f"<{opening}{attributes}>{content}</{tag}>"
    if isinstance(value, (list, tuple)):
        items = row.get("items", {})
        inner = items.get("name", name)
        content = "".join([_element(each, items, inner, depth + 1) for each in value])
        return f"<{opening}>{content}</{tag}>"
    return f"<{opening}>{_escaped(text(value))}</{tag}>"


def _members(value: Mapping[str, Any], row: XmlRow, depth: int) -> tuple[str, str]:
    """The attributes and the content of an object's element."""
    attributes, content = "", ""
    hints = row.get("members", {})
    for key, each in value.items():
        hint = hints.get(key, {})
        name = hint.get("name", key)
        if hint.get("attribute"):
            if each is not None:
                written = _escaped(text(each), attribute=True)
                attributes += f' {_qualified(hint, name)}="{written}"{_namespace(hint)}'
        elif hint.get("text"):
            content += _escaped(text(each))
        elif isinstance(each, (list, tuple)) and not hint.get("wrapped"):
            items = hint.get("items", {})
            inner = items.get("name", key)
            content += "".join(
                [_element(item, items, inner, depth + 1) for item in each]
            )
        elif isinstance(each, (list, tuple)):
            items = hint.get("items", {})
            named: XmlRow = {**items, "name": items.get("name", key)}
            wrapped: XmlRow = {**hint, "items": named}
            content += _element(each, wrapped, name, depth + 1)
        else:
            content += _element(each, hint, name, depth + 1)
    return attributes, content


def _qualified(row: XmlRow, name: str) -> str:
    prefix = row.get("prefix", "")
    whole = f"{prefix}:{name}" if prefix else name
    if _NAME.fullmatch(whole) is None:
        raise SerializationError("a member's name is not a name in XML")
    return whole


def _namespace(row: XmlRow) -> str:
    if "namespace" not in row:
        return ""
    prefix = row.get("prefix", "")
    named = f"xmlns:{prefix}" if prefix else "xmlns"
    return f' {named}="{_escaped(row["namespace"], attribute=True)}"'


def _escaped(value: str, *, attribute: bool = False) -> str:
    if _FORBIDDEN.search(value):
        raise SerializationError("the text holds a character that XML does not allow")
    value = escape(value, quote=attribute).replace("\r", "&#13;")
    return value.replace("\n", "&#10;").replace("\t", "&#9;") if attribute else value
