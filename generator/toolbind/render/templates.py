"""The templates, wherever the package was put, and the one environment that prints them.

Templates are looked for in the package (a wheel carries them there) and then beside the source
root (an editable install, a clone). No other template is ever read. Imports `present.literals`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined

from toolbind.present.literals import Source

_PACKAGE = Path(__file__).parent.parent
FOLDERS = (_PACKAGE / "templates", _PACKAGE.parent.parent / "templates")
"""Where templates may be, in the order in which they are looked for."""

RUNTIME = _PACKAGE.parent / "toolbind_runtime"
"""The runtime's sources: a package beside this one, in a wheel as in a clone."""


def folder() -> Path:
    """The folder of the templates. Raises FileNotFoundError for a broken installation."""
    for each in FOLDERS:
        if (each / "module.py.jinja").is_file():
            return each
    raise FileNotFoundError("toolbind is installed without its templates; install it again")


def runtime_folder() -> Path:
    """The folder of the runtime's sources. Raises FileNotFoundError for a broken installation."""
    if (RUNTIME / "contract.py").is_file():
        return RUNTIME
    raise FileNotFoundError("toolbind is installed without its runtime; install it again")


def runtime_files() -> Mapping[str, bytes]:
    """The runtime as it is copied beside generated modules: relative path -> content."""
    root = runtime_folder()
    paths = sorted(root.rglob("*.py"))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def printed(template: str, page: Any) -> str:
    """A template filled in from a page. Raises TypeError for a value that is no `Source`."""
    return _environment().get_template(template).render(page=page)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(folder()),
        undefined=StrictUndefined,
        finalize=_checked,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # Python, not HTML; `_checked` is the guard
    )


def _checked(value: Any) -> Source:
    if isinstance(value, Undefined):
        str(value)  # says which field the page lacks
    if not isinstance(value, Source):
        raise TypeError(f"a template prints source only, not {type(value).__name__}")
    return value
