"""Every statement of the contract has its tests, and every `?` in it is handled both ways.

The tables say which; the tests hold them complete against tests/fixtures/wire/CONTRACT.md, so that
a line added there fails here until somebody has looked after it.
"""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest
from toolbind.standin.turns import STATUSES
from toolbind_runtime.ai.endpoint import Gateway
from toolbind_runtime.ai.errors import _BY_CODE
from toolbind_runtime.ai.table import MODELS

TESTS = Path(__file__).parents[3]
CONTRACT = (TESTS / "fixtures" / "wire" / "CONTRACT.md").read_text("utf-8")

# A test is `file::name`; files are those of this folder unless they begin with another's name.
SECTIONS: Mapping[str, Sequence[str]] = {
    "0.1": ["wire_requests::section_3_every_family_takes_what_is_written"],
    "0.2": ["wire_answers::section_4_calls_are_read_from_every_shape"],
    "0.3": ["wire_answers::every_recorded_answer_is_read", "standin/server::section_1_addresses"],
    "0.4": ["wire_requests::section_0_4_a_token_limit_is_always_sent"],
    "0.5": ["standin/check::section_3_breaches_of_native_form"],
    "0.6": ["wire_requests::section_0_6_content_is_never_null"],
    "0.7": [
        "wire_answers::section_0_7_ids_are_made_where_absent",
        "wire_answers::section_0_7_made_ids_differ_from_turn_to_turn",
        "wire_answers::section_0_7_given_ids_are_kept_even_when_they_come_again",
        "wire_answers::section_0_7_an_id_that_comes_twice_in_one_answer_is_repaired",
        "agent_extremes::the_same_id_in_every_turn_and_twice_in_one",
    ],
    "0.8": ["wire_answers::section_0_8_calls_decide_whatever_the_finish_reason_says"],
    "0.9": [
        "wire_answers::section_4_7_text_is_a_call_under_the_narrow_rule_only",
        "streaming::section_0_9_a_forced_call_as_text_is_not_passed_on_as_text",
    ],
    "0.10": ["binding::section_9_errors_are_told_by_their_text"],
    "1. Endpoints": [
        "endpoint::section_1_urls",
        "endpoint::section_1_routed_models_live_behind_chat_completions",
        "endpoint::section_1_reject_if_busy_goes_into_the_body",
        "workers_ai::section_2_every_family_and_surface",
        "standin/server::section_1_responses",
        "standin/check::section_1_the_body_names_the_model_on_v1",
    ],
    "Gateway": [
        "workers_ai::section_1_gateways",
        "endpoint::section_1_compat_names_the_provider_before_the_model",
        "endpoint::section_1_compat_over_http",
    ],
    "Headers": [
        "endpoint::section_1_gateway_headers",
        "ai_errors::section_1_the_service_s_name_for_a_request_is_told",
        "agent::every_turn_sends_the_same_tools_and_session",
        "agent_extremes::each_request_of_a_run_begins_with_the_bytes_of_the_one_before",
    ],
    "2. Families": [
        "models::section_2_every_model_is_known",
        "models::section_2_the_default_is_the_one_for_any_plan",
        "workers_ai::section_2_every_family_and_surface",
        "workers_ai::section_2_a_model_that_refuses_tool_choice_is_asked_without",
        "standin/check::section_2_what_single_models_do_not_take",
    ],
    "Chat": [
        "models::section_3_reasoning_settings",
        "wire_requests::section_3_tools_in_each_form",
        "wire_requests::section_3_tool_choice_as_each_family_takes_it",
        "standin/check::section_3_breaches_of_chat_form",
        "standin/check::section_3_what_chat_takes_and_natives_do_not",
    ],
    "Native": [
        "wire_requests::section_3_ids_for_natives_have_nine_letters_or_digits",
        "wire_requests::section_3_developer_is_system_for_natives",
        "wire_requests::section_3_natives_are_told_none_by_leaving_the_tools_out",
        "standin/check::section_3_breaches_of_chat_and_native_form",
        "standin/check::section_3_breaches_of_native_form",
        "standin/check::section_3_flat_tools_are_for_natives",
    ],
    "Responses": [
        "wire_requests::section_3_responses_form_takes_what_is_written",
        "wire_requests::section_3_responses_can_name_one_tool_or_none",
        "wire_requests::section_3_chat_history_becomes_items_for_responses",
        "standin/check::section_3_breaches_of_responses_form",
        "standin/check::section_3_a_text_is_input_enough",
    ],
    "Sending calls and results back": [
        "wire_answers::section_3_arguments_go_back_as_json_text",
        "wire_requests::section_3_reasoning_goes_back_beside_the_content_where_models_reason",
        "wire_requests::section_3_names_that_a_model_made_up_go_back_in_letters",
        "wire_requests::section_3_responses_history_is_sent_as_items",
        "wire_answers::responses_items_go_back_as_they_came_with_the_ids_that_we_keep",
    ],
    **{
        f"4.{shape}": ["wire_answers::section_4_calls_are_read_from_every_shape"]
        for shape in range(1, 7)
    },
    "4.7": [
        "wire_answers::section_4_7_text_is_a_call_under_the_narrow_rule_only",
        "wire_answers::section_4_7_one_doubt_makes_it_text",
        "wire_answers::section_4_7_several_calls_may_stand_in_a_list",
        "wire_answers::section_4_7_in_responses_the_call_goes_back_as_an_item",
        "wire_answers::section_4_7_a_structured_call_leaves_the_text_alone",
        "streaming::section_4_7_a_forced_call_as_text_is_found_in_a_stream_too",
    ],
    "4.8": ["wire_answers::section_4_8_no_calls_are_no_calls"],
    "4. Answer: every shape of a call": [
        "wire_answers::section_4_text_of_any_type",
        "wire_answers::section_4_a_bare_string_is_the_text",
        "wire_answers::section_4_a_text_completion_is_read",
        "wire_answers::section_4_reasoning_is_kept_and_sent_back",
        "wire_answers::section_4_finish_reasons",
        "wire_answers::section_4_usage_of_either_form",
        "wire_answers::section_4_usage_may_be_absent_or_nonsense",
        "agent_extremes::ceilings_hold_where_no_usage_is_told",
    ],
    "5. Streaming": [
        "streaming::section_5_recorded_streams",
        "streaming::section_5_reasoning_comes_in_pieces_and_whole",
        "streaming::section_5_items_of_responses_are_kept_for_the_next_turn",
        "streaming::section_5_a_stream_without_an_end_is_broken",
        "streaming::section_5_an_error_midway_is_that_error_with_what_came",
        "streaming::section_5_calls_in_odd_pieces",
        "streaming::section_5_line_ends_comments_and_cut_characters",
        "workers_ai::section_5_plain_json_in_place_of_a_stream",
        "workers_ai::section_5_a_stream_that_gives_nothing_is_asked_for_as_a_whole",
        "workers_ai::section_5_a_stream_that_breaks_off_tells_what_came",
        "workers_ai::section_5_an_error_midway_is_that_error",
        "binding::section_5_a_stream_of_the_binding_that_breaks_off",
        "binding::section_5_plain_json_in_place_of_a_stream_of_the_binding",
        "standin/server::section_5_streams_come_in_chunks_of_any_size",
    ],
    "6. Errors": [
        "ai_errors::section_6_codes",
        "ai_errors::section_6_the_code_decides_whatever_the_status",
        "ai_errors::section_6_the_daily_limit_and_missing_capacity_are_told_apart",
        "ai_errors::section_6_every_recorded_error",
        "ai_errors::section_6_the_service_s_own_wish_to_wait_is_read",
        "ai_errors::section_6_statuses_where_no_code_is_known",
        "ai_errors::sections_6_and_9_every_form_of_an_error",
        "ai_errors::section_6_of_several_errors_the_known_one_decides",
        "ai_errors::section_6_json_mode_may_be_asked_again",
        "wire_answers::section_6_success_false_counts_with_status_200",
        "streaming::section_6_errors_in_a_stream_in_every_form",
        "binding::section_6_the_binding_is_asked_again_where_that_may_help",
        "workers_ai::section_6_faults_are_typed",
        "workers_ai::section_6_what_may_pass_is_asked_again",
        "workers_ai::section_6_what_will_not_pass_is_not_asked_again",
        "workers_ai::section_6_retries_are_counted",
        "workers_ai::section_6_retry_after_is_waited_for",
        "workers_ai::section_6_threats_the_token_is_in_no_message_log_or_traceback",
        "standin/server::section_6_what_is_refused",
    ],
    "7. Batch": ["wire_answers::section_7_a_queued_request_is_no_answer"],
    "8. Limits": [
        "agent::tools_that_fill_the_window_are_warned_of",
        "models::token_limits_leave_room_in_small_windows",
        "results::long_arrays_are_shortened_with_a_count_and_a_way_out",
    ],
    "9. In a Worker": [
        "binding::section_9_every_family_answers_through_the_binding",
        "binding::section_9_options_go_beside_the_inputs",
        "binding::section_9_the_synchronous_class_gives_the_same_client",
        "binding::section_9_errors_are_told_by_their_text",
        "binding::section_9_the_binding_s_last_status_helps_where_no_code_is_told",
        "binding::section_9_an_error_without_a_message_is_told_by_its_text",
        "binding::section_9_an_answer_that_comes_as_a_stream_is_read",
        "wire_answers::section_9_the_binding_s_own_error_is_one_over_http_too",
        "standin/server::section_9_workerd_s_own_class_is_served",
    ],
    "10. Testing with no account": ["wire_answers::every_recorded_answer_is_read"],
    "12. Corrections of 2026-11-28": [
        "corrections::section_12_every_recorded_exchange_is_one_of_ours"
    ],
    "Decision and extraction models": [
        "clef::a_request_holds_the_state_and_a_choice_for_each_question",
        "clef::every_shape_of_an_answer_is_read",
        "corrections::section_12_models_that_hold_no_conversation_say_what_they_are",
        "corrections::section_12_asked_as_chat_models_they_refuse_and_say_why",
        "corrections::section_12_an_extraction_that_finds_nothing_says_so",
        "standin/decisions::each_question_is_answered_with_a_choice_and_chances",
    ],
    "Python Workers now": ["binding::section_9_every_family_answers_through_the_binding"],
}
"""Sections, and what is numbered in them, to their tests."""

