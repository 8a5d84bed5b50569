"""What `check` tells of an output folder: module by module, in words, by the verdicts of `diff`.

A module's old files are compared with its new ones by what they say (`compare.written`): a document
that has gone by since cannot be asked. Imports `changes`, `files`, `terminal`, `toolbind.compare`
and the standard library.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from toolbind import ir
from toolbind.cli.output import changes as told
from toolbind.cli.output import files
from toolbind.cli.terminal.shell import Complaint, counted
from toolbind.compare import compare

SHOWN = 20
"""Changes of a module that are told one by one; the rest is counted."""

State = Literal["missing", "incomplete", "left over", "changed", "same"]
"""`same`: written otherwise, but the same for those who call it and for models."""

PARTS = ("types", "tools", "async")
"""The files that a module may consist of beside its own."""

_PART = re.compile(rf"_(?:{'|'.join(PARTS)})\.py$")


@dataclass(frozen=True, slots=True)
class Stale:
    """One module whose files are not what they have to be; or what all modules share, with an empty
    name."""

    name: str
    files: tuple[files.Change, ...]
    state: State
    changed: told.Changed


def stale(
    differing: Sequence[files.Change], modules: Mapping[str, Collection[str]], folder: Path
) -> list[Stale]:
    """The modules, `modules` with the names of their files, that `differing` files belong to."""
    owners = {file: module for module, names in modules.items() for file in names}
    groups: dict[str, list[files.Change]] = {}
    for change in differing:
        name = change.path.relative_to(folder).as_posix()
        own = "" if name.startswith("_") else _PART.sub(".py", name).removesuffix(".py")
        groups.setdefault(owners.get(name, own), []).append(change)
    return [
        _stale(name, group, modules.get(name, ()), folder)
        for name, group in sorted(groups.items(), key=lambda group: (group[0] == "", group[0]))
    ]


def _stale(name: str, group: Sequence[files.Change], names: Collection[str], folder: Path) -> Stale:
    if not name:
        return Stale(name, tuple(group), "same", told.Changed("", compare(_none(), _none()), {}))
    by_path = {change.path: (change.old, change.new) for change in group}
    for file in names:
        path = folder / file
        if path not in by_path:
            text = files.read(path)
            by_path[path] = text, text
    old, new = (_api([pair[side] for pair in by_path.values()]) for side in (0, 1))
    comparison = compare(old, new)
    state: State = "changed" if comparison.changes else "same"
    if old.operations and not new.operations:
        state = "left over"
    elif new.operations and not old.operations:
        state = "missing"
    elif any(old is None for old, _ in by_path.values()):
        state = "incomplete"
    return Stale(name, tuple(group), state, told.Changed(name, comparison, {}))


def module_files(target: str) -> list[Path]:
    """The files of the module `generated.petstore` or `generated/petstore.py`. Raises Complaint."""
    path = Path(target if target.endswith(".py") else f"{target.replace('.', '/')}.py")
    if not path.is_file():
        raise Complaint(f"{target}: there is no module in {path}")
    found = [path.with_name(f"{path.stem}_{part}.py") for part in PARTS]
    return [path, *(each for each in found if each.is_file())]


def of_files(paths: Sequence[Path]) -> ir.Api:
    """What a module's files tell. Raises Complaint for what is none."""
    found = _api([files.read(path) for path in paths])
    if not found.operations:
        raise Complaint(f"{paths[0]}: is no module that toolbind generated")
    return found


def _api(texts: Sequence[bytes | None]) -> ir.Api:
    """What a module's files tell; nothing where they are no module."""
    from toolbind.compare.written import written
    from toolbind.lower.fit.tokens import tokens

    try:
        return written([text.decode() for text in texts if text is not None], tokens)
    except ValueError:
        return _none()


def _none() -> ir.Api:
    return ir.Api("", "", "", (), (), (), (), (), ())


# --- formats ------------------------------------------------------------------------------------


def as_text(modules: Sequence[Stale], _refresh: str) -> str:
    return "\n".join(line for module in modules for line in _text(module))


def _text(module: Stale) -> Iterator[str]:
    comparison = module.changed.comparison
    names = ", ".join(_short(change.path) for change in module.files[:3])
    more = len(module.files) - 3
    names += f" and {more} more" if more > 0 else ""
    if not module.name:
        yield f"the runtime: {counted(len(module.files), 'file')} to renew ({names})"
    elif module.state == "missing":
        tools = counted(comparison.new_tools, "tool")
        yield f"{module.name}: not there yet: {tools}, {comparison.new_tokens:,} tokens"
    elif module.state == "left over":
        tools = counted(comparison.old_tools, "tool")
        yield f"{module.name}: left over: no document gives it any more ({tools})"
    elif module.state == "incomplete":
        gone = [change.path.name for change in module.files if change.old is None]
        yield f"{module.name}: incomplete: without {', '.join(gone)}"
    elif module.state == "same":
        yield f"{module.name}: written otherwise, the same for callers and models ({names})"
    else:
        yield from _some(told.as_text([module.changed]).splitlines(), len(module.changed.told))


def _short(path: Path) -> str:
    """A file of the runtime as seen from the output folder."""
    parts = path.parts
    return "/".join(parts[parts.index("_runtime") :]) if "_runtime" in parts else path.name


def _some(lines: Sequence[str], count: int) -> Iterator[str]:
    """The lines of the first changes."""
    seen = 0
    for line in lines:
        seen += line.startswith("    ") and line.endswith("]")
        if seen > SHOWN:
            yield f"    and {count - SHOWN} more changes; --format json tells all"
            return
        yield line


def as_json(modules: Sequence[Stale], refresh: str) -> str:
    return json.dumps(
        {"stale": bool(modules), "refresh": refresh, "modules": list(map(_report, modules))},
        indent=2,
    )


def _report(module: Stale) -> dict[str, Any]:
    listed = [change.path.as_posix() for change in module.files]
    own = {"module": module.name, "state": module.state, "files": listed}
    return {**told.report(module.changed), **own} if module.name else own


def as_github(modules: Sequence[Stale], refresh: str) -> str:
    lines = []
    for module in modules:
        first, *_ = _text(module)
        file = module.files[0].path.as_posix()
        lines.append(
            told.annotation("error", {"file": file, "title": "stale"}, f"{first}; {refresh}")
        )
        if module.state == "changed":
            lines += told.as_github([module.changed]).splitlines()
    return "\n".join(lines)


FORMATS: dict[str, Callable[[Sequence[Stale], str], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
}
