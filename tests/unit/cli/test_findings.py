"""Findings as lines: order, groups, and a summary that adds up."""

from __future__ import annotations

import pytest
from toolbind.cli.terminal.findings import Counts, lines, summary
from toolbind.codes import CODES
from toolbind.diagnostics import Diagnostic, Place

WARNING = next(code for code, row in CODES.items() if row.severity == "warning")
OTHER = next(code for code, row in CODES.items() if row.severity == "warning" and code != WARNING)
NOTE = next(code for code, row in CODES.items() if row.severity == "note")


def finding(code: str, line: int, message: str = "m", file: str = "a.yaml") -> Diagnostic:
    return Diagnostic(code, Place(file, "#/x", line, 1), message)


def test_findings_stand_in_the_order_of_their_places() -> None:
    found = [
        finding(WARNING, 9),
        finding(WARNING, 1, file="b.yaml"),
        finding(OTHER, 10),
        finding(WARNING, 2),
    ]
    assert [line.split(": ")[0] for line in lines(found, verbose=True)] == [
        "a.yaml:2:1",
        "a.yaml:9:1",
        "a.yaml:10:1",
        "b.yaml:1:1",
    ]
    assert [line.split(": ")[0] for line in lines(found, verbose=False)][:2] == [
        "a.yaml:2:1",
        "a.yaml:10:1",
    ]


def test_notes_show_only_when_asked_for() -> None:
    found = [finding(NOTE, 1), finding(WARNING, 2)]
    assert len(list(lines(found, verbose=False))) == 1
    assert len(list(lines(found, verbose=True))) == 2


def test_findings_of_one_code_are_grouped_under_the_first() -> None:
    found = [finding(WARNING, number) for number in range(42, 0, -1)] + [finding(OTHER, 7)]
    first, other, hint = lines(found, verbose=False)
    assert first.startswith("a.yaml:1:1: ")
    assert first.endswith(" and 41 more")
    assert other.startswith("a.yaml:7:1: ")
    assert other.endswith("(#/x)")
    assert "--verbose" in hint
    assert len(list(lines(found, verbose=True))) == 43


def test_nothing_is_grouped_where_every_code_is_there_once() -> None:
    assert len(list(lines([finding(WARNING, 1), finding(OTHER, 2)], verbose=False))) == 2


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
