"""The README shows what programs print: its marked blocks are made by running them, or are the
tables that long-running programs have written beside the tests.

`pytest tests/test_readme.py --update` rewrites the blocks; review the diff.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import dropwhile, takewhile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"

PROGRAMS = {
    "demo": ["-m", "tests.programs.demo"],
    "help": ["-m", "toolbind", "--help"],
    "list": ["-m", "toolbind", "list", "specs/petstore.yaml"],
    "mended": [
        *("-m", "tests.programs.mended", "specs/weather.yaml"),
        "specs/weather.overlay.yaml",
    ],
    "dry-run": [
        *("-m", "toolbind", "call", "generated.petstore", "list_pets"),
        *('{"tag": ["dog"], "limit": "5"}', "--dry-run"),
    ],
}


TABLES = {
    "corpus": ("tests/programs/corpus/RESULTS.md", ""),
    "search": ("tests/programs/search/RESULTS.md", ""),
    "bench": (
        "tests/programs/benchmarks/RESULTS.md",
        r"GitHub, (cold|one operation changed: its|nothing changed: check)|Stripe, cold \||"
        r"Kubernetes, cold \||Microsoft Graph, cold|import of|`call_tool`|"
        r"a turn of `run` with 20 t|GitHub, 1,223 tools|Stripe, 452 tools",
    ),
}
"""The file whose first table is shown, and a pattern of the rows that are; all if it is empty."""


def printed(name: str) -> str:
    """What a program prints, without what differs from run to run: ports."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CLOUDFLARE_")}
    done = subprocess.run(
        [sys.executable, *PROGRAMS[name]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={**environment, "COLUMNS": "100", "NO_COLOR": "1", "PETSTORE_API_KEY": "not-shown"},
    )
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", done.stdout)
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


def first_table(file: Path, wanted: str) -> str:
    lines = dropwhile(lambda line: not line.startswith("|"), file.read_text("utf-8").splitlines())
    rows = list(takewhile(lambda line: line.startswith("|"), lines))
    kept = [*rows[:2], *(row for row in rows[2:] if re.match(rf"\| (?:{wanted})", row))]
    return "".join(f"{row}\n" for row in kept)


def shows(name: str, wanted: str, update: bool) -> None:
    """The README's block of this name holds what is wanted, or is made to."""
    readme = README.read_text()
    block = re.compile(rf"(<!-- {name} -->\n)(.*?)(<!-- /{name} -->)", re.DOTALL)
    found = block.search(readme)
    assert found, f"the README has no block {name}"
    if update:
        README.write_text(block.sub(lambda m: m[1] + wanted + m[3], readme))
        return
    assert found[2] == wanted


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_readme_shows_what_the_program_prints(name: str, update: bool) -> None:
    shows(name, f"```text\n{printed(name)}\n```\n", update)


@pytest.mark.parametrize("name", TABLES)
def test_the_readme_shows_what_was_measured(name: str, update: bool) -> None:
    file, wanted = TABLES[name]
    shows(name, first_table(ROOT / file, wanted), update)
