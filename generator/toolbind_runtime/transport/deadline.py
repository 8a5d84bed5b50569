"""The end of a synchronous exchange, whatever the other side does.

The HTTP library limits each wait, and not their sum: an answer that drips in keeps it
waiting for ever. `TimeLeft` gives every wait what is left of the whole; `Cutoff` shuts the
connection down at the moment itself. asyncio needs neither.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

SHORTEST = 0.001
"""Seconds of the last wait: none at all would mean not to wait for the network."""


class TimeLeft(dict[str, float]):
    """The HTTP library's limits (`connect`, `read`, `write`, `pool`), counted down.

    `end` is a moment of `time.monotonic`.
    """

    __slots__ = ("_end",)

    def __init__(self, end: float) -> None:
        self._end = end
        super().__init__(dict.fromkeys(("connect", "read", "write", "pool"), self.now))

    def restart(self, seconds: float) -> None:
        """Waits that begin from now on get so many seconds."""
        self._end = time.monotonic() + seconds

    @property
    def now(self) -> float:
        return max(SHORTEST, self._end - time.monotonic())

    def __getitem__(self, key: str) -> float:
        super().__getitem__(key)
        return self.now

    def get(self, key: str, default: Any = None) -> Any:
        return self.now if key in self else default


class Cutoff:
    """Ends what waits for one answer at a moment of `time.monotonic`.

    A context manager: inside the block whatever reads from the connection that it watches
    is told at that moment that the connection has ended.
    """

    def __init__(self, end: float) -> None:
        self._end = end
        self._lock = threading.Lock()
        self._stream: Any = None
        self._timer: threading.Timer | None = None
        self.limits = TimeLeft(end)

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._end

    @property
    def extensions(self) -> dict[str, Any]:
        """What the HTTP library is to be given with the request."""
        return {"timeout": self.limits, "trace": self._trace}

    def watch(self, response: Any) -> None:
        """From now on this answer's connection is the one to end."""
        self._follow(response.extensions.get("network_stream"))

    def _trace(self, name: str, info: Mapping[str, Any]) -> None:
        """The library tells of a new connection before anything came over it."""
        if name in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._follow(info.get("return_value"))

    def _follow(self, stream: Any) -> None:
        with self._lock:
            self._stream = stream
        if self.is_over:
            self._fire()
        elif (
            stream is not None and self._timer is None
        ):  # before, there is nothing to end
            self._timer = threading.Timer(self._end - time.monotonic(), self._fire)
            self._timer.daemon = True
            self._timer.start()

    def _fire(self) -> None:
        """Shut the connection down, unless the block was left: then it is another's."""
        with self._lock:
            stream = self._stream
            found = None if stream is None else stream.get_extra_info("socket")
            if not isinstance(found, socket.socket):
                return
            try:  # of the plain socket: that of TLS would take its state from the reader
                socket.socket.shutdown(found, socket.SHUT_RDWR)
            except OSError:
                return  # it has ended already

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            self._stream = None
