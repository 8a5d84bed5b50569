"""Carries out the wishes of a conversation one after the other, without threads."""

from __future__ import annotations

import inspect
import time
from collections.abc import Generator
from contextlib import closing
from typing import Any

from ..ai.telemetry import Span, ending, note_run, run_span, tool_span
from ..errors import SettingsError, of_model_side
from ..records.exchange import Answer
from ..records.run import Run
from .events import Event, RunFinished, piece_event
from .loop import Conversation, answer_events
from .options import AI, Hooks
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


class Driver:
    """Carries out the wishes of a conversation, one after the other."""

    def __init__(self, ai: AI, hooks: Hooks, stream: bool) -> None:
        self._ai = ai
        self._hooks = hooks
        self._stream = stream

    def drive(self, conversation: Conversation) -> Generator[Event, None, None]:
        span = run_span(self._ai.model.name)
        with ending(span), closing(conversation.steps()) as steps:
            try:
                wish = next(steps)
                while True:
                    try:
                        reply = yield from self._fulfil(wish, span)
                    except Exception as error:
                        if not of_model_side(error):
                            raise
                        wish = steps.throw(error)
                    else:
                        wish = steps.send(reply)
            except StopIteration as stop:
                finished: Run = stop.value
            note_run(span, finished.usage, finished.stop_reason)
            yield from self._emit(RunFinished(finished))

    def _fulfil(self, wish: Effect, span: Span) -> Generator[Event, None, Any]:
        if isinstance(wish, Tell):
            yield from self._emit(wish.event)
            return None
        if isinstance(wish, Ask):
            return (yield from self._ask(wish, span))
        if isinstance(wish, Prepare):
            hook = self._hooks.prepare
            changed = None if hook is None else _now(hook(wish.turn), "prepare")
            return changed or wish.turn
        if isinstance(wish, Approval):
            return _now(self._hooks.decide(wish.request), "approve")
        return [self._call(plan, wish, span) for plan in wish.calls]

    def _ask(self, wish: Ask, span: Span) -> Generator[Event, None, Answer]:
        if not self._stream:
            with span.active():
                answer = self._ai.ask(wish.question, deadline=wish.deadline)
            for event in answer_events(answer):
                yield from self._emit(event)
            return answer
        with span.active():
            pieces = self._ai.stream(wish.question, deadline=wish.deadline)
        streamed: set[str] = set()
        with closing(pieces):
            for piece in pieces:
                if piece.kind == "answer":
                    answer = piece
                elif found := piece_event(piece):
                    streamed.add(found.kind)
                    yield from self._emit(found)
        for event in answer_events(answer):
            if event.kind not in streamed:  # no stream came, or it was held back
                yield from self._emit(event)
        return answer

    def _call(self, plan: Planned, wish: Execute, span: Span) -> Outcome:
        if wish.is_late():
            return LATE
        route = plan.route
        assert route is not None
        started = time.monotonic()
        with span.active():
            inner = tool_span(plan.name, plan.call.id)
        with ending(inner), inner.active():
            result = route.api.call_tool(
                route.name,
                plan.arguments,
                client=route.client,
                timeout=wish.seconds_left(),
            )
        return Outcome(result, time.monotonic() - started)

    def _emit(self, event: Event) -> Generator[Event, None, None]:
        if self._hooks.on_event is not None:
            _now(self._hooks.on_event(event), "on_event")
        yield event


def _now(value: Any, name: str) -> Any:
    """A hook's answer; one that must be awaited has no place here."""
    if inspect.isawaitable(value):
        if inspect.iscoroutine(value):
            value.close()
        raise SettingsError(f"{name} is asynchronous: use arun")
    return value