CORRECTED: Mapping[str, Sequence[str]] = {
    "our default, refuses `required`": [
        "wire_requests::corrected_a_default_that_refuses_required_is_told_the_one_tool_there_is"
    ],
    "`max_tokens` to every `@cf/` model": [
        "wire_requests::section_0_4_a_token_limit_is_always_sent",
        "corrections::section_12_what_the_stand_in_streams_is_what_it_says_whole",
    ],
    "`reasoning_content`** on `@cf/`": [
        "wire_requests::section_3_reasoning_goes_back_beside_the_content_where_models_reason"
    ],
    "cannot be off on any moonshot or gpt-oss": [
        "wire_requests::corrected_reasoning_that_cannot_be_off_is_as_low_as_can_be"
    ],
    "`high` is HTTP 400": ["corrections::section_12_efforts_that_are_http_400_are_refused"],
    "an empty assistant turn stands between": [
        "wire_requests::corrected_mistral_wants_an_empty_turn_between_a_result_and_a_user",
        "wire_requests::corrected_ids_for_mistral_are_nine_letters_or_digits_and_no_more",
        "corrections::section_12_what_mistral_does_not_take_is_refused_before_it_is_sent",
    ],
    "data URLs only": ["corrections::section_12_pictures_go_as_data_and_not_as_links"],
    "`-external` behind the name": [
        "corrections::section_12_every_recorded_exchange_is_one_of_ours",
        "corrections::section_12_nemotron_with_reasoning_off_labels_its_answer_as_reasoning",
    ],
    "a heartbeat with `choices: []`": [
        "corrections::section_12_heartbeats_tails_and_a_missing_finish",
        "corrections::section_12_a_stream_that_does_not_say_why_it_ended_ended_by_itself",
        "corrections::section_12_what_the_stand_in_streams_is_what_it_says_whole",
    ],
    "1,310,720 (H)": ["corrections::section_12_plans_and_windows_as_they_were_seen"],
    "free: qwen3.8-27b": ["corrections::section_12_plans_and_windows_as_they_were_seen"],
    "eurollm-9b-it": [
        "corrections::section_12_plans_and_windows_as_they_were_seen",
        "corrections::section_12_access_by_form_is_said",
    ],
    '"code":5035': ["corrections::section_12_a_plan_that_is_too_small_as_it_was_seen"],
    "`GET /ai/v1/models` is 405": [
        "corrections::section_12_models_are_not_listed_there",
        "endpoint::section_1_reject_if_busy_goes_into_the_body",
    ],
    "20 a minute": [
        "corrections::section_12_twenty_requests_a_minute_and_what_is_said_of_the_next"
    ],
    "stream Anthropic events": [
        "corrections::section_12_claude_streams_anthropic_s_events",
        "corrections::section_12_an_error_of_anthropic_in_a_stream_is_told_by_its_type",
        "endpoint::section_12_third_party_models_live_behind_chat_completions",
    ],
}
"""A piece of each row of section 12's table, to its tests."""

