"""`toolbind check`: would `generate` change anything?"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from toolbind.cli.commands.generation import Run, carry_out, failure, run_options, show_timings
from toolbind.cli.output import files
from toolbind.cli.output.diffs import unified
from toolbind.cli.output.staleness import FORMATS, stale
from toolbind.cli.plan.options import PATTERNS_HELP, debug_option
from toolbind.cli.terminal.shell import Exit, counted, has_colour, out, say


@click.command("check", epilog=PATTERNS_HELP)
@run_options
@click.option("--diff", "as_diff", is_flag=True, help="Print the unified diff of all files.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    metavar="FORM",
    default="text",
    help="text, json or github.",
)
@debug_option
@click.pass_context
def command(
    context: click.Context, /, as_diff: bool, as_json: bool, form: str, **flags: Any
) -> None:
    """Compare the output folder with what `generate` would write; change nothing.

    Takes the same arguments as `generate`. Exit 1 if a file is missing, different or left over:
    stdout says which modules and tools changed, with the verdicts of `toolbind diff`, stderr how
    to refresh.

    \b
    toolbind check                              # all documents of the project's settings
    toolbind check specs/*.yaml -o generated --diff
    """
    run = carry_out(flags)
    code = failure(run, flags)
    if code is None:
        changes = files.but_lists(run.changes())
        if as_diff:
            for line in unified(changes, colour=has_colour(sys.stdout)):
                out(line)
        else:
            _tell(run, changes, "json" if as_json else form)
        _conclude(run, changes, quiet=flags["quiet"])
        code = Exit.STALE if changes else Exit.DONE
    show_timings(run, flags)
    context.exit(code)


def _tell(run: Run, changes: Sequence[files.Change], form: str) -> None:
    modules = {outcome.job.name: outcome.files.names for outcome in run.outcomes}
    found = stale(changes, modules, run.plan.output)
    if found or form == "json":
        out(FORMATS[form](found, _refresh(run, changes)))


def _refresh(run: Run, changes: Sequence[files.Change]) -> str:
    """The command that makes the folder what it should be."""
    edited = any(change.edited for change in changes)
    return run.plan.refresh + (" --overwrite" if edited and not run.plan.overwrite else "")


def _conclude(run: Run, changes: Sequence[files.Change], *, quiet: bool) -> None:
    for change in changes:
        if change.edited:
            say(f"{change.path}: was changed by hand since toolbind wrote it")
    if changes:
        say(f"stale: {counted(len(changes), 'file')}; refresh with: {_refresh(run, changes)}")
    elif not quiet:
        say(f"up to date: {counted(len(run.outcomes), 'module')} in {run.plan.output}")
