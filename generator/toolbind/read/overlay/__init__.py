"""Overlays: changes to a document that stand in a file of their own (Overlay 1.0 and 1.1).

An overlay sees the document's own text as it is written: of Swagger 2.0 before it is upgraded, of
a document of several files the first one, where a `$ref` is an object like any other. References
in what an overlay adds are those of the document. `form` reads and checks an overlay, `query` asks
JSONPath, `tree` is the document under work, which remembers who gave each place, `merge` and
`apply` do what the actions say, `near` guesses what a target that matches nothing was to be.
Imports `diagnostics`, and `faults`, `limits`, `parse`, `pointers`, `source`, `versions` of `read`;
`query` is the only user of the JSONPath library.
"""

from __future__ import annotations

from toolbind.read.overlay.apply import Mended, mend

__all__ = ["Mended", "mend"]
