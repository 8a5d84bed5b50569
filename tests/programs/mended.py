"""`python -m tests.programs.mended SPEC OVERLAY`: what an overlay makes of a document's tools.

Prints the tools with their tokens before and after, and what changed for code and for models.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory


def main(arguments: Sequence[str]) -> int:
    spec, overlay = arguments
    with TemporaryDirectory() as folder:
        mended = Path(folder, Path(spec).name)
        _run("overlay", spec, "--overlay", overlay, "-o", str(mended))
        print(_run("list", spec, "--overlay", overlay))
        told = _run("diff", spec, str(mended), "--settings", _none(folder))
        print(told.replace(str(mended), mended.name))
    return 0


def _none(folder: str) -> str:
    """Settings that say nothing: those of this project apply the overlay already."""
    path = Path(folder, "toolbind.toml")
    path.write_text("")
    return str(path)


def _run(*command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "toolbind", *command], capture_output=True, text=True, check=True
    )
    return done.stdout.rstrip("\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
