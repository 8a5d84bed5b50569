"""Large APIs over MCP: the finder's two tools in place of all, as a conversation has them.

The list of tools stays the same, as clients keep it; what was found is called through `call_tool`.
The module's own runtime does the finding. Imports this room's `answers`, and the `mcp` package.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import mcp_types as types

from toolbind.serve.mcp.tools import OUTPUT


class Finding:
    """The tools of a module, to be found."""

    def __init__(self, module: Any, client: Any) -> None:
        found = _runtime(module, "conversation.found")
        gather = _runtime(module, "conversation.toolset").gather
        self._call: Any = _runtime(module, "records.exchange").ToolCall
        toolset = gather(module._API, "find", client, lambda _: client, "async_client_class")
        self._found = found.FoundTools(toolset, found.Bounds(), "call")

    @property
    def tools(self) -> list[types.Tool]:
        """The two tools, as MCP describes tools."""
        find, call = self._found.tools
        return [
            _described(find, types.ToolAnnotations(read_only_hint=True, open_world_hint=False)),
            _described(
                call,
                types.ToolAnnotations(
                    read_only_hint=False, destructive_hint=True, open_world_hint=True
                ),
                OUTPUT,
            ),
        ]

    def is_search(self, name: str) -> bool:
        return bool(name == self._found.find)

    def look(self, arguments: Mapping[str, Any]) -> types.CallToolResult:
        """What was found, in words and with the schemas of the best."""
        looked = self._found.look(arguments)
        result = self._found.ranked(looked) if hasattr(looked, "hits") else looked
        text = types.TextContent(type="text", text=result.content)
        return types.CallToolResult(content=[text], is_error=not result.ok)

    def meant(self, name: str, arguments: dict[str, Any]) -> tuple[str, dict[str, Any], str]:
        """The tool that a call means and its arguments, or what is wrong with it.

        A tool that there is not is wrong only within `call_tool`: else it is the protocol's error.
        """
        aim = self._found.aim(self._call("", name, arguments))
        problem = aim.problem
        if aim.route is None and name == self._found.call:
            problem = problem or self._found.unknown(aim.name, _given(aim.arguments), "")
        return aim.name, _given(aim.arguments), problem


def too_many(module: Any, tools: Sequence[types.Tool], most: int | None, room: int | None) -> bool:
    """Whether tools are more, or larger, than a client should have at once."""
    found = _runtime(module, "conversation.found")
    usual = found.Bounds()
    shown = [{"name": t.name, "description": t.description, "p": t.input_schema} for t in tools]
    taken = sum(found.tokens_of(each) for each in shown)
    return len(tools) > (most or usual.tools) or taken > (room or usual.tokens)


def _runtime(module: Any, name: str) -> Any:
    """A part of the runtime that a module came with."""
    package = type(module._API).__module__.rpartition(".")[0]
    return import_module(f"{package}.{name}")


def _described(
    tool: Mapping[str, Any],
    annotations: types.ToolAnnotations,
    output: Mapping[str, Any] | None = None,
) -> types.Tool:
    return types.Tool(
        name=tool["name"],
        description=tool["description"],
        input_schema=tool["parameters"],
        output_schema=None if output is None else dict(output),
        annotations=annotations,
    )


def _given(arguments: Any) -> Any:
    """Arguments as an object, where they came as its text; the module says what is wrong."""
    if isinstance(arguments, str):
        try:
            return json.loads(arguments)
        except ValueError:
            return arguments
    return arguments
