"""From flags and settings to jobs: which documents, under which names, with which options.

Imports `keys`, `module_names`, `near`, `settings`, `shell` and the standard library.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from glob import has_magic
from pathlib import Path
from typing import Any

from toolbind.cli.plan import module_names
from toolbind.cli.plan.documents import title_of
from toolbind.cli.plan.keys import BY_NAME, CURATION_KEYS, FLAG_KEYS, PLACES, Key
from toolbind.cli.plan.settings import Settings, Value, spelt_here
from toolbind.cli.terminal.shell import Complaint
from toolbind.diagnostics import near_miss
from toolbind.diagnostics import shown as masked

VENDORED = "vendored"
"""Where modules have their runtime, unless somebody says otherwise: in a folder beside them."""

_OVERLAY = re.compile(r"\.overlay\.(json|ya?ml)$", re.IGNORECASE)
"""Names that tell of an overlay beside a document: no pattern means those."""

_FILE_KEYS = tuple(key for key in FLAG_KEYS if key.kind == "files")


@dataclass(frozen=True, slots=True)
class Job:
    """One document to be turned into one module. `spec` is a path or URL as messages show it.

    `document`, `overlays` and `command` stand in the module's header: what it was made from, and
    how to make it again. They depend on documents, names and options only: not on the current
    folder, nor on whether an option came from a flag or from the settings.
    """

    spec: str
    name: str
    options: Mapping[str, Value]
    document: str
    command: str
    overlays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """All jobs of one run. `complete` says that the folder is the project's and the jobs are all,
    `overwrite` that what was changed by hand may go.

    `package` is the output folder as programs import it, `runtime` where its modules have their
    runtime ("vendored" or "installed"); `refresh` is the command that writes what
    this run compares.
    """

    output: Path
    jobs: tuple[Job, ...]
    package: str
    strict: bool
    overwrite: bool
    complete: bool
    refresh: str
    runtime: str = VENDORED


HOW = "give SPEC -o DIR, or name documents in [tool.toolbind] of pyproject.toml"


def is_url(spec: str) -> bool:
    return "://" in spec


def resolve(
    specs: Sequence[str],
    *,
    output: Path | None,
    name: str | None,
    strict: bool | None,
    overwrite: bool | None = None,
    document: Mapping[str, Value],
    settings: Settings,
    runtime: str | None = None,
) -> Plan:
    """The plan of a run; raises Complaint where flags and settings do not make one.

    `document` holds the flags that were given; they win over settings, key by key.
    """
    folder = output or _setting_path(settings, "output")
    if folder is None and not specs and settings.path is None:
        raise Complaint(f"neither a SPEC nor settings here: {HOW}")
    if folder is None:
        raise Complaint("no output folder: give -o DIR, or set `output` in the settings")
    if name is not None and len(specs) != 1:
        raise Complaint("--name goes with exactly one SPEC")
    if name is None and "-" in specs:
        raise Complaint("a document on stdin has no name: give --name NAME")
    given = None if name is None else module_names.checked(name)
    named = [(given, spec) for spec in _unique(specs)] if specs else list(_of_project(settings))
    chosen = runtime or str(settings.values.get("runtime", VENDORED))
    more = [] if chosen == VENDORED else ["--runtime", chosen]
    jobs = [_job(spec, own, folder, document, settings, more) for own, spec in named]
    module_names.refuse_clashes((job.name, job.spec) for job in jobs)
    if _absolute(folder) == Path.cwd():
        module_names.refuse_hiding(job.name for job in jobs)
    if not specs:
        _refuse_unused(settings, {job.name for job in jobs})
    words = ["toolbind", "generate", *map(masked, specs)]
    words += ["-o", str(folder)] if output else []
    words += ["--name", name] if name else []
    words += ["--runtime", runtime] if runtime else []
    package = _spelt(_absolute(folder).name)
    return Plan(
        folder,
        tuple(jobs),
        package if package.isidentifier() else "generated",
        strict=bool(settings.values.get("strict")) if strict is None else strict,
        overwrite=bool(settings.values.get("overwrite")) if overwrite is None else overwrite,
        complete=not specs and output is None,
        refresh=shlex.join([*words, *_as_flags(document)]),
        runtime=chosen,
    )


def options_for(spec: str, document: Mapping[str, Value], settings: Settings) -> dict[str, Value]:
    """The options that hold for one document, when nothing is written (`list`, `show`)."""
    return _options(name_of(spec, settings, document), document, settings)


def _job(
    spec: str,
    given: str | None,
    folder: Path,
    document: Mapping[str, Value],
    settings: Settings,
    more: Sequence[str],
) -> Job:
    name = given or name_of(spec, settings, document)
    options = _options(name, document, settings)
    shown, target, root = _shown_in_header(spec, folder)
    overlays = tuple(_below(overlay, root) for overlay in _files(options.get("overlays")))
    words = ["toolbind", "generate", shown, "-o", target]
    words += ["--name", name] if name != module_names.from_spec(spec) else []
    told = {key: options[key] for key in options if key in BY_NAME and _is_told(key)}
    words += [*more, *_as_flags({"overlays": overlays, **told})]
    told_as = "stdin" if spec == "-" else shown
    return Job(spec, name, options, told_as, shlex.join(words), overlays)


def _is_told(key: str) -> bool:
    """Whether a header says it: folders are of one machine, and overlays are told by name."""
    return BY_NAME[key].kind not in ("folder", "files")


def name_of(spec: str, settings: Settings, document: Mapping[str, Value]) -> str:
    """The module's name for a document: the settings' own, else its stem; its title where the file
    is called `openapi`, `spec` or the like."""
    for name, table in settings.modules.items():
        own = table.get("spec")
        if own is not None and _identity(_located(str(own), settings)) == _identity(spec):
            return module_names.checked(name)
    name = module_names.from_spec(spec)
    if not module_names.says_nothing(name) or name in settings.modules:
        return name
    return module_names.from_title(title_of(spec, _options("", document, settings))) or name


def _options(name: str, document: Mapping[str, Value], settings: Settings) -> dict[str, Value]:
    own = settings.of(name)
    files = {key.name: tuple(map(_shown_path, _files(own.get(key.name)))) for key in _FILE_KEYS}
    told = _places(name, own, settings)
    merged = {**own, **{key: value for key, value in files.items() if value}, **document}
    found = {key.name: merged[key.name] for key in FLAG_KEYS if key.name in merged}
    kept = {key: line for key, line in told.items() if key.partition(".")[0] not in document}
    return {**found, PLACES: kept} if kept else found


def _places(name: str, own: Mapping[str, Value], settings: Settings) -> dict[str, str]:
    """Where the settings say what arguments, headers and presets are: `file:line` by key."""
    found: dict[str, str] = {}
    for key in CURATION_KEYS:
        value = own.get(key)
        names = value if isinstance(value, (Mapping, tuple)) else ()
        for each in ((), *((one,) for one in names)):
            line = settings.line_of(name, key, *each) or settings.line_of(name, key)
            if value is not None and settings.path is not None:
                found[".".join((key, *each))] = f"{_shown(settings.path)}:{line}"
    return found


def _files(value: Value | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _shown_path(spec: str) -> str:
    return spec if is_url(spec) else _shown(Path(spec))


def _of_project(settings: Settings) -> Iterator[tuple[str | None, str]]:
    """`(module name or None, spec)` of all documents that the settings name."""
    own = [
        (module_names.checked(name), _located(str(table["spec"]), settings))
        for name, table in settings.modules.items()
        if "spec" in table
    ]
    yield from own
    listed = settings.values.get("specs", ())
    found = [spec for entry in listed for spec in _expanded(entry, settings)]  # type: ignore[union-attr]  # texts
    taken = {_identity(spec) for _, spec in own}
    yield from ((None, spec) for spec in _unique(found) if _identity(spec) not in taken)
    if not own and not found:
        raise Complaint(f"no SPEC given, and no settings here that name documents: {HOW}")


def _refuse_unused(settings: Settings, used: Set[str]) -> None:
    """A module's table that belongs to no document is a mistake: what it says has no effect."""
    for name in settings.modules:
        if name not in used:
            hint = near_miss(name, used)
            raise Complaint(
                f"{settings.path}: no document gives the module of [modules.{name}]{hint}"
            )


