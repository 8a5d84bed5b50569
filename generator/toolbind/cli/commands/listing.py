"""`toolbind list`: the tools of a document, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from toolbind.cli.commands.report import operations_report
from toolbind.cli.plan.documents import examined, overlays_of
from toolbind.cli.plan.jobs import options_for
from toolbind.cli.plan.options import (
    PATTERNS_HELP,
    debug_option,
    document_options,
    given,
    settings_option,
)
from toolbind.cli.plan.settings import chosen
from toolbind.cli.terminal.shell import counted, out, say
from toolbind.cli.terminal.tables import show_table
from toolbind.diagnostics import DocumentError

if TYPE_CHECKING:
    from toolbind.pipeline import Examined

_TOLD_BEFORE = ("name", "method", "path", "tokens")


@click.command("list", epilog=PATTERNS_HELP)
@click.argument("spec")
@document_options
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option("--skipped", is_flag=True, help="Show the operations that are no tools, and why.")
@settings_option
@debug_option
def command(spec: str, as_json: bool, skipped: bool, **flags: Any) -> None:
    """Show which tools a document gives, with their arguments and tokens.

    \b
    toolbind list specs/petstore.yaml
    toolbind list specs/petstore.yaml --skipped
    toolbind list specs/petstore.yaml --json | jq '.operations[].name'
    """
    options = options_for(spec, given(flags), chosen(flags["settings_path"]))
    report = examined(spec, options)
    found = _report(report)
    if overlays_of(options):
        found["before"] = _before(spec, options)
    if as_json:
        out(json.dumps(found, indent=2, allow_nan=False))
        _refuse_nothing(report, spec)
        return
    operations, left_out = found["operations"], found["skipped"]
    if skipped:
        rows = [[one[key] for key in ("method", "path", "code", "reason")] for one in left_out]
        show_table(("method", "path", "code", "reason"), rows)
    elif "before" in found:
        _show_both(operations, found["before"]["operations"])
    else:
        show_table(
            ("tool", "method", "path", "tokens", "arguments"), [_row(one) for one in operations]
        )
    excluded = f", {found['excluded']} excluded" if found["excluded"] else ""
    say(f"{counted(len(operations), 'tool')}, {len(left_out)} skipped{excluded}")
    if "before" in found:
        say(_total(found["before"]["operations"], operations))
    _refuse_nothing(report, spec)


def _refuse_nothing(report: Examined, spec: str) -> None:
    """What `generate` would refuse is refused here too, when all has been told."""
    if not report.api.operations:
        from toolbind.pipeline import nothing_left

        raise nothing_left(report.api.skipped, report.diagnostics, spec)


def _before(spec: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """The tools that the document gives without its overlays; none if it is refused."""
    try:
        without = examined(spec, {**options, "overlays": ()}).api
    except DocumentError as refused:
        return {"operations": [], "refused": refused.diagnostic.line()}
    listed = operations_report(without, ())["operations"]
    return {"operations": [{key: one[key] for key in _TOLD_BEFORE} for one in listed]}


def _show_both(
    operations: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, Any]]
) -> None:
    """Each operation's tool and tokens as the document has it, and as the overlays make it."""
    old = {(one["method"], one["path"]): one for one in before}
    rows = []
    for one in operations:
        was = old.pop((one["method"], one["path"]), None)
        name, method, path, tokens, arguments = _row(one)
        cost = str(was["tokens"]) if was else ""
        rows.append([name, _was(was, name), method, path, tokens, cost, arguments])
    rows += [
        ["(gone)", one["name"], one["method"], one["path"], "", str(one["tokens"]), ""]
        for one in old.values()
    ]
    headings = ("tool", "was", "method", "path", "tokens", "before", "arguments")
    show_table(headings, rows)


def _was(before: Mapping[str, Any] | None, name: str) -> str:
    """What a tool was called, if that was something else."""
    if before is None:
        return "(new)"
    return "" if before["name"] == name else str(before["name"])


def _total(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> str:
    old, new = (sum(one["tokens"] for one in listed) for listed in (before, after))
    change = f" ({(new - old) / old:+.0%})" if old else ""
    return f"before: {counted(len(before), 'tool')}, {old:,} tokens; with overlays: {new:,}{change}"


def _report(found: Examined) -> dict[str, Any]:
    return operations_report(found.api, found.diagnostics)


def _row(operation: Mapping[str, Any]) -> list[str]:
    """Required arguments as they are, optional ones in brackets."""
    arguments = [
        one["name"] if one["required"] else f"[{one['name']}]" for one in operation["arguments"]
    ]
    name, method, path = (operation[key] for key in ("name", "method", "path"))
    return [name, method, path, str(operation["tokens"]), " ".join(arguments)]
