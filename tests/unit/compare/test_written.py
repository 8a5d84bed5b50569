"""An API as its generated module tells it: the same as its document tells, as far as both go."""

from __future__ import annotations

from pathlib import Path

import pytest
from toolbind import ir
from toolbind.compare import compare
from toolbind.compare.written import written
from toolbind.lower.fit.tokens import tokens
from toolbind.pipeline import Options, examine, generate
from toolbind.read import Source

CASES = sorted((Path(__file__).parents[2] / "cases").glob("*/spec.yaml"))


def told(source: Source) -> tuple[ir.Api, ir.Api]:
    """What a document tells, and what the module tells that is made of it."""
    module = generate(source, name="shop")
    return examine(source, options=Options()).api, written(module.files.values(), tokens)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_a_module_tells_what_its_document_does(path: Path) -> None:
    document, module = told(Source(path.name, path.read_bytes()))
    changes = compare(document, module).changes
    # what stands behind `#` in a path's key is told apart by the document alone
    told_ = [each for each in changes if each.id != "operation-moved"]
    assert [(each.id, each.operation, each.message) for each in told_] == []
    assert [each.name for each in module.operations] == [each.name for each in document.operations]
    assert {each.name for each in module.types} == {each.name for each in document.types}
    assert [each.credentials for each in module.schemes] == [
        each.credentials for each in document.schemes
    ]


def test_nothing_of_a_module_is_run() -> None:
    assert written(["raise SystemExit", "import os\nos._exit(1)"], tokens).operations == ()


@pytest.mark.parametrize("text", ["def", "(" * 5000, "\0"])
def test_what_is_no_python_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no Python"):
        written([text], tokens)


@pytest.mark.parametrize(
    "text",
    [
        "TOOLS: list[Tool] = 5",
        "TOOLS: list[Tool] = [5, f()]",
        "_OPERATIONS: dict[str, Any] = []",
        "class A(TypedDict):\n    x: f()\n",
        'A = TypedDict("A", {"x": 1, **y})',
        "BASE_URL = f()",
    ],
)
def test_odd_statements_are_passed_over(text: str) -> None:
    written([text], tokens)
