"""multipart/form-data (RFC 7578): named parts, deterministic, in the order they were given.

The boundary comes from a digest of the parts, so equal arguments make equal bytes.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from ..basics.json_values import SerializationError, text
from ..contract import ValueRow
from .files import FileReader
from .media import BINARY, concrete, declared, document, encoded, is_json, is_xml
from .styles import header_name, header_value, is_empty, pairs_writer


class Part(NamedTuple):
    """One part: `headers` are whole lines, without line ends."""

    headers: list[str]
    content: bytes


PartsWriter: TypeAlias = Callable[[Any, FileReader], list[Part]]


def assemble(parts: list[Part]) -> tuple[str, bytes]:
    """The boundary and the body (RFC 2046 section 5.1.1)."""
    blocks = [
        "\r\n".join(part.headers).encode() + b"\r\n\r\n" + part.content
        for part in parts
    ]
    digest = hashlib.sha256(b"\r\n".join(blocks)).hexdigest()
    boundary = f"toolbind-{digest[:32]}"
    mark = b"--" + boundary.encode()
    body = b"".join([mark + b"\r\n" + block + b"\r\n" for block in blocks])
    return boundary, body + mark + b"--\r\n"


def member_writer(wire: str, row: ValueRow) -> PartsWriter:
    """How one member becomes parts (OpenAPI 3.1.1 section 4.8.15, Encoding Object)."""
    extra = [
        f"{header_name(name)}: {header_value(each)}"
        for name, each in row.get("headers", {}).items()
        if name.lower() not in ("content-type", "content-disposition")
    ]
    if row.get("binary"):
        return _file_writer(wire, row.get("media_type"), extra)
    if "style" in row or "explode" in row:
        pairs = pairs_writer(wire, row, encoded=False)
        return lambda value, _: [
            Part([_disposition(name), *extra], written.encode())
            for name, written in pairs(value)
        ]
    media_type = row.get("media_type")

    def write(value: Any, files: FileReader) -> list[Part]:
        if media_type is None and is_empty(value) and not isinstance(value, dict):
            return []
        items = value if isinstance(value, (list, tuple)) else [value]
        return [_part(wire, item, media_type, extra, files) for item in items]

    return write


def _part(
    wire: str, value: Any, media_type: str | None, extra: list[str], files: FileReader
) -> Part:
    if isinstance(value, (bytes, bytearray, memoryview)) or hasattr(value, "read"):
        return _file_part(wire, value, media_type, extra, files)
    headers = [_disposition(wire)]
    if media_type is None and isinstance(value, (dict, list)):
        media_type = "application/json"
    if media_type is None:
        return Part([*headers, *extra], text(value).encode())
    media_type = concrete(media_type, None)
    written = document(media_type, value)
    content = written.encode()
    if not is_json(media_type):
        content, media_type = encoded(written, media_type)
    if is_xml(media_type) and not isinstance(value, str):
        content = declared(content, written, media_type)
    headers.append(f"Content-Type: {header_value(media_type)}")
    return Part([*headers, *extra], content)


def _file_writer(wire: str, media_type: str | None, extra: list[str]) -> PartsWriter:
    def write(value: Any, files: FileReader) -> list[Part]:
        if value is None:
            return []
        items = value if isinstance(value, list) else [value]
        return [_file_part(wire, item, media_type, extra, files) for item in items]

    return write


def _file_part(
    wire: str, value: Any, wanted: str | None, extra: list[str], files: FileReader
) -> Part:
    """A part with a filename: without one, servers take it for an ordinary field."""
    part = files.read(value)
    name = part.name or wire
    known = part.media_type or mimetypes.MimeTypes().guess_type(name)[0]
    media_type = concrete(wanted, known) if wanted else (known or BINARY)
    headers = [_disposition(wire, name), f"Content-Type: {header_value(media_type)}"]
    return Part([*headers, *extra], part.content)


def _disposition(name: str, filename: str | None = None) -> str:
    line = f'Content-Disposition: form-data; name="{_quoted(name)}"'
    return line if filename is None else f'{line}; filename="{_quoted(filename)}"'


def _quoted(name: str) -> str:
    """A quoted string (RFC 822) in UTF-8: what servers unescape, whatever browsers write."""
    if any(character in name for character in "\r\n\0"):
        raise SerializationError("names of parts and files must not hold line breaks")
    return name.replace("\\", "\\\\").replace('"', '\\"')
