"""Any JSON in any field of what comes back: a result, or an error that says so, never a crash.

Each field of recorded answers of each family, whole and streamed, and of an API's own answers,
takes every kind and size of value in turn.
"""

from __future__ import annotations

import contextlib
import copy
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from toolbind_runtime.ai.errors import service_error
from toolbind_runtime.ai.workers_ai import WorkersAI
from toolbind_runtime.basics.json_repair import UnreadableArgumentsError, read_arguments
from toolbind_runtime.errors import WorkersAIError
from toolbind_runtime.transport.sse import SSEDecoder

from tests.unit.runtime.pets import BASE_URL, Server, make_api

DEEP: Any = 1
for _ in range(500):
    DEEP = [DEEP]

VALUES: dict[str, Any] = {
    "null": None,
    "true": True,
    "zero": 0,
    "negative": -1,
    "huge integer": 10**400,
    "huge float": 1e308,
    "NaN": float("nan"),
    "infinity": float("inf"),
    "empty": "",
    "text": "x",
    "digits": "9" * 5000,
    "surrogate": "\ud800",
    "list": [],
    "list of lists": [[[]]],
    "list of null": [None, 1, "x"],
    "object": {},
    "object in it": {"a": {"b": [1]}},
    "deep": DEEP,
}

CALL = {"id": "abcdefghi", "type": "function"}
CHAT: dict[str, Any] = {
    "id": "1",
    "object": "chat.completion",
    "model": "m",
    "choices": [
        {
            "index": 0,
            "finish_reason": "tool_calls",
            "message": {
                "role": "assistant",
                "content": "Let me look.",
                "reasoning_content": "Hm.",
                "tool_calls": [
                    {**CALL, "function": {"name": "get_pet", "arguments": '{"pet_id": 7}'}}
                ],
            },
        }
    ],
    "usage": {
        "prompt_tokens": 1,
        "completion_tokens": 2,
        "total_tokens": 3,
        "prompt_tokens_details": {"cached_tokens": 1},
    },
}
NATIVE: dict[str, Any] = {
    "result": {
        "response": "Let me look.",
        "tool_calls": [{"name": "get_pet", "arguments": {"pet_id": 7}}],
        "finish_reason": "stop",
        "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3},
    },
    "success": True,
    "errors": [],
    "messages": [],
}
RESPONSES: dict[str, Any] = {
    "object": "response",
    "status": "completed",
    "error": None,
    "incomplete_details": {"reason": "max_output_tokens"},
    "output": [
        {"type": "reasoning", "content": [{"type": "reasoning_text", "text": "Hm."}]},
        {"type": "message", "content": [{"type": "output_text", "text": "Look."}]},
        {
            "type": "function_call",
            "call_id": "c1",
            "name": "get_pet",
            "arguments": '{"pet_id": 7}',
            "status": "completed",
        },
    ],
    "usage": {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3},
}
ERROR = {"success": False, "result": {}, "errors": [{"code": 5007, "message": "No."}]}

CHAT_EVENTS = [
    {"choices": [{"index": 0, "delta": {"role": "assistant", "content": "Look"}}]},
    {
        "choices": [
            {
                "index": 0,
                "delta": {
                    "tool_calls": [
                        {"index": 0, "id": "c", "function": {"name": "get_pet", "arguments": "{}"}}
                    ]
                },
            }
        ]
    },
    {
        "choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    },
]
RESPONSES_EVENTS = [
    {"type": "response.created", "response": {"status": "in_progress"}, "sequence_number": 0},
    {
        "type": "response.output_item.added",
        "output_index": 0,
        "item": {"type": "function_call", "call_id": "c", "name": "get_pet", "arguments": ""},
    },
    {"type": "response.function_call_arguments.delta", "output_index": 0, "delta": "{}"},
    {"type": "response.function_call_arguments.done", "output_index": 0, "arguments": "{}"},
    {
        "type": "response.output_item.done",
        "output_index": 0,
        "item": {"type": "function_call", "call_id": "c", "name": "get_pet", "arguments": "{}"},
    },
    {"type": "response.completed", "response": RESPONSES},
]
NATIVE_EVENTS = [
    {"response": "Look"},
    {"tool_calls": [{"name": "get_pet", "arguments": {"pet_id": 7}}]},
    {"response": "", "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}},
]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*path, index))


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    made = copy.deepcopy(value)
    target = made
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = new
    return made


def text_of(value: Any) -> bytes:
    return json.dumps(value).encode()  # NaN and infinity as Python writes them, as servers do


def model(body: bytes, kind: str, status: int = 200) -> WorkersAI:
    answers = iter([httpx.Response(status, headers={"content-type": kind}, content=body)])

    def answer(request: httpx.Request) -> httpx.Response:
        last = {"choices": [{"message": {"content": "Done."}, "finish_reason": "stop"}]}
        return next(answers, httpx.Response(200, json=last))

    return WorkersAI(
        account_id="0" * 32,
        api_token="token",
        max_retries=0,
        http_client=httpx.Client(transport=httpx.MockTransport(answer)),
    )


