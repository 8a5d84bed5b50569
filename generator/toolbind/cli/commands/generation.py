"""One run over documents, as `generate` and `check` share it: options in, outcomes and changes out.

Imports the rest of `cli`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from toolbind.cli.output import files
from toolbind.cli.output.outcomes import Files, Outcome, Producer
from toolbind.cli.output.store import user_cache
from toolbind.cli.plan.jobs import Plan, resolve
from toolbind.cli.plan.keys import BY_NAME
from toolbind.cli.plan.options import document_options, given, settings_option
from toolbind.cli.plan.settings import chosen
from toolbind.cli.terminal import findings
from toolbind.cli.terminal.progress import Progress
from toolbind.cli.terminal.shell import Exit, counted, say
from toolbind.cli.terminal.timings import Timings, table
from toolbind.diagnostics import Severity
from toolbind.program import PACKAGE

F = TypeVar("F", bound=Callable[..., Any])

CI_SIGNS = ("CI", "TF_BUILD", "JENKINS_URL", "TEAMCITY_VERSION", "CODEBUILD_BUILD_ID")
"""Set by continuous integration: the first by nearly all of it, the others by what does not."""

_NO = ("", "0", "false", "no")

_OPTIONS = (
    click.argument("spec", nargs=-1),
    click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Folder of the modules.",
    ),
    click.option(
        "--name",
        metavar="NAME",
        help="Module name, for one SPEC; else of file or title.",
    ),
    document_options,
    click.option(
        "--runtime",
        type=click.Choice(BY_NAME["runtime"].choices),
        metavar=BY_NAME["runtime"].metavar,
        help=BY_NAME["runtime"].help,
    ),
    click.option("--strict/--no-strict", default=None, help="Fail on any warning."),
    click.option(
        "--overwrite", is_flag=True, default=None, help="Replace what was changed by hand."
    ),
    click.option("-v", "--verbose", is_flag=True, help="Show notes and every repeated finding."),
    click.option("-q", "--quiet", is_flag=True, help="Say nothing unless something fails."),
    click.option("--timings", is_flag=True, help="Show where time and memory went."),
    click.option(
        "--cache/--no-cache",
        default=None,
        help="Use what earlier runs left; else not in CI.",
    ),
    settings_option,
)


def run_options(function: F) -> F:
    """The arguments and options of `generate` and `check`; `carry_out` takes what they bring."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def runtime_names() -> frozenset[str]:
    """The files of a vendored runtime, in the output folder."""
    root = PACKAGE.parent / "toolbind_runtime"
    paths = (path.relative_to(root).as_posix() for path in root.rglob("*.py"))
    return frozenset(f"{files.RUNTIME}/{path}" for path in paths)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run found out. Nothing has been written."""

    plan: Plan
    outcomes: tuple[Outcome, ...]
    shared: Files
    timings: Timings

    def changes(self) -> list[files.Change]:
        """What `generate` would change in the output folder; raises Complaint if it must not."""
        made = [self.shared.contents, *(outcome.files.contents for outcome in self.outcomes)]
        wanted = {name: data for contents in made for name, data in contents.items()}
        planned = files.plan(self.plan.output, wanted, self._leftovers())
        listed = self.listing.change()
        return planned if listed is None else [*planned, listed]

    @property
    def listing(self) -> files.Listing:
        """What the list of the modules is to say."""
        made = [self.shared.digests, *(outcome.files.digests for outcome in self.outcomes)]
        top = {name: each for found in made for name, each in found.items() if "/" not in name}
        return files.Listing(self.plan.output, top, self.plan.complete)

    def _leftovers(self) -> list[str]:
        """Files of ours that no longer belong there.

        A run over the whole project knows all modules; any other says nothing about theirs.
        """
        folder = self.plan.output
        found = files.runtime_leftovers(folder, self.shared.names)
        if self.plan.complete:
            kept = {name for outcome in self.outcomes for name in outcome.files.names}
            kept |= self.shared.names
            found += [name for name in files.marked(folder) if name not in kept]
        return found


def carry_out(flags: Mapping[str, Any]) -> Run:
    """Everything but writing: resolve the options, find out what the documents give."""
    plan = resolve(
        flags["spec"],
        output=flags["output"],
        name=flags["name"],
        strict=flags["strict"],
        runtime=flags["runtime"],
        overwrite=flags["overwrite"],
        document=given(flags),
        settings=chosen(flags["settings_path"]),
    )
    files.check_folder(plan.output)
    timings = Timings()
    with Progress(wanted=not flags["quiet"]) as progress:
        stores = user_cache() if _uses_cache(flags["cache"], os.environ) else None
        outcomes, shared = Producer(plan, stores, progress, timings).produce()
    return Run(plan, tuple(outcomes), shared, timings)


def _uses_cache(given: bool | None, environment: Mapping[str, str]) -> bool:
    """Whether what earlier runs left may save time. What the jobs of a project rely on is worked
    out anew, unless they say otherwise: their caches come from elsewhere, secrets included."""
    if given is not None:
        return given
    return not any(environment.get(name, "").lower() not in _NO for name in CI_SIGNS)


def failure(run: Run, flags: Mapping[str, Any]) -> Exit | None:
    """Say what was found; the exit code if the documents do not pass, else None."""
    refused = [outcome.refusal for outcome in run.outcomes if outcome.refusal]
    verbose = flags["verbose"]
    silent = refused or (flags["quiet"] and not run.plan.strict)
    for outcome in run.outcomes:
        if verbose or not silent or outcome.refusal:
            for line in findings.lines(outcome.diagnostics, verbose=verbose):
                say(line)
    for line in refused:
        say(line)
    if refused:
        return Exit.REFUSED
    warnings = sum(
        finding.severity is Severity.WARNING
        for outcome in run.outcomes
        for finding in outcome.diagnostics
    )
    if run.plan.strict and warnings:
        say(f"error: {counted(warnings, 'warning')} under --strict")
        return Exit.REFUSED
    return None


def show_timings(run: Run, flags: Mapping[str, Any]) -> None:
    if flags["timings"]:
        for line in table(run.timings.costs):
            say(line)
