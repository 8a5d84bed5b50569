"""What is looked up: one tool with its operation, as the texts that name and describe it.

Imports `contract`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ..contract import OperationRow, Tool

FIELDS = ("name", "summary", "path", "tags", "arguments", "choices", "text")
"""The fields of an entry, the weightiest first."""

CHOICES = 40
"""Words of enumerations that one entry is found by."""

SLOT = re.compile(r"\{[^}]*\}")
_SENTENCE = re.compile(r"(?<=[.!?])\s")


class Entry(NamedTuple):
    """A tool, as it is found: `name` is the name under which it is offered."""

    name: str
    method: str
    path: str
    tool: Tool
    tags: tuple[str, ...] = ()

    def texts(self) -> dict[str, str]:
        """The text of each of `FIELDS`."""
        first, *rest = _SENTENCE.split(self.tool["description"], maxsplit=1)
        properties = self.tool["parameters"]["properties"]
        return {
            "name": self.tool["name"],
            "summary": first,
            "path": SLOT.sub(" ", self.path),
            "tags": " ".join(self.tags),
            "arguments": " ".join(properties),
            "choices": " ".join(_choices(properties)),
            "text": " ".join(rest),
        }

    def area(self) -> str:
        """The part of the API that it belongs to: its first tag, else where its path starts."""
        if self.tags:
            return self.tags[0]
        parts = [part for part in self.path.split("/") if part and part[0] != "{"]
        return parts[0] if parts else "/"

    def kind(self) -> tuple[str, str, str]:
        """What entries share that differ in where they start: the same for another owner."""
        parts = [part for part in self.path.split("/") if part and part[0] != "{"]
        return self.method, self.tool["description"], parts[-1] if parts else ""


def entry(name: str, tool: Tool, row: OperationRow) -> Entry:
    """The entry of a tool that is offered as `name`."""
    return Entry(name, row["method"], row["path"], tool, tuple(row.get("tags", ())))


def _choices(properties: Mapping[str, Mapping[str, Any]]) -> list[str]:
    found: list[str] = []
    for schema in properties.values():
        items = schema.get("items")
        inner = items if isinstance(items, Mapping) else {}
        for value in schema.get("enum") or inner.get("enum") or ():
            if isinstance(value, str):
                found.append(value)
    return found[:CHOICES]
