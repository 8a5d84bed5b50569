"""Media types of request bodies: how they are written, and which of several is best.

The rule, also told to users: JSON, other JSON types, form, multipart, text, binary, XML, lines of
JSON, ranges; but multipart before everything else where only it can carry a member that is a file.
Data and pure functions; imports nothing from the package.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["json", "lines", "form", "multipart", "xml", "text", "binary"]
"""How a body is written."""

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
TEXT = "text/plain"
BINARY = "application/octet-stream"
EVENTS = "text/event-stream"

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PARAMETER = rf"[ \t]*;[ \t]*(?:{_TOKEN}=(?:{_TOKEN}|\"(?:[^\"\\\x00-\x1f\x7f]|\\[ -~])*\"))?"
_MEDIA_TYPE = re.compile(rf"({_TOKEN}/{_TOKEN})((?:{_PARAMETER})*)[ \t]*", re.ASCII)

_EXACT: dict[str, Kind] = {
    JSON: "json",
    "text/json": "json",
    FORM: "form",
    MULTIPART: "multipart",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/x-ndjson": "lines",
    "application/ndjson": "lines",
    "application/jsonl": "lines",
    "application/x-jsonlines": "lines",
    "application/jsonlines": "lines",
    "application/x-json-stream": "lines",
    "application/json-seq": "lines",
    BINARY: "binary",
    "application/zip": "binary",
    "application/gzip": "binary",
    "application/pdf": "binary",
}
_SUFFIXES: tuple[tuple[str, Kind], ...] = (("+json", "json"), ("+xml", "xml"))
_TREES: tuple[tuple[str, Kind], ...] = (
    ("text/", "text"),
    ("image/", "binary"),
    ("audio/", "binary"),
    ("video/", "binary"),
    ("font/", "binary"),
)

_ORDER: tuple[Kind, ...] = ("json", "form", "multipart", "text", "binary", "xml", "lines")


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type as it is sent. `kind` is None where only the schema can tell how to write it."""

    text: str
    essence: str
    kind: Kind | None
    is_range: bool


def parse(text: str) -> MediaType | None:
    """A key of a `content` map (RFC 9110 section 8.3.1); None if it is no media type.

    An empty key and `*` stand for anything.
    """
    text = text.strip()
    if text in ("", "*"):
        text = "*/*"
    match = _MEDIA_TYPE.fullmatch(text)
    if match is None or not text.isascii():
        return None
    essence = match.group(1).lower()
    return MediaType(text, essence, _kind(essence), "*" in essence)


def _kind(essence: str) -> Kind | None:
    if essence in _EXACT:
        return _EXACT[essence]
    for suffix, kind in _SUFFIXES:
        if essence.endswith(suffix):
            return kind
    for tree, kind in _TREES:
        if essence.startswith(tree):
            return kind
    return None


def rank(media_type: MediaType) -> tuple[int, int]:
    """The smaller, the better; of equals the first in the document is taken."""
    if media_type.is_range or media_type.kind is None:
        return (len(_ORDER), int(media_type.is_range))
    if media_type.kind != "json":
        return (_ORDER.index(media_type.kind), 0)
    # a JSON Patch is a list of edits, harder to get right than the object itself
    fine = 0 if media_type.text.lower() == JSON else 1 if media_type.essence == JSON else 2
    return (0, 3 if media_type.essence == "application/json-patch+json" else fine)


def concrete(media_type: MediaType, kind: Kind) -> str:
    """The content type of a body of `kind`. A range becomes what is sent, except for bytes:
    there only what is given can tell."""
    if not media_type.is_range:
        return media_type.text
    return {"json": JSON, "xml": "application/xml", "text": TEXT}.get(kind, media_type.text)
