"""Lowering, phase by phase: survey the document, work out each operation by itself, settle the
types of all, finish each.

    lowering = Lowering(document, report, options)                  # survey
    worked = [lowering.work_out(each) for each in lowering.operations]
    types = lowering.settle([each.roots for each in worked])        # types.failures: to be skipped
    operations = [lowering.finish(each.drafted) for each in worked if each.drafted]
    api = lowering.api(operations, skipped, shares, types.definitions)

What `work_out` and `finish` give depends on the operation, the places that it refers to and
`Lowering.ground`, and on nothing that happened before. Imports the rest of `lower`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from toolbind import ir
from toolbind.diagnostics import Report
from toolbind.lower.document.curation import Curation, Share
from toolbind.lower.document.found import Found
from toolbind.lower.document.security import Security
from toolbind.lower.document.selection import Selection
from toolbind.lower.document.servers import Servers
from toolbind.lower.draft import Context
from toolbind.lower.finishing import finish, schemes_of
from toolbind.lower.fit.budget import Budget
from toolbind.lower.operations import (
    Drafted,
    draft,
    gather,
    roots,
    skip,
    tell_lookalikes,
    tell_skip,
)
from toolbind.lower.options import LowerOptions
from toolbind.lower.schemas import Direction, Schemas, identity
from toolbind.lower.text.prose import Prose
from toolbind.lower.types import Owner, Types
from toolbind.read.document import Document, Node, ReferenceFailure
from toolbind.read.trace import Account, Memo, Trace

Root = tuple[Node, Direction]
"""A schema whose type an operation shows, and the way that its values travel."""


@dataclass(frozen=True, slots=True)
class Worked:
    """One operation worked out: its draft, or why there is none; the types that it shows; and what
    was read and found for it."""

    found: Found
    drafted: Drafted | None
    skipped: ir.Skipped | None
    roots: tuple[Root, ...]
    account: Account


def share_of(found: Found, drafted: Drafted, operation: ir.Operation) -> Share:
    """What an operation brings to the whole."""
    bound = tuple(
        (each.name, str(each.argument.schema["type"])) for each in operation.bound if each.name
    )
    schemes = tuple(((each.scheme, ()),) for each in operation.bound if each.scheme)
    return Share(found.candidate, operation.tokens, (*drafted.security, *schemes), bound)


@dataclass(frozen=True, slots=True)
class Settled:
    """How the types of all operations are written, each at its root; by number the operations that
    have to be skipped; the types that are named; and what was read and found for all that."""

    wanted: tuple[Root, ...]
    references: tuple[ir.TypeRef, ...]
    failures: Mapping[int, ReferenceFailure]
    definitions: tuple[ir.TypeDefinition, ...]
    account: Account


class Lowering:
    """One document on its way. Raises DocumentError where `options` leave no operation, or ask for
    a server that is not there."""

    def __init__(self, document: Document, report: Report, options: LowerOptions) -> None:
        self.trace = Trace(report)
        selected = _selected(document, report, options)
        self.operations = selected.operations
        self._excluded = len(selected.found) - len(selected.operations)
        self._lost = selected.lost
        traced = document.traced(self.trace)
        self._context = _context(traced, self.trace, options, selected.found)
        for each in self.operations:  # which schemes are used decides what is a credential
            self._context.security.of(each.node)
        self._context.security.settle()
        tell_lookalikes(self._context, self.operations)

    @property
    def document(self) -> Document:
        return self._context.document

    @property
    def ground(self) -> str:
        """All that every operation depends on beside itself and the places that it refers to."""
        context = self._context
        document = context.document
        return repr(
            (
                document.root.file,
                document.version,
                document.original_version,
                document.url,
                document.mentions("$id"),
                document.mentions("deepObject"),
                json.dumps(context.schemas.kinds.ground),
                json.dumps(document.root.value.get("x-toolbind")),
                replace(context.options, include=(), exclude=()),
                context.servers.ground,
                context.security.ground,
            )
        )

    def work_out(self, found: Found) -> Worked:
        """The request of one operation, or why it cannot be made."""
        with self.trace.opened() as account:
            drafted, skipped = draft(self._context, found)
            shown = roots(drafted) if drafted else ()
        return Worked(found, drafted, skipped, tuple(shown), account)

    def settle(self, several: Sequence[Sequence[Root]]) -> Settled:
        """The types at the roots of several operations: everything is taken in that they hold, and
        named. An operation whose request reaches a reference to nowhere leaves none, and has to be
        skipped (`skip`)."""
        types = self._context.types
        failures: dict[int, ReferenceFailure] = {}
        with self.trace.opened() as account:
            for number, roots_of_one in enumerate(several):
                try:
                    for node, direction in roots_of_one:
                        if direction == "request":
                            types.require(node)
                except ReferenceFailure as failure:
                    failures[number] = failure
            sound = (each for number, each in enumerate(several) if number not in failures)
            wanted = _distinct(root for each in sound for root in each)
            for root in wanted:
                types.want(*root)
            types.settle()
            references = tuple(types.reference(*root) for root in wanted)
            definitions = types.definitions()
        return Settled(wanted, references, failures, definitions, account)

    def skip(self, found: Found, failure: ReferenceFailure) -> ir.Skipped:
        """Leave out an operation after all."""
        return skip(self.trace, found, failure)

    def recall(self, settled: Settled) -> None:
        """Take over how types are written, instead of settling them."""
        self.trace.replay(settled.account)
        pairs = zip(settled.wanted, settled.references, strict=True)
        self._context.types.recall((*root, reference) for root, reference in pairs)

    @property
    def ground_of_types(self) -> Iterator[str]:
        """All that types depend on beside their schemas and `ground`."""
        return self._context.types.ground

    def reference(self, root: Root) -> ir.TypeRef:
        """How the type of a schema is written, once types are settled."""
        return self._context.types.reference(*root)

    def finish(self, drafted: Drafted) -> ir.Operation:
        """The operation as it is printed, once types are settled."""
        return finish(self._context, drafted)

    def api(
        self,
        operations: tuple[ir.Operation, ...],
        skipped: tuple[ir.Skipped, ...],
        shares: Sequence[Share],
        types: tuple[ir.TypeDefinition, ...] = (),
    ) -> ir.Api:
        """The whole: `shares` are what the operations bring to it."""
        document, security = self._context.document, self._context.security
        prose = self._context.prose
        curation = self._context.curation
        schemes = security.schemes(each.requirements for each in shares)
        curation.tell_unused()
        known = {scheme.name for scheme in schemes}
        default = schemes_of(security.default)
        info = document.root.get("info") or document.root
        return ir.Api(
            title=prose.brief(info.text("title"), info.place, sentences=1),
            version=info.text("version"),
            summary=prose.brief(info.text("summary") or info.text("description"), info.place),
            servers=self._context.servers.listed,
            operations=operations,
            skipped=(*self._lost, *skipped),
            schemes=schemes,
            # a default that no operation has fallen back on may name schemes that nothing uses
            security=default if all(name in known for each in default for name in each) else (),
            types=types,
            excluded=self._excluded,
            bindings=curation.bindings(shares, schemes),
            headers=curation.headers(),
            presets=curation.presets(shares),
        )


def _distinct(several: Iterable[Root]) -> tuple[Root, ...]:
    """The roots without repetition, in their order."""
    found: dict[object, Root] = {}
    for node, direction in several:
        found.setdefault((identity(node), direction), (node, direction))
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _Selected:
    """All operations that were `found`, those that the user wants, and wanted paths that cannot be
    followed."""

    found: tuple[Found, ...]
    operations: tuple[Found, ...]
    lost: tuple[ir.Skipped, ...]


def _selected(document: Document, report: Report, options: LowerOptions) -> _Selected:
    gathered = gather(document, report)
    found = gathered.operations
    selection = Selection(options.include, options.exclude)
    kept = tuple(
        each
        for each in found
        if selection.wants(each.candidate)
        and each.wishes.include
        and (options.deprecated or not each.node.flag("deprecated"))
    )
    lost = tuple(each for candidate, each in gathered.lost if selection.wants(candidate))
    for pattern in selection.unused():
        report.say("selection-unused", document.root.place, f"{pattern!r} matches no operation")
    for each in lost:
        tell_skip(report, each)
    if not kept and found and not lost:
        reason = "the patterns leave no operation"
        raise report.refuse("no-operations", document.root.place, reason)
    return _Selected(found, kept, lost)


def _context(
    document: Document, trace: Trace, options: LowerOptions, found: Sequence[Found]
) -> Context:
    prose = Prose(trace)
    schemas = Schemas(document, trace, prose, options.budget)
    curation = Curation(document, trace, options)
    security = Security(document, trace, curation.login())
    return Context(
        document,
        trace,
        options,
        prose,
        schemas,
        Types(schemas, [Owner(each.name, each.path, each.node, each.item) for each in found]),
        Budget(options.budget, trace, options.prose),
        Servers(document, trace, options.server),
        security,
        curation,
        Memo(trace),
    )
