"""Document -> ir.Api: what a document means for tools and requests.

`lower` composes the rooms: `document` settles what holds for all operations, `request` reads one
operation at a time; `schemas`, `types`, `text` and `fit` make what the model and the caller see,
and `operations` ties them together. It goes in four phases, and `phases` has them one by one:
survey the document, work out each operation by itself, settle the types of all, finish each.
Imports `diagnostics`, `ir`, `read`.
"""

from __future__ import annotations

from toolbind import ir
from toolbind.diagnostics import Report
from toolbind.lower.document.found import Found
from toolbind.lower.operations import Drafted
from toolbind.lower.options import LowerOptions
from toolbind.lower.phases import Lowering, Root, Settled, Worked, share_of
from toolbind.read.document import Document

__all__ = [
    "Drafted",
    "Found",
    "LowerOptions",
    "Lowering",
    "Root",
    "Settled",
    "Worked",
    "lower",
    "share_of",
]


def lower(document: Document, report: Report, options: LowerOptions) -> ir.Api:
    """Lower a whole document; whatever cannot be kept is reported, nothing else is lost.

    Raises DocumentError where `options` leave no operation, or ask for a server that is not there.
    """
    lowering = Lowering(document, report, options)
    worked = [lowering.work_out(found) for found in lowering.operations]
    types = lowering.settle([each.roots for each in worked])
    finished: list[ir.Operation] = []
    skipped: list[ir.Skipped] = []
    shares = []
    for number, each in enumerate(worked):
        if each.skipped is not None:
            skipped.append(each.skipped)
        elif number in types.failures:
            skipped.append(lowering.skip(each.found, types.failures[number]))
        elif each.drafted is not None:
            finished.append(lowering.finish(each.drafted))
            shares.append(share_of(each.found, each.drafted, finished[-1]))
    return lowering.api(tuple(finished), tuple(skipped), shares, types.definitions)
