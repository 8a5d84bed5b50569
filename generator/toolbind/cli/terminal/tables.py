"""Tables: Rich's on a terminal, aligned plain text for everything else.

Cells come from documents, so they are made plain first. Imports `shell`, `toolbind.diagnostics`
and Rich where a person looks on.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from toolbind.cli.terminal.shell import is_terminal, out
from toolbind.diagnostics import printable

CELL_LIMIT = 200
"""Characters of one cell."""


def show_table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, title: str = "") -> None:
    """Print rows under headings; numbers (all digits) stand to the right."""
    plain = [[printable(cell, CELL_LIMIT) for cell in row] for row in rows]
    numeric = [all(row[i].isdigit() for row in plain) for i in range(len(headings))]
    if is_terminal(sys.stdout):
        _rich(headings, plain, numeric, title)
        return
    widths = [
        max(len(row[column]) for row in [list(headings), *plain]) for column in range(len(headings))
    ]
    for row in [list(headings), *plain]:
        cells = [
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ]
        out("  ".join(cells).rstrip())


def _rich(
    headings: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool], title: str
) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left")
    for heading, right in zip(headings, numeric, strict=True):
        table.add_column(heading, justify="right" if right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
