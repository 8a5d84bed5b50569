"""What this program is: a digest of all that turns documents into output. Imports `version`."""

from __future__ import annotations

import contextlib
import hashlib
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from toolbind import version as own

SHAPING_LIBRARIES = ("black", "jinja2", "openapi-pydantic", "pydantic", "pyyaml")
"""Libraries whose version can change what is generated or what is said about a document."""

PACKAGE = Path(own.__file__).parent
PRINTED = (
    *(PACKAGE / "templates", PACKAGE.parent.parent / "templates"),
    PACKAGE.parent / "toolbind_runtime",
)
"""Where what is printed may be, as `toolbind.render` looks for it; importing that takes long."""


def program_digest(roots: Sequence[Path] = (PACKAGE, *PRINTED)) -> str:
    """A digest of our code, the templates and the libraries."""
    return _digest(own.__version__, tuple(roots))


@cache
def _digest(ours: str, roots: Sequence[Path]) -> str:
    from importlib.metadata import PackageNotFoundError, version

    total = hashlib.sha256(f"{ours} {sys.version_info[:2]}".encode())
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
