"""Text as the words that are looked up: one road for what tools say and for what is asked.

Identifiers are taken apart, case, accents and British spelling folded, endings cut off; Chinese,
Japanese and Korean text is read by pairs. Imports nothing from the package.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

LONGEST_WORD = 40
"""Characters; what is longer is no word (a key, a hash, base64)."""

# Han, kana, Hangul: scripts whose words no blanks part.
_CJK = (
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003134f"
)
_PIECE = re.compile(
    rf"[{_CJK}]+"
    r"|[A-Z]{2,}s(?![A-Za-z])"  # PRs, IDs
    r"|[A-Z]+(?![a-z])"
    r"|[A-Z]?[a-z]+"
    r"|\d+"
    rf"|[^\W\d_A-Za-z{_CJK}]+"
)
_IS_CJK = re.compile(rf"[{_CJK}]")


def pieces(text: str) -> Iterator[str]:
    """The words of a text, in lower case: `listPullRequests_v2` is list, pull, requests, v, 2."""
    for found in _PIECE.findall(_plain(text)):
        if not found.isascii() and _IS_CJK.match(found):
            yield from _pairs(found)
        elif len(found) <= LONGEST_WORD:
            yield found.lower()


def _plain(text: str) -> str:
    """Accents off, width and ligatures folded; ASCII as it is."""
    if text.isascii():
        return text
    split = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in split if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare)


def _pairs(text: str) -> Iterator[str]:
    if len(text) == 1:
        yield text
    for first, second in pairwise(text):
        yield first + second


_BRITISH = (
    (re.compile(r"is(e|ed|er|ers|es|ing|ation|ations)$"), r"iz\1"),
    (re.compile(r"our(s|ed|ing|ite|ites)?$"), r"or\1"),
    (re.compile(r"cence(s|d)?$"), r"cense\1"),
    (re.compile(r"logue(s|d)?$"), r"log\1"),
    (re.compile(r"(m|t)re(s)?$"), r"\1er\2"),
)
_VOWEL = re.compile(r"[aeiouy]")
_ENDINGS = ("ation", "ition", "ment", "ion", "er", "or", "ance", "ive")


def stem(word: str) -> str:
    """A word without its inflection: `branches`, `branch`; `shared`, `sharing`, `share`."""
    if len(word) < 4 or not word.isascii():
        return word
    for pattern, american in _BRITISH:
        word = pattern.sub(american, word)
    if word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        bare = word[: -len(ending)]
        if word.endswith(ending) and len(bare) > 2 and _VOWEL.search(bare):
            if not word.endswith("eed"):
                word = bare
            break
    if word.endswith("e") and len(word) > 3:
        word = word[:-1]
    if word.endswith("y") and len(word) > 3 and word[-2] not in "aeiou":
        word = word[:-1] + "i"
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1]
    return word


def root(stemmed: str) -> str:
    """What words of one family share: `delete` and `deletion`, `review` and `reviewer`."""
    for ending in _ENDINGS:
        if stemmed.endswith(ending) and len(stemmed) - len(ending) >= 4:
            return stemmed[: -len(ending)]
    return stemmed
