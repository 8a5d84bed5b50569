"""Sending: one request, tried until it is answered, within bounds.

What is sent and what is tried again is decided by plain functions; `SyncSender` here and
`http_async.AsyncSender` differ in nothing but how they wait. Redirects are not followed, cookies
of answers are not kept, bodies are read up to a limit, and no exception of the HTTP library
leaves this module: its text, its request and its chain could show secrets. Imports from the
package: _httpx, answers, auth, errors, origin, outgoing, policy, prose, receiving, tokens.
"""

from __future__ import annotations

import logging
import time
from http.cookiejar import DefaultCookiePolicy
from inspect import isawaitable
from typing import Any

from ._httpx import httpx, library_of
from .answers import Answer
from .auth import Credentials, Dynamic
from .errors import ConfigurationError, CredentialsError
from .origin import is_plain
from .outgoing import NO_CREDENTIALS, Applied, Outgoing
from .policy import Clock, Outcome, Policy, retry_delay, settle
from .prose import MASK
from .receiving import Reading, describe
from .tokens import ClientCredentials

TOKEN_LIMIT = 1_000_000
"""Bytes of a token endpoint's answer that are read."""


# --- what both senders share -------------------------------------------------------------------


class Sender:
    """Makes requests of the HTTP library out of ours."""

    __slots__ = ("_cookies", "_credentials", "library", "policy")

    def __init__(self, http: Any, credentials: Credentials, policy: Policy) -> None:
        self.library = library_of(http)
        self._credentials = credentials
        self.policy = policy
        # Cookies that the client was given are sent; those of answers never are.
        self._cookies = (
            self.library.Cookies(http.cookies) if len(http.cookies) else None
        )
        logging.getLogger(self.library.__name__).addFilter(_mask_urls)

    def request(self, http: Any, outgoing: Outgoing, seconds: float | None) -> Any:
        own = {name.lower().encode() for name, _ in outgoing.headers}
        headers: list[Any] = [
            pair
            for pair in http.headers.raw
            if pair[0].lower() not in own
            and (outgoing.trusted or pair[0].lower() == b"user-agent")
        ]
        timeout = {
            "connect": seconds,
            "read": seconds,
            "write": seconds,
            "pool": seconds,
        }
        request = self.library.Request(
            outgoing.method,
            outgoing.url,
            headers=headers + outgoing.headers,
            content=outgoing.content,
            extensions={"timeout": timeout},
        )
        if self._cookies is not None and outgoing.trusted:
            self._cookies.set_cookie_header(request)
        if outgoing.secret_query:
            request.url.holds_secret = True
        return request

    def auth(self, outgoing: Outgoing) -> Any:
        """The given client's own authentication goes where our credentials may go."""
        return self.library.USE_CLIENT_DEFAULT if outgoing.trusted else None

    def grant(self, source: ClientCredentials) -> Outgoing:
        if is_plain(source.url) and not self.policy.allow_http:
            raise CredentialsError(
                "the token URL is not https; allow_http=True permits it"
            )
        return source.request()

    def given(self, token: object) -> str:
        """What a token provider gave."""
        if not isinstance(token, str) or not token:
            raise CredentialsError("the token provider gave no text")
        self._credentials.remember(token)
        return token


def _mask_urls(record: logging.LogRecord) -> bool:
    """The HTTP library logs URLs; where a key is in the query, the query is left out."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            _without_query(each) if hasattr(each, "holds_secret") else each
            for each in record.args
        )
    return True


def _without_query(url: Any) -> str:
    return f"{url.copy_with(query=None)}?{MASK}"


def new_client(kind: Any, *, trust_env: bool) -> Any:
    """A client of the HTTP library as we want it: no redirects, no cookies, no environment."""
    client = kind(trust_env=trust_env, follow_redirects=False, timeout=None)
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return client


# --- the synchronous one ------------------------------------------------------------------------


class SyncSender(Sender):
    __slots__ = ("_http",)

    def __init__(
        self, http: httpx.Client, credentials: Credentials, policy: Policy
    ) -> None:
        super().__init__(http, credentials, policy)
        self._http = http

    def exchange(self, outgoing: Outgoing, limit: int, clock: Clock) -> Answer:
        """The answer to a request, whatever its status. Raises ApiError where there is none."""
        attempt = 0
        while True:
            outcome = self._send(outgoing, limit, clock)
            delay = retry_delay(outcome, outgoing, attempt, self.policy, clock)
            if delay is None:
                return settle(outcome, outgoing)
            time.sleep(delay)
            attempt += 1

    def obtain(self, dynamic: tuple[Dynamic, ...], clock: Clock) -> Applied:
        """What credentials add that must be got first."""
        applied = NO_CREDENTIALS
        for each in dynamic:
            applied = applied.beside(each.render(self._token(each, clock)))
        return applied

    def _token(self, dynamic: Dynamic, clock: Clock) -> str:
        source = dynamic.source
        if not isinstance(source, ClientCredentials):
            token = source()
            if isawaitable(token):
                getattr(token, "close", lambda: None)()
                raise ConfigurationError(
                    "an async token provider needs the async client"
                )
            return self.given(token)
        token = source.current()
        if token:
            return token
        with source.lock:
            token = source.current()
            while not token:
                answer = self.exchange(self.grant(source), TOKEN_LIMIT, clock)
                token = "" if source.try_body(answer) else source.store(answer)
        return token

    def _send(self, outgoing: Outgoing, limit: int, clock: Clock) -> Outcome:
        library = self.library
        try:
            request = self.request(self._http, outgoing, clock.left())
            response = self._http.send(
                request, stream=True, auth=self.auth(outgoing), follow_redirects=False
            )
        except Exception as error:
            failure = describe(error, library)
            if failure is None:
                raise
            return failure
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
