"""One document: generated, listed, judged, each step in a process of its own with a time limit.

A crash or a hang is this document's failure and nobody else's. Imports document and sample.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.programs.corpus.document import load
from tests.programs.corpus.sample import Chosen

ROOT = Path(__file__).parents[3]
REJECTED = 3
"""The exit code of the command for a document that it refuses."""
NOTHING_TO_CALL = "[operations-none]"
"""The code of the error for a document without any operation."""
LOCATED = re.compile(r"^.+: error: .+ \[[a-z0-9-]+\] \(#[^()]*.*\)$")


@dataclass
class Outcome:
    """What became of one document."""

    name: str
    version: str = ""
    loaded: bool = False
    refused: str = ""
    empty: bool = False
    """It has no operation, by our own reading, and was refused for just that."""
    failed: str = ""
    seconds: float = 0.0
    findings: dict[str, Any] = field(default_factory=dict)


def examine(chosen: Chosen, seed: int, operations: int | None, limit: float) -> Outcome:
    """Generate a module from a document and have it judged. Never raises for the document."""
    outcome = Outcome(chosen.name)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="toolbind-corpus-") as name:
        try:
            _examine(outcome, chosen, Path(name), seed, operations, limit)
        except subprocess.TimeoutExpired as error:
            outcome.failed = f"{_verb(error.cmd)}: no end after {error.timeout:.0f} s"
    outcome.seconds = round(time.monotonic() - begun, 1)
    return outcome


def _examine(
    outcome: Outcome, chosen: Chosen, folder: Path, seed: int, operations: int | None, limit: float
) -> None:
    outcome.version = _version(chosen.file)
    toolbind = str(Path(sysconfig.get_path("scripts")) / "toolbind")
    made = _run(
        [toolbind, "generate", str(chosen.file), "-o", "out", "--name", "subject", "--quiet"],
        folder, limit,
    )  # fmt: skip
    if made.returncode != 0:
        _refusal(outcome, chosen, made)
        return
    listed = _run([toolbind, "list", str(chosen.file), "--json"], folder, limit)
    if listed.returncode != 0:
        outcome.failed = f"list: exit {listed.returncode}: {_last(listed.stderr)}"
        return
    (folder / "listing.json").write_text(listed.stdout)
    task = {
        "document": str(chosen.file), "folder": str(folder), "module": "out.subject",
        "listing": str(folder / "listing.json"), "result": str(folder / "result.json"),
        "seed": f"{seed}/{chosen.name}", "operations": operations,
    }  # fmt: skip
    (folder / "task.json").write_text(json.dumps(task))
    judge = [sys.executable, "-W", "error::SyntaxWarning", "-m", "tests.programs.corpus.judge"]
    judged = _run([*judge, str(folder / "task.json")], ROOT, limit)
    if judged.returncode != 0:
        outcome.failed = f"judge: exit {judged.returncode}: {_last(judged.stderr)}"
        return
    result = json.loads((folder / "result.json").read_text())
    outcome.failed = result.get("failed", "")
    outcome.findings = result.get("findings", {})
    outcome.loaded = not outcome.failed


def _refusal(outcome: Outcome, chosen: Chosen, made: subprocess.CompletedProcess[str]) -> None:
    lines = [line for line in made.stderr.splitlines() if ": error: " in line]
    if made.returncode == REJECTED and len(lines) == 1 and LOCATED.match(lines[0]):
        outcome.refused = lines[0].replace(str(Path.home()), "~")
        outcome.empty = NOTHING_TO_CALL in lines[0] and not load(chosen.file).operation_keys()
    else:
        outcome.failed = f"generate: exit {made.returncode}: {_last(made.stderr)}"


def _run(command: list[str], folder: Path, limit: float) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=limit, encoding="utf-8"
    )


def _version(file: Path) -> str:
    with file.open("rb") as stream:
        head = stream.read(4_000_000)
    found = re.search(rb"""["']?(?:openapi|swagger)["']?\s*:\s*["']?([0-9.]+)""", head)
    return found[1].decode() if found else ""


def _verb(command: Any) -> str:
    words = [str(word) for word in command]
    return "judge" if "tests.programs.corpus.judge" in words else words[1]


def _last(text: str) -> str:
    return " / ".join(text.strip().splitlines()[-3:])[-400:]
