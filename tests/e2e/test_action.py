"""The GitHub Action, as the scripts that it consists of, in a repository of a project.

The steps run as the runner runs them: bash with `-eo pipefail`, inputs and contexts filled in, the
summary and the path in files. A document's text must not become a command of the runner.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
INSTALL, CHECK, DIFF = ACTION["runs"]["steps"]

SPEC = """\
openapi: 3.0.3
info: {title: Pets, version: "1"}
servers: [{url: https://pets.example}]
paths:
  /pets:
    get:
      operationId: list_pets
      description: "Lists pets.\\n\\n::error::made up"
      responses: {"200": {description: ok}}
  /owners:
    get: {operationId: list_owners, responses: {"200": {description: ok}}}
"""


def git(*arguments: str, cwd: Path) -> str:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    return subprocess.run(
        ["git", *identity, *arguments], cwd=cwd, check=True, capture_output=True, text=True
    ).stdout.strip()


class Runner:
    """A job of a workflow: the folder of the project, and what steps leave for the next ones."""

    def __init__(self, project: Path, temp: Path) -> None:
        self.project, self.temp = project, temp
        self.summary_file, self.path_file = temp / "summary", temp / "path"
        for file in (self.summary_file, self.path_file):
            file.touch()
        self.programs = [str(Path(sys.executable).parent)]

    @property
    def summary(self) -> str:
        return self.summary_file.read_text()

    def step(self, step: Mapping[str, Any], **inputs: str) -> subprocess.CompletedProcess[str]:
        """One step. What an input is not given holds its default."""
        values = {f"inputs.{name}": row["default"] for name, row in ACTION["inputs"].items()}
        values |= {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
        values["github.action_path"] = str(ROOT)

        def filled(text: str) -> str:
            return re.sub(r"\$\{\{ ([^}]+) \}\}", lambda found: values[found[1]], text)

        assert "${{" not in step["run"], "text of a workflow becomes part of a script"
        script = self.temp / "step.sh"
        script.write_text(step["run"])
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "PYTHON"))}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.project / filled(step.get("working-directory", ".")),
            env={
                **kept,
                **{name: filled(text) for name, text in step.get("env", {}).items()},
                "PATH": os.pathsep.join([*self.programs, os.environ["PATH"]]),
                "RUNNER_TEMP": str(self.temp),
                "GITHUB_STEP_SUMMARY": str(self.summary_file),
                "GITHUB_PATH": str(self.path_file),
                "XDG_CACHE_HOME": str(self.temp / "cache"),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        self.programs = [*reversed(self.path_file.read_text().splitlines()), *self.programs]
        return done


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A project whose module is current and committed."""
    project, temp = tmp_path / "project", tmp_path / "temp"
    for folder in (project, temp):
        folder.mkdir()
    (project / "toolbind.toml").write_text('specs = ["pets.yaml"]\noutput = "out"\n')
    (project / "pets.yaml").write_text(SPEC)
    subprocess.run([sys.executable, "-m", "toolbind", "generate", "-q"], cwd=project, check=True)
    git("init", "-q", cwd=project)
    git("add", "-A", cwd=project)
    git("commit", "-qm", "first", cwd=project)
    return Runner(project, temp)


def commands(output: str) -> list[str]:
    """What the runner takes for commands in a step's log."""
    return [line for line in output.splitlines() if line.lstrip().startswith("::")]


def test_what_is_current_and_unchanged_passes_in_one_line_each(runner: Runner) -> None:
    base = git("rev-parse", "HEAD", cwd=runner.project)
    checked, compared = runner.step(CHECK), runner.step(DIFF, base=base, fail_on="info")
    assert (checked.returncode, compared.returncode) == (0, 0), checked.stderr + compared.stderr
    assert commands(checked.stdout + compared.stdout) == []
    assert "### toolbind: modules are current" in runner.summary
    assert f"### toolbind: changes since {base[:12]}" in runner.summary
    assert "### pets: nothing changed; 2 tools" in runner.summary


def test_a_change_is_told_in_the_summary_and_at_its_place(runner: Runner) -> None:
    base = git("rev-parse", "HEAD", cwd=runner.project)
    changed = SPEC.replace("Lists pets.", "Lists all pets.").replace("list_owners", "get_owners")
    (runner.project / "pets.yaml").write_text(changed)
    checked, compared = runner.step(CHECK), runner.step(DIFF, base=base, fail_on="breaking")
    assert checked.returncode == 1
    assert compared.returncode == 1, compared.stderr
    (stale,) = commands(checked.stdout + checked.stderr)
    assert stale.startswith("::error title=toolbind::modules are stale: run toolbind generate")
    assert all(line.startswith("::") for line in compared.stdout.splitlines())
    assert any(
        re.match(r"::error file=pets\.yaml,line=11,col=\d+,title=operation-renamed", line)
        for line in compared.stdout.splitlines()
    ), compared.stdout
    assert "| **breaking** |" in runner.summary
    told = runner.summary.split("### toolbind: changes")[0].splitlines()[2:]
    assert all(not line or line.startswith("    ") for line in told), told


def test_a_change_that_nobody_is_to_fail_on_passes(runner: Runner) -> None:
    base = git("rev-parse", "HEAD", cwd=runner.project)
    (runner.project / "pets.yaml").write_text(SPEC.replace("list_owners", "get_owners"))
    assert runner.step(DIFF, base=base).returncode == 0


@pytest.mark.parametrize("base", ["", "0" * 40])
def test_without_a_base_nothing_is_compared(runner: Runner, base: str) -> None:
    done = runner.step(DIFF, base=base)
    assert (done.returncode, commands(done.stdout)) == (
        0,
        ["::notice title=toolbind::there is no base to compare with"],
    )


def test_a_shallow_clone_fetches_the_base(runner: Runner, tmp_path: Path) -> None:
    base = git("rev-parse", "HEAD", cwd=runner.project)
    (runner.project / "notes").write_text("more")
    git("add", "-A", cwd=runner.project)
    git("commit", "-qm", "second", cwd=runner.project)
    shallow = tmp_path / "shallow"
    git("clone", "-q", "--depth=1", runner.project.as_uri(), str(shallow), cwd=tmp_path)
    runner.project = shallow
    done = runner.step(DIFF, base=base)
    assert done.returncode == 0, done.stderr
    assert "nothing changed" in runner.summary


def test_a_document_that_is_refused_says_so(runner: Runner) -> None:
    (runner.project / "pets.yaml").write_text("openapi: 3.0.3\npaths: []\n")
    done = runner.step(CHECK)
    assert done.returncode == 3
    assert "    pets.yaml:" in runner.summary


def test_the_action_installs_what_it_runs(runner: Runner) -> None:
    done = runner.step(INSTALL, python=sys.executable)
    assert done.returncode == 0, done.stderr
    runner.programs = runner.path_file.read_text().splitlines()
    done = runner.step(CHECK)
    assert done.returncode == 0, done.stdout + runner.summary
