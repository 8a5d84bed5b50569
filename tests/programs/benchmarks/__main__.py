"""`python -m tests.programs.benchmarks [ROW...]`: measures, prints a table, writes RESULTS.md.

Only a run over all rows writes the file, unless `--write` asks for it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import traceback
from pathlib import Path

from tests.programs.benchmarks import results
from tests.programs.benchmarks.bench import Bench
from tests.programs.benchmarks.peers import PEERS
from tests.programs.benchmarks.results import Line, Results
from tests.programs.benchmarks.rows import ROWS


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.programs.benchmarks", description=__doc__
    )
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"some of: {', '.join(ROWS)}")
    parser.add_argument("--repeat", type=int, default=3, help="how often a process is measured")
    parser.add_argument("--date", default="", help="told in RESULTS.md; left out if not given")
    parser.add_argument("--write", action="store_true", help="write RESULTS.md in any case")
    parser.add_argument("--work", type=Path, help="folder to work in, kept afterwards")
    options = parser.parse_args()
    unknown = sorted(set(options.rows) - set(ROWS))
    if unknown:
        parser.error(f"no row called {', '.join(unknown)}; there are {', '.join(ROWS)}")
    return options


def _measure(options: argparse.Namespace, work: Path) -> Results:
    found = Results()
    bench = Bench(work, options.repeat, found)
    for name, row in ROWS.items():
        if options.rows and name not in options.rows:
            continue
        print(f"{name} ...", file=sys.stderr, flush=True)
        try:
            for line in row(bench):
                found.lines.append(line)
                print("  ".join(filter(None, line.cells())), file=sys.stderr, flush=True)
        except Exception as error:
            traceback.print_exc()
            found.lines.append(Line(name, f"failed: {error}"[:200], met=False))
    return found


def main() -> int:
    options = _options()
    if options.work:
        options.work.mkdir(parents=True, exist_ok=True)
        found = _measure(options, options.work.resolve())
    else:
        with tempfile.TemporaryDirectory(prefix="toolbind-bench-") as work:
            found = _measure(options, Path(work))
    found.show()
    if options.write or not options.rows:
        heading = results.heading([peer.title for peer in PEERS], options.date)
        results.FILE.write_text(found.markdown(heading), encoding="utf-8")
    return 1 if any(line.met is False for line in found.lines) else 0


if __name__ == "__main__":
    sys.exit(main())
