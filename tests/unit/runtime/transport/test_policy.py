"""When a request is tried again, and after how long."""

from __future__ import annotations

import time
from email.utils import formatdate
from typing import Any

import pytest
from toolbind_runtime import errors
from toolbind_runtime.request.outgoing import Outgoing
from toolbind_runtime.transport.answers import Answer
from toolbind_runtime.transport.policy import (
    TIMED_OUT,
    Clock,
    Failure,
    Policy,
    retry_after,
    retry_delay,
)


def outgoing(method: str = "GET") -> Outgoing:
    return Outgoing(
        method, "https://a.example", [], None, template="/x", idempotent=method == "GET"
    )


def test_how_long_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toolbind_runtime.transport.policy.random.uniform", lambda low, high: high)
    failure = Failure(errors.TransportError, "reset")

    def delay(outcome: Any, attempt: int = 0, clock: Clock | None = None) -> float | None:
        policy = Policy(max_retries=9)
        return retry_delay(outcome, outgoing(), attempt, policy, clock or Clock(None))

    assert [delay(failure, attempt) for attempt in (0, 1, 2, 8)] == [0.5, 1.0, 2.0, 8.0]
    assert delay(failure, 9) is None
    assert delay(failure._replace(retryable=False)) is None
    assert delay(Answer(200, {}, b"")) is None
    assert delay(Answer(429, {"retry-after": "7"}, b"")) == 7.0
    assert delay(Answer(429, {"retry-after": "61"}, b"")) is None
    assert delay(Answer(429, {"retry-after": "soon"}, b"")) == 0.5
    assert delay(Answer(429, {"retry-after": "7"}, b""), clock=Clock(5)) is None
    assert delay(TIMED_OUT, clock=Clock(0.0)) is None


def test_retry_after_dates() -> None:
    in_a_minute = retry_after({"retry-after": formatdate(time.time() + 60, usegmt=True)})
    assert in_a_minute is not None
    assert 50 < in_a_minute <= 60
    assert retry_after({"retry-after": formatdate(0)}) == 0.0
    assert retry_after({"retry-after": "1.5"}) == 1.5  # as servers of models say it
    for bad in ("", "-1", "nan", "inf", "1e3", "9" * 400, "Wed, 99 Foo", "\u0661"):
        assert retry_after({"retry-after": bad}) is None, bad


def test_requests_say_little_about_themselves() -> None:
    assert repr(outgoing()) == "<Outgoing GET /x>"
