"""The operations of one document: remembered where nothing that they hang on has changed, else
worked out, finished, printed and proven one by one.

    found = operations(lowering, memory, phase)
    found.api                 # the whole, without its operations
    found.entries             # what the module says of each
    found.skipped

What it gives is the same with any memory. Imports `ir`, `lower`, `memory`, `present`, `render`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from toolbind import ir
from toolbind.diagnostics import Diagnostic
from toolbind.lower import Found, Lowering, Root, Settled, Worked, share_of
from toolbind.lower.document.curation import Share
from toolbind.memory import Kept, KeptTypes, Memory, Recall, digest
from toolbind.present import Definition, Entry, EntryPrinter, definitions
from toolbind.render import EntryProof


class Phase(Protocol):
    """Is entered around each stage with the stage's name, for whoever measures them."""

    def __call__(self, name: str, /) -> AbstractContextManager[object]: ...


@dataclass(frozen=True, slots=True)
class Operations:
    """All operations of a document: `api` is the whole without them and without types, `entries`
    and `types` are printed. `proven` says that the types are proven as well."""

    api: ir.Api
    entries: tuple[Entry, ...]
    types: tuple[Definition, ...]
    proven: bool


@dataclass(slots=True)
class _Item:
    """One operation on its way: what is remembered of it, or what has been worked out; and, once
    types are settled, why it has to be left out after all."""

    found: Found
    kept: Kept | None
    worked: Worked | None = None
    lost: ir.Skipped | None = None
    operation: ir.Operation | None = None
    finished: tuple[Diagnostic, ...] = ()
    entry: Entry | None = None

    @property
    def roots(self) -> Sequence[Root]:
        return self.worked.roots if self.worked else self.kept.roots if self.kept else ()

    @property
    def skipped(self) -> ir.Skipped | None:
        if self.worked:
            return self.worked.skipped or self.lost
        return (self.kept.skipped if self.kept else None) or self.lost

    @property
    def share(self) -> Share | None:
        """What it brings to the whole; None where it is skipped. Once it is finished."""
        if self.lost:
            return None
        if self.worked:
            drafted, operation = self.worked.drafted, self.operation
            return share_of(self.found, drafted, operation) if drafted and operation else None
        return self.kept.share if self.kept else None


def operations(lowering: Lowering, memory: Memory | None, phase: Phase) -> Operations:
    """Work on all operations. Raises DocumentError where the document is refused."""
    recall = Recall(memory, lowering) if memory is not None else None
    with phase("lower"):
        items = [_Item(each, recall.find(each) if recall else None) for each in lowering.operations]
        for item in items:
            if item.kept is not None:
                lowering.trace.replay(item.kept.account)
            else:
                item.worked = lowering.work_out(item.found)
        known = recall.find_types([item.roots for item in items]) if recall else None
        settled = _settled(lowering, items, known)
        api = _finished(lowering, items)
    with phase("present"):
        _print(items, api)
        types = known.definitions if known else tuple(definitions(settled.definitions))
    with phase("render"):
        prove = EntryProof()
        for item in items:
            if item.operation is not None and item.entry is not None:
                prove(item.entry)
    if recall is not None:
        for item in items:
            if item.worked is not None and item.lost is None:
                recall.keep(item.found, _kept(lowering, item, api))
        if known is None:
            recall.keep_types([item.roots for item in items], KeptTypes(settled, types))
    entries = tuple(item.entry for item in items if item.entry is not None)
    return Operations(api, entries, types, known is not None)


def _settled(lowering: Lowering, items: Sequence[_Item], known: KeptTypes | None) -> Settled:
    """The types of all; operations that have to be skipped for them are."""
    if known is None:
        settled = lowering.settle([item.roots for item in items])
    else:
        settled = known.settled
        lowering.recall(settled)
    for number, failure in settled.failures.items():
        items[number].lost = lowering.skip(items[number].found, failure)
    return settled


def _finished(lowering: Lowering, items: Sequence[_Item]) -> ir.Api:
    """All but printing; `operation` is set where there is something to print."""
    kept = [item for item in items if item.lost is None]
    for item in kept:
        _finish(lowering, item)
    skipped = tuple(item.skipped for item in items if item.skipped is not None)
    shares = [share for item in items if (share := item.share) is not None]
    api = lowering.api((), skipped, shares)
    for item in kept:
        if item.kept is not None and item.kept.fit != _fit(lowering, item, api):
            item.worked, item.kept = lowering.work_out(item.found), None
            _finish(lowering, item)
    return api


def _finish(lowering: Lowering, item: _Item) -> None:
    if item.kept is not None:
        for finding in item.kept.finished:
            lowering.trace.add(finding)
    elif item.worked is not None and item.worked.drafted is not None:
        with lowering.trace.opened() as account:
            item.operation = lowering.finish(item.worked.drafted)
        item.finished = tuple(account.findings)


def _fit(lowering: Lowering, item: _Item, api: ir.Api) -> str:
    """A digest of all that an operation has from others."""
    types = [repr(lowering.reference(each)) for each in item.roots]
    return digest(repr(api.security), *types)


def _print(items: Sequence[_Item], api: ir.Api) -> None:
    printer = EntryPrinter(api.security)
    for item in items:
        if item.lost is not None:
            continue
        if item.operation is not None:
            item.entry = printer.entry(item.operation)
        elif item.kept is not None:
            item.entry = item.kept.entry


def _kept(lowering: Lowering, item: _Item, api: ir.Api) -> Kept:
    assert item.worked is not None
    fit = _fit(lowering, item, api)
    account, skipped = item.worked.account, item.skipped
    share = item.share
    return Kept(account, tuple(item.roots), skipped, fit, share, item.entry, item.finished)
