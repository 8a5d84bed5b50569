"""JSON Pointers (RFC 6901) in their URI fragment form, without percent-encoding: `#/paths/~1pets`.

Pure text and look-ups. Imports the standard library only.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final
from urllib.parse import unquote

ROOT: Final = "#"


class Missing:
    """The type of `MISSING`, which says that a pointer leads nowhere (None is a JSON value)."""


MISSING: Final = Missing()


def escape(token: str) -> str:
    """One key as it stands in a pointer."""
    if "~" in token or "/" in token:
        return token.replace("~", "~0").replace("/", "~1")
    return token


def unescape(token: str) -> str:
    return token.replace("~1", "/").replace("~0", "~") if "~" in token else token


def join(pointer: str, *tokens: str | int) -> str:
    """The pointer of a member or element below `pointer`."""
    return "/".join((pointer, *(escape(str(token)) for token in tokens)))


def split(pointer: str) -> list[str]:
    """The keys that a pointer names, unescaped; `#` gives none."""
    return [unescape(token) for token in pointer.split("/")[1:]]


def from_fragment(fragment: str) -> list[str]:
    """What a reference's fragment (after its `#`, beginning with a slash) may mean, as pointers.

    First with percent-encoding undone, as it should be; then as it is spelt, since not everybody
    encodes a percent sign.
    """
    spelt = ROOT + fragment
    if "%" not in fragment:
        return [spelt]
    with suppress(UnicodeDecodeError):
        return list(dict.fromkeys((ROOT + unquote(fragment, errors="strict"), spelt)))
    return [spelt]


def to_fragment(pointer: str) -> str:
    """A pointer as a reference to the same file; the first of `from_fragment` gives it back."""
    return pointer.replace("%", "%25")


def step(value: Any, token: str) -> Any:
    """The member or element of `value` that an unescaped token names, or MISSING."""
    if isinstance(value, dict):
        return value.get(token, MISSING)
    if isinstance(value, list) and token.isascii() and token.isdecimal():
        if token != "0" and token.startswith("0"):
            return MISSING
        index = int(token) if len(token) < 10 else len(value)
        return value[index] if index < len(value) else MISSING
    return MISSING


def find(value: Any, pointer: str) -> Any:
    """The value at `pointer` below `value`, or MISSING."""
    for token in split(pointer):
        value = step(value, token)
        if value is MISSING:
            return MISSING
    return value


def nearest(value: Any, pointer: str) -> str:
    """The pointer itself if it leads somewhere, else the longest part of it that does."""
    found = ROOT
    for token in split(pointer):
        value = step(value, token)
        if value is MISSING:
            break
        found = join(found, token)
    return found
