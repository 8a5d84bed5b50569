"""Options that several commands share, made from the table of settings where there is one.

Imports `keys`, `settings` and click.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from toolbind.cli.plan.keys import BY_NAME, FLAG_KEYS, READING_KEYS, Key, Kind
from toolbind.cli.plan.settings import Value, find
from toolbind.cli.terminal.shell import Complaint

F = TypeVar("F", bound=Callable[..., Any])

PATTERNS_HELP = """\b
PATTERN selects operations:
  list_pets, repos_*         operationId or tool name, with * and ?
  tag:pets                   tag
  /users/{id}, /users/*      path
  GET, "POST /orders/*"      method, method and path
Options that take a PATTERN, TYPE or HOST may be repeated.
"""


def debug_option(function: F) -> F:
    """`--debug` on a command: `toolbind.cli.main` looks for it in the arguments."""
    return click.option(
        "--debug",
        is_flag=True,
        expose_value=False,
        help="Show the traceback of an unexpected error.",
    )(function)


def settings_option(function: F) -> F:
    return click.option(
        "--settings",
        "settings_path",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Settings file instead of the nearest one.",
    )(function)


_BOUNDS = ("max-tool-tokens", "max-tools")


def bound_options(function: F) -> F:
    """How many tools a model is offered at once; `bounds` reads it."""
    for name in _BOUNDS:
        function = click.option(f"--{name}", type=int, metavar="N", help=f"{BY_NAME[name].help}")(
            function
        )
    return function


def bounds(flags: Mapping[str, Any]) -> dict[str, int]:
    """The bounds that flags give, or the nearest settings; what neither says is left out."""
    said = find(Path.cwd()).values
    found: dict[str, int] = {}
    for name in _BOUNDS:
        flag = flags[name.replace("-", "_")]
        if flag is not None and flag < 1:
            raise Complaint(f"--{name} is a number above 0")
        value = flag or said.get(name)
        if isinstance(value, int):
            found[name.replace("-", "_")] = value
    return found


def document_options(function: F) -> F:
    """The flags that change what is made of a document; `given` reads what they brought."""
    for key in reversed(FLAG_KEYS):
        function = _option(key)(function)
    return function


def reading_options(function: F) -> F:
    """The flags that change how a document is read, and nothing of what is made of it."""
    for name in reversed(("overlays", *READING_KEYS)):
        function = _option(BY_NAME[name])(function)
    return function


def given(flags: Mapping[str, Any]) -> dict[str, Value]:
    """The document flags that were really given, under their keys."""
    values = {key: flags.get(_parameter(key)) for key in FLAG_KEYS}
    return {
        key.name: _pairs(key, value) if key.kind in ("table", "lists") else value
        for key, value in values.items()
        if value not in (None, ())
    }


def _pairs(key: Key, given: tuple[str, ...]) -> dict[str, Any]:
    """`ARG=NAME`, each given by a flag of its own, as the table that settings would have."""
    found: dict[str, Any] = {}
    for each in given:
        name, mark, value = each.partition("=")
        if not mark or not name.strip() or not value.strip():
            raise Complaint(f"{key.option} takes {key.metavar}, and not {each!r}")
        lists = [part.strip() for part in value.split(",") if part.strip()]
        found[name.strip()] = lists if key.kind == "lists" else value.strip()
    return found


class _Count(click.ParamType[int]):
    """A whole number above 0. Not click's IntRange, which needs a second line in the help."""

    name = "count"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        text = str(value)
        if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text) > 0):
            self.fail(f"{text!r} is not a whole number above 0", param, ctx)
        return int(text)


_FORMS: dict[Kind, dict[str, Any]] = {
    "text": {},
    "texts": {"multiple": True},
    "number": {"type": _Count()},
    "folder": {"type": click.Path(exists=True, file_okay=False)},
    "files": {"multiple": True},
    "table": {"multiple": True},
    "lists": {"multiple": True},
    "flag": {"is_flag": True, "default": None},
}


def _option(key: Key) -> Callable[[F], F]:
    form = _FORMS[key.kind] | ({"metavar": key.metavar} if key.metavar else {})
    if key.choices:
        form |= {"type": click.Choice(key.choices)}
    if key.negative:
        form = {"is_flag": True, "flag_value": False, "default": None}
    spelt = f"--no-{key.name}" if key.negative else key.option
    return click.option(spelt, _parameter(key), help=key.help, **form)


def _parameter(key: Key) -> str:
    return key.name.replace("-", "_")
