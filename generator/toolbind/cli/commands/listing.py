"""`toolbind list`: the tools of a document, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from toolbind.cli.plan.documents import examined
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

if TYPE_CHECKING:
    from toolbind.pipeline import Examined


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
    found = _report(examined(spec, options))
    if as_json:
        out(json.dumps(found, indent=2, allow_nan=False))
        return
    operations, left_out = found["operations"], found["skipped"]
    if skipped:
        rows = [[one[key] for key in ("method", "path", "code", "reason")] for one in left_out]
        show_table(("method", "path", "code", "reason"), rows)
    else:
        show_table(
            ("tool", "method", "path", "tokens", "arguments"), [_row(one) for one in operations]
        )
    excluded = f", {found['excluded']} excluded" if found["excluded"] else ""
    say(f"{counted(len(operations), 'tool')}, {len(left_out)} skipped{excluded}")


def _report(found: Examined) -> dict[str, Any]:
    from toolbind.cli.commands.report import operations_report

    return operations_report(found.api, found.diagnostics)


def _row(operation: Mapping[str, Any]) -> list[str]:
    """Required arguments as they are, optional ones in brackets."""
    arguments = [
        one["name"] if one["required"] else f"[{one['name']}]" for one in operation["arguments"]
    ]
    name, method, path = (operation[key] for key in ("name", "method", "path"))
    return [name, method, path, str(operation["tokens"]), " ".join(arguments)]
