"""Servers that misbehave below HTTP: silence, drips, half answers, over real sockets."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: %s\r\ncontent-length: 9999\r\n\r\n"
OPEN = b"HTTP/1.1 200 OK\r\ncontent-type: %s\r\n\r\n"
"""An answer that ends with its connection."""

Talk = Callable[[socket.socket], None]


def drip(parts: Sequence[bytes], pause: float) -> Talk:
    """An answer that comes slower than anyone waits."""
    never = threading.Event()

    def send(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)
            never.wait(pause)

    return send


def read_request(connection: socket.socket) -> None:
    """Take in all of it: a socket closed with something unread takes the answer with it."""
    with connection.makefile("rb") as stream:
        length = 0
        while line := stream.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        stream.read(length)


@contextmanager
def raw_server(answer: bytes | Talk) -> Iterator[str]:
    """A socket that gives every connection the same bytes, or what a function sends.

    Gives the base URL of a server that speaks OpenAI's form. Whoever still sends at the end
    finds the connection closed.
    """
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]
    connections: list[socket.socket] = []

    def talk(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            read_request(connection)
            if isinstance(answer, bytes):
                connection.sendall(answer)
            else:
                answer(connection)

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                connections.append(connection)
                threading.Thread(target=talk, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
