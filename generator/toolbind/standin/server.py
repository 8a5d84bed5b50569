"""The HTTP server around a player. Imports `player`."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from toolbind.standin.player import Answered, Player
from toolbind.standin.turns import Script


class StandIn(Player):
    """Serves a script (see `Player`) on a loopback port, from `with` to its end.

    `port` 0 takes any free one. With `whole` a script that was not played to its end, or was asked
    for more, raises AssertionError at the end of `with`.
    """

    def __init__(
        self, script: Script = (), *, port: int = 0, whole: bool = False, **settings: Any
    ) -> None:
        super().__init__(script, **settings)
        self._checked = whole
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.standin = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    @property
    def root(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def base_url(self) -> str:  # type: ignore[override]  # known once there is a port
        """What stands for Cloudflare's API root."""
        return f"{self.root}/client/v4"

    def start(self) -> StandIn:
        """Serve until `close`; `with` does both."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop serving; answers that stall end at once."""
        self._stop.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def __enter__(self) -> StandIn:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        if self._checked and error is None:
            self.check_played()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512
    standin: StandIn

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are part of the play."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        self._serve()

    def do_GET(self) -> None:
        self._serve()

    def _serve(self) -> None:
        standin = self.server.standin
        length = int(self.headers.get("content-length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        answered = standin.answer(self.command, self.path, headers, self.rfile.read(length))
        if answered.cut and not answered.data:
            self._hang_up()
            return
        self.send_response(answered.status)
        self.send_header("content-type", answered.content_type)
        self.send_header("cf-ai-req-id", f"standin-{len(standin.requests)}")
        for name, value in answered.headers.items():
            self.send_header(name, value)
        if answered.content_type == "text/event-stream":
            self._send_chunked(standin, answered)
            return
        self.send_header("content-length", str(len(answered.data)))
        self.end_headers()
        for chunk in standin.chunks(answered):
            self.wfile.write(chunk)
        if answered.cut:
            self._hang_up()

    def _send_chunked(self, standin: StandIn, answered: Answered) -> None:
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for chunk in standin.chunks(answered):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            self.wfile.flush()
        if answered.cut:
            self._hang_up()
        else:
            self.wfile.write(b"0\r\n\r\n")

    def _hang_up(self) -> None:
        """Close the connection without an end to the answer."""
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base's name
        """Nothing is printed: `StandIn.requests` holds everything."""
