"""Document -> ir.Api: what a document means for tools and requests.

`lower` composes the rooms: `document` settles what holds for all operations, `request` reads one
operation at a time; `schemas`, `types`, `text` and `fit` make what the model and the caller see,
and `operations` ties them together. Imports `diagnostics`, `ir`, `read`.
"""

from __future__ import annotations

from toolbind import ir
from toolbind.diagnostics import Report
from toolbind.lower.document.security import Security
from toolbind.lower.document.selection import Selection
from toolbind.lower.document.servers import Servers
from toolbind.lower.draft import Context
from toolbind.lower.fit.budget import Budget
from toolbind.lower.operations import Found, draft_all, finish, gather, schemes_of
from toolbind.lower.options import LowerOptions
from toolbind.lower.schemas import Schemas
from toolbind.lower.text.prose import Prose
from toolbind.lower.types import Owner, Types
from toolbind.read.document import Document, ReferenceFailure

__all__ = ["LowerOptions", "lower"]


def lower(document: Document, report: Report, options: LowerOptions) -> ir.Api:
    """Lower a whole document; whatever cannot be kept is reported, nothing else is lost.

    Raises DocumentError where nothing is usable, a request refers to nothing, or `options` ask
    for a server that is not there.
    """
    found = gather(document, report)
    kept = _selected(found, document, report, options)
    try:
        context = _context(document, report, options, found)
        for each in kept:  # which schemes are used decides which parameters are credentials
            context.security.of(each.node)
        return _api(context, kept, len(found) - len(kept))
    except ReferenceFailure as failure:
        raise report.refuse(failure.code, failure.place, failure.message) from None


def _selected(
    found: list[Found], document: Document, report: Report, options: LowerOptions
) -> list[Found]:
    selection = Selection(options.include, options.exclude)
    kept = [each for each in found if selection.wants(each.candidate) and each.wishes.include]
    for pattern in selection.unused():
        report.say("selection-unused", document.root.place, f"{pattern!r} matches no operation")
    if not found:
        report.say("operations-none", document.root.place, "the document has no operations")
    elif not kept:
        reason = "the patterns leave no operation"
        raise report.refuse("no-operations", document.root.place, reason)
    return kept


def _context(
    document: Document, report: Report, options: LowerOptions, found: list[Found]
) -> Context:
    prose = Prose(report)
    schemas = Schemas(document, report, prose, options.budget)
    security = Security(document, report)
    return Context(
        document,
        report,
        options,
        prose,
        schemas,
        Types(schemas, [Owner(each.name, each.path, each.node, each.item) for each in found]),
        Budget(options.budget, report),
        Servers(document, report, options.server),
        security,
    )


def _api(context: Context, kept: list[Found], excluded: int) -> ir.Api:
    document, prose, security = context.document, context.prose, context.security
    drafted, skipped = draft_all(context, kept)
    context.types.settle()
    operations = tuple(finish(context, each) for each in drafted)
    schemes = security.schemes(each.security for each in drafted)
    known = {scheme.name for scheme in schemes}
    default = schemes_of(security.default)
    info = document.root.get("info") or document.root
    return ir.Api(
        title=prose.brief(info.text("title"), info.place, sentences=1),
        version=info.text("version"),
        summary=prose.brief(info.text("summary") or info.text("description"), info.place),
        servers=context.servers.listed,
        operations=operations,
        skipped=skipped,
        schemes=schemes,
        # a default that no operation has fallen back on may name schemes that nothing uses
        security=default if all(name in known for each in default for name in each) else (),
        types=context.types.definitions(),
        excluded=excluded,
    )
