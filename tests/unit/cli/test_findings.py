"""Findings as lines: order, folding, and a summary that adds up."""

from __future__ import annotations

import pytest
from toolbind.cli.terminal.findings import FOLD_AFTER, Counts, lines, summary
from toolbind.codes import CODES
from toolbind.diagnostics import Diagnostic, Place

WARNING = next(code for code, row in CODES.items() if row.severity == "warning")
NOTE = next(code for code, row in CODES.items() if row.severity == "note")


def finding(code: str, line: int, message: str = "m", file: str = "a.yaml") -> Diagnostic:
    return Diagnostic(code, Place(file, "#/x", line, 1), message)


def test_findings_stand_in_the_order_of_their_places() -> None:
    found = [
        finding(WARNING, 9),
        finding(WARNING, 1, file="b.yaml"),
        finding(WARNING, 10),
        finding(WARNING, 2),
    ]
    assert [line.split(": ")[0] for line in lines(found, verbose=False)] == [
        "a.yaml:2:1",
        "a.yaml:9:1",
        "a.yaml:10:1",
        "b.yaml:1:1",
    ]


def test_notes_show_only_when_asked_for() -> None:
    found = [finding(NOTE, 1), finding(WARNING, 2)]
    assert len(list(lines(found, verbose=False))) == 1
    assert len(list(lines(found, verbose=True))) == 2


def test_repeated_findings_are_folded() -> None:
    found = [finding(WARNING, number) for number in range(1, FOLD_AFTER + 42)]
    shown = list(lines(found, verbose=False))
    assert len(shown) == FOLD_AFTER + 1
    assert shown[-1] == f"... and 41 more [{WARNING}]; --verbose shows all"
    assert len(list(lines(found, verbose=True))) == FOLD_AFTER + 41


def test_no_fold_for_just_as_many() -> None:
    found = [finding(WARNING, number) for number in range(1, FOLD_AFTER + 1)]
    assert len(list(lines(found, verbose=False))) == FOLD_AFTER


@pytest.mark.parametrize(
    ("counts", "note", "line"),
    [
        (Counts(19, 1, 0, 3), "", "pets: 19 tools, 1 skipped, 3 warnings -> out/pets.py"),
        (Counts(1, 0, 0, 1), "", "pets: 1 tool, 0 skipped, 1 warning -> out/pets.py"),
        (
            Counts(40, 2, 11380, 0),
            "unchanged",
            "pets: 40 tools, 2 skipped, 11380 excluded, 0 warnings -> out/pets.py (unchanged)",
        ),
    ],
)
def test_the_summary(counts: Counts, note: str, line: str) -> None:
    assert summary("pets", counts, "out/pets.py", note=note) == line


def test_a_summary_is_plain_whatever_the_folder_is_called() -> None:
    assert summary("p", Counts(1, 0, 0, 0), "o\x1b[31m\n/p.py").isprintable()
