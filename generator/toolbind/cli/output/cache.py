"""What earlier runs gave: a document's digest -> the digests of the files that it gives.

A run that finds its entry, and the files on disk as the entry says, needs no parsing at all. It is
a hint that saves time on the machine of whoever left it: continuous integration uses none. The
key covers all that the output depends on: this program and the libraries that shape the output, the
settings, the document's bytes; the bytes of referenced files are checked when an entry is found.
Imports `plain`, `store`, `toolbind.diagnostics`, `toolbind.program` and the standard library.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from toolbind.cli.output.plain import opened_plain
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
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):  # another shape
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
        with opened_plain(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _decode(data: Any) -> Entry:
    """An entry of exactly the shape that `store` writes. Raises ValueError and its like."""
    counts = data["counts"]
    if not all(type(each) is int and each >= 0 for each in counts.values()):
        raise ValueError("no counts")
    return Entry(
        files=_digests(data["files"], re.compile(r"(?!\.\.?/)(?:\w[\w.]*/)*\w[\w.]*")),
        counts=Counts(**counts),
        diagnostics=tuple(_finding(**one) for one in data["diagnostics"]),
        references=_digests(data["references"], re.compile(r"[^\0]+")),
    )


def _digests(data: Any, names: re.Pattern[str]) -> dict[str, str]:
    for name, made in data.items():
        if not names.fullmatch(name) or not re.fullmatch(r"[0-9a-f]{64}", made):
            raise ValueError("no digest of a file")
    return dict(data)


def _finding(code: Any, place: Any, message: Any) -> Diagnostic:
    found = Diagnostic(code, Place(**place), message)
    texts = (code, message, found.place.file, found.place.pointer)
    numbers = (found.place.line, found.place.column)
    if not all(type(each) is str for each in texts) or not all(type(n) is int for n in numbers):
        raise ValueError("no finding")
    assert found.remedy  # KeyError for a code that is none
    return found
