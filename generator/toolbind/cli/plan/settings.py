"""Settings of a project: `[tool.toolbind]` in pyproject.toml, or toolbind.toml, nearest upwards.

A file that says something we do not know is refused with its line, never half obeyed.
Imports `keys`, `near`, `shell` and the standard library.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from toolbind.cli.plan.keys import BY_NAME, MODULE_KEYS, MODULES, PROJECT_KEYS
from toolbind.cli.terminal.shell import Complaint
from toolbind.diagnostics import near_miss

Value = str | int | bool | tuple[str, ...] | Mapping[str, Any]
"""A setting as it is used: lists are tuples, folders are paths from the current folder."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a settings file says. `values` hold for all modules, `modules` for one each; `lines` are
    where tables and their entries stand, by the keys that lead there."""

    path: Path | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    modules: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """What relative paths in the file are relative to."""
        return self.path.parent if self.path else Path.cwd()

    def of(self, module: str) -> dict[str, Value]:
        """The settings of one module: its own over those of the project."""
        return {**self.values, **self.modules.get(module, {})}

    def line_of(self, module: str, *keys: str) -> int:
        """The line that says something about a module; 0 if that is not known."""
        return self.lines.get((MODULES, module, *keys), self.lines.get(keys, 0))


def chosen(path: Path | None) -> Settings:
    """The settings in the file that the user names, else the nearest ones."""
    settings = load(path, required=True) if path else None
    return settings or find(Path.cwd())


def find(start: Path) -> Settings:
    """The nearest settings at or above `start`; empty settings if there are none."""
    for folder in (start, *start.parents):
        for name in ("toolbind.toml", "pyproject.toml"):
            path = folder / name
            if path.is_file() and (found := load(path, required=False)) is not None:
                return found
    return Settings()


def load(path: Path, *, required: bool) -> Settings | None:
    """The settings in one file; None for a pyproject.toml without ours, unless `required`."""
    text = _read(path)
    shared = path.name == "pyproject.toml"
    if shared and not required and "toolbind" not in text:
        return None
    try:
        data: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Complaint(f"{path}: {error}") from None
    prefix = ("tool", "toolbind") if shared else ()
    for step in prefix:
        data = data.get(step) if isinstance(data, dict) else None
    if data is None:
        if required:
            raise Complaint(f"{path}: there is no [tool.toolbind] table")
        return None
    if not isinstance(data, dict):
        raise Complaint(f"{path}: 'toolbind' must be a table in [tool]")
    return _Checker(path, text, prefix).settings(data)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8"
        raise Complaint(f"{path}: {reason}") from None


@dataclass(frozen=True, slots=True)
class _Checker:
    """Turns the parsed table into Settings; knows the text, so that it can say the line."""

    path: Path
    text: str
    prefix: tuple[str, ...]

    def settings(self, table: Mapping[str, Any]) -> Settings:
        modules = self._table(table.get(MODULES, {}), (MODULES,))
        top = {key: value for key, value in table.items() if key != MODULES}
        return Settings(
            self.path,
            self._values(top, (), (*PROJECT_KEYS, MODULES)),
            {name: self._module(name, entry) for name, entry in modules.items()},
            dict(self._lines(table, ())),
        )

    def _lines(
        self, table: Mapping[str, Any], where: tuple[str, ...]
    ) -> Iterator[tuple[tuple[str, ...], int]]:
        """Where what is said about arguments stands: findings of the document name it."""
        for key, value in table.items():
            if key == MODULES or (where[:1] == (MODULES,) and len(where) == 1):
                yield from self._lines(value, (*where, key))
            elif key in BY_NAME and BY_NAME[key].kind in ("table", "lists", "texts", "text"):
                line = _line_of(self.text, (*self.prefix, *where), key)
                yield (*where, key), line
                for name in value if isinstance(value, dict) else ():
                    own = _line_of(self.text, (*self.prefix, *where, key), name)
                    yield (*where, key, name), own or line

    def _module(self, name: str, entry: object) -> dict[str, Value]:
        where = (MODULES, name)
        return self._values(self._table(entry, where), where, MODULE_KEYS)

    def _values(
        self, table: Mapping[str, Any], where: tuple[str, ...], known: Sequence[str]
    ) -> dict[str, Value]:
        for key in table:
            if key not in known:
                self._refuse(f"unknown key {key!r}", where, key, near_miss(key, known))
        return {key: self._value(value, where, key) for key, value in table.items()}

    def _value(self, value: object, where: tuple[str, ...], key: str) -> Value:
        kind = BY_NAME[key].kind
        if kind in ("texts", "files") and isinstance(value, str):
            value = [value]
        choices = BY_NAME[key].choices
        if not _CHECKS[kind](value) or (choices and value not in choices):
            self._refuse(f"{key!r} takes: {BY_NAME[key].shape}", where, key)
        if kind == "folder":
            return str(self.path.parent / spelt_here(str(value)))
        if kind == "files":
            folder = self.path.parent
            return tuple(x if "://" in x else str(folder / spelt_here(x)) for x in value)  # type: ignore[attr-defined]  # as _CHECKS says
        return tuple(value) if isinstance(value, list) else value  # type: ignore[return-value]  # as _CHECKS says

    def _table(self, value: object, where: tuple[str, ...]) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            self._refuse(f"{where[-1]!r} must be a table", where[:-1], where[-1])
        return value

    def _refuse(self, message: str, where: tuple[str, ...], key: str, hint: str = "") -> NoReturn:
        line = _line_of(self.text, (*self.prefix, *where), key)
        place = f"{self.path}:{line}" if line else f"{self.path}"
        table = ".".join((*self.prefix, *where))
        raise Complaint(f"{place}: {message}{f' in [{table}]' if table else ''}{hint}")


def spelt_here(path: str) -> str:
    """A path of a settings file, which is UTF-8, as this run's locale spells it."""
    return os.fsdecode(path.encode("utf-8"))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_choice(value: object) -> bool:
    """A list of patterns, or a table of one and a budget."""
    if isinstance(value, dict):
        budget = value.get("budget", 1)
        whole = type(budget) is int and budget > 0 and value.keys() <= {"tools", "budget"}
        value = value.get("tools") if whole else None
    return isinstance(value, list) and bool(value) and all(map(_is_text, value))


