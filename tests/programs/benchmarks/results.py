"""Lines of the table: what is measured, the bar, the figure, what peers reach. Printing, writing.

Imports nothing of the package.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import log
from pathlib import Path

from rich.console import Console
from rich.table import Table

FILE = Path(__file__).with_name("RESULTS.md")


@dataclass(frozen=True)
class Line:
    """One figure. `met` is None where there is no bar, or nothing to compare with."""

    what: str
    measured: str
    bar: str = ""
    met: bool | None = None
    peers: str = ""

    @property
    def verdict(self) -> str:
        return "" if self.met is None else "met" if self.met else "MISSED"

    def cells(self) -> tuple[str, ...]:
        return self.what, self.bar, self.measured, self.peers, self.verdict


COLUMNS = ("what", "bar", "measured", "peers", "")


def at_most(
    what: str, figure: float, most: float, show: Callable[[float], str], *, peers: str = ""
) -> Line:
    """A figure that a fixed bar limits."""
    return Line(what, show(figure), f"≤ {show(most)}", figure <= most, peers)


def at_most_part(what: str, figure: float, part: int, whole: float, of: str) -> Line:
    """CPU seconds that must not be more than a part of a peer's for the same document; 0 if the
    peer's are not known."""
    shown = seconds(figure)
    bar = f"≤ 1/{part} of {of}" if part > 1 else f"≤ {of}"
    if not whole:
        return Line(what, shown, bar)
    return Line(
        what,
        f"{shown} = 1/{whole / figure:.1f}",
        f"{bar} = {seconds(whole / part)}",
        figure * part <= whole,
        f"{of} {seconds(whole)}",
    )


def seconds(value: float) -> str:
    return f"{value:.2f} s" if value < 10 else f"{value:.1f} s"


def milliseconds(value: float) -> str:
    return f"{value:.2f} ms" if value < 10 else f"{value:.0f} ms"


def microseconds(value: float) -> str:
    return f"{value:.0f} µs"


def megabytes(value: float) -> str:
    return f"{value:.0f} MB" if value >= 10 else f"{value:.2f} MB"


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """The power of the first by which the second grows: least squares on their logarithms."""
    xs = [log(x) for x, _ in points]
    ys = [log(y) for _, y in points]
    return statistics.linear_regression(xs, ys).slope


@dataclass
class Results:
    """All lines of one run, by rows; `notes` say how figures came about."""

    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def table(self) -> Table:
        table = Table(*COLUMNS, show_lines=False)
        for line in self.lines:
            table.add_row(*line.cells(), style="red" if line.met is False else None)
        return table

    def markdown(self, heading: str) -> str:
        rows = [COLUMNS, tuple("---" for _ in COLUMNS), *(line.cells() for line in self.lines)]
        text = "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
        notes = "\n".join(f"- {note}" for note in dict.fromkeys(self.notes))
        return f"# Benchmarks\n\n{heading}\n\n{text}\n\n{notes}\n"

    def show(self) -> None:
        Console(width=None if sys.stdout.isatty() else 160).print(self.table())


def machine() -> str:
    """Processor, cores, memory and Python of this machine, nothing that names it."""
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next(line.partition(":")[2].strip() for line in lines if "model name" in line)
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    except (OSError, ValueError, StopIteration):
        memory = 0.0
    held = f", {memory:.0f} GiB" if memory else ""
    return (
        f"{model}, {os.cpu_count()} cores{held}, {platform.system()}, "
        f"Python {platform.python_version()}"
    )


def heading(versions: Iterable[str], date: str) -> str:
    when = f" on {date}" if date else ""
    return (
        f"Measured{when} with `python -m tests.programs.benchmarks` on one machine in one run: "
        f"{machine()}. "
        f"Beside {', '.join(versions)}. "
        "What counts is the ratio to the peer on the same machine in the same run."
    )
