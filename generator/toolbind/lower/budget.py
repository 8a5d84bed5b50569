"""How a tool is made to fit its budget of tokens.

    tokens(tool) -> int                                # estimate of o200k_base, no download
    fit(tool, limit) -> Fitted(tool, before, after, steps)
    fitted(tool, limit, place, report) -> Fitted       # the same, steps reported in one diagnostic

`tool` is `{"name", "description", "parameters"}`; results share what did not change.
Imports `tokens`, `shorten`, `diagnostics`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypedDict

from toolbind.diagnostics import Place, Report
from toolbind.lower.shorten import STEPS
from toolbind.lower.tokens import tokens

__all__ = ["Fitted", "Step", "Tool", "fit", "fitted", "tokens"]


MARGIN = 0.95
"""Part of the budget that is used, since tokens are estimated."""


class Tool(TypedDict):
    """A function-calling tool."""

    name: str
    description: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One shortening: what was done, and the tokens of the tool before and after."""

    words: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Fitted:
    """A tool after shortening, with the steps that it took; none if it fitted as it was."""

    tool: Tool
    before: int
    after: int
    steps: tuple[Step, ...]


def fit(tool: Tool, limit: int) -> Fitted:
    """The tool, shortened step by step until it fits into `limit` tokens, some kept in reserve.

    Every step widens: what the tool accepted before, it accepts after. The arguments themselves,
    their types and which are required stay in any case, so the result can still be too long.
    """
    count = before = tokens(tool)
    taken: list[Step] = []
    for shorten in STEPS:
        if count <= limit * MARGIN:
            break
        shorter = shorten.apply(tool)
        if shorter is tool:
            continue
        now = tokens(shorter)
        if now < count:
            taken.append(Step(shorten.words, count, now))
            tool, count = shorter, now
    return Fitted(tool, before, count, tuple(taken))


def fitted(tool: Tool, limit: int, place: Place, report: Report) -> Fitted:
    """The tool within its budget; what that took is reported at `place`."""
    result = fit(tool, limit)
    if result.steps:
        told = "; ".join(f"{step.words} {step.after}" for step in result.steps)
        words = f"{tool['name']}: {result.before} tokens, over {limit}: {told}"
        report.say("tool-shortened", place, words)
    if result.after > limit:
        words = f"{tool['name']}: {result.after} tokens at its shortest, over {limit}"
        report.say("tool-over-budget", place, words)
    return result
