"""How long, how often, and what an outcome means: the decisions of sending, without sending.

Pure but for the clock and for chance.
"""

from __future__ import annotations

import email.utils
import random
import re
import time
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from ..errors import AnswerError, AnswerTooLargeError, ApiError, DeadlineError
from ..request.outgoing import Outgoing
from .answers import Answer, is_stream

RETRY_STATUSES = frozenset({408, 429, 500, 502, 503, 504})
LONGEST_WAIT = 60.0
"""Seconds of `Retry-After` that are waited; a longer wish ends the attempts."""


_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


class Policy(NamedTuple):
    """How long and how often. `timeout` is for a whole call with its retries; None: for ever."""

    timeout: float | None = 30.0
    max_retries: int = 2
    backoff: float = 0.5
    allow_http: bool = False


class Failure(NamedTuple):
    """No usable answer: why, and whether another attempt may help.

    `unanswered`: not a byte of an answer came.
    """

    kind: type[ApiError]
    why: str
    retryable: bool = True
    status_code: int = 0
    unanswered: bool = False


Outcome: TypeAlias = "Answer | Failure"


class Clock:
    """The time that one call may take, counted from its start.

    `timeout` is the client's own, `bound` what the caller of this one call allows.
    """

    __slots__ = ("_end",)

    def __init__(self, timeout: float | None, bound: float | None = None) -> None:
        given = [each for each in (timeout, bound) if each is not None]
        self._end = time.monotonic() + min(given) if given else None

    @property
    def end(self) -> float | None:
        """The moment of `time.monotonic` when it is over; None without a limit."""
        return self._end

    def part(self, seconds: float | None) -> Clock:
        """A clock for a part of this, of so many seconds at most."""
        return Clock(seconds, self.left())

    def left(self) -> float | None:
        """Seconds left, never less than a millisecond; None without a limit."""
        return None if self._end is None else max(0.001, self._end - time.monotonic())

    @property
    def is_over(self) -> bool:
        return self._end is not None and time.monotonic() >= self._end

    def allows(self, seconds: float) -> bool:
        return self._end is None or time.monotonic() + seconds < self._end


def retry_delay(
    outcome: Outcome, outgoing: Outgoing, attempt: int, policy: Policy, clock: Clock
) -> float | None:
    """Seconds until the next attempt, None where there is to be none.

    Only requests that may be repeated without harm are (RFC 9110 section 9.2.2).
    """
    if not outgoing.idempotent:
        return None
    if isinstance(outcome, Failure):
        return pause(None, attempt, policy, clock) if outcome.retryable else None
    if outcome.status_code not in RETRY_STATUSES:
        return None
    return pause(retry_after(outcome.headers), attempt, policy, clock)


def pause(
    wish: float | None, attempt: int, policy: Policy, clock: Clock
) -> float | None:
    """Seconds until the next attempt, by the server's wish or by ours; None: there is none."""
    if attempt >= policy.max_retries:
        return None
    ours = min(policy.backoff * 2**attempt, 8.0) * random.uniform(0.5, 1.0)
    seconds = ours if wish is None else wish
    return seconds if seconds <= LONGEST_WAIT and clock.allows(seconds) else None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that `Retry-After` asks for (RFC 9110 section 10.2.3), a number or a date.

    Servers of models give fractions of a second, too.
    """
    value = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
        return max(0.0, moment.timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


def settle(outcome: Outcome, outgoing: Outgoing) -> Answer:
    """The answer; or the error that a failure stands for, without a trace of its cause."""
    if isinstance(outcome, Answer):
        return outcome
    place = {"method": outgoing.method, "path": outgoing.template}
    text = f"{outgoing.method} {outgoing.template}: {outcome.why}"
    if issubclass(outcome.kind, AnswerError):
        raise outcome.kind(text, status_code=outcome.status_code, **place)
    raise outcome.kind(text, **place)


def require_complete(answer: Answer, outgoing: Outgoing) -> Answer:
    """Raises AnswerTooLargeError for an answer that was cut, unless its kind may be."""
    if answer.complete or is_stream(answer.media_type):
        return answer
    size = len(answer.content)
    why = f"the answer is larger than {size:,} bytes"
    raise AnswerTooLargeError(
        f"{outgoing.method} {outgoing.template}: {why}",
        method=outgoing.method,
        path=outgoing.template,
        status_code=answer.status_code,
    )


TIMED_OUT = Failure(DeadlineError, "no whole answer within the time allowed")
