"""Sending, for asyncio: `sender.SyncSender` again, with `await` where that waits.

Imported when an asynchronous client is made: asyncio takes a while to import.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any

from ..basics.secrets import Redactor
from ..request.outgoing import Outgoing
from .answers import Answer
from .library import httpx, masked
from .policy import TIMED_OUT, Clock, Outcome, Policy, retry_delay, settle
from .receiving import Reading, describe
from .sender import Sender, limits


class AsyncSender(Sender):
    __slots__ = ("_http",)

    def __init__(
        self, http: httpx.AsyncClient, redactor: Callable[[], Redactor], policy: Policy
    ) -> None:
        super().__init__(http, redactor, policy)
        self._http = http

    async def exchange(self, outgoing: Outgoing, limit: int, clock: Clock) -> Answer:
        """The answer to a request, whatever its status. Raises ApiError where there is none."""
        attempt = 0
        while True:
            with masked(self._redactor()):
                outcome = await self._send(outgoing, limit, clock)
            delay = retry_delay(outcome, outgoing, attempt, self.policy, clock)
            if delay is None:
                return settle(outcome, outgoing)
            await asyncio.sleep(delay)
            attempt += 1

    async def _send(self, outgoing: Outgoing, limit: int, clock: Clock) -> Outcome:
        library = self.library
        response: httpx.Response | None = None
        try:
            async with _bound(clock.left()):
                request = self.request(self._http, outgoing, limits(clock))
                response = await self._http.send(
                    request,
                    stream=True,
                    auth=self.auth(outgoing),
                    follow_redirects=False,
                )
        except TimeoutError:
            return TIMED_OUT
        except Exception as error:
            failure = describe(error, library)
            if failure is None:
                raise
            return failure
        assert response is not None  # `_bound` ends in an exception, and never silently
        try:
            return await self._read(response, limit, clock)
        finally:
            await response.aclose()

    async def _read(
        self, response: httpx.Response, limit: int, clock: Clock
    ) -> Outcome:
        reading = Reading(response, limit)
        failure = reading.start()
        if failure is not None:
            return failure
        try:
            if not response.is_stream_consumed:
                async with _bound(clock.left()):
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


def _bound(seconds: float | None) -> AbstractAsyncContextManager[Any]:
    """A time limit, where the event loop is asyncio's; elsewhere the library's own must do."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return nullcontext()
    return asyncio.timeout(seconds)
