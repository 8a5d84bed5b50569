"""What `check` prints: a unified diff of every stale file. Imports `files`, `lines` and click."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import click

from toolbind.cli.output import lines
from toolbind.cli.output.files import Change

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def unified(changes: Iterable[Change], *, colour: bool) -> Iterator[str]:
    """The lines of the diff from what is on disk to what would be generated."""
    for change in changes:
        name = change.path.as_posix()
        old_name = "/dev/null" if change.old is None else f"a/{name}"
        new_name = "/dev/null" if change.new is None else f"b/{name}"
        for line in lines.unified(_lines(change.old), _lines(change.new), old_name, new_name):
            yield click.style(line, fg=_COLOURS.get(line[0])) if colour else line


def _lines(data: bytes | None) -> list[str]:
    """The file's lines, safe to print; a missing line end at the end shows as its own line."""
    if not data:
        return []
    text = _UNSAFE.sub(
        lambda found: ascii(found[0])[1:-1], data.decode("utf-8", "backslashreplace")
    )
    split = text.split("\n")
    return split[:-1] if split[-1] == "" else [*split, "\\ No newline at end of file"]
