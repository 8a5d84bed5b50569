"""`python -m tests.programs.search`: recall and false finds on every set, as Markdown.

Documents come from npm, but Spotify's, which is here. Everything, with held-out summaries and the
cost on GitHub and Graph, takes some minutes; `--quick` leaves these two out.
"""

from __future__ import annotations

import argparse
import sys
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from pathlib import Path

from toolbind_runtime.finding.ranker import Finder

from tests.programs.corpus.fetch import FetchError
from tests.programs.search import documents, roads
from tests.programs.search.measure import (
    Figures,
    PlainSearch,
    Search,
    Wanted,
    false_finds,
    figures,
    finding,
    read_set,
    shortlisting,
)

HEADING = (
    "| requests | | recall at 1 | at 5 | at 10 | all in 10 | in 60 | plain BM25 at 10, all |",
    "|---|---|---|---|---|---|---|---|",
)
SETS = (
    ("github", "github_typed", "held", "GitHub, as models type them"),
    ("github", "github_spoken", "held", "GitHub, as people say them"),
    ("github", "github_two", "held", "GitHub, two operations"),
    ("spotify", "spotify", "", "Spotify (RestBench)"),
    ("asana", "asana", "", "Asana (WAPIIBench)"),
    ("slack", "slack", "", "Slack (WAPIIBench)"),
)


TEXT = """\
# Finding the tools that a request needs

`python -m tests.programs.search --report tests/programs/search/RESULTS.md` makes this page;
where the requests come from is told in [sets/README.md](sets/README.md). A figure is the share
of what the requests need that is among the first hits, and "all in 10" the share of requests
with everything among ten. Where nothing is said to fit although something would, it counts as
lost; the ranking without that threshold stands in brackets where it differs. "In 60" is the
shortlist that `rank="clef"` chooses from.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    lines = []
    try:
        for line in _report(options.only, options.quick):
            print(line, flush=True)
            lines.append(line)
    except FetchError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if options.report:
        options.report.write_text("\n".join([TEXT, *lines]) + "\n")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.programs.search", description=__doc__)
    parser.add_argument("--only", default="", metavar="NAME", help="sets of one document")
    parser.add_argument("--quick", action="store_true", help="neither summaries nor costs")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write it into a file, too")
    return parser.parse_args(arguments)


ROADS = """\
Prompt tokens of a conversation over GitHub that finds and calls two tools (the requests that need
two, a script in place of the model), the mean. Fresh are those behind the first difference from
the prompt before, which a cached prefix does not save. All 1,223 tools at once would be some
200,000 in each turn.
"""

Searched = dict[str, tuple[Finder, PlainSearch]]


def _report(only: str, quick: bool) -> Iterator[str]:
    entries = {name: documents.entries(name) for name in ("github", "spotify", "asana", "slack")
               if name == (only or name)}  # fmt: skip
    searched: Searched = {name: (Finder(each), PlainSearch(each)) for name, each in entries.items()}
    yield from HEADING
    for document, name, half, title in SETS:
        if document in searched:
            yield row(title, read_set(documents.SETS / f"{name}.jsonl", half), *searched[document])
    if not quick:
        yield _summaries()
    if "github" in searched:
        yield from _development(searched)
        yield from _nothing(searched["github"][0])
    if not quick:
        yield "\n## What finding costs a conversation\n"
        yield ROADS
        yield from roads.lines()
        yield "\n## Time and memory\n"
        yield from _costs()


def _development(searched: Searched) -> Iterator[str]:
    yield "\nThe halves that the ranker was tuned on:\n"
    yield from HEADING
    for document, name, half, title in SETS:
        if half and document in searched:
            yield row(title, read_set(documents.SETS / f"{name}.jsonl", "dev"), *searched[document])


def row(title: str, wanted: list[Wanted], finder: Finder, plain: Search) -> str:
    """One set's line of the table: what a caller is shown, and the ranking where it is another."""
    shown, ranked = figures(finding(finder), wanted), figures(shortlisting(finder), wanted)
    reference = figures(plain, wanted)
    return _row(title, shown, ranked, reference)


def _row(title: str, shown: Figures, ranked: Figures, reference: Figures) -> str:
    pairs = (
        (shown.at_1, ranked.at_1),
        (shown.at_5, ranked.at_5),
        (shown.at_10, ranked.at_10),
        (shown.complete, ranked.complete),
    )
    cells = [
        _share(one) if one == other else f"{_share(one)} ({_share(other)})" for one, other in pairs
    ]
    plain = f"{_share(reference.at_10)}, {_share(reference.complete)}"
    return (
        f"| {title} | {shown.requests} | {' | '.join(cells)} | {_share(ranked.at_60)} | {plain} |"
    )


def _summaries() -> str:
    """All held-out summaries together, each document with its weight of requests."""
    parts = []
    for _, entries, wanted in documents.held_out():
        if wanted:
            finder = Finder(entries)
            searches = finding(finder), shortlisting(finder), PlainSearch(entries)
            parts.append([figures(each, wanted) for each in searches])
    shown, ranked, reference = ([part[place] for part in parts] for place in range(3))
    title = f"held-out summaries, {len(parts)} documents"
    return _row(title, _mean(shown), _mean(ranked), _mean(reference))


def _mean(parts: Sequence[Figures]) -> Figures:
    total = sum(part.requests for part in parts)

    def mean(shares: Iterator[float]) -> float:
        return sum(s * part.requests for s, part in zip(shares, parts, strict=True)) / total

    return Figures(
        total,
        mean(part.at_1 for part in parts),
        mean(part.at_5 for part in parts),
        mean(part.at_10 for part in parts),
        mean(part.complete for part in parts),
        mean(part.at_60 for part in parts),
    )


def _nothing(finder: Finder) -> Iterator[str]:
    own = {half: [each.query for each in read_set(documents.SETS / "github_none.jsonl", half)]
           for half in ("held", "dev")}  # fmt: skip
    music = [each.query for each in read_set(documents.SETS / "spotify.jsonl")]
    yield "\n## Requests that nothing serves, over GitHub\n"
    yield "| requests | | something is found |\n|---|---|---|"
    yield f"| ours, held out | {len(own['held'])} | {false_finds(finder, own['held']):.0%} |"
    yield f"| ours, tuned on | {len(own['dev'])} | {false_finds(finder, own['dev']):.0%} |"
    yield f"| about music (RestBench) | {len(music)} | {false_finds(finder, music):.0%} |"
    yield "\nPlain BM25 finds something for each."


def _pair(one: str, other: str) -> str:
    return one if one == other else f"{one} ({other})"


def _share(figure: float) -> str:
    return f"{figure:.2f}".removeprefix("0") if figure < 1 else "1.00"


def _costs() -> Iterator[str]:
    queries = [each.query for each in read_set(documents.SETS / "github_spoken.jsonl")]
    for name in ("github", "graph"):
        entries = documents.entries(name)
        started = time.process_time()
        finder = Finder(entries)
        built = time.process_time() - started
        slowest = 0.0
        started = time.process_time()
        for query in queries:
            before = time.process_time()
            finder.search(query)
            slowest = max(slowest, time.process_time() - before)
        each = (time.process_time() - started) / len(queries)
        del finder
        tracemalloc.start()
        finder = Finder(entries)
        kept, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        yield (
            f"- {name}: {len(finder):,} tools, index {built:.2f} s, {kept / 2**20:.1f} MB "
            f"({peak / 2**20:.1f} at most), a query {each * 1000:.1f} ms, "
            f"at most {slowest * 1000:.1f}"
        )


if __name__ == "__main__":
    sys.exit(main())
