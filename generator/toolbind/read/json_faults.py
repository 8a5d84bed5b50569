"""Why a JSON text was refused, and where: a slower reading, for texts that were refused only.

One pass over the tokens, without recursion and without building values. Imports `faults`, `limits`.
"""

from __future__ import annotations

import json
import re

from toolbind.read.faults import ParseError
from toolbind.read.limits import MAX_DEPTH, MAX_NUMBER_LENGTH

_TOKEN = re.compile(
    r"""(?:
        (?P<mark>[{}\[\],:])
      | (?P<text>"[^"\\]*+(?:\\.[^"\\]*+)*+"?)
      | (?P<number>-?[0-9]+(?P<real>(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?))
      | (?P<word>-?[A-Za-z]+)
    )""",
    re.VERBOSE | re.DOTALL,
)
_CONSTANTS = frozenset({"NaN", "Infinity", "-Infinity"})


def first_fault(text: str) -> ParseError | None:
    """The first thing in a JSON text that is not data, or None if the tokens hold none."""
    open_objects: list[set[str] | None] = []  # the keys seen in each; None for an array
    key_next = False
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        index = match.start(kind) if kind else match.start()
        if match["mark"]:
            mark = match["mark"]
            if mark in "{[":
                open_objects.append(set() if mark == "{" else None)
                if len(open_objects) > MAX_DEPTH:
                    return too_deep(index)
            elif mark in "}]" and open_objects:
                open_objects.pop()
            key_next = mark in "{," and bool(open_objects) and open_objects[-1] is not None
        elif match["text"] and key_next:
            key_next = False
            keys = open_objects[-1]
            key = _unescaped(match["text"])
            if keys is not None and key in keys:
                return duplicate_key(key, match.start("text"))
            if keys is not None:
                keys.add(key)
        elif match["word"] in _CONSTANTS:
            return not_a_number(match["word"], match.start("word"))
        elif match["number"] and is_out_of_range(match["number"], bool(match["real"])):
            return not_a_number(match["number"], match.start("number"))
    return None


def _unescaped(text: str) -> str:
    """The value of a string token, or the token itself if it is none."""
    try:
        return str(json.loads(text, strict=False))
    except ValueError:
        return text


def is_out_of_range(digits: str, real: bool) -> bool:
    """Whether a number, as written, is beyond what a double can hold."""
    if not real:
        return len(digits) > MAX_NUMBER_LENGTH
    return float(digits) in (float("inf"), float("-inf"))


def too_deep(index: int) -> ParseError:
    message = f"nested deeper than {MAX_DEPTH} levels"
    return ParseError("document-depth", message, index)


def duplicate_key(key: str, index: int) -> ParseError:
    return ParseError("document-duplicate-key", f"the key {key!r} stands here a second time", index)


def not_a_number(text: str, index: int) -> ParseError:
    shown = text if len(text) <= 40 else f"{text[:20]}... of {len(text)} characters"
    return ParseError("document-number", f"{shown} is not a number that JSON can hold", index)
