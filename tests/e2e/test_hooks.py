"""The hooks, as pre-commit runs them from a clone of this repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .test_action import SPEC, git

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ("generator", "templates", "pyproject.toml", "README.md", "LICENSE")

CONFIG = """\
repos:
  - repo: {clone}
    rev: {revision}
    hooks: [{{id: toolbind-check}}, {{id: toolbind-generate}}]
"""


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is here, committed, as a repository that hooks can be taken from."""
    folder = tmp_path_factory.mktemp("toolbind")
    for name in (*PACKAGE, ".pre-commit-hooks.yaml"):
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder / name)
    git("init", "-q", cwd=folder)
    git("add", "-A", cwd=folder)
    git("commit", "-qm", "toolbind", cwd=folder)
    return folder


def hook(project: Path, home: Path, name: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", name, "--color=never", "--verbose"],
        cwd=project,
        env={
            **os.environ,
            "PRE_COMMIT_HOME": str(home / "pre-commit"),
            "XDG_CACHE_HOME": str(home),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_hooks_check_and_mend(clone: Path, tmp_path: Path) -> None:
    project, home = tmp_path / "project", tmp_path / "home"
    project.mkdir()
    revision = git("rev-parse", "HEAD", cwd=clone)
    (project / ".pre-commit-config.yaml").write_text(CONFIG.format(clone=clone, revision=revision))
    (project / "toolbind.toml").write_text('specs = ["pets.yaml"]\noutput = "out"\n')
    (project / "pets.yaml").write_text(SPEC)
    git("init", "-q", cwd=project)
    git("add", "-A", cwd=project)

    stale = hook(project, home, "toolbind-check")
    assert stale.returncode == 1, stale.stdout + stale.stderr
    assert "exit code: 1" in stale.stdout
    assert not (project / "out").exists()

    mended = hook(project, home, "toolbind-generate")
    assert mended.returncode == 1, mended.stdout
    assert (project / "out" / "pets.py").is_file()
    git("add", "-A", cwd=project)

    for name in ("toolbind-generate", "toolbind-check"):
        done = hook(project, home, name)
        assert done.returncode == 0, done.stdout
