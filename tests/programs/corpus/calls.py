"""Calls through a generated module, with its requests kept and nothing sent.

Imports document, wire.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.programs.corpus.document import Raw, filled
from tests.programs.corpus.wire import Captured

NAMED_BASE = "https://api.judge.example/root"
"""Named as base URL where the document's own server is relative, local or unusable."""

_PORTS = {"http": 80, "https": 443}


class Caller:
    """The module's own `call_tool` over a transport that answers everything with `{}`."""

    def __init__(
        self, module: Any, base_url: str | None, credentials: Mapping[str, str] | None = None
    ) -> None:
        self.module = module
        self.requests: list[httpx.Request] = []
        http = httpx.Client(transport=httpx.MockTransport(self._answer))
        # No credentials of schemes: what an API says to that is its own business.
        options: dict[str, Any] = dict(credentials or {})
        if credentials:
            options["allow_http"] = True
        if base_url is not None:
            options["base_url"] = base_url
        self.client = module.Client(http_client=http, **options)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        return httpx.Response(200, json={})

    def call(self, tool: str, made: dict[str, Any]) -> tuple[list[Captured], Any]:
        """The requests that a call made, and its result (or what it raised)."""
        self.requests.clear()
        try:
            result = self.module.call_tool(tool, made, client=self.client)
        except Exception as error:  # whatever it is, it is a finding
            result = error
        return [_captured(request) for request in self.requests], result


def said(result: Any) -> str:
    """What a call that made no request said instead."""
    if isinstance(result, Exception):
        return f"raised {type(result).__name__}: {result}"
    return str(getattr(result, "content", result))


def base_to_name(raw: Raw) -> str | None:
    """The base URL that the caller has to name, if the document leaves one open.

    One base URL overrides all servers, so it is named for the whole document as soon as one of its
    servers is not usable by itself.
    """
    return None if all(public(server) for server in _servers(raw)) else NAMED_BASE


def _servers(raw: Raw) -> Iterator[str]:
    """The first server at each place that has any; a document without servers has `/`."""
    tree = raw.tree
    if raw.swagger:
        yield f"https://{tree['host']}" if tree.get("host") else "/"
        return
    holders: list[Any] = [tree if tree.get("servers") else {"servers": [{"url": "/"}]}]
    for item in (tree.get("paths") or {}).values():
        holders += [item, *item.values()] if isinstance(item, dict) else []
    for holder in holders:
        servers = holder.get("servers") if isinstance(holder, dict) else None
        if isinstance(servers, list) and servers and isinstance(servers[0], dict):
            yield filled(servers[0])


def public(url: str) -> bool:
    """Whether a server's URL is absolute http(s) of a public host, with nothing left open."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    if parts.scheme not in _PORTS or any(character in url for character in "{}?#@ \\"):
        return False
    if "." not in host or host.endswith((".local", ".localhost", ".internal")):
        return False
    try:
        return ip_address(host).is_global
    except ValueError:
        return True


def server_prefixes(server: str, seen: Captured) -> list[str]:
    """The server's path, with and without a slash at its end, if the request went to this server.

    "The path is appended to the server's URL": a slash doubled at the joint is commonly folded.
    """
    url = httpx.URL(server)
    port = url.port or _PORTS.get(url.scheme)
    if (seen.scheme, seen.host, seen.port) != (url.scheme, url.host, port):
        return []
    base = url.raw_path.decode("ascii").partition("?")[0]
    return [base.rstrip("/"), base] if base.endswith("/") else [base]


def _captured(request: httpx.Request) -> Captured:
    url = request.url
    path, _, query = url.raw_path.decode("ascii").partition("?")
    headers = tuple((n.decode("latin-1"), v.decode("latin-1")) for n, v in request.headers.raw)
    return Captured(
        method=request.method,
        scheme=url.scheme,
        host=url.host,
        port=url.port or _PORTS.get(url.scheme),
        path=path,
        query=query,
        headers=headers,
        content=request.content,
    )
