"""How a tool is made to fit its budget of tokens.

    tokens(tool) -> int                       # estimate of o200k_base, no download
    budget = Budget(limit, report)            # one per document
    budget.fit(tool) -> Fitted(tool, before, after, steps)
    budget.fitted(tool, place) -> Fitted      # the same, steps reported in one diagnostic

`tool` is `{"name", "description", "parameters"}`; results share what did not change. What an
argument costs, and what it is shortened to, is worked out once: operations share arguments.
Imports `tokens`, `shorten`, `diagnostics`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypedDict

from toolbind.diagnostics import Place, Report
from toolbind.lower.fit.shorten import STEPS, Schema, Shortening
from toolbind.lower.fit.tokens import cost, tokens, written

__all__ = ["Budget", "Fitted", "Step", "Tool", "tokens"]


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


class Budget:
    """Room for every tool of one document: `limit` tokens each."""

    def __init__(self, limit: int, report: Report) -> None:
        self._limit = limit
        self._report = report
        self._costs: dict[tuple[str, int], tuple[Schema, float]] = {}
        self._costs_of_words: dict[str, float] = {}
        self._shortened: dict[tuple[int, int], tuple[Schema, Schema]] = {}

    def tokens(self, tool: Tool) -> int:
        """The tokens of a tool, as the sum over its arguments and the rest."""
        parameters = tool["parameters"]
        rest = {**tool, "parameters": {**parameters, "properties": {}}}
        arguments = parameters["properties"].items()
        return round(
            self._cost_of_words(written(rest))
            + sum(self._cost(*argument) for argument in arguments)
        )

    def fit(self, tool: Tool) -> Fitted:
        """The tool, shortened step by step until it fits, with some room kept in reserve.

        Every step widens: what the tool accepted before, it accepts after. The arguments
        themselves, their types and which are required stay in any case, so the result can still
        be too long.
        """
        count = before = self.tokens(tool)
        taken: list[Step] = []
        for number, step in enumerate(STEPS):
            if count <= self._limit * MARGIN:
                break
            shorter = self._apply(number, step, tool)
            now = self.tokens(shorter)
            if now < count:
                taken.append(Step(step.words, count, now))
                tool, count = shorter, now
        return Fitted(tool, before, count, tuple(taken))

    def fitted(self, tool: Tool, place: Place) -> Fitted:
        """The tool within its budget; what that took is reported at `place`."""
        result = self.fit(tool)
        if result.steps:
            told = "; ".join(f"{step.words} {step.after}" for step in result.steps)
            words = f"{tool['name']}: {result.before} tokens, over {self._limit}: {told}"
            self._report.say("tool-shortened", place, words)
        if result.after > self._limit:
            words = f"{tool['name']}: {result.after} tokens at its shortest, over {self._limit}"
            self._report.say("tool-over-budget", place, words)
        return result

    def _cost(self, name: str, schema: Schema) -> float:
        """Of one argument. Holding the schema makes its id a name."""
        known = self._costs.get((name, id(schema)))
        if known is None:
            known = schema, self._cost_of_words(f'"{name}":{written(schema)},')
            self._costs[name, id(schema)] = known
        return known[1]

    def _cost_of_words(self, text: str) -> float:
        """Different arguments get the same words as they are shortened."""
        known = self._costs_of_words.get(text)
        if known is None:
            known = self._costs_of_words[text] = cost(text)
        return known

    def _apply(self, number: int, step: Shortening, tool: Tool) -> Tool:
        parameters = tool["parameters"]
        properties = parameters["properties"]
        if step.together is not None:
            changed = step.together(properties)
        else:
            changed = {name: self._shorter(number, step, each) for name, each in properties.items()}
        return {**tool, "parameters": {**parameters, "properties": changed}}

    def _shorter(self, number: int, step: Shortening, schema: Schema) -> Schema:
        known = self._shortened.get((number, id(schema)))
        if known is None:
            known = schema, step.alone(schema)
            self._shortened[number, id(schema)] = known
        return known[1]