UNCERTAIN: Mapping[str, Sequence[str]] = {
    "`?` marks what is uncertain": ["contract::what_is_uncertain_is_handled_both_ways"],
    "service probably does as well `?`": ["standin/check::section_3_breaches_of_native_form"],
    "envelope `?`": ["wire_answers::section_4_calls_are_read_from_every_shape"],
    "apertus-v1.5-8b `?`": ["workers_ai::section_2_a_model_that_turns_out_not_to_call_tools"],
    "mistral-small-3.1-24b `?`": ["workers_ai::section_2_a_model_that_turns_out_not_to_call_tools"],
    "answers 400 to `tools`": ["workers_ai::section_2_a_model_that_turns_out_not_to_call_tools"],
    "refuses `tool_choice` (LC); or needs `auto`": [
        "workers_ai::section_2_a_model_that_refuses_tool_choice_is_asked_without"
    ],
    "granite-4.0-h-micro | 131,000 | `?`": [
        "workers_ai::section_2_a_model_that_turns_out_not_to_call_tools"
    ],
    "send the bare schema also to these models `?`": [
        "wire_requests::further_fields_pass_through_and_win"
    ],
    "with room, or thinking off `?`": ["models::section_3_reasoning_settings"],
    "nothing says that they work `?`": [
        "wire_requests::section_3_responses_history_is_sent_as_items"
    ],
    "was seen through a proxy": ["ai_errors::sections_6_and_9_every_form_of_an_error"],
    "| 8001 | 400 `?`": ["ai_errors::section_6_the_code_decides_whatever_the_status"],
    "| 8005 | 500 `?`": ["ai_errors::section_6_the_code_decides_whatever_the_status"],
    "| 8006 | 400 `?`": ["ai_errors::section_6_the_code_decides_whatever_the_status"],
    "00:00 UTC `?`": ["ai_errors::section_6_the_daily_limit_and_missing_capacity_are_told_apart"],
    "| 7009 | 5xx `?`": ["ai_errors::section_6_the_code_decides_whatever_the_status"],
    "| 10000 | 401, 403 `?`": ["ai_errors::section_6_the_code_decides_whatever_the_status"],
    "keeps its `?` and must be one row": ["models::the_tables_are_what_the_facts_say"],
    "LC says the contrary of glm-4.7-flash `?`": [
        "wire_requests::section_0_4_a_token_limit_is_always_sent",
        "wire_requests::a_limit_among_the_fields_takes_the_place_of_ours",
    ],
    "on any moonshot or gpt-oss model (A) `?`": [
        "wire_requests::corrected_reasoning_that_cannot_be_off_is_as_low_as_can_be"
    ],
    "refuses `tool_choice` `?`": [
        "workers_ai::section_2_a_model_that_refuses_tool_choice_is_asked_without"
    ],
    "pin `httpx==0.28.1` in an emitted Worker `?`": [
        "binding::section_9_every_family_answers_through_the_binding"
    ],
}
"""A piece of each line with a `?`, to the tests of both of its answers."""

