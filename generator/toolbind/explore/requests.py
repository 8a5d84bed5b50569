"""Requests as a generated module makes them, of any version: the page knows no other.

Imports `subject`, and of a module what it imports itself.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from toolbind.explore.subject import Prepared, Preview


class RefusedError(Exception):
    """The module would not make the request; the text says why, as a model would be told."""


def previewing(module: Any, client: Any) -> Preview:
    """What a module's calls would send through a client; nothing is sent. Raises RefusedError."""
    api = module._API
    errors = errors_of(module)

    def preview(name: str, arguments: Mapping[str, Any]) -> Prepared:
        try:
            request: Prepared = api.preview(name, arguments, client=client)
        except errors.ToolbindError as error:
            raise RefusedError(str(error)) from None
        return request

    return preview


def errors_of(module: Any) -> Any:
    """The exceptions of the runtime that a module runs on, copied beside it or installed."""
    runtime = type(module._API).__module__.rpartition(".")[0]
    return importlib.import_module(f"{runtime}.errors")
