"""The suite that measures, judged without measuring: figures, cuts, the table."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.programs.benchmarks import processes, results
from tests.programs.benchmarks.documents import changed, count, cut
from tests.programs.benchmarks.results import (
    Line,
    Results,
    at_most,
    at_most_part,
    exponent,
    seconds,
)
from tests.programs.benchmarks.rows import ROWS

API: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Ä", "version": "1"},
    "paths": {
        "/a": {"get": {"x": {"$ref": "#/components/schemas/A"}}, "parameters": []},
        "/b": {"get": {}, "put": {}},
        "/c": {"get": {"x": {"$ref": "#/components/schemas/C"}}},
    },
    "components": {
        "schemas": {"A": {"$ref": "#/components/schemas/B"}, "B": {}, "C": {}},
        "securitySchemes": {"key": {}},
    },
}


def test_a_cut_holds_what_it_reaches() -> None:
    part = cut(API, 2)
    assert list(part["paths"]) == ["/a", "/b"]
    assert count(part) == 3
    assert list(part["components"]["schemas"]) == ["A", "B"]
    assert part["components"]["securitySchemes"] == {"key": {}}
    assert cut(API, 99) == API


def test_a_change_is_all_that_changes(tmp_path: Path) -> None:
    source = tmp_path / "source.json"
    source.write_text(json.dumps(API), encoding="utf-8")
    same = changed(source, tmp_path / "same.json", lambda api: None).read_text("utf-8")
    other = changed(source, tmp_path / "other.json", lambda api: api["info"].update(version="2"))
    assert other.read_text("utf-8") == same.replace('"version": "1"', '"version": "2"')


def test_exponents() -> None:
    assert exponent([(1, 3), (2, 6), (4, 12)]) == pytest.approx(1)
    assert exponent([(1, 1), (3, 9), (9, 81)]) == pytest.approx(2)


def test_bars() -> None:
    assert at_most("x", 1.0, 2.0, seconds).cells() == ("x", "≤ 2.00 s", "1.00 s", "", "met")
    assert at_most("x", 3.0, 2.0, seconds).met is False
    assert at_most_part("x", 2.0, 4, 8.0, "peer").met is True
    assert at_most_part("x", 2.1, 4, 8.0, "peer").met is False
    assert at_most_part("x", 2.0, 4, 0.0, "peer").met is None


def test_the_file_says_what_was_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Results([Line("x", "3 s", "≤ 2 s", False), Line("y", "1")], ["why", "why"])
    text = found.markdown(results.heading(["peer 1.0"], "2026-01-02"))
    assert "| x | ≤ 2 s | 3 s |  | MISSED |" in text
    assert text.count("- why") == 1
    assert "on 2026-01-02" in text
    assert "peer 1.0" in text


def test_a_process_is_measured_with_its_children() -> None:
    work = "sum(range(3_000_000)); x = b'x' * 60_000_000"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}], check=True)"
    cost = processes.run([sys.executable, "-c", child])
    alone = processes.run([sys.executable, "-c", work])
    assert cost.peak > 60_000_000
    assert cost.cpu > alone.cpu / 2
    with pytest.raises(processes.FailedError, match="ended with 3"):
        processes.run([sys.executable, "-c", "raise SystemExit(3)"])


def test_rows_have_one_name_each() -> None:
    assert len(set(ROWS.values())) == len(ROWS)
