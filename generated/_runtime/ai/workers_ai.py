"""`WorkersAI`: a model over HTTP for synchronous code, and whatever speaks OpenAI's form.

Only the sending is here; what is sent and what is made of the answer is shared, in `settings`.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import closing, nullcontext
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from ..errors import WorkersAIError
from ..records.exchange import Answer, Question
from ..transport.deadline import Cutoff
from ..transport.library import httpx, library_of, masked
from .attempts import Reply, Send, Sleep, Step
from .bodies import dump
from .checks import require_kind
from .clef import Decisions
from .settings import Settings, may_ask_again
from .streaming import Piece, StreamReader
from .telemetry import Span, ending, note_answer

if TYPE_CHECKING:
    from .binding import BindingAI
from .receiving import (
    _is_readable,
    _is_stream,
    _kind,
    _lower,
    _Meter,
    _translated,
    _unreadable,
)
from .workers_ai_async import AsyncWorkersAI

T = TypeVar("T")


class WorkersAI(Settings[httpx.Client]):
    """A model over HTTP, for synchronous code; a context manager."""

    def _open(self) -> httpx.Client:
        return httpx.Client(follow_redirects=False, trust_env=False)

    def _given(self, http_client: httpx.Client) -> httpx.Client:
        kind = library_of(http_client).Client
        require_kind("http_client", http_client, kind, "an httpx.Client")
        return http_client

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
                answer = self._drive(self._steps(question, deadline), question)
            note_answer(span, answer)
            return answer

    def decide(
        self, decisions: Decisions, *, deadline: float | None = None
    ) -> dict[str, float]:
        """The chance of a yes for each question, by Cloudflare's decision model (see `clef`).

        Raises WorkersAIError.
        """
        return self._drive(self._decision_steps(decisions, deadline), Question(()))

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
            found = self._drive(self._open_steps(question, deadline), question)
            if isinstance(found, Reply):
                begun = False
                reader = self._stream_reader(question)
                try:
                    chunked = self._chunks(found.stream, reader, deadline)
                    with closing(chunked) as chunks:
                        for chunk in chunks:
                            for piece in reader.feed(chunk):
                                begun = True
                                yield piece
                    found = reader.close()
                except WorkersAIError as error:
                    if begun or not may_ask_again(error):
                        raise
                    found = self._drive(self._steps(question, deadline), question)
            note_answer(span, found)
            yield found

    def _chunks(
        self, stream: Any, reader: StreamReader, deadline: float | None
    ) -> Generator[bytes, None, None]:
        meter = _Meter()
        try:
            with nullcontext() if deadline is None else Cutoff(deadline) as cut:
                if cut is not None:
                    cut.watch(stream)
                for chunk in stream.iter_bytes():
                    reader.require_time(deadline)
                    yield meter.count(chunk)
            if not reader.is_whole:  # cut off by us, perhaps
                reader.require_time(deadline)
        except library_of(self._http).HTTPError as error:
            reader.require_time(deadline)
            raise reader.broken(f"the stream broke off ({_kind(error)})") from None
        finally:
            stream.close()

    def _drive(self, steps: Generator[Step, Reply, T], question: Question) -> T:
        try:
            step = next(steps)
            while True:
                if isinstance(step, Sleep):
                    time.sleep(step.seconds)
                    step = next(steps)
                    continue
                try:
                    reply = self._send(step, question)
                except WorkersAIError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(reply)
        except StopIteration as stop:
            result: T = stop.value
            return result
        finally:
            steps.close()

    def _send(self, step: Send, question: Question) -> Reply:
        with (
            Cutoff(time.monotonic() + step.timeout) as cut,
            _translated(self._http, cut),
            masked(self._redactor),
        ):
            request = self._http.build_request(
                "POST",
                self._url(step.model),
                content=dump(step.body),
                headers=self.headers(question),
                extensions=cut.extensions,
            )
            response = self._http.send(request, stream=True, follow_redirects=False)
            if not _is_readable(response):
                response.close()
                raise _unreadable()
            if step.stream and _is_stream(response):
                cut.limits.restart(step.timeout)  # of each wait for more of the stream
                return Reply(200, _lower(response.headers), None, response)
            cut.watch(response)
            try:
                meter = _Meter()
                body = b"".join(meter.count(c, cut) for c in response.iter_bytes())
            finally:
                response.close()
            if cut.is_over:  # what came may be half of it
                raise TimeoutError
            return Reply(response.status_code, _lower(response.headers), body)

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