def _expanded(entry: str, settings: Settings) -> list[str]:
    located = _located(entry, settings)
    if is_url(located) or not has_magic(entry):
        return [located]
    names = spelt_here(entry)
    found = sorted(p for p in settings.folder.glob(names) if not _OVERLAY.search(p.name))
    if not found:
        raise Complaint(f"{settings.path}: no file matches {entry!r} of `specs`")
    return [_shown(path) for path in found]


def _located(spec: str, settings: Settings) -> str:
    """A spec of the settings, relative to the current folder if that is shorter."""
    return spec if is_url(spec) else _shown(settings.folder / spelt_here(spec))


def _shown(path: Path) -> str:
    relative = Path(os.path.relpath(path))
    return str(path if relative.parts[:2] == ("..", "..") else relative)


def _setting_path(settings: Settings, key: str) -> Path | None:
    value = settings.values.get(key)
    return None if value is None else Path(_shown(Path(str(value))))


def _unique(specs: Sequence[str]) -> list[str]:
    """The specs without repetition: naming one twice (by two globs, say) is no clash."""
    return list({_identity(spec): spec for spec in reversed(specs)}.values())[::-1]


def _identity(spec: str) -> str:
    return spec if is_url(spec) or spec == "-" else str(_absolute(Path(spec)))


