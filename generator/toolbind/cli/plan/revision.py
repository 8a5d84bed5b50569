"""The documents of a project as they were at some revision, read with git.

Git is asked for what it holds; nothing is checked out in the user's folders, and no hook runs.
Imports `shell` and the standard library.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from toolbind.cli.terminal.shell import Complaint

KINDS = (".json", ".yaml", ".yml", ".toml")
"""Files that a project's documents, overlays and settings can consist of."""

MOST_BYTES = 1 << 30
"""Of all the files of one revision together."""


@contextmanager
def at_revision(folder: Path, revision: str) -> Iterator[Path]:
    """A folder that holds, until the end, the files of `folder` as they were at a revision.

    Raises Complaint if there is no repository, no such revision, or no git.
    """
    if revision.startswith("-"):
        raise Complaint(f"--base {revision!r} names no revision")
    commit = _git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").strip()
    if not commit:
        raise Complaint(f"--base {revision!r} names no revision of the repository of {folder}")
    with TemporaryDirectory(prefix="toolbind-base-") as made:
        _write(folder, commit.decode(), Path(made))
        yield Path(made)


def _write(folder: Path, commit: str, target: Path) -> None:
    listed = _git(folder, "ls-tree", "-r", "-z", "--long", commit, ".")
    names: list[tuple[str, str]] = []
    total = 0
    for entry in filter(None, listed.decode("utf-8", "surrogateescape").split("\0")):
        about, _, name = entry.partition("\t")
        mode, kind, digest, size = about.split()
        if kind == "blob" and mode != "120000" and name.lower().endswith(KINDS):
            total += int(size)
            names.append((name, digest))
    if total > MOST_BYTES:
        raise Complaint(f"the documents of {commit[:12]} have more than {MOST_BYTES} bytes")
    wanted = "".join(f"{digest}\n" for _, digest in names).encode()
    found = _git(folder, "cat-file", "--batch", given=wanted)
    start = 0
    for name, _ in names:
        head = found.index(b"\n", start)
        end = head + 1 + int(found[start:head].split()[-1])
        place = target.joinpath(*PurePosixPath(name).parts)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(found[head + 1 : end])
        start = end + 1


def _git(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    """What git says; nothing where it does not find what it is asked for."""
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    command: Sequence[str] = ("git", "-C", str(folder), *arguments)
    try:
        done = subprocess.run(
            command, input=given, capture_output=True, env=environment, check=False
        )
    except FileNotFoundError:
        raise Complaint("--base needs git, which is not installed") from None
    if done.returncode != 0 and done.stderr:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1]
        raise Complaint(f"git: {reason.removeprefix('fatal: ')}")
    return done.stdout
