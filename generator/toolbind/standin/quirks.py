"""What single models refuse, beside their family's rules (contract sections 2 and 12).

Data, a row for each refusal; shares nothing with the client that it judges. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

Body: TypeAlias = Mapping[str, Any]
Complaints: TypeAlias = Iterator[str]

NINE_ALONE = re.compile(r"[0-9A-Za-z]{9}")

EFFORTS: Mapping[str, Sequence[str]] = {
    "deepseek-v4-": ("max", "high", "low", "none"),
    "glm-5.2": ("max", "high", "none"),
    "glm-5.3": ("max", "high", "low"),
    "gpt-oss-": ("low", "medium", "high"),
    "qwen3.8-": ("xhigh", "medium", "low"),
}
"""The efforts that models take; `high` is HTTP 400 on qwen3.8."""


def complaints(model: str, body: Body) -> Complaints:
    """Everything that this model refuses in a request."""
    for mark, quirk in QUIRKS:
        if mark in model:
            yield from (f"{each} (section 12)" for each in quirk(body))
    yield from _effort(model, body)


def _effort(model: str, body: Body) -> Complaints:
    reasoning = body.get("reasoning")
    inner = reasoning.get("effort") if isinstance(reasoning, dict) else None
    effort = body.get("reasoning_effort", inner)
    for mark, known in EFFORTS.items():
        if mark in model and isinstance(effort, str) and effort not in known:
            yield f"reasoning_effort: not one of {', '.join(known)}"


def _data_only(body: Body) -> Complaints:
    """Pictures are data URLs on every model of Cloudflare's own."""
    messages = body.get("messages")
    for index, message in enumerate(messages if isinstance(messages, list) else ()):
        content = message.get("content") if isinstance(message, dict) else None
        for part in content if isinstance(content, list) else ():
            image = part.get("image_url") if isinstance(part, dict) else None
            url = image.get("url") if isinstance(image, dict) else image
            if isinstance(url, str) and not url.startswith("data:"):
                yield f"messages[{index}].content: a picture that is no data URL"


def _no_required(body: Body) -> Complaints:
    if body.get("tool_choice") == "required":
        yield "tool_choice: this model refuses required"


def _no_choice(body: Body) -> Complaints:
    if body.get("tool_choice", "auto") != "auto":
        yield "tool_choice: this model takes none"


def _no_fields(*names: str) -> Callable[[Body], Complaints]:
    def check(body: Body) -> Complaints:
        yield from (f"{name}: this model takes none" for name in names if name in body)

    return check


def _nine_alone(body: Body) -> Complaints:
    for index, message in _messages(body):
        given = message.get("tool_call_id")
        if isinstance(given, str) and not NINE_ALONE.fullmatch(given):
            yield f"messages[{index}].tool_call_id: not exactly nine letters or digits"


def _turn_between(body: Body) -> Complaints:
    before = ""
    for index, message in _messages(body):
        if (before, message.get("role")) == ("tool", "user"):
            yield f"messages[{index}]: no turn of the assistant between a result and it"
        before = message.get("role", "")


def _messages(body: Body) -> Iterator[tuple[int, Mapping[str, Any]]]:
    listed = body.get("messages")
    for index, message in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(message, dict):
            yield index, message


QUIRKS: Sequence[tuple[str, Callable[[Body], Complaints]]] = (
    ("@cf/", _data_only),
    ("glm-4.7-flash", _no_required),
    ("mistral-small", _no_choice),
    ("mistral-small", _no_fields("response_format", "chat_template_kwargs")),
    ("mistral-small", _nine_alone),
    ("mistral-small", _turn_between),
)
"""A part of a model's name, and what it refuses."""

PER_MINUTE: Mapping[str, int] = {"kimi-k2.6": 20, "kimi-k2.7-code": 20, "glm-5.2": 20}
"""Parts of the names of models that an account may ask only so often in a minute."""

GATEWAY_PER_MINUTE = 50
"""Requests a minute for the same models with credits of a gateway."""


def per_minute(model: str, *, gateway: bool) -> int:
    """Requests that an account may send this model in a minute (section 8)."""
    for mark, limit in PER_MINUTE.items():
        if mark in model:
            return GATEWAY_PER_MINUTE if gateway else limit
    return 300


LIMITS: Mapping[str, tuple[str, ...]] = {
    "chat": ("max_tokens", "max_completion_tokens"),
    "native": ("max_tokens",),
    "responses": ("max_output_tokens",),
}
"""Where each form of a body says how many tokens an answer may have."""


def warnings(form: str, body: Mapping[str, Any]) -> list[str]:
    """What Workers AI takes, and what yet goes wrong sooner or later (section 0.4)."""
    if any(key in body for key in LIMITS[form]):
        return []
    return ["no token limit: some models stop at 256, in the middle of a call; send max_tokens"]
