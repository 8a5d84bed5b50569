"""Asking a model until it answers, without I/O: what is tried again, and what an error is.

`attempts` yields the steps that the API's side yields as well (`transport.steps`), so that one
piece of code serves the sync client, the async client and a Worker's binding.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from ..basics.json_values import read_json as json_from
from ..errors import (
    AnswerError,
    ConnectionFailedError,
    InvalidRequestError,
    OutOfTimeError,
    ServiceError,
    UnreadableAnswerError,
    WorkersAIError,
)
from ..request.outgoing import Outgoing
from ..transport.answers import ANSWER_LIMIT
from ..transport.answers import Answer as Reply
from ..transport.policy import Clock, Failure, Policy, pause, retry_after
from ..transport.receiving import Opened
from ..transport.steps import Send, Sleep, Steps
from .bodies import Body
from .errors import OUT_OF_TIME, service_error

logger = logging.getLogger("toolbind.workers_ai")

T = TypeVar("T")


def attempts(
    body: Body,
    post: Callable[[Body], Outgoing],
    policy: Policy,
    whole: Clock,
    read: Callable[[Reply | Opened], T],
    *,
    stream: bool = False,
) -> Steps[T]:
    """Send `body` until `read` makes something of the reply; returns that.

    `policy.timeout` is for one attempt, `whole` for all. Raises the last WorkersAIError when there
    is no point in going on. A model that is particular about `tool_choice` gets a second try
    without, or with, it.
    """
    tried = 0
    changed = False
    while True:
        if whole.is_over:
            raise OutOfTimeError(OUT_OF_TIME)
        clock = whole.part(policy.timeout)
        try:
            outcome = yield Send(post(body), ANSWER_LIMIT, clock, stream)
            return read(_reply(outcome))
        except WorkersAIError as error:
            if error.retryable and whole.is_over:
                raise OutOfTimeError(f"{OUT_OF_TIME}: {error}") from None
            other = None if changed else _other_choice(body, error)
            if other is not None:
                body, changed = other, True
                continue
            wait = _wait(error, tried, policy, whole)
            if wait is None:
                raise
            logger.info("attempt %d failed, next in %.1f s: %s", tried + 1, wait, error)
        tried += 1
        yield Sleep(wait)


def _wait(
    error: WorkersAIError, tried: int, policy: Policy, whole: Clock
) -> float | None:
    """Seconds before the next attempt, or None where another makes no sense."""
    if not error.retryable:
        return None
    wish = error.retry_after if isinstance(error, ServiceError) else None
    return pause(wish, tried, policy, whole)


def _reply(outcome: Reply | Failure | Opened | WorkersAIError) -> Reply | Opened:
    """What came; raises what a failure is on the model's side. A binding gives that itself."""
    if isinstance(outcome, WorkersAIError):
        raise outcome from None
    if isinstance(outcome, Failure):
        raise failed(outcome) from None
    if isinstance(outcome, Reply) and not outcome.complete:
        size = len(outcome.content)
        if size < ANSWER_LIMIT:
            why = "only a part of an answer came within the time allowed"
            raise ConnectionFailedError(f"the model's service: {why}")
        raise _refused(f"the answer is larger than {size:,} bytes")
    return outcome


def failed(failure: Failure) -> WorkersAIError:
    """The error that a failure of the transport is on the model's side."""
    if issubclass(failure.kind, AnswerError):
        return _refused(failure.why)
    return ConnectionFailedError(f"the model's service: {failure.why}")


def _refused(why: str) -> UnreadableAnswerError:
    error = UnreadableAnswerError(why)
    error.retryable = False
    return error


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
    text = (reply.content).decode("utf-8", "replace")
    try:
        value = json_from(text)
    except ValueError:
        value = None
        if reply.status_code < 300:
            raise UnreadableAnswerError(_not_json(text)) from None
    if reply.status_code >= 300:
        raise service_error(
            reply.status_code,
            text if value is None else value,
            retry_after=retry_after(reply.headers),
            request_id=reply.headers.get("cf-ai-req-id", ""),
        )
    return value


def _not_json(text: str) -> str:
    if not text.strip():
        return "the answer is empty"
    return "the answer is an HTML page" if text.lstrip()[:1] == "<" else "no JSON came"
