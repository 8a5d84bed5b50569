"""A model's answer over HTTP on its way in: bounded, and failures in our own words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..errors import ConnectionFailedError, UnreadableAnswerError
from ..transport.deadline import Cutoff
from ..transport.library import httpx, library_of

ANSWER_LIMIT = 64 * 1024 * 1024
"""Bytes of one answer at most, after decoding."""


def _is_readable(response: httpx.Response) -> bool:
    """Whether what comes can be inflated piece by piece, so that a limit can hold."""
    encoding = response.headers.get("content-encoding", "").strip().lower()
    return encoding in ("", "identity", "gzip", "x-gzip", "deflate")


def _unreadable() -> UnreadableAnswerError:
    error = UnreadableAnswerError(
        "the answer came in an encoding that was not asked for"
    )
    error.retryable = False
    return error


class _Meter:
    """Counts the bytes of one answer."""

    def __init__(self) -> None:
        self._size = 0

    def count(self, chunk: bytes, cut: Cutoff | None = None) -> bytes:
        self._size += len(chunk)
        if self._size > ANSWER_LIMIT:
            error = UnreadableAnswerError("the answer is larger than 64 MiB")
            error.retryable = False
            raise error
        if cut is not None and cut.is_over:
            raise TimeoutError
        return chunk


@contextmanager
def _translated(client: object, cut: Cutoff | None = None) -> Iterator[None]:
    """HTTP failures as ours, without the request that they carry."""
    library = library_of(client)
    try:
        yield
    except (
        library.HTTPError,
        library.InvalidURL,
        library.StreamError,
        TimeoutError,
    ) as error:
        late = isinstance(error, TimeoutError | library.TimeoutException)
        late = late or (cut is not None and cut.is_over)
        why = "in time" if late else f"({_kind(error)})"
        raise ConnectionFailedError(
            f"no answer from the model's service {why}"
        ) from None


def _kind(error: Exception) -> str:
    return type(error).__name__


def _is_stream(response: httpx.Response) -> bool:
    kind = response.headers.get("content-type", "")
    return response.status_code == 200 and kind.startswith("text/event-stream")


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
