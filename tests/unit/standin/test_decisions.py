"""The stand-in as a decision model: what it refuses, and what it answers."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from toolbind.standin import StandIn

MODEL = "@cf/cloudflare/clef-flash"
QUESTION = {
    "type": "choice",
    "instructions": "Does it close issues?",
    "criteria": {"yes": None, "no": None},
}
BODY = {"model": "clef-flash", "state": "close the issue", "questions": {"q": QUESTION}}


def post(standin: StandIn, body: Any, model: str = MODEL) -> httpx.Response:
    url = f"{standin.base_url}/accounts/{standin.account_id}/ai/run/{model}"
    return httpx.post(url, json=body, headers={"authorization": f"Bearer {standin.token}"})


def test_each_question_is_answered_with_a_choice_and_chances() -> None:
    with StandIn(decide=lambda state, text: 0.75) as standin:
        answered = post(standin, BODY).json()
    assert answered["success"] is True
    assert answered["result"] == {
        "q": {"choice": "yes", "probabilities": {"yes": 0.75, "no": 0.25}, "confidence": 0.75}
    }


def test_without_a_player_words_in_common_decide() -> None:
    with StandIn() as standin:
        result = post(standin, BODY).json()["result"]
    assert 0 < result["q"]["probabilities"]["yes"] < 1
    assert standin.requests == []


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"model": "clef"}, "model: not clef-flash"),
        ({"state": ""}, "state: no text"),
        ({"questions": {}}, "1 to 64"),
        ({"questions": {str(n): QUESTION for n in range(65)}}, "1 to 64"),
        ({"questions": {"q": {**QUESTION, "type": "text"}}}, "only choice is known"),
        ({"questions": {"q": {**QUESTION, "criteria": {"yes": None}}}}, "2 to 255"),
        ({"questions": {"q": {**QUESTION, "criteria": {"yes": 1, "no": 2}}}}, "a text or null"),
        ({"questions": {"q": {**QUESTION, "instructions": None}}}, "instructions: no text"),
        ({"state": "x" * 100_000}, "more than 24000 tokens"),
    ],
)
def test_what_the_model_would_not_take_is_refused(change: dict[str, Any], word: str) -> None:
    with StandIn() as standin:
        answered = post(standin, {**BODY, **change})
        assert answered.status_code == 400
        assert word in json.dumps(answered.json())
        assert len(standin.complaints) == 1
