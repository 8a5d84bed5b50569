"""Strings that break careless builders, and what each place on the wire can carry.

A string is left out where the specification gives a receiver no way to read it back: the places
say why. Imports nothing from the package.
"""

from __future__ import annotations

import string
from dataclasses import dataclass, replace
from random import Random

HOSTILE = (
    "plain", "two words", " lead", "trail ", "  ", "", "true", "false", "null", "1e3", "007",
    "-0", "a&b=c", "x=1&y=2", "#frag", "50%", "%41", "%2F", "a+b", "a/b", "//", "?q=1", ";v=2",
    "a;b", "a,b", ",", "a|b", "say \"hi\"", "it's", "[0]", "{id}", "{}", "<b>&amp;</b>", "a\\b",
    "$ref", "@host:80", "~tilde", "^caret`", "(x)!*", "Zürich", "日本語", "שלום", "e\u0301",
    "🦜 emoji", "a\u2028b", "\u00a0nbsp", "1,234.5", "None", "undefined", "a.b.c", "a-b_c", "https://x.y/?z=1#f",
)  # fmt: skip
LINES = ("two\nlines", "tab\tbed", "crlf\r\nend")

PLAIN = string.ascii_lowercase + string.digits


@dataclass(frozen=True)
class Carrier:
    """What a place can carry: characters it can't, and limits at the edges."""

    forbidden: str = ""
    ascii_only: bool = False
    trimmed: bool = False
    empty: bool = True
    lines: bool = False
    plain: bool = False
    dots: bool = True

    def without(self, characters: str) -> Carrier:
        return replace(self, forbidden=self.forbidden + characters)

    def carries(self, text: str) -> bool:
        if not self.empty and not text:
            return False
        if self.plain and not text.isalnum():
            return False
        if not self.dots and text in (".", ".."):
            return False
        if self.ascii_only and not text.isascii():
            return False
        if self.trimmed and text != text.strip():
            return False
        if not self.lines and any(character in text for character in "\r\n\t"):
            return False
        return not any(character in text for character in self.forbidden)

    def text(self, random: Random, shortest: int, longest: int | None) -> str:
        """A string of `shortest` to `longest` characters, hostile where it can be."""
        pool = HOSTILE + LINES if self.lines else HOSTILE
        fitting = [
            text
            for text in pool
            if shortest <= len(text) <= (len(text) if longest is None else longest)
            and self.carries(text)
        ]
        if fitting:
            return random.choice(fitting)
        length = max(shortest, 0 if self.empty else 1)
        if longest is not None and longest > length and random.random() < 0.5:
            length = min(longest, length + 20)
        alphabet = (
            PLAIN if self.plain else [c for c in PLAIN + "éß漢 &=%" if self.carries(f"a{c}a")]
        )
        inner = "".join(random.choice(alphabet) for _ in range(max(0, length - 2)))
        return ("a" + inner + "z")[:length] if length > 1 else "a"[:length]


ANY = Carrier(lines=True)
"""JSON, form and multipart bodies: any JSON value."""
TEXT = Carrier(lines=True)
"""Text bodies: any text, but nothing else."""

# XML 1.0 normalises line ends; everything else that is printed here passes.
XML = Carrier(forbidden="\x00")

# A path segment cannot be empty, and every URL parser removes dot segments (RFC 3986, 5.2.4).
PATH = Carrier(empty=False, dots=False)
QUERY = Carrier()
COOKIE = Carrier()
# Header values pass unchanged (3.1.2, Parameter Object): visible ASCII, and no blanks at the ends,
# which HTTP strips (RFC 9110, 5.5).
HEADER = Carrier(ascii_only=True, trimmed=True)


def carrier(place: str, style: str, explode: bool, shape: str, reserved: bool = False) -> Carrier:
    """What a styled parameter's strings may hold so that the style itself can be undone.

    A delimiter written raw is told from one in a value by percent-encoding wherever the place has
    that: the comma of `simple` and `form`, the semicolon of `matrix`. Left out are the delimiters
    that are unreserved or always encoded: the dot of `label`, blank and bar of `spaceDelimited` and
    `pipeDelimited` (Appendix E), brackets in names of `deepObject`, and in headers, which have no
    encoding, the comma and the equals sign.
    """
    base = {"path": PATH, "query": QUERY, "header": HEADER, "cookie": COOKIE}.get(place, ANY)
    many = shape != "scalar"
    if place == "header" and many:
        base = base.without(",=" if explode else ",")
    if style == "label" and many:
        base = base.without(".")
    if many and not (explode and place == "query"):
        base = replace(base, empty=False)  # one empty item and no items look the same when joined
    delimiters = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}
    if not explode:
        base = base.without(delimiters.get(style, ""))
    if style == "cookie":
        # OpenAPI 3.2: no encoding at all, so only cookie-octets (RFC 6265, 4.1.1).
        base = replace(base, ascii_only=True, trimmed=True).without(' ",;\\')
    if reserved:
        # Reserved characters and percent triples pass unchanged (RFC 6570, 3.2.3), which changes
        # the meaning of these.
        base = base.without("%&+#[]" + ("," if many else "") + ("=" if many else ""))
    return base
