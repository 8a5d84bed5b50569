"""A secret that shows itself only when asked by name. Imports `errors`."""

from __future__ import annotations

from typing import NoReturn

from .errors import ConfigurationError


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
