"""How many examples property tests try: a tenth by default, all with TOOLBIND_TEST_EFFORT=full.

`make test` stays short enough to be run before every commit; `make test-full` looks longer. Where
the slow tests are left out (`make quick`), these look shorter too: conftest.py says so here, before
it reads any test.
"""

from __future__ import annotations

import os

FULL = os.environ.get("TOOLBIND_TEST_EFFORT") == "full"
QUICK = False


def examples(number: int) -> int:
    """`number` at full effort, else a tenth of it and at least 20; in a quick run 5 to 20.

    A property that names no number has 1000.
    """
    if FULL:
        return number
    return max(5, min(20, number // 50)) if QUICK else max(20, number // 10)
