"""Several processes: all results, failures told, nothing left running."""

from __future__ import annotations

import multiprocessing
import os

import pytest
from toolbind.cli.output.workers import WorkerError, run_all


def double(number: int) -> int:
    return number * 2


def fail(number: int) -> int:
    raise ValueError(f"no {number}")


def die(number: int) -> int:
    os._exit(9)


def test_every_item_gets_its_result() -> None:
    assert sorted(run_all(double, range(5), 2)) == [(0, 0), (1, 2), (2, 4), (3, 6), (4, 8)]
    assert multiprocessing.active_children() == []


def test_no_more_processes_than_items() -> None:
    assert list(run_all(double, [21], 8)) == [(0, 42)]
    assert list(run_all(double, [], 8)) == []


def test_an_exception_comes_with_its_traceback() -> None:
    with pytest.raises(WorkerError, match="ValueError: no 7"):
        list(run_all(fail, [7], 1))
    assert multiprocessing.active_children() == []


@pytest.mark.slow
def test_a_process_that_dies_is_told() -> None:
    with pytest.raises(WorkerError, match="ended with status 9"):
        list(run_all(die, [1, 2], 2))
    assert multiprocessing.active_children() == []


@pytest.mark.slow
def test_stopping_early_ends_the_workers() -> None:
    results = run_all(double, range(50), 2)
    next(results)
    results.close()  # type: ignore[attr-defined]  # a generator
    assert multiprocessing.active_children() == []
