"""Answers: read with bounds, then decoded by what they are, not only by what they say.

Pure; the bytes come from `http`. Imports from the package: errors, media; `sse` only for streams.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

from .errors import AnswerError, ToolbindError
from .media import LINES, essence, is_json, is_text, is_xml

EVENTS = "text/event-stream"

_TEXTUAL = frozenset(
    {
        "application/javascript",
        "application/x-www-form-urlencoded",
        "application/yaml",
        "application/x-yaml",
        "application/graphql",
        "application/sql",
        "application/toml",
    }
)


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

    `feed` says whether to go on. Nothing is ever inflated beyond the limit.
    """

    __slots__ = ("_chunks", "_decoder", "_encoding", "_limit", "overflow", "size")

    def __init__(self, encoding: str, limit: int) -> None:
        self._encoding = encoding.strip().lower()
        self._limit = limit
        self._chunks: list[bytes] = []
        self._decoder: Any = None
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

    def _keep(self, chunk: bytes) -> bool:
        room = self._limit - self.size
        if len(chunk) > room:
            self.overflow = True
            chunk = chunk[:room]
        self._chunks.append(chunk)
        self.size += len(chunk)
        return not self.overflow

    def _inflate(self, chunk: bytes) -> bool:
        if self._decoder is None:
            window = _window(self._encoding, chunk)
            if window is None:  # whoever sent it has decoded it already
                self._encoding = "identity"
                return self._keep(chunk)
            self._decoder = zlib.decompressobj(window)
        try:
            piece = self._decoder.decompress(chunk, self._limit - self.size + 1)
        except zlib.error:
            raise EncodingError(
                "the body is not what its Content-Encoding says"
            ) from None
        return self._keep(piece) if piece else True


def _window(encoding: str, start: bytes) -> int | None:
    if encoding != "deflate":
        return 31 if start[:1] == b"\x1f" else None
    return 15 if start[0] & 0x0F == 8 else -15


def decode(answer: Answer, *, method: str = "", path: str = "") -> Any:
    """The body as a JSON value, text or bytes; None when it is empty.

    JSON by any `+json` type; JSON lines and server-sent events as lists; text by its charset;
    JSON that calls itself text, or nothing, is taken for JSON. Raises AnswerError for a body
    that says it is JSON and is not; no frame of its traceback holds the body.
    """
    media_type = answer.media_type
    if not answer.content:
        return None
    plain = essence(media_type)
    if is_json(media_type):
        return _json(answer, method, path)
    if plain in LINES:
        return _lines(answer, method, path)
    if plain == EVENTS:
        return _events(answer, method, path)
    if not plain or plain == "text/plain":
        return _guess(answer, plain)
    if is_text(media_type) or is_xml(media_type) or plain in _TEXTUAL:
        return _text(answer)
    return answer.content


def _json(answer: Answer, method: str, path: str) -> Any:
    try:
        return json.loads(answer.content)
    except UnicodeDecodeError:
        try:
            return json.loads(_text(answer))
        except (ValueError, RecursionError):
            why = "is not UTF-8 text"
    except RecursionError:
        why = "is nested too deeply"
    except ValueError:
        why = (
            "is not valid JSON" if answer.complete else "was cut at the limit in bytes"
        )
    raise AnswerError(
        f"the answer to {method} {path} says it is JSON and {why}",
        method=method,
        path=path,
        status_code=answer.status_code,
    )


def _lines(answer: Answer, method: str, path: str) -> list[Any]:
    values: list[Any] = []
    lines = [line.strip(b" \t\r\x1e") for line in answer.content.split(b"\n")]
    broken = 0
    for number, line in enumerate(lines, 1):
        good, value = _tried(line) if line else (True, None)
        if not good:
            # where reading stopped at a limit, it cut the last line
            broken = 0 if number == len(lines) and not answer.complete else number
            break
        if line:
            values.append(value)
    if not broken:
        return values
    del values, lines, line, value  # tracebacks may show locals
    raise AnswerError(
        f"line {broken} of the answer to {method} {path} is not JSON",
        method=method,
        path=path,
        status_code=answer.status_code,
    )


def _tried(line: bytes) -> tuple[bool, Any]:
    """Whether a line is JSON, and its value; an error of the library would hold the line."""
    try:
        return True, json.loads(line)
    except (ValueError, RecursionError):
        return False, None


def _events(answer: Answer, method: str, path: str) -> list[Any]:
    """The data of server-sent events, decoded where it is JSON; a cut event is left out."""
    from .sse import SSEDecoder

    decoder = SSEDecoder()
    try:
        events = decoder.feed(answer.content)
        if answer.complete:
            events += decoder.close()
    except ToolbindError as error:
        why = str(error)
    else:
        return [_json_or_text("\n".join(data)) for data in events]
    raise AnswerError(
        f"the answer to {method} {path} cannot be read: {why}",
        method=method,
        path=path,
        status_code=answer.status_code,
    )


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _guess(answer: Answer, plain: str) -> Any:
    """JSON if it is an object or array, else text, else bytes where nothing was said."""
    content = answer.content
    if content.lstrip()[:1] in (b"{", b"["):
        try:
            return json.loads(content)
        except (ValueError, RecursionError):
            pass
    if plain:
        return _text(answer)
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content


def _text(answer: Answer) -> str:
    charset = "utf-8"
    for parameter in answer.media_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip('"')
    try:
        return answer.content.decode(charset, "replace").removeprefix("\ufeff")
    except LookupError:
        return answer.content.decode("utf-8", "replace")
