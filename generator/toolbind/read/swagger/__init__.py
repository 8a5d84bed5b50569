"""Swagger 2.0 upgraded to OpenAPI 3.0, on the raw tree.

`upgrade` walks the document; `parameters` and `bodies` make what 3.0 writes otherwise, `parts` and
`values` are pure functions, `moves` remembers what came from where. Schemas are shared, not
copied: what stood under `definitions` stands under `components/schemas`, and old references lead
there. Imports the reading of references from `read`.
"""

from __future__ import annotations

from toolbind.read.swagger.upgrade import upgrade

__all__ = ["upgrade"]
