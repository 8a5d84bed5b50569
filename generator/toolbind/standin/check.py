"""Is a request one that Workers AI takes? Strictly by contract section 3, from scratch.

Shares nothing with the client that it judges. Every complaint is one line that says where.
Pure. Imports `families`, `quirks`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from toolbind.standin import quirks
from toolbind.standin.families import FAMILIES, FUNCTION_CALLING

Form = Literal["chat", "native", "responses"]
Body = Mapping[str, Any]
Complaints = Iterator[str]

NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
NINE = re.compile(r"[a-zA-Z0-9]{9}")
TEXT_ROLES = ("developer", "system", "user")
NINE_MODELS = ("llama-4", "mistral-small", "qwq", "gemma-3")


def form_of(model: str, surface: str, body: Body) -> Form:
    """The form that a request must have."""
    family = FAMILIES.get(model, "chat")
    if surface == "responses":
        return "responses"
    if surface == "run" and "responses" in family and "input" in body:
        return "responses"
    return "native" if surface == "run" and family.startswith("native") else "chat"


def complaints(model: str, surface: str, body: Any) -> list[str]:
    """Everything that is wrong with a request; nothing if it is right."""
    if not isinstance(body, dict):
        return ["the body is no JSON object"]
    found: list[str] = []
    if surface != "run" and not isinstance(body.get("model"), str):
        found.append("model: missing on /ai/v1")
    if body.get("tools") and model in FAMILIES and model not in FUNCTION_CALLING:
        found.append("tools: this model does not call functions")
    if "options" in body:
        found += _options(body["options"])
    form = form_of(model, surface, body)
    found += _CHECKS[form](model, body)
    found += quirks.complaints(model, body)
    return found


def _options(options: Any) -> Complaints:
    if not isinstance(options, dict) or not isinstance(options.get("rejectIfBusy"), bool):
        yield "options: only {rejectIfBusy: boolean} is known"


# --- chat and native ---------------------------------------------------------------------------


def _check_chat(_model: str, body: Body) -> Complaints:
    yield from _one_input(body)
    yield from _messages(body.get("messages"), native=False, nine=False)
    yield from _tools(body, _chat_tool)
    yield from _choice(body)
    limits = [body.get(k) for k in ("max_tokens", "max_completion_tokens")]
    yield from _limit([v for v in limits if v is not None])
    yield from _range(body, "temperature", 0, 2)
    if "parallel_tool_calls" in body and not isinstance(body["parallel_tool_calls"], bool):
        yield "parallel_tool_calls: not a boolean"
    effort = body.get("reasoning_effort")
    if effort is not None and not isinstance(effort, str):
        yield "reasoning_effort: not a string"


def _check_native(model: str, body: Body) -> Complaints:
    yield from _one_input(body)
    nine = any(name in model for name in NINE_MODELS)
    yield from _messages(body.get("messages"), native=True, nine=nine)
    yield from _tools(body, _native_tool)
    yield from _choice(body)
    yield from _limit([body["max_tokens"]] if "max_tokens" in body else [])
    yield from _range(body, "temperature", 0, 5)
    yield from _range(body, "top_k", 1, 50)
    yield from _range(body, "seed", 1, 9_999_999_999)


def _one_input(body: Body) -> Complaints:
    given = [key for key in ("messages", "prompt", "input") if key in body]
    if len(given) != 1:
        yield f"exactly one of messages, prompt, input: got {given or 'none'}"
    stream = body.get("stream")
    if stream is not None and not isinstance(stream, bool):
        yield "stream: not a boolean"


def _limit(given: list[Any]) -> Complaints:
    for value in given:
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            yield f"token limit: not a positive integer: {value!r}"


def _range(body: Body, key: str, low: float, high: float) -> Complaints:
    value = body.get(key)
    if value is None:
        return
    if not isinstance(value, int | float) or not low <= value <= high:
        yield f"{key}: not a number from {low} to {high}"


def _messages(messages: Any, *, native: bool, nine: bool) -> Complaints:
    if messages is None:
        return
    if not isinstance(messages, list) or not messages:
        yield "messages: not a list with entries"
        return
    waiting: list[str] = []
    for index, message in enumerate(messages):
        where = f"messages[{index}]"
        if not isinstance(message, dict):
            yield f"{where}: not an object"
            continue
        role = message.get("role")
        if role == "tool":
            yield from _result(where, message, waiting, nine=nine)
            continue
        if waiting:
            yield f"{where}: calls {waiting} have no result before it"
            waiting = []
        if role == "assistant":
            yield from _assistant(where, message, native=native)
            waiting = [c.get("id", "") for c in _call_list(message) if isinstance(c, dict)]
        elif role in TEXT_ROLES and not (native and role == "developer"):
            yield from _content(where, message.get("content"))
        else:
            yield f"{where}.role: unknown {role!r}"
    if waiting:
        yield f"messages: calls {waiting} have no result at the end"


def _content(where: str, content: Any) -> Complaints:
    if isinstance(content, str):
        return
    if not isinstance(content, list) or not content:
        yield f"{where}.content: neither text nor parts"
        return
    for part in content:
        if not isinstance(part, dict) or not isinstance(part.get("type"), str):
            yield f"{where}.content: a part without a type"
        elif part["type"] == "text" and not isinstance(part.get("text"), str):
            yield f"{where}.content: a text part without text"


def _call_list(message: Body) -> list[Any]:
    listed = message.get("tool_calls")
    return listed if isinstance(listed, list) else []


def _assistant(where: str, message: Body, *, native: bool) -> Complaints:
    content = message.get("content")
    if native and not isinstance(content, str):
        yield f"{where}.content: natives refuse null (section 0.6)"
    if content is not None and not isinstance(content, str | list):
        yield f"{where}.content: not a string"
    if "tool_calls" in message and not _call_list(message):
        yield f"{where}.tool_calls: not a list with entries"
    if "output" in message:
        yield f"{where}: a key that no type names"
    if "reasoning" in message:
        yield f"{where}.reasoning: goes back as reasoning_content (section 12)"
    if not isinstance(message.get("reasoning_content", ""), str):
        yield f"{where}.reasoning_content: not a string"
    for index, call in enumerate(_call_list(message)):
        yield from _call(f"{where}.tool_calls[{index}]", call)


def _call(where: str, call: Any) -> Complaints:
    if not isinstance(call, dict) or call.get("type") != "function":
        yield f"{where}: not a call of type function"
        return
    if not isinstance(call.get("id"), str) or not call["id"]:
        yield f"{where}.id: missing"
    function = call.get("function")
    if not isinstance(function, dict):
        yield f"{where}.function: missing"
        return
    yield from _name(f"{where}.function", function.get("name"))
    yield from _arguments(f"{where}.function", function.get("arguments"))


def _name(where: str, name: Any) -> Complaints:
    if not isinstance(name, str) or not NAME.fullmatch(name):
        yield f"{where}.name: not [a-zA-Z0-9_-]{{1,64}}"


def _arguments(where: str, arguments: Any) -> Complaints:
    if not isinstance(arguments, str):
        yield f"{where}.arguments: not a string"
        return
    try:
        value = json.loads(arguments)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        yield f"{where}.arguments: not a JSON object in a string"


def _result(where: str, message: Body, waiting: list[str], *, nine: bool) -> Complaints:
    """A tool's result: answers the next open call, in order."""
    yield from _content(where, message.get("content"))
    call_id = message.get("tool_call_id")
    if not isinstance(call_id, str) or not call_id:
        yield f"{where}.tool_call_id: missing"
        return
    if nine and not NINE.search(call_id):
        yield f"{where}.tool_call_id: not nine letters or digits"
    if not waiting:
        yield f"{where}: a result without a call"
    elif call_id != waiting.pop(0):
        yield f"{where}.tool_call_id: not the next open call"


