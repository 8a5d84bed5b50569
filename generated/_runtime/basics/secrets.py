"""Secrets: text that shows itself only when asked by name, and its removal from what goes out."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Any, NoReturn, Protocol

from .text import HIDDEN

MASK = "***"


class Redactor:
    """Replaces secrets in what goes out, in the spellings in which an API may echo them.

    What is searched is text as it will be seen, decoded. A character of a secret may stand there as
    itself, percent-encoded (also twice, as URLs in URLs are), as an entity of HTML or XML, or
    escaped as JSON, JavaScript or Python escape; characters that nobody sees may stand between.
    """

    __slots__ = ("_encoded", "_pattern", "_plain")

    MINIMUM = 4
    """Shorter secrets are not looked for: they would blot out ordinary text."""

    def __init__(self, secrets: Iterable[str]) -> None:
        found = {secret for secret in secrets if len(secret) >= self.MINIMUM}
        self._plain = sorted(found, key=len, reverse=True)
        self._encoded = [
            secret.encode(each) for secret in self._plain for each in _WIDE
        ]
        self._pattern: re.Pattern[str] | None = None

    def __repr__(self) -> str:
        return f"<Redactor of {len(self._plain)} secrets>"

    def occurs(self, text: str | bytes) -> bool:
        """Whether a secret stands somewhere in a text."""
        return self._masked(text) != text if self._plain else False

    def text(self, value: str) -> str:
        if not self._plain:
            return value
        if not _may_hide(value):  # most text: what stands there is what is seen
            for secret in self._plain:
                if secret in value:
                    value = value.replace(secret, MASK)
            return value
        if self._pattern is None:
            firsts = "".join({re.escape(secret[0]) for secret in self._plain})
            ways = "|".join(map(_spellings, self._plain))
            self._pattern = re.compile(rf"(?=[{firsts}%&+\\])(?:{ways})")
        return self._pattern.sub(MASK, value)

    def data(self, value: Any) -> Any:
        """The same for everything inside a JSON value, numbers that are secrets included."""
        if not self._plain:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.data(each) for each in value]
        if isinstance(value, dict):
            return {self.text(str(key)): self.data(each) for key, each in value.items()}
        if isinstance(value, bytes):
            return self._bytes(value)
        if isinstance(value, (int, float)) and repr(value) in self._plain:
            return MASK
        return value

    def _masked(self, value: str | bytes) -> str | bytes:
        return self.text(value) if isinstance(value, str) else self._bytes(value)

    def _bytes(self, value: bytes) -> bytes:
        """Text of any encoding that can be met, or none: only what is a secret changes."""
        for secret in self._encoded:
            value = value.replace(secret, MASK.encode())
        text = value.decode("utf-8", "surrogateescape")
        masked = self.text(text)
        return value if masked == text else masked.encode("utf-8", "surrogateescape")


_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
"""Encodings in which ASCII is not itself; a byte order mark stands in front of none of it."""

_ENTITIES = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "(?:apos|#39)"}


def _may_hide(text: str) -> bool:
    """Whether something in a text may be another way to write a character, or is not seen."""
    return (
        "%" in text
        or "&" in text
        or "\\" in text
        or "+" in text
        or not text.isascii()
        or not text.isprintable()
    )


def _spellings(secret: str) -> str:
    """A pattern of all that a secret may look like. Each repetition in it has a bound."""
    return f"{HIDDEN}*+".join(map(_spellings_of, secret))


def _spellings_of(character: str) -> str:
    code = ord(character)
    ways = []
    octets = character.encode("utf-8", "surrogatepass")
    ways.append("".join(f"%(?:25){{0,3}}{_hex(f'{octet:02x}')}" for octet in octets))
    ways.append(f"&#0{{0,6}}{code};?")
    ways.append(f"&#[xX]0{{0,6}}{_hex(f'{code:x}')};?")
    units = character.encode("utf-16-be", "surrogatepass")
    pairs = [units[at : at + 2].hex() for at in range(0, len(units), 2)]
    ways.append("".join(rf"\\{{1,4}}u{_hex(pair)}" for pair in pairs))
    if code < 0x100:
        ways.append(rf"\\{{1,4}}x{_hex(f'{code:02x}')}")
    if character in _ENTITIES:
        ways.append(f"&{_ENTITIES[character]};?")
    if character in "/\"\\'":
        ways.append(rf"\\{{1,4}}{re.escape(character)}")
    if character == " ":
        ways.append(r"\+")
    ways.append(
        re.escape(character)
    )  # last: `%` may begin a longer way to write itself
    return f"(?:{'|'.join(ways)})"


def _hex(digits: str) -> str:
    """Hexadecimal digits in either case."""
    return "".join(f"[{d}{d.upper()}]" if d.isalpha() else d for d in digits)


class Variables(Protocol):
    """Where variables are looked up by name: the environment, or a mapping."""

    def get(self, name: str, default: Any = None, /) -> Any: ...


class Environment:
    """The environment's variables by name; shows none of them."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<environment>"

    def get(self, name: str, default: Any = None, /) -> Any:
        return os.environ.get(name, default)


class Secret:
    """Text that never appears in `repr`, logs, tracebacks' locals or pickles."""

    __slots__ = ("_public", "_text")

    def __init__(self, text: str, *, public: bool = False) -> None:
        """`public` text is sent where secrets are, and may be seen."""
        self._text = text
        self._public = public

    def reveal(self) -> str:
        """The text itself, for the one place that sends it."""
        return self._text

    def seen(self) -> str:
        """The text for a person to look at."""
        return self._text if self._public else MASK

    def __repr__(self) -> str:
        return MASK

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret cannot be pickled")
