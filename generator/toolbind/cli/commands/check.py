"""`toolbind check`: would `generate` change anything?"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from toolbind.cli.commands.generation import Run, carry_out, failure, run_options, show_timings
from toolbind.cli.output import files
from toolbind.cli.output.diffs import unified
from toolbind.cli.output.toolchanges import describe
from toolbind.cli.plan.options import debug_option
from toolbind.cli.terminal.shell import Exit, counted, has_colour, out, say


@click.command("check")
@run_options
@debug_option
@click.pass_context
def command(context: click.Context, /, **flags: Any) -> None:
    """Compare the output folder with what `generate` would write; change nothing.

    Takes the same arguments as `generate`. Exit 1 with a unified diff on stdout if a file is
    missing, different or left over; stderr says which tools changed and how to refresh.

    \b
    toolbind check                              # all documents of the project's settings
    toolbind check specs/*.yaml -o generated
    """
    run = carry_out(flags)
    code = failure(run, flags)
    if code is None:
        changes = run.changes()
        for line in unified(changes, colour=has_colour(sys.stdout)):
            out(line)
        _tell(run, changes, quiet=flags["quiet"])
        code = Exit.STALE if changes else Exit.DONE
    show_timings(run, flags)
    context.exit(code)


def _tell(run: Run, changes: Sequence[files.Change], *, quiet: bool) -> None:
    folder = run.plan.output
    if not changes:
        if not quiet:
            say(f"up to date: {counted(len(run.outcomes), 'module')} in {folder}")
        return
    for change in changes:
        if news := describe(change.old, change.new):
            say(f"{change.path.stem.removesuffix('_tools')}: {news}")
    say(f"stale: {counted(len(changes), 'file')}; refresh with: {run.plan.refresh}")
