"""The source distribution holds what its README and Makefile name, and what they promise works."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from .test_wheel import ROOT, run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder, cwd=ROOT)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    (top,) = (path for path in folder.iterdir() if path.is_dir())
    return top


def test_what_is_named_is_there(unpacked: Path) -> None:
    texts = {name: (unpacked / name).read_text() for name in ("README.md", "CONTRIBUTING.md")}
    links = [link for text in texts.values() for link in re.findall(r"\]\(([^):#]+)\)", text)]
    scripts = re.findall(r"\.ci/\w+\.py", (unpacked / "Makefile").read_text())
    assert len(links) > 10
    assert [name for name in (*links, *scripts) if not (unpacked / name).exists()] == []


def test_the_demo_runs_in_it(unpacked: Path) -> None:
    """From nothing but an interpreter, make and a package index."""
    done = subprocess.run(
        ["make", "demo", f"PYTHON={sys.executable}"],
        cwd=unpacked,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "stopped   stop" in done.stdout
