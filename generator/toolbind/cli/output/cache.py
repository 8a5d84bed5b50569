"""What earlier runs found out: a document's digest -> the digests of the files it gives.

A run that finds its entry, and the files on disk as the entry says, needs no parsing at all. The
key covers all that the output depends on: this program and the libraries that shape the output, the
settings, the document's bytes; the bytes of referenced files are checked when an entry is found.
Entries hold no output, so a wrong or lost one costs time only. The folder is safe to delete at any
time and to share between processes. Imports `toolbind.diagnostics` and the standard library.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from toolbind import version as own
from toolbind.cli.terminal.findings import Counts
from toolbind.diagnostics import Diagnostic, Place

SHAPING_LIBRARIES = ("black", "jinja2", "openapi-pydantic", "pydantic", "pyyaml")
"""Libraries whose version can change what is generated or what is said about a document."""

KEPT_ENTRIES = 400
"""Entries that stay when the folder is tidied; one is written for each changed document."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one run made: output file -> sha256, what was said, and external file -> sha256."""

    files: Mapping[str, str]
    counts: Counts
    diagnostics: tuple[Diagnostic, ...]
    references: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Cache:
    """Entries in a folder; without a folder it holds nothing and forgets everything."""

    folder: Path | None

    def find(self, key: str) -> Entry | None:
        """The entry, if there is a sound one whose referenced files are as they were."""
        content = self._read(f"{key}.entry")
        if content is None:
            return None
        entry = _decode(json.loads(content))
        for file, expected in entry.references.items():
            if digest_of_file(Path(file)) != expected:
                return None
        return entry

    def store(self, key: str, entry: Entry) -> None:
        """Keep the entry; a folder that cannot be written is no reason to fail."""
        self._write(f"{key}.entry", json.dumps(asdict(entry)).encode())

    def _read(self, name: str) -> bytes | None:
        """What was written, if it is whole."""
        if self.folder is None:
            return None
        path = self.folder / name
        try:
            seal, _, content = path.read_bytes().partition(b"\n")
        except OSError:
            return None
        if seal.decode("ascii", "replace") != digest(content):
            return None  # cut short or damaged
        with contextlib.suppress(OSError):
            path.touch()  # tidying keeps what is in use
        return content

    def _write(self, name: str, content: bytes) -> None:
        if self.folder is None:
            return
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            _tidy(self.folder)
            beside = self.folder / f".{secrets.token_hex(8)}.tmp"
            try:
                beside.write_bytes(digest(content).encode() + b"\n" + content)
                beside.replace(self.folder / name)
            finally:
                beside.unlink(missing_ok=True)


def _tidy(folder: Path) -> None:
    """Remove the oldest entries, once there are twice as many as are to stay."""
    found = list(folder.glob("*.entry"))
    if len(found) >= KEPT_ENTRIES * 2:
        for path in sorted(found, key=_age)[:-KEPT_ENTRIES]:
            path.unlink(missing_ok=True)


def user_cache() -> Path:
    """The folder for this user's entries, in the usual place of the system."""
    from platformdirs import user_cache_path

    return user_cache_path("toolbind", appauthor=False) / "runs"


def key_of(program: str, document: bytes, settings: Mapping[str, Any]) -> str:
    """The key of one document under some settings; `settings` must be plain JSON."""
    plain = json.dumps(settings, sort_keys=True).encode()
    return digest(b"\0".join((program.encode(), digest(document).encode(), plain)))


PACKAGE = Path(own.__file__).parent
PRINTED = (
    *(PACKAGE / "templates", PACKAGE.parent.parent / "templates"),
    PACKAGE.parent / "toolbind_runtime",
)
"""Where what is printed may be, as `toolbind.render` looks for it; importing that takes long."""


def program_digest(roots: Sequence[Path] = (PACKAGE, *PRINTED)) -> str:
    """A digest of all that turns documents into output: our code, the templates, the libraries."""
    from importlib.metadata import PackageNotFoundError, version

    total = hashlib.sha256(f"{own.__version__} {sys.version_info[:2]}".encode())
    for library in SHAPING_LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            total.update(f"{library} {version(library)}\n".encode())
    for root in roots:
        for path in sorted(_sources(root)):
            total.update(path.relative_to(root).as_posix().encode())
            total.update(path.read_bytes())
    return total.hexdigest()


def _sources(root: Path) -> Iterable[Path]:
    return (path for path in root.rglob("*") if path.suffix in {".py", ".jinja", ".json"})


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def digest_of_file(path: Path) -> str:
    """The file's digest, or "" if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # another process was faster
        return 0.0


def _decode(data: Any) -> Entry:
    return Entry(
        files=data["files"],
        counts=Counts(**data["counts"]),
        diagnostics=tuple(
            Diagnostic(one["code"], Place(**one["place"]), one["message"])
            for one in data["diagnostics"]
        ),
        references=data["references"],
    )
