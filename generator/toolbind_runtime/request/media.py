"""Media types, and JSON values as documents of one.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..basics.json_values import json_text, text
from .styles import is_empty, percent

FORM = "application/x-www-form-urlencoded"
BINARY = "application/octet-stream"

LINES = frozenset(
    {
        "application/x-ndjson",
        "application/ndjson",
        "application/jsonl",
        "application/jsonlines",
        "application/x-jsonlines",
        "application/x-json-stream",
        "application/json-seq",
    }
)
"""Media types whose document is a sequence of JSON values."""


def essence(media_type: str) -> str:
    """`type/subtype` in lower case, without parameters."""
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    return essence(media_type).endswith(("/json", "+json"))


def is_xml(media_type: str) -> bool:
    return essence(media_type).endswith(("/xml", "+xml"))


def is_text(media_type: str) -> bool:
    return media_type[:5].lower() == "text/"


def is_multipart(media_type: str) -> bool:
    return media_type[:10].lower() == "multipart/"


def document(media_type: str, value: Any) -> str:
    """A value as the text of a document: JSON, JSON lines, a form, XML, or the plain text."""
    if is_json(media_type):
        return json_text(value)
    plain = essence(media_type)
    if plain in LINES:
        mark = "\x1e" if plain == "application/json-seq" else ""
        values = value if isinstance(value, (list, tuple)) else [value]
        return "".join([f"{mark}{json_text(each)}\n" for each in values])
    if plain == FORM and isinstance(value, Mapping):
        return plain_form(value)
    if is_xml(media_type) and not isinstance(value, str):
        from .xml import xml_text

        return xml_text(value, {}, "root")
    return text(value)


def plain_form(value: Mapping[str, Any]) -> str:
    """An object as a form in the default way: arrays repeat the name, objects become JSON."""
    pairs: list[str] = []
    for name, each in value.items():
        items = each if isinstance(each, (list, tuple)) else [each]
        if not is_empty(each):
            pairs += [f"{percent(name)}={percent(text(item))}" for item in items]
    return "&".join(pairs)


def concrete(wanted: str, known: str | None) -> str:
    """A media type that may be sent where `wanted` is asked for, possibly with wildcards.

    `known` is what the content is known to be.
    """
    if "*" not in wanted and "," not in wanted:
        return wanted
    choices = [each.strip() for each in wanted.split(",")]
    if known and any(_matches(known, choice) for choice in choices):
        return known
    return next((choice for choice in choices if "*" not in choice), BINARY)


def _matches(known: str, choice: str) -> bool:
    kind, _, subtype = essence(known).partition("/")
    wanted_kind, _, wanted_subtype = essence(choice).partition("/")
    return wanted_kind in ("*", kind) and wanted_subtype in ("*", subtype)


_CHARSET = re.compile(r";\s*charset\s*=\s*(\"[^\"]*\"|[^\s;]*)", re.IGNORECASE)


def encoded(written: str, media_type: str) -> tuple[bytes, str]:
    """A text in the charset that its media type names, and that media type: where it cannot be
    written so, it is UTF-8, and said to be."""
    found = _CHARSET.search(media_type)
    charset = found[1].strip('"') if found else "utf-8"
    if charset.lower() in ("utf-8", "utf8", ""):
        return written.encode(), media_type
    try:
        return written.encode(charset), media_type
    except (LookupError, UnicodeEncodeError, ValueError):
        return written.encode(), _CHARSET.sub("; charset=utf-8", media_type, count=1)


def declared(content: bytes, written: str, media_type: str) -> bytes:
    """An XML document whose own declaration names its charset."""
    found = _CHARSET.search(media_type)
    charset = found[1].strip('"') if found else "UTF-8"
    if charset.upper() in ("UTF-8", "UTF8", ""):
        return content
    return written.replace('encoding="UTF-8"', f'encoding="{charset}"', 1).encode(
        charset
    )


def with_charset(media_type: str) -> str:
    """Text without a charset is read in many ways: say which one it is."""
    if is_text(media_type) and "charset" not in media_type.lower():
        return f"{media_type}; charset=utf-8"
    return media_type
