"""Sending: carries out the steps of an exchange, each request once and within bounds.

What is sent and what is tried again is decided by who yields the steps (`steps`); `SyncSender` here
and `sender_async.AsyncSender` differ in nothing but how they wait. Redirects are not followed,
cookies of answers are not kept, bodies are read up to a limit, and no exception of the HTTP library
leaves this module: its text, its request and its chain could show secrets.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from http.cookiejar import DefaultCookiePolicy
from inspect import isawaitable
from typing import Any, TypeVar

from ..basics.secrets import Redactor
from ..errors import ConfigurationError
from ..request.outgoing import Outgoing
from .deadline import TimeLeft, Trail, hold
from .library import httpx, library_of, masked, watch
from .policy import TIMED_OUT, Clock, Failure, Outcome
from .receiving import CutOffError, Opened, Reading, describe
from .steps import Fetch, Send, Sleep, Step, Steps

T = TypeVar("T")

STALE = 20
"""Connections that the other side had closed already, and that one request may meet."""

# --- what both senders share -------------------------------------------------------------------


class Sender:
    """Makes requests of the HTTP library out of ours."""

    __slots__ = ("_cookies", "_redactor", "library")

    def __init__(self, http: Any, redactor: Callable[[], Redactor]) -> None:
        self.library = library_of(http)
        self._redactor = redactor
        # Cookies that the client was given are sent; those of answers never are.
        self._cookies = (
            self.library.Cookies(http.cookies) if len(http.cookies) else None
        )
        watch(self.library)

    def request(self, http: Any, step: Send, trace: Any) -> Any:
        """The library's request. What may hold a secret is in no local of ours, here and where it
        is sent: tracebacks of what passes through may show those."""
        outgoing, end = step.outgoing, step.clock.end
        extensions = {"trace": trace}
        if end is not None:  # each wait gets what is left
            extensions["timeout"] = TimeLeft(end)
        own = {name.lower().encode() for name, _ in outgoing.headers}
        request = self.library.Request(
            outgoing.method,
            outgoing.url,
            headers=[
                *(
                    pair
                    for pair in http.headers.raw
                    if pair[0].lower() not in own
                    and (outgoing.trusted or pair[0].lower() == b"user-agent")
                ),
                *outgoing.headers,
            ],
            content=outgoing.content,
            extensions=extensions,
        )
        if self._cookies is not None and outgoing.trusted:
            self._cookies.set_cookie_header(request)
        return request

    def auth(self, outgoing: Outgoing) -> Any:
        """The given client's own authentication goes where our credentials may go."""
        return self.library.USE_CLIENT_DEFAULT if outgoing.trusted else None


def new_client(kind: Any, *, trust_env: bool) -> Any:
    """A client of the HTTP library as we want it: no redirects, no cookies, no environment."""
    client = kind(trust_env=trust_env, follow_redirects=False, timeout=None)
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return client


# --- the synchronous one ------------------------------------------------------------------------


class SyncSender(Sender):
    __slots__ = ("_http",)

    def __init__(self, http: httpx.Client, redactor: Callable[[], Redactor]) -> None:
        super().__init__(http, redactor)
        self._http = http

    def run(self, steps: Steps[T]) -> T:
        """Carries out an exchange; gives what it ends with."""
        came: list[Any] = [None]  # a token, perhaps: handed on, and in no local of ours
        with closing(steps):
            while True:
                try:
                    step = steps.send(came.pop())
                except StopIteration as stop:
                    result: T = stop.value
                    return result
                came.append(self._done(step))

    def _done(self, step: Step) -> Any:
        if isinstance(step, Send):
            return self.send(step)
        if isinstance(step, Sleep):
            return time.sleep(step.seconds)
        if isinstance(step, Fetch):
            return _now(step.source())
        left = step.clock.left()
        if not step.turn.lock.acquire(timeout=-1 if left is None else left):
            return TIMED_OUT
        try:
            return self.run(step.steps)
        finally:
            step.turn.lock.release()

    def send(self, step: Send) -> Outcome | Opened:
        """One request, sent once, or again where a kept connection had been closed meanwhile."""
        with masked(self._redactor()):
            for _ in range(STALE):
                trail = Trail()
                outcome = self._try(step, trail)
                if not is_stale(outcome, trail, step.outgoing):
                    break
        return outcome

    def _try(self, step: Send, trail: Trail) -> Outcome | Opened:
        outgoing = step.outgoing
        try:
            response = self._http.send(
                self.request(self._http, step, trail.told),
                stream=True,
                auth=self.auth(outgoing),
                follow_redirects=False,
            )
        except Exception as error:
            failure = describe(error, self.library)
            if failure is None:
                raise
            return failure._replace(unanswered=True)
        hold(response.extensions.get("network_stream"))
        reading = Reading(response, step.limit)
        if step.stream and reading.is_events:
            failure = reading.start()
            if failure is None:
                limits = response.request.extensions.get("timeout")
                return SyncStream(response, reading, limits, self)
        try:
            return self._read(response, reading, step.clock)
        finally:
            response.close()

    def _read(
        self, response: httpx.Response, reading: Reading, clock: Clock
    ) -> Outcome:
        failure = reading.start()
        if failure is not None:
            return failure
        try:
            if not response.is_stream_consumed:
                for chunk in response.iter_raw():
                    if not reading.feed(chunk, clock):
                        break
        except Exception as error:
            outcome = reading.broken(error, self.library)
            if outcome is None:
                raise
            return outcome
        return reading.finish(clock)


class SyncStream(Opened):
    __slots__ = ("_chunks", "_limits", "_reading", "_response", "_sender")

    def __init__(
        self,
        response: httpx.Response,
        reading: Reading,
        limits: TimeLeft | None,
        sender: SyncSender,
    ) -> None:
        self._response = response
        self._reading = reading
        self._limits = limits
        self._sender = sender
        whole = response.is_stream_consumed
        self._chunks = iter([b""]) if whole else response.iter_raw()

    def next(self, until: float) -> bytes | None:
        if self._reading.is_over:
            return None
        if self._limits is not None:
            self._limits.end = until
        try:
            with masked(self._sender._redactor()):
                chunk = next(self._chunks, None)
        except Exception as error:
            failure = describe(error, self._sender.library)
            if failure is None:
                raise
        else:
            if time.monotonic() < until:
                return None if chunk is None else self._reading.piece(chunk)
            failure = TIMED_OUT
        raise CutOffError(failure)

    def close(self) -> None:
        self._response.close()


def is_stale(outcome: object, trail: Trail, outgoing: Outgoing) -> bool:
    """Whether a kept connection ended without a word: the other side had closed it.

    The request is then sent at once over another one (RFC 9112 section 9.3.1).
    """
    return (
        isinstance(outcome, Failure)
        and outcome.unanswered
        and outcome is not TIMED_OUT
        and trail.is_reused
        and outgoing.idempotent
    )


def _now(value: Any) -> Any:
    if isawaitable(value):
        getattr(value, "close", lambda: None)()
        raise ConfigurationError("an async token provider needs the async client")
    return value
