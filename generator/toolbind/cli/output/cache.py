"""What earlier runs gave: a document's digest -> the digests of the files that it gives.

A run that finds its entry, and the files on disk as the entry says, needs no parsing at all. The
key covers all that the output depends on: this program and the libraries that shape the output, the
settings, the document's bytes; the bytes of referenced files are checked when an entry is found.
Imports `store`, `toolbind.diagnostics`, `toolbind.program` and the standard library.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from toolbind.cli.output.store import Store
from toolbind.cli.terminal.findings import Counts
from toolbind.diagnostics import Diagnostic, Place


@dataclass(frozen=True, slots=True)
class Entry:
    """What one run made: output file -> sha256, what was said, and external file -> sha256."""

    files: Mapping[str, str]
    counts: Counts
    diagnostics: tuple[Diagnostic, ...]
    references: Mapping[str, str]


class Cache:
    """Entries in a store; without one it holds nothing and forgets everything."""

    def __init__(self, store: Store | None) -> None:
        self._store = store

    @property
    def is_there(self) -> bool:
        return self._store is not None

    def find(self, key: str) -> Entry | None:
        """The entry, if there is a sound one whose referenced files are as they were."""
        content = self._store.get(bytes.fromhex(key)) if self._store else None
        if content is None:
            return None
        try:
            entry = _decode(json.loads(content))
        except (ValueError, TypeError, KeyError, AttributeError):  # of another shape
            return None
        for file, expected in entry.references.items():
            if digest_of_file(Path(file)) != expected:
                return None
        return entry

    def store(self, key: str, entry: Entry) -> None:
        """Keep the entry."""
        if self._store:
            self._store.put(bytes.fromhex(key), json.dumps(asdict(entry)).encode())


def key_of(program: str, document: bytes, settings: Mapping[str, Any]) -> str:
    """The key of one document under some settings; `settings` must be plain JSON."""
    plain = json.dumps(settings, sort_keys=True).encode()
    return digest(b"\0".join((program.encode(), digest(document).encode(), plain)))


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def digest_of_file(path: Path) -> str:
    """The file's digest, or "" if it cannot be read."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _decode(data: Any) -> Entry:
    diagnostics = tuple(
        Diagnostic(one["code"], Place(**one["place"]), one["message"])
        for one in data["diagnostics"]
    )
    assert all(each.remedy for each in diagnostics)
    return Entry(
        files=dict(data["files"]),
        counts=Counts(**data["counts"]),
        diagnostics=diagnostics,
        references=dict(data["references"]),
    )
