"""Writes a Question as the body of a request: chat, native and Responses form.

Contract section 3. Bodies are plain JSON objects, keys in a fixed order and tools as they
stand, so that equal prefixes are equal bytes and the service can cache them. Pure.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from ..contract import Tool
from ..errors import SettingsError
from ..records.exchange import Message, Question
from .answers import short_id
from .model import Habits, Model

logger = logging.getLogger("toolbind.ai")

Form = Literal["chat", "native", "responses"]
Body = dict[str, Any]

_LIMITS = frozenset({"max_tokens", "max_completion_tokens", "max_output_tokens"})
_NOT_IN_NAMES = re.compile(r"[^a-zA-Z0-9_-]+")


def form_of(model: Model) -> Form:
    """The form to use at `/ai/run` when the caller names none."""
    return "native" if (model.family or "").startswith("native") else "chat"


def write_body(
    question: Question, model: Model, form: Form, *, cloudflare: bool = True
) -> Body:
    """The body, without the model's name. The caller's own `fields` win.

    `cloudflare` says whether it goes to Cloudflare, or to a server that only speaks OpenAI.
    Raises SettingsError for what a model of Cloudflare's is known not to take.
    """
    if cloudflare:
        _require_taken(question, model)
    else:
        question = _required(question)
    body = _WRITERS[form](question, model)
    if form != "responses":
        limit = body.pop("max_tokens")
        body[model.limit_key if cloudflare else "max_tokens"] = limit
        native = model.habits if form == "native" else None
        ids = native.ids if native else model.habits.chat_ids
        keeps = (
            cloudflare and model.is_cloudflares and not (native and not native.reasons)
        )
        body["messages"] = [
            _chat_message(message, native, keeps, ids)
            for message in _with_turns(question.messages, model.habits)
        ]
    if not _LIMITS.isdisjoint(question.fields):
        body = {key: value for key, value in body.items() if key not in _LIMITS}
    return {**body, **question.fields}


def _required(question: Question) -> Question:
    """A named tool as other servers take it: that tool alone, and `required`."""
    named = [tool for tool in question.tools if tool["name"] == question.tool_choice]
    if not named:
        return question
    return replace(question, tools=tuple(named), tool_choice="required")


def _require_taken(question: Question, model: Model) -> None:
    """Raise SettingsError for fields and pictures that the service would refuse (section 12)."""
    refused = sorted(model.habits.refused & question.fields.keys())
    if refused:
        raise SettingsError(f"{model.name} takes no {' and no '.join(refused)}")
    if model.is_cloudflares and any(map(_links, question.messages)):
        raise SettingsError(
            f"{model.name} takes pictures as data: URLs only, not as links: "
            "send the picture itself"
        )


def _links(message: Message) -> bool:
    """Whether a message shows a picture by a link."""
    content = message.get("content")
    parts = content if isinstance(content, list) else []
    images = [part.get("image_url") for part in parts if isinstance(part, Mapping)]
    urls = [
        image.get("url") if isinstance(image, Mapping) else image for image in images
    ]
    return any(isinstance(url, str) and not url.startswith("data:") for url in urls)


def dump(body: Any) -> bytes:
    """The bytes of a body. Half surrogate pairs, which UTF-8 cannot carry, become `?`."""
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


# --- chat and native -------------------------------------------------------------------


def _write_chat(question: Question, model: Model) -> Body:
    habits = model.habits
    body: Body = {"messages": []}
    if question.tools and _sends_tools(question, habits):
        body["tools"] = [_nested(tool) for tool in question.tools]
        choice = _chat_choice(question, habits)
        if choice is not None:
            body["tool_choice"] = choice
    body["max_tokens"] = model.token_limit(question.max_tokens)
    return body | model.reasoning(question.reasoning)


def _sends_tools(question: Question, habits: Habits) -> bool:
    """Where `none` cannot be said, leaving the tools out says it."""
    return question.tool_choice != "none" or "none" in habits.choices


def _chat_choice(question: Question, habits: Habits) -> str | dict[str, Any] | None:
    """`tool_choice` in chat form; None where the default or the family says the rest."""
    choice = question.tool_choice
    if choice == "auto":
        return None
    kind = choice if choice in ("none", "required") else "named"
    if kind not in habits.choices:
        alone = kind == "required" and len(question.tools) == 1
        if not (alone and "named" in habits.choices):
            logger.warning("this model takes no tool_choice %s: it is left out", kind)
            return None
        choice, kind = question.tools[0]["name"], "named"
    if kind == "named":
        return {"type": "function", "function": {"name": choice}}
    return choice


def _with_turns(messages: Sequence[Message], habits: Habits) -> Iterator[Message]:
    """The messages, with an empty turn of the assistant where a family wants one between a
    result and a user's turn."""
    before = ""
    for message in messages:
        role = message.get("role", "")
        if habits.turn_after_results and (before, role) == ("tool", "user"):
            yield {"role": "assistant", "content": ""}
        yield message
        before = role


def _nested(tool: Tool) -> dict[str, Any]:
    return {
        "type": "function",
        "function": {
            "name": tool["name"],
            "description": tool["description"],
            "parameters": tool["parameters"],
        },
    }