# --- tools -------------------------------------------------------------------------------------


def _tools(body: Body, check: Callable[[str, Any], Complaints]) -> Complaints:
    tools = body.get("tools")
    if tools is None:
        return
    if not isinstance(tools, list) or not tools:
        yield "tools: not a list with entries"
        return
    names: list[Any] = []
    for index, tool in enumerate(tools):
        yield from check(f"tools[{index}]", tool)
        names.append(_tool_name(tool))
    if len(set(map(str, names))) != len(names):
        yield "tools: two have the same name"


def _tool_name(tool: Any) -> Any:
    inner = tool.get("function") if isinstance(tool, dict) else None
    source = inner if isinstance(inner, dict) else tool
    return source.get("name") if isinstance(source, dict) else None


def _chat_tool(where: str, tool: Any) -> Complaints:
    """Nested only; a description must be text (8001 otherwise), parameters an object."""
    inner = tool.get("function") if isinstance(tool, dict) else None
    if not isinstance(inner, dict) or tool.get("type") != "function":
        yield f"{where}: not {{type: function, function: {{...}}}}"
        return
    yield from _name(where, inner.get("name"))
    if "description" in inner and not isinstance(inner["description"], str):
        yield f"{where}.description: not a string"
    parameters = inner.get("parameters", {})
    if not isinstance(parameters, dict) or parameters.get("type", "object") != "object":
        yield f"{where}.parameters: not a schema of type object"
    yield from _references(f"{where}.parameters", parameters)


