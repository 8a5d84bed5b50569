"""Rows about growth: documents of six sizes, cut from Microsoft Graph."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from tests.programs.benchmarks.bench import Bench
from tests.programs.benchmarks.documents import count, cut, document
from tests.programs.benchmarks.results import Line, at_most, exponent, megabytes, seconds

SIZES = 6
BAR = 1.1


def growth(bench: Bench) -> Iterator[Line]:
    """Each size is twice the one before, the largest is the whole document."""
    api = json.loads(document("graph").read_bytes())
    whole = count(api)
    folder = bench.folder("growth")
    costs = []
    for step in range(SIZES):
        wanted = whole >> (SIZES - 1 - step)
        part = cut(api, wanted)
        path = folder / f"graph_{count(part)}.json"
        path.write_text(json.dumps(part), encoding="utf-8")
        repeat = 1 if wanted > whole // 4 else 2
        cost = bench.best(lambda: bench.cold(path, "part"), repeat)  # noqa: B023
        costs.append((count(part), cost.cpu, cost.megabytes))
    empty = folder / "empty.json"
    empty.write_text(json.dumps({**cut(api, 0), "paths": {}}), encoding="utf-8")
    start = bench.best(lambda: bench.cold(empty, "part"))
    bench.note(
        "Growth: the first path items of Microsoft Graph with the components that they reach, and "
        f"no others; {', '.join(f'{size:,}' for size, *_ in costs)} operations took "
        f"{', '.join(seconds(cpu) for _, cpu, _ in costs)} and "
        f"{', '.join(megabytes(peak) for *_, peak in costs)}. Start-up, which an empty document "
        f"pays too ({seconds(start.cpu)}, {megabytes(start.megabytes)}), is taken off before the "
        "exponent is fitted by least squares on logarithms. It is below 1 because the first paths "
        "reach a large part of the schemas already."
    )
    cpu = [(size, cpu - start.cpu) for size, cpu, _ in costs]
    memory = [(size, peak - start.megabytes) for size, _, peak in costs]
    yield _line("CPU", cpu)
    yield _line("peak memory", memory)


def _line(what: str, points: Sequence[tuple[float, float]]) -> Line:
    title = f"Growth of {what}, {points[0][0]:,} to {points[-1][0]:,} operations: exponent"
    return at_most(title, exponent(points), BAR, "{:.2f}".format)
