"""What is sent (contract section 3), judged by the stand-in's own reading of the contract."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind.standin import check
from toolbind_runtime.ai.bodies import Form, dump, write_body
from toolbind_runtime.ai.model import find_model
from toolbind_runtime.ai.table import MODELS
from toolbind_runtime.records.exchange import Answer, Question, ToolCall

from tests.unit.runtime.pets import TOOLS
from tests.unit.runtime.recorded import case

GLM = "@cf/zai-org/glm-4.7-flash"
KIMI = "@cf/moonshotai/kimi-k2.6"
LLAMA = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
SCOUT = "@cf/meta/llama-4-scout-17b-16e-instruct"
MISTRAL = "@cf/mistralai/mistral-small-3.1-24b-instruct"
QWEN = "@cf/qwen/qwen3-30b-a3b-fp8"
OSS = "@cf/openai/gpt-oss-120b"

USER = {"role": "user", "content": "Is pet 7 sold?"}
CALL: dict[str, Any] = {
    "role": "assistant",
    "content": None,
    "reasoning": "Look it up.",
    "tool_calls": [
        {
            "id": "functions.get_pet:0",
            "type": "function",
            "function": {"name": "get_pet", "arguments": '{"pet_id": 7}'},
        }
    ],
}
RESULT = {
    "role": "tool",
    "tool_call_id": "functions.get_pet:0",
    "name": "get_pet",
    "content": '{"status": "sold"}',
}
HISTORY = ({"role": "system", "content": "Use the tools."}, USER, CALL, RESULT)


def written(model: str, question: Question, form: Form | None = None) -> dict[str, Any]:
    known = find_model(model)
    native = (known.family or "").startswith("native")
    return write_body(question, known, form or ("native" if native else "chat"))


def asked(**more: Any) -> Question:
    return Question(HISTORY, tuple(TOOLS), **more)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("choice", ["auto", "none", "required", "get_pet"])
def test_section_3_every_family_takes_what_is_written(model: str, choice: str) -> None:
    body = written(model, asked(tool_choice=choice))
    assert check.complaints(model, "run", body) == []


@pytest.mark.parametrize("choice", ["auto", "none", "required", "get_pet"])
@pytest.mark.parametrize("surface", ["run", "responses"])
def test_section_3_responses_form_takes_what_is_written(surface: str, choice: str) -> None:
    body = {"model": OSS, **written(OSS, asked(tool_choice=choice), "responses")}
    assert check.complaints(OSS, surface, body) == []


def test_section_0_4_a_token_limit_is_always_sent() -> None:
    """Under the name that each takes: sections 3 and 12."""
    assert written(GLM, asked())["max_tokens"] == 8192
    assert written("openai/gpt-5.4", asked())["max_completion_tokens"] == 4096
    elsewhere = write_body(asked(), find_model("qwen2.5"), "chat", cloudflare=False)
    assert elsewhere["max_tokens"] == 4096
    assert written(LLAMA, asked())["max_tokens"] == 2048
    assert written(QWEN, asked())["max_tokens"] == 4096
    assert written("@cf/some/new-model", asked())["max_tokens"] == 4096
    assert written(OSS, asked(), "responses")["max_output_tokens"] == 8192
    assert written(LLAMA, asked(max_tokens=64))["max_tokens"] == 64


@pytest.mark.parametrize(
    ("model", "choice", "sent"),
    [
        (GLM, "auto", None),
        (GLM, "none", "none"),
        (GLM, "required", None),
        (KIMI, "required", "required"),
        (GLM, "get_pet", {"type": "function", "function": {"name": "get_pet"}}),
        (LLAMA, "auto", None),
        (LLAMA, "required", "required"),
        (MISTRAL, "auto", None),
        (MISTRAL, "required", None),
        (MISTRAL, "get_pet", None),
    ],
)
def test_section_3_tool_choice_as_each_family_takes_it(model: str, choice: str, sent: Any) -> None:
    body = written(model, asked(tool_choice=choice))
    assert body.get("tool_choice") == sent
    assert body["tools"]


@pytest.mark.parametrize("model", [GLM])
def test_corrected_a_default_that_refuses_required_is_told_the_one_tool_there_is(
    model: str, caplog: pytest.LogCaptureFixture
) -> None:
    alone = Question((USER,), tuple(TOOLS[:1]), tool_choice="required")
    name = TOOLS[0]["name"]
    named = {"type": "function", "function": {"name": name}}
    assert written(model, alone)["tool_choice"] == named
    assert not caplog.records
    assert "tool_choice" not in written(model, asked(tool_choice="required"))
    assert "left out" in caplog.text


def test_corrected_mistral_wants_an_empty_turn_between_a_result_and_a_user() -> None:
    question = Question((USER, CALL, RESULT, USER), tuple(TOOLS))
    roles = [message["role"] for message in written(MISTRAL, question)["messages"]]
    assert roles == ["user", "assistant", "tool", "assistant", "user"]
    assert [m["role"] for m in written(LLAMA, question)["messages"]] == [*roles[:3], "user"]


def test_corrected_ids_for_mistral_are_nine_letters_or_digits_and_no_more() -> None:
    given = "chatcmpl-tool-7abcdefghi"
    call = {**CALL, "tool_calls": [{**CALL["tool_calls"][0], "id": given}]}
    question = Question((USER, call, {**RESULT, "tool_call_id": given}), tuple(TOOLS))
    assert written(SCOUT, question)["messages"][2]["tool_call_id"] == given
    for form in ("native", "chat"):  # it is the model that wants them, wherever it is asked
        sent = written(MISTRAL, question, form=form)["messages"][2]["tool_call_id"]
        assert re.fullmatch(r"[0-9A-Za-z]{9}", sent)


@pytest.mark.parametrize(
    "model", ["@cf/moonshotai/kimi-k2.6", "@cf/openai/gpt-oss-20b", "@cf/zai-org/glm-5.3"]
)
def test_corrected_reasoning_that_cannot_be_off_is_as_low_as_can_be(model: str) -> None:
    fields = find_model(model).reasoning(False)
    assert "chat_template_kwargs" not in fields
    assert fields.get("reasoning_effort") != "none"


@pytest.mark.parametrize("model", [LLAMA, SCOUT, MISTRAL, QWEN])
def test_section_3_natives_are_told_none_by_leaving_the_tools_out(model: str) -> None:
    body = written(model, asked(tool_choice="none"))
    assert "tools" not in body
    assert "tool_choice" not in body


def test_section_3_responses_can_name_one_tool_or_none() -> None:
    def choice(wanted: str, *tools: Any) -> Any:
        question = Question(HISTORY, tools or tuple(TOOLS), wanted)
        return written(OSS, question, "responses").get("tool_choice")

    assert choice("auto") is None
    assert choice("none") == "none"
    assert choice("get_pet") == {"type": "function", "name": "get_pet"}
    assert choice("required") is None
    assert choice("required", TOOLS[0]) == {"type": "function", "name": "get_pet"}


def test_section_0_6_content_is_never_null() -> None:
    for model in (GLM, LLAMA):
        assert [m["content"] for m in written(model, asked())["messages"]] == [
            "Use the tools.",
            "Is pet 7 sold?",
            "",
            '{"status": "sold"}',
        ]


def test_section_3_reasoning_goes_back_beside_the_content_where_models_reason() -> None:
    """As `reasoning_content`, and to Cloudflare's own models only (section 12)."""
    assert written(GLM, asked())["messages"][2]["reasoning_content"] == "Look it up."
    assert written(QWEN, asked())["messages"][2]["reasoning_content"] == "Look it up."
    elsewhere = write_body(asked(), find_model(GLM), "chat", cloudflare=False)
    for body in (written(LLAMA, asked()), written("openai/gpt-5.4", asked()), elsewhere):
        assert not {"reasoning", "reasoning_content"} & body["messages"][2].keys()


