"""Small documents, read by the real thing, for the tests of this folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from toolbind.diagnostics import Diagnostic, DocumentError, Report
from toolbind.read import Document, Node, ReadOptions, ReferenceFailure, Source, load, read

Json = Mapping[str, Any]

OK: Json = {"200": {"description": "ok"}}


def tree(paths: Json | None = None, *, openapi: str = "3.0.3", **root: Any) -> dict[str, Any]:
    """A document with something to call, and whatever else is given."""
    called: Json = {"/pets": {"get": {"operationId": "listPets", "responses": OK}}}
    info = {"title": "Shop", "version": "1.0"}
    return {"openapi": openapi, "info": info, "paths": called if paths is None else paths} | root


def document(
    given: Json | str | bytes,
    *,
    name: str = "shop.json",
    report: Report | None = None,
    options: ReadOptions | None = None,
    url: str = "",
) -> Document:
    data = given if isinstance(given, (str, bytes)) else json.dumps(given, indent=1)
    data = data.encode() if isinstance(data, str) else data
    sink = Report() if report is None else report
    return read(Source(name, data, url=url), sink, options)


def from_file(path: Path, options: ReadOptions | None = None) -> Document:
    report = Report()
    return read(load(str(path), report, options), report, options)


def refusal(given: Json | str | bytes, *, name: str = "shop.json") -> Diagnostic:
    """Why a document is refused. It is, in one line that names its place."""
    with pytest.raises(DocumentError) as caught:
        document(given, name=name)
    line = str(caught.value)
    assert line.isascii()
    assert line.isprintable()
    assert line.startswith(f"{name}:{caught.value.diagnostic.place.line}:")
    return caught.value.diagnostic


def failure(read_document: Document, node: Node) -> ReferenceFailure:
    """Why a reference cannot be followed; the same on a second try."""
    with pytest.raises(ReferenceFailure) as first:
        read_document.resolve(node)
    with pytest.raises(ReferenceFailure) as second:
        read_document.resolve(node)
    assert (first.value.code, first.value.place) == (second.value.code, second.value.place)
    return first.value


def at(read_document: Document, *keys: str | int) -> Node:
    """The node at these keys below the document's root."""
    node = read_document.root
    for key in keys:
        found = node.at(key) if isinstance(key, int) else node.get(key)
        assert found is not None, key
        node = found
    return node
