"""What reading a document may touch: folders, hosts, sizes. Imports `limits`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from toolbind.read.limits import MAX_BYTES, MAX_SECONDS


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What reading is allowed to do. The defaults trust the document's own folder only.

    `ref_root` is the folder that references to files may not leave (instead of the document's),
    `allow_remote` the hosts from which they may be fetched over https. `allow_http` and
    `allow_private` loosen what the document's own URL may be. Sizes are in bytes, times in seconds.
    `headers` go with the request for the document itself, to the origin of its URL alone.
    """

    ref_root: Path | None = None
    allow_remote: tuple[str, ...] = ()
    allow_http: bool = False
    allow_private: bool = False
    max_bytes: int = MAX_BYTES
    max_seconds: float = MAX_SECONDS
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
