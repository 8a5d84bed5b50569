"""The server on a port: who may speak to it, under which name, with which token.

Imports the `mcp` package's HTTP transport, starlette and uvicorn, and `serve.guard`.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import uvicorn
from mcp.server.lowlevel import Server
from mcp.server.transport_security import TransportSecuritySettings
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from toolbind.serve.guard import NAMES, is_token

PATH = "/mcp"


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen. `names` are the hosts that requests may name, without a port."""

    host: str
    port: int
    names: tuple[str, ...] = NAMES

    def listening(self) -> socket.socket:
        """A socket that listens there. Raises OSError where that cannot be had."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        return socket.create_server((self.host, self.port), family=family)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def application(server: Server[Any], names: Sequence[str], port: int, token: str = "") -> ASGIApp:
    """The server as an ASGI application that answers to these names alone, and to who has the
    token if there is one."""
    hosts = [f"{name}:{port}" for name in names] + [*names]
    settings = TransportSecuritySettings(
        allowed_hosts=hosts,
        allowed_origins=[f"{scheme}://{host}" for host in hosts for scheme in ("http", "https")],
    )
    app = server.streamable_http_app(
        streamable_http_path=PATH, json_response=False, transport_security=settings
    )
    return Guarded(app, token) if token else app


class Guarded:
    """An application for who has the token (RFC 6750)."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not is_token(_bearer(scope), self._token):
            headers = {"WWW-Authenticate": "Bearer"}
            refusal = PlainTextResponse("a bearer token is wanted", 401, headers)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _bearer(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, given = value.decode("latin-1").partition(" ")
            return given.strip() if scheme.lower() == "bearer" else ""
    return ""


async def serve(app: ASGIApp, listening: socket.socket) -> None:
    """Serve until interrupted."""
    config = uvicorn.Config(
        app, log_level="error", access_log=False, timeout_graceful_shutdown=3, server_header=False
    )
    await uvicorn.Server(config).serve(sockets=[listening])
