"""Generated modules that the user names, by dotted name or by file, and their errors.

Imports `output`, `shell`, `toolbind.diagnostics` and the standard library.
"""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from toolbind.cli.output.files import begins_with_mark, marked
from toolbind.cli.terminal.shell import Complaint, Exit
from toolbind.diagnostics import near_miss, shown


def load_module(where: str) -> Any:
    """The generated module `generated.petstore` or `generated/petstore.py`.

    Raises Complaint if there is none, if it cannot be imported, or if it is not a generated one.
    """
    if "://" in where or where.lower().endswith((".json", ".yaml", ".yml")):
        raise Complaint(
            f"{shown(where)}: is a document; generate its module and name that: "
            f"toolbind generate {shown(where)} -o generated"
        )
    try:
        module = _by_path(Path(where)) if _is_path(where) else _by_name(where)
    except Complaint:
        raise
    except Exception as error:  # whatever a file may do when it is imported
        raise Complaint(f"cannot import {where}: {type(error).__name__}: {error}") from error
    if not all(hasattr(module, name) for name in ("TOOLS", "Client", "call_tool")):
        raise Complaint(f"{where} is not a module that toolbind generated")
    return module


def _is_path(where: str) -> bool:
    return where.endswith(".py") or "/" in where or "\\" in where


def _by_name(name: str) -> ModuleType:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and f"{name}.".startswith(f"{error.name}."):
            hint = near_miss(name, _modules_beside(Path(*name.split(".")[:-1]), dotted=True))
            raise Complaint(
                f"no module {name!r} here{hint or ': give its dotted name or its file'}"
            ) from None
        raise


def _by_path(path: Path) -> ModuleType:
    """The module in a package made of its folder, which need not be importable otherwise."""
    if not path.is_file():
        hint = near_miss(str(path), _modules_beside(path.parent, dotted=False))
        raise Complaint(f"{path}: no such file{hint}")
    folder = path.absolute().parent
    if not (folder / "_runtime").is_dir() and not begins_with_mark(path):
        raise Complaint(f"{path}: there is no _runtime/ beside it, so toolbind did not generate it")
    package = f"toolbind_at_{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
    if package not in sys.modules:
        made = ModuleType(package)
        made.__path__ = [str(folder)]
        sys.modules[package] = made
    return importlib.import_module(f"{package}.{path.stem}")


def _modules_beside(folder: Path, *, dotted: bool) -> list[str]:
    """The generated modules where one was looked for, as they are named."""
    found = [folder / name for name in marked(folder) if not name.startswith("__init__")]
    modules = [path for path in found if not path.stem.endswith(("_types", "_tools", "_async"))]
    if not modules and len(folder.parts) <= 1:  # the folder's name may be what is wrong
        for place in sorted(Path().iterdir()) if folder != Path() else ():
            modules += [place / n for n in marked(place) if not n.startswith("__init__")]
    return [".".join(p.with_suffix("").parts) if dotted else str(p) for p in modules]


def runtime_module(name: str) -> Any:
    """A file of the runtime that this toolbind carries, by its dotted name there.

    Nothing of the runtime is imported but that file and what it needs.
    """
    from toolbind.render.templates import runtime_folder

    package = "toolbind_runtime_carried"
    if package not in sys.modules:
        made = ModuleType(package)
        made.__path__ = [str(runtime_folder())]
        sys.modules[package] = made
    return importlib.import_module(f"{package}.{name}")


@contextmanager
def own_errors_told(*modules: Any) -> Iterator[None]:
    """Turn what the modules' runtime raises on purpose into one line and an exit code."""
    runtimes = [one.errors for one in modules]
    try:
        yield
    except tuple(one.ConfigurationError for one in runtimes) as error:
        raise Complaint(_one_line(error)) from error
    except tuple(one.ToolbindError for one in runtimes) as error:
        raise Complaint(_one_line(error), Exit.FAILED) from error


def _one_line(error: Exception) -> str:
    """A message that a model would read as a list."""
    return " ".join(str(error).splitlines())
