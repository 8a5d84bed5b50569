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
)
from contextlib import AsyncExitStack, ExitStack, aclosing
from typing import Any

from ..ai.workers_ai import WorkersAI
from ..ai.workers_ai_async import AsyncWorkersAI
from ..errors import SettingsError
from ..records.run import Run
from .driver import Driver
from .driver_async import AsyncDriver
from .events import Event, RunFinished
from .offering import bounds_of
from .options import AI, AsyncAI, RunOptions, prepare_run
from .signatures import Clients, Prompt, Tools, aruns, runs
from .toolset import Toolbox, gather


@runs
def run(prompt: Prompt, **options: Any) -> Run | Iterator[Event]:
    """Lets a model answer `prompt` with tools of any modules: `tools=[petstore, weather]`.

    All else is as in the `run` of a module, of which `help(petstore.run)` tells everything.
    """
    return converse(None, prompt, **options)


@aruns
def arun(
    prompt: Prompt, **options: Any
) -> Coroutine[Any, Any, Run] | AsyncIterator[Event]:
    """`run` for asyncio: `await arun(...)`, or `async for event in arun(..., stream=True)`.

    Calls of one answer run at the same time, up to `parallel`; hooks may be async. When it
    is cancelled, calls and requests under way are cancelled with it.
    """
    return aconverse(None, prompt, **options)


# --- synchronous -----------------------------------------------------------------------


def converse(
    api: Toolbox | None,
    prompt: Prompt,
    *,
    ai: AI | None = None,
    client: Clients | None = None,
    tools: Tools | None = None,
    stream: bool = False,
    **options: Any,
) -> Run | Iterator[Event]:
    """`run` of an API, or of none."""
    if inspect.iscoroutinefunction(getattr(ai, "ask", None)):
        raise SettingsError("this is an asynchronous AI: use arun")
    _require_ai(ai, "WorkersAI")
    chosen = RunOptions(**options)  # type: ignore[typeddict-item]  # checked by prepare_run
    events = _sync_run(prompt, api, ai, client, tools, stream, chosen)
    return events if stream else _last(events)


def _require_ai(ai: object, name: str) -> None:
    """Refuse what cannot be asked: a model's name, or the class in place of an object."""
    if ai is not None and (isinstance(ai, type) or not hasattr(ai, "ask")):
        shown = ai.__name__ if isinstance(ai, type) else ascii(ai)[:80]
        raise SettingsError(f"ai is an object: ai={name}(...), not {shown}")


def _last(events: Iterator[Event]) -> Run:
    run: Run | None = None
    for event in events:
        if isinstance(event, RunFinished):
            run = event.run
    assert run is not None, "the last event is a RunFinished"
    return run


def _sync_run(
    prompt: Prompt,
    api: Toolbox | None,
    given: AI | None,
    client: Clients | None,
    tools: Tools | None,
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


def aconverse(
    api: Toolbox | None,
    prompt: Prompt,
    *,
    ai: AsyncAI | None = None,
    client: Clients | None = None,
    tools: Tools | None = None,
    stream: bool = False,
    **options: Any,
) -> Coroutine[Any, Any, Run] | AsyncIterator[Event]:
    """`arun` of an API, or of none."""
    _require_ai(ai, "AsyncWorkersAI")
    if ai is not None and not inspect.iscoroutinefunction(ai.ask):
        raise SettingsError("this is a synchronous AI: use run")
    chosen = RunOptions(**options)  # type: ignore[typeddict-item]  # checked by prepare_run
    events = _async_run(prompt, api, ai, client, tools, stream, chosen)
    return events if stream else _alast(events)


async def _alast(events: AsyncGenerator[Event, None]) -> Run:
    run: Run | None = None
    async with aclosing(events):
        async for event in events:
            if isinstance(event, RunFinished):
                run = event.run
    assert run is not None, "the last event is a RunFinished"
    return run


async def _async_run(
    prompt: Prompt,
    api: Toolbox | None,
    given: AsyncAI | None,
    client: Clients | None,
    tools: Tools | None,
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
