"""Where a run's time and memory go: phases, CPU and wall seconds, peak memory.

Imports the standard library only.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of one phase: `cpu` is user and system time of this process."""

    wall: float = 0.0
    cpu: float = 0.0

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.wall + other.wall, self.cpu + other.cpu)


@dataclass(slots=True)
class Timings:
    """Costs by phase, in the order in which phases first ended. Phases do not nest."""

    costs: dict[str, Cost] = field(default_factory=dict)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            self.add(name, Cost(time.perf_counter() - wall, time.process_time() - cpu))

    def add(self, name: str, cost: Cost) -> None:
        self.costs[name] = self.costs.get(name, Cost()) + cost

    def merge(self, others: Mapping[str, Cost]) -> None:
        for name, cost in others.items():
            self.add(name, cost)


def table(costs: Mapping[str, Cost]) -> Iterable[str]:
    """The phases as lines, the whole process with its children, and the peak memory."""
    yield f"{'phase':12} {'wall s':>8} {'cpu s':>8}"
    for name, cost in costs.items():
        yield f"{name:12} {cost.wall:8.3f} {cost.cpu:8.3f}"
    used = _usage()
    if used is None:
        yield f"{'process':12} {'':8} {time.process_time():8.3f}"
        return
    own, children = used
    yield f"{'process':12} {'':8} {own.cpu:8.3f}  peak {own.peak / 1e6:,.0f} MB"
    if children.cpu:
        yield f"{'workers':12} {'':8} {children.cpu:8.3f}  peak {children.peak / 1e6:,.0f} MB each"


@dataclass(frozen=True, slots=True)
class _Usage:
    cpu: float
    peak: float


def _usage() -> tuple[_Usage, _Usage] | None:
    """CPU seconds and peak bytes of this process and of its ended children, where known."""
    if sys.platform == "win32":
        return None
    import resource

    unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return (
        _Usage(own.ru_utime + own.ru_stime, own.ru_maxrss * unit),
        _Usage(children.ru_utime + children.ru_stime, children.ru_maxrss * unit),
    )
