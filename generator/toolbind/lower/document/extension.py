"""`x-toolbind`: what the author of a document wants of an operation's tool.

    x-toolbind: {name: find_pet, description: Finds one pet by its tag., include: false}

The only vendor extension that has an effect, and no other than these: `name` stands for the
operationId when the tool is named, `description` for the summary and description when it is
described, `include: false` leaves the operation out. What they say goes the way of what they stand
for. Imports `diagnostics` and `read`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from toolbind.diagnostics import Report
from toolbind.read.document import Node

KEY = "x-toolbind"
_TYPES = {"name": str, "description": str, "include": bool}


@dataclass(frozen=True, slots=True)
class Wishes:
    """The members of one `x-toolbind`, or what they are where there is none."""

    name: str = ""
    description: str = ""
    include: bool = True


NONE = Wishes()


def wishes(operation: Node, report: Report) -> Wishes:
    """What an operation's `x-toolbind` says; members that mean nothing are told and passed over."""
    node = operation.get(KEY)
    if node is None:
        return NONE
    if not isinstance(node.value, dict):
        report.say("extension-member", node.place, f"{KEY} is not an object; it has no effect")
        return NONE
    known: dict[str, Any] = {}
    for name, member in node.items():
        if name in _TYPES and isinstance(member.value, _TYPES[name]):
            known[name] = member.value
        else:
            words = f"has no {name!r}" if name not in _TYPES else f"has a wrong value for {name!r}"
            report.say("extension-member", member.place, f"{KEY} {words}; it has no effect")
    return Wishes(**known)
