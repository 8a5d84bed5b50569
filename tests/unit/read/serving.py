"""A web server on loopback that answers by a script, plainly or over TLS, and counts."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CERTIFICATE = Path(__file__).parent / "tls" / "docs.example.org.pem"
"""Self-signed, with its key, for docs.example.org and other.example.org. For these tests only."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`trickle` is the pause in seconds after each byte of the head; `chunks` go out one by one."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    chunks: Callable[[], Iterator[bytes]] = lambda: iter(())
    trickle: float = 0.0

    @classmethod
    def of(cls, data: bytes, **headers: str) -> Answer:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        length = {"Content-Length": str(len(data))}
        return cls(200, {**length, **named}, lambda: iter([data]))

    @classmethod
    def moved(cls, location: str, status: int = 302) -> Answer:
        return cls(status, {"Location": location, "Content-Length": "0"})


@dataclass(slots=True)
class Server:
    port: int
    requests: list[tuple[str, dict[str, str]]]


class _Handler(BaseHTTPRequestHandler):
    answers: Mapping[str, Answer]
    requests: list[tuple[str, dict[str, str]]]
    stopped: threading.Event

    def do_GET(self) -> None:
        self.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        answer = self.answers.get(self.path, Answer(404, {"Content-Length": "0"}))
        with suppress(BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self._answer(answer)
        self.close_connection = True

    def _answer(self, answer: Answer) -> None:
        head = [f"HTTP/1.1 {answer.status} Answer", "Connection: close"]
        head += [f"{name}: {value}" for name, value in answer.headers.items()]
        data = "\r\n".join([*head, "", ""]).encode()
        for byte in (data[i : i + 1] for i in range(len(data))) if answer.trickle else (data,):
            self.wfile.write(byte)
            if self.stopped.wait(answer.trickle):
                return
        for chunk in answer.chunks():
            if self.stopped.is_set():
                return
            self.wfile.write(chunk)

    def log_message(self, *arguments: Any) -> None:
        """Nothing: tests keep their output to themselves."""


@contextmanager
def serving(answers: Mapping[str, Answer], *, tls: bool = False) -> Iterator[Server]:
    requests: list[tuple[str, dict[str, str]]] = []
    stopped = threading.Event()
    members = {"answers": answers, "requests": requests, "stopped": stopped}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), members))
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Server(server.server_port, requests)
    finally:
        stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()


def trusting() -> ssl.SSLContext:
    """What a client needs to trust the certificate of these tests, and no other."""
    return ssl.create_default_context(cafile=str(CERTIFICATE))
