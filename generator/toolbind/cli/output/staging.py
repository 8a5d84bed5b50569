"""A folder of a run's own, inside the output, for files on their way; it goes with its run.

A run holds a lock on its folder, which the system lets go when the run ends, however it ends: a
later run finds folders that nobody holds, and removes them. Imports the standard library only.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where age has to tell
    fcntl = None  # type: ignore[assignment]

_NAME = re.compile(r"\.toolbind-[0-9a-f]{12}\.tmp")
PATIENCE = 30.0
"""Seconds to wait for another run that is writing."""

_OLD = 24 * 3600
"""Seconds after which a folder belongs to no run any more, where there are no locks."""


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """A new folder in `folder`, to be moved from. Raises OSError where none can be made."""
    clean(folder)
    while True:
        stage = folder / f".toolbind-{secrets.token_hex(6)}.tmp"
        stage.mkdir(mode=0o700)
        held = _held(stage)
        if held is None or stage.is_dir():  # else: another run was faster and has removed it
            break
        os.close(held)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        if held is not None:
            os.close(held)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Nobody else writes into the folder meanwhile. Raises OSError after a long wait."""
    if fcntl is None:
        yield
        return
    held = os.open(folder, os.O_RDONLY)
    try:
        end = time.monotonic() + PATIENCE
        while not _is_taken(held):
            if time.monotonic() > end:
                raise OSError(errno.EAGAIN, "another toolbind is writing there", str(folder))
            time.sleep(0.02)
        yield
    finally:
        os.close(held)


def _is_taken(held: int) -> bool:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


def clean(folder: Path) -> None:
    """Remove what runs have left that were stopped."""
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if _NAME.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
                _remove_if_left(path)


def _remove_if_left(stage: Path) -> None:
    if fcntl is None:
        with contextlib.suppress(OSError):
            if time.time() - stage.stat().st_mtime > _OLD:
                shutil.rmtree(stage, ignore_errors=True)
    elif (held := _held(stage)) is not None:
        shutil.rmtree(stage, ignore_errors=True)
        os.close(held)


def _held(stage: Path) -> int | None:
    """A lock on the folder, as an open descriptor; None if another run has it, or none can be
    had."""
    if fcntl is None:
        return None
    try:
        held = os.open(stage, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        return None
    return held
