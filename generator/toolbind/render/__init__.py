"""render: from pages to text. The only room that knows Jinja and black.

`templates` finds what is emitted and prints it, `structure` proves that the result is the program
that was meant, `formatting` holds black against it. May import `present` and what lies below it.
"""

from __future__ import annotations

from toolbind.render.rendering import EntryProof, compose, render
from toolbind.render.templates import runtime_files

__all__ = ["EntryProof", "compose", "render", "runtime_files"]
