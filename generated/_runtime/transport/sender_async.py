"""Sending, for asyncio: `sender.SyncSender` again, with `await` where that waits.

Imported when an asynchronous client is made: asyncio takes a while to import.
"""

from __future__ import annotations

import asyncio
import time
from abc import abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, closing
from inspect import isawaitable
from typing import Any, TypeVar

from ..basics.secrets import Redactor
from ..errors import CredentialsError
from .deadline import Trail, hold_async
from .library import httpx, masked
from .policy import TIMED_OUT, Clock, Outcome
from .receiving import CutOffError, Opened, Reading, describe
from .sender import STALE, Sender, is_stale
from .steps import Alone, Fetch, Send, Sleep, Step, Steps

T = TypeVar("T")

CONNECTIONS = 100
"""At once, as is the HTTP library's own default."""

GRACE = 0.5
"""Seconds after which we end what the HTTP library should have ended itself."""


class AsyncRunner:
    """Carries out steps by asyncio; how a request is sent, over HTTP or not, is a subclass's."""

    __slots__ = ()

    @abstractmethod
    async def send(self, step: Send) -> Outcome | Opened:
        """One request, sent once."""

    async def run(self, steps: Steps[T]) -> T:
        """Carries out an exchange; gives what it ends with."""
        _require_asyncio()
        came: list[Any] = [None]  # a token, perhaps: handed on, and in no local of ours
        with closing(steps):
            while True:
                try:
                    step = steps.send(came.pop())
                except StopIteration as stop:
                    result: T = stop.value
                    return result
                came.append(await self._done(step))

    async def _done(self, step: Step) -> Any:
        if isinstance(step, Send):
            return await self.send(step)
        if isinstance(step, Sleep):
            return await asyncio.sleep(step.seconds)
        if isinstance(step, Fetch):
            return await _soon(step)
        return await self._alone(step)

    async def _alone(self, step: Alone) -> Any:
        turn = step.turn
        if turn.async_lock is None:
            turn.async_lock = asyncio.Lock()
        try:
            async with bound(step.clock.left()):
                await turn.async_lock.acquire()
        except TimeoutError:
            return TIMED_OUT
        try:
            return await self.run(step.steps)
        finally:
            turn.async_lock.release()


class AsyncSender(Sender, AsyncRunner):
    """Sends by an asynchronous client of the HTTP library.

    No more requests are given to it at once than it has connections for. What would wait there for
    one waits here: a request that is cancelled while it waits there may keep a connection for ever.
    """

    __slots__ = ("_gate", "_http")

    def __init__(
        self, http: httpx.AsyncClient, redactor: Callable[[], Redactor]
    ) -> None:
        super().__init__(http, redactor)
        self._http = http
        self._gate = asyncio.Semaphore(_connections(http))

    async def send(self, step: Send) -> Outcome | Opened:
        """One request, sent once, or again where a kept connection had been closed meanwhile."""
        if not await self._enter(step.clock):
            return TIMED_OUT
        outcome: Outcome | Opened | None = None
        try:
            with masked(self._redactor()):
                for _ in range(STALE):
                    trail = Trail()
                    outcome = await self._try(step, trail)
                    if not is_stale(outcome, trail, step.outgoing):
                        break
            assert outcome is not None
            return outcome
        finally:
            if not isinstance(outcome, Opened):  # that one lets go when it is closed
                self._gate.release()

    async def _enter(self, clock: Clock) -> bool:
        """Whether our turn came in time."""
        if not self._gate.locked():
            return await self._gate.acquire()
        try:
            async with bound(clock.left()):
                return await self._gate.acquire()
        except TimeoutError:
            return False

    async def _try(self, step: Send, trail: Trail) -> Outcome | Opened:
        outgoing = step.outgoing
        response: httpx.Response | None = None
        try:
            async with bound(step.clock.left(), GRACE):
                response = await self._http.send(
                    self.request(self._http, step, trail.atold),
                    stream=True,
                    auth=self.auth(outgoing),
                    follow_redirects=False,
                )
        except Exception as error:
            failure = describe(error, self.library)
            if failure is None:
                raise
            return failure._replace(unanswered=True)
        assert response is not None  # `bound` ends in an exception, and never silently
        hold_async(response.extensions.get("network_stream"))
        reading = Reading(response, step.limit)
        if step.stream and reading.is_events:
            failure = reading.start()
            if failure is None:
                limits = response.request.extensions.get("timeout")
                return _AsyncStream(response, reading, limits, self)
        try:
            return await self._read(response, reading, step.clock)
        finally:
            await response.aclose()

    async def _read(
        self, response: httpx.Response, reading: Reading, clock: Clock
    ) -> Outcome:
        failure = reading.start()
        if failure is not None:
            return failure
        try:
            if not response.is_stream_consumed:
                async with bound(clock.left(), GRACE):
                    async for chunk in response.aiter_raw():
                        if not reading.feed(chunk, clock):
                            break
        except TimeoutError:
            pass  # the clock is over: `finish` knows what that means for this answer
        except Exception as error:
            outcome = reading.broken(error, self.library)
            if outcome is None:
                raise
            return outcome
        return reading.finish(clock)

    def let_go(self) -> None:
        """An open stream was closed: its connection is another's."""
        self._gate.release()


