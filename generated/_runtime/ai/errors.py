"""Which exception an error answer of the model's side is, and what to do about it.

Data, and the reading of the service's words: the codes are those of contract section 6. No text
here ever holds a token: messages are made of the service's own words, in one line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import (
    AuthenticationError,
    CapacityError,
    DailyLimitError,
    InvalidRequestError,
    ModelNotFoundError,
    ModelTimeoutError,
    NotAllowedError,
    RequestTooLargeError,
    ServiceError,
    UnreadableCallError,
    UpstreamError,
)
from .model import Model

OUT_OF_TIME = "the time for the whole run is over"

MESSAGE_LIMIT = 500
"""Characters of the service's own words that an exception repeats."""


@dataclass(frozen=True, slots=True)
class _Row:
    type: type[ServiceError]
    retryable: bool
    advice: str


_INPUT = "Check the messages, the tools and further fields against the model's schema"
_BY_CODE: Mapping[int, _Row] = {
    3003: _Row(InvalidRequestError, False, "A required input is missing"),
    5004: _Row(InvalidRequestError, False, _INPUT),
    3039: _Row(InvalidRequestError, False, "Check the fine-tune's files"),
    5006: _Row(InvalidRequestError, False, _INPUT),
    8001: _Row(InvalidRequestError, False, _INPUT),
    8006: _Row(
        InvalidRequestError,
        False,
        "A tool was forced and the token limit left no room after the reasoning: raise "
        "max_tokens, or lower or turn off reasoning",
    ),
    7000: _Row(
        ModelNotFoundError, False, "Check the URL, the model and the account id"
    ),
    7003: _Row(ModelNotFoundError, False, "Check the account id"),
    5007: _Row(ModelNotFoundError, False, "Check the model's name"),
    3042: _Row(ModelNotFoundError, False, "Check the model's name"),
    5016: _Row(
        NotAllowedError, False, "Agree to the model's terms once, as its page explains"
    ),
    5018: _Row(NotAllowedError, False, "The account is not allowed to use this model"),
    3041: _Row(NotAllowedError, False, "The account is not allowed to use this model"),
    3023: _Row(NotAllowedError, False, "The account is blocked: ask Cloudflare"),
    5035: _Row(
        NotAllowedError,
        False,
        "This model needs the Workers Paid plan; @cf/zai-org/glm-4.7-flash does not",
    ),
    5019: _Row(InvalidRequestError, False, "The model needs a newer interface"),
    5005: _Row(InvalidRequestError, False, "The model takes no LoRA"),
    3006: _Row(
        RequestTooLargeError, False, "Send fewer tools, shorter results or less history"
    ),
    3007: _Row(ModelTimeoutError, True, "Ask again, or lower max_tokens"),
    3008: _Row(ModelTimeoutError, True, "Ask again"),
    3036: _Row(
        DailyLimitError,
        False,
        "The day's free allocation is used up: wait until 00:00 UTC or move to the "
        "Workers Paid plan",
    ),
    3040: _Row(CapacityError, True, "The model is out of capacity: ask again later"),
    7009: _Row(UpstreamError, True, "Ask again later"),
    8005: _Row(UpstreamError, True, "Ask again later"),
    10000: _Row(
        AuthenticationError,
        False,
        "Check the token: it needs the rights Workers AI Read and Edit",
    ),
}
_BY_STATUS: Mapping[int, _Row] = {
    400: _Row(InvalidRequestError, False, _INPUT),
    401: _BY_CODE[10000],
    403: _Row(
        NotAllowedError, False, "Check the token's rights and the account's plan"
    ),
    404: _Row(ModelNotFoundError, False, "Check the URL, the model and the account id"),
    408: _BY_CODE[3007],
    409: _Row(UpstreamError, True, "Ask again"),
    413: _BY_CODE[3006],
    422: _Row(InvalidRequestError, False, _INPUT),
    429: _Row(CapacityError, True, "Too many requests: ask again later"),
}
_UPSTREAM = _Row(UpstreamError, True, "Ask again later")
_REFUSED = _Row(InvalidRequestError, False, "")
_UNKNOWN = _Row(ServiceError, False, "")
_JSON_MODE = _Row(
    InvalidRequestError, True, "The model could not meet the JSON schema: simplify it"
)
_UNREADABLE_CALL = _Row(
    UnreadableCallError, False, "Offer fewer tools, or ask a larger model"
)
_TOO_LARGE = _BY_CODE[3006]
_BY_WORDS: tuple[tuple[re.Pattern[str], _Row], ...] = tuple(
    (re.compile(words, re.IGNORECASE), row)
    for words, row in (
        (r"JSON Mode couldn.?t be met", _JSON_MODE),
        (r"output that does not match the expected\b.*\bformat", _UNREADABLE_CALL),
        (r"\berror parsing tool call\b", _UNREADABLE_CALL),
        (r"\bfailed to parse tool.call\b", _UNREADABLE_CALL),
        (r"\btool_use_failed\b|\bfailed to call a function\b", _UNREADABLE_CALL),
        (r"exceeds the available context size", _TOO_LARGE),
        (r"maximum context length", _TOO_LARGE),
        (
            r"\b(prompt|input|request)\b.{0,60}\bexceeds?\b.{0,60}\bcontext\b",
            _TOO_LARGE,
        ),
        (r"\bprompt is too long\b|\bcontext_length_exceeded\b", _TOO_LARGE),
    )
)
"""What servers say in words where neither code nor status tells it: llama.cpp, Ollama, vLLM and
others that speak OpenAI's form, and Cloudflare's JSON mode."""
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{1,200})", re.IGNORECASE)
HEAD = 20_000
"""Characters of an HTML page in which its title is looked for."""
_BY_TYPE: Mapping[str, _Row] = {
    "overloaded_error": _BY_CODE[3040],
    "rate_limit_error": _BY_STATUS[429],
    "api_error": _UPSTREAM,
    "timeout_error": _BY_CODE[3007],
    "authentication_error": _BY_CODE[10000],
    "permission_error": _BY_STATUS[403],
    "not_found_error": _BY_CODE[5007],
    "request_too_large": _BY_CODE[3006],
}
"""As third-party models name their errors in a stream, where no status tells."""
_LEADING_CODE = re.compile(r"\A\s*(?:[A-Za-z]+Error: )?(\d{4,5}): ")