@pytest.mark.parametrize(
    ("given", "natives"),
    [("functions.get_pet:0", None), ("chatcmpl-tool-77", None), ("Xk3pQ9zRt", "Xk3pQ9zRt")],
)
def test_section_3_ids_for_natives_have_nine_letters_or_digits(
    given: str, natives: str | None
) -> None:
    call = {**CALL, "tool_calls": [{**CALL["tool_calls"][0], "id": given}]}
    question = Question((USER, call, {**RESULT, "tool_call_id": given}), tuple(TOOLS))
    chat = written(GLM, question)["messages"]
    assert chat[1]["tool_calls"][0]["id"] == chat[2]["tool_call_id"] == given
    native = written(SCOUT, question)["messages"]
    sent = native[1]["tool_calls"][0]["id"]
    assert sent == native[2]["tool_call_id"]
    assert check.NINE.search(sent)
    if natives:
        assert sent == natives


def test_section_3_developer_is_system_for_natives() -> None:
    question = Question(({"role": "developer", "content": "Be short."}, USER))
    assert written(LLAMA, question)["messages"][0]["role"] == "system"
    assert written(GLM, question)["messages"][0]["role"] == "developer"


def test_section_3_names_that_a_model_made_up_go_back_in_letters() -> None:
    answer = Answer(calls=(ToolCall("a", "functions.get_pet", {}), ToolCall("b", "", {})))
    question = Question((USER, answer.message()), tuple(TOOLS))
    sent = written(GLM, question)["messages"][1]["tool_calls"]
    assert [call["function"]["name"] for call in sent] == ["functions_get_pet", "unnamed"]


