"""Sending, for asyncio: `http.SyncSender` again, with `await` where that waits.

Imported when an asynchronous client is made: asyncio takes a while to import. Imports from the
package: _httpx, answers, auth, http, logs, outgoing, policy, receiving, tokens.
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from inspect import isawaitable
from typing import Any

from ._httpx import httpx
from .answers import Answer
from .auth import Credentials, Dynamic
from .http import TOKEN_LIMIT, Sender, limits
from .logs import masked
from .outgoing import NO_CREDENTIALS, Applied, Outgoing
from .policy import TIMED_OUT, Clock, Outcome, Policy, retry_delay, settle
from .receiving import Reading, describe
from .tokens import ClientCredentials


class AsyncSender(Sender):
    __slots__ = ("_http",)

    def __init__(
        self, http: httpx.AsyncClient, credentials: Credentials, policy: Policy
    ) -> None:
        super().__init__(http, credentials, policy)
        self._http = http

    async def exchange(self, outgoing: Outgoing, limit: int, clock: Clock) -> Answer:
        """The answer to a request, whatever its status. Raises ApiError where there is none."""
        attempt = 0
        while True:
            with masked(self._credentials.redactor()):
                outcome = await self._send(outgoing, limit, clock)
            delay = retry_delay(outcome, outgoing, attempt, self.policy, clock)
            if delay is None:
                return settle(outcome, outgoing)
            await asyncio.sleep(delay)
            attempt += 1

    async def obtain(self, dynamic: tuple[Dynamic, ...], clock: Clock) -> Applied:
        """What credentials add that must be got first."""
        applied = NO_CREDENTIALS
        for each in dynamic:
            applied = applied.beside(each.render(await self._token(each, clock)))
        return applied

    async def _token(self, dynamic: Dynamic, clock: Clock) -> str:
        source = dynamic.source
        if not isinstance(source, ClientCredentials):
            token = source()
            return self.given(await token if isawaitable(token) else token)
        token = source.current()
        if token:
            return token
        if source.async_lock is None:
            source.async_lock = asyncio.Lock()
        async with source.async_lock:
            token = source.current()
            while not token:
                answer = await self.exchange(self.grant(source), TOKEN_LIMIT, clock)
                token = "" if source.try_body(answer) else source.store(answer)
        return token

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
