"""Asking a model from asyncio: the part that HTTP and a Worker's binding share."""

from __future__ import annotations

import asyncio
import time
from abc import abstractmethod
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing
from typing import Any, TypeVar

from ..errors import WorkersAIError
from ..records.exchange import Answer, Question
from .attempts import Reply, Send, Sleep, Step
from .clef import Decisions
from .settings import Settings, may_ask_again
from .streaming import Piece, StreamReader
from .telemetry import Span, ending, note_answer

H = TypeVar("H")
T = TypeVar("T")


class AsyncAsking(Settings[H]):
    """`ask` and `stream` over two things that a subclass can do: send, and read on."""

    @abstractmethod
    async def _send(self, step: Send, question: Question) -> Reply:
        """One attempt. Raises WorkersAIError."""

    @abstractmethod
    def _chunks(self, stream: Any, reader: StreamReader) -> AsyncGenerator[bytes, None]:
        """The bytes of a reply's open stream, which is closed in any case.

        Raises what `reader.broken` makes when they break off.
        """

    async def ask(self, question: Question, *, deadline: float | None = None) -> Answer:
        """One answer. `deadline` is a moment of `time.monotonic`.

        Raises WorkersAIError (see `errors`).
        """
        with ending(self._span(question)) as span:
            with span.active():
                answer = await self._drive(self._steps(question, deadline), question)
            note_answer(span, answer)
            return answer

    async def decide(
        self, decisions: Decisions, *, deadline: float | None = None
    ) -> dict[str, float]:
        """The chance of a yes for each question, by Cloudflare's decision model (see `clef`).

        Raises WorkersAIError.
        """
        steps = self._decision_steps(decisions, deadline)
        return await self._drive(steps, Question(()))

    def stream(
        self, question: Question, *, deadline: float | None = None
    ) -> AsyncGenerator[Piece | Answer, None]:
        """Pieces as they come, then the whole Answer as the last item.

        Raises WorkersAIError; `partial` of the error is what came until then.
        """
        return self._stream(question, deadline, self._span(question))

    async def _stream(
        self, question: Question, deadline: float | None, span: Span
    ) -> AsyncGenerator[Piece | Answer, None]:
        with ending(span):
            found = await self._drive(self._open_steps(question, deadline), question)
            if isinstance(found, Reply):
                begun = False
                reader = self._stream_reader(question)
                try:
                    async with aclosing(self._chunks(found.stream, reader)) as parts:
                        while (
                            part := await _next(parts, reader, deadline)
                        ) is not None:
                            for piece in reader.feed(part):
                                begun = True
                                yield piece
                    found = reader.close()
                except WorkersAIError as error:
                    if begun or not may_ask_again(error):
                        raise
                    found = await self._drive(self._steps(question, deadline), question)
            note_answer(span, found)
            yield found

    async def _drive(self, steps: Generator[Step, Reply, T], question: Question) -> T:
        try:
            step = next(steps)
            while True:
                if isinstance(step, Sleep):
                    await asyncio.sleep(step.seconds)
                    step = next(steps)
                    continue
                try:
                    reply = await self._send(step, question)
                except WorkersAIError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(reply)
        except StopIteration as stop:
            result: T = stop.value
            return result
        finally:
            steps.close()


async def _next(
    parts: AsyncGenerator[bytes, None], reader: StreamReader, deadline: float | None
) -> bytes | None:
    """The next part, None at the end. Raises OutOfTimeError at the deadline."""
    left = None if deadline is None else max(0.0, deadline - time.monotonic())
    try:
        async with asyncio.timeout(left):
            return await anext(parts, None)
    except TimeoutError:
        reader.require_time(deadline)
        raise reader.broken("the stream broke off (TimeoutError)") from None
