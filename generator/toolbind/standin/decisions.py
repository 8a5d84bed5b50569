"""Clef and Clairic as the stand-in plays them: neither is a chat model (contract section 12).

Clef answers questions with few answers: whoever plays says how likely a yes is; without that, an
overlap of words does. Clairic fills fields from a text, and finds none here. Pure. Shares nothing
with the client that it judges. Imports `turns`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from toolbind.standin.turns import Fault

CLAIRIC = "@cf/cloudflare/clairic"

TOKENS: Mapping[str, int] = {
    "@cf/cloudflare/clef": 64_000,
    "@cf/cloudflare/clef-flash": 24_000,
    "@cf/cloudflare/clef-omni": 24_000,
    CLAIRIC: 65_536,
}
"""These models, and how many tokens a request to them may have."""

TYPES = ("text", "number", "date", "time", "datetime", "duration")
"""Of fields, and of what lists hold."""

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
    if "messages" in body or "input" in body:
        kind = "an extraction" if model == CLAIRIC else "a decision"
        yield f"messages: this is {kind} model, which holds no conversation"
    if body.get("model") != model.rpartition("/")[2]:
        yield f"model: not {model.rpartition('/')[2]}"
    if not isinstance(body.get("state"), str) or not body["state"]:
        yield "state: no text"
    if len(json.dumps(body)) > TOKENS[model] * _BYTES_PER_TOKEN:
        yield f"too long: more than {TOKENS[model]} tokens"
    if model == CLAIRIC:
        yield from _fields(body.get("fields"))
        return
    questions = body.get("questions")
    if not isinstance(questions, dict) or not 1 <= len(questions) <= 64:
        yield "questions: not an object of 1 to 64"
        return
    for name, question in questions.items():
        yield from (f"questions.{name}: {each}" for each in _question(question))


def _fields(fields: Any) -> Iterator[str]:
    if not isinstance(fields, dict) or not fields:
        yield "fields: not an object with entries"
        return
    for name, field in fields.items():
        kind = field.get("type") if isinstance(field, dict) else None
        inner = kind.removeprefix("list[").removesuffix("]") if isinstance(kind, str) else None
        if inner not in TYPES:
            yield f"fields.{name}.type: not one of {', '.join(TYPES)}, or a list of one"


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
    """The answer to each question (its choice, the chance of each, how sure that is) or field."""
    found: dict[str, Any] = {}
    for name in body.get("fields", ()):
        found[name] = {"value": None, "guess": None, "confidence": 0.0, "p_null": 1.0}
    for name, question in body.get("questions", {}).items():
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
