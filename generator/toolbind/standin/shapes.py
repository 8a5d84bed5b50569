"""Turns as Workers AI would answer them: one shape for each family (contract section 4).

Pure. Imports `families` and `turns`.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from toolbind.standin.families import FAMILIES
from toolbind.standin.turns import ScriptedCall, Turn

Shape = Literal["chat", "native", "native-nested", "responses"]
Json = dict[str, Any]


def shape_of(model: str, surface: str, body: Mapping[str, Any]) -> Shape:
    """The shape of the answer, from where and how the model was asked."""
    if surface == "responses" or (surface == "run" and "input" in body):
        return "responses"
    if surface == "chat":
        return "chat"
    family = FAMILIES.get(model, "chat")
    return "native" if family == "native" else _NESTED.get(family, "chat")


_NESTED: Mapping[str, Shape] = {"native-nested": "native-nested"}


class Numbers:
    """Ids of answers and calls; one counter for a server, so that runs can be compared."""

    def __init__(self) -> None:
        self._next: Iterator[int] = itertools.count(1)

    def call_id(self, model: str, index: int, call: ScriptedCall) -> str:
        """An id as the model's family makes them; Kimi's come again in each turn."""
        if call.id is not None:
            return call.id
        if "/kimi-" in model:
            return f"functions.{call.name}:{index}"
        return f"chatcmpl-tool-{next(self._next):016x}"

    def answer_id(self, prefix: str) -> str:
        return f"{prefix}{next(self._next):08x}"


def answer(turn: Turn, model: str, shape: Shape, numbers: Numbers) -> Json:
    """The result, without the envelope of `/ai/run`."""
    return _WRITERS[shape](turn, model, numbers)


def envelope(result: Any) -> Json:
    return {"result": result, "success": True, "errors": [], "messages": []}


def error_body(code: int, message: str) -> Json:
    return {
        "result": {} if code == 5035 else None,  # as it was seen (section 12)
        "success": False,
        "errors": [{"code": code, "message": message}],
        "messages": [],
    }


def as_text(arguments: Any) -> str:
    return arguments if isinstance(arguments, str) else json.dumps(arguments)


# --- the shapes --------------------------------------------------------------------------------


def _native(turn: Turn, _model: str, _numbers: Numbers) -> Json:
    result: Json = {"response": turn.text}
    if turn.calls:
        result["tool_calls"] = [{"name": c.name, "arguments": c.arguments} for c in turn.calls]
    return _with_usage(result, turn.usage)


def _native_nested(turn: Turn, model: str, numbers: Numbers) -> Json:
    result: Json = {"response": turn.text}
    if turn.calls:
        result["tool_calls"] = [
            {
                "id": numbers.call_id(model, index, call),
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            }
            for index, call in enumerate(turn.calls)
        ]
    return _with_usage(result, turn.usage)


def _chat(turn: Turn, model: str, numbers: Numbers) -> Json:
    nothing = "" if FAMILIES.get(model) == "native-in-chat-out" else None
    message: Json = {"role": "assistant", "content": turn.text or nothing, "refusal": None}
    if turn.reasoning:
        message[reasoning_key(model)] = turn.reasoning
    if turn.calls:
        message["tool_calls"] = [
            {
                "id": numbers.call_id(model, index, call),
                "type": "function",
                "function": {"name": call.name, "arguments": as_text(call.arguments)},
            }
            for index, call in enumerate(turn.calls)
        ]
    result: Json = {
        "id": numbers.answer_id("chatcmpl-"),
        "object": "chat.completion",
        "created": 1790000000,
        "model": echoed(model),
        "choices": [
            {
                "index": 0,
                "message": message,
                "logprobs": None,
                "finish_reason": turn.finish_reason,
            }
        ],
    }
    return _with_usage(result, turn.usage)


def echoed(model: str) -> str:
    """The name that an answer gives: Google's models have a word more (section 12)."""
    return f"{model}-external" if model.startswith("@cf/google/") else model


def reasoning_key(model: str) -> str:
    """Kimi from 2.6 on says `reasoning` (contract section 4)."""
    newer = any(name in model for name in ("kimi-k2.6", "kimi-k2.7"))
    return "reasoning" if newer else "reasoning_content"


def _responses(turn: Turn, model: str, numbers: Numbers) -> Json:
    cut_off = turn.finish_reason == "length"
    result: Json = {
        "id": numbers.answer_id("resp_"),
        "object": "response",
        "created_at": 1790000000,
        "status": "incomplete" if cut_off else "completed",
        "parallel_tool_calls": True,
        "tools": [],
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if cut_off else None,
        "output": output_items(turn, model, numbers),
    }
    if turn.usage is not None:
        result["usage"] = {
            "input_tokens": turn.usage.get("prompt_tokens", 0),
            "output_tokens": turn.usage.get("completion_tokens", 0),
            "total_tokens": turn.usage.get("total_tokens", 0),
        }
    return result


def output_items(turn: Turn, model: str, numbers: Numbers) -> list[Json]:
    items: list[Json] = []
    if turn.reasoning:
        items.append(
            {
                "type": "reasoning",
                "id": numbers.answer_id("rs_"),
                "summary": [],
                "content": [{"type": "reasoning_text", "text": turn.reasoning}],
            }
        )
    if turn.text:
        items.append(
            {
                "type": "message",
                "id": numbers.answer_id("msg_"),
                "role": "assistant",
                "status": "completed",
                "content": [{"type": "output_text", "text": turn.text}],
            }
        )
    for index, call in enumerate(turn.calls):
        items.append(
            {
                "type": "function_call",
                "id": numbers.answer_id("fc_"),
                "call_id": numbers.call_id(model, index, call),
                "name": call.name,
                "arguments": as_text(call.arguments),
                "status": "completed",
            }
        )
    return items


def _with_usage(result: Json, usage: Mapping[str, Any] | None) -> Json:
    return result if usage is None else {**result, "usage": dict(usage)}


_WRITERS: Mapping[Shape, Callable[[Turn, str, Numbers], Json]] = {
    "chat": _chat,
    "native": _native,
    "native-nested": _native_nested,
    "responses": _responses,
}
