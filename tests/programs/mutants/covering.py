"""Which tests run a line: coverage with a context for each test, of one run of the quick tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from coverage import CoverageData

NOT_ASKED = ("tests/test_house.py", "tests/e2e/test_generated.py::test_generated_is_current")
"""Tests that read the code as text: they would notice any change at all."""


def measured(root: Path, file: Path) -> None:
    """Run the quick tests and write down which line each has run."""
    command = [sys.executable, "-m", "pytest", "-n", "auto", "--dist", "worksteal"]
    command += ["-m", "not slow", "--cov", "--cov-context=test", "--cov-report="]
    file.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "COVERAGE_FILE": str(file)}
    subprocess.run(command, cwd=root, env=environment, check=True)


class Covering:
    """Tests by file and line, the narrow ones first: who runs few lines looks at them closely."""

    def __init__(self, root: Path, file: Path) -> None:
        data = CoverageData(str(file))
        data.read()
        self.tests: dict[str, dict[int, set[str]]] = {}
        self.breadth: Counter[str] = Counter()
        for measured_file in data.measured_files():
            lines: dict[int, set[str]] = {}
            for line, contexts in data.contexts_by_lineno(measured_file).items():
                names = {each.rpartition("|")[0] for each in contexts} - {""}
                lines[line] = {each for each in names if not each.startswith(NOT_ASKED)}
                self.breadth.update(lines[line])
            self.tests[os.path.relpath(measured_file, root)] = lines

    def of(self, path: str, line: int, most: int) -> list[str]:
        """Tests of a line, or of its file where the line runs when it is imported."""
        lines = self.tests.get(path, {})
        found = lines.get(line) or {name for names in lines.values() for name in names}
        return sorted(found, key=lambda name: (self.breadth[name], name))[:most]
