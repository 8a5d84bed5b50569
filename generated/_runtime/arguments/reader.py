"""The arguments of one tool: read, mended, validated, and explained where they do not fit.

Whatever the model sends is taken against the closed list of the tool's parameters. What is
certain is mended; everything else is refused with one message that says where, what was expected,
what came, and what the whole should look like. Pure. `mending` is imported after a first failure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..basics.json_repair import UnreadableArgumentsError, read_arguments
from ..basics.json_values import json_type, whole_numbers
from ..basics.nearest import close_names, same_names
from ..basics.text import quoted
from ..contract import BodyRow, ValueRow
from ..errors import ArgumentError
from .together import BODY, BodyCheck
from .validation import Check, Path, Problem, Schema, compile_schema

PROBLEM_LIMIT = 10
"""Problems told at once."""

CHOICE_LIMIT = 20
"""Allowed values told for one problem."""

_OWN_KEYWORDS = frozenset({"type", "properties", "required", "additionalProperties"})


class ArgumentReader:
    """What the arguments of one tool must look like; made once for each tool."""

    __slots__ = (
        "_also",
        "_body",
        "_checks",
        "_name",
        "_others",
        "_required",
        "_rest",
        "_schemas",
        "_wires",
    )

    def __init__(
        self,
        name: str,
        parameters: Mapping[str, Any],
        rows: Mapping[str, ValueRow],
        body: BodyRow | None = None,
    ) -> None:
        self._name = name
        self._body = BodyCheck(body, rows)
        self._others = next((n for n, r in rows.items() if r["in"] == "members"), "")
        self._schemas: Mapping[str, Schema] = {
            argument: _checked(schema, rows.get(argument))
            for argument, schema in parameters.get("properties", {}).items()
        }
        self._required: tuple[str, ...] = tuple(parameters.get("required", ()))
        self._wires = {
            argument: row["wire"] for argument, row in rows.items() if "wire" in row
        }
        self._also = {
            argument: frozenset(row["also"])
            for argument, row in rows.items()
            if "also" in row
        }
        self._checks: dict[str, Check] = {
            argument: self._check(argument, schema)
            for argument, schema in self._schemas.items()
        }
        rest = {key: parameters[key] for key in parameters if key not in _OWN_KEYWORDS}
        self._rest = compile_schema(rest)

    def read(self, given: object) -> dict[str, Any]:
        """The arguments, ready to be sent.

        `given` is an object or JSON text of one. Raises ArgumentError, whose message is meant
        for the model.
        """
        try:
            arguments = read_arguments(given)
        except UnreadableArgumentsError as error:
            raise ArgumentError(
                f"{error}. Nothing was sent.", (str(error),), self.example({})
            ) from None
        if self._body.is_null(arguments):
            rest = {name: each for name, each in arguments.items() if name != BODY}
            if self._body.not_about(self._problems(rest)) == []:
                return arguments
        problems = self._problems(arguments)
        if problems:
            arguments = self._mend(arguments)
            problems = self._problems(arguments)
            if problems:
                raise self._refusal(arguments, problems)
        return {name: whole_numbers(value) for name, value in arguments.items()}

    def refusal(
        self, arguments: Mapping[str, Any], name: str, why: str
    ) -> ArgumentError:
        """The error for an argument that fits its schema and still cannot be sent."""
        problem = Problem((name,), "unsendable", why, arguments.get(name))
        return self._refusal(arguments, [problem])

    def _check(self, name: str, schema: Schema) -> Check:
        inner = compile_schema(schema)
        also = self._also.get(name)
        if also is None:
            return inner

        def check(value: Any, path: Path, out: list[Problem]) -> None:
            kind = json_type(value)
            if kind not in also and not (kind == "integer" and "number" in also):
                inner(value, path, out)

        return check

    def _problems(self, arguments: Mapping[str, Any]) -> list[Problem]:
        problems: list[Problem] = []
        checks = self._checks
        for name, value in arguments.items():
            check = checks.get(name)
            if check is None:
                problems.append(
                    Problem(
                        (name,), "unknown", "no such argument", value, tuple(checks)
                    )
                )
            else:
                check(value, (name,), problems)
        for name in self._required:
            if name not in arguments:
                expected = _type_of(self._schemas.get(name, True))
                problems.append(Problem((name,), "required", expected, None))
        self._rest(arguments, (), problems)
        return problems or self._body.problems(arguments)

    def _mend(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        from .levels import moved
        from .mending import mend

        arguments = self._meant(arguments)
        arguments = moved(arguments, self._schemas, self._required, self._others)
        mended: dict[str, Any] = {}
        for name, value in arguments.items():
            schema = self._schemas.get(name, True)
            if json_type(value) in self._also.get(name, ()):
                mended[name] = value
            elif (
                value is not None or name in self._required or name not in self._schemas
            ):
                mended[name] = mend(value, schema)
        return mended

    def _meant(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments under their own names, where they came under those that they have on the
        wire, or in another spelling."""
        free = [name for name in self._schemas if name not in arguments]
        unknown = [name for name in arguments if name not in self._schemas]
        meant = same_names(unknown, [(name, name) for name in free])
        unknown = [name for name in unknown if name not in meant]
        left = [name for name in free if name not in meant.values()]
        wires = [(self._wires.get(name, name), name) for name in left]
        meant |= same_names(unknown, wires)
        return {meant.get(name, name): value for name, value in arguments.items()}

    def _refusal(
        self, arguments: Mapping[str, Any], problems: list[Problem]
    ) -> ArgumentError:
        lines = tuple(explain(problem) for problem in problems[:PROBLEM_LIMIT])
        more = len(problems) - len(lines)
        if more > 0:
            lines += (f"and {more} more problems",)
        text = (
            f"The arguments for {self._name} do not fit; nothing was sent.\n"
            + "\n".join(f"- {line}" for line in lines)
        )
        wrong = {problem.path[0] for problem in problems if problem.path}
        right = {
            name: value
            for name, value in arguments.items()
            if name not in wrong and name in self._schemas
        }
        return ArgumentError(text, lines, self.example(right, wrong))

    def example(
        self, right: Mapping[str, Any], wrong: Iterable[str | int] = ()
    ) -> dict[str, Any]:
        """Minimal arguments: what was right, and placeholders for the rest that is needed."""
        wanted = {*right, *self._required, *(str(name) for name in wrong)}
        return {
            name: right[name] if name in right else placeholder(schema)
            for name, schema in self._schemas.items()
            if name in wanted
        }


