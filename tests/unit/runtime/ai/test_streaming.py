"""Streams of every family (contract section 5), in any cut, with every fault."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toolbind.standin.shapes import Numbers, Shape, answer, shape_of
from toolbind.standin.streams import stream_text
from toolbind.standin.turns import ScriptedCall, Turn
from toolbind_runtime.ai.answers import read_answer
from toolbind_runtime.ai.streaming import Piece, StreamReader
from toolbind_runtime.basics.json_repair import read_arguments
from toolbind_runtime.errors import BrokenStreamError, CapacityError, ServiceError, WorkersAIError
from toolbind_runtime.records.exchange import Answer, Question, Usage
from toolbind_runtime.transport.sse import EventTooLongError, SSEDecoder

from tests.effort import examples
from tests.unit.runtime.pets import TOOLS
from tests.unit.runtime.recorded import stream

ASKED = Question(({"role": "user", "content": "Is pet 7 sold?"},), tuple(TOOLS))
FORCED = Question(ASKED.messages, ASKED.tools, "get_pet")
ONE = [("get_pet", {"pet_id": 7})]
TWO = [("get_pet", {"pet_id": 7}), ("get_pet", {"pet_id": 8})]
SIZES = [1, 2, 3, 7, 64, 100_000]


def read(data: bytes, size: int, question: Question = ASKED) -> tuple[list[Piece], Answer]:
    reader = StreamReader(question)
    pieces = []
    for at in range(0, len(data), size):
        pieces += reader.feed(data[at : at + size])
    return pieces, reader.close()


def called(found: Answer) -> list[tuple[str, Any]]:
    return [(call.name, read_arguments(call.arguments)) for call in found.calls]


def joined(pieces: list[Piece], kind: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind == kind)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("name", "text", "calls", "usage"),
    [
        ("sse_native_text.txt", "Pet 7 is sold.", [], Usage(310, 17, 327)),
        ("sse_native_tools.txt", "", TWO, Usage(310, 17, 327)),
        ("sse_native_tools_flat.txt", "", ONE, Usage()),
        ("sse_chat_tools.txt", "", TWO, Usage(310, 17, 327)),
        ("sse_chat_tools_interleaved.txt", "", TWO, Usage()),
        ("sse_responses_tools.txt", "", ONE, None),
        ("sse_framing.txt", "abc", [], Usage()),
    ],
)
def test_section_5_recorded_streams(
    name: str, text: str, calls: list[Any], usage: Usage | None, size: int
) -> None:
    pieces, found = read(stream(name), size)
    assert (found.text, called(found)) == (text, calls)
    assert joined(pieces, "text") == text
    assert [piece.text for piece in pieces if piece.kind == "call"] == [c[0] for c in calls]
    assert usage is None or found.usage == usage
    ids = [call.id for call in found.calls]
    assert all(ids)
    assert len(set(ids)) == len(ids)


def test_section_5_reasoning_comes_in_pieces_and_whole() -> None:
    for name in ("sse_chat_tools.txt", "sse_responses_tools.txt"):
        pieces, found = read(stream(name), 50)
        assert joined(pieces, "reasoning") == found.reasoning == "Look it up."


def test_section_5_items_of_responses_are_kept_for_the_next_turn() -> None:
    _, found = read(stream("sse_responses_tools.txt"), 50)
    kinds = [item["type"] for item in found.message()["output"]]
    assert "function_call" in kinds


def test_section_4_7_a_forced_call_as_text_is_found_in_a_stream_too() -> None:
    data = stream("sse_chat_forced_leak.txt")
    assert called(read(data, 9, FORCED)[1]) == ONE
    _, plain = read(data, 9)
    assert (plain.calls, plain.text) == ((), '{"name":"get_pet","pet_id":7}')


@pytest.mark.parametrize("size", SIZES)
def test_section_5_a_stream_without_an_end_is_broken(size: int) -> None:
    with pytest.raises(BrokenStreamError, match="ended before the answer did") as raised:
        read(stream("sse_truncated.txt"), size)
    assert raised.value.partial.calls[0].arguments == '{"pet_i'


@pytest.mark.parametrize("size", SIZES)
def test_section_5_an_error_midway_is_that_error_with_what_came(size: int) -> None:
    with pytest.raises(CapacityError) as raised:
        read(stream("sse_error_midway.txt"), size)
    assert raised.value.code == 3040
    assert raised.value.partial is not None
    assert raised.value.partial.text == "Pet"


def test_every_prefix_of_a_stream_is_broken_or_whole() -> None:
    for name in ("sse_chat_tools.txt", "sse_native_tools.txt", "sse_responses_tools.txt"):
        data = stream(name)
        whole = called(read(data, 1000)[1])
        ends = {b"finish_reason", b"response.completed"}
        for cut in range(0, len(data), 7):
            try:
                _, found = read(data[:cut], 1000)
            except BrokenStreamError:
                continue
            assert called(found) == whole
            assert any(end in data[:cut] for end in ends)


# --- pieces in other cuts and shapes -----------------------------------------------------------


def events(*values: Any, done: bool = True) -> bytes:
    text = "".join(f"data: {json.dumps(value)}\n\n" for value in values)
    return (text + ("data: [DONE]\n\n" if done else "")).encode()


def delta(**inner: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": inner, "finish_reason": None}]}


def part(**fields: Any) -> dict[str, Any]:
    return delta(tool_calls=[fields])


@pytest.mark.parametrize(
    ("values", "calls"),
    [
        # an index that is used again for another id is another call
        (
            [
                part(index=0, id="a", function={"name": "get_pet", "arguments": '{"pet_id":7}'}),
                part(index=0, id="b", function={"name": "get_pet", "arguments": '{"pet_id":8}'}),
            ],
            TWO,
        ),
        # parts without an index belong to the last call
        (
            [
                part(id="a", function={"name": "get_pet", "arguments": '{"pet_'}),
                part(function={"arguments": 'id":7}'}),
                part(id="b", function={"name": "get_pet", "arguments": '{"pet_id":8}'}),
            ],
            TWO,
        ),
        # whole calls with object arguments, flat, without index or id
        (
            [
                {"tool_calls": [{"name": "get_pet", "arguments": {"pet_id": 7}}]},
                {"tool_calls": [{"name": "get_pet", "arguments": {"pet_id": 8}}]},
            ],
            TWO,
        ),
        # a whole call without a name is answered; text goes on with the call before
        (
            [
                {"tool_calls": [{"name": "get_pet", "arguments": {"pet_id": 7}}]},
                {"tool_calls": [{"arguments": {"pet_id": 8}}]},
            ],
            [*ONE, ("", {"pet_id": 8})],
        ),
        (
            [
                {"tool_calls": [{"name": "get_pet"}]},
                {"tool_calls": [{"arguments": {"pet_id": 7}}]},
            ],
            ONE,
        ),
        # an id alone is no call
        ([part(index=0, id="a"), part(index=1, id="b", function={"name": None})], []),
        # pieces of both families in one stream
        (
            [
                {"tool_calls": [{"index": 0, "id": "a", "function": {"name": "get_pet"}}]},
                part(index=0, function={"arguments": '{"pet_id":7}'}),
            ],
            ONE,
        ),
        # entries that are nothing
        ([delta(tool_calls=[None, {}, {"index": 3, "function": None}])], []),
        ([delta(tool_calls=None), {"tool_calls": None}, {"choices": None}, None, 7, []], []),
        # an older form
        (
            [{"streamed_data": [{"tool_calls": [{"name": "get_pet", "arguments": {}}]}]}],
            [("get_pet", {})],
        ),
        # the whole message where a delta is expected
        (
            [
                {
                    "choices": [
                        {
                            "message": {
                                "content": None,
                                "tool_calls": [
                                    {"id": "a", "function": {"name": "get_pet", "arguments": "{}"}}
                                ],
                            }
                        }
                    ]
                }
            ],
            [("get_pet", {})],
        ),
    ],
)
def test_section_5_calls_in_odd_pieces(values: list[Any], calls: list[Any]) -> None:
    assert called(read(events(*values), 11)[1]) == calls


@pytest.mark.parametrize("size", SIZES)
def test_section_0_9_a_forced_call_as_text_is_not_passed_on_as_text(size: int) -> None:
    """Whoever shows the pieces would show the call; an answer in words is shown at once."""
    call = json.dumps({"name": "get_pet", "arguments": {"pet_id": 7}})
    pieces, found = read(events(delta(content="  "), delta(content=call)), size, FORCED)
    assert (pieces, called(found), found.text) == ([], ONE, "")
    pieces, found = read(events(delta(content=" "), delta(content="No{")), size, FORCED)
    assert (joined(pieces, "text"), found.text) == (" No{", " No{")
    pieces, found = read(events(delta(content='{"a":1}')), size, FORCED)
    assert (pieces, found.text) == ([], '{"a":1}')  # told as a whole, see the conversation


def test_only_the_first_choice_is_read() -> None:
    second = {"choices": [{"index": 1, "delta": {"content": "no"}}]}
    assert read(events(delta(content="yes"), second), 9)[1].text == "yes"


def test_an_envelope_around_a_piece_is_taken_off() -> None:
    wrapped = {"result": {"response": "Hi"}, "success": True, "errors": [], "messages": []}
    assert read(events(wrapped), 9)[1].text == "Hi"


@pytest.mark.parametrize(
    "value",
    [
        {"error": {"message": "no", "code": 5006}},
        {"type": "error", "code": None, "message": "no", "param": None, "sequence_number": 1},
        {"success": False, "errors": [{"code": 5006, "message": "no"}]},
        {"internalCode": 5006, "description": "no"},
        {
            "type": "response.failed",
            "response": {"status": "failed", "error": {"code": "x", "message": "no"}},
        },
    ],
)
def test_section_6_errors_in_a_stream_in_every_form(value: Any) -> None:
    with pytest.raises(ServiceError, match="no") as raised:
        read(events(delta(content="Pet"), value), 13)
    assert raised.value.partial is not None
    assert raised.value.partial.text == "Pet"


def test_a_response_that_is_cut_off_says_so() -> None:
    item = {"type": "message", "content": [{"type": "output_text", "text": "Pe"}]}
    final = {
        "status": "incomplete",
        "incomplete_details": {"reason": "max_output_tokens"},
        "output": [item],
    }
    data = events(
        {"type": "response.output_text.delta", "delta": "Pe"},
        {"type": "response.incomplete", "response": final},
        done=False,
    )
    _, found = read(data, 17)
    assert (found.text, found.finish) == ("Pe", "length")


def test_responses_without_a_final_object_are_put_together_from_their_parts() -> None:
    call = {"type": "function_call", "call_id": "c", "name": "get_pet", "arguments": ""}
    data = events(
        {"type": "response.output_item.added", "output_index": 0, "item": call},
        {"type": "response.function_call_arguments.delta", "output_index": 0, "delta": "{"},
        {
            "type": "response.function_call_arguments.done",
            "output_index": 0,
            "arguments": '{"pet_id":7}',
        },
        {
            "type": "response.output_item.done",
            "output_index": 1,
            "item": {**call, "call_id": "d", "arguments": '{"pet_id":8}'},
        },
        {"type": "response.completed", "response": {"status": "completed"}},
        done=False,
    )
    assert called(read(data, 17)[1]) == TWO


# --- framing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("size", SIZES)
def test_section_5_line_ends_comments_and_cut_characters(end: str, size: int) -> None:
    lines = ["\ufeff: hello", "", "event: x", "id: 1", 'data:{"response":"é€😀"}', "", ": p", ""]
    data = end.join([*lines, "data: [DONE]", "", ""]).encode()
    assert read(data, size)[1].text == "é€😀"


def test_events_on_lines_of_their_own_without_blank_lines_are_told_apart() -> None:
    data = b'data: {"response":"a"}\ndata: {"response":"b"}\ndata: [DONE]\n'
    assert read(data, 5)[1].text == "ab"


def test_an_event_without_an_end_is_refused() -> None:
    decoder = SSEDecoder()
    for _ in range(16):
        assert decoder.feed(b"x" * 1024 * 1024) == []
    with pytest.raises(EventTooLongError, match="too long"):
        decoder.feed(b"x")


def test_a_last_event_that_is_too_long_is_a_broken_stream() -> None:
    reader = StreamReader(ASKED)
    reader.feed(b"x" * 16 * 1024 * 1024)
    with pytest.raises(BrokenStreamError, match="too long"):
        reader.close()


@pytest.mark.parametrize("data", [b"data: {not json\n\n", b"data: <html>\n\n", b"data: \xff\n\n"])
def test_garbage_in_a_stream_is_a_broken_stream(data: bytes) -> None:
    with pytest.raises(BrokenStreamError, match="no JSON"):
        read(events(delta(content="Pet"), done=False) + data, 7)


@given(st.binary(max_size=200), st.integers(1, 9))
def test_any_bytes_are_an_answer_or_a_typed_error(data: bytes, size: int) -> None:
    try:
        read(data, size)
    except WorkersAIError:
        return
    assert b"[DONE]" in data or b"finish_reason" in data


# --- a stream says what the whole answer says --------------------------------------------------

CALLS = st.builds(
    ScriptedCall,
    st.sampled_from(["get_pet", "find_pets"]),
    st.fixed_dictionaries({"pet_id": st.integers(0, 99)}) | st.just({}),
)
TURNS = st.builds(
    Turn,
    text=st.text(st.characters(codec="utf-8"), max_size=12),
    calls=st.lists(CALLS, max_size=3).map(tuple),
    reasoning=st.sampled_from(["", "Look it up.", "é€😀"]),
    usage=st.sampled_from([None, {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}]),
)
MODELS = [
    ("@cf/zai-org/glm-4.7-flash", "run"),
    ("@cf/moonshotai/kimi-k2.6", "run"),
    ("@cf/meta/llama-3.3-70b-instruct-fp8-fast", "run"),
    ("@cf/meta/llama-4-scout-17b-16e-instruct", "run"),
    ("@cf/openai/gpt-oss-120b", "responses"),
]


@settings(max_examples=examples(200))
@given(TURNS, st.sampled_from(MODELS), st.lists(st.integers(1, 40), min_size=1))
def test_a_stream_in_any_cut_is_the_whole_answer(
    turn: Turn, asked: tuple[str, str], sizes: list[int]
) -> None:
    model, surface = asked
    shape: Shape = shape_of(model, surface, {})
    whole = read_answer(answer(turn, model, shape, Numbers()), ASKED)
    data = stream_text(turn, model, shape, Numbers()).encode()
    reader = StreamReader(ASKED)
    pieces: list[Piece] = []
    at = 0
    while at < len(data):
        size = sizes[at % len(sizes)]
        pieces += reader.feed(data[at : at + size])
        at += size
    found = reader.close()
    assert (found.text, found.reasoning, found.usage) == (
        whole.text,
        whole.reasoning,
        whole.usage,
    )
    assert called(found) == called(whole)
    assert joined(pieces, "text") == whole.text
    assert joined(pieces, "reasoning") == whole.reasoning
