"""Pinned npm packages and wheels for the checks here, fetched once into `.cache/node`.

A folder is named after what is in it, so that a new version is a new folder.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
CACHE = ROOT / ".cache" / "node"


class MissingError(RuntimeError):
    """Something that must be installed is not."""


def node() -> str:
    """The node to run. Raises MissingError."""
    found = shutil.which("node")
    if found is None:
        raise MissingError("node is not installed: these checks need Node 20 or newer")
    return found


def npm_packages(folder: Path) -> Path:
    """The `node_modules` for the package.json in `folder`."""
    manifest = (folder / "package.json").read_bytes()
    place = CACHE / f"{folder.name}-{hashlib.sha256(manifest).hexdigest()[:12]}"
    if not (place / "done").exists():
        place.mkdir(parents=True, exist_ok=True)
        (place / "package.json").write_bytes(manifest)
        npm = shutil.which("npm")
        if npm is None:
            raise MissingError("npm is not installed")
        flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        subprocess.run([npm, "install", *flags], cwd=place, check=True, stdout=sys.stderr)
        (place / "done").touch()
    return place / "node_modules"


def wheels(requirements: Path) -> list[Path]:
    """The pure wheels of a requirements file, without what they depend on."""
    text = requirements.read_bytes()
    place = CACHE / f"wheels-{hashlib.sha256(text).hexdigest()[:12]}"
    if not (place / "done").exists():
        place.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        only = ["--only-binary=:all:", "--platform=any", "--require-hashes"]
        subprocess.run([*command, *only, "--dest", str(place), "-r", str(requirements)], check=True)
        (place / "done").touch()
    return sorted(place.glob("*.whl"))
