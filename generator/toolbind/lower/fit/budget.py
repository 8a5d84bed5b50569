"""How a tool is made to fit its budget of tokens.

    tokens(tool) -> int                       # estimate of o200k_base, no download
    budget = Budget(limit, report, "balanced")  # one per document
    budget.fit(tool) -> Fitted(tool, before, after, steps)
    budget.fitted(tool, place) -> Fitted      # the same, what it took is reported

`tool` is `{"name", "description", "parameters"}`; results share what did not change. What an
argument costs, and what it is shortened to, is worked out once: operations share arguments.
Imports `tokens`, `shorten`, `words`, `options`, `text.worth`, `diagnostics`.
"""

from __future__ import annotations

from dataclasses import dataclass

from toolbind.diagnostics import Place, Report
from toolbind.lower.fit.shorten import STEPS, Schema, Shortening, clip
from toolbind.lower.fit.tokens import cost, tokens, written
from toolbind.lower.fit.words import OPERATION, Tool, Words, unsaid
from toolbind.lower.options import Style
from toolbind.lower.text.worth import Worth

__all__ = ["Budget", "Fitted", "Step", "Tool", "tokens"]


MARGIN = 0.95
"""Part of the budget that is used, since tokens are estimated."""

QUOTED = 100
"""Characters of a sentence that a finding quotes."""


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

    def __init__(self, limit: int, report: Report, style: Style = "balanced") -> None:
        self._limit = limit
        self._report = report
        self._words = Words(style, limit)
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
        """The tool with as many words as it has room for, and shortened step by step until it fits
        the budget, with some room kept in reserve.

        Every step widens: what the tool accepted before, it accepts after. The arguments
        themselves, their types and which are required stay in any case, so the result can still
        be too long.
        """
        tool = self._words.tidied(tool)
        before = self.tokens(tool)
        tool = whole = self._words.trimmed(tool, before)
        count = self.tokens(tool)
        taken: list[Step] = []
        for number, step in enumerate(STEPS):
            if count <= self._limit * MARGIN:
                break
            shorter = self._apply(number, step, tool, count)
            now = self.tokens(shorter)
            if now < count:
                taken.append(Step(step.words, count, now))
                tool, count = shorter, now
        if taken:
            tool = self._restored(tool, whole, count)
            count = self.tokens(tool)
        return Fitted(tool, before, count, tuple(taken))

    def _restored(self, tool: Tool, whole: Tool, count: float) -> Tool:
        """The tool with the words of arguments given back for which there is room after all: the
        last step may have made more than was needed. Required arguments come first, then what
        costs least."""
        parameters, said = tool["parameters"], whole["parameters"]["properties"]
        changed = dict(parameters["properties"])
        offers = []
        for name, schema in changed.items():
            fuller = self._words.restored(schema, said[name])
            if fuller is not schema:
                more = self._cost(name, fuller) - self._cost(name, schema)
                offers.append((name not in parameters["required"], more, name, fuller))
        for _, more, name, fuller in sorted(offers, key=lambda offer: offer[:3]):
            if count + more <= self._limit * MARGIN:
                changed[name] = fuller
                count += more
        return {**tool, "parameters": {**parameters, "properties": changed}}

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
        if result.tool is not tool:
            self._tell_unsaid(tool, result.tool, place)
        return result

    def _tell_unsaid(self, whole: Tool, fitted: Tool, place: Place) -> None:
        """Say which sentences are left out, those apart that limit what may be done."""
        gone = list(unsaid(whole, fitted))
        for code, left in (
            ("limit-left-out", [each for each in gone if each.worth is Worth.LIMIT]),
            ("words-left-out", [each for each in gone if each.worth is not Worth.LIMIT]),
        ):
            if left:
                first = left[0]
                where = f" of {first.holder!r}" if first.holder != OPERATION else ""
                more = f", and {len(left) - 1} more" if len(left) > 1 else ""
                quoted = clip(first.text, QUOTED)
                self._report.say(code, place, f'{whole["name"]}{where}: "{quoted}"{more}')

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

    def _apply(self, number: int, step: Shortening, tool: Tool, count: float) -> Tool:
        """The tool after a step, which is taken for the largest arguments first and for no more of
        them than it needs."""
        parameters = tool["parameters"]
        properties = parameters["properties"]
        if step.described is not None:
            return {**tool, "description": step.described(tool["description"])}
        if step.together is not None:
            changed = step.together(properties)
        else:
            changed = dict(properties)
            costs = {name: self._cost(name, each) for name, each in properties.items()}
            for name in sorted(costs, key=lambda name: -costs[name]):
                if count <= self._limit * MARGIN:
                    break
                if step.among == "all" or name not in parameters["required"]:
                    changed[name] = self._shorter(number, step, properties[name])
                    count += self._cost(name, changed[name]) - costs[name]
        return {**tool, "parameters": {**parameters, "properties": changed}}

    def _shorter(self, number: int, step: Shortening, schema: Schema) -> Schema:
        known = self._shortened.get((number, id(schema)))
        if known is None:
            known = schema, step.alone(schema)
            self._shortened[number, id(schema)] = known
        return known[1]
