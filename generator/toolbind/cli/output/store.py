"""Where earlier runs' results lie: one SQLite file for each output, in the user's cache.

Nothing in it is believed that this user's own toolbind has not written: every value is sealed with
a secret that lies outside the cache, so that a cache which somebody else has filled, or which comes
from another machine, holds nothing. Files, folders and the secret must be the user's, and nobody
else's to write; what is not a plain file is not opened. Whatever goes wrong here costs time only.
Imports the standard library, and platformdirs.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import blake2b
from pathlib import Path

MOST_BYTES = 512 * 1024 * 1024
"""Of one file; a larger one is begun anew."""

MOST_FILES = 24
"""Files that stay; those of the outputs that were made last."""

LONGEST = 32 * 1024 * 1024
"""Bytes of one value."""

KEPT_RUNS = 12
"""Runs after which a value goes that no run has asked for."""

PATIENCE = 1.0
"""Seconds to wait for another run that is writing."""

_SEAL = 32
_TABLE = "CREATE TABLE kept (key BLOB PRIMARY KEY, value BLOB, run INTEGER) WITHOUT ROWID"
_BESIDE = ("", "-journal", "-wal", "-shm")


class Store:
    """The values of one output. What is put is written when the store is closed, all or nothing."""

    def __init__(self, path: Path, secret: bytes) -> None:
        """Raises OSError or sqlite3.Error for a file that cannot be used."""
        self._path = path
        self._secret = secret
        self._new: dict[bytes, bytes] = {}
        self._used: list[bytes] = []
        self._file = _opened(path)
        try:
            self._run = int(self._file.execute("PRAGMA user_version").fetchone()[0])
        except sqlite3.Error:
            self._file.close()
            raise

    def get(self, key: bytes) -> bytes | None:
        """The value of a key, if it is there and sealed by us."""
        if key in self._new:
            return self._new[key]
        query = "SELECT value, run FROM kept WHERE key = ? AND length(value) <= ?"
        try:
            row = self._file.execute(query, (key, LONGEST)).fetchone()
        except sqlite3.Error:  # damaged, or somebody writes for long
            return None
        if row is None or not isinstance(row[0], bytes) or not isinstance(row[1], int):
            return None
        seal, value = row[0][:_SEAL], row[0][_SEAL:]
        if not secrets.compare_digest(seal, self._seal(key, value)):
            return None
        if row[1] + KEPT_RUNS // 2 < self._run:
            self._used.append(key)
        return value

    def put(self, key: bytes, value: bytes) -> None:
        """Keep a value."""
        if len(value) <= LONGEST - _SEAL:
            self._new[key] = value

    def close(self) -> None:
        """Write what has been put and let go what has not been used for long."""
        try:
            with closing(self._file):
                if self._new or self._used:
                    self._write()
        except sqlite3.DatabaseError as error:
            if not isinstance(error, sqlite3.OperationalError):  # that is: damaged
                _remove(self._path)
        else:
            with contextlib.suppress(OSError):
                if self._path.stat().st_size > MOST_BYTES:
                    _remove(self._path)

    def _write(self) -> None:
        self._file.execute("BEGIN IMMEDIATE")
        run = self._run + 1
        rows = (
            (key, self._seal(key, value) + value, run) for key, value in sorted(self._new.items())
        )
        self._file.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", rows)
        again = ((run, key) for key in self._used)
        self._file.executemany("UPDATE kept SET run = ? WHERE key = ?", again)
        self._file.execute("DELETE FROM kept WHERE run < ?", (run - KEPT_RUNS,))
        self._file.execute(f"PRAGMA user_version = {run % 2**31}")
        self._file.execute("COMMIT")

    def _seal(self, key: bytes, value: bytes) -> bytes:
        return blake2b(key + value, digest_size=_SEAL, key=self._secret).digest()


@contextmanager
def opened(folder: Path | None, output: Path) -> Iterator[Store | None]:
    """The store of one output, in the folder of all; None where there is none to be had."""
    store = None
    if folder is not None:
        name = blake2b(os.fsencode(output.absolute()), digest_size=16).hexdigest()
        with contextlib.suppress(OSError, sqlite3.Error):
            secret = _secret()
            _own_folder(folder)
            _tidy(folder)
            store = _fresh(folder / f"{name}.sqlite", secret)
    try:
        yield store
    finally:
        if store is not None:
            store.close()


def user_cache() -> Path:
    """The folder of this user's stores, in the usual place of the system."""
    from platformdirs import user_cache_path

    return user_cache_path("toolbind", appauthor=False) / "outputs"


def _fresh(path: Path, secret: bytes) -> Store:
    """The store in a file; one that is damaged or no store is begun anew."""
    try:
        return Store(path, secret)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        _remove(path)
        return Store(path, secret)


def _opened(path: Path) -> sqlite3.Connection:
    for suffix in _BESIDE:
        _own_file(path.with_name(path.name + suffix))
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    os.close(descriptor)
    file = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    try:
        for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "synchronous = OFF"):
            file.execute(f"PRAGMA {pragma}")
        found = [row[0] for row in file.execute("SELECT sql FROM sqlite_master LIMIT 9")]
        if not found:
            file.execute(_TABLE)
        elif found != [_TABLE]:
            raise sqlite3.DatabaseError("another table")
    except BaseException:
        file.close()
        raise
    return file


def _remove(path: Path) -> None:
    for suffix in _BESIDE:
        with contextlib.suppress(OSError):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def _tidy(folder: Path) -> None:
    """Remove the files of the outputs that were made longest ago."""
    found = sorted(folder.glob("*.sqlite"), key=_age, reverse=True)
    for path in found[MOST_FILES:]:
        _remove(path)


def _age(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except OSError:  # another process was faster
        return 0.0


# --- whose it is ---------------------------------------------------------------------------------


def _own_folder(folder: Path) -> None:
    """Make the folder, or raise OSError unless nobody but the user can write there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or not _is_private(status, 0o022):
        raise PermissionError(f"{folder} is not the user's own")


def _own_file(path: Path) -> None:
    """Raise OSError for what is there and is no plain file of the user's."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISREG(status.st_mode) or not _is_private(status, 0o022):
        raise PermissionError(f"{path} is not the user's own")


def _is_private(status: os.stat_result, forbidden: int) -> bool:
    if os.name == "nt":
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & forbidden


def _secret() -> bytes:
    """The user's secret, made when it is first asked for. It lies outside the cache, which people
    copy, share and restore; where all of a home is copied, the copy makes another secret. Raises
    OSError where it is not the user's alone."""
    from platformdirs import user_state_path

    folder = user_state_path("toolbind", appauthor=False)
    path = folder / "seal"
    _own_folder(folder)
    with contextlib.suppress(FileExistsError):
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with open(os.open(path, flags, 0o600), "wb") as new:  # noqa: PTH123  a descriptor
            new.write(secrets.token_bytes(_SEAL))
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode) or not _is_private(status, 0o077):
        raise PermissionError(f"{path} is not the user's alone")
    secret = path.read_bytes()
    if len(secret) != _SEAL:
        raise PermissionError(f"{path} is no secret of ours")
    born = f"{status.st_ino} {status.st_ctime_ns}".encode()  # nobody can give these to a copy
    return blake2b(born, digest_size=_SEAL, key=secret).digest()
