"""`toolbind generate`: write the modules of documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from toolbind.cli.commands.generation import Run, carry_out, failure, run_options, show_timings
from toolbind.cli.output import files
from toolbind.cli.output.writing import apply
from toolbind.cli.plan.options import PATTERNS_HELP, debug_option
from toolbind.cli.terminal import findings
from toolbind.cli.terminal.shell import Exit, counted, say


@click.command("generate", epilog=PATTERNS_HELP)
@run_options
@click.option("--exit-code", is_flag=True, help="Exit 1 if a file changed; for hooks.")
@debug_option
@click.pass_context
def command(context: click.Context, /, **flags: Any) -> None:
    """Write Python modules for OpenAPI documents (SPEC: a path, an https URL, or - for stdin).

    Without SPEC, the settings of the project say which: [tool.toolbind] in pyproject.toml, or
    toolbind.toml; then modules that no document gives any more are removed. Files are written only
    when all documents succeeded, and only those that changed. What toolbind did not write is never
    replaced or removed; what was changed by hand since only with --overwrite.

    \b
    toolbind generate specs/petstore.yaml -o generated
    toolbind generate specs/*.yaml -o generated --strict
    toolbind generate graph.json -o generated --include 'tag:users' --exclude DELETE
    """
    run = carry_out(flags)
    code = failure(run, flags)
    if code is None:
        changes = run.changes()
        if not run.plan.overwrite:
            files.refuse_edited(changes)
        with run.timings.phase("write"):
            apply(changes, run.plan.output, run.listing)
        if not flags["quiet"]:
            _tell(run, changes)
        code = Exit.STALE if changes and flags["exit_code"] else Exit.DONE
    show_timings(run, flags)
    context.exit(code)


def _tell(run: Run, changes: Sequence[files.Change]) -> None:
    folder = run.plan.output
    touched = {change.path for change in changes}
    for outcome in run.outcomes:
        job = outcome.job
        same = touched.isdisjoint(folder / name for name in outcome.files.names)
        note = "unchanged" if same else ""
        say(findings.summary(job.name, outcome.counts, f"{folder / job.name}.py", note=note))
    gone = [change.path for change in changes if change.new is None]
    runtime = folder / files.RUNTIME
    if not runtime.joinpath("__init__.py").exists():  # the whole of it, where it is installed now
        whole = [path for path in gone if path.is_relative_to(runtime)]
        gone = [path for path in gone if path not in whole]
        if whole:
            say(f"removed {runtime}: {counted(len(whole), 'file')}")
    for path in gone:
        say(f"removed {path}")
