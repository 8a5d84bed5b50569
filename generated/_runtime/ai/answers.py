"""Reads every shape in which Workers AI answers (contract section 4) into one Answer.

What is there decides, not the model's name: a native result, a chat completion, a
Responses object, a bare string, each with or without the REST envelope. Pure. "Contract",
here and in the modules beside, is a page of notes on the service's wire in toolbind's sources.

Calls that a model wrote as text are read under the one narrow rule of contract section 4.7:
only in an answer to a forced tool (or where the caller asks for it with `text_calls`), without
any structured call, whose whole text is JSON, or JSON in a code fence, and names offered tools.
Anything wider would run tools that an answer merely quotes.
"""

from __future__ import annotations

import hashlib
import json
import re
import string
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from ..basics.json_values import json_type, read_json
from ..errors import UnreadableAnswerError
from ..records.exchange import Answer, Finish, Question, ToolCall, Usage
from .errors import service_error

FINISHES: Mapping[str, Finish] = {
    "stop": "stop",
    "length": "length",
    "model_length": "length",
    "max_output_tokens": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
    "error": "error",
    "completed": "stop",
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "tool_use": "tool_calls",
    "refusal": "content_filter",
}
"""Finish reasons as services spell them; anything else is `unknown`."""

_ALPHABET = string.digits + string.ascii_letters


def read_answer(body: Any, question: Question, *, status: int = 200) -> Answer:
    """The answer in a decoded JSON body.

    Raises ServiceError where the body says that it failed (also with status 200), and
    UnreadableAnswerError where it is no answer.
    """
    result = _unwrap(body, status)
    if isinstance(result, str):
        answer = Answer(text=result)
    elif isinstance(result, dict):
        reader = _reader(result)
        if reader is None:
            raise UnreadableAnswerError(_no_answer(result))
        answer = reader(result)
    else:
        kind = "empty" if result is None else f"a JSON {json_type(result)}, no object"
        raise UnreadableAnswerError(f"the model's answer is {kind}")
    return settle(answer, question)


def settle(answer: Answer, question: Question) -> Answer:
    """The last step for whole and streamed answers: calls hidden in text, and ids."""
    if not answer.calls and question.reads_text:
        found = calls_in_text(answer.text, question.offered, loose=question.forced)
        if found:
            output = _with_calls(answer.output, len(found))
            answer = replace(answer, calls=found, text="", output=output)
    if answer.calls:
        answer = replace(answer, calls=_with_ids(answer.calls, len(question.messages)))
    return answer


def _with_calls(
    output: tuple[Mapping[str, Any], ...], count: int
) -> tuple[Mapping[str, Any], ...]:
    """Responses items in which calls stand in place of the text that they were."""
    if not output:
        return ()
    kept = [item for item in output if item.get("type") == "reasoning"]
    return (*kept, *({"type": "function_call", "status": "completed"},) * count)


# --- envelopes and errors (section 6) --------------------------------------------------


def _unwrap(body: Any, status: int) -> Any:
    """The result without its envelope. A Responses object has `error: null` itself."""
    if not isinstance(body, dict):
        return body
    if body.get("error") and "output" not in body:
        raise service_error(status, body)
    if "success" in body and ("result" in body or "errors" in body):
        if body["success"] is False:
            raise service_error(status, body)
        return body.get("result")
    if "internalCode" in body:
        raise service_error(status, body)
    return body


def _no_answer(result: dict[str, Any]) -> str:
    if "request_id" in result:
        return "the request was put in a queue; tool loops cannot wait for a batch"
    shown = ", ".join(sorted(str(key)[:40] for key in result)[:8]) or "nothing"
    return f"the model's answer has no known shape; it holds {shown}"


# --- the shapes ------------------------------------------------------------------------

Reader = Callable[[dict[str, Any]], Answer]


