"""Where a document comes from: a file, a URL, or text.

Imports `diagnostics`, `fetch` (for a URL only), `options`.
"""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from toolbind.diagnostics import DocumentError, Place, Report, shown
from toolbind.read.limits import MAX_OVERLAY_BYTES, too_large
from toolbind.read.options import ReadOptions


@dataclass(frozen=True, slots=True)
class Source:
    """A document before it is read.

    `name` is how the user calls it, and what messages show. `path` is its file, if it has one:
    references to files start there. `url` is where it was fetched from, if it was. `overlays` are
    applied to it, in their order, before anything else is done with it.
    """

    name: str
    data: bytes
    url: str = ""
    path: Path | None = None
    overlays: tuple[Source, ...] = ()

    @classmethod
    def of_text(cls, text: str | bytes, name: str = "document") -> Source:
        """A document in memory; it can refer to itself only."""
        return cls(name, text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)


def load(
    spec: str,
    report: Report,
    options: ReadOptions | None = None,
    overlays: Sequence[str] = (),
) -> Source:
    """The document at a path or URL, with the overlays at some paths.

    Raises OSError for a file that is not there, DocumentError for one that is too large, no
    regular file, or cannot be fetched.
    """
    options = options or ReadOptions()
    beside = tuple(load_overlay(overlay, report) for overlay in overlays)
    if "://" in spec:
        from toolbind.read.fetch import fetch

        page = fetch(spec, report, options)
        return Source(shown(spec), page.data, page.url, overlays=beside)
    path = Path(spec)
    data = read_file(path, Place(spec), report, options.max_bytes)
    return Source(spec, data, path=path, overlays=beside)


def load_overlay(path: str, report: Report) -> Source:
    """The overlay at a path; it is not read any further. Raises like `load`."""
    if "://" in path:
        message = "overlays are not fetched: save it beside the document, and give its path"
        raise report.refuse("overlay-invalid", Place(shown(path)), message)
    try:
        data = read_file(Path(path), Place(path), report, MAX_OVERLAY_BYTES)
    except DocumentError as refused:
        found = refused.diagnostic
        if found.code == "document-size":
            message = f"the overlay has more than {MAX_OVERLAY_BYTES:,} bytes; cut it into several"
            raise report.refuse("overlay-size", found.place, message) from None
        message = f"the overlay {found.message}"
        raise report.refuse("overlay-invalid", found.place, message) from None
    return Source(path, data, path=Path(path))


def read_file(path: Path, place: Place, report: Report, max_bytes: int) -> bytes:
    """The bytes of a regular file, whose size is checked before it is read."""
    status = path.stat()  # before opening: that would wait for a pipe's other end
    if not stat.S_ISREG(status.st_mode):
        raise report.refuse("document-unreadable", place, "is not a regular file")
    if status.st_size > max_bytes:
        raise report.refuse("document-size", place, too_large("has", max_bytes))
    with path.open("rb") as file:
        data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise report.refuse("document-size", place, too_large("has", max_bytes))
    return data
