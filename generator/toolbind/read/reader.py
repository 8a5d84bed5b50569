"""read(): composes parsing, telling the version, and upgrading into a `Document`.

Imports the rest of the room; `overlay` when there is one.
"""

from __future__ import annotations

from toolbind.diagnostics import Place, Report
from toolbind.read.document import Document
from toolbind.read.library import Library, Tree
from toolbind.read.limits import too_large
from toolbind.read.options import ReadOptions
from toolbind.read.origins import Origins
from toolbind.read.parse import parse
from toolbind.read.pointers import ROOT, nearest
from toolbind.read.source import Source
from toolbind.read.versions import ShapeError, Version, check_shape, detect


def read(source: Source, report: Report, options: ReadOptions | None = None) -> Document:
    """The document of a source. References are followed later, when somebody asks.

    Raises DocumentError, with line and column, for what is not JSON or YAML, not OpenAPI, or has
    nothing to call.
    """
    options = options or ReadOptions()
    if len(source.data) > options.max_bytes:
        message = too_large("has", options.max_bytes)
        raise report.refuse("document-size", Place(source.name), message)
    parsed = parse(source.data, source.name, report)
    tree = Tree(source.name, parsed.value, parsed, source.url, source.path)
    if source.overlays:
        from toolbind.read.overlay import mend

        tree.mended = mend(source, parsed.value, source.overlays, report)
        tree.value = tree.mended.value
    try:
        version = detect(tree.value)
        check_shape(tree.value, version.family)
    except ShapeError as misshapen:
        place = _placed(tree, misshapen.pointer)
        raise report.refuse(misshapen.code, place, misshapen.message) from None
    if version.note:
        report.say("document-version-spelling", Place(source.name, ROOT), version.note)
    return _document(source, tree, version, report, options)


def _document(
    source: Source, tree: Tree, version: Version, report: Report, options: ReadOptions
) -> Document:
    if version.family == "3.2" and isinstance(address := tree.value.get("$self"), str):
        tree.self_address = address.partition("#")[0]
    library = Library(tree, options, report)
    origins = Origins()
    if version.family == "2.0":
        from toolbind.read.swagger import upgrade

        tree.value = upgrade(source.name, library, origins, report)
    lowered = "3.0" if version.family in ("2.0", "3.0") else "3.1"
    document = Document(source.name, library, lowered, version.text, origins)
    document.tell(report)
    return document


def _placed(tree: Tree, pointer: str) -> Place:
    file, text = tree.name, tree.parsed
    if tree.mended is not None:
        given = tree.mended.origin(Place(file, nearest(tree.value, pointer)))
        file, pointer = given.file, given.pointer
        text = tree.mended.texts.get(file, text)
    line, column = text.positions([pointer])[pointer]
    return Place(file, pointer, line, column)