def _reader(result: dict[str, Any]) -> Reader | None:
    if isinstance(result.get("choices"), list):
        return _read_chat
    if isinstance(result.get("output"), list):
        return _read_responses
    if result.get("object") == "response" and result.get("error"):
        return _read_responses
    if "response" in result or "tool_calls" in result:
        return _read_native
    return None


def _read_native(result: dict[str, Any]) -> Answer:
    """Shapes 1 to 4 and 8: `{response, tool_calls, usage}`."""
    return Answer(
        text=read_text(result.get("response")),
        calls=read_calls(result.get("tool_calls")),
        reasoning=read_reasoning(result),
        usage=read_usage(result.get("usage")),
        finish=read_finish(result.get("finish_reason")),
    )


def _read_chat(result: dict[str, Any]) -> Answer:
    """Shape 5, and the text completion that natives may give: `choices[0]`."""
    choices = [choice for choice in result["choices"] if isinstance(choice, dict)]
    if not choices:
        raise UnreadableAnswerError("the model's answer holds no choices")
    choice = choices[0]
    message = choice.get("message")
    if not isinstance(message, dict):
        message = {"content": choice.get("text")}
    calls = read_calls(message.get("tool_calls"))
    if not calls and isinstance(message.get("function_call"), dict):
        calls = read_calls([message["function_call"]])
    return Answer(
        text=read_text(message.get("content")) or read_text(message.get("refusal")),
        calls=calls,
        reasoning=read_reasoning(message),
        usage=read_usage(result.get("usage")),
        finish=read_finish(choice.get("finish_reason")),
        model=read_model(result.get("model")),
    )


def _read_responses(result: dict[str, Any]) -> Answer:
    """Shape 6: `output[]` of messages, reasoning and function calls."""
    if result.get("status") == "failed" or result.get("error"):
        raise service_error(0, result)
    items = [i for i in result.get("output") or () if isinstance(i, dict)]
    texts = [
        read_text(i.get("content"))
        for i in items
        if i.get("type", "message") == "message"
    ]
    incomplete = result.get("incomplete_details")
    why = incomplete.get("reason") if isinstance(incomplete, dict) else None
    return Answer(
        text="".join(texts) or read_text(result.get("output_text")),
        calls=read_calls([i for i in items if i.get("type") == "function_call"]),
        reasoning="".join(
            read_text(i.get("content")) or read_text(i.get("summary"))
            for i in items
            if i.get("type") == "reasoning"
        ),
        usage=read_usage(result.get("usage")),
        finish=read_finish(why or result.get("status")),
        model=read_model(result.get("model")),
        output=tuple(items),
    )


# --- parts -----------------------------------------------------------------------------