def test_section_3_tools_in_each_form() -> None:
    chat = written(GLM, asked())["tools"][0]
    assert chat == {"type": "function", "function": dict(TOOLS[0])}
    flat = written(OSS, asked(), "responses")["tools"][0]
    assert flat == {"type": "function", **TOOLS[0], "strict": False}


def test_section_3_responses_history_is_sent_as_items() -> None:
    recorded = case("responses_api.json", "second turn: whole history as input items")
    items = recorded["request"]["input"]
    answer = {"role": "assistant", "content": "", "output": items[1:3], "tool_calls": []}
    result = {
        "role": "tool",
        "tool_call_id": items[3]["call_id"],
        "content": items[3]["output"],
    }
    question = Question((HISTORY[0], items[0], answer, result), tuple(TOOLS))
    body = written(OSS, question, "responses")
    assert body["instructions"] == recorded["request"]["instructions"]
    assert body["input"] == items


def test_section_3_chat_history_becomes_items_for_responses() -> None:
    picture = {
        "role": "user",
        "content": [
            {"type": "text", "text": "What is this?"},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}},
        ],
    }
    said = {"role": "assistant", "content": "A pet."}
    body = written(OSS, Question((*HISTORY, said, picture), tuple(TOOLS)), "responses")
    assert body["input"][1:] == [
        {
            "type": "function_call",
            "call_id": "functions.get_pet:0",
            "name": "get_pet",
            "arguments": '{"pet_id": 7}',
            "status": "completed",
        },
        {
            "type": "function_call_output",
            "call_id": "functions.get_pet:0",
            "output": '{"status": "sold"}',
        },
        {"role": "assistant", "content": "A pet."},
        {
            "role": "user",
            "content": [
                {"type": "input_text", "text": "What is this?"},
                {
                    "type": "input_image",
                    "detail": "auto",
                    "image_url": "data:image/png;base64,AA",
                },
            ],
        },
    ]


def test_odd_content_is_sent_as_text_or_as_it_is() -> None:
    parts = [{"type": "text", "text": "Be "}, {"type": "text", "text": "brief."}]
    audio = {"type": "input_audio", "input_audio": {"data": "AA", "format": "wav"}}
    question = Question(
        (
            {"role": "system", "content": parts},
            {"role": "user", "content": [audio]},
            {"role": "user", "content": None},
        )
    )
    body = written(OSS, question, "responses")
    assert body["instructions"] == "Be brief."
    assert body["input"] == [
        {"role": "user", "content": [audio]},
        {"role": "user", "content": ""},
    ]


