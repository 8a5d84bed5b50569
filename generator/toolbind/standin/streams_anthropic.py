"""A chat completion as the events of Anthropic, which Claude models stream (section 12).

Pure. Imports `shapes`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from toolbind.standin.shapes import Json

_REASONS = {"stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use"}


def events(whole: Json) -> Iterator[Json]:
    """The events of one answer, its blocks in order: reasoning, text, calls."""
    choice = whole["choices"][0]
    message = choice["message"]
    usage = whole.get("usage") or {}
    begun = {"id": whole["id"], "type": "message", "role": "assistant", "content": []}
    counts = {"input_tokens": usage.get("prompt_tokens", 0), "output_tokens": 1}
    yield {
        "type": "message_start",
        "message": {**begun, "model": whole["model"], "stop_reason": None, "usage": counts},
    }
    yield {"type": "ping"}
    for index, (block, deltas) in enumerate(_blocks(message)):
        yield {"type": "content_block_start", "index": index, "content_block": block}
        for delta in deltas:
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    finish = choice["finish_reason"]
    yield {
        "type": "message_delta",
        "delta": {"stop_reason": _REASONS.get(finish, finish), "stop_sequence": None},
        "usage": {"output_tokens": usage.get("completion_tokens", 0)},
    }
    yield {"type": "message_stop"}


def _blocks(message: Json) -> Iterator[tuple[Json, list[Json]]]:
    """Each block as it begins, and its deltas."""
    reasoning = message.get("reasoning_content")
    if reasoning:
        deltas = [{"type": "thinking_delta", "thinking": part} for part in _parts(reasoning)]
        deltas.append({"type": "signature_delta", "signature": "c2lnbmVk"})
        yield {"type": "thinking", "thinking": "", "signature": ""}, deltas
    if message["content"]:
        yield (
            {"type": "text", "text": ""},
            [{"type": "text_delta", "text": part} for part in _parts(message["content"])],
        )
    for call in message.get("tool_calls", ()):
        inner: Any = call["function"]
        yield (
            {"type": "tool_use", "id": call["id"], "name": inner["name"], "input": {}},
            [
                {"type": "input_json_delta", "partial_json": part}
                for part in ["", *_parts(inner["arguments"])]
            ],
        )


def _parts(text: str) -> list[str]:
    return [text[at : at + 6] for at in range(0, len(text), 6)]
