"""Why a text cannot be read, with its place in the text; lines and columns of places.

Parsers raise `ParseError`; `parse` turns it into a finding. Imports the standard library only.
"""

from __future__ import annotations

import re
from bisect import bisect_right

_LINE_END = re.compile(r"\r\n?|\n")


class ParseError(Exception):
    """The text is refused: `code` of the table of codes, `index` in characters from its start."""

    def __init__(self, code: str, message: str, index: int) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.index = index


class Lines:
    """Line and column, both counted from 1, of character indices of one text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def at(self, index: int) -> tuple[int, int]:
        line = bisect_right(self._starts, index)
        return line, index - self._starts[line - 1] + 1
