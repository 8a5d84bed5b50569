"""What every command shares with the terminal: streams, colour, exit codes, one-line complaints.

Imports click, the standard library and `toolbind.diagnostics`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from enum import IntEnum
from typing import IO, Any, TextIO

import click

from toolbind.diagnostics import MESSAGE_LIMIT, printable

PATH_LIMIT = 1000
"""Characters of a path or URL in a complaint; longer ones are cut."""


class Exit(IntEnum):
    """Exit codes, the same for all commands."""

    DONE = 0
    STALE = 1
    USAGE = 2
    REFUSED = 3
    FAILED = 4
    BUG = 70
    INTERRUPTED = 130


class Complaint(click.ClickException):
    """Something that the user can put right, said in one line of plain characters."""

    def __init__(self, message: str, exit_code: Exit = Exit.USAGE) -> None:
        super().__init__(message)
        self.code = exit_code

    def show(self, _file: IO[Any] | None = None) -> None:
        say(f"error: {printable(self.message, MESSAGE_LIMIT + PATH_LIMIT)}")


class ReaderGoneError(Exception):
    """Nobody reads our stdout any more (`toolbind list ... | head`): not an error, but the end."""


def say(line: str) -> None:
    """One line to stderr, its severity in colour on a terminal."""
    line = safe(line)
    click.echo(_coloured(line) if has_colour(sys.stderr) else line, err=True, color=True)


def out(text: str | bytes, *, end: bool = True) -> None:
    """What was asked for, to stdout, with a line end unless `end` is false."""
    try:
        click.echo(text, nl=end, color=True)
    except BrokenPipeError:
        raise ReaderGoneError from None


def counted(number: int, noun: str) -> str:
    """`1 tool`, `2 tools`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def safe(text: str) -> str:
    """Foreign text of several lines, with nothing in it that moves or recolours a terminal."""
    return "".join(
        char if char.isprintable() or char in "\n\t" else ascii(char)[1:-1] for char in text
    )


def has_colour(stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether to colour: NO_COLOR and FORCE_COLOR decide, else whether a person looks on."""
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return environment.get("TERM") != "dumb" and is_terminal(stream)


def is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False


_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}


def _coloured(line: str) -> str:
    for severity, colour in _COLOURS.items():
        before, found, after = line.partition(f"{severity}: ")
        if found and (not before or before.endswith(": ")):
            return f"{before}{click.style(f'{severity}:', fg=colour, bold=True)} {after}"
    return line
