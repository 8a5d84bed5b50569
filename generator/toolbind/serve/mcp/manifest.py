"""`server.json`: a server as registries of MCP describe one, for its author to finish.

The name and the package are the author's to choose; arguments and environment are known. Pure.
Imports `explore.describe`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from toolbind.version import __version__

SCHEMA = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"
DESCRIPTION = 100
"""Characters of a description that registries take."""


def manifest(module: Any, dotted: str, selectors: Sequence[str] = ()) -> dict[str, Any]:
    """The description of `toolbind serve DOTTED`, started by uvx with the extra that it needs."""
    api = module._API
    title = " ".join((api.title or api.name).split())
    chosen = [_option("--tools", each) for each in selectors]
    return {
        "$schema": SCHEMA,
        "name": f"io.github.OWNER/{api.name.replace('_', '-')}",
        "title": title[:DESCRIPTION],
        "description": f"Tools of {title}"[:DESCRIPTION],
        "version": "0.1.0",
        "packages": [
            {
                "registryType": "pypi",
                "identifier": "toolbind",
                "version": __version__,
                "runtimeHint": "uvx",
                "runtimeArguments": [_option("--from", f"toolbind[mcp]=={__version__}")],
                "packageArguments": [_positional("serve"), _positional(dotted), *chosen],
                "transport": {"type": "stdio"},
                "environmentVariables": list(_variables(api)),
            }
        ],
    }


def _positional(value: str) -> dict[str, str]:
    return {"type": "positional", "value": value}


def _option(name: str, value: str) -> dict[str, str]:
    return {"type": "named", "name": name, "value": value}


def _variables(api: Any) -> list[Mapping[str, Any]]:
    """What the client reads from the environment: credentials, and what it is bound to."""
    names = {name: True for row in api.schemes.values() for name in row["credentials"]}
    names |= getattr(api, "bindings", {})
    return [
        {
            "name": f"{api.name}_{name}".upper(),
            "description": f"{name.replace('_', ' ')} of {api.title or api.name}"[:DESCRIPTION],
            "isSecret": secret,
            "format": "string",
        }
        for name, secret in names.items()
    ]
