"""Document -> ir.Api: what a document means for tools and requests.

`lower` composes the rooms: `document` settles what holds for all operations, `request` reads one
operation at a time; `schemas`, `types`, `text` and `fit` make what the model and the caller see,
and `operations` ties them together. Imports `diagnostics`, `ir`, `read`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from toolbind import ir
from toolbind.diagnostics import Report
from toolbind.lower.document.curation import Curation
from toolbind.lower.document.found import Found
from toolbind.lower.document.security import Security
from toolbind.lower.document.selection import Selection
from toolbind.lower.document.servers import Servers
from toolbind.lower.draft import Context
from toolbind.lower.finishing import finish, schemes_of
from toolbind.lower.fit.budget import Budget
from toolbind.lower.operations import draft_all, gather, tell_skip
from toolbind.lower.options import LowerOptions
from toolbind.lower.schemas import Schemas
from toolbind.lower.text.prose import Prose
from toolbind.lower.types import Owner, Types
from toolbind.read.document import Document

__all__ = ["LowerOptions", "lower"]


def lower(document: Document, report: Report, options: LowerOptions) -> ir.Api:
    """Lower a whole document; whatever cannot be kept is reported, nothing else is lost.

    Raises DocumentError where `options` leave no operation, or ask for a server that is not there.
    """
    selected = _selected(document, report, options)
    context = _context(document, report, options, selected.found)
    for each in selected.operations:  # which schemes are used decides what is a credential
        context.security.of(each.node)
    return _api(context, selected)


@dataclass(frozen=True, slots=True)
class _Selected:
    """All operations that were `found`, those that the user wants, and wanted paths that cannot be
    followed."""

    found: tuple[Found, ...]
    operations: list[Found]
    lost: tuple[ir.Skipped, ...]


def _selected(document: Document, report: Report, options: LowerOptions) -> _Selected:
    gathered = gather(document, report)
    found = gathered.operations
    selection = Selection(options.include, options.exclude)
    kept = [
        each
        for each in found
        if selection.wants(each.candidate)
        and each.wishes.include
        and (options.deprecated or not each.node.flag("deprecated"))
    ]
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
    document: Document, report: Report, options: LowerOptions, found: Sequence[Found]
) -> Context:
    prose = Prose(report)
    schemas = Schemas(document, report, prose, options.budget)
    curation = Curation(document, report, options)
    security = Security(document, report, curation.login())
    return Context(
        document,
        report,
        options,
        prose,
        schemas,
        Types(schemas, [Owner(each.name, each.path, each.node, each.item) for each in found]),
        Budget(options.budget, report, options.prose),
        Servers(document, report, options.server),
        security,
        curation,
    )


def _api(context: Context, selected: _Selected) -> ir.Api:
    document, prose, security = context.document, context.prose, context.security
    drafted, skipped = draft_all(context, selected.operations)
    context.types.settle()
    operations = tuple(finish(context, each) for each in drafted)
    schemes = security.schemes(each.security for each in drafted)
    curation = context.curation
    curation.tell_unused()
    known = {scheme.name for scheme in schemes}
    default = schemes_of(security.default)
    info = document.root.get("info") or document.root
    return ir.Api(
        title=prose.brief(info.text("title"), info.place, sentences=1),
        version=info.text("version"),
        summary=prose.brief(info.text("summary") or info.text("description"), info.place),
        servers=context.servers.listed,
        operations=operations,
        skipped=(*selected.lost, *skipped),
        schemes=schemes,
        # a default that no operation has fallen back on may name schemes that nothing uses
        security=default if all(name in known for each in default for name in each) else (),
        types=context.types.definitions(),
        excluded=len(selected.found) - len(selected.operations),
        bindings=curation.bindings(operations, schemes),
        headers=curation.headers(),
        presets=curation.presets(operations, [each.found.candidate for each in drafted]),
    )
