"""What a module says of one operation: its methods, its tool, its route.

An entry depends on its operation, on the API's default security, and on which of the parameters
that it offers for sharing stand in the module's table. Imports `ir` and the files of this room that
print.
"""

from __future__ import annotations

from dataclasses import dataclass

from toolbind import ir
from toolbind.present import rows
from toolbind.present.example import Shown, shown
from toolbind.present.layout import STEP, value
from toolbind.present.literals import NESTING_LIMIT, Source, depth, literal
from toolbind.present.methods import Method, twins
from toolbind.present.tools import Offer, ToolPrinter, offers, table


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation, ready to print.

    `names` are used by the hints of its methods; `uses_json` says that some value is nested too
    deeply for a literal; `shown` is how it looks as an example. `offers` are the parameters that
    it would share with others, `shared` those of them that it finds in the table.
    """

    method: Method
    async_method: Method
    tool: Source
    route: Source
    names: frozenset[str]
    uses_json: bool
    shown: Shown
    offers: tuple[Offer, ...]
    shared: tuple[str, ...]


def entries(api: ir.Api) -> tuple[Entry, ...]:
    """The entries of all operations."""
    shared = table(each for one in api.operations for each in offers(one))
    printer = EntryPrinter(api.security, shared)
    return tuple(map(printer.entry, api.operations))


class EntryPrinter:
    """Prints the entries of one module. `shared` is its table of parameters."""

    def __init__(self, security: ir.Security, shared: dict[str, str]) -> None:
        self._security = security
        self._shared = shared
        self._tools = ToolPrinter(shared)

    def entry(self, operation: ir.Operation) -> Entry:
        both = twins(operation)
        row = rows.operation_row(operation, self._security)
        values = (row, *(each.schema for each in operation.arguments))
        offered = offers(operation)
        return Entry(
            both.method,
            both.async_method,
            self._tools.call(operation, STEP),
            value(row, STEP, f"{literal(operation.name)}: ", ",", NESTING_LIMIT - 1),
            both.names,
            any(1 + depth(each) > NESTING_LIMIT for each in values),
            shown(operation),
            offered,
            shared_of(offered, self._shared),
        )


def shared_of(offered: tuple[Offer, ...], shared: dict[str, str]) -> tuple[str, ...]:
    """The names of offered parameters that stand in the table as they are."""
    return tuple(name for name, text in offered if shared.get(name) == text)
