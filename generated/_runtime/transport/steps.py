"""What an exchange wants done, and what it is told of it: the one vocabulary of both sides.

An exchange is a generator without I/O that yields these steps: `client.exchange` for a call of an
API, `ai.attempts` for a question to a model. The senders carry them out. `tried` is the exchange
that both begin with: one request, repeated as long as that helps.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from typing import Any, NamedTuple, Protocol, TypeAlias, TypeVar

from ..request.outgoing import Outgoing
from .answers import Answer
from .policy import Clock, Policy, retry_delay, settle

T = TypeVar("T")


class Send(NamedTuple):
    """Wanted: this request, sent once. Comes back: an Outcome, at most `limit` bytes of it.

    With `stream` a successful event stream comes back open, as an `Opened`.
    """

    outgoing: Outgoing
    limit: int
    clock: Clock
    stream: bool = False


class Sleep(NamedTuple):
    """Wanted: nothing, for so many seconds."""

    seconds: float


class Fetch(NamedTuple):
    """Wanted: what this function gives, awaited where it has to be. Comes back: the value."""

    source: Callable[[], Any | Awaitable[Any]]
    clock: Clock


class Alone(NamedTuple):
    """Wanted: these steps, while nobody else carries out steps in the same turn.

    Comes back: what they end with, or a Failure where the turn did not come in time.
    """

    turn: Turn
    steps: Steps[Any]
    clock: Clock


class Turn(Protocol):
    """What only one may do at a time: a lock for threads, one for tasks, made when needed."""

    lock: Any
    async_lock: Any


Step: TypeAlias = Send | Sleep | Fetch | Alone
Steps: TypeAlias = Generator[Step, Any, T]


def tried(
    outgoing: Outgoing, limit: int, policy: Policy, clock: Clock
) -> Steps[Answer]:
    """The answer to a request, whatever its status. Raises ApiError where there is none."""
    attempt = 0
    while True:
        outcome = yield Send(outgoing, limit, clock)
        delay = retry_delay(outcome, outgoing, attempt, policy, clock)
        if delay is None:
            return settle(outcome, outgoing)
        yield Sleep(delay)
        attempt += 1
