"""What changed between two texts of a document, if it lies inside one operation.

Told from the characters, so that nothing else has to be compared: what is spelt the same is the
same. JSON only. Imports `document`, `faults`, `json_text`, `library`, `parse`, `pointers`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from json import JSONDecodeError, JSONDecoder
from typing import Any
from urllib.parse import unquote

from toolbind.read import json_text, pointers
from toolbind.read.document import Document
from toolbind.read.faults import ParseError
from toolbind.read.parse import Parsed

METHODS = frozenset(("get", "put", "post", "delete", "options", "head", "patch", "trace"))

_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Change:
    """One operation that is not what it was: `path` and `method` as the document spells them."""

    path: str
    method: str
    old: Any
    new: Any

    @property
    def pointer(self) -> str:
        return pointers.join(pointers.ROOT, "paths", self.path, self.method)


def changed_operation(old: str, new: str) -> Change | None:
    """The operation that holds all that differs between two JSON texts of one document, if nothing
    else in the document can refer to it. `new` is known to be sound, `old` where it is the same."""
    start = _common_start(old, new)
    end = len(new) - _common_end(old, new, min(len(old), len(new)) - start)
    longer = len(old) - len(new)
    try:
        for path, method, begins, ends in _operations(new, start):
            if begins < start and end < ends:
                now, was = new[begins:ends], old[begins : ends + longer]
                whole = was.startswith("{") and was.endswith("}")
                if not whole or _is_tied(now + was) or _may_refer(new + was, path):
                    return None
                return Change(path, method, json_text.parse(was), json_text.parse(now))
            if begins >= start:
                return None
    except (JSONDecodeError, ParseError):
        pass
    return None


_TIED = ("$id", "$anchor", "$dynamicAnchor", "\\ud", "\\uD")
"""What in an operation has a meaning beyond it, or is not read as it is spelt."""

_INTO_PATHS = re.compile(r'#\\?/paths\\?/([^"/]*)')
_DISGUISE = re.compile(r"\\u00(?:2[34fF]|[67])")
"""Escapes by which a reference could be spelt so as not to be found; nobody needs them."""


def _is_tied(text: str) -> bool:
    return any(word in text for word in _TIED)


def _may_refer(text: str, path: str) -> bool:
    """Whether a reference in the text leads into a path, or that cannot be told."""
    if _DISGUISE.search(text):
        return True
    spelt = {found.replace("\\", "") for found in _INTO_PATHS.findall(text)}
    return any(path == pointers.unescape(one) for each in spelt for one in (each, unquote(each)))


def _common_start(first: str, second: str) -> int:
    """How many characters two texts have in common at their beginnings."""
    most = min(len(first), len(second))
    found, size = 0, _BLOCK
    while size:
        reach = found + size
        if reach <= most and first[found:reach] == second[found:reach]:
            found = reach
        else:
            size //= 2
    return found


def _common_end(first: str, second: str, most: int) -> int:
    """The same at their ends; at most `most`."""
    found, size = 0, _BLOCK
    while size:
        reach = found + size
        one, other = (text[len(text) - reach : len(text) - found] for text in (first, second))
        if reach <= most and one == other:
            found = reach
        else:
            size //= 2
    return found


_VALUE_AT = JSONDecoder().raw_decode


def _operations(text: str, around: int) -> Iterator[tuple[str, str, int, int]]:
    """Path, method, begin and end of operations; path items that end before `around` are passed
    over."""
    for name, begins, _ in _members(text, json_text.after_blanks(text, 0)):
        if name != "paths":
            continue
        for path, item, ends in _members(text, begins):
            if ends < around:
                continue
            for method, at, till in _members(text, item):
                if method in METHODS:
                    yield path, method, at, till
        return


def _members(text: str, index: int) -> Iterator[tuple[str, int, int]]:
    """Key, begin and end of the members of the object at `index`; nothing for anything else."""
    if text[index] != "{":
        return
    index = json_text.after_blanks(text, index + 1)
    while text[index] != "}":
        key, index = _VALUE_AT(text, index)
        begins = json_text.after_blanks(text, json_text.after_blanks(text, index) + 1)
        _, ends = _VALUE_AT(text, begins)
        yield key, begins, ends
        index = json_text.after_blanks(text, ends)
        index = json_text.after_blanks(text, index + (text[index] == ","))


def before(document: Document, change: Change, text: str) -> Document:
    """The document as it was: with the old operation, and the old `text`."""
    root = document.root.value
    paths = root["paths"]
    item = {**paths[change.path], change.method: change.old}
    value = {**root, "paths": {**paths, change.path: item}}
    parsed = Parsed(value, text, lambda wanted: json_text.locate(text, wanted))
    return document.with_tree(parsed)
