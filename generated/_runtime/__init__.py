"""What generated modules need at run time: clients, tools, conversations.

Copied beside the modules as it stands; needs httpx (or httpx2) and nothing else. The classes for
conversations are imported when they are first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import errors
from .api import Api, PreparedCall
from .auth import Credential
from .client import AsyncClient, SyncClient
from .client_options import UNSET, ClientOptions, FileInput, Unset
from .lazy import LazyModule
from .operation import OperationRow, SchemeRow, Tool, tool
from .results import ToolResult

if TYPE_CHECKING:
    from .agent import Run, arun, run
    from .workers_ai import AsyncWorkersAI, WorkersAI

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
    "AsyncWorkersAI": "workers_ai",
    "Run": "agent",
    "WorkersAI": "workers_ai",
    "arun": "agent",
    "run": "agent",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_LATER[name]}", __name__), name)
