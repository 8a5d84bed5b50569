"""What cannot become a request: raised wherever it is found, caught once for each operation.

Imports `diagnostics`.
"""

from __future__ import annotations

from toolbind.diagnostics import Place


class Unsupported(Exception):  # noqa: N818  a verdict, no failure of ours
    """The operation at hand cannot be offered: `code` of the table, where, and why."""

    def __init__(self, code: str, place: Place, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.place = place
        self.reason = reason