class AsyncOpened(Opened):
    """An open stream that is awaited, over HTTP or not."""

    __slots__ = ()

    @abstractmethod
    async def next(self, until: float) -> bytes | None:
        """See Opened."""

    @abstractmethod
    async def close(self) -> None:
        """See Opened."""


class _AsyncStream(AsyncOpened):
    __slots__ = ("_chunks", "_limits", "_open", "_reading", "_response", "_sender")

    def __init__(
        self,
        response: httpx.Response,
        reading: Reading,
        limits: Any,
        sender: AsyncSender,
    ) -> None:
        self._open = True
        self._response = response
        self._reading = reading
        self._limits = limits
        self._sender = sender
        whole = response.is_stream_consumed
        self._chunks: AsyncIterator[bytes] = (
            _nothing() if whole else response.aiter_raw()
        )

    async def next(self, until: float) -> bytes | None:
        if self._reading.is_over:
            return None
        if self._limits is not None:
            self._limits.end = until
        try:
            with masked(self._sender._redactor()):
                async with until_then(until, GRACE):
                    chunk = await anext(self._chunks, None)
        except Exception as error:
            failure = describe(error, self._sender.library)
            if failure is None:
                raise
        else:
            return None if chunk is None else self._reading.piece(chunk)
        raise CutOffError(failure)

    async def close(self) -> None:
        if not self._open:
            return
        self._open = False
        try:
            await self._response.aclose()
        finally:
            self._sender.let_go()


async def _nothing() -> AsyncIterator[bytes]:
    """What came was decoded by the library, and is there."""
    yield b""


def until_then(moment: float, grace: float = 0.0) -> AbstractAsyncContextManager[Any]:
    """A time limit that ends at a moment of `time.monotonic`."""
    return bound(max(0.0, moment - time.monotonic()), grace)


def bound(
    seconds: float | None, grace: float = 0.0
) -> AbstractAsyncContextManager[Any]:
    """A time limit."""
    return asyncio.timeout(None if seconds is None else seconds + grace)


def _require_asyncio() -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        raise RuntimeError(
            "asynchronous clients and arun need asyncio: under trio, call the synchronous ones"
            " in a thread (trio.to_thread.run_sync)"
        ) from None


def _connections(http: Any) -> int:
    """How many connections a client may have at once, where it can be seen."""
    pool = getattr(getattr(http, "_transport", None), "_pool", None)
    most = getattr(pool, "_max_connections", None)
    return most if isinstance(most, int) and most > 0 else CONNECTIONS


async def _soon(step: Fetch) -> Any:
    value = step.source()
    if not isawaitable(value):
        return value
    try:
        async with bound(step.clock.left()):
            return await value
    except TimeoutError:
        raise CredentialsError("the token provider gave nothing in time") from None
