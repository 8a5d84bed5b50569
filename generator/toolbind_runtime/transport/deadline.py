"""The end of an exchange, whatever the other side does.

The HTTP library limits each wait, and not their sum: it asks once how long a part of an answer may
take, and then waits so long for each packet of it, so that a head or a body that drips in keeps it
for ever. So what it is told knows the end of the whole (`TimeLeft`), and each connection asks again
before it waits (`hold`, `hold_async`). So the library's own limits end a request, which leaves its
connections in order; a task that is cancelled from outside may leave them in disorder.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

SHORTEST = 0.001
"""Seconds of the last wait: none at all would mean not to wait for the network."""

PIECE = 65_536
"""Bytes that are written in one wait."""


class Wait(float):
    """Seconds that a wait may take, as of when they were asked for."""

    __slots__ = ("whole",)

    whole: TimeLeft

    def seconds(self) -> float:
        """As of now. Raises TimeoutError when none are left."""
        left = self.whole.end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class TimeLeft(dict[str, float]):
    """The HTTP library's limits (`connect`, `read`, `write`, `pool`), counted down.

    `end` is a moment of `time.monotonic`; it may be moved.
    """

    __slots__ = ("end",)

    def __init__(self, end: float) -> None:
        self.end = end
        super().__init__(dict.fromkeys(("connect", "read", "write", "pool"), 0.0))

    def __getitem__(self, key: str) -> Wait:
        super().__getitem__(key)
        return self._wait()

    def get(self, key: str, default: Any = None) -> Any:
        return self._wait() if key in self else default

    def _wait(self) -> Wait:
        wait = Wait(max(SHORTEST, self.end - time.monotonic()))
        wait.whole = self
        return wait


class Trail:
    """What the HTTP library tells of one attempt, for its extension `trace`.

    New connections are held to the time. `is_reused` says whether the request went over one that
    was there before.
    """

    __slots__ = ("_connected", "_sent")

    def __init__(self) -> None:
        self._connected = False
        self._sent = False

    @property
    def is_reused(self) -> bool:
        return self._sent and not self._connected

    def told(self, name: str, info: Mapping[str, Any]) -> None:
        if name.endswith(".send_request_headers.started"):
            self._sent = True
        elif name.endswith(_CONNECTED):
            self._connected = True
            hold(info.get("return_value"))

    async def atold(self, name: str, info: Mapping[str, Any]) -> None:
        """The same, as the library's asynchronous half wants it."""
        if name.endswith(".send_request_headers.started"):
            self._sent = True
        elif name.endswith(_CONNECTED):
            self._connected = True
            hold_async(info.get("return_value"))


_CONNECTED = (
    ".connect_tcp.complete",
    ".connect_unix_socket.complete",
    ".start_tls.complete",
)


def hold(stream: Any) -> None:
    """Have each wait of a connection take no longer than what is left of the whole by then."""
    if not _can_be_held(stream):
        return
    read, write = stream.read, stream.write

    def read_in_time(max_bytes: int, timeout: float | None = None) -> Any:
        if isinstance(timeout, Wait):
            timeout = timeout.seconds()
        return read(max_bytes, timeout)

    def write_in_time(buffer: bytes, timeout: float | None = None) -> None:
        if not isinstance(timeout, Wait):
            write(buffer, timeout)
            return
        for at in range(0, len(buffer), PIECE):
            write(buffer[at : at + PIECE], timeout.seconds())

    stream.read, stream.write = read_in_time, write_in_time


def hold_async(stream: Any) -> None:
    """The same for a connection of the library's asynchronous half."""
    if not _can_be_held(stream):
        return
    read, write = stream.read, stream.write

    async def read_in_time(max_bytes: int, timeout: float | None = None) -> Any:
        if isinstance(timeout, Wait):
            timeout = timeout.seconds()
        return await read(max_bytes, timeout)

    async def write_in_time(buffer: bytes, timeout: float | None = None) -> None:
        if isinstance(timeout, Wait):
            timeout = timeout.seconds()
        await write(buffer, timeout)

    stream.read, stream.write = read_in_time, write_in_time


def _can_be_held(stream: Any) -> bool:
    """Whether it is a connection whose methods can be replaced, and were not yet."""
    members = getattr(stream, "__dict__", None)
    return members is not None and hasattr(stream, "write") and "read" not in members
