"""render: from pages to text. The only room that knows Jinja and black.

`templates` finds what is emitted and prints it, `structure` proves that the result is the program
that was meant, `formatting` holds black against it. May import `present` and what lies below it.
"""

from __future__ import annotations

from toolbind.render.rendering import (
    compose_module,
    compose_types,
    prove_entry,
    render_module,
    render_package,
    render_types,
)
from toolbind.render.templates import runtime_files

__all__ = [
    "compose_module",
    "compose_types",
    "prove_entry",
    "render_module",
    "render_package",
    "render_types",
    "runtime_files",
]
