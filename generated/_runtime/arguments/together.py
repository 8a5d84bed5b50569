"""What the arguments of a body must be together: a body whose members are arguments of their own.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..contract import BodyRow, ValueRow
from .validation import Check, Problem, compile_schema

BODY = "body"
"""What a call names that gives null in place of the members of a body."""

NAMES_TOLD = 10
"""Members that are named where any of them would do."""


class BodyCheck:
    """Made once for each tool; asks nothing of bodies that are one argument."""

    __slots__ = ("_checks", "_names", "_null", "_required")

    def __init__(self, body: BodyRow | None, rows: Mapping[str, ValueRow]) -> None:
        row: BodyRow = body or {"media_type": ""}
        self._names = frozenset(
            name for name, each in rows.items() if each["in"] in ("body", "file")
        )
        self._required = row.get("required", False)
        self._null = row.get("null", False) and BODY not in rows
        self._checks: list[Check] = [
            compile_schema(each) for each in row.get("demands", ())
        ]

    def is_null(self, arguments: Mapping[str, Any]) -> bool:
        """Whether null is given for the body, which may be that, and nothing of its members."""
        null = self._null and arguments.get(BODY, 0) is None
        return null and not self._names & arguments.keys()

    def not_about(self, problems: list[Problem]) -> list[Problem]:
        """Those of other arguments."""
        return [each for each in problems if each.path[:1][0] not in self._names]

    def problems(self, arguments: Mapping[str, Any]) -> list[Problem]:
        found: list[Problem] = []
        if self._checks:
            given = {n: each for n, each in arguments.items() if n in self._names}
            if given or self._required:
                for check in self._checks:
                    check(given, (), found)
        return [self._named(each) for each in found]

    def _named(self, problem: Problem) -> Problem:
        """How many members are wanted: of which, as they have no common name in a call."""
        if problem.path or not problem.keyword.endswith("Properties"):
            return problem
        names = sorted(self._names)
        listed = ", ".join(names[:NAMES_TOLD]) + ("..." * (len(names) > NAMES_TOLD))
        count = problem.expected.removesuffix(" members")
        return problem._replace(expected=f"{count} of {listed}")
