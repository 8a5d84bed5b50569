"""Cloudflare's decision model: what is asked of it and what is read of its answers."""

from __future__ import annotations

from typing import Any

import pytest
from toolbind_runtime.ai.clef import MODEL, Decisions
from toolbind_runtime.ai.endpoint import locate
from toolbind_runtime.errors import SettingsError, UnreadableAnswerError

TWO = Decisions("Close the issue.", {"a": "Is it a?", "b": "Is it b?"}, yes="It is", no="It is not")


def test_a_request_holds_the_state_and_a_choice_for_each_question() -> None:
    assert TWO.body() == {
        "model": "clef-flash",
        "state": "Close the issue.",
        "questions": {
            name: {
                "type": "choice",
                "instructions": f"Is it {name}?",
                "criteria": {"yes": "It is", "no": "It is not"},
            }
            for name in "ab"
        },
    }


CHOSEN = {"choice": "yes", "probabilities": {"yes": 0.75, "no": 0.25}, "confidence": 0.75}


@pytest.mark.parametrize(
    ("answer", "chance"),
    [
        (CHOSEN, 0.75),
        ({"noul": 0.25}, 0.25),
        ({"choice": "yes"}, 1.0),
        ({"choice": "no"}, 0.0),
        ({"probabilities": {"yes": 1, "no": 0}}, 1.0),
    ],
)
@pytest.mark.parametrize("wrap", ["", "result", "answers"])
def test_every_shape_of_an_answer_is_read(answer: Any, chance: float, wrap: str) -> None:
    answers = {"a": answer, "b": CHOSEN}
    value = {wrap: answers, "success": True} if wrap else answers
    assert TWO.read(value) == {"a": chance, "b": 0.75}


@pytest.mark.parametrize(
    "value",
    [None, [], "yes", {}, {"result": None}, {"a": CHOSEN}, {"a": CHOSEN, "b": {"noul": True}},
     {"a": CHOSEN, "b": {"choice": "perhaps"}}, {"result": {"result": {"result": {"result": {}}}}}],
)  # fmt: skip
def test_a_question_without_an_answer_is_an_error(value: Any) -> None:
    with pytest.raises(UnreadableAnswerError):
        TWO.read(value)


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        ({}, "https://api.cloudflare.com/client/v4/accounts/acc/ai/run/@cf/cloudflare/clef-flash"),
        (
            {"surface": "chat"},
            "https://api.cloudflare.com/client/v4/accounts/acc/ai/run/@cf/cloudflare/clef-flash",
        ),
        (
            {"base_url": "https://gateway.ai.cloudflare.com/v1/acc/gw/workers-ai"},
            "https://gateway.ai.cloudflare.com/v1/acc/gw/workers-ai/@cf/cloudflare/clef-flash",
        ),
    ],
)
def test_it_is_asked_beside_the_conversations_model(settings: dict[str, Any], url: str) -> None:
    endpoint = locate("@cf/zai-org/glm-4.7-flash", account_id="acc", **settings)
    assert endpoint.beside(MODEL).url == url


@pytest.mark.parametrize(
    "base_url",
    [
        "http://localhost:11434/v1",
        "https://gateway.ai.cloudflare.com/v1/acc/gw/compat",
        "https://other.example/accounts/v1",
    ],
)
def test_servers_without_it_are_refused_by_name(base_url: str) -> None:
    endpoint = locate("some/model", base_url=base_url)
    with pytest.raises(SettingsError, match="clef-flash"):
        endpoint.beside(MODEL)
