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
from .client.asynchronous import AsyncClient
from .client.credentials import Credential
from .client.options import UNSET, ClientOptions, FileInput, Unset
from .client.sync import SyncClient
from .contract import OperationRow, SchemeRow, Tool, tool
from .records.exchange import ToolResult

if TYPE_CHECKING:
    from .ai.workers_ai import WorkersAI
    from .ai.workers_ai_async import AsyncWorkersAI
    from .conversation.run import arun, run
    from .records.run import Run


__all__ = [
    "UNSET",
    "Api",
    "AsyncClient",
    "AsyncWorkersAI",
    "ClientOptions",
    "Credential",
    "FileInput",
    "LazyModule",
    "OperationRow",
    "PreparedCall",
    "Run",
    "SchemeRow",
    "SyncClient",
    "Tool",
    "ToolResult",
    "Unset",
    "WorkersAI",
    "arun",
    "errors",
    "run",
    "tool",
]

_LATER = {
    "AsyncWorkersAI": "ai.workers_ai_async",
    "Run": "records.run",
    "WorkersAI": "ai.workers_ai",
    "arun": "conversation.run",
    "run": "conversation.run",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_LATER[name]}", __name__), name)
