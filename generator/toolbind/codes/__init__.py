"""The table of diagnostic codes: what each means, why it is said, what to do about it.

Data only. `toolbind explain CODE` is printed from it. A code is added together with the place that
says it; a test fails when a code is never used. Imports nothing from the package.
"""

from __future__ import annotations

from toolbind.codes.curation import CURATION
from toolbind.codes.lower import LOWER
from toolbind.codes.overlay import OVERLAY
from toolbind.codes.read import READ
from toolbind.codes.row import Code
from toolbind.codes.schema import SCHEMA

__all__ = ["CODES", "Code"]

CODES: dict[str, Code] = {**READ, **OVERLAY, **CURATION, **LOWER, **SCHEMA}
