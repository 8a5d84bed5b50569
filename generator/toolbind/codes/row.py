"""One row of the table of diagnostic codes. Imports nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Code:
    """One row: `severity` decides exit codes; `remedy` is what the user can do."""

    severity: Literal["note", "warning", "error"]
    what: str
    why: str
    remedy: str
