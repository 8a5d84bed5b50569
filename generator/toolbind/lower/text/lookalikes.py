"""Names that can be taken for others: look-alikes of one another, and imitations of Latin letters.

Two names with one skeleton look the same to a hurried reader (after Unicode Technical Standard
39, section 4). The tables hold what common fonts make hard to tell apart; no claim to be complete.
Pure. Imports nothing from the package.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

_IMITATORS = {  # Cyrillic, Greek, Armenian and phonetic letters
    "a": "\u0430\u03b1",
    "b": "\u044c\u03b2",
    "c": "\u0441\u03f2",
    "d": "\u0501",
    "e": "\u0435\u04bd",
    "g": "\u0261\u0581",
    "h": "\u04bb\u0570",
    "i": "\u0456\u03b9\u0131",
    "j": "\u0458\u03f3",
    "k": "\u043a\u03ba",
    "l": "\u04cf",
    "m": "\u043c",
    "n": "\u0578\u043f",
    "o": "\u043e\u03bf\u0585",
    "p": "\u0440\u03c1",
    "q": "\u051b",
    "r": "\u0433",
    "s": "\u0455",
    "t": "\u0442\u03c4",
    "u": "\u03c5\u057d",
    "v": "\u03bd\u0475",
    "w": "\u051d\u03c9",
    "x": "\u0445\u03c7",
    "y": "\u0443\u03b3",
    "z": "\u1d22",
}
_IMITATIONS = str.maketrans(
    {each: letter for letter, imitators in _IMITATORS.items() for each in imitators}
)
_TWINS = (("1", "l"), ("i", "l"), ("0", "o"), ("rn", "m"), ("vv", "w"), ("cl", "d"))
_SEPARATORS = re.compile(r"[\W_]+")
_SHORTEST = 4
"""Letters of a name that can be mistaken: of shorter ones nearly all look alike."""


def skeleton(name: str) -> str:
    """What is left of a name for a hurried reader."""
    letters = unicodedata.normalize("NFKD", name).lower().translate(_IMITATIONS)
    plain = _SEPARATORS.sub("", letters)
    for written, read in _TWINS:
        plain = plain.replace(written, read)
    return plain


def imitates(name: str) -> bool:
    """Whether a name mixes Latin letters with others that look like them."""
    if name.isascii():
        return False
    foreign = [c for c in name if not c.isascii() and c.isalpha()]
    latin = any(c.isascii() and c.isalpha() for c in name)
    return latin and any(_reads_as_latin(c) for c in foreign)


def _reads_as_latin(letter: str) -> bool:
    """Accents make a letter of its own; another alphabet or width does not."""
    if unicodedata.decomposition(letter).startswith("<"):
        return unicodedata.normalize("NFKC", letter).isascii()
    return letter.lower().translate(_IMITATIONS).isascii()


def pairs(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each name that looks like an earlier and different one, with that one."""
    first: dict[str, str] = {}
    for name in names:
        bones = skeleton(name)
        if len(bones) >= _SHORTEST and first.setdefault(bones, name) != name:
            yield name, first[bones]