def _chat_message(
    message: Message,
    native: Habits | None,
    keep_reasoning: bool,
    ids: re.Pattern[str] | None,
) -> Message:
    """One message for chat or native form: content is never null (section 0.6).

    `native` is set for natives: there `developer` is unknown. `ids` is what ids have to fit, if
    anything. Reasoning goes back as `reasoning_content` to models that take it back (section 12).
    """
    kept = {key: value for key, value in message.items() if key != "output"}
    if kept.get("content") is None:
        kept["content"] = ""
    reasoning = kept.pop("reasoning", None)
    if reasoning and keep_reasoning:
        kept["reasoning_content"] = reasoning
    if native and kept.get("role") == "developer":
        kept["role"] = "system"
    fit = _fitting(ids) if ids else str
    if "tool_call_id" in kept:
        kept["tool_call_id"] = fit(kept["tool_call_id"])
    calls = kept.pop("tool_calls", None)
    if calls:
        kept["tool_calls"] = [_call_back(call, fit) for call in calls]
    return kept


def _call_back(call: dict[str, Any], fit: Callable[[str], str]) -> dict[str, Any]:
    function = call["function"]
    return {
        "id": fit(call["id"]),
        "type": "function",
        "function": {
            "name": _fit_name(function["name"]),
            "arguments": function["arguments"],
        },
    }


def _fitting(ids: re.Pattern[str]) -> Callable[[str], str]:
    """Ids that fit a family's pattern stay; others get a fixed stand-in."""
    return lambda call_id: call_id if ids.search(call_id) else short_id(call_id)


def _fit_name(name: str) -> str:
    """The name of a call as services take it back; offered names never change here."""
    return _NOT_IN_NAMES.sub("_", name)[:64] or "unnamed"


# --- Responses -------------------------------------------------------------------------


def _write_responses(question: Question, model: Model) -> Body:
    messages = list(question.messages)
    body: Body = {}
    if messages and messages[0].get("role") in ("system", "developer"):
        body["instructions"] = _plain(messages.pop(0).get("content"))
    body["input"] = [item for message in messages for item in _items(message)]
    if question.tools:
        body["tools"] = [_flat(tool) for tool in question.tools]
        choice = _responses_choice(question)
        if choice is not None:
            body["tool_choice"] = choice
    body["max_output_tokens"] = model.token_limit(question.max_tokens)
    effort = model.reasoning(question.reasoning).get("reasoning_effort")
    if effort is not None:
        body["reasoning"] = {"effort": effort}
    return body


def _flat(tool: Tool) -> dict[str, Any]:
    """`parameters` and `strict` are required keys here (section 3)."""
    return {
        "type": "function",
        "name": tool["name"],
        "description": tool["description"],
        "parameters": tool["parameters"],
        "strict": False,
    }


def _responses_choice(question: Question) -> str | dict[str, Any] | None:
    """Only `none` and one named tool are typed; `required` can name a single tool."""
    choice = question.tool_choice
    if choice in ("auto", "none"):
        return None if choice == "auto" else "none"
    if choice == "required":
        if len(question.tools) != 1:
            return None
        choice = question.tools[0]["name"]
    return {"type": "function", "name": choice}


def _items(message: Message) -> list[dict[str, Any]]:
    """A message as input items. What came as items goes back as items, in order."""
    role, content = message.get("role"), message.get("content")
    if role == "tool":
        call_id = message["tool_call_id"]
        output = _plain(content)
        return [{"type": "function_call_output", "call_id": call_id, "output": output}]
    if role != "assistant":
        return [{"role": role, "content": _parts(content)}]
    if message.get("output"):
        return [_item_back(item) for item in message["output"]]
    items: list[dict[str, Any]] = []
    if content:
        items.append({"role": "assistant", "content": _plain(content)})
    for call in message.get("tool_calls") or ():
        function = call["function"]
        items.append(
            {
                "type": "function_call",
                "call_id": call["id"],
                "name": _fit_name(function["name"]),
                "arguments": function["arguments"],
                "status": "completed",
            }
        )
    return items


def _item_back(item: dict[str, Any]) -> dict[str, Any]:
    if item.get("type") != "function_call":
        return item
    return {**item, "name": _fit_name(item["name"])}


def _parts(content: Any) -> Any:
    """Content of a user's message: text, or chat's parts as Responses' parts."""
    if not isinstance(content, list):
        return content if content is not None else ""
    return [_part(part) for part in content]


def _part(part: dict[str, Any]) -> dict[str, Any]:
    if part.get("type") == "text":
        return {"type": "input_text", "text": part.get("text", "")}
    image = part.get("image_url")
    if part.get("type") == "image_url" and isinstance(image, dict):
        return {"type": "input_image", "detail": "auto", "image_url": image.get("url")}
    return part


def _plain(content: Any) -> str:
    if isinstance(content, list):
        return "".join(part.get("text") or "" for part in content)
    return content if isinstance(content, str) else ""


_WRITERS: Mapping[Form, Callable[[Question, Model], Body]] = {
    "chat": _write_chat,
    "native": _write_chat,
    "responses": _write_responses,
}
