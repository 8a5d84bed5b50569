"""Large programs in parts: nothing is lost, nothing is added, and odd texts do no harm."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind.render import chunks, structure

from tests.unit.present.apis import everything, files, petstore
from tests.unit.present.strategies import texts

MODULES = [files(petstore())["petstore.py"], files(petstore())["petstore_tools.py"]]
TYPES = files(everything(str))["petstore_types.py"]


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "SIZE", 300)


def rejoined(statements: Any) -> str:
    """The program that the parts make: those with the same head are one."""
    joined: dict[str, Any] = {}
    for index, node in enumerate(statements):
        known = joined.setdefault(head(node) or str(index), node)
        if known is not node:
            extend(known, node)
    return ast.dump(ast.Module(list(joined.values()), []))


def head(node: ast.stmt) -> str:
    if isinstance(node, ast.ClassDef):
        return node.name
    return ast.unparse(node.target) if isinstance(node, ast.AnnAssign) else ""


def extend(node: Any, more: Any) -> None:
    if isinstance(node, ast.ClassDef):
        node.body += more.body
    elif isinstance(node.value, ast.List):
        node.value.elts += more.value.elts
    else:
        node.value.keys += more.value.keys
        node.value.values += more.value.values


@pytest.mark.parametrize("text", [*MODULES, TYPES], ids=["module", "tools", "types"])
def test_the_parts_are_the_whole(text: str) -> None:
    parts = list(chunks.parsed(text))
    assert rejoined(parts) == ast.dump(ast.parse(text))
    assert len(parts) > len(ast.parse(text).body) or text is TYPES


def test_the_proof_needs_no_whole_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structure, "_whole", None)
    structure.prove(MODULES[0], methods=3, module="petstore")


@given(texts, st.integers(1, 400))
def test_texts_that_look_like_cuts_are_no_cuts(text: str, size: int) -> None:
    cut = "A.\n\nclass X(Y):\n    def f(self): pass\n\nTOOLS = [\n    1,\n]\n\n"
    api = everything(lambda said: f"{cut}{text}{said}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "SIZE", size)
        for file, text in files(api).items():
            methods = len(api.operations) if file in ("petstore.py", "petstore_async.py") else 0
            structure.prove(text, methods=methods, module="petstore")


def test_a_cut_inside_a_string_is_taken_back() -> None:
    docstring = '"""First.\n\nsecond [\n    third\n]\n' + "\n\nline" * 300 + '\n"""\n'
    structure.prove(docstring)
    with pytest.raises(SyntaxError):
        list(chunks.parsed(docstring))


def shape(text: str) -> str:
    """The program without its strings; nothing if it is none."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            node.value = None
    return ast.dump(tree)


def test_what_is_foreign_is_found_wherever_it_stands() -> None:
    lines = MODULES[0].split("\n")
    plain = shape(MODULES[0])
    for place in range(4, len(lines), 3):
        text = "\n".join([*lines[:place], "import os; os.system('true')", *lines[place:]])
        if shape(text) == plain:
            structure.prove(text, methods=3, module="petstore")  # inside a docstring it is text
            continue
        with pytest.raises(structure.StructureError):
            structure.prove(text, methods=3, module="petstore")
