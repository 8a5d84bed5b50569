"""What bounds a run, and how repetition is noticed. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ..records.exchange import ToolResult, Usage
from ..records.run import StopReason

_MISTAKES = ("bad-arguments", "unknown-tool")


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one run; None is no bound.

    `max_turns` counts answers of the model, `max_calls` calls that run,
    `max_calls_per_turn` calls of one answer (the rest are answered with an error),
    `max_total_tokens` prompt and completion tokens of all answers, `max_cost` US dollars,
    `seconds` the whole run, `call_seconds` one call, `parallel` calls at once (in `arun`;
    `run` makes them one after the other).
    Of `repeats` equal calls without a change the last is not run any more.
    """

    max_turns: int = 8
    max_calls: int = 32
    max_calls_per_turn: int = 16
    max_total_tokens: int | None = None
    max_cost: float | None = None
    seconds: float | None = None
    call_seconds: float | None = None
    parallel: int = 4
    repeats: int = 3

    @property
    def counts_tokens(self) -> bool:
        """Whether there is a bound of tokens or money."""
        return self.max_total_tokens is not None or self.max_cost is not None

    def over(self, usage: Usage, cost: float | None) -> StopReason | None:
        """The bound of tokens or money that `usage` has reached."""
        tokens = self.max_total_tokens
        if tokens is not None and usage.total_tokens >= tokens:
            return "max_total_tokens"
        if self.max_cost is not None and cost is not None and cost >= self.max_cost:
            return "max_cost"
        return None


class Repetition:
    """Notices calls and mistakes that come again and again without a change.

    A read counts while its result stays the same, a write whatever came of it, a mistake
    (arguments that do not fit) while the complaint stays the same, and any mistakes of one
    tool in a row when there are too many.
    """

    def __init__(self, allowed: int) -> None:
        self._allowed = allowed
        self._calls: Counter[str] = Counter()
        self._results: dict[str, str] = {}
        self._mistakes: Counter[str] = Counter()
        self._failures: Counter[str] = Counter()
        self.strikes = 0

    def refusal(self, key: str, name: str, same: int = 0) -> str | None:
        """Why a call should not run once more, for the model; None if it may.

        `same` counts equal calls that are about to run beside it.
        """
        before = self._calls[key] + same
        if before >= self._allowed - 1:
            self.strikes += 1
            return (
                f"Not run: {name} was already called {before} times with these "
                "arguments and nothing changed. Use the result that you have, call it with "
                "other arguments, or answer now."
            )
        if self._failures[name] >= self._allowed + 2:
            self.strikes += 1
            return (
                f"Not run: {name} was called wrongly {self._failures[name]} times in a "
                "row. Answer without it."
            )
        return None

    def note(self, key: str, name: str, result: ToolResult, *, read: bool) -> None:
        """Remember what came of a call."""
        if result.error in _MISTAKES:
            self._failures[name] += 1
            self._mistakes[f"{name} {result.content}"] += 1
            if self._mistakes[f"{name} {result.content}"] >= self._allowed:
                self.strikes += 1
            return
        self._failures[name] = 0
        if read and self._results.get(key) not in (None, result.content):
            self._calls[key] = 0
        self._results[key] = result.content
        self._calls[key] += 1