def hold(ai: WorkersAI, *, stream: bool) -> None:
    """Ends in a Run or in an error of the model's side that carries one."""
    api = make_api()
    with Server().sync(api) as client:
        told: WorkersAIError | None = None
        try:
            if stream:
                list(api.run("hi", ai=ai, client=client, stream=True))
            else:
                json.dumps(api.run("hi", ai=ai, client=client).messages)
        except WorkersAIError as error:
            told = error
        assert told is None or told.run is not None


@pytest.mark.slow
@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(
    "recorded", [CHAT, NATIVE, RESPONSES, ERROR], ids=["chat", "native", "responses", "error"]
)
def test_any_value_in_any_field_of_a_whole_answer(recorded: Any, value: str) -> None:
    for path in places(recorded):
        body = text_of(changed(recorded, path, VALUES[value]))
        hold(model(body, "application/json", 400 if recorded is ERROR else 200), stream=False)


@pytest.mark.slow
@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(
    "events",
    [CHAT_EVENTS, RESPONSES_EVENTS, NATIVE_EVENTS],
    ids=["chat", "responses", "native"],
)
def test_any_value_in_any_field_of_a_stream(events: list[Any], value: str) -> None:
    for path in places(events):
        if not path:
            continue
        made = changed(events, path, VALUES[value])
        body = b"".join(b"data: " + text_of(each) + b"\n\n" for each in made)
        hold(model(body + b"data: [DONE]\n\n", "text/event-stream"), stream=True)


SLOW = pytest.mark.slow
API_ANSWER = {"id": 7, "name": "Rex", "tags": ["a"], "owner": {"id": 1}}
KINDS = (
    "application/json",
    "application/problem+json",
    "application/jsonl",
    "text/event-stream",
    "text/plain",
    "text/plain; charset=undefined",
    "application/json; charset=idna",
    "text/html; charset=punycode",
    "text/plain; charset=unicode_escape",
    "application/octet-stream",
    "",
)


@pytest.mark.parametrize("kind", [KINDS[0], *(pytest.param(k, marks=SLOW) for k in KINDS[1:])])
@pytest.mark.parametrize("status", [200, 404, 429, 500])
def test_any_value_in_any_field_of_an_api_s_answer(kind: str, status: int) -> None:
    bodies = [
        text_of(changed(API_ANSWER, path, value))
        for value in VALUES.values()
        for path in places(API_ANSWER)
    ]
    bodies += [b"[" * 100_000, b"\xff\xfe" + b"a", b"\x80" * 50, b"data: [[" * 50]
    api = make_api()
    for body in bodies:
        answer = httpx.Response(status, headers={"content-type": kind}, content=body)
        http = httpx.Client(transport=httpx.MockTransport(lambda _, a=answer: a))
        client = api.client_class(BASE_URL, http_client=http, max_retries=0)
        result = api.call_tool("get_pet", {"pet_id": 7}, client=client)
        assert result.ok == (status == 200) or result.error == "bad-answer"
        json.loads(result.content, parse_constant=lambda name: pytest.fail(name))
        result.content.encode()


# --- time --------------------------------------------------------------------------------------


def _sse(text: str) -> None:
    SSEDecoder().feed(text.encode())


def _arguments(text: str) -> None:
    with contextlib.suppress(UnreadableArgumentsError):
        read_arguments(text)


def _error(text: str) -> None:
    service_error(500, text)


SCANNERS: dict[str, tuple[Callable[[str], None], Callable[[int], str]]] = {
    "blanks in a fence": (_arguments, lambda n: "```json\n" + " \n" * n + "x```"),
    "blanks before a fence's end": (_arguments, lambda n: "```\n{}" + " " * n + "x```"),
    "fences": (_arguments, lambda n: "```" * n),
    "digits": (_arguments, lambda n: "1" * n + "x"),
    "a fraction": (_arguments, lambda n: "1." + "1" * n + "x"),
    "quotes": (_arguments, lambda n: "'" * n),
    "backslashes": (_arguments, lambda n: "{'" + "\\" * n),
    "commas": (_arguments, lambda n: "{" + "," * n),
    "titles": (_error, lambda n: "<html>" + "<title" * n),
    "titles with ends": (_error, lambda n: "<" + "<title " + "a" * n),
    "codes": (_error, lambda n: " " * n + "Error: "),
    "events": (_sse, lambda n: "data:\n" * n),
    "carriage returns": (_sse, lambda n: "\r" * n),
}


def _seconds(scan: Callable[[str], None], text: str) -> float:
    started = time.process_time()
    scan(text)
    return time.process_time() - started


@pytest.mark.parametrize("name", SCANNERS)
def test_every_scanner_of_foreign_text_is_linear(name: str) -> None:
    """Twenty times the text may cost sixty times the work, which is room; not four hundred."""
    scan, make = SCANNERS[name]
    small = max(min(_seconds(scan, make(10_000)) for _ in range(3)), 1e-3)
    assert _seconds(scan, make(200_000)) < 60 * small


@pytest.mark.slow
def test_sixty_thousand_calls_in_one_answer() -> None:
    calls = [{"name": "get_pet", "arguments": {"pet_id": n}} for n in range(60_000)]
    body = text_of({**NATIVE, "result": {**NATIVE["result"], "tool_calls": calls}})
    started = time.process_time()
    hold(model(body, "application/json"), stream=False)
    assert time.process_time() - started < 30
