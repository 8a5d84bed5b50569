"""black, in the one place that calls it: pinned exactly, because what it prints is the output.

Imports nothing of the package.
"""

from __future__ import annotations

from black import format_str
from black.mode import Mode, TargetVersion

_MODE = Mode(target_versions={TargetVersion.PY311})


def formatted(text: str) -> str:
    """`text` as `black` leaves it with its own settings."""
    return format_str(text, mode=_MODE)
