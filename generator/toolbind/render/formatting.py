"""black, in the one place that calls it: pinned exactly, because what it prints is the output.

It is loaded when there is something to format. Imports nothing of the package.
"""

from __future__ import annotations


def formatted(text: str) -> str:
    """`text` as `black` leaves it with its own settings."""
    from black import format_str
    from black.mode import Mode, TargetVersion

    return format_str(text, mode=Mode(target_versions={TargetVersion.PY311}))
