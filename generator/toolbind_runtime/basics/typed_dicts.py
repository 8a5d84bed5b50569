"""`TypedDict` as generated types use it.

Before Python 3.12 pydantic, and with it FastAPI, takes only that of `typing_extensions`, which
httpx brings along.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING or sys.version_info >= (3, 12):
    from typing import TypedDict
else:
    try:
        from typing_extensions import TypedDict
    except ImportError:  # pragma: no cover - it is always there where httpx is
        from typing import TypedDict

__all__ = ["TypedDict"]
