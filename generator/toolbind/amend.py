"""A module mended where one operation of its document has changed, in place of made again.

Most changes of a large document lie inside one operation, and nearly all of what that gives stays
as it is. So the operation is worked out alone, as it was and as it is, among the same rest of the
document. If both differ in nothing that another operation could notice (findings, types, names,
credentials, shared parameters), the module differs in the four places of that operation and no
others. Anything else is left to the pipeline, which is always right.
Imports `diagnostics`, `ir`, `read`, `lower`, `present`, `render` and `pipeline`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace

from toolbind import ir
from toolbind.diagnostics import Diagnostic, DocumentError, Report
from toolbind.lower import lower_alone
from toolbind.pipeline import Options, Phase, origin_of, uncollected
from toolbind.present import Frame, Origin, frame, header, imported, module_page, pieces
from toolbind.read import Change, Document, Source, before, changed_operation, read
from toolbind.render import prove_module

_NAMING = ("operationId", "x-toolbind")
"""Members of an operation that can move the names of others."""


@dataclass(frozen=True, slots=True)
class Last:
    """What the last run had and gave, with the same options: the document's bytes, the module and
    its types by file name, what was said. The document referred to no other files."""

    data: bytes
    files: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Amended:
    """What `generate` would give as `files` and `diagnostics`."""

    files: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class _Alone:
    """One operation worked out, and all about it that concerns others or the whole."""

    api: ir.Api
    operation: ir.Operation
    frame: Frame
    shared: object


def amend(
    source: Source, last: Last, *, name: str, options: Options, phase: Phase = nullcontext
) -> Amended | None:
    """What `generate` would give for `source`; None where it has to be asked.

    Also None where the document is refused: the pipeline says why.
    """
    try:
        with uncollected(), phase("amend"):
            return _amended(source, last, name, options)
    except DocumentError:
        return None


def _amended(source: Source, last: Last, name: str, options: Options) -> Amended | None:
    report = Report()
    document = read(source, report, options.read)
    text = last.data.decode("utf-8").removeprefix("\ufeff")
    change = _change(document, source, text)
    if change is None or any(finding.place.line for finding in report):
        return None
    said = tuple(report)
    origin = origin_of(source, name, options)
    new = _alone(document, report, change, options, origin)
    old = _alone(before(document, change, text), Report(list(said)), change, options, origin)
    if new is None or old is None or new.shared != old.shared:
        return None
    module, types = f"{name}.py", f"{name}_types.py"
    mended = _mended(last.files[module], old, new)
    if mended is None:
        return None
    prove_module(module_page(new.api, origin))
    files = {
        module: _under(header(origin), mended),
        types: _under(header(origin), last.files[types]),
    }
    return Amended(files, _relocated(document, last.diagnostics))


def _change(document: Document, source: Source, earlier: str) -> Change | None:
    """The change, if it is of a kind that can be looked at alone."""
    if not source.name.lower().endswith(".json") or document.original_version < "3":
        return None
    change = changed_operation(earlier, document.text)
    if change is None:
        return None
    same = all(_spelt(change.old.get(key)) == _spelt(change.new.get(key)) for key in _NAMING)
    return change if same else None


def _spelt(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _alone(
    document: Document, report: Report, change: Change, options: Options, origin: Origin
) -> _Alone | None:
    alone = lower_alone(document, report, options.lower, change.pointer)
    if len(alone.api.operations) != 1 or document.files:
        return None
    around = frame(alone.api, origin)
    shared = (around.rest, alone.reached, tuple(report))
    return _Alone(alone.api, alone.api.operations[0], around, shared)


def _mended(text: str, old: _Alone, new: _Alone) -> str | None:
    """The module with the operation's places as they are now. None if they are not all found, if
    the example at its top shows the operation or may now, or if imports may change."""
    top, _, code = text.rpartition("\nfrom __future__ import annotations\n")
    if f"client.{old.operation.name}(" in top or new.frame.weights < old.frame.weights:
        return None
    if not old.frame.names <= new.frame.names <= old.frame.names | imported(code):
        return None
    pairs = zip(pieces(old.api, old.operation), pieces(new.api, new.operation), strict=True)
    for was, now in pairs:
        if text.count(was) != 1:
            return None
        text = text.replace(was, now)
    return text


def _under(header: str, text: str) -> str:
    """A file under another header of as many lines."""
    return "\n".join((header, text.split("\n", header.count("\n") + 1)[-1]))


def _relocated(document: Document, found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """The findings, with the lines at which their places stand now."""
    bare = [replace(each, place=replace(each.place, line=0, column=0)) for each in found]
    return tuple(document.located(bare))
