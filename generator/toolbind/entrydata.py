"""What is remembered, as sealed JSON and back: whatever was not written here is not understood.
Imports `diagnostics`, `ir`, `lower` and `present`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import blake2b
from typing import Any, TypeVar

from toolbind import ir
from toolbind.diagnostics import Diagnostic, Place
from toolbind.lower.document.curation import Share
from toolbind.lower.document.selection import Candidate
from toolbind.present import Entry
from toolbind.present.example import Shown
from toolbind.present.literals import Source
from toolbind.present.methods import Method
from toolbind.present.tools import Printed, ToolEntry

Value = TypeVar("Value")

SEAL = 32
"""Bytes of the digest that every entry begins with."""


def encoded(key: bytes, data: object) -> bytes:
    payload = json.dumps(data, separators=(",", ":")).encode()
    return blake2b(key + payload, digest_size=SEAL).digest() + payload


def decoded(content: bytes | None, key: bytes, make: Callable[[Any], Value | None]) -> Value | None:
    """What was encoded for this very key, as `make` understands it; None for anything else."""
    if content is None:
        return None
    seal, payload = content[:SEAL], content[SEAL:]
    if blake2b(key + payload, digest_size=SEAL).digest() != seal:
        return None
    try:
        return make(json.loads(payload))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        return None  # of a shape that this program does not write


def finding_data(one: Diagnostic) -> list[str]:
    return [one.code, one.place.file, one.place.pointer, one.message]


def finding(data: Any) -> Diagnostic:
    code, file, pointer, message = map(str, data)
    finding = Diagnostic(code, Place(file, pointer), message)
    assert finding.remedy is not None
    return finding


def skipped_data(one: ir.Skipped | None) -> list[str] | None:
    if one is None:
        return None
    place = one.place
    return [
        *(one.method, one.path, one.pointer, one.code, one.reason, one.remedy),
        *(place.file, place.pointer),
    ]


def skipped(data: Any) -> ir.Skipped | None:
    if data is None:
        return None
    method, path, pointer, code, reason, remedy, file, where = map(str, data)
    return ir.Skipped(method, path, pointer, code, reason, remedy, Place(file, where))


def share_data(one: Share | None) -> list[Any] | None:
    return None if one is None else [one.tokens, one.requirements, one.bound]


def share(candidate: Candidate, data: Any) -> Share | None:
    if data is None:
        return None
    tokens, requirements, bound = data
    if not all(str(name).isidentifier() for name, _ in bound):
        raise ValueError("no names")
    return Share(
        candidate,
        int(tokens),
        tuple(
            tuple((str(name), tuple(map(str, scopes))) for name, scopes in each)
            for each in requirements
        ),
        tuple((str(name), str(kind)) for name, kind in bound),
    )


def entry_data(entry: Entry) -> list[Any]:
    shown, tool = entry.shown, entry.tool
    return [
        [
            [each.signature, each.docstring, each.statement]
            for each in (entry.method, entry.async_method)
        ],
        [tool.before, [[*each.offer, each.source] for each in tool.arguments], tool.after],
        sorted(entry.names),
        tool.uses_json,
        [shown.weight, shown.call, shown.question, shown.schemes],
    ]


def entry_of(data: Any) -> Entry:
    methods, (before, arguments, after), names, uses_json, shown = data
    method, async_method = (Method(*(Source(str(part)) for part in each)) for each in methods)
    (is_write, deprecated, count, size), call, question, schemes = shown
    return Entry(
        method,
        async_method,
        ToolEntry(
            _sources(before),
            tuple(
                Printed((str(name), _object(text)), Source(str(source)))
                for name, text, source in arguments
            ),
            _sources(after),
            bool(uses_json),
        ),
        names_of(names),
        Shown(
            (bool(is_write), bool(deprecated), int(count), int(size)),
            str(call),
            str(question),
            tuple(str(each) for each in schemes),
        ),
    )


def _sources(given: Any) -> tuple[Source, ...]:
    return tuple(Source(str(each)) for each in given)


def names_of(given: Any) -> frozenset[str]:
    return frozenset(map(str, given))


def _object(text: Any) -> str:
    """JSON text of an object, as it is."""
    if not isinstance(json.loads(text), dict):
        raise ValueError("no schema")
    return str(text)
