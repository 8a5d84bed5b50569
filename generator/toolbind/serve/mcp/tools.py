"""The tools of a module as MCP describes tools.

What a call may do is told by HTTP's own rules (RFC 9110 section 9.2): clients take a tool of which
they are told nothing for one that destroys. Imports the `mcp` package's types.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import mcp_types as types

from toolbind.explore.describe import READS

IDEMPOTENT = frozenset({*READS, "PUT", "DELETE"})
TITLE = 60
"""Characters of a title, which clients show on a button."""

OUTPUT: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "status": {"type": "integer", "description": "HTTP status of the answer"},
        "body": {"description": "The answer, shortened where it was too long"},
        "note": {"type": "string", "description": "What was left out, and how to get it"},
    },
    "required": ["status"],
}
"""What every good answer keeps to. It says nothing of the body: an API that strays from its
document must not lose its answer to a client that checks."""


def tool(described: Mapping[str, Any], method: str, *, dangerous: bool = False) -> types.Tool:
    """A tool with its annotations. `dangerous` is what its document or an overlay says itself."""
    reads = method in READS and not dangerous
    return types.Tool(
        name=described["name"],
        title=_title(described["description"]),
        description=described["description"],
        input_schema=described["parameters"],
        output_schema=dict(OUTPUT),
        annotations=types.ToolAnnotations(
            read_only_hint=reads,
            destructive_hint=None if reads else dangerous or method == "DELETE",
            idempotent_hint=None if reads else method in IDEMPOTENT,
            open_world_hint=True,
        ),
    )


def tools(
    module: Any, selectors: Sequence[str], is_dangerous: Callable[[str], bool] = lambda _: False
) -> list[types.Tool]:
    """The tools that selectors choose (`Api.tools`), in the document's order. Raises ValueError."""
    rows = module._API.routes
    return [
        tool(each, rows[each["name"]]["method"], dangerous=is_dangerous(each["name"]))
        for each in module.tools(*selectors)
    ]


def _title(description: str) -> str | None:
    """The first sentence if that is short, else nothing: clients then show the name."""
    first = description.partition("\n")[0].partition(". ")[0].rstrip(".").strip()
    return first if 0 < len(first) <= TITLE else None
