"""Entries of tools on the page: a call of `tool` for each operation, with the tool and its route.

Schemas that arguments of one name repeat stand once in the module, in a table under that name.
Imports `ir` and the files of this room that print.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from toolbind import ir
from toolbind.present import rows
from toolbind.present.layout import STEP, block, fits, value
from toolbind.present.literals import NESTING_LIMIT, Source, depth, json_text, literal, quoted

TABLE = "_PARAMETERS"

INNER = 2 * STEP
MEMBER = INNER + STEP
"""Columns at which an entry's parts, and the arguments in them, stand."""

Offer = tuple[str, str]
"""An argument that may be shared: its name, and its schema as JSON text."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One argument of a tool: what may be shared of it, and how it stands where it is not."""

    offer: Offer
    source: Source


@dataclass(frozen=True, slots=True)
class ToolEntry:
    """One operation as `tool(...)`: its parts, one or more lines each. `uses_json` says that some
    value is nested too deeply for a literal."""

    before: tuple[Source, ...]
    arguments: tuple[Printed, ...]
    after: tuple[Source, ...]
    uses_json: bool

    def source(self, shared: Mapping[Offer, str]) -> Source:
        """The entry, with references in place of what stands in the table."""
        lines = [self._argument(each, shared) for each in self.arguments]
        table = [block("{", lines, "},", INNER)] if lines else []
        return block("tool(", [*self.before, *table, *self.after], "),", STEP)

    def _argument(self, one: Printed, shared: Mapping[Offer, str]) -> Source:
        key = shared.get(one.offer)
        return one.source if key is None else _member(one.offer[0], key)


def _member(name: str, key: str) -> Source:
    return Source(f"{literal(name)}: {TABLE}[{literal(key)}],")


class ToolPrinter:
    """Prints the entries of one module. Schemas that operations share, as parts of the document
    that they refer to or repeat, are printed once."""

    def __init__(self, security: ir.Security) -> None:
        self._security = security
        self._known: dict[tuple[str, int], tuple[ir.JsonObject, Printed]] = {}

    def entry(self, operation: ir.Operation) -> ToolEntry:
        tool = rows.tool(operation)
        row = rows.operation_row(operation, self._security)
        required = tool["parameters"]["required"]
        after = [value(required, INNER, "required=", ",")] if required else []
        schemas = (each.schema for each in operation.arguments)
        return ToolEntry(
            tuple(value(tool[key], INNER, "", ",") for key in ("name", "description")),
            tuple(self._argument(each.name, each.schema) for each in operation.arguments),
            (*after, value(row, INNER, "route=", ",", NESTING_LIMIT - 1)),
            any(1 + depth(each) > NESTING_LIMIT for each in (row, *schemas)),
        )

    def _argument(self, name: str, schema: ir.JsonObject) -> Printed:
        known = self._known.get((name, id(schema)))
        if known is None:
            laid = value(schema, MEMBER, f"{literal(name)}: ", ",", NESTING_LIMIT - 1)
            known = schema, Printed((name, json_text(schema)), laid)
            self._known[name, id(schema)] = known  # holding the schema makes its id a name
        return known[1]


def table(entries: Iterable[ToolEntry]) -> dict[Offer, str]:
    """What several tools repeat, and the keys under which it stands in the module.

    The schema that most arguments of a name have is called like them; others have a digest of
    themselves behind it, so that none is called otherwise for what its neighbours are.
    """
    counted = Counter(each.offer for entry in entries for each in entry.arguments)
    several: defaultdict[str, list[Offer]] = defaultdict(list)
    for offer, count in counted.items():
        if count > 1 and _pays(offer):
            several[offer[0]].append(offer)
    return {
        offer: key
        for name, offers in sorted(several.items())
        for offer, key in _keyed(name, offers, counted)
        if fits(_member(name, key), MEMBER)
    }


def _keyed(
    name: str, offers: Sequence[Offer], counted: Mapping[Offer, int]
) -> Iterable[tuple[Offer, str]]:
    first, *others = sorted(offers, key=lambda each: (-counted[each], each))
    keys = {name: first}
    for each in others:
        digest = blake2b(each[1].encode(), digest_size=4).hexdigest()
        keys.setdefault(f"{name}-{digest}", each)
    return ((offer, key) for key, offer in keys.items())


def _pays(offer: Offer) -> bool:
    """Whether a schema says more than a reference to it."""
    name, text = offer
    return len(text) > len(f"{TABLE}[{quoted(name)}]")


def shared_schemas(shared: Mapping[Offer, str]) -> dict[str, Any]:
    """The table itself."""
    from json import loads

    return {key: loads(text) for (_, text), key in shared.items()}
