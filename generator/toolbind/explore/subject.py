"""What a page is about: tools and routes as a module holds them, and the document behind them.

A page can be made of a document, where all of it is known, or of a generated module, which holds
what runs and nothing else. Pure values. Imports `ir`, `diagnostics`, `read` and `present.rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from toolbind import ir
from toolbind.diagnostics import Diagnostic
from toolbind.present import rows
from toolbind.read import Document

Row = Mapping[str, Any]


class Prepared(Protocol):
    """A request as a module's `preview` gives it: what would be sent, secrets as `***`."""

    @property
    def method(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def body(self) -> str: ...


Preview = Callable[[str, Mapping[str, Any]], Prepared]
"""From a tool's name and arguments to the request. Raises `requests.RefusedError`."""


@dataclass(frozen=True, slots=True)
class Background:
    """What only the document knows: its operations by tool, its findings, its words."""

    document: Document
    operations: Mapping[str, ir.Operation]
    skipped: Sequence[ir.Skipped]
    findings: Sequence[Diagnostic]
    excluded: int
    servers: Sequence[ir.Server]


@dataclass(frozen=True, slots=True)
class Subject:
    """An API to be shown. `name` is the module's, `source` what was asked for, as it was spelt.

    `tools`, `rows`, `schemes` and `security` are those of the module (`_runtime.operation` explains
    them). `presets` are named choices of tools, `bindings` the arguments of operations that the
    client is given, and whether they are secret.
    """

    name: str
    source: str
    title: str
    version: str
    summary: str
    base_url: str
    tools: Sequence[Row]
    rows: Mapping[str, Row]
    schemes: Mapping[str, Row]
    security: Sequence[Sequence[str]]
    background: Background | None = None
    presets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    bindings: Mapping[str, bool] = field(default_factory=dict)


def of_document(
    api: ir.Api, document: Document, findings: Sequence[Diagnostic], *, name: str, source: str
) -> Subject:
    """The subject of a document that was lowered."""
    return Subject(
        name=name,
        source=source,
        title=api.title or name,
        version=api.version,
        summary=api.summary,
        base_url=api.servers[0].url if api.servers else "",
        tools=[rows.tool(each) for each in api.operations],
        rows={each.name: rows.operation_row(each, api.security) for each in api.operations},
        schemes={each.name: rows.scheme_row(each) for each in api.schemes},
        security=rows.security(api.security),
        background=Background(
            document,
            {each.name: each for each in api.operations},
            api.skipped,
            findings,
            api.excluded,
            api.servers,
        ),
        presets={each.name: each.tools for each in api.presets},
        bindings={each.name: each.secret for each in api.bindings},
    )


def of_module(module: Any, *, name: str, source: str) -> Subject:
    """The subject of a generated module that was imported."""
    api = module._API
    return Subject(
        name=name,
        source=source,
        title=api.title or name,
        version="",
        summary="",
        base_url=api.base_url,
        tools=module.TOOLS,
        rows=api.routes,
        schemes=api.schemes,
        security=api.security,
        presets=getattr(api, "_presets", {}),  # a module may be older than these
        bindings=getattr(api, "bindings", {}),
    )
