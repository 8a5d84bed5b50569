"""`run` and `arun`: a conversation with tools, driven synchronously or by asyncio.

The way in; the conversation is in `loop`, its carrying out in `driver` and `driver_async`.
"""

from __future__ import annotations

import inspect
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Coroutine,
    Generator,
    Iterator,
    Sequence,
)
from contextlib import AsyncExitStack, ExitStack, aclosing
from typing import Any, Literal, TypeAlias, Unpack, overload

from ..ai.errors import SettingsError
from ..ai.workers_ai import WorkersAI
from ..ai.workers_ai_async import AsyncWorkersAI
from ..records.exchange import Message
from ..records.run import ApprovalRequest, Call, Run
from .driver import Driver
from .driver_async import AsyncDriver
from .events import Event, RunFinished
from .offering import bounds_of
from .options import AI, AsyncAI, RunOptions, prepare_run
from .toolset import Toolbox, gather
from .wishes import Turn

__all__ = [
    "AI",
    "ApprovalRequest",
    "AsyncAI",
    "Call",
    "Event",
    "Prompt",
    "Run",
    "RunOptions",
    "Turn",
    "arun",
    "run",
]

Prompt: TypeAlias = str | Sequence[Message]


# --- synchronous -----------------------------------------------------------------------


@overload
def run(
    prompt: Prompt,
    *,
    api: Toolbox | None = None,
    ai: AI | None = None,
    client: Any = None,
    tools: Any = None,
    stream: Literal[False] = False,
    **options: Unpack[RunOptions],
) -> Run: ...
@overload
def run(
    prompt: Prompt,
    *,
    api: Toolbox | None = None,
    ai: AI | None = None,
    client: Any = None,
    tools: Any = None,
    stream: Literal[True],
    **options: Unpack[RunOptions],
) -> Iterator[Event]: ...
def run(
    prompt: Prompt,
    *,
    api: Toolbox | None = None,
    ai: AI | None = None,
    client: Any = None,
    tools: Any = None,
    stream: bool = False,
    **options: Unpack[RunOptions],
) -> Run | Iterator[Event]:
    """Let a model answer `prompt` with the help of tools.

    `prompt` is a question or messages (for example those of an earlier `Run`). `ai` is a
    `WorkersAI`; without one, one is made from the environment. `client` is a client of the
    API, or several, or a mapping by module name. `tools` are names or globs, or modules
    (`tools=[petstore, github]`), or pairs of a module and names; `"find"` has those of whole
    APIs found by the model, as is done where they are many. Options: see `RunOptions`.

    Gives a `Run`; with `stream=True` an iterator of events, the last a `RunFinished`.
    Raises WorkersAIError where the model's side fails, with `run` on it.
    """
    if inspect.iscoroutinefunction(getattr(ai, "ask", None)):
        raise SettingsError("this is an asynchronous AI: use arun")
    _require_ai(ai, "WorkersAI")
    events = _sync_run(prompt, api, ai, client, tools, stream, options)
    return events if stream else _last(events)


def _require_ai(ai: object, name: str) -> None:
    """Refuse what cannot be asked: a model's name, or the class in place of an object."""
    if ai is not None and (isinstance(ai, type) or not hasattr(ai, "ask")):
        shown = ai.__name__ if isinstance(ai, type) else ascii(ai)[:80]
        raise SettingsError(f"ai is an object: ai={name}(...), not {shown}")


def _last(events: Iterator[Event]) -> Run:
    for event in events:
        last = event
    assert isinstance(last, RunFinished)
    return last.run


def _sync_run(
    prompt: Prompt,
    api: Toolbox | None,
    given: AI | None,
    client: Any,
    tools: Any,
    stream: bool,
    options: RunOptions,
) -> Generator[Event, None, None]:
    with ExitStack() as opened:
        ai = given or opened.enter_context(WorkersAI())

        def make_client(box: Toolbox) -> Any:
            return opened.enter_context(box.client_class(box.base_url))

        most = bounds_of(options).tools
        toolset = gather(api, tools, client, make_client, most=most)
        conversation, hooks = prepare_run(ai, prompt, toolset, options)
        yield from Driver(ai, hooks, stream).drive(conversation)


# --- asynchronous ----------------------------------------------------------------------


@overload
def arun(
    prompt: Prompt,
    *,
    api: Toolbox | None = None,
    ai: AsyncAI | None = None,
    client: Any = None,
    tools: Any = None,
    stream: Literal[False] = False,
    **options: Unpack[RunOptions],
) -> Coroutine[Any, Any, Run]: ...
@overload
def arun(
    prompt: Prompt,
    *,
    api: Toolbox | None = None,
    ai: AsyncAI | None = None,
    client: Any = None,
    tools: Any = None,
    stream: Literal[True],
    **options: Unpack[RunOptions],
) -> AsyncIterator[Event]: ...
def arun(
    prompt: Prompt,
    *,
    api: Toolbox | None = None,
    ai: AsyncAI | None = None,
    client: Any = None,
    tools: Any = None,
    stream: bool = False,
    **options: Unpack[RunOptions],
) -> Coroutine[Any, Any, Run] | AsyncIterator[Event]:
    """`run` for asyncio: `await arun(...)`, or `async for event in arun(..., stream=True)`.

    Calls of one answer run at the same time, up to `parallel`; hooks may be async. When it
    is cancelled, calls and requests under way are cancelled with it.
    """
    _require_ai(ai, "AsyncWorkersAI")
    if ai is not None and not inspect.iscoroutinefunction(ai.ask):
        raise SettingsError("this is a synchronous AI: use run")
    events = _async_run(prompt, api, ai, client, tools, stream, options)
    return events if stream else _alast(events)


async def _alast(events: AsyncGenerator[Event, None]) -> Run:
    async with aclosing(events):
        async for event in events:
            last = event
    assert isinstance(last, RunFinished)
    return last.run


async def _async_run(
    prompt: Prompt,
    api: Toolbox | None,
    given: AsyncAI | None,
    client: Any,
    tools: Any,
    stream: bool,
    options: RunOptions,
) -> AsyncGenerator[Event, None]:
    async with AsyncExitStack() as opened:
        own = None if given else await opened.enter_async_context(AsyncWorkersAI())
        ai = given or own
        assert ai is not None

        def make_client(box: Toolbox) -> Any:
            made = box.async_client_class(box.base_url)
            opened.push_async_callback(made.aclose)
            return made

        most = bounds_of(options).tools
        toolset = gather(
            api, tools, client, make_client, "async_client_class", most=most
        )
        conversation, hooks = prepare_run(ai, prompt, toolset, options)
        driver = AsyncDriver(ai, hooks, stream)
        async with aclosing(driver.drive(conversation)) as events:
            async for event in events:
                yield event
