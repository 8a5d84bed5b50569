"""Errors of the model's side (contract section 6): every code, every form, no secret."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind_runtime import errors
from toolbind_runtime.ai import errors as ai_errors
from toolbind_runtime.ai.attempts import attempts, read_json
from toolbind_runtime.ai.errors import one_line, service_error
from toolbind_runtime.errors import ServiceError, ToolbindError, WorkersAIError
from toolbind_runtime.request.outgoing import Outgoing
from toolbind_runtime.transport.answers import Answer
from toolbind_runtime.transport.policy import Clock, Policy
from toolbind_runtime.transport.steps import Send, Sleep

from tests.unit.runtime.recorded import case, cases

CODES: list[tuple[int, int, str, bool]] = [
    (3003, 400, "InvalidRequestError", False),
    (5004, 400, "InvalidRequestError", False),
    (3039, 400, "InvalidRequestError", False),
    (5006, 400, "InvalidRequestError", False),
    (5007, 400, "ModelNotFoundError", False),
    (8001, 400, "InvalidRequestError", False),
    (8005, 500, "UpstreamError", True),
    (8006, 400, "InvalidRequestError", False),
    (5016, 403, "NotAllowedError", False),
    (5018, 403, "NotAllowedError", False),
    (3041, 403, "NotAllowedError", False),
    (3023, 403, "NotAllowedError", False),
    (5035, 403, "NotAllowedError", False),
    (5019, 405, "InvalidRequestError", False),
    (5005, 405, "InvalidRequestError", False),
    (3042, 404, "ModelNotFoundError", False),
    (3006, 413, "RequestTooLargeError", False),
    (3007, 408, "ModelTimeoutError", True),
    (3008, 408, "ModelTimeoutError", True),
    (3036, 429, "DailyLimitError", False),
    (3040, 429, "CapacityError", True),
    (7000, 400, "ModelNotFoundError", False),
    (7003, 404, "ModelNotFoundError", False),
    (7009, 502, "UpstreamError", True),
    (10000, 401, "AuthenticationError", False),
]
"""Contract section 6, row by row: code, status, exception, whether to ask again."""


def envelope(code: int, message: str = "AiError: why") -> dict[str, Any]:
    errors = [{"code": code, "message": message}]
    return {"result": None, "success": False, "errors": errors, "messages": []}


@pytest.mark.parametrize(("code", "status", "name", "again"), CODES, ids=[str(c[0]) for c in CODES])
def test_section_6_codes(code: int, status: int, name: str, again: bool) -> None:
    error = service_error(status, envelope(code))
    assert type(error).__name__ == name
    assert (error.code, error.status, error.retryable) == (code, status, again)
    assert error.advice
    assert str(error).startswith(f"AiError: why (code {code}, HTTP {status}). ")
    assert isinstance(error, ToolbindError)


@pytest.mark.parametrize("status", [0, 400, 401, 429, 500])
def test_section_6_the_code_decides_whatever_the_status(status: int) -> None:
    """The statuses of 8001, 8005, 8006 and 10000 are not certain."""
    for code, _, name, again in CODES:
        error = service_error(status, envelope(code))
        assert (type(error).__name__, error.retryable) == (name, again)


def test_section_6_the_daily_limit_and_missing_capacity_are_told_apart() -> None:
    daily, busy = service_error(429, envelope(3036)), service_error(429, envelope(3040))
    assert (daily.retryable, busy.retryable) == (False, True)
    assert "00:00 UTC" in str(daily)
    assert "later" in str(busy)


ERRORS = cases("errors.json")


@pytest.mark.parametrize("recorded", ERRORS, ids=[c["name"] for c in ERRORS])
def test_section_6_every_recorded_error(recorded: Any) -> None:
    body = recorded["response"]
    data = body if isinstance(body, str) else json.dumps(body)
    reply = Answer(recorded["status"], recorded.get("response_headers", {}), data.encode())
    if recorded["status"] == 200:
        assert read_json(reply) == body  # told by `read_answer`
        return
    with pytest.raises(ServiceError) as raised:
        read_json(reply)
    error = raised.value
    assert error.retryable is recorded["retry"]
    assert error.status == recorded["status"]
    if isinstance(body, dict) and body.get("errors"):
        assert error.code in [each["code"] for each in body["errors"]]


def test_section_1_the_service_s_name_for_a_request_is_told() -> None:
    headers = {"cf-ai-req-id": "req-1\x1b[31m"}
    with pytest.raises(ServiceError) as raised:
        read_json(Answer(429, headers, b'{"errors": [{"code": 3040, "message": "Busy"}]}'))
    assert raised.value.request_id == "req-1 [31m"
    assert "(code 3040, HTTP 429, request req-1 [31m)" in str(raised.value)


def test_section_6_the_service_s_own_wish_to_wait_is_read() -> None:
    recorded = case("errors.json", "out of capacity with Retry-After")
    with pytest.raises(ServiceError) as raised:
        read_json(Answer(429, recorded["response_headers"], json.dumps({}).encode()))
    assert raised.value.retry_after == 2.0


@pytest.mark.parametrize(
    ("status", "name", "again"),
    [
        (400, "InvalidRequestError", False),
        (401, "AuthenticationError", False),
        (403, "NotAllowedError", False),
        (404, "ModelNotFoundError", False),
        (408, "ModelTimeoutError", True),
        (409, "UpstreamError", True),
        (413, "RequestTooLargeError", False),
        (418, "InvalidRequestError", False),
        (422, "InvalidRequestError", False),
        (429, "CapacityError", True),
        (500, "UpstreamError", True),
        (503, "UpstreamError", True),
        (599, "UpstreamError", True),
        (301, "InvalidRequestError", False),
    ],
)
def test_section_6_statuses_where_no_code_is_known(status: int, name: str, again: bool) -> None:
    bodies: list[Any] = [None, {}, "", {"errors": []}, {"errors": [None]}, {"errors": [{}]}]
    for body in bodies:
        error = service_error(status, body)
        assert (type(error).__name__, error.retryable) == (name, again)
        assert str(error)


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ({"error": {"message": "m", "code": 5006}}, 5006, "m"),
        ({"error": {"message": "m", "code": "5006"}}, 5006, "m"),
        ({"error": {"message": "m", "code": "invalid"}}, None, "m"),
        ({"error": {"message": "m", "code": True}}, None, "m"),
        ({"error": "bad"}, None, "bad"),
        ({"error": "AiError: 3040: busy"}, 3040, "busy"),
        ({"internalCode": 3040, "description": "busy", "message": "x"}, 3040, "busy"),
        ({"message": "m", "code": 3040}, 3040, "m"),
        ("3040: Capacity temporarily exceeded", 3040, "Capacity temporarily exceeded"),
        ("AiError: 3040: Capacity", 3040, "Capacity"),
        ("InferenceUpstreamError: 5006: AiError: Bad input", 5006, "AiError: Bad input"),
        ("boom", None, "boom"),
        ("<!DOCTYPE html><title>503 Gone\n</title>", None, "an HTML page: 503 Gone"),
        ("<html>", None, "an HTML page"),
    ],
)
def test_sections_6_and_9_every_form_of_an_error(body: Any, code: int | None, message: str) -> None:
    error = service_error(400, body)
    assert (error.code, error.message) == (code, message)


def test_section_6_of_several_errors_the_known_one_decides() -> None:
    recorded = case("errors.json", "no route")
    error = service_error(400, recorded["response"])
    assert error.code == 7003
    assert "No route for that URI" in error.message
    both = envelope(1)
    both["errors"].append({"code": 3040, "message": "busy"})
    assert service_error(429, both).code == 3040


def test_section_6_json_mode_may_be_asked_again() -> None:
    for body in ("JSON Mode couldn't be met", {"error": "AiError: JSON Mode couldn't be met"}):
        assert service_error(400, body).retryable


def test_messages_are_one_printable_line() -> None:
    error = service_error(400, {"error": "a\x1b[31m\r\nb\u202e\u200bc " + "x" * 9999})
    assert str(error).isprintable()
    assert "\x1b" not in str(error)
    assert len(error.message) == ai_errors.MESSAGE_LIMIT


@given(st.text())
def test_any_text_becomes_one_printable_line(text: str) -> None:
    assert one_line(text).isprintable()
    assert len(one_line(text)) <= ai_errors.MESSAGE_LIMIT


def test_the_tree_is_what_its_picture_says() -> None:
    drawn = set(re.findall(r"\w+Error\b", errors.__doc__ or ""))
    defined = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.ToolbindError)
    }
    assert defined <= drawn
    assert drawn - defined == {"ValueError", "TimeoutError"}


# --- waiting -----------------------------------------------------------------------------------


def waits(error: WorkersAIError, *, left: float | None = None, **more: Any) -> list[float]:
    """What is slept between attempts that all end with this error."""
    policy = Policy(**{"timeout": 1.0, **more})

    def read(_reply: Any) -> Any:
        raise error

    steps = attempts({}, lambda _: outgoing, policy, Clock(left), read)
    slept: list[float] = []
    outgoing = Outgoing("POST", "", [], None, template="", idempotent=True)
    try:
        step = next(steps)
        while True:
            if isinstance(step, Sleep):
                slept.append(step.seconds)
                step = next(steps)
            else:
                step = steps.send(Answer(200, {}, b""))
    except type(error):
        return slept


def test_waits_grow_and_vary(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = "toolbind_runtime.transport.policy.random.uniform"
    busy = service_error(429, envelope(3040))
    monkeypatch.setattr(chance, lambda _low, high: high)
    assert waits(busy, backoff=0.5, max_retries=6) == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0]
    monkeypatch.setattr(chance, lambda low, _high: low)
    assert waits(busy, max_retries=1) == [0.25]


def test_when_waiting_makes_no_sense() -> None:
    assert waits(service_error(429, envelope(3040)), max_retries=0) == []
    assert waits(service_error(429, envelope(3036))) == []
    assert waits(service_error(429, envelope(3040)), left=0.2) == []
    assert waits(service_error(429, envelope(3040), retry_after=2.0)) == [2.0, 2.0]
    assert waits(service_error(429, envelope(3040), retry_after=999.0)) == []


def test_an_attempt_gets_what_is_left() -> None:
    outgoing = Outgoing("POST", "", [], None, template="", idempotent=True)

    def first(seconds: float, left: float | None) -> float | None:
        step = next(attempts({}, lambda _: outgoing, Policy(seconds), Clock(left), str))
        assert isinstance(step, Send)
        return step.clock.left()

    assert first(30.0, None) == pytest.approx(30.0, abs=1)
    assert first(30.0, 10.0) == pytest.approx(10.0, abs=1)
    with pytest.raises(errors.OutOfTimeError):
        first(30.0, -1.0)
