"""The example that goes with a refusal: a whole call that passes.

What the model gave and fits stays. What did not fit is put right where one value was meant, left
out where it may be, and else stands for what only the model knows: the document's own example, or
something made up, both named as placeholders. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..contract import ValueRow
from .examples import NOTHING, fits, made
from .explaining import near
from .validation import Path, Problem, Schema

ROUNDS = 8
"""How often what is still missing is added."""


class Showing:
    """Made for one refusal. `check` finds what is wrong with a whole call."""

    def __init__(
        self,
        schemas: Mapping[str, Schema],
        required: tuple[str, ...],
        rows: Mapping[str, ValueRow],
        check: Callable[[Mapping[str, Any]], list[Problem]],
    ) -> None:
        self._schemas = schemas
        self._required = required
        self._rows = rows
        self._check = check
        self._made: dict[str, None] = {}

    def example(
        self, arguments: Mapping[str, Any], problems: list[Problem]
    ) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
        """The call, None where none is found, and the names of its placeholders."""
        wrong = {each.path[0] for each in problems if each.path}
        shown = {
            name: value
            for name, value in arguments.items()
            if name not in wrong and name in self._schemas
        }
        for each in problems:
            if each.path and each.keyword != "required":
                self._put_right(shown, arguments, each.path[0], problems)
        for name in self._required:
            if name not in shown and not self._make(shown, name):
                return None, ()
        for _ in range(ROUNDS):
            left = self._check(shown)
            if not left:
                named = {name: shown[name] for name in self._schemas if name in shown}
                return named, tuple(name for name in named if name in self._made)
            if not self._add(shown, left[0]):
                break
        return None, ()

    def _put_right(
        self,
        shown: dict[str, Any],
        arguments: Mapping[str, Any],
        name: str | int,
        problems: list[Problem],
    ) -> None:
        """Take in an argument that did not fit, with what was meant in place of what came."""
        value = arguments.get(str(name))
        for problem in problems:
            if problem.path[:1] != (name,):
                continue
            meant = near(_last(problem), problem.allowed)
            if not meant:
                return
            if problem.keyword != "unknown":
                value = _with(value, problem.path[1:], meant)
            elif len(problem.path) > 1:
                value = _renamed(value, problem.path[1:], meant)
            elif meant not in arguments:
                name = meant
        schema = self._schemas.get(str(name))
        if schema is not None and name not in shown and fits(value, schema):
            shown[str(name)] = value

    def _make(self, shown: dict[str, Any], name: str) -> bool:
        schema = self._schemas.get(name, True)
        row = self._rows.get(name)
        value = NOTHING if row is None else row.get("example", NOTHING)
        if value is NOTHING or not fits(value, schema):
            value = made(schema)
        if value is NOTHING:
            return False
        shown[name] = value
        self._made[name] = None
        return True

    def _add(self, shown: dict[str, Any], problem: Problem) -> bool:
        """What else is needed, as far as it is an argument."""
        if len(problem.path) == 1 and problem.keyword.lower().endswith("required"):
            name = str(problem.path[0])
            return name not in shown and self._make(shown, name)
        if problem.path or problem.keyword != "minProperties":
            return False
        more = (
            name
            for name, row in self._rows.items()
            if name in self._schemas and name not in shown and row["in"] == "body"
        )
        return any(self._make(shown, name) for name in more)


def _last(problem: Problem) -> Any:
    return problem.path[-1] if problem.keyword == "unknown" else problem.received


def _with(value: Any, path: Path, new: Any) -> Any:
    """The value with something else at a place."""
    if not path:
        return new
    if isinstance(value, Mapping):
        return {
            k: _with(v, path[1:], new) if k == path[0] else v for k, v in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [
            _with(v, path[1:], new) if i == path[0] else v for i, v in enumerate(value)
        ]
    return value


def _renamed(value: Any, path: Path, name: str) -> Any:
    """The value with another name for a member at a place."""
    if len(path) == 1:
        if not isinstance(value, Mapping):
            return value
        return {name if key == path[0] else key: each for key, each in value.items()}
    if isinstance(value, Mapping):
        return {
            k: _renamed(v, path[1:], name) if k == path[0] else v
            for k, v in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [
            _renamed(v, path[1:], name) if i == path[0] else v
            for i, v in enumerate(value)
        ]
    return value
