"""Sending one request until it is answered: retries, waiting, deadlines, without I/O.

`attempts` is a generator that yields what it wants done (`Send`, `Sleep`) and is given
what came of it, so that one piece of code serves the sync client, the async client and a
Worker's binding.
"""

from __future__ import annotations

import email.utils
import logging
import random
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ..basics.json_values import read_json as json_from
from ..errors import (
    InvalidRequestError,
    OutOfTimeError,
    ServiceError,
    UnreadableAnswerError,
    WorkersAIError,
)
from .bodies import Body
from .errors import OUT_OF_TIME, service_error

logger = logging.getLogger("toolbind.workers_ai")

LONGEST_WAIT = 60.0
"""Seconds of `Retry-After` that are waited; a longer wish ends the attempts."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Send:
    """Wanted: this body posted, an answer within `timeout` seconds.

    `model` is another one than the client's, for which the body is.
    """

    body: Body
    timeout: float
    stream: bool
    model: str = ""


@dataclass(frozen=True, slots=True)
class Sleep:
    """Wanted: nothing, for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. `body` is whole, or None where `stream` is an open event stream.

    Header names are in lower case. What the service said is not in `repr`: it may be a token.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)
    stream: Any = None


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long to try. `backoff` is the first wait in seconds.

    `deadline` is a moment of `time.monotonic` after which nothing is sent any more.
    """

    timeout: float = 120.0
    max_retries: int = 2
    backoff: float = 0.5
    deadline: float | None = None
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)
    chance: Callable[[], float] = field(default=random.random, repr=False)

    def remaining(self) -> float:
        """Seconds for the next attempt. Raises OutOfTimeError when none are left."""
        if self.deadline is None:
            return self.timeout
        left = self.deadline - self.clock()
        if left <= 0:
            raise OutOfTimeError(OUT_OF_TIME)
        return min(self.timeout, left)

    def is_over(self) -> bool:
        return self.deadline is not None and self.clock() >= self.deadline

    def wait(self, error: WorkersAIError, attempt: int) -> float | None:
        """Seconds before the next attempt, or None where another makes no sense."""
        if not error.retryable or attempt >= self.max_retries:
            return None
        wished = error.retry_after if isinstance(error, ServiceError) else None
        if wished is None:
            wished = min(self.backoff * 2**attempt, 8.0) * (0.5 + self.chance() / 2)
        elif wished > LONGEST_WAIT:
            return None
        if self.deadline is not None and self.clock() + wished >= self.deadline:
            return None
        return wished


Step = Send | Sleep


def attempts(
    body: Body,
    patience: Patience,
    read: Callable[[Reply], T],
    *,
    stream: bool = False,
    model: str = "",
) -> Generator[Step, Reply, T]:
    """Send `body` until `read` makes something of the reply; returns that.

    Raises the last WorkersAIError when there is no point in going on. A model that is
    particular about `tool_choice` gets a second try without, or with, it.
    """
    tried = 0
    changed = False
    while True:
        timeout = patience.remaining()
        try:
            reply = yield Send(body, timeout, stream, model)
            return read(reply)
        except WorkersAIError as error:
            if error.retryable and patience.is_over():
                raise OutOfTimeError(f"{OUT_OF_TIME}: {error}") from None
            other = None if changed else _other_choice(body, error)
            if other is not None:
                body, changed = other, True
                continue
            wait = patience.wait(error, tried)
            if wait is None:
                raise
            logger.info("attempt %d failed, next in %.1f s: %s", tried + 1, wait, error)
        tried += 1
        yield Sleep(wait)


def _other_choice(body: Body, error: WorkersAIError) -> Body | None:
    """Some models refuse `tool_choice`, others want `auto` (section 2): try the other."""
    if not isinstance(error, InvalidRequestError) or not body.get("tools"):
        return None
    if error.code == 8006 or "tool_choice" not in error.message:
        return None
    if "tool_choice" in body:
        return {key: value for key, value in body.items() if key != "tool_choice"}
    return {**body, "tool_choice": "auto"}


def read_json(reply: Reply) -> Any:
    """The decoded body of a reply with status 2xx.

    Raises ServiceError for other statuses, UnreadableAnswerError for what is no JSON.
    """
    text = (reply.body or b"").decode("utf-8", "replace")
    try:
        value = json_from(text)
    except ValueError:
        value = None
        if reply.status < 300:
            raise UnreadableAnswerError(_not_json(text)) from None
    if reply.status >= 300:
        raise service_error(
            reply.status,
            text if value is None else value,
            retry_after=retry_after(reply.headers.get("retry-after")),
            request_id=reply.headers.get("cf-ai-req-id", ""),
        )
    return value


def _not_json(text: str) -> str:
    if not text.strip():
        return "the answer is empty"
    return "the answer is an HTML page" if text.lstrip()[:1] == "<" else "no JSON came"


def retry_after(value: str | None) -> float | None:
    """Seconds that a `Retry-After` header asks for: a number or a date."""
    if value is None:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        moment = email.utils.parsedate_to_datetime(value)
        return max(0.0, moment.timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None