_CHECKS = {
    "text": lambda value: isinstance(value, str) and value != "",
    "folder": lambda value: isinstance(value, str) and value != "",
    "texts": lambda value: isinstance(value, list) and all(isinstance(x, str) for x in value),
    "files": lambda value: isinstance(value, list) and all(isinstance(x, str) for x in value),
    "table": lambda value: isinstance(value, dict) and all(map(_is_text, value.values())),
    "lists": lambda value: isinstance(value, dict) and all(map(_is_choice, value.values())),
    "number": lambda value: type(value) is int and value > 0,
    "flag": lambda value: isinstance(value, bool),
}

_HEADER = re.compile(r"\s*\[\[?\s*(?P<name>[^\]]+?)\s*\]\]?\s*(#.*)?$")
_ENTRY = re.compile(r"""\s*(?P<key>"[^"]*"|'[^']*'|[A-Za-z0-9_.\-]+)\s*[=.]""")


def _line_of(text: str, table: tuple[str, ...], key: str) -> int:
    """The line (from 1) on which `key` of `table` stands; 0 if the search does not find it.

    tomllib tells no positions, so this reads headers and keys line by line, for messages only.
    """
    wanted = (*table, key)
    current: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            current = tuple(_parts(header["name"]))
            if current == wanted:
                return number
        elif entry := _ENTRY.match(line):
            path = (*current, *_parts(line[: entry.end() - 1] if "=" in line else entry["key"]))
            if path[: len(wanted)] == wanted:
                return number
    return 0


def _parts(dotted: str) -> Iterator[str]:
    """`a."b.c".d` -> a, b.c, d."""
    for match in re.finditer(r"""\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9_\-]+))\s*\.?""", dotted):
        yield next(part for part in match.groups() if part is not None)
