"""Type hints: from the IR's types to what a signature or a TypedDict says, laid out as black would.

Imports `ir`, `literals` and `layout`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from toolbind import ir
from toolbind.present.layout import STEP, block, fits, measurable
from toolbind.present.literals import Source, identifier, plain_quoted, scalar_literal

PLAIN = ("Any", "None", "bool", "bytes", "float", "int", "object", "str")
"""What `ir.Plain` may name."""

NESTING_LIMIT = 20
"""Types that may stand inside each other in one hint."""


@dataclass(frozen=True, slots=True)
class Subscript:
    """`head[items]`."""

    head: str
    items: tuple[Hint, ...]


@dataclass(frozen=True, slots=True)
class Union:
    """`first | second`; two options at least, none of them a union."""

    options: tuple[Hint, ...]


Hint = Source | Subscript | Union


# --- from the IR -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spelling:
    """How hints of one file name what is not the same everywhere."""

    namespace: str = ""
    """What stands before the name of a defined type."""
    binary: str = "bytes"
    """What bytes are called: what comes in may be more than what goes out."""


def hint(ref: ir.TypeRef, spelling: Spelling, levels: int = NESTING_LIMIT) -> Hint:
    """The hint of a type; what is nested deeper than `levels` is `Any`."""
    if levels == 0:
        return Source("Any")
    match ref:
        case ir.Plain(name):
            if name not in PLAIN:
                raise ValueError(f"no plain type: {name!a}")
            return Source(spelling.binary if name == "bytes" else name)
        case ir.Named(name):
            return Source(spelling.namespace + identifier(name))
        case ir.Listed(item):
            return Subscript("list", (hint(item, spelling, levels - 1),))
        case ir.Mapped(value):
            return Subscript("dict", (Source("str"), hint(value, spelling, levels - 1)))
        case ir.Choice(values):
            return _choice(values)
        case ir.Either(options):
            return union(hint(option, spelling, levels - 1) for option in options)


def _choice(values: tuple[str | int | bool | None, ...]) -> Hint:
    """`Literal[...]`, and None beside it: as linters want it."""
    said = tuple(_chosen(value) for value in values if value is not None)
    none = (_NONE,) if None in values else ()
    return union([*([Subscript("Literal", said)] if said else []), *none])


def _chosen(value: str | int | bool) -> Source:
    said = scalar_literal(value)
    return said if measurable(said) else plain_quoted(str(value))


_NONE = Source("None")


def union(options: Iterable[Hint]) -> Hint:
    """One hint of several, without repetition, None last."""
    several: list[Hint] = []
    for option in options:
        several += option.options if isinstance(option, Union) else (option,)
    distinct = tuple(sorted(dict.fromkeys(several), key=lambda each: each == _NONE))
    return distinct[0] if len(distinct) == 1 else Union(distinct)


def names(hint: Hint) -> Iterator[str]:
    """Every name that a hint uses: `list`, `Literal`, `types.Pet`, ..."""
    match hint:
        case Subscript("Literal"):
            yield "Literal"
        case Subscript(head, items):
            yield head
            for item in items:
                yield from names(item)
        case Union(options):
            for option in options:
                yield from names(option)
        case _:
            yield hint


# --- on the page -------------------------------------------------------------------------------


def flat(hint: Hint) -> str:
    """The hint on one line."""
    match hint:
        case Subscript(head, items):
            return f"{head}[{', '.join(map(flat, items))}]"
        case Union(options):
            return " | ".join(map(flat, options))
        case _:
            return hint


def annotation(hint: Hint, indent: int, before: str, after: str, *, wrap: bool) -> Source:
    """`before`, the hint, `after`, where black may set parentheses around a long union.

    `wrap` says whether it may do so around a single name as well.
    """
    line = f"{before}{flat(hint)}{after}"
    if fits(line, indent) or not (wrap or isinstance(hint, Subscript | Union)):
        return Source(line)
    if isinstance(hint, Subscript):
        return Source("".join(broken(hint, indent, before, after)))
    return block(f"{before}(", broken(hint, indent + STEP, "", ""), f"){after}", indent)


def broken(hint: Hint, indent: int, before: str, after: str) -> list[str]:
    """The hint where brackets stand around it already, as lines that begin at `indent`."""
    line = f"{before}{flat(hint)}{after}"
    if fits(line, indent):
        return [line]
    match hint:
        case Union(options):
            last = len(options) - 1
            return [
                each
                for index, option in enumerate(options)
                for each in broken(
                    option,
                    indent,
                    "| " if index else before,
                    after if index == last else "",
                )
            ]
        case Subscript(head, items):
            lines = _items(items, indent + STEP)
            return [block(f"{before}{head}[", lines, f"]{after}", indent)]
        case _:
            return [line]


def _items(items: tuple[Hint, ...], indent: int) -> list[str]:
    if len(items) == 1:
        return broken(items[0], indent, "", "")
    joined = ", ".join(map(flat, items))
    if fits(joined, indent):
        return [joined]
    return [each for item in items for each in broken(item, indent, "", ",")]
