"""The output folder: whose its files are, and what would change there. Touches nothing.

Only what toolbind wrote is ever replaced or removed, and what somebody has changed since only when
that is asked for. `writing` makes the changes. Imports `plain`, `shell` and `toolbind.marks`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from toolbind.cli.output.plain import opened_plain
from toolbind.cli.terminal.shell import Complaint
from toolbind.marks import MANIFEST, MARK, Author, digest, listed, manifest, pairs

RUNTIME = "_runtime"


@dataclass(frozen=True, slots=True)
class Change:
    """One file that differs: `old` is None if it is missing, `new` is None if it has to go.
    `edited` says that somebody has changed what toolbind wrote."""

    path: Path
    old: bytes | None
    new: bytes | None
    edited: bool = False


def read(path: Path) -> bytes | None:
    """The file's bytes, or None if there is no such file."""
    try:
        with opened_plain(path) as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise Complaint(f"{path}: {error.strerror}") from None


def plan(folder: Path, wanted: Mapping[str, bytes], leftovers: Iterable[str] = ()) -> list[Change]:
    """The changes that make `folder` hold `wanted` (relative names), and `leftovers` go away.

    Raises Complaint where that would take something that toolbind did not write.
    """
    owner = Owner(folder)
    copied = any(name.startswith(f"{RUNTIME}/") for name in wanted)
    if copied and owner.listed(folder / RUNTIME) is None:
        _refuse_other_runtime(folder, wanted)
    changes = []
    for name, new in wanted.items():
        path = folder / name
        _refuse_crooked(folder, path)
        old = read(path)
        if old == new:
            continue
        who = owner.author(path, old)
        if who is Author.SOMEBODY:
            if name == "__init__.py":
                continue  # the user's package: it only has to be one
            raise Complaint(
                f"{path}: toolbind did not write this file, and leaves it alone; "
                "choose another --name or folder, or move it away"
            )
        changes.append(Change(path, old, new, who is Author.EDITED))
    for name in sorted(leftovers):
        path = folder / name
        old = read(path)
        changes.append(Change(path, old, None, owner.author(path, old) is Author.EDITED))
    return changes


@dataclass(frozen=True, slots=True)
class Listing:
    """What the list of a folder is to say: of these files these digests; `complete`: and nothing
    of others."""

    folder: Path
    made: Mapping[str, str]
    complete: bool

    def change(self) -> Change | None:
        """What is to change in the list as it is now. Raises Complaint for somebody's own."""
        path = self.folder / MANIFEST
        old = read(path)
        if Owner(self.folder).author(path, old) is Author.SOMEBODY:
            raise Complaint(
                f"{path}: toolbind did not write this file, and leaves it alone; choose another "
                "folder, or move it away"
            )
        kept = [] if self.complete else [each for each in pairs(old) if each[0] not in self.made]
        face = self.folder / "__init__.py"
        own = {face.name} if Owner(self.folder).author(face, read(face)) is Author.SOMEBODY else ()
        ours = [each for each in self.made.items() if each[0] not in own]
        new = manifest([*kept, *ours])
        return None if old == new else Change(path, old, new)


def but_lists(changes: Sequence[Change]) -> list[Change]:
    """Changes as a person is told: what lists say follows from the rest, if there is any."""
    rest = [change for change in changes if change.path.name != MANIFEST]
    return rest or list(changes)


def refuse_edited(changes: Sequence[Change]) -> None:
    """Raise Complaint if a change would lose what somebody has written into a generated file."""
    edited = [change.path for change in changes if change.edited]
    if edited:
        more = f" (and {len(edited) - 1} more)" if len(edited) > 1 else ""
        raise Complaint(
            f"{edited[0]}{more}: was changed by hand since toolbind wrote it; --overwrite replaces "
            "it; to keep a module as your own, give it another name and remove its first line"
        )


def check_folder(folder: Path) -> None:
    """Raise Complaint if this can be no folder of modules."""
    for place in (folder, *folder.parents):
        if place.exists():
            if not place.is_dir():
                raise Complaint(f"{place}: is a file, and the modules need a folder")
            break
    runtime = folder / RUNTIME
    if runtime.is_symlink() or (runtime.exists() and not runtime.is_dir()):
        raise Complaint(f"{runtime}: must be a folder of its own, not a link or a file")


def runtime_leftovers(folder: Path, wanted: Set[str]) -> list[str]:
    """Files of another version's runtime in `_runtime/`: those on its list that this one lacks."""
    ours = Owner(folder).listed(folder / RUNTIME)
    inside = [name for name in ours if _is_inside(name)] + [MANIFEST] if ours is not None else []
    names = (f"{RUNTIME}/{name}" for name in inside)
    gone = [name for name in names if name not in wanted and (folder / name).is_file()]
    for name in gone:
        _refuse_crooked(folder, folder / name)
    return gone


def marked(folder: Path) -> list[str]:
    """All generated modules in `folder`."""
    return [path.name for path in sorted(folder.glob("*.py")) if begins_with_mark(path)]


def begins_with_mark(path: Path) -> bool:
    """Whether toolbind has written a file, or said that it has."""
    with contextlib.suppress(OSError), opened_plain(path) as file:
        return file.read(len(MARK)) == MARK
    return False


class Owner:
    """Who has written the files below a folder, by their own marks and by lists beside them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lists: dict[Path, Mapping[str, frozenset[str]] | None] = {}

    def listed(self, folder: Path) -> Mapping[str, frozenset[str]] | None:
        """Our list of a folder's files, if it has one."""
        if folder not in self._lists:
            self._lists[folder] = listed(read(folder / MANIFEST))
        return self._lists[folder]

    def author(self, path: Path, data: bytes | None) -> Author:
        """Who has written what stands at a path."""
        if data is None or not data.strip():
            return Author.NOBODY
        if path.name == MANIFEST:
            return Author.SOMEBODY if listed(data) is None else Author.TOOLBIND
        for place in (*_between(self._folder, path), self._folder):
            ours = self.listed(place)
            if ours and digest(data) in ours.get(path.relative_to(place).as_posix(), ()):
                return Author.TOOLBIND
            if ours is not None and place != self._folder:
                return Author.EDITED  # a folder that is ours alone
        return Author.EDITED if data.startswith(MARK) else Author.SOMEBODY


def _refuse_other_runtime(folder: Path, wanted: Mapping[str, bytes]) -> None:
    """A package of that name without our list is somebody's own, unless all in it is as we would
    write it: then an earlier run was stopped before it came to the list."""
    for path in sorted((folder / RUNTIME).rglob("*.py")):
        data = read(path) or b""
        if data.strip() and wanted.get(path.relative_to(folder).as_posix()) != data:
            raise Complaint(
                f"{folder / RUNTIME}: is a package that toolbind did not write, and leaves alone; "
                "choose another folder, or move it away"
            )


def _refuse_crooked(folder: Path, path: Path) -> None:
    """Nothing is written through links inside the folder, or where a file is in the way."""
    for place in _between(folder, path):
        if place.is_symlink() or (place.exists() and not place.is_dir()):
            raise Complaint(f"{place}: must be a folder of its own, not a link or a file")


def _between(folder: Path, path: Path) -> Iterator[Path]:
    place = path.parent
    while place != folder:
        yield place
        place = place.parent


def _is_inside(name: str) -> bool:
    """Whether a name of a list can be that of a file of the runtime."""
    pure = PurePosixPath(name)
    return pure.suffix in (".py", ".typed") and not pure.is_absolute() and ".." not in pure.parts
