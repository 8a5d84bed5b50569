"""Findings as lines on stderr: sorted by place, repeated ones folded, and the line that adds up.

Imports `shell`, `toolbind.diagnostics` and the standard library.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from toolbind.cli.terminal.shell import PATH_LIMIT, counted
from toolbind.diagnostics import Diagnostic, Severity, printable

FOLD_AFTER = 5
"""Findings of one code that are shown one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of a document's operations: tools + skipped + excluded is all of them."""

    tools: int
    skipped: int
    excluded: int
    warnings: int


def lines(found: Iterable[Diagnostic], *, verbose: bool) -> Iterator[str]:
    """The findings as lines: warnings and errors, notes too if `verbose`."""
    least = Severity.NOTE if verbose else Severity.WARNING
    seen: Counter[str] = Counter()
    for finding in sorted((one for one in found if one.severity >= least), key=_position):
        seen[finding.code] += 1
        if verbose or seen[finding.code] <= FOLD_AFTER:
            yield finding.line()
    if not verbose:
        for code, count in sorted(seen.items()):
            if count > FOLD_AFTER:
                yield f"... and {count - FOLD_AFTER} more [{code}]; --verbose shows all"


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