def _native_tool(where: str, tool: Any) -> Complaints:
    """Flat or nested; each parameter has one type and a description (section 0.5)."""
    inner = tool.get("function", tool) if isinstance(tool, dict) else None
    if not isinstance(inner, dict):
        yield f"{where}: not an object"
        return
    yield from _name(where, inner.get("name"))
    if not isinstance(inner.get("description"), str):
        yield f"{where}.description: missing"
    parameters = inner.get("parameters")
    properties = parameters.get("properties") if isinstance(parameters, dict) else None
    if not isinstance(parameters, dict) or not isinstance(properties, dict):
        yield f"{where}.parameters: needs type and properties"
        return
    if not isinstance(parameters.get("type"), str):
        yield f"{where}.parameters.type: missing"
    for name, schema in properties.items():
        for key in ("type", "description"):
            if not isinstance(schema, dict) or not isinstance(schema.get(key), str):
                yield f"{where}.parameters.{name}.{key}: not one string"
    yield from _references(f"{where}.parameters", parameters)


def _references(where: str, value: Any) -> Complaints:
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            if isinstance(item.get("$ref"), str):
                yield f"{where}: holds a $ref"
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)


def _choice(body: Body) -> Complaints:
    if "tool_choice" not in body:
        return
    choice = body["tool_choice"]
    offered = [_tool_name(tool) for tool in body.get("tools") or ()]
    if not offered:
        yield "tool_choice: without tools"
    if isinstance(choice, str):
        if choice not in ("none", "auto", "required"):
            yield f"tool_choice: unknown {choice!r}"
        return
    inner = choice.get("function") if isinstance(choice, dict) else None
    if not isinstance(inner, dict) or choice.get("type") != "function":
        yield "tool_choice: not {type: function, function: {name}}"
    elif inner.get("name") not in offered:
        yield "tool_choice: names a tool that is not offered"


# --- Responses ---------------------------------------------------------------------------------


def _check_responses(_model: str, body: Body) -> Complaints:
    yield from _one_input(body)
    yield from _limit([body["max_output_tokens"]] if "max_output_tokens" in body else [])
    instructions = body.get("instructions")
    if instructions is not None and not isinstance(instructions, str):
        yield "instructions: not a string"
    yield from _tools(body, _responses_tool)
    choice = body.get("tool_choice")
    if isinstance(choice, dict):
        offered = [_tool_name(tool) for tool in body.get("tools") or ()]
        if choice.get("type") != "function" or choice.get("name") not in offered:
            yield "tool_choice: not {type: function, name} of an offered tool"
    elif choice not in (None, "none"):
        yield "tool_choice: only none or one function is typed (section 3)"
    reasoning = body.get("reasoning")
    if reasoning is not None and not isinstance(reasoning, dict):
        yield "reasoning: not an object"
    yield from _input(body.get("input"))


def _responses_tool(where: str, tool: Any) -> Complaints:
    if not isinstance(tool, dict) or tool.get("type") != "function":
        yield f"{where}: not of type function"
        return
    yield from _name(where, tool.get("name"))
    for key in ("parameters", "strict"):
        if key not in tool:
            yield f"{where}.{key}: required here"
    yield from _references(f"{where}.parameters", tool.get("parameters"))


def _input(given: Any) -> Complaints:
    if isinstance(given, str):
        return
    if not isinstance(given, list) or not given:
        yield "input: neither text nor items"
        return
    waiting: list[str] = []
    for index, item in enumerate(given):
        where = f"input[{index}]"
        if not isinstance(item, dict):
            yield f"{where}: not an object"
        elif item.get("type") == "function_call":
            yield from _name(where, item.get("name"))
            yield from _arguments(where, item.get("arguments"))
            waiting.append(item.get("call_id", ""))
        elif item.get("type") == "function_call_output":
            if not isinstance(item.get("output"), str | list):
                yield f"{where}.output: not a string"
            if not waiting or item.get("call_id") != waiting.pop(0):
                yield f"{where}.call_id: not the next open call"
        elif item.get("type") == "reasoning":
            if not isinstance(item.get("id"), str) or "summary" not in item:
                yield f"{where}: reasoning needs id and summary"
        else:
            if waiting:
                yield f"{where}: calls {waiting} have no result before it"
                waiting = []
            if item.get("role") not in (*TEXT_ROLES, "assistant"):
                yield f"{where}.role: unknown {item.get('role')!r}"
            yield from _content(where, item.get("content"))
    if waiting:
        yield f"input: calls {waiting} have no result at the end"


_CHECKS: Mapping[Form, Callable[[str, Body], Complaints]] = {
    "chat": _check_chat,
    "native": _check_native,
    "responses": _check_responses,
}
