"""Carries out the wishes of a conversation by asyncio, calls of one answer side by side."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing, closing
from typing import Any

from ..ai.telemetry import Span, ending, note_run, run_span, tool_span
from ..errors import of_model_side
from ..records.run import Run
from .events import Event, RunFinished, piece_event
from .loop import Conversation, answer_events
from .options import AsyncAI, Hooks
from .wishes import (
    LATE,
    Approval,
    Ask,
    Effect,
    Execute,
    Outcome,
    Planned,
    Prepare,
    Tell,
)


class _Reply:
    """The end of carrying out a wish: what to send back."""

    def __init__(self, value: Any) -> None:
        self.value = value


class AsyncDriver:
    """Carries out the wishes of a conversation, calls of one answer at the same time."""

    def __init__(self, ai: AsyncAI, hooks: Hooks, stream: bool) -> None:
        self._ai = ai
        self._hooks = hooks
        self._stream = stream

    async def drive(self, conversation: Conversation) -> AsyncGenerator[Event, None]:
        span = run_span(self._ai.model.name)
        with ending(span), closing(conversation.steps()) as steps:
            try:
                wish = next(steps)
                while True:
                    reply = None
                    try:
                        async with aclosing(self._fulfil(wish, span)) as events:
                            async for event in events:
                                if isinstance(event, _Reply):
                                    reply = event.value
                                else:
                                    await self._tell(event)
                                    yield event
                    except Exception as error:
                        if not of_model_side(error):
                            raise
                        wish = steps.throw(error)
                    else:
                        wish = steps.send(reply)
            except StopIteration as stop:
                finished: Run = stop.value
            note_run(span, finished.usage, finished.stop_reason)
            last = RunFinished(finished)
            await self._tell(last)
            yield last

    async def _fulfil(
        self, wish: Effect, span: Span
    ) -> AsyncGenerator[Event | _Reply, None]:
        if isinstance(wish, Tell):
            yield wish.event
        elif isinstance(wish, Ask):
            async with aclosing(self._ask(wish, span)) as events:
                async for event in events:
                    yield event
        elif isinstance(wish, Prepare):
            hook = self._hooks.prepare
            changed = None if hook is None else await _soon(hook(wish.turn))
            yield _Reply(changed or wish.turn)
        elif isinstance(wish, Approval):
            yield _Reply(await _soon(self._hooks.decide(wish.request)))
        else:
            yield _Reply(await self._execute(wish, span))

    async def _ask(self, wish: Ask, span: Span) -> AsyncGenerator[Event | _Reply, None]:
        if not self._stream:
            with span.active():
                answer = await self._ai.ask(wish.question, deadline=wish.deadline)
            for event in answer_events(answer):
                yield event
            yield _Reply(answer)
            return
        with span.active():
            pieces = self._ai.stream(wish.question, deadline=wish.deadline)
        streamed: set[str] = set()
        async with aclosing(pieces):
            async for piece in pieces:
                if piece.kind == "answer":
                    answer = piece
                elif found := piece_event(piece):
                    streamed.add(found.kind)
                    yield found
        for event in answer_events(answer):
            if event.kind not in streamed:  # no stream came, or it was held back
                yield event
        yield _Reply(answer)

    async def _execute(self, wish: Execute, span: Span) -> list[Outcome]:
        """All calls, at most `parallel` at once; the first bug cancels the others."""
        gate = asyncio.Semaphore(max(1, wish.limits.parallel))

        async def one(plan: Planned) -> Outcome:
            async with gate:
                return LATE if wish.is_late() else await self._call(plan, wish, span)

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(one(plan)) for plan in wish.calls]
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        return [task.result() for task in tasks]

    async def _call(self, plan: Planned, wish: Execute, span: Span) -> Outcome:
        route = plan.route
        assert route is not None
        started = time.monotonic()
        with span.active():
            inner = tool_span(plan.name, plan.call.id)
        with ending(inner), inner.active():
            result = await route.api.acall_tool(
                route.name,
                plan.arguments,
                client=route.client,
                timeout=wish.seconds_left(),
            )
        return Outcome(result, time.monotonic() - started)

    async def _tell(self, event: Event) -> None:
        if self._hooks.on_event is not None:
            await _soon(self._hooks.on_event(event))


async def _soon(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value
