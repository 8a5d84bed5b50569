"""Bytes for uploads: what a tool argument or a caller of a typed method may give.

A tool argument is text, or a `data:` URL (RFC 2397) for bytes. Only where the client was made
with `files_from=FOLDER` may it also name a file of that folder, as `file:NAME`. A typed method
takes, besides these, bytes, a `pathlib.Path`, an open file, `(filename, any of these)`, or
`(filename, any of these, media type)`.
"""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path
from typing import Any, NamedTuple

from ..basics.json_values import SerializationError

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_DATA_URL = re.compile(
    rf"data:(?P<type>(?:{_TOKEN}/{_TOKEN})?)"
    rf"(?P<parameters>(?:;{_TOKEN}(?:=[^;,\s]*)?)*),(?P<data>.*)",
    re.DOTALL | re.IGNORECASE,
)
"""RFC 2397, but for its white space."""

FILE_FORM = "file:NAME for a local file"
"""What a tool's argument says of the third way to give bytes, where it is allowed."""

FILE_LIMIT = 64 * 1024 * 1024
"""Bytes of a local file that a tool argument may name."""


class FilePart(NamedTuple):
    content: bytes
    name: str | None = None
    media_type: str | None = None


class FileReader:
    """Turns a value into bytes. `folder` is where tool arguments may name files; None: nowhere."""

    __slots__ = ("_folder",)

    def __init__(self, folder: str | Path | None = None) -> None:
        self._folder = folder

    @property
    def names_files(self) -> bool:
        """Whether a tool argument may name a file of a folder."""
        return self._folder is not None

    def read(self, value: Any) -> FilePart:
        """Raises SerializationError for what does not stand for bytes."""
        if isinstance(value, str):
            return self._read_text(value)
        if isinstance(value, (bytes, bytearray, memoryview)):
            return FilePart(bytes(value))
        if isinstance(value, Path):
            kind = mimetypes.MimeTypes().guess_type(value.name)[0]
            return FilePart(value.read_bytes(), value.name, kind)
        if isinstance(value, tuple) and len(value) in (2, 3):
            name, content, *kinds = value
            if isinstance(name, str) and all(isinstance(each, str) for each in kinds):
                part = self.read(content)._replace(name=name)
                return part._replace(media_type=kinds[0]) if kinds else part
        reader = getattr(value, "read", None)
        if reader is not None:
            content = reader()
            name = getattr(value, "name", None)
            base = re.split(r"[/\\]", name)[-1] if isinstance(name, str) else None
            return FilePart(
                content.encode() if isinstance(content, str) else bytes(content),
                base or None,
            )
        raise SerializationError("a file must be given as text or as a data: URL")

    def _read_text(self, value: str) -> FilePart:
        if value[:5].lower() == "data:":
            return _read_data_url(value)
        if self._folder is not None and value.startswith("file:"):
            return _read_local(self._folder, value.removeprefix("file:"))
        return FilePart(value.encode())


def _read_data_url(value: str) -> FilePart:
    """A `data:` URL; text that merely begins like one, without a type and base64, is text."""
    found = _DATA_URL.fullmatch(value)
    parameters = found["parameters"].lower().split(";") if found else []
    if found is None or not (found["type"] or "base64" in parameters):
        return FilePart(value.encode())
    import base64
    import binascii
    from urllib.parse import unquote, unquote_to_bytes

    named = re.search(r";(?:file)?name=([^;,]*)", found["parameters"], re.IGNORECASE)
    content = unquote_to_bytes(found["data"])
    if "base64" in parameters:
        try:
            content = base64.b64decode(b"".join(content.split()), validate=True)
        except binascii.Error:
            raise SerializationError("the data: URL is not valid base64") from None
    return FilePart(
        content, unquote(named[1]) if named else None, found["type"] or None
    )


def _read_local(folder: str | Path, name: str) -> FilePart:
    root = Path(folder).resolve()
    path = (root / name.removeprefix("//")).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise SerializationError("there is no such file in the folder that may be read")
    if path.stat().st_size > FILE_LIMIT:
        raise SerializationError(f"the file is larger than {FILE_LIMIT:,} bytes")
    return FilePart(path.read_bytes(), path.name)
