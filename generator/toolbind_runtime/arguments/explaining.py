"""What is wrong with arguments, in words: one line for each problem. Pure."""

from __future__ import annotations

from typing import Any

from ..basics.nearest import close_names
from ..basics.text import quoted
from .validation import Path, Problem, Schema

CHOICE_LIMIT = 20
"""Allowed values told for one problem."""


def explain(problem: Problem) -> str:
    """One line: where, what was expected, what came, what would do."""
    where = path_text(problem.path) or "arguments"
    if problem.keyword in ("required", "dependentRequired"):
        return f"{where}: missing; expected {problem.expected}"
    received = quoted(problem.received)
    if problem.keyword == "unknown":
        meant = near(str(problem.path[-1]), problem.allowed)
        known = _choices(problem.allowed)
        hint = f" Known: {known}." if known else ""
        hint = f" Did you mean {quoted(meant)}?" if meant else hint
        return f"{where}: {problem.expected}.{hint}"
    if problem.keyword == "unsendable":
        return f"{where}: {problem.expected}; got {received}"
    expected = problem.expected
    if problem.allowed:
        expected = f"one of {_choices(problem.allowed)}"
    meant = near(problem.received, problem.allowed)
    hint = f". Did you mean {quoted(meant)}?" if meant else ""
    return f"{where}: expected {expected}; got {received}{hint}"


def path_text(path: Path) -> str:
    """`filters[0].status`."""
    parts = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    return quoted("".join(parts).removeprefix("."), 200)[1:-1]


def near(received: Any, allowed: tuple[Any, ...]) -> str:
    """The one of some texts that may have been meant; empty if none."""
    if not isinstance(received, str):
        return ""
    found = close_names(received, [each for each in allowed if isinstance(each, str)])
    return found[0] if found else ""


def _choices(allowed: tuple[Any, ...]) -> str:
    shown = ", ".join(quoted(each) for each in allowed[:CHOICE_LIMIT])
    more = len(allowed) - CHOICE_LIMIT
    return f"{shown} and {more} more" if more > 0 else shown


def type_of(schema: Schema) -> str:
    kind = "a value" if isinstance(schema, bool) else schema.get("type", "a value")
    return kind if isinstance(kind, str) else " or ".join(kind)
