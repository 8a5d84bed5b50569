"""`toolbind diff`: what changed between two states of an API."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from toolbind.cli.commands.targets import is_module
from toolbind.cli.output.changes import FORMATS, Changed
from toolbind.cli.output.staleness import module_files, of_files
from toolbind.cli.plan.documents import examined
from toolbind.cli.plan.jobs import Job, options_for, resolve
from toolbind.cli.plan.options import (
    PATTERNS_HELP,
    debug_option,
    document_options,
    given,
    settings_option,
)
from toolbind.cli.plan.revision import at_revision
from toolbind.cli.plan.settings import Settings, chosen, load
from toolbind.cli.terminal.shell import Complaint, Exit, out, say
from toolbind.compare import ORDER, Comparison, compare
from toolbind.diagnostics import Diagnostic, DocumentError, Place

if TYPE_CHECKING:
    from toolbind import ir
    from toolbind.pipeline import Examined

NOWHERE = Path(os.devnull)


@click.command("diff", epilog=PATTERNS_HELP)
@click.argument("documents", nargs=-1, metavar="[OLD NEW]")
@click.option("--base", metavar="REVISION", help="Compare with a git revision.")
@document_options
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    metavar="FORM",
    default="text",
    help="text, json, markdown or github.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "warning", "info"]),
    metavar="LEVEL",
    help="Exit 1 if there is a change as bad as that.",
)
@click.option(
    "--for",
    "side",
    type=click.Choice(["code", "model"]),
    help="Count one verdict only for --fail-on.",
)
@settings_option
@debug_option
@click.pass_context
def command(
    context: click.Context,
    /,
    documents: tuple[str, ...],
    base: str | None,
    form: str,
    fail_on: str | None,
    side: str | None,
    **flags: Any,
) -> None:
    """Show what changed, with two verdicts: for code that calls the API, and for a model.

    OLD and NEW are documents, or modules by their names or files. With --base, the documents of
    this project's settings are compared with themselves at a git revision, by the settings and
    overlays of that revision. A change is let pass for good by its fingerprint, in `accepted` of
    the settings. LEVEL is breaking, warning or info.

    \b
    toolbind diff old.json new.json
    toolbind diff generated/petstore.py specs/petstore.yaml
    toolbind diff --base main --format markdown --fail-on breaking
    """
    settings = chosen(flags["settings_path"])
    if base is None and len(documents) != 2:
        raise Complaint("give OLD and NEW, or --base REVISION")
    if base is not None and documents:
        raise Complaint("--base compares the documents of the settings; leave OLD and NEW out")
    if base is None:
        found = [_two(documents[0], documents[1], given(flags), settings)]
    else:
        found = list(_since(base, given(flags), settings))
    _tell_unused(found, settings)
    out(FORMATS[form](found))
    context.exit(_code(found, fail_on, side or ""))


def _two(old: str, new: str, flags: Mapping[str, Any], settings: Settings) -> Changed:
    """Two documents or modules; documents by the options of the new one."""
    options = {} if is_module(new) else options_for(new, flags, settings)
    before, after = _side(old, options), _side(new, options)
    comparison = compare(before.api, after.api)
    return _changed(new, comparison, before.document, after.document, _accepted(settings, ""))


class _Side(NamedTuple):
    """One of two states: what it tells, and its document if it is not a module."""

    api: ir.Api
    document: Examined | None


def _side(target: str, options: Mapping[str, Any]) -> _Side:
    if not is_module(target):
        found = examined(target, options)
        return _Side(found.api, found)
    return _Side(of_files(module_files(target)), None)


def _since(base: str, flags: Mapping[str, Any], settings: Settings) -> Iterator[Changed]:
    """Each document of the settings, and what it was; those that came or went, too."""
    if settings.path is None:
        raise Complaint("--base needs settings that name documents")
    folder = settings.folder
    now = _jobs(settings, flags)
    with at_revision(folder, base) as was:
        old_settings = _settings_in(was, settings.path.name)
        before = _jobs(old_settings, flags) if old_settings else {}
        for name in [*now, *(name for name in before if name not in now)]:
            old = _examined_at(base, before.get(name), was)
            new = _examined(now.get(name))
            comparison = compare(_api(old), _api(new))
            yield _changed(name, comparison, old, new, _accepted(settings, name), (was, base))


def _settings_in(folder: Path, name: str) -> Settings | None:
    """The project's settings as they were, perhaps in the other of the two files."""
    for each in dict.fromkeys((name, "toolbind.toml", "pyproject.toml")):
        path = folder / each
        if path.is_file() and (found := load(path, required=False)) is not None:
            return found
    return None


