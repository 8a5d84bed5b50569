"""The version, alone in a file: what writes it into output needs nothing else of the package."""

from __future__ import annotations

__version__ = "0.1.0"
