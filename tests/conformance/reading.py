"""Reads arguments back out of a request, as a server would that knows the operation.

Shares no code with the runtime: urllib.parse, json, werkzeug and the standard library's email
parser. Leaves are compared as text, since that is all that a URL can hold; what kind of value is
looked for (one, a list, an object) is taken from what was sent.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl, quote, unquote
from xml.etree import ElementTree

from werkzeug.formparser import parse_form_data
from werkzeug.test import EnvironBuilder

Row = dict[str, Any]

DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}


def as_text(value: Any) -> Any:
    """A value with its leaves as the text that a server would see."""
    if isinstance(value, dict):
        return {key: as_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_text(each) for each in value]
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value == int(value) and abs(value) < 1e21:
        return str(int(value))
    return json.dumps(value)


def nested_as_json(value: Any) -> Any:
    """What stands inside a styled array or object is one text."""
    if isinstance(value, dict):
        return {key: _one_text(each) for key, each in value.items()}
    return [_one_text(each) for each in value] if isinstance(value, list) else as_text(value)


def _one_text(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return str(as_text(value))


def split(text: str, like: Any, *, separator: str, explode: bool, decode: bool = True) -> Any:
    """The value that a delimited text stands for."""
    plain: Callable[[str], str] = unquote if decode else str
    if isinstance(like, list):
        return [plain(part) for part in text.split(separator)]
    if isinstance(like, dict) and explode:
        pairs = [part.partition("=") for part in text.split(separator)]
        return {plain(name): plain(value) for name, _, value in pairs}
    if isinstance(like, dict):
        parts = [plain(part) for part in text.split(separator)]
        return dict(zip(parts[::2], parts[1::2], strict=True))
    return plain(text)


# --- places --------------------------------------------------------------------------------------


def from_path(target: str, operation: Row, name: str, row: Row, like: Any) -> Any:
    pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]*?)", re.escape(operation["path"]))
    found = re.fullmatch(f"/v1{pattern}", target.partition("?")[0])
    assert found, target
    raw = found[name]
    style, explode = row.get("style", "simple"), row.get("explode", False)
    if "media_type" in row:
        return json.loads(unquote(raw))
    if style == "simple" or style in DELIMITERS:
        return split(raw, like, separator=quote(DELIMITERS.get(style, ","), ","), explode=explode)
    if style == "label":
        assert raw.startswith(".")
        return split(raw[1:], like, separator="." if explode else ",", explode=explode)
    wire = row.get("wire", name)
    if isinstance(like, list) and explode:
        return [unquote(part.partition("=")[2]) for part in raw[1:].split(";")]
    if isinstance(like, dict) and explode:
        return split(raw[1:], like, separator=";", explode=True)
    assert raw.startswith(f";{wire}")
    return split(raw.partition("=")[2], like, separator=",", explode=False)


def from_pairs(raw: str, name: str, row: Row, like: Any) -> Any:
    """A member of a query or a form."""
    wire = row.get("wire", name)
    style = row.get("style", "form")
    pairs = parse_qsl(raw, keep_blank_values=True)
    mine = [value for key, value in pairs if key == wire]
    if "media_type" in row and row["in"] == "query":
        return json.loads(mine[0])
    if "media_type" in row:  # each item is a document
        return mine if isinstance(like, list) else mine[0]
    if style == "deepObject":
        return brackets([(key, value) for key, value in pairs if key.startswith(f"{wire}[")])[wire]
    if not isinstance(like, (dict, list)):
        return mine[0]
    if row.get("explode", style == "form"):
        declared = isinstance(like, list)
        return mine if declared else {key: value for key, value in pairs if key in like}
    still_raw = next(p for p in raw.split("&") if unquote(p.partition("=")[0]) == wire)
    separator = quote(DELIMITERS.get(style, ","), ",")
    return split(still_raw.partition("=")[2], like, separator=separator, explode=False)


def from_header(value: str | None, row: Row, like: Any) -> Any:
    assert value is not None
    if "media_type" in row:
        return json.loads(value)
    separator = DELIMITERS.get(row.get("style", "simple"), ",")
    return split(value, like, separator=separator, explode=row.get("explode", False), decode=False)


def from_cookie(header: str, name: str, row: Row, like: Any) -> Any:
    wire = row.get("wire", name)
    pairs = [pair.partition("=") for pair in header.split("; ")]
    raw = row.get("style") == "cookie"
    plain: Callable[[str], str] = str if raw else unquote
    mine = [value for key, _, value in pairs if key == wire]
    if "media_type" in row:
        return json.loads(unquote(mine[0]))
    if isinstance(like, list) and row.get("explode", True):
        return [plain(value) for value in mine]
    if isinstance(like, dict) and row.get("explode", True):
        return {plain(key): plain(value) for key, _, value in pairs if plain(key) in like}
    return split(mine[0], like, separator=",", explode=False, decode=not raw)


def brackets(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """`a[b][]=1` and `a[0][b]=1`, as PHP and qs read them."""
    root: dict[str, Any] = {}
    for name, value in pairs:
        steps = name.replace("]", "").split("[")
        branch: Any = root
        for step, following in pairwise(steps):
            empty: Any = [] if following == "" or following.isdigit() else {}
            if isinstance(branch, list):
                if len(branch) == int(step):
                    branch.append(empty)
                branch = branch[int(step)]
            else:
                branch = branch.setdefault(step, empty)
        if isinstance(branch, list):
            branch.append(value)
        else:
            branch[steps[-1]] = value
    return root


# --- bodies --------------------------------------------------------------------------------------


def xml_value(element: ElementTree.Element) -> Any:
    """Names, attributes and text of an element, without namespaces."""
    children = [(child.tag.rpartition("}")[2], xml_value(child)) for child in element]
    return (dict(element.attrib), children or element.text or "")


def multipart(content_type: str, content: bytes) -> list[dict[str, Any]]:
    """The parts, by the standard library's reader of mail."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + content)
    parts: list[dict[str, Any]] = []
    for part in message.iter_parts() if message.is_multipart() else ():
        disposition = part["Content-Disposition"].params
        found: dict[str, Any] = {"name": disposition["name"]}
        found["content"] = part.get_payload(decode=True)
        found["filename"] = disposition.get("filename")
        found["type"] = part["Content-Type"] and str(part["Content-Type"])
        found["headers"] = {
            key: str(value)
            for key, value in part.items()
            if key not in ("Content-Disposition", "Content-Type")
        }
        parts.append(found)
    return parts


def form_by_werkzeug(content_type: str, content: bytes) -> list[tuple[str, bytes]]:
    """Names and contents of fields, then of files."""
    builder = EnvironBuilder(
        method="POST", input_stream=io.BytesIO(content), content_type=content_type
    )
    _, fields, files = parse_form_data(builder.get_environ())
    found = [(name, value.encode()) for name, value in fields.items(multi=True)]
    for name, file in files.items(multi=True):
        found.append((name, file.read()))
        file.close()
    return found
