"""`WorkersAI`: a model over HTTP for synchronous code, and whatever speaks OpenAI's form.

What is sent and what is made of the answer is shared, in `settings`; the sending is `transport`'s.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ..errors import WorkersAIError
from ..records.exchange import Answer, Question
from ..transport.library import httpx, library_of
from ..transport.receiving import CutOffError
from ..transport.sender import SyncSender, SyncStream, new_client
from .checks import require_kind
from .clef import Decisions
from .settings import Settings, may_ask_again
from .streaming import Piece, StreamReader
from .telemetry import Span, ending, note_answer
from .workers_ai_async import AsyncWorkersAI

if TYPE_CHECKING:
    from .binding import BindingAI


class WorkersAI(Settings[httpx.Client]):
    """A model over HTTP, for synchronous code; a context manager."""

    def _open(self) -> httpx.Client:
        made: httpx.Client = new_client(httpx.Client, trust_env=False)
        return made

    def _given(self, http_client: httpx.Client) -> httpx.Client:
        kind = library_of(http_client).Client
        require_kind("http_client", http_client, kind, "an httpx.Client")
        return http_client

    def _ready(self) -> None:
        self._sender = SyncSender(self._http, lambda: self._redactor)

    @staticmethod
    def from_binding(
        binding: Any, model: str | None = None, **settings: Any
    ) -> BindingAI:
        """The asynchronous client for a Worker's binding `env.AI` (see `binding`)."""
        return AsyncWorkersAI.from_binding(binding, model, **settings)

    def ask(self, question: Question, *, deadline: float | None = None) -> Answer:
        """One answer. `deadline` is a moment of `time.monotonic`.

        Raises WorkersAIError (see `errors`).
        """
        with ending(self._span(question)) as span:
            with span.active():
                answer = self._sender.run(self._steps(question, deadline))
            note_answer(span, answer)
            return answer

    def decide(
        self, decisions: Decisions, *, deadline: float | None = None
    ) -> dict[str, float]:
        """The chance of a yes for each question, by Cloudflare's decision model (see `clef`).

        Raises WorkersAIError.
        """
        return self._sender.run(self._decision_steps(decisions, deadline))

    def stream(
        self, question: Question, *, deadline: float | None = None
    ) -> Generator[Piece | Answer, None, None]:
        """Pieces as they come, then the whole Answer as the last item.

        Raises WorkersAIError; `partial` of the error is what came until then.
        """
        return self._stream(question, deadline, self._span(question))

    def _stream(
        self, question: Question, deadline: float | None, span: Span
    ) -> Generator[Piece | Answer, None, None]:
        with ending(span):
            found = self._sender.run(self._open_steps(question, deadline))
            if isinstance(found, SyncStream):
                begun = False
                reader = self._stream_reader(question)
                try:
                    with closing(found):
                        while (part := self._next(found, reader, deadline)) is not None:
                            for piece in reader.feed(part):
                                begun = True
                                yield piece
                    answer = reader.close()
                except WorkersAIError as error:
                    if begun or not may_ask_again(error):
                        raise
                    answer = self._sender.run(self._steps(question, deadline))
            else:
                assert isinstance(found, Answer)
                answer = found
            note_answer(span, answer)
            yield answer

    def _next(
        self, stream: SyncStream, reader: StreamReader, deadline: float | None
    ) -> bytes | None:
        """The next part, None at the end. Raises OutOfTimeError, BrokenStreamError."""
        reader.require_time(deadline)
        try:
            return stream.next(self._next_by(reader, deadline))
        except CutOffError as error:
            reader.require_time(deadline)
            why = error.failure.why
        raise reader.broken(f"the stream broke off: {why}")

    def close(self) -> None:
        """Close the HTTP client, unless it was given."""
        if self._owned:
            self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
