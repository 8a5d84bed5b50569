"""Rows about size: of a generated module, and of tools in tokens."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.programs.benchmarks import processes
from tests.programs.benchmarks.bench import INSIDE, Bench
from tests.programs.benchmarks.peers import TOKENIZER, PeerError, tokenizer
from tests.programs.benchmarks.results import Line, at_most, megabytes

BUDGET = 1500
"""Tokens of a tool by default."""

MEDIANS = {"github": 95.0, "stripe": 165.0, "kubernetes": None, "graph": None}
TITLES = {
    "github": "GitHub",
    "stripe": "Stripe",
    "kubernetes": "Kubernetes",
    "graph": "Microsoft Graph",
}


def module(bench: Bench) -> Iterator[Line]:
    """The module that is imported, and what stands beside it."""
    folder = bench.generated("github")
    size, twin, tools = (
        (folder / f"github{end}.py").stat().st_size / 1e6 for end in ("", "_async", "_tools")
    )
    types = (folder / "github_types.py").stat().st_size / 1e6
    runtime = sum(path.stat().st_size for path in (folder / "_runtime").rglob("*.py")) / 1e6
    client = bench.work / "openapi-python-client/out"
    files = [path for path in client.rglob("*.py") if path.is_file()]
    told = ""
    if files:
        total = sum(path.stat().st_size for path in files) / 1e6
        told = f"openapi-python-client {len(files):,} files, {megabytes(total)}"
    yield at_most("GitHub: the module", size + twin + tools, 4, megabytes, peers=told)
    yield Line(
        "GitHub: of it the asynchronous client; the tools",
        f"{megabytes(twin)}; {megabytes(tools)}",
    )
    yield Line(
        "GitHub: its types; `_runtime/`, once for all modules",
        f"{megabytes(types)}; {megabytes(runtime)}",
    )


# --- tokens --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Counted:
    """Tokens of the tools of one document: what the generator estimates, and what the encoding
    makes of them."""

    estimated: Sequence[int]
    real: Sequence[int]


def tokens(bench: Bench) -> Iterator[Line]:
    """Tools in o200k_base, descriptions included."""
    try:
        package = tokenizer()
    except PeerError as error:
        bench.note(f"Tokens: {error}")
        yield Line("tokens of tools", f"not counted: {error}")
        return
    bench.note(
        f"Tokens: of the JSON text of each tool in o200k_base, counted by {TOKENIZER}. The "
        "generator estimates them without its vocabulary; how far off is told for all tools of "
        "the four documents."
    )
    found = {}
    for name, title in TITLES.items():
        found[name] = counted = _counted(bench, name, str(package))
        yield from _lines(title, counted, MEDIANS[name])
    yield from _estimate(list(found.values()))


def _counted(bench: Bench, name: str, package: str) -> _Counted:
    tools = bench.work / f"{name}.tools"
    bench.inside("list_tools.py", bench.generated(name), name, tools)
    done = processes.run(["node", INSIDE / "count_tokens.mjs", package, tools])
    real = json.loads(done.output)
    estimated = json.loads(bench.inside("estimate_tokens.py", tools))
    return _Counted(estimated, real)


def _lines(title: str, counted: _Counted, bar: float | None) -> Iterator[Line]:
    real = sorted(counted.real)
    median = statistics.median(real)
    ninth = real[len(real) * 9 // 10]
    what = f"{title}, {len(real):,} tools: median tokens"
    told = f"p90 {ninth:,}, all {sum(real):,}"
    if bar is None:
        yield Line(what, f"{median:g} ({told})")
    else:
        yield Line(what, f"{median:g} ({told})", f"≤ {bar:g}", median <= bar)
    yield at_most(f"{title}: largest tool", max(real), BUDGET, "{:,.0f} tokens".format)


def _estimate(found: Sequence[_Counted]) -> Iterator[Line]:
    pairs = [pair for each in found for pair in zip(each.estimated, each.real, strict=True)]
    off = sorted(abs(estimated - real) / real for estimated, real in pairs)
    total = sum(estimated for estimated, _ in pairs) / sum(real for _, real in pairs) - 1
    yield Line(
        f"the estimate, {len(pairs):,} tools: off on the whole; median, p99, most of one tool",
        f"{total:+.1%}; {statistics.median(off):.1%}, {off[len(off) * 99 // 100]:.1%}, "
        f"{off[-1]:.1%}",
    )
