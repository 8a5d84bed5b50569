"""The explorer's page, live: it asks for requests, and sends calls where that is allowed.

`Explorer` answers, and knows no socket; `server` puts it on one. Imports `guard` and `explore`.
"""

from __future__ import annotations

import json
import secrets
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from toolbind.explore import Preview, Subject, page, policy_of, previewing
from toolbind.explore.calls import spelt
from toolbind.explore.describe import example_data
from toolbind.serve.guard import is_token, refusal

BODY_LIMIT = 1 << 20
"""Bytes of a request of the page: arguments of one call."""

DRAINED = 8 << 20
"""Bytes of a larger one that are taken in after it was refused, so that the refusal arrives."""

PATIENCE = 30.0
"""Seconds for a request to come whole."""

QUERY_LIMIT = 1000
MOST_FOUND = 40
"""Of a search: characters of what is asked, and tools that are shown."""

TOKEN_HEADER = "X-Toolbind-Token"

Answer = tuple[int, str, str]
"""Status, media type, text."""


@dataclass(frozen=True)
class Explorer:
    """What there is to explore, and who may. `calls` says whether calls are really made."""

    subject: Subject
    module: Any
    client: Any
    calls: bool
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    @cached_property
    def page(self) -> str:
        """The page, which knows the token."""
        return page(self.subject, self._preview, token=self.token, calls=self.calls)

    def answer(self, path: str, asked: Any) -> Answer:
        """The answer to what the page asked: `{"tool": name, "arguments": JSON text}`."""
        if path == "/search":
            return self._found(asked.get("query") if isinstance(asked, dict) else None)
        tool = asked.get("tool") if isinstance(asked, dict) else None
        text = asked.get("arguments") if isinstance(asked, dict) else None
        if not isinstance(tool, str) or not isinstance(text, str) or tool not in self.subject.rows:
            return _told(400, "the page asks for a tool and arguments")
        if path == "/preview":
            return _json(self._shown(tool, text))
        if path != "/call":
            return _told(404, "there is nothing here")
        if not self.calls:
            return _told(403, "Nothing was sent: start with --allow-calls to make calls.")
        return _json(self._called(tool, text))

    def _found(self, query: Any) -> Answer:
        """The tools that a request in anybody's words needs, as `find_tools` finds them."""
        if not isinstance(query, str) or len(query) > QUERY_LIMIT:
            return _told(400, f"a query is text of at most {QUERY_LIMIT:,} characters")
        hits = self.module._API.finder.search(query, MOST_FOUND).hits
        return _json({"found": [hit.name for hit in hits if hit.name in self.subject.rows]})

    @property
    def _preview(self) -> Preview:
        return previewing(self.module, self.client)

    def _shown(self, tool: str, text: str) -> Any:
        try:
            arguments = json.loads(text)
        except (ValueError, RecursionError) as error:
            return {"problem": f"The arguments are no JSON: {error}"}
        if not isinstance(arguments, dict):
            return {"problem": "The arguments are to be a JSON object."}
        return example_data(spelt(self.subject, tool, arguments, self._preview))

    def _called(self, tool: str, text: str) -> Any:
        started = time.monotonic()
        result = self.module.call_tool(tool, text, client=self.client)
        return {
            "ok": result.ok,
            "content": _indented(result.content),
            "status": result.status_code,
            "error": result.error,
            "seconds": f"{time.monotonic() - started:.2f} s",
        }


def server(explorer: Explorer, host: str, port: int) -> ThreadingHTTPServer:
    """A server of the page on an address of this machine; `serve_forever` runs it.

    Raises OSError where the port cannot be had.
    """

    class Handler(_Handler):
        served = explorer

    return _Server((host, port), Handler)


class _Server(ThreadingHTTPServer):
    """A thread for each connection; none outlives the server."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle of an answer is no error."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """HTTP for one explorer. Logs nothing: what is asked may hold what nobody else is to see."""

    served: Explorer
    server: ThreadingHTTPServer
    server_version = "toolbind"
    sys_version = ""
    timeout = PATIENCE
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if self._refused():
            return
        if parts.path != "/":
            self._send(_told(404, "there is nothing here"))
        elif not is_token(_first(parse_qs(parts.query), "token"), self.served.token):
            self._send(_told(403, "open the address that `toolbind explore --serve` has printed"))
        else:
            self._send((200, "text/html", self.served.page))

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdecimal() and len(length) < 10):
            self._send(_told(411, "a body of a known length is wanted"))
            return
        # taken in before it is judged: a connection closed upon unread bytes loses the answer
        body = self.rfile.read(min(int(length), BODY_LIMIT))
        if int(length) > BODY_LIMIT:
            self._send(_told(413, f"more than {BODY_LIMIT:,} bytes"))
            self.rfile.read(min(int(length) - BODY_LIMIT, DRAINED))
        elif not self._refused():
            self._send(self._answer(body))

    def _answer(self, body: bytes) -> Answer:
        if not is_token(self.headers.get(TOKEN_HEADER, ""), self.served.token):
            return _told(403, "this is for the page that the server gave out")
        if self.headers.get_content_type() != "application/json":
            return _told(415, "JSON is wanted")
        try:
            asked = json.loads(body)
        except (ValueError, RecursionError):
            return _told(400, "that is no JSON")
        return self.served.answer(urlsplit(self.path).path, asked)

    def _refused(self) -> bool:
        reason = refusal(self.headers, self.server.server_port)
        if reason:
            self._send(_told(403, reason))
        return bool(reason)

    def _send(self, answer: Answer) -> None:
        status, kind, text = answer
        data = text.encode()
        self.close_connection = self.close_connection or status >= 400
        self.send_response(status)
        headers = {
            "Content-Type": f"{kind}; charset=utf-8",
            "Content-Length": str(len(data)),
            "Cache-Control": "no-store",
            "Content-Security-Policy": f"{policy_of(text)}; frame-ancestors 'none'",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }
        for name, value in headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Nothing: see the class."""


def _first(values: Mapping[str, list[str]], name: str) -> str:
    return values.get(name, [""])[0]


def _json(value: Any) -> Answer:
    return 200, "application/json", json.dumps(value, ensure_ascii=True)


def _told(status: int, text: str) -> Answer:
    return status, "text/plain", text


def _indented(content: str) -> str:
    """What a model is told, as people read it."""
    try:
        return json.dumps(json.loads(content), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return content
