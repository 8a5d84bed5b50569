"""What generated modules need at run time: clients, tools, conversations.

Copied beside the modules as it stands; needs httpx (or httpx2) and nothing else. The classes for
conversations are imported when they are first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import errors
from .api import Api, PreparedCall
from .basics.lazy import LazyModule
from .basics.typed_dicts import TypedDict
from .client.credentials import Credential
from .client.options import UNSET, ClientOptions, FileInput, Unset
from .client.sync import SyncClient
from .contract import (
    OperationRow,
    SchemeRow,
    Tool,
    ToolEntry,
    ToolTable,
    routes_of,
    tool,
    tools_of,
)
from .records.exchange import ToolResult

if TYPE_CHECKING:
    from collections.abc import Callable

    from .ai.endpoint import Gateway
    from .ai.workers_ai import WorkersAI
    from .ai.workers_ai_async import AsyncWorkersAI
    from .client.asynchronous import AsyncClient
    from .conversation import events
    from .conversation.options import RunOptions
    from .conversation.run import arun, run
    from .conversation.wishes import Turn
    from .records.run import ApprovalRequest, Call, Run


__all__ = [
    "UNSET",
    "Api",
    "ApprovalRequest",
    "AsyncClient",
    "AsyncWorkersAI",
    "Call",
    "ClientOptions",
    "Credential",
    "FileInput",
    "Gateway",
    "LazyModule",
    "OperationRow",
    "PreparedCall",
    "Run",
    "RunOptions",
    "SchemeRow",
    "SyncClient",
    "Tool",
    "ToolEntry",
    "ToolResult",
    "ToolTable",
    "Turn",
    "TypedDict",
    "Unset",
    "WorkersAI",
    "arun",
    "errors",
    "events",
    "later",
    "routes_of",
    "run",
    "tool",
    "tools_of",
]

_LATER = {
    "AsyncClient": "client.asynchronous",
    "ApprovalRequest": "records.run",
    "AsyncWorkersAI": "ai.workers_ai_async",
    "Call": "records.run",
    "Gateway": "ai.endpoint",
    "Run": "records.run",
    "RunOptions": "conversation.options",
    "Turn": "conversation.wishes",
    "WorkersAI": "ai.workers_ai",
    "arun": "conversation.run",
    "run": "conversation.run",
}
"""Names of conversations and of what waits, and where they stand."""

_WHOLE = {"events": "conversation.events"}
"""Modules that are given as they are."""


def __getattr__(name: str) -> Any:
    if name in _WHOLE:
        return import_module(f".{_WHOLE[name]}", __name__)
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_LATER[name]}", __name__), name)


def later(api: Api) -> Callable[[str], Any]:
    """`__getattr__` of a generated module: its tools, its asynchronous client, and what every
    module hands on from here, each when it is first asked for."""

    def find(name: str) -> Any:
        if name == "TOOLS":
            return api.tool_table.TOOLS
        if name in ("AsyncClient", f"Async{api.client_class.__name__}"):
            return api.async_client_class
        return __getattr__(name)

    return find
