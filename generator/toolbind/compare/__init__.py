"""What changed between two states of an API, for those who call it and for models that do.

`compare` pairs the operations of two `ir.Api`s (`pairs`) and says how each pair differs: in its
request and answer (`operations`), in types (`typing`, `definitions`), in who may call
(`clients`). `kinds` is the table of all that can be said. Imports `diagnostics` and `ir`.
"""

from __future__ import annotations

from toolbind.compare.changes import Change, Comparison
from toolbind.compare.compare import compare
from toolbind.compare.kinds import KINDS, ORDER, Verdict

__all__ = ["KINDS", "ORDER", "Change", "Comparison", "Verdict", "compare"]
