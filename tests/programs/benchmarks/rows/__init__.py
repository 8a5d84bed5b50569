"""The rows: a name for the command line, and the function that measures.

A row takes the `Bench` and gives the lines of the table. Imports the files beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tests.programs.benchmarks.bench import Bench
from tests.programs.benchmarks.results import Line
from tests.programs.benchmarks.rows import generating, growing, sizes, using

Row = Callable[[Bench], Iterator[Line]]

ROWS: Mapping[str, Row] = {
    "github": generating.github,
    "one-changed": generating.one_changed,
    "nothing-changed": generating.nothing_changed,
    "stripe": generating.stripe,
    "kubernetes": generating.kubernetes,
    "graph": generating.graph,
    "graph-beta": generating.graph_beta,
    "few-of-many": generating.few_of_many,
    "growth": growing.growth,
    "import": using.importing,
    "types": using.typed,
    "call": using.calls,
    "conversation": using.conversation,
    "size": sizes.module,
    "tokens": sizes.tokens,
}
"""In the order of the table."""
