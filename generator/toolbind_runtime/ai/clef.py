"""Clef, Cloudflare's decision model: questions with few possible answers, each with its chance.

Not a chat model: it takes a state and questions about it, and answers all of them at once (contract
section 12). What is asked and what is read of the answer is here; sending is the clients' affair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import UnreadableAnswerError

MODEL = "@cf/cloudflare/clef-flash"
"""The smaller of the two for text: 24,000 tokens a request."""

MOST_QUESTIONS = 64
SECONDS = 10.0
"""For one attempt: the model answers in a twentieth of a second."""

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Decisions:
    """Yes-or-no questions about a state, by an id of the caller's; at most `MOST_QUESTIONS`."""

    state: str
    questions: Mapping[str, str]
    yes: str
    no: str

    def body(self) -> dict[str, Any]:
        """The request, as JSON values."""
        criteria = {YES: self.yes, NO: self.no}
        return {
            "model": MODEL.rpartition("/")[2],
            "state": self.state,
            "questions": {
                name: {"type": "choice", "instructions": text, "criteria": criteria}
                for name, text in self.questions.items()
            },
        }

    def read(self, value: Any) -> dict[str, float]:
        """The chance of a yes for each question, from an answer in or out of its envelope.

        Raises UnreadableAnswerError where one is not answered.
        """
        answers = _answers(value, self.questions)
        return {name: _chance(answers.get(name)) for name in self.questions}


def _answers(value: Any, questions: Mapping[str, str]) -> Mapping[str, Any]:
    """The members that are named as the questions are, however deep an answer holds them."""
    for _ in range(4):
        if not isinstance(value, Mapping):
            break
        if any(name in value for name in questions):
            return value
        value = value.get("result", value.get("answers", value.get("questions")))
    raise UnreadableAnswerError("the decision model answered none of the questions")


def _chance(answer: Any) -> float:
    given = answer if isinstance(answer, Mapping) else {}
    chances = given.get("probabilities")
    chance = chances.get(YES) if isinstance(chances, Mapping) else given.get("noul")
    if chance is None and given.get("choice") in (YES, NO):
        chance = 1.0 if given["choice"] == YES else 0.0
    if isinstance(chance, bool) or not isinstance(chance, int | float):
        raise UnreadableAnswerError("the decision model left a question unanswered")
    return float(chance)
