"""Messages given to a run: checked, copied, and made whole.

A conversation may be resumed after an approval or a crash, so its end may hold calls
without results; calls left open further up are closed. Here, too: what is said of an answer
that calls no tool and should.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..ai.answers import calls_in_text
from ..basics.text import clip
from ..errors import SettingsError
from ..records.exchange import Answer, Message, Question, ToolCall

logger = logging.getLogger("toolbind.run")

ROLES = ("system", "developer", "user", "assistant", "tool")
NO_CALL = "(a call that could not be read)"
UNREADABLE_CALL = (
    "Your call could not be read: {why}. Call one of these tools, with its arguments as one JSON "
    "object: {names}. Or answer in words."
)
_NAMED = 40
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


def unreadable(error: Any, offered: Iterable[str]) -> list[Message]:
    """What the conversation says of a call that the model's server could not read."""
    partial = getattr(error, "partial", None)
    said = partial.text if partial is not None else ""
    names = sorted(offered)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return [
        {"role": "assistant", "content": said or NO_CALL},
        {
            "role": "user",
            "content": UNREADABLE_CALL.format(
                why=clip(str(getattr(error, "message", error)), 300),
                names=", ".join(names[:_NAMED]) + more,
            ),
        },
    ]


def written(answer: Answer, question: Question) -> tuple[str, ...]:
    """The offered tools that an answer calls in its text only, which is said in the log."""
    if answer.calls:
        return ()
    calls = calls_in_text(answer.text, question.offered, loose=False)
    names = tuple(call.name for call in calls)
    if names:
        logger.warning(
            "the answer's text is a call of %s, which was not run: "
            "text_calls=True runs such calls",
            ", ".join(names),
        )
    return names


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
