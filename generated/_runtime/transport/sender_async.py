"""Sending, for asyncio: `sender.SyncSender` again, with `await` where that waits.

Imported when an asynchronous client is made: asyncio takes a while to import.
"""

from __future__ import annotations

import asyncio
import time
from abc import abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, closing, nullcontext
from inspect import isawaitable
from typing import Any, TypeVar

from ..basics.secrets import Redactor
from ..errors import CredentialsError
from .deadline import Trail
from .library import httpx, masked
from .policy import TIMED_OUT, Clock, Outcome
from .receiving import CutOffError, Opened, Reading, describe
from .sender import STALE, Sender, is_stale
from .steps import Alone, Fetch, Send, Sleep, Step, Steps

T = TypeVar("T")


class AsyncRunner:
    """Carries out steps by asyncio; how a request is sent, over HTTP or not, is a subclass's."""

    __slots__ = ()

    @abstractmethod
    async def send(self, step: Send) -> Outcome | Opened:
        """One request, sent once."""

    async def run(self, steps: Steps[T]) -> T:
        """Carries out an exchange; gives what it ends with."""
        value: Any = None
        with closing(steps):
            while True:
                try:
                    step = steps.send(value)
                except StopIteration as stop:
                    result: T = stop.value
                    return result
                value = await self._done(step)

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
    __slots__ = ("_http",)

    def __init__(
        self, http: httpx.AsyncClient, redactor: Callable[[], Redactor]
    ) -> None:
        super().__init__(http, redactor)
        self._http = http

    async def send(self, step: Send) -> Outcome | Opened:
        """One request, sent once, or again where a kept connection had been closed meanwhile."""
        with masked(self._redactor()):
            for _ in range(STALE):
                trail = Trail()
                outcome = await self._try(step, trail)
                if not is_stale(outcome, trail, step.outgoing):
                    break
        return outcome

    async def _try(self, step: Send, trail: Trail) -> Outcome | Opened:
        outgoing = step.outgoing
        response: httpx.Response | None = None
        try:
            async with bound(step.clock.left()):
                request = self.request(self._http, step, trail.atold)
                response = await self._http.send(
                    request,
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
        reading = Reading(response, step.limit)
        if step.stream and reading.is_events:
            failure = reading.start()
            if failure is None:
                limits = request.extensions.get("timeout")
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
                async with bound(clock.left()):
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
    __slots__ = ("_chunks", "_limits", "_reading", "_response", "_sender")

    def __init__(
        self, response: httpx.Response, reading: Reading, limits: Any, sender: Sender
    ) -> None:
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
                async with until_then(until):
                    chunk = await anext(self._chunks, None)
        except Exception as error:
            failure = describe(error, self._sender.library)
            if failure is None:
                raise
        else:
            return None if chunk is None else self._reading.piece(chunk)
        raise CutOffError(failure)

    async def close(self) -> None:
        await self._response.aclose()


async def _nothing() -> AsyncIterator[bytes]:
    """What came was decoded by the library, and is there."""
    yield b""


def until_then(moment: float) -> AbstractAsyncContextManager[Any]:
    """A time limit that ends at a moment of `time.monotonic`."""
    return bound(max(0.0, moment - time.monotonic()))


def bound(seconds: float | None) -> AbstractAsyncContextManager[Any]:
    """A time limit, where the event loop is asyncio's; elsewhere the library's own must do."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return nullcontext()
    return asyncio.timeout(seconds)


async def _soon(step: Fetch) -> Any:
    value = step.source()
    if not isawaitable(value):
        return value
    try:
        async with bound(step.clock.left()):
            return await value
    except TimeoutError:
        raise CredentialsError("the token provider gave nothing in time") from None
