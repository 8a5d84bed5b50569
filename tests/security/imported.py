"""Generated modules as real packages of this process: written, imported, looked at, forgotten."""

from __future__ import annotations

import ast
import importlib
import inspect
import itertools
import re
import sys
import typing
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from toolbind.pipeline import shared_files


def hidden(text: str) -> list[str]:
    """Characters that a reader of the source would not see, or that reorder what he sees."""
    unseen = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
    return [c for c in text if unicodedata.category(c) in unseen and c != "\n"]


class Package:
    """A folder of generated modules under a name of its own; each module is imported once."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.folder = folder / name
        for file, data in shared_files().items():
            path = self.folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        self._names = (f"module{number}" for number in itertools.count())
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))

    def load(self, files: Mapping[str, str], stem: str) -> ModuleType:
        """The module of these files, which were generated under the name `stem`."""
        own = next(self._names)
        for file, text in files.items():
            renamed = re.sub(
                rf"(from \.(?: import )?){stem}(?=(_async|_tools|_types)?\b)", rf"\g<1>{own}", text
            )
            (self.folder / f"{own}{file.removeprefix(stem)}").write_text(renamed, encoding="utf-8")
        importlib.invalidate_caches()
        return importlib.import_module(f"{self.name}.{own}")

    def forget(self) -> None:
        """Take everything of this package out of the process again."""
        for name in [each for each in sys.modules if each.partition(".")[0] == self.name]:
            del sys.modules[name]
        sys.path.remove(str(self.folder.parent))


def look_at(module: ModuleType) -> None:
    """Reads every signature, docstring and annotation, as editors and documentation do."""
    types = importlib.import_module(f"{module.__name__}_types")
    for owner in (module.Client, module.AsyncClient):
        for _, method in inspect.getmembers(owner, inspect.isfunction):
            inspect.signature(method)
            inspect.getdoc(method)
            known = {**vars(sys.modules[method.__module__]), **vars(types), "types": types}
            typing.get_type_hints(method, globalns={"httpx": typing.Any, **known})
    for each in vars(types).values():
        if isinstance(each, type) and each.__module__ == types.__name__:
            typing.get_type_hints(each)


def shape(text: str) -> set[tuple[Any, ...]]:
    """What a file does, whatever it says: its kinds of statements and expressions, each with what
    is around it, and the names that it calls and imports. Methods and fields may differ in number.
    """
    return set(_shape(ast.parse(text)))


def _shape(tree: ast.AST) -> Iterator[tuple[Any, ...]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            yield "calls", name if len(name) < 40 else "..."
        if isinstance(node, ast.ImportFrom):
            yield "imports", node.level, node.module
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.expr_context | ast.operator | ast.unaryop):
                yield type(node).__name__, type(child).__name__
