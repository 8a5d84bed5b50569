"""A real HTTP server on loopback that keeps what it got, and an API made from one row."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from toolbind_runtime import (
    Api,
    AsyncClient,
    OperationRow,
    SchemeRow,
    SyncClient,
    Tool,
    ToolResult,
    ToolTable,
)
from toolbind_runtime.contract import CONTRACT


@dataclass
class Received:
    """One request as it came off the wire."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(found) if found else None


@dataclass
class Reply:
    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})


Script = Callable[[Received, "Handler"], "Reply | None"]
"""Answers a request; None: it has written to the handler itself."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    script: Script
    received: list[Received]

    def handle_any(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        request = Received(
            self.command, self.path, list(self.headers.items()), self.rfile.read(length)
        )
        self.received.append(request)
        reply = type(self).script(request, self)
        if reply is None:
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self.handle_any
        raise AttributeError(name)

    def log_message(self, *_: Any) -> None:
        pass


class Server:
    """`received` are the requests so far; `url` is where it listens."""

    def __init__(self, url: str, received: list[Received]) -> None:
        self.url = url
        self.received = received

    @property
    def last(self) -> Received:
        return self.received[-1]


@contextmanager
def serving(script: Script) -> Iterator[Server]:
    received: list[Received] = []
    kind = type("Scripted", (Handler,), {"script": staticmethod(script), "received": received})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Server(f"http://127.0.0.1:{server.server_address[1]}", received)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def echo(request: Received, handler: Handler) -> Reply:
    return Reply()


def make_api(
    rows: Mapping[str, OperationRow],
    schemas: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    required: Mapping[str, list[str]] | None = None,
    schemes: Mapping[str, SchemeRow] | None = None,
    security: list[list[str]] | None = None,
    base_url: str = "https://api.example/v1",
    name: str = "shop",
    contract: int = CONTRACT,
) -> Api:
    """An API of these rows; arguments without a schema take anything."""
    client = type("Shop", (SyncClient,), {})
    async_client = type("AsyncShop", (AsyncClient,), {})
    tools: list[Tool] = []
    for operation, row in rows.items():
        known = (schemas or {}).get(operation, {})
        properties = {
            each: known.get(each, {"description": each}) for each in row.get("arguments", {})
        }
        tools.append(
            {
                "name": operation,
                "description": operation,
                "parameters": {
                    "type": "object",
                    "properties": properties,
                    "required": (required or {}).get(operation, []),
                },
            }
        )
    return Api(
        contract=contract,
        name=name,
        title=name.title(),
        base_url=base_url,
        tools=ToolTable(tools, rows),
        schemes=schemes,
        security=security,
        client=client,
        async_client=async_client,
    )


# --- one call, with a client of either kind ------------------------------------------------------

THINGS = make_api(
    {
        "read": {"method": "GET", "path": "/things/{id}", "arguments": {"id": {"in": "path"}}},
        "write": {"method": "POST", "path": "/things"},
        "replace": {"method": "PUT", "path": "/things"},
    }
)


def call(kind: str, url: str, name: str = "read", api: Api = THINGS, **options: Any) -> ToolResult:
    """One tool call with a client that is `sync` or `async`."""
    arguments = {"id": 1} if name == "read" else {}
    if kind == "sync":
        with api.client_class(url, **options) as client:
            return api.call_tool(name, arguments, client=client)

    async def go() -> ToolResult:
        async with api.async_client_class(url, **options) as client:
            return await api.acall_tool(name, arguments, client=client)

    return asyncio.run(go())


def typed(kind: str, url: str, name: str = "read", api: Api = THINGS, **options: Any) -> Any:
    """The same as a typed method would call it."""
    arguments = {"id": 1} if name == "read" else {}
    if kind == "sync":
        with api.client_class(url, **options) as client:
            return client._call(name, **arguments)

    async def go() -> Any:
        async with api.async_client_class(url, **options) as client:
            return await client._call(name, **arguments)

    return asyncio.run(go())


def replies(*several: Reply) -> Script:
    """One reply after the other; the last again and again."""
    waiting = list(several)

    def script(request: Received, handler: Handler) -> Reply:
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    return script


def json_reply(body: str, **headers: str) -> Reply:
    return Reply(body=body.encode(), headers={"Content-Type": "application/json", **headers})
