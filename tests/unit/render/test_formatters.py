"""A formatter that a project runs over everything leaves what was generated as it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("folder", ["generated", "tests/cases"])
def test_ruff_would_change_nothing(folder: str) -> None:
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache", "--check", "."]
    done = subprocess.run(command, cwd=ROOT / folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