def test_reasoning_effort_in_responses_form() -> None:
    body = written(OSS, asked(reasoning="low"), "responses")
    assert body["reasoning"] == {"effort": "low"}


def test_items_of_responses_are_not_sent_in_other_forms() -> None:
    message = {"role": "assistant", "content": "Yes.", "output": [{"type": "message"}]}
    assert "output" not in written(GLM, Question((USER, message)))["messages"][1]


@pytest.mark.parametrize("form", ["chat", "responses"])
@pytest.mark.parametrize("key", ["max_tokens", "max_completion_tokens", "max_output_tokens"])
def test_a_limit_among_the_fields_takes_the_place_of_ours(key: str, form: Form) -> None:
    body = written(OSS, asked(fields={key: 9}), form)
    assert {name: value for name, value in body.items() if name.startswith("max_")} == {key: 9}


def test_further_fields_pass_through_and_win() -> None:
    body = written(GLM, asked(fields={"seed": 7, "max_completion_tokens": 9, "temperature": 0}))
    assert (body["seed"], body["max_completion_tokens"], body["temperature"]) == (7, 9, 0)


@pytest.mark.parametrize("model", [GLM, LLAMA, OSS])
def test_prefixes_are_byte_stable_so_that_they_can_be_cached(model: str) -> None:
    """Section 1, session affinity: the next turn's body begins with this one's."""
    first = written(model, Question(HISTORY[:2], tuple(TOOLS)))
    second = written(model, Question(HISTORY, tuple(TOOLS)))
    assert dump(first["tools"]) == dump(second["tools"])
    shared = dump(first["messages"])[:-1]
    assert dump(second["messages"]).startswith(shared)
    assert list(first) == list(second)


def test_text_that_utf_8_cannot_carry_does_not_stop_a_request() -> None:
    assert dump({"a": "x\ud800y"}) == b'{"a":"x?y"}'
    assert dump({"a": "é"}) == '{"a":"é"}'.encode()
    with pytest.raises(ValueError, match="not JSON compliant"):
        dump({"a": float("nan")})


# --- any history that answers can lead to ------------------------------------------------------

NAMES = st.sampled_from(["get_pet", "find_pets", "functions.get_pet", "", "x" * 80, "né"])
IDS = st.sampled_from(["", "a", "functions.get_pet:0", "chatcmpl-tool-77", "Xk3pQ9zRt", "a b"])
ARGUMENTS = st.sampled_from([{}, {"pet_id": 7}, "{'a': 1}", "{", "", None, [1], "\ud800"])


@st.composite
def histories(draw: st.DrawFn) -> tuple[dict[str, Any], ...]:
    """Conversations whose calls are whatever models write, each answered."""
    messages: list[dict[str, Any]] = [dict(USER)]
    for turn in range(draw(st.integers(0, 3))):
        calls: list[ToolCall] = []
        for index in range(draw(st.integers(0, 3))):
            call_id = draw(IDS) or f"made{turn}{index}"
            if any(call.id == call_id for call in calls):
                call_id = f"made{turn}{index}"
            calls.append(ToolCall(call_id, draw(NAMES), draw(ARGUMENTS)))
        text = draw(st.text(max_size=5))
        messages.append(Answer(text, tuple(calls), draw(st.text(max_size=3))).message())
        messages += [
            {"role": "tool", "tool_call_id": c.id, "name": c.name, "content": draw(st.text())}
            for c in calls
        ]
        messages.append(dict(USER))
    return tuple(messages)


@given(histories(), st.sampled_from([GLM, LLAMA, SCOUT, MISTRAL, QWEN]))
def test_any_history_is_written_as_the_family_takes_it(
    messages: tuple[dict[str, Any], ...], model: str
) -> None:
    body = json.loads(dump(written(model, Question(messages, tuple(TOOLS)))))
    assert check.complaints(model, "run", body) == []


@given(histories())
def test_any_history_is_written_as_responses_take_it(
    messages: tuple[dict[str, Any], ...],
) -> None:
    body = json.loads(dump(written(OSS, Question(messages, tuple(TOOLS)), "responses")))
    assert check.complaints(OSS, "run", body) == []