def _absolute(path: Path) -> Path:
    """Without `..`; links are left as they are, since people know things by those names."""
    return Path(os.path.normpath(path.absolute()))


def _as_flags(options: Mapping[str, Value]) -> list[str]:
    return [
        word
        for key, value in options.items()
        for one in _each(value)
        for word in _words(BY_NAME[key], one)
    ]


def _each(value: Value) -> tuple[str | int | bool, ...]:
    """One by one, as flags give them."""
    if isinstance(value, Mapping):
        return tuple(f"{name}={_listed(each)}" for name, each in value.items())
    return value if isinstance(value, tuple) else (value,)


def _listed(value: Any) -> str:
    value = value.get("tools") if isinstance(value, Mapping) else value
    return ",".join(value) if isinstance(value, list) else str(value)


def _words(key: Key, one: str | int | bool) -> list[str]:
    if one is False:
        return [f"--no-{key.name}"] if key.negative else []
    return [key.option] if one is True else [key.option, str(one)]


def _shown_in_header(spec: str, folder: Path) -> tuple[str, str, Path]:
    """Document and output as seen from the folder that they share, and that folder, so that
    nobody's home shows.

    Bare names if they share none; a URL without what may be secret in it.
    """
    target = _absolute(folder)
    if spec == "-":
        return spec, _spelt(target.name), target.parent
    if is_url(spec):
        parts = module_names.url_parts(spec)
        address = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
        return address, _spelt(target.name), target.parent
    source = _absolute(Path(spec))
    try:
        root = Path(os.path.commonpath([source.parent, target.parent]))
    except ValueError:  # on two drives
        root = Path(source.anchor)
    return _below(spec, root), _below(str(folder), root), root


def _below(path: str, root: Path) -> str:
    """A path as seen from a folder above it; its bare name if it is not there."""
    place = _absolute(Path(path))
    if root == Path(root.anchor) or not place.is_relative_to(root):
        return _spelt(place.name)
    return _spelt(place.relative_to(root).as_posix())


def _spelt(path: str) -> str:
    """A path as UTF-8 says it, whatever the locale of this run."""
    return os.fsencode(path).decode("utf-8", "surrogateescape")
