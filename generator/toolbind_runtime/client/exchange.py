"""One call of an API, from credentials to a whole answer, without I/O.

`exchange` yields what it wants done (`transport.steps`); both kinds of client carry it out. What is
decided here: retries, the fetching of tokens, the second try with a fresh token after a 401.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..errors import ConfigurationError, CredentialsError, framed
from ..request.operation import Operation, Parts
from ..request.outgoing import NO_CREDENTIALS, Applied, Outgoing, assemble
from ..request.urls import BaseUrl, is_plain
from ..transport.answers import Answer
from ..transport.policy import Clock, Failure, Policy, require_complete, settle
from ..transport.steps import Alone, Fetch, Steps, tried
from .credentials import Dynamic, Plan
from .tokens import ClientCredentials

TOKEN_LIMIT = 1_000_000
"""Bytes of a token endpoint's answer that are read."""


class Prepared(NamedTuple):
    """A call, ready but for credentials that must be got first."""

    operation: Operation
    parts: Parts
    base: BaseUrl
    trusted: bool
    plan: Plan

    def outgoing(self, applied: Applied) -> Outgoing:
        return assemble(
            self.operation, self.parts, self.base, applied, trusted=self.trusted
        )

    def forget_tokens(self) -> bool:
        """The API refused the credentials: whether fetching a new token may help."""
        grants = [
            each.source
            for each in self.plan.dynamic
            if isinstance(each.source, ClientCredentials)
        ]
        for grant in grants:
            grant.forget(grant.current())
        return bool(grants)


def exchange(
    call: Prepared,
    limit: int,
    policy: Policy,
    clock: Clock,
    remember: Callable[[str], None],
) -> Steps[Answer]:
    """The answer to a call, whatever its status, at most `limit` bytes of it.

    `remember` is told each token that a provider gave, before it is sent. Raises CredentialsError
    where no token can be had, ApiError where no answer comes.
    """
    fresh = False
    while True:
        applied = call.plan.ready
        if call.plan.dynamic:
            applied = applied.beside(
                (yield from _obtain(call.plan.dynamic, policy, clock, remember))
            )
        outgoing = call.outgoing(applied)
        answer = yield from tried(outgoing, limit, policy, clock)
        if answer.status_code != 401 or fresh or not call.forget_tokens():
            return require_complete(answer, outgoing)
        fresh = True


def _obtain(
    dynamic: tuple[Dynamic, ...],
    policy: Policy,
    clock: Clock,
    remember: Callable[[str], None],
) -> Steps[Applied]:
    """What credentials add that must be got first."""
    applied = NO_CREDENTIALS
    for each in dynamic:
        source = each.source
        if isinstance(source, ClientCredentials):
            token = source.current()
            if not token:
                steps = _granted(source, policy, clock)
                token = yield Alone(source, steps, clock)
                if isinstance(token, Failure):
                    settle(token, source.request())
        else:
            token = yield Fetch(source, clock)
            if not isinstance(token, str) or not token:
                del token  # whatever it is
                raise CredentialsError("the token provider gave no text")
            remember(token)
        try:
            applied = applied.beside(each.render(str(token)))
        except ConfigurationError as error:
            refused = framed(error)
            break
    else:
        return applied
    del token
    raise refused


def _granted(grant: ClientCredentials, policy: Policy, clock: Clock) -> Steps[str]:
    """The token of a grant, unless somebody fetched one while we waited for our turn."""
    token = grant.current()
    while not token:
        if is_plain(grant.url) and not policy.allow_http:
            raise CredentialsError(
                "the token URL is not https; allow_http=True permits it"
            )
        answer = yield from tried(grant.request(), TOKEN_LIMIT, policy, clock)
        token = "" if grant.try_body(answer) else grant.store(answer)
    return token
