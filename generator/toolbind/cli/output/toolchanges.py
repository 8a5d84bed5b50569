"""Which tools differ between two texts of a module of tools. Reads the text, never imports it."""

from __future__ import annotations

import ast
from collections.abc import Mapping

SHOWN = 8
"""Names listed for each kind of change; the rest is counted."""


def describe(old: bytes | None, new: bytes | None) -> str:
    """`1 tool added (a), 2 changed (b, c)`, or nothing if the tools are the same or unreadable."""
    before, after = _tools(old), _tools(new)
    kinds = {
        "added": [name for name in after if name not in before],
        "removed": [name for name in before if name not in after],
        "changed": [name for name in after if name in before and after[name] != before[name]],
    }
    parts = [f"{len(names)} {kind} ({_few(names)})" for kind, names in kinds.items() if names]
    return f"tools: {', '.join(parts)}" if parts else ""


def _few(names: list[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f", and {more} more" if more > 0 else "")


def _tools(module: bytes | None) -> dict[str, str]:
    """What stands for each tool in a module's text, by name; nothing if that is not ours."""
    try:
        body = ast.parse(module or b"").body
    except (SyntaxError, ValueError, RecursionError):
        return {}
    tables = {
        statement.target.id: statement.value
        for statement in body
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
    }
    listed = tables.get("ENTRIES")
    if not isinstance(listed, ast.List):
        return {}
    return {_name(tool): _meaning(tool, tables) for tool in listed.elts}


def _name(tool: ast.expr) -> str:
    """`tool("list_pets", ...)` -> list_pets: the first text in it."""
    texts = (node.value for node in ast.walk(tool) if isinstance(node, ast.Constant))
    return next((text for text in texts if isinstance(text, str)), "")


def _meaning(tool: ast.expr, tables: Mapping[str, ast.expr | None]) -> str:
    """A tool's expression and those of the tables' entries that it shares with others."""
    shared = [
        _entry(tables.get(node.value.id), node.slice)
        for node in ast.walk(tool)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name)
    ]
    return "\n".join(ast.dump(node) for node in (tool, *shared))


def _entry(table: ast.expr | None, wanted: ast.expr) -> ast.expr:
    """The value of a literal table under a literal key; the key itself if there is none."""
    if isinstance(table, ast.Dict) and isinstance(wanted, ast.Constant):
        for key, value in zip(table.keys, table.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == wanted.value:
                return value
    return wanted
