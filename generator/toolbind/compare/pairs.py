"""Which operation of the new API is which of the old. Imports `ir`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from toolbind import ir

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Pairs(Generic[_T]):
    """What stands for each other, what is gone and what is new."""

    both: tuple[tuple[_T, _T], ...]
    gone: tuple[_T, ...]
    new: tuple[_T, ...]


def route(operation: ir.Operation) -> str:
    return f"{operation.method} {operation.wire_path}"


def operations(old: Iterable[ir.Operation], new: Iterable[ir.Operation]) -> Pairs[ir.Operation]:
    """By name, then by method and path, then by method and the path's fixed parts.

    A name that is on another route now is the same operation only if nothing else has its route:
    names are swapped and reused more often than routes.
    """
    olds, news = list(old), list(new)
    found: list[tuple[ir.Operation, ir.Operation]] = []
    for key in (_named_route, _route, _name, _shape):
        found += _matched(olds, news, key)
    order = {id(operation): number for number, operation in enumerate(new)}
    found.sort(key=lambda pair: order.get(id(pair[1]), 0))
    return Pairs(tuple(found), tuple(olds), tuple(news))


def arguments(old: ir.Operation, new: ir.Operation) -> Pairs[ir.Argument]:
    """Those that callers give, hidden ones too: by name and wire name, by the name on the wire, by
    name; in the path by their order."""
    olds, news = [*old.arguments, *old.hidden], [*new.arguments, *new.hidden]
    found: list[tuple[ir.Argument, ir.Argument]] = []
    for key in (
        lambda each: (each.name, each.place, each.wire),
        lambda each: (each.place, each.wire),
        lambda each: each.name,
    ):
        found += _matched(olds, news, key)
    slots = [[each for each in left if each.place == "path"] for left in (olds, news)]
    if len(slots[0]) == len(slots[1]):  # a variable of the path with another name
        for one, other in zip(*slots, strict=True):
            found.append((one, other))
            olds.remove(one)
            news.remove(other)
    return Pairs(tuple(found), tuple(olds), tuple(news))


def _named_route(operation: ir.Operation) -> object:
    return operation.name, _route(operation)


def _route(operation: ir.Operation) -> object:
    return operation.method, operation.wire_path


def _name(operation: ir.Operation) -> object:
    return operation.name


def _shape(operation: ir.Operation) -> object:
    return operation.method, re.sub(r"\{[^{}]*\}", "{}", operation.wire_path)


def _matched(olds: list[_T], news: list[_T], key: object) -> list[tuple[_T, _T]]:
    """Pairs of equal key, where it tells both apart from all others; they leave the lists."""
    assert callable(key)
    by_key: dict[object, tuple[list[_T], list[_T]]] = defaultdict(lambda: ([], []))
    for number, many in enumerate((olds, news)):
        for each in many:
            by_key[key(each)][number].append(each)
    found = []
    for left, right in by_key.values():
        if len(left) == 1 and len(right) == 1:
            found.append((left[0], right[0]))
            olds.remove(left[0])
            news.remove(right[0])
    return found
