"""What `run` and `arun` take and give, for type checkers: written once for all who offer them."""

from __future__ import annotations

from collections.abc import (
    AsyncIterator,
    Callable,
    Coroutine,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from typing import Any, ClassVar, Literal, Protocol, TypeAlias, Unpack, cast, overload

from ..records.exchange import Message
from ..records.run import Run
from .events import Event
from .options import AI, AsyncAI, RunOptions
from .toolset import Toolbox

Prompt: TypeAlias = str | Sequence[Message]
"""A question, or the messages to go on with: those of an earlier `Run`, or of your own."""


class GeneratedModule(Protocol):
    """A generated module, of whichever package."""

    TOOLS: Any


class ApiClient(Protocol):
    """A client of a generated module, synchronous or not, of whichever package."""

    _api: ClassVar[Any]


ToolSource: TypeAlias = GeneratedModule | ApiClient | Toolbox
"""Who has tools: a generated module, one of its clients, or anything that does as an API does."""

Chosen: TypeAlias = (
    tuple[ToolSource, Sequence[str]] | tuple[ToolSource, *tuple[str, ...]]
)
"""Some tools of a module: `(petstore, ["list_*", "tag:owners"])`, or `(petstore, "list_*")`."""

Tools: TypeAlias = str | ToolSource | Chosen | Iterable[str | ToolSource | Chosen]
"""Names, globs and tags of the module whose `run` it is; or modules, and some tools of them."""

Clients: TypeAlias = ApiClient | Sequence[ApiClient] | Mapping[str, ApiClient]
"""A client of the API, several of several APIs, or a mapping by the module's name."""


class Runs(Protocol):
    """A `run`."""

    @overload
    def __call__(
        self,
        prompt: Prompt,
        *,
        ai: AI | None = None,
        client: Clients | None = None,
        tools: Tools | None = None,
        stream: Literal[False] = False,
        **options: Unpack[RunOptions],
    ) -> Run: ...
    @overload
    def __call__(
        self,
        prompt: Prompt,
        *,
        ai: AI | None = None,
        client: Clients | None = None,
        tools: Tools | None = None,
        stream: Literal[True],
        **options: Unpack[RunOptions],
    ) -> Iterator[Event]: ...


class AsyncRuns(Protocol):
    """An `arun`."""

    @overload
    def __call__(
        self,
        prompt: Prompt,
        *,
        ai: AsyncAI | None = None,
        client: Clients | None = None,
        tools: Tools | None = None,
        stream: Literal[False] = False,
        **options: Unpack[RunOptions],
    ) -> Coroutine[Any, Any, Run]: ...
    @overload
    def __call__(
        self,
        prompt: Prompt,
        *,
        ai: AsyncAI | None = None,
        client: Clients | None = None,
        tools: Tools | None = None,
        stream: Literal[True],
        **options: Unpack[RunOptions],
    ) -> AsyncIterator[Event]: ...


def runs(function: Callable[..., Any]) -> Runs:
    """Types a function, or a method, as `Runs`; it stays the function that `help` shows."""
    return cast(Runs, function)


def aruns(function: Callable[..., Any]) -> AsyncRuns:
    """Types a function, or a method, as `AsyncRuns`."""
    return cast(AsyncRuns, function)