OPEN: Mapping[str, Sequence[str]] = {
    "Null content on natives": ["wire_requests::section_0_6_content_is_never_null"],
    "missing parameter descriptions": ["standin/check::section_3_breaches_of_native_form"],
    "`tool_choice` on mistral-small": [
        "workers_ai::section_2_a_model_that_refuses_tool_choice_is_asked_without"
    ],
    '`tool_choice:"required"`': ["wire_requests::section_3_responses_can_name_one_tool_or_none"],
    "error body of `/ai/v1`": ["ai_errors::sections_6_and_9_every_form_of_an_error"],
    "statuses of 8001, 8005, 8006": ["ai_errors::section_6_the_code_decides_whatever_the_status"],
    "`Retry-After`": ["workers_ai::section_6_retry_after_is_waited_for"],
    "streaming of gpt-oss": [
        "workers_ai::section_5_plain_json_in_place_of_a_stream",
        "workers_ai::section_5_a_stream_that_gives_nothing_is_asked_for_as_a_whole",
    ],
    "`thinking` or `enable_thinking`": ["models::section_3_reasoning_settings"],
    "name character set": [
        "wire_requests::section_3_names_that_a_model_made_up_go_back_in_letters",
        "agent_tools::a_prefixed_name_keeps_within_what_services_take",
    ],
    "granite and mistral-small": ["workers_ai::section_2_a_model_that_turns_out_not_to_call_tools"],
}
"""A piece of each question of section 11, to the tests of both of its answers."""


