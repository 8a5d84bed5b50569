"""Finding costs nothing where nobody looks for anything."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.runtime.library import make_library


@pytest.mark.parametrize("name", ["finding.ranker", "finding.vocabulary", "conversation.found"])
def test_importing_a_generated_module_does_not_import_the_search(root: Path, name: str) -> None:
    program = "import sys, generated.petstore; print(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=60
    )
    assert "generated._runtime.api" in done.stdout.split()
    assert f"generated._runtime.{name}" not in done.stdout.split()


def test_the_index_of_an_api_is_made_once_and_shared() -> None:
    api = make_library()
    assert api._finder is None
    assert api.finder is api.finder
    assert api.finder.search("list books").hits[0].name == "list_books"
    assert api.entries() is api.entries()
