"""`x-toolbind` of schemas: what is said of them inside a tool, and what is left out of it.

Imports `document.extension` and `read`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from toolbind.diagnostics import DocumentError, Report
from toolbind.lower.document.extension import KEY, MEMBERS, members_of, refusal
from toolbind.read.document import Node


@dataclass(frozen=True, slots=True)
class SchemaWishes:
    description: str = ""
    hide: bool = False
    annotations: Mapping[str, Any] = field(default_factory=dict)


NOTHING: Final = SchemaWishes()


def wishes_of(node: Node) -> SchemaWishes:
    """What a schema's own `x-toolbind` says about how it is shown, as far as it is sound."""
    found = node.get(KEY)
    if found is None or not isinstance(found.value, dict):
        return NOTHING
    examples = found.value.get("examples")
    shown = {"example": examples[0]} if isinstance(examples, list) and examples else {}
    return SchemaWishes(found.text("description"), found.flag("hide"), shown)


def check_property(node: Node, report: Report) -> None:
    """Raises DocumentError for a member that works on arguments only, inside one."""
    found = node.get(KEY)
    if found is None:
        return
    if isinstance(found.value, dict):
        for name, member in found.items():
            if name in MEMBERS["argument"] and name not in MEMBERS["property"]:
                message = f"{KEY} {name!r} works on arguments, and this is inside of one"
                raise refusal(report, member.place, message)
    members_of(node, "property", report)


def refuse_required(name: str, node: Node, report: Report) -> DocumentError:
    return refusal(report, node.place, f"{name!r} is hidden, and a request needs it")
