"""Secrets: text that shows itself only when asked by name, and its removal from what goes out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NoReturn
from urllib.parse import quote, quote_plus

from ..errors import ConfigurationError

MASK = "***"


class Redactor:
    """Replaces secrets in what goes out, in the spellings in which an API may echo them."""

    __slots__ = ("_bytes", "_spellings")

    MINIMUM = 4
    """Shorter secrets are not looked for: they would blot out ordinary text."""

    def __init__(self, secrets: Iterable[str]) -> None:
        found: set[str] = set()
        for secret in secrets:
            if len(secret) >= self.MINIMUM:
                plain = json.dumps(secret, ensure_ascii=False)[1:-1]
                escaped = json.dumps(secret)[1:-1]
                found |= {
                    secret,
                    plain,
                    escaped,
                    quote(secret, safe=""),
                    quote_plus(secret),
                }
        self._spellings = sorted(found, key=len, reverse=True)
        self._bytes = [spelling.encode() for spelling in self._spellings]

    def __repr__(self) -> str:
        return f"<Redactor of {len(self._spellings)} spellings>"

    def occurs(self, text: str | bytes) -> bool:
        """Whether a secret stands somewhere in a text."""
        if isinstance(text, bytes):
            return any(spelling in text for spelling in self._bytes)
        return any(spelling in text for spelling in self._spellings)

    def text(self, value: str) -> str:
        for spelling in self._spellings:
            if spelling in value:
                value = value.replace(spelling, MASK)
        return value

    def data(self, value: Any) -> Any:
        """The same for everything inside a JSON value, numbers that are secrets included."""
        if not self._spellings:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.data(each) for each in value]
        if isinstance(value, dict):
            return {self.text(str(key)): self.data(each) for key, each in value.items()}
        if isinstance(value, bytes):
            for spelling in self._bytes:
                value = value.replace(spelling, MASK.encode())
            return value
        if isinstance(value, (int, float)) and str(value) in self._spellings:
            return MASK
        return value


class Secret:
    """Text that never appears in `repr`, logs, tracebacks' locals or pickles.

    Raises ConfigurationError, without quoting it, where it could not be a header's value.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str, name: str) -> None:
        text = text.strip()
        if not text or not text.isascii() or not text.isprintable():
            raise ConfigurationError(
                f"{name} must be printable ASCII in one line, and not empty"
            )
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one place that sends it."""
        return self._text

    def __repr__(self) -> str:
        return "***"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret cannot be pickled")
