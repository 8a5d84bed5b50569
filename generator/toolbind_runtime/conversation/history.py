"""Messages given to a run: checked, copied, and made whole.

A conversation may be resumed after an approval or a crash, so its end may hold calls
without results; calls left open further up are closed. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..errors import SettingsError
from ..records.exchange import Message, ToolCall

ROLES = ("system", "developer", "user", "assistant", "tool")
LEFT_OPEN = "Not run: the conversation went on without this call."


def begin(prompt: str | Sequence[Message], system: str | None) -> list[Message]:
    """The messages to start from: a question, or a conversation to go on with."""
    if isinstance(prompt, str):
        messages: list[Message] = [{"role": "user", "content": prompt}]
    else:
        if isinstance(prompt, Mapping) or not isinstance(prompt, Iterable):
            raise SettingsError(
                'the prompt is a text or a list of messages: [{"role": "user", "content": "..."}]'
            )
        messages = [_checked(message) for message in prompt]
        if not messages:
            raise SettingsError("there are no messages to answer")
    if system is not None and messages[0]["role"] != "system":
        messages.insert(0, {"role": "system", "content": system})
    return messages


def _checked(message: Any) -> Message:
    if not isinstance(message, dict) or message.get("role") not in ROLES:
        raise SettingsError(f"a message needs a role out of {', '.join(ROLES)}")
    if message["role"] == "tool" and not isinstance(message.get("tool_call_id"), str):
        raise SettingsError("a tool message needs the tool_call_id of its call")
    for call in message.get("tool_calls") or ():
        function = call.get("function") if isinstance(call, dict) else None
        if not isinstance(function, dict) or not isinstance(call.get("id"), str):
            raise SettingsError("a call in a message needs an id and a function")
    return dict(message)


def complete(messages: Sequence[Message]) -> list[Message]:
    """The messages, with results for calls that were left open before later messages."""
    whole: list[Message] = []
    for message in messages:
        if message["role"] != "tool":
            for call in unanswered(whole):
                whole.append(_closing(call))
        whole.append(message)
    return whole


def _closing(call: ToolCall) -> Message:
    return {
        "role": "tool",
        "tool_call_id": call.id,
        "name": call.name,
        "content": LEFT_OPEN,
    }


def unanswered(messages: Sequence[Message]) -> list[ToolCall]:
    """Calls of the last answer that have no result yet, in order."""
    results: Counter[str] = Counter()
    for message in reversed(messages):
        if message["role"] == "tool":
            results[message["tool_call_id"]] += 1
            continue
        calls = message.get("tool_calls") or ()
        open_calls = []
        for call in calls:
            if results[call["id"]]:
                results[call["id"]] -= 1
                continue
            function = call["function"]
            name, arguments = function.get("name") or "", function.get("arguments")
            open_calls.append(ToolCall(call["id"], name, arguments))
        return open_calls
    return []
