"""Small documents, read and lowered by the real thing, for the tests of this folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from toolbind import ir
from toolbind.diagnostics import Report
from toolbind.lower import LowerOptions, lower
from toolbind.read import ReadOptions, Source, read
from toolbind.read.document import Document

Json = Mapping[str, Any]

STRING: Json = {"type": "string"}
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
OK: Json = {"200": {"description": "ok"}}


def tree(paths: Json, *, version: str = "3.0.3", **root: Any) -> dict[str, Any]:
    """A document with these paths; operations get responses where they have none."""
    for item in paths.values():
        for method, operation in item.items() if isinstance(item, dict) else ():
            if isinstance(operation, dict) and method in METHODS:
                operation.setdefault("responses", OK)
    info = {"title": "Shop", "version": "1.0"}
    servers = [{"url": "https://api.example.org/v1"}]
    return {"openapi": version, "info": info, "servers": servers, "paths": paths} | root


@dataclass(frozen=True, slots=True)
class Result:
    """What lowering gave, and everything that was said on the way."""

    api: ir.Api
    report: Report

    @property
    def codes(self) -> list[str]:
        return [diagnostic.code for diagnostic in self.report]

    @property
    def only(self) -> ir.Operation:
        """The one operation there is."""
        assert len(self.api.operations) == 1, [each.name for each in self.api.operations]
        return self.api.operations[0]

    @property
    def arguments(self) -> dict[str, ir.Argument]:
        """Those of the one operation, by wire name."""
        return {argument.wire: argument for argument in self.only.arguments}

    def said(self, code: str) -> list[str]:
        return [each.message for each in self.report if each.code == code]


def document_of(value: Json, report: Report, url: str = "") -> Document:
    source = Source("shop.json", json.dumps(value).encode(), url)
    return read(source, report, ReadOptions())


def lowered(value: Json, *, url: str = "", **options: Any) -> Result:
    report = Report()
    api = lower(document_of(value, report, url), report, LowerOptions(**options))
    return Result(api, report)


def one(operation: Json, *, path: str = "/x", method: str = "get", **root: Any) -> Result:
    """The result for a document of one operation."""
    return lowered(tree({path: {method: dict(operation)}}, **root))


def parameter(name: str, place: str, schema: Json = STRING, **rest: Any) -> dict[str, Any]:
    required = {"required": True} if place == "path" else {}
    return {"name": name, "in": place, "schema": schema, **required, **rest}


def body(content: Json, **rest: Any) -> dict[str, Any]:
    return {"content": content, **rest}


def names(arguments: Iterable[ir.Argument]) -> list[str]:
    return [argument.name for argument in arguments]


def sent(content: Json, version: str = "3.0.3", **rest: Any) -> Result:
    """The result for an operation with this body, required if `rest` does not say else."""
    operation = {"requestBody": body(content, **{"required": True, **rest})}
    return one(operation, method="post", version=version)


def the_body(result: Result) -> ir.Body:
    assert result.only.body is not None
    return result.only.body
