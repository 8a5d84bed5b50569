"""What `check` prints: a unified diff of every stale file. Imports `files` and click."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

import click

from toolbind.cli.files import Change

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def unified(changes: Iterable[Change], *, colour: bool) -> Iterator[str]:
    """The lines of the diff from what is on disk to what would be generated."""
    for change in changes:
        name = change.path.as_posix()
        lines = difflib.unified_diff(
            _lines(change.old),
            _lines(change.new),
            "/dev/null" if change.old is None else f"a/{name}",
            "/dev/null" if change.new is None else f"b/{name}",
            lineterm="",
        )
        for line in lines:
            yield click.style(line, fg=_COLOURS.get(line[0])) if colour else line


def _lines(data: bytes | None) -> list[str]:
    """The file's lines, safe to print; a missing line end at the end shows as its own line."""
    if not data:
        return []
    text = _UNSAFE.sub(
        lambda found: ascii(found[0])[1:-1], data.decode("utf-8", "backslashreplace")
    )
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else [*lines, "\\ No newline at end of file"]
