"""What overlays have given, by the tools that it is about, for a page to show beside them.

Imports `diagnostics`, `read`, and `arguments` and `subject` of this room.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from toolbind.diagnostics import Diagnostic, Place
from toolbind.explore.arguments import pretty
from toolbind.explore.subject import Background
from toolbind.read.pointers import MISSING, split

LIMIT = 300
"""Characters of a value that are shown."""

Json = dict[str, Any]


def by_tool(background: Background | None) -> Mapping[str, list[Json]]:
    """What overlays have given inside an operation, around it, or in what its arguments refer to;
    each as a finding is shown, with its place in the overlay."""
    found: dict[str, list[Json]] = {}
    if background is None:
        return found
    document = background.document
    given = document.overlaid()
    file = document.root.file
    bare = [Diagnostic("overlay", Place(file, pointer), pointer) for pointer in given]
    shown = {each.message: each.place for each in document.located(bare)}
    for name, operation in background.operations.items():
        parts = [operation.pointer, *(each.pointer for each in operation.arguments)]
        for pointer in _about(given, parts):
            change = {
                "severity": "overlay",
                "message": _words(pointer, document.value(pointer), operation.pointer),
                "place": str(shown[pointer]),
            }
            found.setdefault(name, []).append(change)
    return found


def _about(given: Iterable[str], parts: Iterable[str]) -> Iterator[str]:
    """The places among those given that lie in one of these parts, or that hold one."""
    inside = tuple(f"{each}/" for each in parts)
    for pointer in given:
        within = f"{pointer}/"
        if within.startswith(inside) or any(each.startswith(within) for each in inside):
            yield pointer


def _words(pointer: str, value: Any, operation: str) -> str:
    tokens = split(pointer.removeprefix(operation) if pointer.startswith(operation) else pointer)
    where = " / ".join(tokens[-4:]) or "the operation"
    if value is MISSING:
        return where
    text = value if isinstance(value, str) else pretty(value)
    return f"{where}: {text if len(text) <= LIMIT else text[:LIMIT] + '…'}"
