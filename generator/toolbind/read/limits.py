"""The numbers that bound reading: nothing here grows with what a document asks for.

Imports the standard library only.
"""

from __future__ import annotations

from typing import Final

MAX_BYTES: Final = 64 * 1024 * 1024
"""Of one document, and of all the files together that it refers to. The largest public documents
have 47 MB."""


def too_large(what: str, most: int) -> str:
    """How a document is told that it is too large, with what to do about it."""
    return f"{what} more than {most:,} bytes; --max-size MB raises the limit"


MAX_OVERLAY_BYTES: Final = 8 * 1024 * 1024
"""Of one overlay. People write them by hand; a larger one is a document."""

MAX_DEPTH: Final = 500
"""Of brackets or indentation. Real documents stay below 60; Python's own recursion ends at 1000."""

MAX_NUMBER_LENGTH: Final = 300
"""Digits of an integer: as many as a double can reach, so that every number stays a JSON number."""

MAX_ALIAS_NODES: Final = 1_000_000
"""Values that YAML aliases and merge keys may add to those that are written down."""

MAX_ALIAS_CHARACTERS: Final = 64 * 1024 * 1024
"""Text that YAML aliases and merge keys may add, counted as it is written down."""

MAX_DIRECTIVES: Final = 64
"""Of YAML (`%TAG`, `%YAML`). Two are more than usual."""

MAX_MEDIA_TYPES: Final = 100
"""Of `consumes` or `produces` in Swagger 2.0: they are multiplied by all operations."""

MAX_SECONDS: Final = 30.0
"""For one document over the network, redirects included."""

MAX_REDIRECTS: Final = 5

MAX_FILES: Final = 5_000
"""Files that one document may consist of."""
