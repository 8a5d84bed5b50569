"""Findings as lines on stderr: by place, those of one code grouped; and the line that adds up.

Imports `shell`, `toolbind.diagnostics` and the standard library.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from toolbind.cli.terminal.shell import PATH_LIMIT, counted
from toolbind.diagnostics import Diagnostic, Severity, printable


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of a document's operations: tools + skipped + excluded is all of them."""

    tools: int
    skipped: int
    excluded: int
    warnings: int


def lines(found: Iterable[Diagnostic], *, verbose: bool) -> Iterator[str]:
    """The findings as lines: warnings and errors, notes too if `verbose`.

    Those of one code are grouped, unless `verbose`: the first with its place, and how many more.
    """
    least = Severity.NOTE if verbose else Severity.WARNING
    told = sorted((one for one in found if one.severity >= least), key=_position)
    if verbose:
        yield from (finding.line() for finding in told)
        return
    counts = Counter(finding.code for finding in told)
    first = {finding.code: finding for finding in reversed(told)}
    for finding in told:
        if finding is first[finding.code]:
            more = counts[finding.code] - 1
            yield finding.line() + (f" and {more} more" if more else "")
    if len(first) < len(told):
        yield "--verbose shows every finding"


def _position(finding: Diagnostic) -> tuple[str, int, int, str, str, str]:
    place = finding.place
    return (place.file, place.line, place.column, place.pointer, finding.code, finding.message)


def summary(name: str, counts: Counts, target: str, *, note: str = "") -> str:
    """`petstore: 19 tools, 1 skipped, 3 warnings -> generated/petstore.py`."""
    parts = [counted(counts.tools, "tool"), f"{counts.skipped} skipped"]
    if counts.excluded:
        parts.append(f"{counts.excluded} excluded")
    parts.append(counted(counts.warnings, "warning"))
    tail = f" ({note})" if note else ""
    return f"{name}: {', '.join(parts)} -> {printable(target, PATH_LIMIT)}{tail}"