@cache
def functions_of(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text("utf-8"))
    found = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return frozenset(node.name for node in found if node.name.startswith("test_"))


def exists(name: str) -> bool:
    where, _, test = name.partition("::")
    folder, _, file = where.rpartition("/")
    paths = (TESTS / "unit" / (folder or "runtime")).rglob(f"test_{file}.py")
    return any(f"test_{test}" in functions_of(path) for path in paths)


def numbered(heading: str) -> Iterator[str]:
    """What is numbered below a heading: `4.1` and so on."""
    section = heading.partition(".")[0]
    body = CONTRACT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    for number in re.findall(r"^(\d+)\. ", body, re.MULTILINE):
        yield f"{section}.{number}"


HEADINGS = re.findall(r"^##+ (.+)$", CONTRACT, re.MULTILINE)
OPEN_QUESTIONS = "11. Open questions to settle with an account"
ELSEWHERE = ("0. Ten things a designer must know", "3. Request", OPEN_QUESTIONS)
"""Headings whose parts are looked at one by one."""


TABLES = {"all": SECTIONS, "corrected": CORRECTED, "uncertain": UNCERTAIN, "open": OPEN}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_test_that_is_named_is_there(table: Mapping[str, Sequence[str]]) -> None:
    assert all(table.values())
    missing = [name for names in table.values() for name in names if not exists(name)]
    assert missing == []


