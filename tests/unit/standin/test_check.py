"""The stand-in's judgement of requests (contract section 3): every breach is found and said.

The recorded requests of tests/fixtures/wire are right; each breach is made from one of them.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from toolbind.standin.check import complaints, form_of
from toolbind.standin.quirks import warnings

WIRE = Path(__file__).parents[2] / "fixtures" / "wire"
GLM = "@cf/zai-org/glm-4.7-flash"
LLAMA = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
SCOUT = "@cf/meta/llama-4-scout-17b-16e-instruct"
MISTRAL = "@cf/mistralai/mistral-small-3.1-24b-instruct"
OSS = "@cf/openai/gpt-oss-120b"

RECORDED = [
    (path.stem, case)
    for path in sorted(WIRE.glob("*.json"))
    for case in json.loads(path.read_text("utf-8"))["cases"]
    if "messages" in case.get("request", {}) or "input" in case.get("request", {})
]
OLDER = "second turn, older form: the call as JSON text, the result by name"
LIMITS = ("max_tokens", "max_completion_tokens", "max_output_tokens")


@pytest.mark.parametrize(
    ("file", "case"), RECORDED, ids=[f"{file}: {case['name']}" for file, case in RECORDED]
)
def test_recorded_requests_are_right_but_for_a_missing_limit(file: str, case: Any) -> None:
    """Some of the recorded requests leave the limit out, which the client must not."""
    found = complaints(case["model"], case.get("surface", "run"), case["request"])
    form = form_of(case["model"], case.get("surface", "run"), case["request"])
    unlimited = warnings(form, case["request"])
    assert bool(unlimited) == (not any(key in case["request"] for key in LIMITS))
    # one form that the client never sends: results by name alone
    older = ["messages[3].tool_call_id: missing"] if case["name"] == OLDER else []
    # and what was recorded before the corrections of section 12
    corrected = [each for each in found if each.endswith("(section 12)")]
    assert [each for each in found if each not in corrected] == older


TOOL = {
    "type": "function",
    "function": {
        "name": "get_pet",
        "description": "Read one pet",
        "parameters": {
            "type": "object",
            "properties": {"pet_id": {"type": "integer", "description": "Number"}},
            "required": ["pet_id"],
        },
    },
}
CALL = {"id": "a1b2c3d4e", "type": "function", "function": {"name": "get_pet", "arguments": "{}"}}
CHAT: dict[str, Any] = {
    "messages": [
        {"role": "system", "content": "Use the tools."},
        {"role": "user", "content": [{"type": "text", "text": "Is pet 7 sold?"}]},
        {"role": "assistant", "content": "", "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "a1b2c3d4e", "name": "get_pet", "content": "{}"},
    ],
    "tools": [TOOL],
    "max_tokens": 1024,
}
RESPONSES: dict[str, Any] = {
    "instructions": "Use the tools.",
    "input": [
        {"role": "user", "content": "Is pet 7 sold?"},
        {"type": "reasoning", "id": "r", "summary": []},
        {"type": "function_call", "call_id": "c", "name": "get_pet", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c", "output": "{}"},
    ],
    "tools": [{**TOOL["function"], "type": "function", "strict": False}],  # type: ignore[dict-item]
    "max_output_tokens": 1024,
}

Change = Callable[[dict[str, Any]], Any]


def put(*path: Any) -> Change:
    """A change: the last of `path` is put where the rest leads; `...` takes away."""
    *way, key, value = path

    def change(body: dict[str, Any]) -> None:
        place: Any = body
        for step in way:
            place = place[step]
        if value is ...:
            del place[key]
        elif isinstance(place, list) and key == len(place):
            place.append(value)
        else:
            place[key] = value

    return change


def test_the_unchanged_bodies_are_right() -> None:
    for model in (GLM, LLAMA, SCOUT, MISTRAL, OSS, "@cf/some/new"):
        assert complaints(model, "run", CHAT) == []
    assert complaints(OSS, "run", RESPONSES) == []
    assert complaints(OSS, "responses", {"model": OSS, **RESPONSES}) == []
    assert complaints(GLM, "chat", {"model": GLM, **CHAT}) == []


FUNCTION = ("tools", 0, "function")
BOTH: list[tuple[Change, str]] = [
    (put("max_tokens", 0), "not a positive integer"),
    (put("max_tokens", "9"), "not a positive integer"),
    (put("max_tokens", True), "not a positive integer"),
    (put("temperature", 9), "temperature: not a number"),
    (put("stream", "yes"), "stream: not a boolean"),
    (put("prompt", "hi"), "exactly one of"),
    (put("messages", ...), "exactly one of"),
    (put("messages", []), "not a list with entries"),
    (put("messages", 0, "x"), "messages[0]: not an object"),
    (put("messages", 0, "role", "robot"), "unknown 'robot'"),
    (put("messages", 0, "content", None), "messages[0].content"),
    (put("messages", 1, "content", []), "messages[1].content"),
    (put("messages", 1, "content", [{"text": "x"}]), "a part without a type"),
    (put("messages", 1, "content", [{"type": "text"}]), "a text part without text"),
    (put("messages", 2, "content", 7), "not a string"),
    (put("messages", 2, "tool_calls", []), "tool_calls: not a list with entries"),
    (put("messages", 2, "output", []), "a key that no type names"),
    (put("messages", 2, "tool_calls", 0, None), "not a call of type function"),
    (put("messages", 2, "tool_calls", 0, {"type": "function"}), "tool_calls[0].id: missing"),
    (put("messages", 2, "tool_calls", 0, {**CALL, "function": {}}), "name: not"),
    (
        put("messages", 2, "tool_calls", 0, {**CALL, "function": {"name": "a", "arguments": {}}}),
        "arguments: not a string",
    ),
    (
        put("messages", 2, "tool_calls", 0, {**CALL, "function": {"name": "a", "arguments": "["}}),
        "not a JSON object in a string",
    ),
    (put("messages", 3, "tool_call_id", "other9999"), "not the next open call"),
    (put("messages", 3, "tool_call_id", ...), "tool_call_id: missing"),
    (put("messages", 3, "content", None), "messages[3].content"),
    (put("messages", 3, ...), "have no result at the end"),
    (put("messages", 3, {"role": "user", "content": "And?"}), "have no result before it"),
    (put("messages", 4, CHAT["messages"][3]), "a result without a call"),
    (put("tools", []), "tools: not a list with entries"),
    (put("tools", 1, TOOL), "two have the same name"),
    (put(*FUNCTION, "name", "get pet"), "name: not"),
    (put(*FUNCTION, "name", "x" * 65), "name: not"),
    (put(*FUNCTION, "description", False), "description"),
    (put(*FUNCTION, "parameters", []), "parameters"),
    (put(*FUNCTION, "parameters", "properties", "pet_id", {"$ref": "#/x"}), "holds a $ref"),
    (put("tool_choice", "any"), "tool_choice: unknown 'any'"),
    (put("tool_choice", {"type": "function"}), "tool_choice: not"),
    (
        put("tool_choice", {"type": "function", "function": {"name": "nope"}}),
        "names a tool that is not offered",
    ),
    (put("options", {"rejectIfBusy": 1}), "options"),
]


def changed(body: dict[str, Any], change: Change) -> dict[str, Any]:
    copied = copy.deepcopy(body)
    change(copied)
    return copied


@pytest.mark.parametrize("model", [GLM, LLAMA])
@pytest.mark.parametrize(("change", "text"), BOTH, ids=[text for _, text in BOTH])
def test_section_3_breaches_of_chat_and_native_form(change: Change, text: str, model: str) -> None:
    assert any(text in each for each in complaints(model, "run", changed(CHAT, change)))


CHAT_ONLY: list[tuple[Change, str]] = [
    (put("tools", 0, TOOL["function"]), "not {type: function"),
    (put("parallel_tool_calls", 1), "parallel_tool_calls"),
    (put("reasoning_effort", 1), "reasoning_effort"),
    (put("max_completion_tokens", -1), "token limit"),
]
NATIVE_ONLY: list[tuple[Change, str]] = [
    (put("messages", 2, "content", None), "natives refuse null"),
    (put("messages", 0, "role", "developer"), "unknown 'developer'"),
    (put("top_k", 51), "top_k"),
    (put("seed", 0), "seed"),
    (put(*FUNCTION, "description", ...), "description: missing"),
    (put("tools", 0, 7), "tools[0]: not an object"),
    (put(*FUNCTION, "parameters", {"type": "object"}), "needs type and properties"),
    (put(*FUNCTION, "parameters", "type", ...), "parameters.type: missing"),
    (put(*FUNCTION, "parameters", "properties", "pet_id", {"type": "integer"}), "description"),
    (
        put(
            *(*FUNCTION, "parameters", "properties", "pet_id"),
            {"type": ["integer", "null"], "description": "x"},
        ),
        "pet_id.type: not one string",
    ),
]


@pytest.mark.parametrize(("change", "text"), CHAT_ONLY, ids=[text for _, text in CHAT_ONLY])
def test_section_3_breaches_of_chat_form(change: Change, text: str) -> None:
    assert any(text in each for each in complaints(GLM, "run", changed(CHAT, change)))


@pytest.mark.parametrize(("change", "text"), NATIVE_ONLY, ids=[text for _, text in NATIVE_ONLY])
def test_section_3_breaches_of_native_form(change: Change, text: str) -> None:
    assert any(text in each for each in complaints(LLAMA, "run", changed(CHAT, change)))


def test_section_3_what_chat_takes_and_natives_do_not() -> None:
    null = changed(CHAT, put("messages", 2, "content", None))
    assert complaints(GLM, "run", null) == []
    free = changed(CHAT, put(*FUNCTION, "parameters", {"type": "object"}))
    assert complaints(GLM, "run", free) == []


def test_section_3_flat_tools_are_for_natives() -> None:
    flat = changed(CHAT, put("tools", 0, TOOL["function"]))
    assert complaints(LLAMA, "run", flat) == []


RESPONSES_ONLY: list[tuple[Change, str]] = [
    (put("messages", []), "exactly one of"),
    (put("instructions", 7), "instructions"),
    (put("input", []), "neither text nor items"),
    (put("input", 0, None), "input[0]: not an object"),
    (put("input", 0, "role", "robot"), "unknown 'robot'"),
    (put("input", 0, "content", None), "input[0].content"),
    (put("input", 1, "id", ...), "reasoning needs id and summary"),
    (put("input", 2, "arguments", {}), "arguments: not a string"),
    (put("input", 2, "name", "a b"), "name: not"),
    (put("input", 3, "call_id", "d"), "not the next open call"),
    (put("input", 3, "output", 7), "output: not a string"),
    (put("input", 3, ...), "have no result at the end"),
    (put("input", 3, {"role": "user", "content": "x"}), "have no result before it"),
    (put("tools", 0, "strict", ...), "strict: required here"),
    (put("tools", 0, "parameters", ...), "parameters: required here"),
    (put("tools", 0, TOOL), "tools[0].name"),
    (put("tools", 0, "type", ...), "not of type function"),
    (put("tool_choice", "required"), "only none or one function"),
    (put("tool_choice", {"type": "function", "name": "nope"}), "of an offered tool"),
    (put("reasoning", "low"), "reasoning: not an object"),
]


@pytest.mark.parametrize(
    ("change", "text"), RESPONSES_ONLY, ids=[text for _, text in RESPONSES_ONLY]
)
def test_section_3_breaches_of_responses_form(change: Change, text: str) -> None:
    assert any(text in each for each in complaints(OSS, "run", changed(RESPONSES, change)))


def test_section_3_a_text_is_input_enough() -> None:
    assert complaints(OSS, "run", changed(RESPONSES, put("input", "hi"))) == []


def test_section_2_what_single_models_do_not_take() -> None:
    choice = changed(CHAT, put("tool_choice", "required"))
    assert complaints(LLAMA, "run", choice) == []
    assert "takes none" in complaints(MISTRAL, "run", choice)[0]
    short = json.loads(json.dumps(CHAT).replace("a1b2c3d4e", "short"))
    assert complaints(LLAMA, "run", short) == []
    assert "nine letters" in complaints(SCOUT, "run", short)[0]
    unable = complaints("@cf/qwen/qwq-32b", "run", CHAT)
    assert any("does not call functions" in each for each in unable)


@pytest.mark.parametrize("surface", ["chat", "responses"])
def test_section_1_the_body_names_the_model_on_v1(surface: str) -> None:
    body = CHAT if surface == "chat" else RESPONSES
    assert complaints(OSS, surface, body) == ["model: missing on /ai/v1"]


@pytest.mark.parametrize("body", [None, [], "x", 7])
def test_a_body_is_an_object(body: Any) -> None:
    assert complaints(GLM, "run", body) == ["the body is no JSON object"]


def test_a_choice_without_tools_is_none() -> None:
    body = changed(changed(CHAT, put("tools", ...)), put("tool_choice", "none"))
    assert complaints(GLM, "run", body) == ["tool_choice: without tools"]
