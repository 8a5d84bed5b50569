"""JSON text to plain values, and from pointers back to places in the text.

The good case is the standard library's C parser, with hooks that refuse what is not data; why and
where something was refused is found by `json_faults`, which only a refused text pays for. Places
are looked up on demand, and values that lead to none of them are skipped at the C parser's speed.
Imports `faults`, `json_faults`, `limits`, `positions`.
"""

from __future__ import annotations

import json
import re
from typing import Any

from toolbind.read.faults import ParseError
from toolbind.read.json_faults import first_fault, is_out_of_range
from toolbind.read.limits import MAX_DEPTH
from toolbind.read.positions import Wanted

_BLANK = re.compile(r"[ \t\r\n]*")
_NOT_BRACKETS = bytes(set(range(256)) - set(b"{}[]"))
_AS_BRACES = bytes.maketrans(b"[]", b"{}")
_PASSES = 40


class _RefusedError(ValueError):
    """Raised by the hooks, which do not know where they are."""


def parse(text: str) -> Any:
    """The value of a JSON text. Raises ParseError for whatever is not JSON (RFC 8259), and for
    keys that stand twice, numbers beyond a double, and nesting beyond `MAX_DEPTH`."""
    if _may_be_deep(text.encode("utf-8", "surrogatepass")) and (fault := first_fault(text)):
        raise fault
    try:
        return json.loads(
            text,
            object_pairs_hook=_members,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        fault = ParseError("document-syntax", f"not JSON: {_lowered(error.msg)}", error.pos)
        raise fault from None
    except _RefusedError:
        raise first_fault(text) or ParseError("document-syntax", "not JSON", 0) from None


def _lowered(message: str) -> str:
    return message[:1].lower() + message[1:]


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _RefusedError
    return members


def _integer(digits: str) -> int:
    if is_out_of_range(digits, real=False):
        raise _RefusedError
    return int(digits)


def _number(digits: str) -> float:
    if is_out_of_range(digits, real=True):
        raise _RefusedError
    return float(digits)


def _constant(_: str) -> None:
    raise _RefusedError


def _may_be_deep(data: bytes) -> bool:
    """Whether brackets might nest deeper than `MAX_DEPTH`. No parser is asked about such texts
    before their tokens were looked at one by one.

    Brackets inside strings count too, which can only overstate the depth. Taking away all innermost
    pairs at once, again and again, settles real documents in some 20 passes over little data.
    """
    braces = data.translate(_AS_BRACES, _NOT_BRACKETS)
    for _ in range(_PASSES):
        outer = braces.replace(b"{}", b"")
        if len(outer) == len(braces):
            break
        braces = outer
    return braces.count(b"{") > MAX_DEPTH - _PASSES


def locate(text: str, wanted: Wanted) -> None:
    """Fill in where the wanted values stand in a text that `parse` has accepted."""
    value_at = json.JSONDecoder().raw_decode  # gives the index after the value, too
    open_containers: list[tuple[Wanted, int]] = []  # with the number of the next element, or -1
    here: Wanted | None = wanted
    missing = wanted.count()
    index = after_blanks(text, 0)
    while True:
        if here is not None:
            here.index = index
            missing -= 1
        if not missing:
            return
        if here is not None and here.children and text[index] in "{[":
            open_containers.append((here, -1 if text[index] == "{" else 0))
            index += 1
        else:
            index = value_at(text, index)[1]
        index = after_blanks(text, index)
        while open_containers and text[index] in "}]":
            open_containers.pop()
            index = after_blanks(text, index + 1)
        if not open_containers:
            return
        index = after_blanks(text, index + (text[index] == ","))
        container, number = open_containers[-1]
        if number < 0:
            token, index = value_at(text, index)
            index = after_blanks(text, after_blanks(text, index) + 1)
        else:
            token = str(number)
            open_containers[-1] = (container, number + 1)
        here = container.children.get(token)


def after_blanks(text: str, index: int) -> int:
    """The first index from `index` on at which no white space stands."""
    match = _BLANK.match(text, index)
    return match.end() if match else index
