"""Documents made by Hypothesis: generated, imported, called, and read back by the judge."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from toolbind.cli.commands.report import operations_report
from toolbind.pipeline import examine, generate, shared_files
from toolbind.read import Source

from tests.effort import examples
from tests.programs.corpus.document import Raw
from tests.programs.corpus.judge import Findings, Judge
from tests.programs.corpus.made import documents

pytestmark = pytest.mark.slow

Judged = Callable[[dict[str, Any]], Findings]
PACKAGE = "made_by_hypothesis"


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    """Generates a document's module into one package and judges every operation of it."""
    folder = tmp_path_factory.mktemp("made")
    package = folder / PACKAGE
    for name, data in shared_files().items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_bytes(data)
    sys.path.insert(0, str(folder))
    numbers = count()

    def judge(document: dict[str, Any]) -> Findings:
        name = f"subject_{next(numbers)}"
        source = Source.of_text(json.dumps(document), "made.json")
        made = generate(source, name=name)
        for file, text in made.files.items():
            (package / file).write_text(text, "utf-8")
        importlib.invalidate_caches()
        module = importlib.import_module(f"{PACKAGE}.{name}")
        listing = operations_report(examine(source).api, made.diagnostics)
        found = Judge(Raw(document), module, listing, "made").run()
        del sys.modules[module.__name__]
        for file in made.files:
            Path(package / file).unlink()
        return found

    yield judge
    sys.path.remove(str(folder))
    for loaded in [each for each in sys.modules if each.partition(".")[0] == PACKAGE]:
        del sys.modules[loaded]


@settings(max_examples=examples(600), deadline=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_made_documents_are_read_back(judged: Judged, document: dict[str, Any]) -> None:
    found = judged(document)
    assert found.unaccounted == []
    assert found.skips == []
    assert found.names_wrong == []
    assert found.schemas_wrong == []
    assert found.unsound == []
    assert found.escapes == []
    wrong = [call for call in found.calls if call.wrong]
    assert [f"{call.cause} | {call.operation}: {call.detail}" for call in wrong] == []
