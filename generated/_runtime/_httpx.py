"""The HTTP library: `httpx`, or `httpx2` (the same interface) where only that is installed.

The one place that imports it. Imports from the package: nothing.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx
else:
    try:
        import httpx
    except ImportError:
        import httpx2 as httpx

__all__ = ["httpx", "library_of"]


def library_of(client: object) -> Any:
    """The library that a client was made by: a program may have both."""
    for base in type(client).__mro__:
        module: ModuleType | None = sys.modules.get(base.__module__.partition(".")[0])
        if base.__name__ in ("Client", "AsyncClient") and hasattr(module, "HTTPError"):
            return module
    return httpx