def test_every_section_and_number_has_its_tests() -> None:
    wanted = [re.split(r" \(|: `", each)[0] for each in HEADINGS if each not in ELSEWHERE]
    wanted += [number for heading in HEADINGS for number in numbered(heading)]
    assert sorted(SECTIONS) == sorted(wanted)


def test_every_test_of_a_section_stands_in_the_table() -> None:
    named = {name.partition("::")[2] for names in SECTIONS.values() for name in names}
    folders = [TESTS / "unit" / "runtime", TESTS / "unit" / "standin"]
    files = [path for folder in folders for path in folder.rglob("test_*.py")]
    found = {name.removeprefix("test_") for path in files for name in functions_of(path)}
    ours = {name for name in found if re.match(r"sections?_\d", name)}
    tables = (CORRECTED, UNCERTAIN, OPEN)
    others = {name for table in tables for names in table.values() for name in names}
    assert ours - named - {name.partition("::")[2] for name in others} == set()


def test_what_is_uncertain_is_handled_both_ways() -> None:
    lines = [line for line in CONTRACT.splitlines() if "`?`" in line]
    unhandled = [line for line in lines if not any(piece in line for piece in UNCERTAIN)]
    assert unhandled == []
    stale = [piece for piece in UNCERTAIN if not any(piece in line for line in lines)]
    assert stale == []


def test_every_open_question_is_handled_both_ways() -> None:
    body = CONTRACT.partition(f"## {OPEN_QUESTIONS}\n")[2].partition("\n## ")[0]
    questions = re.split(r";(?![^(]*\))", " ".join(body.split()))
    unhandled = [each for each in questions if not any(piece in each for piece in OPEN)]
    assert unhandled == []
    stale = [piece for piece in OPEN if not any(piece in each for each in questions)]
    assert stale == []


def test_every_correction_has_its_tests() -> None:
    told = [" | ".join(cells) for cells in rows("12. Corrections of 2026-11-28")]
    told = [row for row in told if not row.startswith("where")]
    assert len(told) > 12
    assert [row for row in told if not any(piece in row for piece in CORRECTED)] == []
    assert [piece for piece in CORRECTED if not any(piece in row for row in told)] == []


# --- tables of the contract --------------------------------------------------------------------


def rows(heading: str) -> Iterator[list[str]]:
    body = re.split(r"\n##", CONTRACT.partition(f" {heading}\n")[2])[0]
    for line in body.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and not set(cells[0]) <= {"-", " "}:
            yield cells


def test_every_code_of_section_6_has_its_exception_and_its_status() -> None:
    codes = {
        int(code): cells for cells in rows("6. Errors") for code in re.findall(r"\d{4,5}", cells[0])
    }
    assert len(codes) > 20
    assert codes.keys() == _BY_CODE.keys() == STATUSES.keys()
    for code, cells in codes.items():
        told = [int(status) for status in re.findall(r"\d{3}", cells[1])]
        assert STATUSES[code] in told or (not told and STATUSES[code] >= 500), code
        again = cells[3].startswith(("yes", "as 5xx"))
        assert _BY_CODE[code].retryable is again, code


def test_every_header_of_a_gateway_is_an_option() -> None:
    told = " ".join(cells[0] for cells in rows("Headers") if not cells[0].startswith("back:"))
    names = [
        name.removeprefix("cf-aig").removeprefix("-") for name in re.findall(r"`([\w-]+)`", told)
    ]
    options = {field.name.replace("_", "-") for field in dataclasses.fields(Gateway)}
    known = {*options, "gateway-id", "x-session-affinity", "header"}
    assert set(names) - known == set()
    assert len(names) > 12


def test_every_family_has_a_model_in_the_tables() -> None:
    told = {cells[0].replace(" ", "-") for cells in rows("2. Families") if len(cells) == 4}
    assert told - {"family"} == {row["family"] for row in MODELS.values()}
