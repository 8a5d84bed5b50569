"""Methods of the client classes: signature, docstring, and the one statement that delegates.

Imports `ir` and the files of this room that print.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from toolbind import ir
from toolbind.present.hints import Hint, Spelling, annotation, flat, hint, names, union
from toolbind.present.layout import COLUMNS, STEP, block, fits
from toolbind.present.literals import Source, docstring, identifier, parameter, quoted
from toolbind.present.prose import cut, ended, sentence, wrapped

INDENT = STEP
BODY = INDENT + STEP

TAKES = Spelling(namespace="types.", binary="FileInput")
"""Hints of parameters: bytes may also come as text, as a `data:` URL or as an open file."""

GIVES = Spelling(namespace="types.")
"""Hints of what a method returns."""

_UNSET = Source("Unset")


@dataclass(frozen=True, slots=True)
class Method:
    """One method, ready to print: each part begins at its own indentation."""

    signature: Source
    docstring: Source
    statement: Source


@dataclass(frozen=True, slots=True)
class Twins:
    """The methods of one operation in both clients, and every name that their hints use."""

    method: Method
    async_method: Method
    names: frozenset[str]


def twins(operation: ir.Operation) -> Twins:
    outline = _outline(operation)
    told = docstring(_documentation(operation), BODY)
    return Twins(
        Method(outline.signature("def"), told, outline.statement("self._call")),
        Method(outline.signature("async def"), told, outline.statement("await self._call")),
        outline.names,
    )


# --- code --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Outline:
    """What both twins have in common, laid out once.

    `joined` are the parameters on one line, `laid` the same with a line each if one is too short.
    `returns` and `end` are what comes after them, on one line and as it is broken.
    """

    name: Source
    joined: str
    laid: tuple[str, ...]
    returns: str
    end: Source
    arguments: tuple[tuple[str, Source], ...]
    gives: bool
    names: frozenset[str]

    def signature(self, keyword: str) -> Source:
        """`def name(self, *, ...) -> ...:`"""
        start = f"{keyword} {self.name}("
        line = f"{start}{self.joined}{self.returns}"
        if fits(line, INDENT):
            return Source(line)
        return block(start, self.laid or (self.joined,), self.end, INDENT)

    def statement(self, call: str) -> Source:
        """`return self._call("name", argument=argument, ...)`; nothing is returned for None."""
        call = f"return {call}(" if self.gives else f"{call}("
        plain = [(name, spelt) for name, spelt in self.arguments if name == spelt]
        given = [quoted(self.name), *(f"{name}={spelt}" for name, spelt in plain)]
        others = [f"{quoted(name)}: {spelt}" for name, spelt in self.arguments if name != spelt]
        given += [f"**{{{', '.join(others)}}}"] if others else []
        joined = ", ".join(given)
        line = f"{call}{joined})"
        if fits(line, BODY):
            return Source(line)
        if fits(joined, BODY + STEP):
            return block(call, [joined], ")", BODY)
        return block(call, [f"{each}," for each in given], ")", BODY)


def _outline(operation: ir.Operation) -> _Outline:
    parameters = [_parameter(each) for each in _ordered(_taken(operation))]
    returns = hint(operation.returns, GIVES)
    end = annotation(returns, INDENT, ") -> ", ":", wrap=False)
    listed = ["self", "*", *(each.flat for each in parameters)] if parameters else ["self"]
    joined = ", ".join(listed)
    in_one_line = parameters and fits(joined, BODY) and "\n" not in end
    return _Outline(
        name=identifier(operation.name),
        joined=joined,
        laid=() if in_one_line else _laid(parameters),
        returns=f") -> {flat(returns)}:",
        end=end,
        arguments=tuple((each.argument, each.name) for each in parameters),
        gives=operation.returns != ir.Plain("None"),
        names=frozenset(
            name for each in (returns, *(one.hint for one in parameters)) for name in names(each)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Parameter:
    argument: str
    name: Source
    hint: Hint
    default: str

    @property
    def flat(self) -> str:
        return f"{self.name}: {flat(self.hint)}{self.default}"


def _taken(operation: ir.Operation) -> Sequence[ir.Argument]:
    """What the method takes: all that the tool has, and what is hidden from models only."""
    return (*operation.arguments, *operation.hidden)


def _ordered(arguments: Sequence[ir.Argument]) -> list[ir.Argument]:
    """In the order of the document, but required ones first, as a caller reads them."""
    return sorted(arguments, key=lambda each: not each.required)


def _parameter(argument: ir.Argument) -> _Parameter:
    spelt = hint(argument.type, TAKES)
    name = parameter(argument.name)
    if argument.required:
        return _Parameter(argument.name, name, spelt, "")
    return _Parameter(argument.name, name, union((spelt, _UNSET)), " = UNSET")


def _laid(parameters: Sequence[_Parameter]) -> tuple[str, ...]:
    """A line for each parameter, or more where its hint is long."""
    if not parameters:
        return ("self,",)
    lines = (
        annotation(each.hint, BODY, f"{each.name}: ", f"{each.default},", wrap=False)
        for each in parameters
    )
    return ("self,", "*,", *lines)


# --- documentation -----------------------------------------------------------------------------


def _summary(operation: ir.Operation) -> str:
    said = operation.summary or sentence(operation.description)
    return ended(said) or f"{operation.method.upper()} {operation.wire_path}"


def _documentation(operation: ir.Operation) -> list[str]:
    """What it does, and its arguments; the tool tells all about them."""
    text = ended(operation.description) or _summary(operation)
    lines = wrapped(text, COLUMNS - BODY, first=3)
    if operation.deprecated and "deprecated" not in text.lower():
        lines += ["", "Deprecated."]
    told = [each for each in _ordered(_taken(operation)) if not _is_plain(each)]
    if told:
        lines += ["", "Args:"]
    for each in told:
        lines += _about(each)
    return lines


def _is_plain(argument: ir.Argument) -> bool:
    """Whether all that is said about an argument is its name, which the signature has."""
    said = _said(argument).rstrip(".").casefold()
    return said in ("", argument.name.casefold(), argument.name.replace("_", " ").casefold())


def _said(argument: ir.Argument) -> str:
    """What is said of an argument, but that it is optional: the signature tells that."""
    text: str = argument.schema.get("description") or ""
    return text.removeprefix(ir.OPTIONAL).strip()


def _about(argument: ir.Argument) -> list[str]:
    """The name of an argument and the first sentence about it, on two lines at most."""
    said = sentence(_said(argument))
    width = COLUMNS - BODY - STEP
    first, *rest = wrapped(f"{parameter(argument.name)}: {said}", width)
    more = [f"{'':8}{cut(' '.join(rest), width - STEP)}"] if rest else []
    return [f"    {first}", *more]
