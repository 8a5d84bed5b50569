"""Turns as event streams, in the pieces that each family sends (contract sections 5 and 12).

Pure. Imports `shapes`, `streams_anthropic` and `turns`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from toolbind.standin import streams_anthropic
from toolbind.standin.shapes import Json, Numbers, Shape, answer, as_text, error_body
from toolbind.standin.turns import Turn

DONE = "data: [DONE]\n\n"
UNREADABLE_CALL: Json = {
    "error": {
        "code": 500,
        "message": "The model produced output that does not match the expected peg-native format",
        "type": "server_error",
    }
}
"""What llama.cpp's server says, with status 500 or in a stream, of a call that it cannot read."""


def stream_text(
    turn: Turn, model: str, shape: Shape, numbers: Numbers, *, thinks: bool = True
) -> str:
    """The whole stream; the server decides in which chunks it leaves.

    `thinks` is False where the request turned reasoning off.
    """
    whole = answer(turn, model, shape, numbers)
    if shape == "responses":
        return "".join(_event(each, named=True) for each in _responses(whole))
    if shape == "chat" and "claude" in model:
        return "".join(_event(each, named=True) for each in streams_anthropic.events(whole))
    mislabels = "nemotron" in model and not thinks
    pieces = _chat(whole, mislabels) if shape == "chat" else _native(whole, turn)
    written = [_event(piece) for piece in pieces]
    if turn.fault is not None and turn.fault.kind in ("error-midway", "unreadable-call"):
        told = error_body(turn.fault.code, turn.fault.message)
        body = UNREADABLE_CALL if turn.fault.kind == "unreadable-call" else told
        written = [*written[: max(1, len(written) // 2)], _event(body)]
    return "".join([*written, DONE])


def _event(value: Json, *, named: bool = False) -> str:
    head = f"event: {value['type']}\n" if named else ""
    return f"{head}data: {json.dumps(value, ensure_ascii=False)}\n\n"


def _words(text: str) -> list[str]:
    """Text in pieces that cut words and characters of several bytes apart."""
    return [text[at : at + 5] for at in range(0, len(text), 5)]


def _halves(text: str) -> list[str]:
    middle = len(text) // 2
    return [part for part in (text[:middle], text[middle:]) if part]


def _native(whole: Json, turn: Turn) -> Iterator[Json]:
    """Text in pieces; nested calls as start, parts and an empty end; flat ones whole."""
    yield {"response": "", "p": "abdef"}
    for piece in _words(whole["response"]):
        yield {"response": piece}
    for index, call in enumerate(whole.get("tool_calls", ())):
        if "function" not in call:
            yield {"response": "", "tool_calls": [call], "p": "ab"}
            continue
        inner = call["function"]
        start = {"name": inner["name"]}
        yield {
            "tool_calls": [
                {"id": call["id"], "type": "function", "index": index, "function": start}
            ]
        }
        for part in _halves(as_text(inner["arguments"])):
            yield {"tool_calls": [{"index": index, "function": {"arguments": part}}]}
        closing = {"name": None, "arguments": ""}
        yield {"tool_calls": [{"id": None, "type": None, "index": index, "function": closing}]}
    if turn.calls:
        yield {"finish_reason": "tool_calls"}
    last: Json = {"response": ""}
    yield last if whole.get("usage") is None else {**last, "usage": whole["usage"]}


def _chat(whole: Json, mislabels: bool) -> Iterator[Json]:
    """Deltas that carry usage, a heartbeat without choices, and a native tail (section 12)."""
    choice = whole["choices"][0]
    message = choice["message"]
    base = {key: whole[key] for key in ("id", "created", "model")}
    usage = {} if whole.get("usage") is None else {"usage": whole["usage"]}
    passed_over = {"p": "abdef", "prompt_token_ids": None, "kv_transfer_params": None}

    def chunk(delta: Json, finish: str | None = None) -> Json:
        inner = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        more = {"token_ids": None, "stop_reason": None}
        choices = [{**inner, **more}]
        kind = {"object": "chat.completion.chunk"}
        return {**base, **kind, "choices": choices, **passed_over, **usage}

    yield chunk({"role": "assistant", "content": ""})
    for key in ("reasoning_content", "reasoning"):
        for piece in _words(message.get(key) or ""):
            yield chunk({key: piece})
    label = "reasoning_content" if mislabels else "content"
    for piece in _words(message["content"] or ""):
        yield chunk({label: piece})
    for deltas in _call_deltas(message.get("tool_calls", ())):
        yield chunk({"tool_calls": deltas})
    yield chunk({}, choice["finish_reason"])
    yield {**base, "object": "chat.completion.chunk", "choices": [], **usage}
    yield {"response": "", **usage}


def _call_deltas(calls: Any) -> Iterator[list[Json]]:
    """Starts first, then the halves of all calls in turn: interleaved by index."""
    halves: list[tuple[int, list[str]]] = []
    for index, call in enumerate(calls):
        inner = call["function"]
        start = {"name": inner["name"], "arguments": ""}
        yield [{"index": index, "id": call["id"], "type": "function", "function": start}]
        halves.append((index, _halves(inner["arguments"])))
    for position in (0, 1):
        for index, parts in halves:
            if position < len(parts):
                yield [{"index": index, "function": {"arguments": parts[position]}}]


def _responses(whole: Json) -> Iterator[Json]:
    events = _response_events(whole)
    for number, event in enumerate(events):
        yield {**event, "sequence_number": number}


def _response_events(whole: Json) -> Iterator[Json]:
    opened = {key: whole[key] for key in ("id", "object")}
    yield {
        "type": "response.created",
        "response": {**opened, "status": "in_progress", "output": []},
    }
    for index, item in enumerate(whole["output"]):
        shell = {**item, "content": []} if "content" in item else {**item, "arguments": ""}
        yield {"type": "response.output_item.added", "output_index": index, "item": shell}
        yield from _item_events(index, item)
        yield {"type": "response.output_item.done", "output_index": index, "item": item}
    kind = "response.incomplete" if whole["status"] == "incomplete" else "response.completed"
    yield {"type": kind, "response": whole}


def _item_events(index: int, item: Mapping[str, Any]) -> Iterator[Json]:
    place = {"item_id": item["id"], "output_index": index}
    if item["type"] == "function_call":
        kind = "response.function_call_arguments"
        for part in _halves(item["arguments"]):
            yield {"type": f"{kind}.delta", **place, "delta": part}
        done = {"name": item["name"], "arguments": item["arguments"]}
        yield {"type": f"{kind}.done", **place, **done}
        return
    kind = "reasoning_text" if item["type"] == "reasoning" else "output_text"
    text = item["content"][0]["text"]
    for part in _words(text):
        delta = {"content_index": 0, "delta": part, "logprobs": []}
        yield {"type": f"response.{kind}.delta", **place, **delta}
    whole = {"content_index": 0, "text": text, "logprobs": []}
    yield {"type": f"response.{kind}.done", **place, **whole}