def _jobs(settings: Settings, flags: Mapping[str, Any]) -> dict[str, Job]:
    plan = resolve((), output=NOWHERE, name=None, strict=None, document=flags, settings=settings)
    return {job.name: job for job in plan.jobs}


def _examined(job: Job | None) -> Examined | None:
    return examined(job.spec, job.options) if job is not None else None


def _examined_at(base: str, job: Job | None, folder: Path) -> Examined | None:
    try:
        return _examined(job)
    except DocumentError as refused:
        found = refused.diagnostic
        place = _shown(found.place, (folder, base))
        raise Complaint(f"{place}: {found.message} [{found.code}]", Exit.REFUSED) from None


def _api(found: Examined | None) -> ir.Api:
    from toolbind import ir

    return found.api if found is not None else ir.Api("", "", "", (), (), (), (), (), ())


def _changed(
    name: str,
    comparison: Comparison,
    old: Examined | None,
    new: Examined | None,
    accepted: Collection[str],
    base: tuple[Path, str] | None = None,
) -> Changed:
    places: dict[str, Place] = {}
    for found, is_gone in ((new, False), (old, True)):
        wanted = [c for c in comparison.changes if c.pointer and c.is_gone is is_gone]
        if found is None or not wanted:
            continue
        file = found.document.root.file
        bare = [  # findings that are the same are one: these are told apart
            Diagnostic("operation-renamed", Place(file, each.pointer), each.fingerprint)
            for each in wanted
        ]
        located = found.document.located(bare)
        places |= {
            change.fingerprint: _shown(finding.place, base)
            for change, finding in zip(wanted, located, strict=True)
        }
    return Changed(name, comparison.accepting(accepted), places)


def _shown(place: Place, base: tuple[Path, str] | None) -> Place:
    """A place of another revision by that revision's name."""
    if base is None:
        return place
    folder, revision = base
    path = Path(place.file).resolve()
    if not path.is_relative_to(folder.resolve()):
        return place
    shown = path.relative_to(folder.resolve()).as_posix()
    return Place(f"{revision}:{shown}", place.pointer, place.line, place.column)


def _accepted(settings: Settings, module: str) -> tuple[str, ...]:
    value = settings.of(module).get("accepted", ())
    return value if isinstance(value, tuple) else ()


def _tell_unused(found: list[Changed], settings: Settings) -> None:
    """Fingerprints of changes that are history by now."""
    listed = [settings.values, *settings.modules.values()]
    lists = [value for table in listed if isinstance(value := table.get("accepted"), tuple)]
    named = [each for accepted in lists for each in accepted]
    known = {change.fingerprint for module in found for change in module.comparison.changes}
    for fingerprint in dict.fromkeys(str(each) for each in named if each not in known):
        say(f"note: `accepted` names {fingerprint}, which is no change any more")


def _code(found: list[Changed], fail_on: str | None, side: str) -> Exit:
    if fail_on is None:
        return Exit.DONE
    counts = [module.comparison.counted(side) for module in found]
    worse = ORDER[ORDER.index(fail_on) :]
    return Exit.STALE if any(count[each] for count in counts for each in worse) else Exit.DONE
