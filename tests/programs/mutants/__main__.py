"""`python -m tests.programs.mutants`: whether tests notice seeded mutants of generator and runtime.

Each mutant is put into a copy of the repository, and the quick tests that run its line are run
there until one fails. What survives is listed with its place: a test is missing, or the mutant is
equivalent (`equivalent.toml` says why).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.programs.mutants.covering import Covering, measured
from tests.programs.mutants.mutating import Mutant, mutants_of

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent
PARTS = ("generator/toolbind", "generator/toolbind_runtime")
COPY = "generated/_runtime"
"""The runtime as generated modules have it: it gets the same mutant."""

KILLED, SURVIVED, NO_TEST, ENDLESS = "killed", "survived", "no test", "no end"
LEFT_OUT = (".*", "__pycache__", "node_modules", "dist", "build")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.programs.mutants", description=__doc__)
    parser.add_argument("--number", type=int, default=200, help="mutants")
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--only", default="", metavar="PREFIX", help="files below generator/")
    parser.add_argument("--tests", type=int, default=200, help="at most so many for a mutant")
    parser.add_argument("--timeout", type=int, default=300, help="seconds a mutant")
    parser.add_argument("--coverage", type=Path, metavar="FILE", help="of an earlier run")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the table as Markdown")
    return parser.parse_args(arguments)


def drawn(number: int, seed: int, only: str) -> list[Mutant]:
    """So many mutants of all, in a seeded order."""
    files = sorted(path for part in PARTS for path in (ROOT / part).rglob("*.py"))
    wanted = [path for path in files if str(path.relative_to(ROOT / "generator")).startswith(only)]
    everything = [mutant for path in wanted for mutant in mutants_of(ROOT, path)]
    return Random(seed).sample(everything, min(number, len(everything)))


def run(copy: Path, tests: list[str], timeout: int) -> str:
    """What comes of the tests in the copy."""
    chosen = copy / "tests.txt"
    chosen.write_text("\n".join(tests))
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-m", "not slow"]
    command += ["-p", "no:cacheprovider", f"@{chosen}"]
    environment = {**os.environ, "PYTHONPATH": str(copy / "generator")}
    try:
        done = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired:
        return ENDLESS
    return KILLED if done.returncode else SURVIVED


def verdict(mutant: Mutant, copy: Path, tests: list[str], timeout: int) -> str:
    """Whether one of the tests fails with the mutant in the copy, which is as before afterwards."""
    if not tests:
        return NO_TEST
    runtime = mutant.path.removeprefix(f"{PARTS[1]}/")
    places = [copy / mutant.path] + [copy / COPY / runtime] * (runtime != mutant.path)
    source = places[0].read_bytes()
    for place in places:
        place.write_bytes(mutant.made(source))
    try:
        return run(copy, tests, timeout)
    finally:
        for place in places:
            place.write_bytes(source)


def table(verdicts: dict[Mutant, str], options: argparse.Namespace) -> str:
    reasons = {
        (each["path"], each["function"], each["before"], each["after"]): each["why"]
        for each in tomllib.loads((HERE / "equivalent.toml").read_text()).get("mutant", ())
    }
    left = {
        mutant: reasons.get((mutant.path, mutant.function, mutant.before, mutant.after), "")
        for mutant, found in sorted(verdicts.items())
        if found in (SURVIVED, NO_TEST)
    }
    missed = sum(not why for why in left.values())
    counted = Counter(verdicts.values())
    lines = [
        "# Mutants",
        "",
        f"`make mutants`: {len(verdicts)} of all mutants below generator/{options.only}, seed"
        f" {options.seed}; each was run against at most {options.tests} of the quick tests that"
        " run its line.",
        "",
        f"**{missed / len(verdicts):.1%} survive that are not equivalent** ({missed}).",
        "",
        "| verdict | mutants |",
        "|---|--:|",
        *(f"| {name} | {counted[name]} |" for name in (KILLED, ENDLESS, SURVIVED, NO_TEST)),
        "",
        "| survivor | in | was | became | equivalent because |",
        "|---|---|---|---|---|",
    ]
    for mutant, why in left.items():
        was, became = (" ".join(each.split())[:60] for each in (mutant.before, mutant.after))
        place = f"{mutant.path.removeprefix('generator/')}:{mutant.line}"
        cells = (f"`{place}`", f"`{mutant.function}`", f"`{was}`", f"`{became}`", why)
        lines.append(f"| {' | '.join(each.replace('|', chr(92) + '|') for each in cells)} |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    with TemporaryDirectory(prefix="mutants-") as folder:
        file = options.coverage or Path(folder, "coverage")
        if not file.exists():
            measured(ROOT, file)
        covering = Covering(ROOT, file)
        copy = Path(folder, "copy")
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
        if run(copy, sorted(covering.breadth)[::40], options.timeout) != SURVIVED:
            sys.exit("tests fail in the copy, without a mutant")
        verdicts: dict[Mutant, str] = {}
        for mutant in drawn(options.number, options.seed, options.only):
            tests = covering.of(mutant.path, mutant.line, options.tests)
            verdicts[mutant] = found = verdict(mutant, copy, tests, options.timeout)
            place = f"{mutant.path}:{mutant.line} {mutant.function}"
            change = f"{mutant.before.strip()} -> {mutant.after.strip()}"
            print(f"{found:8} {place}: {change} ({len(tests)} tests)", flush=True)
    text = table(verdicts, options)
    if options.report:
        options.report.write_text(text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
