"""`toolbind overlay`: a document as its overlays make it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from toolbind.cli.output import files
from toolbind.cli.output.writing import apply
from toolbind.cli.plan.documents import load_source, overlays_of, read_options
from toolbind.cli.plan.jobs import options_for
from toolbind.cli.plan.options import debug_option, given, reading_options, settings_option
from toolbind.cli.plan.settings import chosen
from toolbind.cli.terminal import findings
from toolbind.cli.terminal.shell import Complaint, is_terminal, out, safe, say
from toolbind.diagnostics import Report


@click.command("overlay")
@click.argument("spec")
@reading_options
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the document there.",
)
@settings_option
@debug_option
def command(spec: str, output: Path | None, **flags: Any) -> None:
    """Print a document as its overlays make it, JSON or YAML as the document is.

    Without --overlay, those of the settings are applied. The document itself is never changed.

    \b
    toolbind overlay specs/weather.yaml --overlay specs/weather.overlay.yaml
    toolbind overlay vendor.json --overlay words.yaml --overlay binds.yaml -o mended.json
    """
    from toolbind.read import read

    options = options_for(spec, given(flags), chosen(flags["settings_path"]))
    overlays = overlays_of(options)
    if not overlays:
        raise Complaint(
            f"no overlay for {spec}: give --overlay FILE, or `overlays` in the settings"
        )
    if output is not None:
        _refuse_own(output, (spec, *overlays))
    report = Report()
    document = read(load_source(spec, options), report, read_options(options))
    for line in findings.lines(document.located(report), verbose=False):
        say(line)
    text = document.written()
    if output is None:
        out(safe(text) if is_terminal(sys.stdout) else text, end=False)
    else:
        old = files.read(output)
        apply([files.Change(output, old, text.encode())], output.parent)


def _refuse_own(output: Path, sources: tuple[str, ...]) -> None:
    for source in sources:
        if output.absolute() == Path(source).absolute() or (
            output.exists() and Path(source).exists() and output.samefile(source)
        ):
            raise Complaint(f"{output}: would be overwritten by what is made of it")
