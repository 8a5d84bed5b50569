"""What `toolbind list --json` prints: operations, what was skipped, and findings, as plain JSON.

Imports `diagnostics` and `ir`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from toolbind import ir
from toolbind.diagnostics import Diagnostic


def operations_report(api: ir.Api, diagnostics: Iterable[Diagnostic]) -> dict[str, Any]:
    """The report of one document: `operations` + `skipped` + `excluded` are all it has.

    Paths, media types and the `wire` names of arguments are spelt as in the document, so that
    each operation can be looked up there.
    """
    return {
        "operations": [_operation(each) for each in api.operations],
        "skipped": [_skipped(each) for each in api.skipped],
        "excluded": api.excluded,
        "diagnostics": [_diagnostic(each) for each in diagnostics],
    }


def _operation(operation: ir.Operation) -> dict[str, Any]:
    return {
        "name": operation.name,
        "method": operation.method,
        "path": operation.wire_path,
        "pointer": operation.pointer,
        "media_type": operation.body.offered[0] if operation.body is not None else None,
        "tokens": operation.tokens,
        "arguments": [
            {
                "name": argument.name,
                "wire": argument.wire,
                "in": argument.place,
                "required": argument.required,
            }
            for argument in operation.arguments
        ],
    }


def _skipped(skipped: ir.Skipped) -> dict[str, Any]:
    return {
        "method": skipped.method,
        "path": skipped.path,
        "pointer": skipped.pointer,
        "code": skipped.code,
        "reason": skipped.reason,
        "remedy": skipped.remedy,
    }


def _diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    place = diagnostic.place
    return {
        "severity": diagnostic.severity.label,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "remedy": diagnostic.remedy,
        "file": place.file,
        "pointer": place.pointer,
        "line": place.line,
        "column": place.column,
    }
