"""What `make test-model` installs is what its dependency group says, each with hashes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_lock_of_the_model_holds_its_group_with_hashes() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    text = (ROOT / "requirements-model.txt").read_text("utf-8")
    locked = re.findall(r"^(\S+==\S+) \\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    assert sorted(locked) == sorted(wanted["dependency-groups"]["model"])
