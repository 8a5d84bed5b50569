"""Names of generated modules: of a document's file or title, or given and then checked.

Imports `shell`, `toolbind.diagnostics`, `lower.document.names` and the standard library.
"""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import SplitResult, unquote, urlsplit

from toolbind.cli.terminal.shell import Complaint
from toolbind.diagnostics import shown
from toolbind.lower.document.names import snake_case

NAME_LIMIT = 60
"""Characters of a module's name; file systems and imports take no very long ones."""

_ANY_DOCUMENT = re.compile(
    r"(?:my_?|rest_?|public_?|the_?)*(?:open_?api|swagger|fast_?api|api|docs?|spec(?:ification)?s?|schema|index)"
    r"(?:_?(?:json|yaml|docs?|spec(?:ification)?|schema|definition|document|v?\d+))*"
)
"""`openapi`, `swagger_v2`, `api_docs`, `spec`."""

_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")

_SUFFIXES = (".json", ".yaml", ".yml")


def from_spec(spec: str) -> str:
    """The module's name for a document: the stem of its file name as an identifier.

    >>> from_spec("specs/api.github.com.json"), from_spec("https://x.example/v1/open-api.yaml")
    ('api_github_com', 'open_api')
    """
    path = unquote(url_parts(spec).path) if "://" in spec else spec.replace("\\", "/")
    stem = PurePosixPath(path).name
    for suffix in _SUFFIXES:
        stem = stem.removesuffix(suffix)
    return _identifier(stem)


def says_nothing(name: str) -> bool:
    """Whether a document's file is named by what it is, not by which API it is of."""
    return _ANY_DOCUMENT.fullmatch(name.lower()) is not None


def from_title(title: str) -> str:
    """The module's name for a document by its title; empty if that says no more than its file.

    >>> from_title("Plant Store API (v2)"), from_title("OpenAPI"), from_title("FastAPI")
    ('plant_store_api', '', '')
    """
    name = snake_case(_IN_BRACKETS.sub(" ", title))
    return "" if not name or says_nothing(name) else _identifier(name)


def _identifier(text: str) -> str:
    name = re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_")[:NAME_LIMIT].rstrip("_")
    if not name or name[0].isdigit() or keyword.iskeyword(name) or keyword.issoftkeyword(name):
        name = f"api_{name}".rstrip("_")
    return name


def url_parts(spec: str) -> SplitResult:
    """The parts of a URL; raises Complaint for what is none."""
    try:
        parts = urlsplit(spec)
    except ValueError as error:
        raise Complaint(f"{shown(spec)}: is no URL: {str(error).lower()}") from None
    if not parts.netloc:
        raise Complaint(f"{shown(spec)}: names no host; a URL is https://HOST/PATH")
    return parts


def checked(name: str) -> str:
    """A name that the user chose; raises Complaint if no module can have it."""
    reason = ""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        reason = "is no identifier of ASCII letters, digits and underscores"
    elif keyword.iskeyword(name):
        reason = "is a keyword of Python"
    elif len(name) > NAME_LIMIT:
        reason = f"is longer than {NAME_LIMIT} characters"
    if reason:
        raise Complaint(f"module name {name!r} {reason}")
    return name


def refuse_clashes(named: Iterable[tuple[str, str]]) -> None:
    """Raise Complaint if two documents (`(name, spec)` pairs) would write the same file.

    Compared without case, as some file systems do; `x_types` belongs to module `x`, and so on.
    """
    taken: dict[str, str] = {}
    for name, spec in named:
        for file in (f"{name.casefold()}{end}" for end in ("", "_async", "_tools", "_types")):
            other = taken.setdefault(file, spec)
            if other != spec:
                raise Complaint(
                    f"{shown(other)} and {shown(spec)} would both write {file}.py; "
                    "name one of them: --name, or a [modules.NAME] table in the settings"
                )


def refuse_hiding(names: Iterable[str]) -> None:
    """Raise Complaint if a module in the current folder would take a standard module's place."""
    for name in names:
        if name in sys.stdlib_module_names:
            raise Complaint(
                f"module {name!r} would hide Python's own from programs started here; "
                "choose another --name, or a folder of its own with -o"
            )
