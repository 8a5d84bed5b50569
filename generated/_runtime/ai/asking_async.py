"""Asking a model from asyncio: the part that HTTP and a Worker's binding share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncGenerator
from typing import TypeVar

from ..errors import WorkersAIError
from ..records.exchange import Answer, Question
from ..transport.receiving import CutOffError
from ..transport.sender_async import AsyncOpened, AsyncRunner
from .clef import Decisions
from .settings import Settings, may_ask_again
from .streaming import Piece, StreamReader
from .telemetry import Span, ending, note_answer

H = TypeVar("H")


class AsyncAsking(Settings[H]):
    """`ask` and `stream` over what a subclass sends by."""

    def _ready(self) -> None:
        self._sender = self._runner()

    @abstractmethod
    def _runner(self) -> AsyncRunner:
        """What carries out the steps of a question."""

    async def ask(self, question: Question, *, deadline: float | None = None) -> Answer:
        """One answer. `deadline` is a moment of `time.monotonic`.

        Raises WorkersAIError (see `errors`).
        """
        with ending(self._span(question)) as span:
            with span.active():
                answer = await self._sender.run(self._steps(question, deadline))
            note_answer(span, answer)
            return answer

    async def decide(
        self, decisions: Decisions, *, deadline: float | None = None
    ) -> dict[str, float]:
        """The chance of a yes for each question, by Cloudflare's decision model (see `clef`).

        Raises WorkersAIError.
        """
        return await self._sender.run(self._decision_steps(decisions, deadline))

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
            found = await self._sender.run(self._open_steps(question, deadline))
            if isinstance(found, AsyncOpened):
                begun = False
                reader = self._stream_reader(question)
                try:
                    try:
                        while (
                            part := await self._next(found, reader, deadline)
                        ) is not None:
                            for piece in reader.feed(part):
                                begun = True
                                yield piece
                    finally:
                        await found.close()
                    answer = reader.close()
                except WorkersAIError as error:
                    if begun or not may_ask_again(error):
                        raise
                    answer = await self._sender.run(self._steps(question, deadline))
            else:
                assert isinstance(found, Answer)
                answer = found
            note_answer(span, answer)
            yield answer

    async def _next(
        self, stream: AsyncOpened, reader: StreamReader, deadline: float | None
    ) -> bytes | None:
        """The next part, None at the end. Raises OutOfTimeError, BrokenStreamError."""
        reader.require_time(deadline)
        try:
            return await stream.next(self._next_by(reader, deadline))
        except CutOffError as error:
            reader.require_time(deadline)
            why = error.failure.why
        raise reader.broken(f"the stream broke off: {why}")
