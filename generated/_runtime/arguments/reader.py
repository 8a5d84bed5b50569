"""The arguments of one tool: read, mended, validated, and explained where they do not fit.

Whatever the model sends is taken against the closed list of the tool's parameters. What is
certain is mended; everything else is refused with one message that says where, what was expected,
what came, and what the whole should look like. Pure. `mending` is imported after a first failure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..basics.json_repair import UnreadableArgumentsError, read_arguments
from ..basics.json_values import json_type, whole_numbers
from ..basics.nearest import close_names, same_names
from ..contract import BodyRow, ValueRow
from ..errors import ArgumentError
from .explaining import CHOICE_LIMIT, explain, type_of
from .together import BODY, BodyCheck
from .validation import Check, Path, Problem, Schema, compile_schema

PROBLEM_LIMIT = 10
"""Problems told at once."""

_OWN_KEYWORDS = frozenset({"type", "properties", "required", "additionalProperties"})


class Reading(NamedTuple):
    """What was read: the arguments, and the names of those that were left out."""

    values: dict[str, Any]
    ignored: tuple[str, ...] = ()


class ArgumentReader:
    """What the arguments of one tool must look like; made once for each tool."""

    __slots__ = (
        "_also",
        "_body",
        "_checks",
        "_lenient",
        "_name",
        "_others",
        "_required",
        "_rest",
        "_rows",
        "_schemas",
        "_wires",
    )

    def __init__(
        self,
        name: str,
        parameters: Mapping[str, Any],
        rows: Mapping[str, ValueRow],
        body: BodyRow | None = None,
        *,
        reads: bool = False,
    ) -> None:
        """`reads`: a call changes nothing."""
        self._name = name
        self._rows = rows
        self._lenient = reads or not parameters.get("properties")
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
        """The arguments, ready to be sent. Raises ArgumentError as `reading` does."""
        return self.reading(given).values

    def reading(self, given: object) -> Reading:
        """The arguments, ready to be sent, and what of them is not.

        `given` is an object or JSON text of one. Raises ArgumentError, whose message is meant
        for the model.
        """
        try:
            arguments = read_arguments(given)
        except UnreadableArgumentsError as error:
            example, placeholders = self._example({}, self._problems({}))
            raise ArgumentError(
                f"{error}. Nothing was sent.", (str(error),), example, placeholders
            ) from None
        if self._body.is_null(arguments):
            rest = {name: each for name, each in arguments.items() if name != BODY}
            if self._body.not_about(self._problems(rest)) == []:
                return Reading(arguments)
        ignored: tuple[str, ...] = ()
        problems = self._problems(arguments)
        if problems:
            arguments = self._mend(arguments)
            problems = self._problems(arguments)
            ignored = self._to_ignore(arguments, problems)
            if problems and len(ignored) < len(problems):
                raise self._refusal(arguments, problems)
        return Reading(
            {
                name: whole_numbers(value)
                for name, value in arguments.items()
                if name not in ignored
            },
            ignored,
        )

    def _to_ignore(
        self, arguments: Mapping[str, Any], problems: list[Problem]
    ) -> tuple[str, ...]:
        """What is no argument, and does no harm left out: of reads, and of tools that have none.
        What is spelt like an argument that is not given is rather told."""
        if not self._lenient:
            return ()
        left = [name for name in self._schemas if name not in arguments]
        return tuple(
            str(each.path[0])
            for each in problems
            if each.keyword == "unknown"
            and len(each.path) == 1
            and not close_names(str(each.path[0]), left)
        )

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
        words = self._rows[name].get("words")

        def check(value: Any, path: Path, out: list[Problem]) -> None:
            kind = json_type(value)
            if kind == "string" and words is not None:
                if value not in words:
                    found: list[Problem] = []
                    inner(value, path, found)
                    out += [
                        each._replace(expected=_or(each.expected, words))
                        for each in found
                    ]
            elif kind not in also and not (kind == "integer" and "number" in also):
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
                expected = type_of(self._schemas.get(name, True))
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
                mended[name] = self._word(name, value)
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

    def _word(self, name: str, value: Any) -> Any:
        """A value of another type than the one shown: of texts, one of the words, else what it
        spells."""
        words = self._rows[name].get("words")
        if words is None or not isinstance(value, str) or value in words:
            return value
        from .mending import mend

        spelt = value.strip().casefold()
        same = [each for each in words if each.casefold() == spelt]
        return same[0] if len(same) == 1 else mend(value, self._schemas[name])

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
        example, placeholders = self._example(arguments, problems)
        return ArgumentError(text, lines, example, placeholders)

    def _example(
        self, arguments: Mapping[str, Any], problems: list[Problem]
    ) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
        """Arguments that pass, and which of them stand for what only the caller knows."""
        from .showing import Showing

        showing = Showing(self._schemas, self._required, self._rows, self._problems)
        return showing.example(arguments, problems)


def _or(expected: str, words: list[str]) -> str:
    shown = ", ".join(f'"{word}"' for word in words[:CHOICE_LIMIT])
    return (
        f"{expected} or one of {shown}" if len(words) > 1 else f"{expected} or {shown}"
    )


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
