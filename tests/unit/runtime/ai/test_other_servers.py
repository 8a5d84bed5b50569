"""Servers that only speak OpenAI's form: names of models, tool_choice, errors in words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from toolbind.standin import StandIn, call, fault, say
from toolbind_runtime.ai.answers import calls_in_text
from toolbind_runtime.ai.endpoint import locate
from toolbind_runtime.ai.errors import service_error
from toolbind_runtime.ai.streaming import StreamReader
from toolbind_runtime.ai.workers_ai import WorkersAI
from toolbind_runtime.ai.workers_ai_async import AsyncWorkersAI
from toolbind_runtime.errors import (
    ModelNotFoundError,
    RequestTooLargeError,
    SettingsError,
    UnreadableCallError,
)
from toolbind_runtime.records.exchange import Answer, Question

from tests.unit.runtime.pets import TOOLS

LOCAL = "http://localhost:8080/v1"
ASKED = Question(({"role": "user", "content": "Is pet 7 sold?"},), tuple(TOOLS))
NAMES = ["/models/qwen.gguf", "qwen2.5-7b@q4_k_m", "a+b", "My Model (4 bit)", "modèle", "a:b/c?d"]


def local(standin: StandIn, model: str = "any", **settings: Any) -> WorkersAI:
    chosen = {"api_token": standin.token, "backoff": 0.0, **settings}
    return WorkersAI(model, base_url=f"{standin.root}/v1", **chosen)


@pytest.mark.parametrize("model", NAMES)
def test_any_name_will_do_and_is_sent_as_it_is(model: str) -> None:
    with StandIn([say("Hi")]) as standin, local(standin, model) as ai:
        assert ai.ask(ASKED).text == "Hi"
    assert standin.requests[0].body["model"] == model


@pytest.mark.parametrize("model", ["", " ", "\t\n"])
def test_no_name_will_not(model: str) -> None:
    with pytest.raises(SettingsError, match="not the name of a model"):
        locate(model, base_url=LOCAL)


def test_a_named_tool_is_required_and_alone() -> None:
    with StandIn(lambda _: call("get_pet", {"pet_id": 7})) as standin:
        for choice, sent in (("get_pet", "required"), ("required", "required"), ("none", "none")):
            with local(standin) as ai:
                ai.ask(Question(ASKED.messages, ASKED.tools, choice))
            received = standin.requests[-1]
            assert received.body["tool_choice"] == sent
            assert received.tools == (
                ["get_pet"] if choice == "get_pet" else [tool["name"] for tool in TOOLS]
            )


# --- errors in words ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (400, "request (6031 tokens) exceeds the available context size (4096 tokens)"),
        (500, "the request exceeds the available context size. try increasing the context size"),
        (400, "This model's maximum context length is 4096 tokens. However, you requested 5000"),
        (400, "The input token count exceeds the context window of this model"),
        (400, "prompt is too long: 210000 tokens > 200000 maximum"),
    ],
)
def test_what_is_too_long_is_told_in_words(status: int, message: str) -> None:
    error = service_error(status, {"error": {"code": status, "message": message}})
    assert isinstance(error, RequestTooLargeError)
    assert not error.retryable
    assert "Send fewer tools" in str(error)


UNREADABLE = [
    "The model produced output that does not match the expected peg-native format",
    'error parsing tool call: raw=\'{"name": "get\', err=unexpected end of JSON input',
    "Failed to parse tool call arguments as JSON",
    "Failed to call a function. Please adjust your prompt.",
]


@pytest.mark.parametrize("message", UNREADABLE)
def test_a_call_that_cannot_be_read_is_the_same_error_plain_and_streamed(message: str) -> None:
    for body in ({"error": {"code": 500, "message": message}}, {"error": message}):
        plain = service_error(500, body)
        reader = StreamReader(ASKED)
        with pytest.raises(UnreadableCallError) as streamed:
            reader.feed(f"data: {json.dumps(body)}\n\n".encode())
        assert type(plain) is type(streamed.value)
        assert plain.message == streamed.value.message
        assert plain.retryable is streamed.value.retryable is False


def test_it_is_not_asked_for_blindly_again() -> None:
    with StandIn([fault("unreadable-call"), say("x", fault=fault("unreadable-call").fault)]) as s:
        with local(s) as ai, pytest.raises(UnreadableCallError, match="peg-native"):
            ai.ask(ASKED)
        with local(s) as ai, pytest.raises(UnreadableCallError, match="peg-native"):
            list(ai.stream(ASKED))
    assert len(s.requests) == 2


def test_other_words_stay_what_they_are() -> None:
    for message in ("context deadline exceeded", "no call", "format error", ""):
        assert type(service_error(500, {"error": message})).__name__ == "UpstreamError"


def test_404_elsewhere_speaks_of_the_url_and_the_model() -> None:
    with StandIn(account_id="other") as standin, local(standin) as ai:
        standin.play([fault(3042, message="File Not Found")])
        with pytest.raises(ModelNotFoundError, match="Check base_url and the model's name") as told:
            ai.ask(ASKED)
    assert "account" not in str(told.value)


# --- calls in text -----------------------------------------------------------------------------

CALL = '{"name": "get_pet", "arguments": {"pet_id": 7}}'


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{CALL}\n```",
        f"```\n{CALL}```",
        f"  ```tool_call\n[{CALL}]\n``` ",
        f"<tool_call>\n{CALL}\n</tool_call>",
    ],
)
def test_a_forced_call_in_a_fence_is_read(text: str) -> None:
    calls = calls_in_text(text, frozenset({"get_pet"}))
    assert [(each.name, each.arguments) for each in calls] == [("get_pet", {"pet_id": 7})]
    forced = Question(ASKED.messages, ASKED.tools, "required")
    for question, called in ((forced, True), (ASKED, False)):
        with StandIn([say(text), say(text)]) as standin, local(standin) as ai:
            whole = ai.ask(question)
            *pieces, streamed = ai.stream(question)
        assert isinstance(streamed, Answer)
        assert bool(whole.calls) is bool(streamed.calls) is called
        assert whole.text == streamed.text == ("" if called else text)
        shown = [each for each in pieces if each.kind == "text"]
        assert bool(shown) is not called


@pytest.mark.parametrize(
    "text",
    [
        f"I would call ```json\n{CALL}\n```",
        f"```json\n{CALL}\n```\n```json\n{CALL}\n```",
        "```json\n{}\n```",
        "``````",
        "<tool_call></tool_call>",
    ],
)
def test_what_only_holds_a_call_is_text(text: str) -> None:
    assert calls_in_text(text, frozenset({"get_pet"})) == ()


def test_arguments_beside_the_name_count_where_a_call_was_forced_only() -> None:
    text = '{"name": "get_pet", "pet_id": 7}'
    offered = frozenset({"get_pet"})
    assert calls_in_text(text, offered)[0].arguments == {"pet_id": 7}
    assert calls_in_text(text, offered, loose=False) == ()


def test_a_foreign_server_is_told_no_name_of_cloudflares_by_default() -> None:
    for kind in (WorkersAI, AsyncWorkersAI):
        with pytest.raises(SettingsError, match=r"gpu\.example is not Cloudflare's, so say which"):
            kind(base_url="https://gpu.example/v1", api_token="t")
