"""Unified diffs of long files, in time that grows with their lines.

Lines that stand once in either file are its landmarks: between those that both have in one order,
only small pieces are left to compare, and a large one that has no landmark counts as replaced.
Imports the standard library.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

CONTEXT = 3
"""Unchanged lines that are shown around each change."""

SMALL = 200_000
"""Pairs of lines that are compared one by one; a piece with more of them is replaced as a whole."""

Lines = Sequence[str]


class Piece(NamedTuple):
    """Lines `old_start` to `old_end` that became `new_start` to `new_end`; or that are the same."""

    same: bool
    old_start: int
    old_end: int
    new_start: int
    new_end: int


def unified(old: Lines, new: Lines, old_name: str, new_name: str) -> Iterator[str]:
    """The lines of a unified diff, without line ends; none if nothing differs."""
    for number, hunk in enumerate(_hunks(_pieces(old, new))):
        if number == 0:
            yield f"--- {old_name}"
            yield f"+++ {new_name}"
        first, last = hunk[0], hunk[-1]
        removed = _range(first.old_start, last.old_end)
        added = _range(first.new_start, last.new_end)
        yield f"@@ -{removed} +{added} @@"
        for piece in hunk:
            if piece.same:
                yield from (f" {line}" for line in old[piece.old_start : piece.old_end])
                continue
            yield from (f"-{line}" for line in old[piece.old_start : piece.old_end])
            yield from (f"+{line}" for line in new[piece.new_start : piece.new_end])


def _range(start: int, end: int) -> str:
    """Line numbers as a hunk's head has them: those of nothing are those of the line before."""
    length = end - start
    return f"{start + 1}" if length == 1 else f"{start + (length > 0)},{length}"


def _hunks(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """Changes with what stands around them; those that are near each other together."""
    hunk: list[Piece] = []
    for piece in pieces:
        length = piece.old_end - piece.old_start
        if not piece.same:
            hunk.append(piece)
        elif not hunk:
            hunk = [_last(piece, CONTEXT)]
        elif length <= 2 * CONTEXT:
            hunk.append(piece)
        else:
            yield [*hunk, _first(piece, CONTEXT)]
            hunk = [_last(piece, CONTEXT)]
    if any(not piece.same for piece in hunk):
        *rest, last = hunk
        yield [*rest, _first(last, CONTEXT) if last.same else last]


def _first(piece: Piece, count: int) -> Piece:
    _, old, old_end, new, new_end = piece
    return Piece(True, old, min(old_end, old + count), new, min(new_end, new + count))


def _last(piece: Piece, count: int) -> Piece:
    _, old, old_end, new, new_end = piece
    return Piece(True, max(old, old_end - count), old_end, max(new, new_end - count), new_end)


# --- what is the same ----------------------------------------------------------------------------


def _pieces(old: Lines, new: Lines) -> list[Piece]:
    found: list[Piece] = []
    at, to = 0, 0
    for i, j, length in (*_joined(_matches(old, new)), (len(old), len(new), 0)):
        if at < i or to < j:
            found.append(Piece(False, at, i, to, j))
        if length:
            found.append(Piece(True, i, i + length, j, j + length))
        at, to = i + length, j + length
    return found


def _joined(matches: Iterator[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Matches that follow each other as one."""
    start = end = (0, 0)
    for i, j, length in matches:
        if (i, j) != end:
            if end > start:
                yield *start, end[0] - start[0]
            start = (i, j)
        end = (i + length, j + length)
    if end > start:
        yield *start, end[0] - start[0]


def _matches(old: Lines, new: Lines) -> Iterator[tuple[int, int, int]]:
    """Equal lines, in order: where they stand in both files, and how many."""
    at, to = 0, 0
    for i, j in (*_landmarks(old, new), (len(old), len(new))):
        yield from _between(old, new, at, i, to, j)
        if i < len(old):
            yield i, j, 1
        at, to = i + 1, j + 1


def _landmarks(old: Lines, new: Lines) -> list[tuple[int, int]]:
    """Lines that stand once in both files, the most that are in one order (patience sorting)."""
    often_old, often_new = Counter(old), Counter(new)
    places = {line: j for j, line in enumerate(new) if often_new[line] == 1}
    ends: list[int] = []  # the least place in `new` at which a row of this length ends
    rows: list[tuple[int, int, int]] = []  # place in `old`, in `new`, and the one before in its row
    tops: list[int] = []
    for i, line in enumerate(old):
        if often_old[line] != 1 or line not in places:
            continue
        j = places[line]
        length = bisect_left(ends, j)
        rows.append((i, j, tops[length - 1] if length else -1))
        ends[length : length + 1] = [j]
        tops[length : length + 1] = [len(rows) - 1]
    chosen: list[tuple[int, int]] = []
    row = tops[-1] if tops else -1
    while row >= 0:
        i, j, row = rows[row]
        chosen.append((i, j))
    return chosen[::-1]


def _between(
    old: Lines, new: Lines, start: int, end: int, other: int, other_end: int
) -> Iterator[tuple[int, int, int]]:
    """The same between two landmarks: what the ends have in common, and the rest if it is small."""
    while start < end and other < other_end and old[start] == new[other]:
        yield start, other, 1
        start, other = start + 1, other + 1
    tail = 0
    while start < end - tail and other < other_end - tail:
        if old[end - tail - 1] != new[other_end - tail - 1]:
            break
        tail += 1
    last, other_last = end - tail, other_end - tail
    if 0 < (last - start) * (other_last - other) <= SMALL:
        matcher = SequenceMatcher(None, old[start:last], new[other:other_last], autojunk=False)
        for i, j, length in matcher.get_matching_blocks()[:-1]:
            yield start + i, other + j, length
    if tail:
        yield last, other_last, tail
