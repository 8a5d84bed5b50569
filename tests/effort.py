"""How many examples property tests try: a tenth by default, all with TOOLBIND_TEST_EFFORT=full.

`make test` stays short enough to be run before every commit; `make test-full` looks longer.
"""

from __future__ import annotations

import os

FULL = os.environ.get("TOOLBIND_TEST_EFFORT") == "full"


def examples(number: int) -> int:
    """`number` at full effort, else a tenth of it, at least 20."""
    return number if FULL else max(20, number // 10)
