"""What rows measure with: folders, `toolbind` as its user runs it, peers, and figures kept.

Imports `documents`, `peers`, `processes` and `results`.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from tests.programs.benchmarks import documents, processes
from tests.programs.benchmarks.peers import PYTHON_CLIENT, Peer, PeerError
from tests.programs.benchmarks.processes import Cost
from tests.programs.benchmarks.results import Results

ROOT = Path(__file__).parents[3]
INSIDE = Path(__file__).parent / "rows" / "inside"


class Bench:
    """One run. `repeat` is how often a process is measured; the least CPU seconds count, since all
    that can disturb a measurement adds to them, and the highest peak."""

    def __init__(self, work: Path, repeat: int, results: Results) -> None:
        self.work = work
        self.repeat = repeat
        self._results = results
        self._kept: dict[str, Cost] = {}
        self._generated: dict[str, Path] = {}

    def note(self, text: str) -> None:
        self._results.notes.append(text)

    def best(self, measure: Callable[[], Cost], repeat: int | None = None) -> Cost:
        costs = [measure() for _ in range(repeat or self.repeat)]
        least = min(costs, key=lambda cost: cost.cpu)
        peak = max(cost.peak for cost in costs)
        return Cost(least.cpu, peak, least.wall, least.status, least.output)

    def folder(self, name: str) -> Path:
        """A new, empty folder."""
        folder = self.work / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    # --- toolbind ------------------------------------------------------------------------------

    def toolbind(self, *arguments: str | Path, cache: Path, expect: tuple[int, ...] = (0,)) -> Cost:
        """The command, with a cache folder of its own in place of the user's."""
        environment = {"XDG_CACHE_HOME": str(cache), "HOME": str(cache)}
        command = [sys.executable, "-m", "toolbind", *arguments]
        return processes.run(command, environment=environment, folder=ROOT, expect=expect)

    def cold(self, document: Path, name: str, *options: str) -> Cost:
        """Generating a module for the first time: no cache, no output."""
        output, cache = self.folder(f"out/{name}"), self.folder("cache")
        where = (document, "-o", output, "--name", name)
        return self.toolbind("generate", *where, "--quiet", *options, cache=cache)

    def generated(self, name: str) -> Path:
        """The folder with the module of a document, generated once in a run."""
        if name not in self._generated:
            output = self.folder(f"package/{name}")
            where = (documents.document(name), "-o", output, "--name", name)
            self.toolbind("generate", *where, "--quiet", cache=self.work / "shared")
            self._generated[name] = output
        return self._generated[name]

    # --- others --------------------------------------------------------------------------------

    def inside(self, script: str, *arguments: str | Path, python: Path | None = None) -> str:
        """What one of the scripts `rows/inside` prints."""
        interpreter: str | Path = python or sys.executable
        environment = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}
        command = [interpreter, INSIDE / script, *arguments]
        return processes.run(command, environment=environment).output

    def once(self, key: str, measure: Callable[[], Cost]) -> Cost:
        if key not in self._kept:
            self._kept[key] = measure()
        return self._kept[key]

    def python_client(self) -> Cost | None:
        """openapi-python-client on GitHub; None, with a note, if it cannot be run here."""

        def measure() -> Cost:
            programs = PYTHON_CLIENT.folder()
            output = self.folder("openapi-python-client")
            program = programs / "openapi-python-client"
            where = ("--path", documents.document("github"), "--output-path", output / "out")
            path = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
            return processes.run([program, "generate", *where], environment=path)

        return self.peer(PYTHON_CLIENT, lambda: self.once("client", lambda: self.best(measure, 2)))

    def peer(self, peer: Peer, measure: Callable[[], Cost]) -> Cost | None:
        try:
            return measure()
        except PeerError as error:
            self.note(f"{peer.title}: {error}")
        except processes.FailedError as error:
            self.note(f"{peer.title} failed: {str(error)[-200:]}")
        return None
