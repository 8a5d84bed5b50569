"""Clef as the stand-in plays it: questions with few answers (contract section 12).

Whoever plays says how likely a yes is; without that, an overlap of words does. Pure. Shares nothing
with the client that it judges. Imports `turns`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from toolbind.standin.turns import Fault

MODELS: Mapping[str, int] = {
    "@cf/cloudflare/clef": 64_000,
    "@cf/cloudflare/clef-flash": 24_000,
    "@cf/cloudflare/clef-omni": 24_000,
}
"""The decision models, and how many tokens a request to them may have."""

Decide: TypeAlias = Callable[[str, str], "float | Fault"]
"""The state and a question's instructions, to the chance of its first answer, or to what goes wrong
with the whole request."""

_WORD = re.compile(r"[a-z0-9]{3,}")
_BYTES_PER_TOKEN = 4


def complaints(model: str, body: Any) -> Iterator[str]:
    """Everything that is wrong with a request; nothing if it is right."""
    if not isinstance(body, dict):
        yield "the body is no JSON object"
        return
    if body.get("model") != model.rpartition("/")[2]:
        yield f"model: not {model.rpartition('/')[2]}"
    if not isinstance(body.get("state"), str) or not body["state"]:
        yield "state: no text"
    if len(json.dumps(body)) > MODELS[model] * _BYTES_PER_TOKEN:
        yield f"too long: more than {MODELS[model]} tokens"
    questions = body.get("questions")
    if not isinstance(questions, dict) or not 1 <= len(questions) <= 64:
        yield "questions: not an object of 1 to 64"
        return
    for name, question in questions.items():
        yield from (f"questions.{name}: {each}" for each in _question(question))


def _question(question: Any) -> Iterator[str]:
    if not isinstance(question, dict) or question.get("type") != "choice":
        yield "type: only choice is known"
        return
    if not isinstance(question.get("instructions"), str):
        yield "instructions: no text"
    criteria = question.get("criteria")
    if not isinstance(criteria, dict) or not 2 <= len(criteria) <= 255:
        yield "criteria: not an object of 2 to 255"
        return
    if not all(text is None or isinstance(text, str) for text in criteria.values()):
        yield "criteria: each is a text or null"


def answer(body: Mapping[str, Any], decide: Decide | None) -> dict[str, Any] | Fault:
    """The answer to each question: its choice, the chance of each, how sure that is."""
    found: dict[str, Any] = {}
    for name, question in body["questions"].items():
        chance = (decide or overlap)(body["state"], question["instructions"])
        if isinstance(chance, Fault):
            return chance
        found[name] = _answered(question, min(1.0, max(0.0, chance)))
    return found


def _answered(question: Mapping[str, Any], chance: float) -> dict[str, Any]:
    first, *others = question["criteria"]
    chances = {first: chance, **dict.fromkeys(others, (1 - chance) / len(others))}
    choice = max(chances, key=chances.__getitem__)
    return {"choice": choice, "probabilities": chances, "confidence": chances[choice]}


def overlap(state: str, instructions: str) -> float:
    """How many of the state's words the instructions have."""
    words = set(_WORD.findall(state.lower()))
    return len(words & set(_WORD.findall(instructions.lower()))) / (len(words) or 1)
