"""compare(): composes the rest of the room."""

from __future__ import annotations

from collections.abc import Iterator

from toolbind import ir
from toolbind.compare import clients, definitions, operations, pairs
from toolbind.compare.changes import Change, Comparison
from toolbind.compare.definitions import Direction
from toolbind.compare.typing import Types


def compare(old: ir.Api, new: ir.Api) -> Comparison:
    """All that differs between two states of an API, in a stable order; nothing if nothing does."""
    return Comparison(
        tuple(_changes(old, new)),
        sum(each.tokens for each in old.operations),
        sum(each.tokens for each in new.operations),
        len(old.operations),
        len(new.operations),
    )


def _changes(old: ir.Api, new: ir.Api) -> Iterator[Change]:
    yield from clients.differences(old, new)
    found = pairs.operations(old.operations, new.operations)
    yield from map(operations.removed, found.gone)
    known = definitions.by_name(old.types), definitions.by_name(new.types)
    requests, answers = Types(*known), Types(*known)
    for one, other in found.both:
        yield from operations.differences(operations.Pair(one, other), requests, answers)
    yield from map(operations.added, found.new)
    sides: tuple[tuple[Types, Direction], ...] = ((requests, "request"), (answers, "answer"))
    for types, direction in sides:
        users = definitions.users(new, direction)
        yield from definitions.differences(types, direction, users)
