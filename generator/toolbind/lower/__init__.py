"""Document -> ir.Api: what a document means for tools and requests.

`lower` composes the rooms: `names`, `selection`, `paths`, `servers`, `security` settle what holds
for the whole document; `parameters`, `bodies` and `answers` read one operation each; `schemas`,
`types`, `prose` and `budget` make what the model and the caller see; `operations` ties them
together, and `listing` reports. Imports `diagnostics`, `ir`, `read`.
"""

from __future__ import annotations

from toolbind import ir
from toolbind.diagnostics import Report
from toolbind.lower.budget import Budget
from toolbind.lower.draft import Context
from toolbind.lower.operations import Found, draft_all, finish, gather, schemes_of
from toolbind.lower.options import LowerOptions
from toolbind.lower.prose import Prose
from toolbind.lower.schemas import Schemas
from toolbind.lower.security import Security
from toolbind.lower.selection import Selection
from toolbind.lower.servers import Servers
from toolbind.lower.types import Types
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
        return _lowered(document, report, options, kept, len(found) - len(kept))
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


def _lowered(
    document: Document, report: Report, options: LowerOptions, kept: list[Found], excluded: int
) -> ir.Api:
    prose = Prose(report)
    schemas = Schemas(document, report, prose, options.budget)
    security = Security(document, report)
    context = Context(
        document,
        report,
        options,
        prose,
        schemas,
        Types(schemas),
        Budget(options.budget, report),
        Servers(document, report, options.server),
        security,
    )
    for each in kept:  # which schemes are used decides which parameters are credentials
        security.of(each.node)
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
