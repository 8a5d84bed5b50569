"""The corrections of contract section 12, row by row; what requests look like is in
test_wire_requests (its tests named `corrected`)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from toolbind.standin import Player, StandIn, call, fault, say
from toolbind.standin.check import complaints
from toolbind.standin.decisions import complaints as refused
from toolbind.standin.shapes import Numbers
from toolbind.standin.streams import stream_text
from toolbind.standin.turns import Turn
from toolbind_runtime.ai.answers import read_answer
from toolbind_runtime.ai.model import find_model
from toolbind_runtime.ai.streaming import StreamReader
from toolbind_runtime.ai.workers_ai import WorkersAI
from toolbind_runtime.errors import (
    CapacityError,
    NotAllowedError,
    ServiceError,
    SettingsError,
)
from toolbind_runtime.records.exchange import Answer, Question, Usage

from tests.unit.runtime.pets import TOOLS
from tests.unit.runtime.recorded import case, cases, question_of, stream
from tests.unit.runtime.standing_in import sync_ai

GLM = "@cf/zai-org/glm-4.7-flash"
GEMMA = "@cf/google/gemma-4-26b-a4b-it"
MISTRAL = "@cf/mistralai/mistral-small-3.1-24b-instruct"
NEMOTRON = "@cf/nvidia/nemotron-3-120b-a12b"
KIMI = "@cf/moonshotai/kimi-k2.6"
CLAUDE = "anthropic/claude-sonnet-4-5"
ASKED = Question(({"role": "user", "content": "Is pet 7 sold?"},), tuple(TOOLS))


def read(data: bytes, size: int, **more: Any) -> tuple[str, Answer]:
    reader = StreamReader(ASKED, **more)
    pieces = [
        each for at in range(0, len(data), size) for each in reader.feed(data[at : at + size])
    ]
    return "".join(each.text for each in pieces if each.kind == "text"), reader.close()


@pytest.mark.parametrize("recorded", cases("corrections.json"), ids=lambda c: c["name"])
def test_section_12_every_recorded_exchange_is_one_of_ours(recorded: Any) -> None:
    """The stand-in takes the request, and the client reads the answer."""
    model = recorded["model"]
    if "state" in recorded["request"]:
        assert list(refused(model, recorded["request"])) == []
        return
    assert complaints(model, recorded["surface"], recorded["request"]) == []
    if recorded["status"] == 200:
        found = read_answer(recorded["response"], question_of(recorded["request"]))
        assert found.text or found.calls
        assert not found.model.endswith("-external")


# --- streams -----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 7, 64, 100_000])
def test_section_12_heartbeats_tails_and_a_missing_finish(size: int) -> None:
    text, found = read(stream("sse_chat_heartbeat.txt"), size)
    assert (text, [c.name for c in found.calls]) == ("", ["get_pet"])
    assert (found.usage, found.finish) == (Usage(310, 17, 327), "tool_calls")
    assert found.model == GEMMA


@pytest.mark.parametrize("size", [1, 7, 64, 100_000])
def test_section_12_claude_streams_anthropic_s_events(size: int) -> None:
    text, found = read(stream("sse_anthropic_tools.txt"), size)
    assert (text, found.reasoning, found.finish) == ("Let me look.", "Look it up.", "tool_calls")
    assert [(c.id, json.loads(c.arguments)) for c in found.calls] == [
        ("toolu_02", {"pet_id": 7}),
        ("toolu_03", {"pet_id": 8}),
    ]
    assert found.usage == Usage(310, 17, 327, cached_tokens=10)


def test_section_12_an_error_of_anthropic_in_a_stream_is_told_by_its_type() -> None:
    kinds = {"overloaded_error": (CapacityError, True), "odd_error": (ServiceError, False)}
    for name, (kind, again) in kinds.items():
        told = {"type": "error", "error": {"type": name, "message": "Overloaded"}}
        with pytest.raises(kind, match="Overloaded") as raised:
            read(f"event: error\ndata: {json.dumps(told)}\n\n".encode(), 9)
        assert raised.value.retryable is again


def test_section_12_nemotron_with_reasoning_off_labels_its_answer_as_reasoning() -> None:
    data = stream("sse_nemotron_mislabelled.txt")
    assert read(data, 9, mislabels=True)[0] == "Pet 7 is sold."
    assert read(data, 9)[1].reasoning == "Pet 7 is sold."
    with StandIn([say("Sold.", reasoning=""), say("Sold.")]) as standin:
        for reasoning in (False, None):
            with WorkersAI(NEMOTRON, reasoning=reasoning, **standin.settings) as ai:
                *_, last = ai.stream(ASKED)
                assert isinstance(last, Answer)
                assert (last.text, last.reasoning) == ("Sold.", "")
        assert standin.complaints == []


@pytest.mark.parametrize("model", [GLM, GEMMA, KIMI, CLAUDE])
def test_section_12_what_the_stand_in_streams_is_what_it_says_whole(model: str) -> None:
    script = [call("get_pet", {"pet_id": 7}, finish=finish) for finish in (None, "", "stop")]
    with StandIn([*script, *script]) as standin, WorkersAI(model, **standin.settings) as ai:
        for _ in script:
            whole = ai.ask(ASKED)
            *_, streamed = ai.stream(ASKED)
            assert isinstance(streamed, Answer)
            assert (streamed.calls[0].name, streamed.usage) == (whole.calls[0].name, whole.usage)
            assert streamed.model == whole.model == model
        assert standin.complaints == []
        assert {each.route.surface for each in standin.requests} == {
            "chat" if model == CLAUDE else "run"
        }


def test_section_12_a_stream_that_does_not_say_why_it_ended_ended_by_itself() -> None:
    for turn, finish in (
        (say("Hi", finish=""), "stop"),
        (call("get_pet", finish=""), "tool_calls"),
    ):
        assert isinstance(turn, Turn)
        data = stream_text(turn, GLM, "chat", Numbers()).encode()
        assert read(data, 50)[1].finish == finish


# --- requests ----------------------------------------------------------------------------------


def test_section_12_pictures_go_as_data_and_not_as_links() -> None:
    data = case("corrections.json", "pictures are data URLs")["request"]["messages"]
    link = json.loads(json.dumps(data).replace("data:image/png;base64,iVBORw0KGgo=", "https://x"))
    for model in (GEMMA, "@cf/some/new"):
        standin = Player([say("A dog.")])
        with sync_ai(standin, model) as ai:
            assert ai.ask(Question(tuple(data))).text == "A dog."
            with pytest.raises(SettingsError, match="takes pictures as data: URLs only"):
                ai.ask(Question(tuple(link)))
        assert standin.complaints == []
        assert len(standin.requests) == 1
    wrong = complaints(GEMMA, "run", {"messages": link, "max_tokens": 9})
    assert any("no data URL" in each for each in wrong)
    with sync_ai(Player([say("A dog.")]), CLAUDE) as ai:
        assert ai.ask(Question(tuple(link))).text == "A dog."


def test_section_12_what_mistral_does_not_take_is_refused_before_it_is_sent() -> None:
    for name in ("response_format", "chat_template_kwargs"):
        standin = Player([say("Hi")])
        with (
            sync_ai(standin, MISTRAL) as ai,
            pytest.raises(SettingsError, match=f"takes no {name}"),
        ):
            ai.ask(Question(ASKED.messages, fields={name: {}}))
        assert standin.requests == []
        body = {"messages": list(ASKED.messages), "max_tokens": 9, name: {}}
        assert any(name in each for each in complaints(MISTRAL, "run", body))


def test_section_12_efforts_that_are_http_400_are_refused() -> None:
    for model, effort in (("@cf/qwen/qwen3.8-27b", "high"), ("@cf/zai-org/glm-5.3", "none")):
        body = {"messages": list(ASKED.messages), "max_tokens": 9, "reasoning_effort": effort}
        assert any("reasoning_effort" in each for each in complaints(model, "run", body))
        with pytest.raises(SettingsError, match="takes the efforts"):
            find_model(model).reasoning(effort)


# --- what accounts may do ----------------------------------------------------------------------


def test_section_12_a_plan_that_is_too_small_as_it_was_seen() -> None:
    standin = Player([fault(5035, message="Needs the Workers Paid plan")])
    with sync_ai(standin, KIMI) as ai, pytest.raises(NotAllowedError, match="code 5035, HTTP 403"):
        ai.ask(ASKED)
    standin = Player([fault(5035)])
    answered = standin.answer(
        "POST",
        f"/client/v4/accounts/{standin.account_id}/ai/run/{GLM}",
        {"authorization": f"Bearer {standin.token}", "content-type": "application/json"},
        json.dumps({"messages": list(ASKED.messages), "max_tokens": 9}).encode(),
    )
    assert json.loads(answered.data)["result"] == {}


def test_section_12_twenty_requests_a_minute_and_what_is_said_of_the_next() -> None:
    standin = Player(lambda _: say("Hi"), rate_limits=True)
    with sync_ai(standin, KIMI, max_retries=0) as ai:
        for _ in range(20):
            ai.ask(ASKED)
        with pytest.raises(CapacityError, match="20 times a minute, more often with credits"):
            ai.ask(ASKED)
    with sync_ai(standin, GLM, max_retries=0) as ai:
        for _ in range(21):
            ai.ask(ASKED)


def test_section_12_access_by_form_is_said() -> None:
    standin = Player([fault(5018)])
    with (
        sync_ai(standin, "@cf/utter-project/eurollm-9b-it") as ai,
        pytest.raises(NotAllowedError, match="with the form on its page"),
    ):
        ai.ask(ASKED)


def test_section_12_plans_and_windows_as_they_were_seen() -> None:
    free = ["qwen/qwen3.8-27b", "openai/gpt-oss-20b", "meta/llama-4-scout-17b-16e-instruct"]
    free += ["mistralai/mistral-small-3.1-24b-instruct", "ibm-granite/granite-4.0-h-micro"]
    assert all(find_model(f"@cf/{name}").free_plan for name in free)
    assert all(find_model(f"@cf/{name}").function_calling for name in free)
    assert find_model("@cf/deepseek-ai/deepseek-v4-flash-0731").context_window == 1310720
    assert find_model("@cf/utter-project/eurollm-9b-it").context_window == 32000


def test_section_12_models_are_not_listed_there() -> None:
    standin = Player()
    headers = {"authorization": f"Bearer {standin.token}"}
    path = f"/client/v4/accounts/{standin.account_id}/ai/v1/models"
    assert standin.answer("GET", path, headers, b"").status == 405


# --- models of other kinds ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("@cf/cloudflare/clef", "a decision model"),
        ("@cf/cloudflare/clef-flash", "a decision model"),
        ("clef", "a decision model"),
        ("cloudflare/clef-omni", "a decision model"),
        ("workers-ai/@cf/cloudflare/clef", "a decision model"),
        ("clairic", "an extraction model"),
    ],
)
def test_section_12_models_that_hold_no_conversation_say_what_they_are(
    name: str, kind: str
) -> None:
    with pytest.raises(SettingsError, match=f"{name} is {kind}.*use for example {GLM}") as raised:
        WorkersAI(name, account_id="a", api_token="t")
    assert "\n" not in str(raised.value)
    with WorkersAI(name, base_url="http://localhost:1/v1") as ai:  # anything, elsewhere
        assert ai.model.name == name


@pytest.mark.parametrize("model", ["@cf/cloudflare/clef-flash", "@cf/cloudflare/clairic"])
def test_section_12_asked_as_chat_models_they_refuse_and_say_why(model: str) -> None:
    standin = Player()
    headers = {"authorization": f"Bearer {standin.token}", "content-type": "application/json"}
    path = f"/client/v4/accounts/{standin.account_id}/ai/run/{model}"
    answered = standin.answer("POST", path, headers, json.dumps({"messages": []}).encode())
    assert answered.status == 400
    assert b"holds no conversation" in answered.data


def test_section_12_an_extraction_that_finds_nothing_says_so() -> None:
    standin = Player()
    headers = {"authorization": f"Bearer {standin.token}", "content-type": "application/json"}
    path = f"/client/v4/accounts/{standin.account_id}/ai/run/@cf/cloudflare/clairic"
    body = case("corrections.json", "an extraction")["request"]
    answered = standin.answer("POST", path, headers, json.dumps(body).encode())
    found = json.loads(answered.data)["result"]["pet"]
    assert found == {"value": None, "guess": None, "confidence": 0.0, "p_null": 1.0}
    body["fields"]["sold"] = {"type": "boolean"}
    assert standin.answer("POST", path, headers, json.dumps(body).encode()).status == 400
