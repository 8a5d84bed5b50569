"""What is known about models, and what is done with models that are not."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from toolbind_runtime.ai.model import DEFAULT_MODEL, find_model
from toolbind_runtime.ai.table import MODELS, WITHOUT_FUNCTION_CALLING
from toolbind_runtime.ai.workers_ai import WorkersAI
from toolbind_runtime.errors import FunctionCallingError, SettingsError
from toolbind_runtime.records.exchange import Usage

from tests.unit.runtime.pets import TOOLS, make_api

ROOT = Path(__file__).parents[4]
FACTS = json.loads((ROOT / "tests" / "fixtures" / "models.json").read_text("utf-8"))


def test_the_tables_are_what_the_facts_say() -> None:
    spec = importlib.util.spec_from_file_location(
        "update_models", ROOT / ".ci" / "update_models.py"
    )
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    for path, text in script.tables(FACTS).items():
        assert path.read_text("utf-8") == text, f"{path.name}: run .ci/update_models.py"


@pytest.mark.parametrize("name", FACTS["models"])
def test_section_2_every_model_is_known(name: str) -> None:
    model, facts = find_model(name), FACTS["models"][name]
    assert model.function_calling is facts["function_calling"]
    assert bool(model.deprecated) == bool(facts["deprecated"])
    if facts["function_calling"]:
        assert model.family == facts["family"]
        assert model.context_window == facts["context_window"]
        model.require_function_calling()
    else:
        with pytest.raises(FunctionCallingError, match="cannot call tools"):
            model.require_function_calling()


def test_section_2_the_default_is_the_one_for_any_plan() -> None:
    assert FACTS["default"]["any_plan"] == DEFAULT_MODEL
    assert find_model(DEFAULT_MODEL).free_plan is True


def test_an_unknown_model_is_nothing_to_complain_about() -> None:
    model = find_model("@cf/some/new-model")
    assert (model.family, model.function_calling) == (None, None)
    model.require_function_calling()
    assert model.reasoning("high") == {"reasoning_effort": "high"}


@pytest.mark.parametrize("name", [*list(WITHOUT_FUNCTION_CALLING)[:3], "@cf/qwen/qwq-32b"])
def test_a_model_without_function_calling_is_refused_before_anything_is_sent(
    name: str,
) -> None:
    ai = WorkersAI(name, account_id="a", api_token="t", base_url="http://127.0.0.1:9/client/v4")
    with ai, pytest.raises(FunctionCallingError, match=name):
        ai.ask(ai.question("hi", TOOLS))
    with ai, pytest.raises(FunctionCallingError):
        make_api().run("hi", ai=ai)


@pytest.mark.parametrize(
    ("name", "wanted", "fields"),
    [
        (DEFAULT_MODEL, None, {}),
        (DEFAULT_MODEL, False, {"chat_template_kwargs": {"enable_thinking": False}}),
        (DEFAULT_MODEL, True, {"chat_template_kwargs": {"enable_thinking": True}}),
        ("@cf/openai/gpt-oss-20b", False, {"reasoning_effort": "low"}),
        ("@cf/openai/gpt-oss-20b", "high", {"reasoning_effort": "high"}),
        ("@cf/zai-org/glm-5.2", False, {"reasoning_effort": "none"}),
        ("@cf/zai-org/glm-5.3", False, {"reasoning_effort": "low"}),
        # the release note says `thinking`, the types say `enable_thinking`: both are sent
        (
            "@cf/moonshotai/kimi-k2.6",
            False,
            {},
        ),
        ("@cf/moonshotai/kimi-k2.7-code", False, {}),
        ("@cf/meta/llama-3.3-70b-instruct-fp8-fast", False, {}),
        ("@cf/qwen/qwen3.8-27b", False, {"reasoning_effort": "low"}),
    ],
)
def test_section_3_reasoning_settings(name: str, wanted: Any, fields: dict[str, Any]) -> None:
    assert find_model(name).reasoning(wanted) == fields


def test_an_effort_that_a_model_does_not_know_is_refused_with_those_it_knows() -> None:
    with pytest.raises(SettingsError, match="low, medium, high"):
        find_model("@cf/openai/gpt-oss-20b").reasoning("max")


def test_every_effort_of_the_table_has_its_order() -> None:
    for name in MODELS:
        find_model(name).reasoning(False)


def test_token_limits_leave_room_in_small_windows() -> None:
    for name in MODELS:
        model = find_model(name)
        assert 256 < model.token_limit(None) <= (model.context_window or 1 << 20) // 4
        assert model.token_limit(99) == 99


def test_settings_of_a_question_win_over_those_of_the_client() -> None:
    with WorkersAI(
        DEFAULT_MODEL, base_url="http://127.0.0.1:9/v1", max_tokens=5, reasoning=False
    ) as ai:
        body = ai.body(ai.question("hi"))
        assert (body["max_tokens"], "chat_template_kwargs" in body) == (5, True)
        body = ai.body(ai.question("hi", max_tokens=7, reasoning=True, seed=1))
        assert (body["max_tokens"], body["seed"]) == (7, 1)
        assert body["chat_template_kwargs"] == {"enable_thinking": True}


def test_cost_is_estimated_where_a_price_is_known() -> None:
    usage = Usage(1_000_000, 500_000, 1_500_000)
    assert find_model(DEFAULT_MODEL).cost(usage) == pytest.approx(0.0605 + 0.2)
    assert find_model("@cf/openai/gpt-oss-20b").cost(usage) is None
    with WorkersAI(
        "@cf/openai/gpt-oss-20b",
        base_url="http://127.0.0.1:9/v1",
        price=(1.0, 2.0),
    ) as ai:
        assert ai.model.cost(usage) == pytest.approx(2.0)
