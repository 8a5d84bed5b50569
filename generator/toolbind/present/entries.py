"""What a module says of one operation: its methods, and its tool with the route.

An entry depends on its operation and on the API's default security, and on nothing else.
Imports `ir` and the files of this room that print.
"""

from __future__ import annotations

from dataclasses import dataclass

from toolbind import ir
from toolbind.present.example import Shown, shown
from toolbind.present.methods import Method, twins
from toolbind.present.tools import ToolEntry, ToolPrinter


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation, ready to print. `names` are used by the hints of its methods; `shown` is how
    it looks as an example."""

    method: Method
    async_method: Method
    tool: ToolEntry
    names: frozenset[str]
    shown: Shown


def entries(api: ir.Api) -> tuple[Entry, ...]:
    """The entries of all operations."""
    return tuple(map(EntryPrinter(api.security).entry, api.operations))


class EntryPrinter:
    """Prints the entries of one module."""

    def __init__(self, security: ir.Security) -> None:
        self._tools = ToolPrinter(security)

    def entry(self, operation: ir.Operation) -> Entry:
        both = twins(operation)
        tool = self._tools.entry(operation)
        return Entry(both.method, both.async_method, tool, both.names, shown(operation))
