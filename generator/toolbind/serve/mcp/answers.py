"""Results of tool calls as MCP tells them: our words, and an answer as data besides.

A call that failed is a result with `isError`, so that a model can mend it; a tool that does not
exist is the protocol's own error. Imports the `mcp` package's types.
"""

from __future__ import annotations

import json
from typing import Any

import mcp_types as types
from mcp.shared.exceptions import MCPError


def answer(result: Any) -> types.CallToolResult:
    """The answer for a module's `ToolResult`: short, checked and without secrets already."""
    text = types.TextContent(type="text", text=result.content)
    if not result.ok:
        return types.CallToolResult(content=[text], is_error=True)
    data = _data(result.content, result.status_code)
    return types.CallToolResult(content=[text], structured_content=data)


def refused(reason: str) -> types.CallToolResult:
    """A call that was not made, and why, as the module tells its own refusals."""
    text = json.dumps({"error": reason}, ensure_ascii=False)
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=True)


def unknown(message: str) -> MCPError:
    """The error for a tool that is not there (-32602)."""
    return MCPError(types.INVALID_PARAMS, message)


def _data(content: str, status: int | None) -> dict[str, Any]:
    """The content as the object that it is; text of any other kind as the body of one."""
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        told = None
    if isinstance(told, dict) and isinstance(told.get("status"), int):
        return told
    return {"status": status or 200, "body": content}