def read_text(value: Any) -> str:
    """Text of `content` or `response`: a string, parts, an object of JSON mode, null."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(part, dict) for part in value):
        pieces = [part.get("text") or part.get("refusal") for part in value]
        return "".join(piece for piece in pieces if isinstance(piece, str))
    return json.dumps(value, ensure_ascii=False)


def read_reasoning(source: Mapping[str, Any]) -> str:
    """`reasoning_content`, or `reasoning` as newer models spell it."""
    for key in ("reasoning_content", "reasoning"):
        value = source.get(key)
        if isinstance(value, str) and value:
            return value
    return ""


def read_finish(value: Any) -> Finish:
    return FINISHES.get(value, "unknown") if isinstance(value, str) else "unknown"


def read_name(value: Any) -> str:
    return value if isinstance(value, str) else ""


def read_model(value: Any) -> str:
    """A model's name as it was asked for: Google's answer with a word more (section 12)."""
    return read_name(value).removesuffix("-external")


def read_usage(value: Any) -> Usage:
    """Token counts under the names of either form; what is missing counts as zero."""
    if not isinstance(value, dict):
        return Usage()
    into = _count(value, "prompt_tokens", "input_tokens")
    out = _count(value, "completion_tokens", "output_tokens")
    return Usage(
        prompt_tokens=into,
        completion_tokens=out,
        total_tokens=_count(value, "total_tokens") or into + out,
        cached_tokens=_detail(value, "cached_tokens"),
        reasoning_tokens=_detail(value, "reasoning_tokens"),
    )


def _count(source: Mapping[str, Any], *names: str) -> int:
    for name in names:
        value = source.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            return int(min(value, 1e15))
    return 0


def _detail(usage: Mapping[str, Any], name: str) -> int:
    inner = [value for value in usage.values() if isinstance(value, dict)]
    return max((_count(part, name) for part in inner), default=0)


def read_calls(value: Any) -> tuple[ToolCall, ...]:
    """Calls flat or nested, arguments as object or text; empty entries are dropped."""
    if not isinstance(value, Iterable) or isinstance(value, str | dict):
        return ()
    return tuple(call for entry in value if (call := _read_call(entry)) is not None)


def _read_call(entry: Any) -> ToolCall | None:
    if not isinstance(entry, dict):
        return None
    inner = entry.get("function")
    source = inner if isinstance(inner, dict) else entry
    name = source.get("name")
    arguments = source.get("arguments", source.get("parameters"))
    given = entry.get("call_id") or entry.get("id")
    if not is_call(name, arguments):
        return None
    name = read_name(name)
    call_id = str(given) if isinstance(given, str | int) else ""
    return ToolCall(call_id, name, arguments)


def is_call(name: object, arguments: object) -> bool:
    """Whether an entry is a call, which must be answered, and not an empty one."""
    return bool(name or arguments)


# --- ids (sections 0.7 and 5) ----------------------------------------------------------


def _with_ids(calls: tuple[ToolCall, ...], turn: int) -> tuple[ToolCall, ...]:
    """Ids as given; new ones where none was given or one came twice in this answer."""
    seen: set[str] = set()
    settled = []
    for index, call in enumerate(calls):
        if not call.id or call.id in seen:
            call = replace(call, id=short_id(f"{turn}:{index}:{call.name}"))
        seen.add(call.id)
        settled.append(call)
    return tuple(settled)


def short_id(seed: str) -> str:
    """Nine letters or digits that stand for `seed`: the narrowest pattern of all."""
    number = int.from_bytes(hashlib.sha256(seed.encode("utf-8", "replace")).digest())
    letters = []
    for _ in range(9):
        number, rest = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[rest])
    return "".join(letters)


_WRAPPERS = ("arguments", "parameters")


_WRAPPED = re.compile(
    r"\s*(?:```[a-z_]*\s(?P<fenced>.*)```|<tool_call>(?P<tagged>.*)</tool_call>)\s*",
    re.DOTALL,
)
"""What models put around a call: a code fence, or the tags of their own templates."""


def calls_in_text(
    text: str, offered: AbstractSet[str], *, loose: bool = True
) -> tuple[ToolCall, ...]:
    """The calls that `text` is, or none. Every entry must name an offered tool.

    `loose`: the arguments may stand beside the name.
    """
    around = _WRAPPED.fullmatch(text)
    if around is not None:
        text = around["fenced"] or around["tagged"] or ""
    try:
        value = read_json(text)
    except ValueError:
        return ()
    entries = value if isinstance(value, list) else [value]
    calls = [_call(entry, offered, loose) for entry in entries]
    if not calls or any(call is None for call in calls):
        return ()
    return tuple(call for call in calls if call is not None)


def _call(entry: Any, offered: AbstractSet[str], loose: bool) -> ToolCall | None:
    """`{"name", "arguments" | "parameters"}`, or the arguments loose beside the name."""
    if not isinstance(entry, dict):
        return None
    name = entry.get("name")
    if not isinstance(name, str) or name not in offered:
        return None
    for key in _WRAPPERS:
        if key in entry and set(entry) <= {"name", "type", "id", key}:
            return ToolCall("", name, entry[key])
    beside = {key: value for key, value in entry.items() if key != "name"}
    return ToolCall("", name, beside) if loose else None
