"""An answer of an HTTP server, and its body as it comes in: bounded, out of its encoding.

Pure; the bytes come from `receiving`.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from ..request.media import LINES, essence

EVENTS = "text/event-stream"

ANSWER_LIMIT = 64 * 1024 * 1024
"""Bytes of an answer at most, after decoding, where nobody says another number."""


class Answer:
    """What came back: `headers` have lower-case names, `content` is decoded from its
    Content-Encoding. `complete` is False where reading stopped at a limit."""

    __slots__ = ("complete", "content", "headers", "status_code")

    def __init__(
        self,
        status_code: int,
        headers: Mapping[str, str],
        content: bytes,
        complete: bool = True,
    ) -> None:
        self.status_code = status_code
        self.headers = headers
        self.content = content
        self.complete = complete

    def __repr__(self) -> str:
        return f"<Answer {self.status_code}: {len(self.content):,} bytes>"

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def is_success(self) -> bool:
        return 200 <= self.status_code < 300


def is_stream(media_type: str) -> bool:
    """Whether answers of this type may go on for ever: read up to a limit, then use what came."""
    plain = essence(media_type)
    return plain == EVENTS or plain in LINES


class EncodingError(ValueError):
    """A body that is not in the encoding that it is said to be in."""


class BodyReader:
    """Collects a body of at most `limit` bytes, undoing gzip and deflate on the way.

    `feed` says whether to go on. Nothing is ever inflated beyond the limit, and no more is taken in
    than could be needed for so much: what is behind the end of compressed data is not read.
    """

    __slots__ = (
        "_chunks",
        "_decoder",
        "_encoding",
        "_limit",
        "_members",
        "_taken",
        "overflow",
        "size",
    )

    def __init__(self, encoding: str, limit: int) -> None:
        self._encoding = encoding.strip().lower()
        self._limit = limit
        self._chunks: list[bytes] = []
        self._decoder: Any = None
        self._members = 0
        self._taken = 0
        self.size = 0
        self.overflow = False

    @property
    def is_readable(self) -> bool:
        return self._encoding in ("", "identity", "gzip", "x-gzip", "deflate")

    def feed(self, chunk: bytes) -> bool:
        """Raises EncodingError for bytes that are not in their encoding."""
        if not chunk:
            return True
        if self._encoding in ("gzip", "x-gzip", "deflate"):
            return self._inflate(chunk)
        return self._keep(chunk)

    def content(self) -> bytes:
        return self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)

    def take(self) -> bytes:
        """What has come since the last time."""
        found = self.content()
        self._chunks.clear()
        return found

    def _keep(self, chunk: bytes) -> bool:
        room = self._limit - self.size
        if len(chunk) > room:
            self.overflow = True
            chunk = chunk[:room]
        self._chunks.append(chunk)
        self.size += len(chunk)
        return not self.overflow

    def _inflate(self, chunk: bytes) -> bool:
        self._taken += len(chunk)
        if self._taken > self._limit + self._limit // 64 + OVERHEAD:
            self.overflow = True  # it takes more room than what it could still hold
            return False
        while chunk:
            if self._decoder is None:
                window = _window(self._encoding, chunk)
                if window is None and self._members:  # nothing that belongs to the body
                    return False
                if window is None:  # whoever sent it has decoded it already
                    self._encoding = "identity"
                    return self._keep(chunk)
                self._decoder = zlib.decompressobj(window)
            if not self._decompress(chunk):
                return False
            if not self._decoder.eof:
                return True
            chunk = self._decoder.unused_data
            self._decoder = None
            self._members += 1
            if self._encoding == "deflate":
                return False
        return True

    def _decompress(self, chunk: bytes) -> bool:
        try:
            piece = self._decoder.decompress(chunk, self._limit - self.size + 1)
        except zlib.error:
            if self._members:
                return False
            raise EncodingError(
                "the body is not what its Content-Encoding says"
            ) from None
        return self._keep(piece) if piece else True


OVERHEAD = 4096
"""Bytes that compressed data may hold beside what it is made of."""


def _window(encoding: str, start: bytes) -> int | None:
    if encoding != "deflate":
        return 31 if start[:1] == b"\x1f" else None
    return 15 if start[0] & 0x0F == 8 else -15
