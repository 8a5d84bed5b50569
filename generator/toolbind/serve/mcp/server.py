"""An MCP server of a module: the low-level `Server` of the `mcp` package, nothing derived again.

Arguments are checked, mended and explained by the module, as for any model; the package carries
them. Speaks revision 2026-07-28 and those before it. Imports this room and `explore.requests`.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import mcp_types as types
from mcp.server.caching import CacheHint
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.request_state import RequestStateBoundary, RequestStateSecurity
from mcp.server.stdio import stdio_server

from toolbind.explore.requests import errors_of
from toolbind.serve.mcp.answers import answer, refused, unknown
from toolbind.serve.mcp.approval import Policy, verdict
from toolbind.serve.mcp.finding import Finding
from toolbind.version import __version__

FRESH = 3_600_000
"""Milliseconds for which a client may keep the list of tools: it changes with the program alone."""

Context = ServerRequestContext[Any, Any]


@dataclass(frozen=True, slots=True)
class Served:
    """What a server offers: a module's tools, through one of its asynchronous clients.

    With `finding` its two tools stand in the place of all others.
    """

    module: Any
    client: Any
    tools: list[types.Tool]
    policy: Policy = "ask"
    finding: Finding | None = None

    async def list_tools(
        self, _context: Context, _asked: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        """All of them, always in the same order."""
        return types.ListToolsResult(tools=self.listed)

    @property
    def listed(self) -> list[types.Tool]:
        """The tools that clients are told of."""
        return self.tools if self.finding is None else self.finding.tools

    async def call_tool(
        self, context: Context, asked: types.CallToolRequestParams
    ) -> types.CallToolResult | types.InputRequiredResult:
        """Make a call, or say why not. Raises MCPError for a tool that is not offered."""
        name, arguments = asked.name, asked.arguments or {}
        if self.finding is not None:
            if self.finding.is_search(name):
                return self.finding.look(arguments)
            name, arguments, problem = self.finding.meant(name, arguments)
            if problem:
                return refused(problem)
        if all(each.name != name for each in self.tools):
            raise unknown(self._unknown(name))
        request = self._to_approve(name, arguments)
        if request:
            found = await verdict(context, asked, request, self.policy)
            if isinstance(found, types.InputRequiredResult):
                return found
            if found is not None:
                return refused(found)
        return answer(await self.module.acall_tool(name, arguments, client=self.client))

    def _to_approve(self, name: str, arguments: dict[str, Any]) -> str:
        """Method and URL of a call that may change something; nothing for a read, nor for a call
        that cannot be made, which nobody need be asked about."""
        api = self.module._API
        if api.is_read(name):
            return ""
        try:
            request = api.preview(name, arguments, client=self.client)
        except errors_of(self.module).ToolbindError:
            return ""
        return f"{request.method} {request.url}"

    def _unknown(self, name: str) -> str:
        served = [each.name for each in self.tools]
        near = get_close_matches(name, served, n=3)
        hint = (
            f"Did you mean: {', '.join(near)}?" if near else f"Tools are: {', '.join(served[:20])}."
        )
        return f"There is no tool {name[:80]!a}; nothing was called. {hint}"

    def input_schema(self, name: str) -> dict[str, Any] | None:
        """The schema of a tool's arguments, None where there is no such tool."""
        listed = self.tools if self.finding is None else [*self.listed, *self.tools]
        return next((each.input_schema for each in listed if each.name == name), None)


def server(served: Served) -> Server[Any]:
    """The server, for any transport."""
    api = served.module._API
    hint = CacheHint(ttl_ms=FRESH, scope="public")
    made: Server[Any] = Server(
        api.name,
        version=__version__,
        title=api.title,
        instructions=_instructions(served),
        cache_hints={"tools/list": hint, "server/discover": hint},
        get_tool_input_schema=served.input_schema,
        on_list_tools=served.list_tools,
        on_call_tool=served.call_tool,
    )
    made.middleware.append(
        RequestStateBoundary(RequestStateSecurity.ephemeral(), default_audience=api.name)
    )
    return made


async def over_stdio(made: Server[Any]) -> None:
    """Serve whoever started this process, until stdin ends."""
    async with stdio_server() as (read, write):
        await made.run(read, write, made.create_initialization_options())


def _instructions(served: Served) -> str:
    """What a model may be told about the whole."""
    text = f"Tools of {served.module._API.title or served.module._API.name}."
    if served.finding is not None:
        text += f" There are {len(served.tools):,}: find those that you need first."
    if served.policy == "ask":
        text += " Calls that may change something run once the user has approved them."
    elif served.policy == "reads":
        text += " Only calls that read are made."
    return text
