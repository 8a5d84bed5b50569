"""Every shape of an answer (contract section 4), by its number, and every recorded exchange."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind_runtime.ai.answers import read_answer, short_id
from toolbind_runtime.basics.json_repair import read_arguments
from toolbind_runtime.errors import ServiceError, UnreadableAnswerError, WorkersAIError
from toolbind_runtime.records.exchange import Answer, Question, ToolCall, Usage

from tests.unit.runtime.pets import TOOLS
from tests.unit.runtime.recorded import case, cases, question_of

ASKED = Question(({"role": "user", "content": "Is pet 7 sold?"},), tuple(TOOLS))
FORCED = Question(ASKED.messages, ASKED.tools, "get_pet")


def envelope(result: Any) -> dict[str, Any]:
    return {"result": result, "success": True, "errors": [], "messages": []}


def called(answer: Answer) -> list[tuple[str, Any]]:
    return [(call.name, read_arguments(call.arguments)) for call in answer.calls]


def nested(arguments: Any, **more: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": "get_pet", "arguments": arguments}, **more}


FLAT = {"name": "get_pet", "arguments": {"pet_id": 7}}
FLAT_TEXT = {"name": "get_pet", "arguments": '{"pet_id":7}'}
SHAPES: list[tuple[str, Any]] = [
    ("4.1 flat, object", {"response": "", "tool_calls": [FLAT]}),
    ("4.2 flat, text", {"response": "", "tool_calls": [FLAT_TEXT]}),
    ("4.3 nested, object", {"tool_calls": [nested({"pet_id": 7}, id="a")]}),
    ("4.4 nested, text", {"response": None, "tool_calls": [nested('{"pet_id":7}', id="a")]}),
    ("4.5 chat, text", {"choices": [{"message": {"tool_calls": [nested('{"pet_id":7}')]}}]}),
    ("4.5 chat, object", {"choices": [{"message": {"tool_calls": [nested({"pet_id": 7})]}}]}),
    ("4.5 chat, flat", {"choices": [{"message": {"content": None, "tool_calls": [FLAT]}}]}),
    ("4.5 chat, function_call", {"choices": [{"message": {"function_call": FLAT_TEXT}}]}),
    (
        "4.6 Responses",
        {"output": [{"type": "function_call", "call_id": "c", **FLAT_TEXT}]},
    ),
    ("4.8 null entries", {"response": "", "tool_calls": [None, FLAT, None, {}]}),
]


@pytest.mark.parametrize(("name", "result"), SHAPES, ids=[name for name, _ in SHAPES])
@pytest.mark.parametrize("wrapped", [True, False], ids=["envelope", "bare"])
def test_section_4_calls_are_read_from_every_shape(name: str, result: Any, wrapped: bool) -> None:
    answer = read_answer(envelope(result) if wrapped else result, ASKED)
    assert called(answer) == [("get_pet", {"pet_id": 7})]
    assert answer.text == ""


@pytest.mark.parametrize("listed", [None, [], "absent", [None], {}, "text"])
def test_section_4_8_no_calls_are_no_calls(listed: Any) -> None:
    result = {"response": "Hello."} | ({} if listed == "absent" else {"tool_calls": listed})
    answer = read_answer(envelope(result), ASKED)
    assert (answer.text, answer.calls) == ("Hello.", ())


@pytest.mark.parametrize(
    ("response", "text"),
    [
        ("Hi", "Hi"),
        (None, ""),
        ({"name": "Rex"}, '{"name": "Rex"}'),
        (7, "7"),
        ([1, 2], "[1, 2]"),
        (False, "false"),
        ([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], "ab"),
    ],
)
def test_section_4_text_of_any_type(response: Any, text: str) -> None:
    assert read_answer({"response": response, "tool_calls": []}, ASKED).text == text
    chat = {"choices": [{"message": {"content": response}}]}
    assert read_answer(chat, ASKED).text == text


def test_section_4_a_bare_string_is_the_text() -> None:
    assert read_answer(envelope("Hello."), ASKED).text == "Hello."
    assert read_answer("Hello.", ASKED).text == "Hello."


def test_section_4_a_text_completion_is_read() -> None:
    assert read_answer({"choices": [{"text": "Hello.", "index": 0}]}, ASKED).text == "Hello."


@pytest.mark.parametrize("key", ["reasoning", "reasoning_content"])
def test_section_4_reasoning_is_kept_and_sent_back(key: str) -> None:
    message = {"content": None, key: "Look it up.", "tool_calls": [nested("{}")]}
    answer = read_answer({"choices": [{"message": message}]}, ASKED)
    assert answer.reasoning == "Look it up."
    assert answer.message()["reasoning"] == "Look it up."
    assert answer.message()["content"] == ""


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("stop", "stop"),
        ("length", "length"),
        ("model_length", "length"),
        ("tool_calls", "tool_calls"),
        ("function_call", "tool_calls"),
        ("content_filter", "content_filter"),
        ("error", "error"),
        ("other", "unknown"),
        (None, "unknown"),
        (7, "unknown"),
    ],
)
def test_section_4_finish_reasons(told: Any, meant: str) -> None:
    chat = {"choices": [{"message": {"content": "x"}, "finish_reason": told}]}
    assert read_answer(chat, ASKED).finish == meant


def test_section_0_8_calls_decide_whatever_the_finish_reason_says() -> None:
    recorded = case("chat_completions.json", "one tool forced")
    answer = read_answer(recorded["response"], question_of(recorded["request"]))
    assert (answer.finish, called(answer)) == ("stop", [("get_pet", {"pet_id": 7})])


def test_section_4_usage_of_either_form() -> None:
    chat = {
        "prompt_tokens": 310,
        "completion_tokens": 17,
        "total_tokens": 327,
        "prompt_tokens_details": {"cached_tokens": 256},
        "completion_tokens_details": {"reasoning_tokens": 9},
    }
    assert read_answer({"response": "x", "usage": chat}, ASKED).usage == Usage(310, 17, 327, 256, 9)
    responses = {"input_tokens": 310, "output_tokens": 40}
    found = read_answer({"output": [], "output_text": "x", "usage": responses}, ASKED)
    assert found.usage == Usage(310, 40, 350)


@pytest.mark.parametrize("usage", [None, [], "7", {"prompt_tokens": "7", "total_tokens": -1}])
def test_section_4_usage_may_be_absent_or_nonsense(usage: Any) -> None:
    assert read_answer({"response": "x", "usage": usage}, ASKED).usage == Usage()


# --- ids (sections 0.7, 3 and 5) ---------------------------------------------------------------


def test_section_0_7_ids_are_made_where_absent() -> None:
    answer = read_answer({"response": "", "tool_calls": [FLAT, FLAT]}, ASKED)
    ids = [call.id for call in answer.calls]
    assert len(set(ids)) == 2
    assert all(re.fullmatch(r"[a-zA-Z0-9]{9}", each) for each in ids)


def test_section_0_7_made_ids_differ_from_turn_to_turn() -> None:
    later = Question((*ASKED.messages, {"role": "user", "content": "And 8?"}), ASKED.tools)
    result = {"response": "", "tool_calls": [FLAT]}
    first, second = read_answer(result, ASKED), read_answer(result, later)
    assert first.calls[0].id != second.calls[0].id


def test_section_0_7_given_ids_are_kept_even_when_they_come_again() -> None:
    recorded = case("parallel_calls.json", "Kimi ids come again in the next turn")
    answer = read_answer(recorded["response"], question_of(recorded["request"]))
    assert [call.id for call in answer.calls] == ["functions.get_pet:0"]


def test_section_0_7_an_id_that_comes_twice_in_one_answer_is_repaired() -> None:
    recorded = case("parallel_calls.json", "same id twice in one answer")
    answer = read_answer(recorded["response"], question_of(recorded["request"]))
    first, second = answer.calls
    assert first.id == "chatcmpl-tool-1f2e3d4c5b6a7081"
    assert re.fullmatch(r"[a-zA-Z0-9]{9}", second.id)


@given(st.text())
def test_made_ids_are_nine_letters_or_digits_and_stable(seed: str) -> None:
    assert re.fullmatch(r"[a-zA-Z0-9]{9}", short_id(seed))
    assert short_id(seed) == short_id(seed)


# --- calls as text (section 4, rule 7) ---------------------------------------------------------

RECORDED_TEXT = cases("text_tool_call.json")


@pytest.mark.parametrize("recorded", RECORDED_TEXT, ids=[c["name"] for c in RECORDED_TEXT])
def test_section_4_7_text_is_a_call_under_the_narrow_rule_only(recorded: Any) -> None:
    answer = read_answer(recorded["response"], question_of(recorded["request"]))
    assert [list(pair) for pair in called(answer)] == recorded["expect_calls"]
    assert bool(answer.text) == (not recorded["expect_calls"])


@pytest.mark.parametrize(
    "text",
    [
        '[{"name":"get_pet","arguments":{}},{"name":"rm_rf","arguments":{}}]',
        '{"name":["get_pet"],"arguments":{}}',
        '{"name":null}',
        "[]",
        "[[]]",
        "null",
        '{"arguments":{"pet_id":7}}',
        '{"name":"get_pet","arguments":{"pet_id":7}',
        "[" * 100_000,
    ],
)
def test_section_4_7_one_doubt_makes_it_text(text: str) -> None:
    answer = read_answer({"choices": [{"message": {"content": text}}]}, FORCED)
    assert (answer.calls, answer.text) == ((), text)


def test_section_4_7_several_calls_may_stand_in_a_list() -> None:
    text = json.dumps([FLAT, {"name": "find_pets", "status": "sold"}])
    answer = read_answer({"response": text}, FORCED)
    assert called(answer) == [("get_pet", {"pet_id": 7}), ("find_pets", {"status": "sold"})]


def test_section_4_7_in_responses_the_call_goes_back_as_an_item() -> None:
    thought = {"type": "reasoning", "id": "rs_1", "summary": []}
    said = {"type": "message", "content": [{"type": "output_text", "text": json.dumps(FLAT)}]}
    answer = read_answer({"output": [thought, said]}, FORCED)
    assert answer.message()["output"] == [
        thought,
        {
            "type": "function_call",
            "status": "completed",
            "call_id": answer.calls[0].id,
            "name": "get_pet",
            "arguments": '{"pet_id": 7}',
        },
    ]


def test_section_4_7_a_structured_call_leaves_the_text_alone() -> None:
    quoted = json.dumps(FLAT)
    answer = read_answer({"response": quoted, "tool_calls": [FLAT]}, FORCED)
    assert (len(answer.calls), answer.text) == (1, quoted)


# --- all recorded exchanges --------------------------------------------------------------------

RECORDED = [
    (file, each)
    for file in (
        "native_flat.json",
        "native_odd_calls.json",
        "chat_completions.json",
        "parallel_calls.json",
        "responses_api.json",
        "malformed_arguments.json",
    )
    for each in cases(file)
]
NO_ANSWER = {"choices empty", "result null with success true"}


@pytest.mark.parametrize(
    ("file", "recorded"), RECORDED, ids=[f"{f}: {c['name']}" for f, c in RECORDED]
)
def test_every_recorded_answer_is_read(file: str, recorded: Any) -> None:
    question = question_of(recorded["request"])
    if recorded["name"] in NO_ANSWER:
        with pytest.raises(UnreadableAnswerError) as raised:
            read_answer(recorded["response"], question)
        assert raised.value.retryable
        return
    answer = read_answer(recorded["response"], question)
    told = json.dumps(recorded["response"]).count('"arguments"')
    assert len(answer.calls) == told + (recorded["name"] == "no arguments at all")
    assert answer.calls or answer.text or answer.reasoning
    if "expect_calls" in recorded:
        assert [list(pair) for pair in called(answer)] == recorded["expect_calls"]
    ids = [call.id for call in answer.calls]
    assert len(set(ids)) == len(ids)
    assert all(ids)


@pytest.mark.parametrize("recorded", cases("batch.json"), ids=lambda c: c["name"])
def test_section_7_a_queued_request_is_no_answer(recorded: Any) -> None:
    with pytest.raises(UnreadableAnswerError):
        read_answer(recorded["response"], ASKED)


def test_section_9_the_binding_s_own_error_is_one_over_http_too() -> None:
    with pytest.raises(ServiceError, match="busy") as raised:
        read_answer({"internalCode": 3040, "name": "AiError", "description": "busy"}, ASKED)
    assert raised.value.code == 3040


def test_section_6_success_false_counts_with_status_200() -> None:
    recorded = case("errors.json", "200 with success false")
    with pytest.raises(ServiceError) as raised:
        read_answer(recorded["response"], ASKED)
    assert raised.value.code == 5006


def test_a_failed_response_object_without_output_is_an_error_in_an_envelope_too() -> None:
    failed = {"object": "response", "error": {"code": "server_error", "message": "no"}}
    with pytest.raises(ServiceError, match="no"):
        read_answer(envelope(failed), ASKED)


def test_a_call_without_a_name_is_kept_so_that_it_is_answered() -> None:
    answer = read_answer({"tool_calls": [{"arguments": {"pet_id": 7}}]}, ASKED)
    assert [call.name for call in answer.calls] == [""]
    assert answer.message()["tool_calls"][0]["function"]["name"] == "unnamed"


def test_items_without_a_call_in_them_are_left_out_when_sent_back() -> None:
    empty = {"type": "function_call", "call_id": "x"}
    full = {"type": "function_call", "call_id": "y", **FLAT_TEXT}
    answer = read_answer({"output": [empty, full]}, ASKED)
    (item,) = answer.message()["output"]
    assert (item["call_id"], item["name"]) == ("y", "get_pet")


def test_a_failed_response_object_is_an_error_and_a_cut_one_is_not() -> None:
    failed = {
        "object": "response",
        "status": "failed",
        "error": {"code": "server_error", "message": "no"},
        "output": [],
    }
    with pytest.raises(ServiceError, match="no"):
        read_answer(failed, ASKED)
    recorded = case("responses_api.json", "cut off")
    answer = read_answer(recorded["response"], question_of(recorded["request"]))
    assert (answer.finish, answer.reasoning, answer.text) == ("length", "Look it up.", "")


# --- what is sent back -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"pet_id": 7}, '{"pet_id": 7}'),
        ('{"pet_id":7}', '{"pet_id":7}'),
        ('"{\\"pet_id\\":7}"', '{"pet_id": 7}'),
        ("{'pet_id': 7,}", '{"pet_id": 7}'),
        ("", "{}"),
        (None, "{}"),
        ({"n": "é"}, '{"n": "é"}'),
        ('{"pet_id": 7', '{"unreadable": "{\\"pet_id\\": 7"}'),
        ([7], '{"unreadable": "[7]"}'),
    ],
)
def test_section_3_arguments_go_back_as_json_text(arguments: Any, text: str) -> None:
    assert ToolCall("a", "get_pet", arguments).arguments_text() == text


def test_responses_items_go_back_as_they_came_with_the_ids_that_we_keep() -> None:
    items = [
        {"type": "reasoning", "id": "rs_1", "summary": []},
        {"type": "function_call", "call_id": "x", "name": "get_pet", "arguments": "{'a': 1}"},
        {"type": "function_call", "call_id": "x", "name": "get_pet", "arguments": "{}"},
    ]
    answer = read_answer({"output": items}, ASKED)
    message = answer.message()
    assert message["output"][0] == items[0]
    assert [i["call_id"] for i in message["output"][1:]] == [c.id for c in answer.calls]
    assert message["output"][1]["arguments"] == '{"a": 1}'
    assert len({call.id for call in answer.calls}) == 2


# --- anything at all ---------------------------------------------------------------------------

KEYS = st.sampled_from(
    [
        *("result", "success", "errors", "error", "internalCode", "request_id", "messages"),
        *("response", "tool_calls", "choices", "message", "content", "finish_reason", "usage"),
        *("output", "output_text", "object", "status", "incomplete_details", "reasoning"),
        *("function", "name", "arguments", "parameters", "id", "call_id", "type", "text"),
    ]
)
ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9999)
    | st.floats(allow_nan=True)
    | st.sampled_from(["", "get_pet", "function_call", "message", "x", "{}", '{"pet_id":7}'])
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=25,
)


@given(ANY_JSON)
def test_any_json_is_an_answer_or_a_typed_error(body: Any) -> None:
    for question in (ASKED, FORCED):
        try:
            answer = read_answer(body, question)
        except WorkersAIError:
            continue
        ids = [call.id for call in answer.calls]
        assert len(set(ids)) == len(ids)
        json.dumps(answer.message(), allow_nan=True)
        assert isinstance(answer.text, str)
