"""Why a text cannot be read, with its place in the text; lines and columns of places.

Parsers raise `ParseError`; `parse` turns it into a finding. Imports the standard library only.
"""

from __future__ import annotations

from bisect import bisect_right
from operator import itemgetter


class ParseError(Exception):
    """The text is refused: `code` of the table of codes, `index` in characters from its start."""

    def __init__(self, code: str, message: str, index: int) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.index = index


class Lines:
    """Line and column, both counted from 1, of character indices of one text.

    Line ends are counted from the nearest place that was asked for before: a large text is not
    taken apart for the sake of a few places.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends = ("\n", "\r") if "\r" in text else ("\n",)
        self._known = [(0, 1, 0)]  # places, their lines, and where those start

    def at(self, index: int) -> tuple[int, int]:
        text = self._text
        inside = index > 0 and text[index - 1 : index + 1] == "\r\n"  # one end, not yet over
        place = index - inside
        number = bisect_right(self._known, place, key=itemgetter(0))
        known, line, start = self._known[number - 1]
        if known < place:
            line += sum(text.count(end, known, place) for end in self._ends)
            line -= text.count("\r\n", known, place) if len(self._ends) > 1 else 0
            start = max(start, 1 + max(text.rfind(end, known, place) for end in self._ends))
            self._known.insert(number, (place, line, start))
        return line, index - start + 1
