"""Other programs that do part of the same work, each installed once into an environment of its own.

Imports `tests.programs.corpus.fetch` for the cache folder.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.programs.corpus.fetch import cache_folder


class PeerError(Exception):
    """A peer that cannot be installed or run here; the message is shown in its place."""


@dataclass(frozen=True)
class Peer:
    """A program: what pip installs, and the other programs that it needs."""

    name: str
    requirements: tuple[str, ...]
    programs: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.requirements[0].replace("==", " ")

    def folder(self) -> Path:
        """Its environment's folder of programs, made if it is not there. Raises PeerError."""
        missing = [program for program in self.programs if shutil.which(program) is None]
        if missing:
            raise PeerError(f"needs {', '.join(missing)}")
        digest = "-".join(self.requirements).replace("==", "-")
        home = cache_folder() / "peers" / f"{digest}-py{sys.version_info[0]}{sys.version_info[1]}"
        if not (home / "complete").exists():
            self._install(home)
        return home / "bin"

    def _install(self, home: Path) -> None:
        shutil.rmtree(home, ignore_errors=True)
        python = str(home / "bin/python")
        install = [python, "-m", "pip", "install", "--quiet", *self.requirements]
        for command in ([sys.executable, "-m", "venv", str(home)], install):
            done = subprocess.run(command, capture_output=True, text=True, timeout=1800)
            if done.returncode != 0:
                raise PeerError(f"cannot be installed: {done.stderr.strip()[-200:]}")
        (home / "complete").touch()


PYTHON_CLIENT = Peer("openapi-python-client", ("openapi-python-client==0.29.1", "ruff==0.17.6"))
GENERATOR = Peer("openapi-generator", ("openapi-generator-cli==7.26.0",), programs=("java",))
FASTMCP = Peer("FastMCP", ("fastmcp==4.1.2",))
PEERS = (PYTHON_CLIENT, GENERATOR, FASTMCP)


TOKENIZER = "gpt-tokenizer@4.0.0"


def tokenizer() -> Path:
    """The npm package with the vocabulary of o200k_base, fetched once. Raises PeerError."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise PeerError("needs Node 20 or newer")
    folder = cache_folder() / TOKENIZER.replace("@", "-")
    if not (folder / "complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder)]
        done = subprocess.run([npm, "install", *options, TOKENIZER], cwd=folder, timeout=900)
        if done.returncode != 0:
            raise PeerError(f"npm install of {TOKENIZER} failed")
        (folder / "complete").touch()
    return folder / "node_modules" / "gpt-tokenizer"
