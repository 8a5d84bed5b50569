"""A large program parsed in parts, one after the other: the tree of a whole one would take fifty
times the room of its text.

Two programs that are whole by themselves are one program when they stand below each other, and so
it is with the statements of a class and the items of a display. A cut in a wrong place, inside a
string or brackets, leaves a part that is not whole, and shows itself by that.
Imports nothing of the package.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

SIZE = 200_000
"""Characters of a part, about."""

_BETWEEN_STATEMENTS = re.compile(r"\n\n(?=\S)")
_BETWEEN_ITEMS = re.compile(r"\n(?=    [^\s)\]}])")
_ENDS = {":": "", "[": "\n]", "{": "\n}"}


def parsed(text: str) -> Iterator[ast.stmt]:
    """The statements of a program; a large class or display comes as several with the same head.

    Raises SyntaxError if `text` is no program, or if no way was found to cut it.
    """
    yield from _trees(_BETWEEN_STATEMENTS.split(text), "\n\n", "", "")


def _trees(parts: Iterable[str], between: str, head: str, end: str) -> Iterator[ast.stmt]:
    """What the parts say between `head` and `end`. One that is not whole goes on in the next."""
    begun = ""
    for group in _grouped(parts, between):
        begun = f"{begun}{between}{group}" if begun else group
        if len(begun) > 2 * SIZE and not head:
            yield from _of_large_statement(begun)
            begun = ""
            continue
        try:
            body = ast.parse(f"{head}{begun}{end}").body
        except SyntaxError:
            if len(begun) > 8 * SIZE:
                raise
        else:
            yield from body
            begun = ""
    if begun:
        yield from ast.parse(f"{head}{begun}{end}").body


def _of_large_statement(text: str) -> Iterator[ast.stmt]:
    head, _, rest = text.partition("\n")
    end = _ENDS.get(head[-1:])
    if end is None or not rest.endswith(end):
        yield from ast.parse(text).body
        return
    inside = _BETWEEN_ITEMS.split(rest.removesuffix(end))
    yield from _trees(inside, "\n", f"{head}\n", end)


def _grouped(parts: Iterable[str], between: str) -> Iterator[str]:
    """The parts in groups of about `SIZE`; one that is larger comes alone."""
    group: list[str] = []
    size = 0
    for part in parts:
        if group and size + len(part) > SIZE:
            yield between.join(group)
            group, size = [], 0
        group.append(part)
        size += len(part)
    yield between.join(group)
