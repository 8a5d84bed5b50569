"""Sending: one request, tried until it is answered, within bounds.

What is sent and what is tried again is decided by plain functions; `SyncSender` here and
`sender_async.AsyncSender` differ in nothing but how they wait. Redirects are not followed, cookies
of answers are not kept, bodies are read up to a limit, and no exception of the HTTP library
leaves this module: its text, its request and its chain could show secrets.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any

from ..basics.secrets import Redactor
from ..request.outgoing import Outgoing
from .answers import Answer
from .deadline import Cutoff, TimeLeft
from .library import httpx, library_of, masked, watch
from .policy import TIMED_OUT, Clock, Failure, Outcome, Policy, retry_delay, settle
from .receiving import Reading, describe

# --- what both senders share -------------------------------------------------------------------


class Sender:
    """Makes requests of the HTTP library out of ours."""

    __slots__ = ("_cookies", "_redactor", "library", "policy")

    def __init__(
        self, http: Any, redactor: Callable[[], Redactor], policy: Policy
    ) -> None:
        self.library = library_of(http)
        self._redactor = redactor
        self.policy = policy
        # Cookies that the client was given are sent; those of answers never are.
        self._cookies = (
            self.library.Cookies(http.cookies) if len(http.cookies) else None
        )
        watch(self.library)

    def request(
        self, http: Any, outgoing: Outgoing, extensions: Mapping[str, Any]
    ) -> Any:
        own = {name.lower().encode() for name, _ in outgoing.headers}
        headers: list[Any] = [
            pair
            for pair in http.headers.raw
            if pair[0].lower() not in own
            and (outgoing.trusted or pair[0].lower() == b"user-agent")
        ]
        request = self.library.Request(
            outgoing.method,
            outgoing.url,
            headers=headers + outgoing.headers,
            content=outgoing.content,
            extensions=dict(extensions),
        )
        if self._cookies is not None and outgoing.trusted:
            self._cookies.set_cookie_header(request)
        return request

    def auth(self, outgoing: Outgoing) -> Any:
        """The given client's own authentication goes where our credentials may go."""
        return self.library.USE_CLIENT_DEFAULT if outgoing.trusted else None


def limits(clock: Clock) -> dict[str, Any]:
    """What the HTTP library is told of the time: each wait gets what is left."""
    return {} if clock.end is None else {"timeout": TimeLeft(clock.end)}


def new_client(kind: Any, *, trust_env: bool) -> Any:
    """A client of the HTTP library as we want it: no redirects, no cookies, no environment."""
    client = kind(trust_env=trust_env, follow_redirects=False, timeout=None)
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return client


# --- the synchronous one ------------------------------------------------------------------------


class SyncSender(Sender):
    __slots__ = ("_http",)

    def __init__(
        self, http: httpx.Client, redactor: Callable[[], Redactor], policy: Policy
    ) -> None:
        super().__init__(http, redactor, policy)
        self._http = http

    def exchange(self, outgoing: Outgoing, limit: int, clock: Clock) -> Answer:
        """The answer to a request, whatever its status. Raises ApiError where there is none."""
        attempt = 0
        while True:
            with masked(self._redactor()):
                outcome = self._send(outgoing, limit, clock)
            delay = retry_delay(outcome, outgoing, attempt, self.policy, clock)
            if delay is None:
                return settle(outcome, outgoing)
            time.sleep(delay)
            attempt += 1

    def _send(self, outgoing: Outgoing, limit: int, clock: Clock) -> Outcome:
        if not clock.is_bound or clock.end is None:
            return self._try(outgoing, limit, clock, None)
        with Cutoff(clock.end) as cut:
            outcome = self._try(outgoing, limit, clock, cut)
            broken = isinstance(outcome, Failure) and cut.is_over
            return TIMED_OUT if broken else outcome

    def _try(
        self, outgoing: Outgoing, limit: int, clock: Clock, cut: Cutoff | None
    ) -> Outcome:
        library = self.library
        try:
            extensions = cut.extensions if cut else limits(clock)
            request = self.request(self._http, outgoing, extensions)
            response = self._http.send(
                request, stream=True, auth=self.auth(outgoing), follow_redirects=False
            )
        except Exception as error:
            failure = describe(error, library)
            if failure is None:
                raise
            return failure
        if cut is not None:
            cut.watch(response)
        try:
            return self._read(response, limit, clock)
        finally:
            response.close()

    def _read(self, response: httpx.Response, limit: int, clock: Clock) -> Outcome:
        reading = Reading(response, limit)
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