def _checked(schema: Any, row: ValueRow | None) -> Any:
    """The schema with the keywords that are not offered, each at its place."""
    checks = row.get("checks", {}) if row is not None else {}
    for place, keywords in checks.items():
        schema = _with(schema, place.split("/")[1:], keywords)
    return schema


def _with(schema: Any, steps: list[str], keywords: Mapping[str, Any]) -> Any:
    if not steps:
        return {**schema, **keywords}
    step = steps[0].replace("~1", "/").replace("~0", "~")
    if isinstance(schema, list):
        place = int(step)
        inner = _with(schema[place], steps[1:], keywords)
        return [*schema[:place], inner, *schema[place + 1 :]]
    return {**schema, step: _with(schema[step], steps[1:], keywords)}


def explain(problem: Problem) -> str:
    """One line: where, what was expected, what came, what would do."""
    where = path_text(problem.path) or "arguments"
    if problem.keyword in ("required", "dependentRequired"):
        return f"{where}: missing; expected {problem.expected}"
    received = quoted(problem.received)
    if problem.keyword == "unknown":
        near = _near(str(problem.path[-1]), problem.allowed)
        known = _choices(problem.allowed)
        hint = (
            f" Did you mean {near}?" if near else f" Known: {known}." if known else ""
        )
        return f"{where}: {problem.expected}.{hint}"
    if problem.keyword == "unsendable":
        return f"{where}: {problem.expected}; got {received}"
    expected = problem.expected
    if problem.allowed:
        expected = f"one of {_choices(problem.allowed)}"
    near = _near(problem.received, problem.allowed)
    hint = f". Did you mean {near}?" if near else ""
    return f"{where}: expected {expected}; got {received}{hint}"


def path_text(path: Path) -> str:
    """`filters[0].status`."""
    parts = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    return quoted("".join(parts).removeprefix("."), 200)[1:-1]


def _near(received: Any, allowed: tuple[Any, ...]) -> str:
    if not isinstance(received, str):
        return ""
    near = close_names(received, [each for each in allowed if isinstance(each, str)])
    return quoted(near[0]) if near else ""


def _choices(allowed: tuple[Any, ...]) -> str:
    shown = ", ".join(quoted(each) for each in allowed[:CHOICE_LIMIT])
    more = len(allowed) - CHOICE_LIMIT
    return f"{shown} and {more} more" if more > 0 else shown


def _type_of(schema: Schema) -> str:
    kind = "a value" if isinstance(schema, bool) else schema.get("type", "a value")
    return kind if isinstance(kind, str) else " or ".join(kind)


def placeholder(schema: Schema, depth: int = 0) -> Any:
    """A value that shows the form that a schema wants; valid where that is easy."""
    if isinstance(schema, bool):
        return None
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    if "default" in schema:
        return schema["default"]
    kind = _type_of(schema).partition(" or ")[0]
    if kind == "object" and depth < 4:
        members = schema.get("properties", {})
        return {
            name: placeholder(members.get(name, True), depth + 1)
            for name in schema.get("required", ())
        }
    if kind == "array" and depth < 4:
        return [placeholder(schema["items"], depth + 1)] if "items" in schema else []
    number = schema.get("minimum", schema.get("maximum", 0))
    simple = {"string": "<string>", "integer": number, "number": number}
    return simple.get(kind, {"boolean": False, "array": [], "object": {}}.get(kind))
