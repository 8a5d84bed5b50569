"""An answer of the HTTP library on its way in: bounded, decoded, or turned into a failure."""

from __future__ import annotations

from typing import Any

from ..basics.text import clip, visible
from ..errors import AnswerError, TransportError
from ..request.media import essence
from .answers import EVENTS, Answer, BodyReader, EncodingError, is_stream
from .library import httpx
from .policy import TIMED_OUT, Clock, Failure, Outcome


class CutOffError(Exception):
    """An open stream failed: `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.why)
        self.failure = failure


class Opened:
    """An event stream whose head has come; each kind of sender has its own.

    `next(until)` gives what comes until a moment of `time.monotonic`, or None at the end, and
    raises CutOffError; `close` ends it. Asynchronous ones are awaited.
    """

    __slots__ = ()


def describe(error: Exception, library: Any) -> Failure | None:
    """What a transport raised, in words that cannot hold a secret; None for what is a bug.

    Transports have errors of many classes (the library's, the system's, a browser's); only
    those that Python itself has are mistakes in somebody's code.
    """
    if isinstance(error, library.TimeoutException | TimeoutError):
        return TIMED_OUT
    name = type(error).__name__
    if isinstance(error, library.ConnectError):
        detail = clip(visible(str(error)), 200)
        return Failure(TransportError, f"no connection ({detail or name})")
    if isinstance(error, OSError) or type(error).__module__ != "builtins":
        return Failure(TransportError, f"no answer, the connection failed ({name})")
    return None


class Reading:
    """One answer on its way in."""

    __slots__ = ("_reader", "_response", "_streams", "is_over")

    def __init__(self, response: httpx.Response, limit: int) -> None:
        self._response = response
        headers = response.headers
        consumed = response.is_stream_consumed  # then the library has decoded it
        encoding = "" if consumed else headers.get("content-encoding", "")
        self._streams = is_stream(headers.get("content-type", ""))
        self.is_over = False
        self._reader = BodyReader(encoding, limit)

    @property
    def is_events(self) -> bool:
        """Whether it is a successful stream of events."""
        kind = self._response.headers.get("content-type", "")
        return self._response.status_code == 200 and essence(kind) == EVENTS

    def start(self) -> Failure | None:
        if not self._reader.is_readable:
            return self._unreadable(
                "the answer came in an encoding that was not asked for"
            )
        if self._response.is_stream_consumed:
            self._reader.feed(self._response.content)
        return None

    def feed(self, chunk: bytes, clock: Clock) -> bool:
        """Whether to go on reading."""
        return self._reader.feed(chunk) and not clock.is_over

    def piece(self, chunk: bytes) -> bytes:
        """What a part of an open stream holds. Raises CutOffError."""
        try:
            going = self._reader.feed(chunk)
        except EncodingError as error:
            failure = self._unreadable(str(error))
        else:
            if not self._reader.overflow:
                self.is_over = not going
                return self._reader.take()
            failure = self._unreadable(
                f"the answer is larger than {self._reader.size:,} bytes"
            )
        raise CutOffError(failure)

    def finish(self, clock: Clock) -> Outcome:
        """What was read, when it ended or was stopped."""
        if clock.is_over and not self._streams:
            return TIMED_OUT
        return self._answer(complete=not self._reader.overflow and not clock.is_over)

    def broken(self, error: Exception, library: Any) -> Outcome | None:
        """The connection or the encoding failed; of a stream, what came is still good."""
        failure: Outcome | None = describe(error, library)
        if isinstance(error, EncodingError):
            failure = self._unreadable(str(error))
        if failure is not None and self._streams and self._reader.size:
            return self._answer(complete=False)
        return failure

    def _answer(self, complete: bool) -> Answer:
        return Answer(
            self._response.status_code,
            dict(self._response.headers.items()),
            self._reader.content(),
            complete,
        )

    def _unreadable(self, why: str) -> Failure:
        return Failure(AnswerError, why, False, self._response.status_code)