def service_error(
    status: int, body: Any, *, retry_after: float | None = None, request_id: str = ""
) -> ServiceError:
    """The exception for an error answer: its decoded JSON, or its text (section 6)."""
    code, message = _code_and_message(body)
    row = _BY_CODE.get(code) if code is not None else None
    if row is None:
        row = next((row for words, row in _BY_WORDS if words.search(message)), None)
    if row is None and not status:
        row = _BY_TYPE.get(_type(body))
    if row is None:
        other = _UPSTREAM if status >= 500 else _REFUSED if status else _UNKNOWN
        row = _BY_STATUS.get(status, other)
    return row.type(
        one_line(message) or f"HTTP {status} without an explanation",
        code=code,
        status=status,
        advice=row.advice,
        retryable=row.retryable,
        retry_after=retry_after,
        request_id=one_line(request_id, 100),
    )


_ELSEWHERE: Mapping[type[ServiceError], str] = {
    AuthenticationError: "Check api_token",
    NotAllowedError: "Check what api_token may do",
    ModelNotFoundError: "Check base_url and the model's name",
    InvalidRequestError: "Check the messages, the tools and further fields",
}
"""What to do about errors of servers that are not Cloudflare's."""


def in_place(error: ServiceError, model: Model, *, cloudflare: bool) -> None:
    """Give an error the advice for this model and this server."""
    kind = type(error)
    if not cloudflare:
        error.advice = _ELSEWHERE.get(kind, error.advice)
    elif kind is NotAllowedError and model.by_form and error.code != 5035:
        error.advice = "Access to this model is asked for with the form on its page"
    elif kind is CapacityError and error.status == 429 and model.per_minute:
        error.advice = (
            f"An account may ask this model {model.per_minute} times a minute, more often with "
            "credits of a gateway: ask again later"
        )


def _code_and_message(body: Any) -> tuple[int | None, str]:
    """From the envelope, the binding's protocol, OpenAI's form, or plain text."""
    if isinstance(body, Mapping):
        listed = body.get("errors")
        if isinstance(listed, list) and listed and isinstance(listed[0], Mapping):
            return _best(listed)
        if "internalCode" in body:
            words = body.get("description") or body.get("message")
            return _number(body["internalCode"]), _words(words)
        inner = body.get("error")
        if isinstance(inner, Mapping):
            return _number(inner.get("code")), _words(inner.get("message"))
        if isinstance(inner, str):
            return _from_text(inner)
        if "message" in body:
            return _number(body.get("code")), _words(body["message"])
        return None, ""
    return _from_text(body) if isinstance(body, str) else (None, "")


def _type(body: Any) -> str:
    """How an error object names its kind."""
    inner = body.get("error") if isinstance(body, Mapping) else None
    return _words(inner.get("type")) if isinstance(inner, Mapping) else ""


def _best(listed: list[Any]) -> tuple[int | None, str]:
    """Of several errors the first whose code the table knows, with all their texts."""
    rows = [item for item in listed if isinstance(item, Mapping)]
    codes = [_number(item.get("code")) for item in rows]
    known = [code for code in codes if code in _BY_CODE]
    message = "; ".join(_words(item.get("message")) for item in rows)
    return (known or codes)[0], message


def _from_text(text: str) -> tuple[int | None, str]:
    """`"AiError: 3040: text"` and `"3040: text"`, as a binding words it (section 9)."""
    if text.lstrip()[:1] == "<":
        title = _TITLE.search(text, 0, HEAD)
        return None, "an HTML page" + (f": {title.group(1)}" if title else "")
    found = _LEADING_CODE.match(text)
    if found:
        return int(found.group(1)), text[found.end() :]
    return None, text


def _number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    short = isinstance(value, str) and len(value) <= 20 and value.isdecimal()
    return int(value) if short else None


def _words(value: Any) -> str:
    return value if isinstance(value, str) else ""


def one_line(text: str, limit: int = MESSAGE_LIMIT) -> str:
    """`text` in one line without control or hidden characters, at most `limit` long."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain if len(plain) <= limit else plain[: limit - 3] + "..."
