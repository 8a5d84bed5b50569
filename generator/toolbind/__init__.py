"""toolbind: OpenAPI documents in, Python modules with tools for Workers AI out.

    from toolbind import generate

    generated = generate(Path("petstore.yaml").read_bytes(), name="petstore")
    generated.files["petstore.py"]

What stands in `__all__` is public; everything else may change. Names are looked up when they are
first used, so that the command starts fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from toolbind.version import __version__

if TYPE_CHECKING:
    from toolbind.diagnostics import Diagnostic, DocumentError
    from toolbind.pipeline import Generated, Options, generate

__all__ = ["Diagnostic", "DocumentError", "Generated", "Options", "__version__", "generate"]

_HOMES = (
    ("toolbind.diagnostics", ("Diagnostic", "DocumentError")),
    ("toolbind.pipeline", ("Generated", "Options", "generate")),
)


def __getattr__(name: str) -> Any:
    for home, names in _HOMES:
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
