"""Clients for the model's side: Workers AI over HTTP, and whatever speaks OpenAI's form.

Only the sending is here; what is sent and what is made of the answer is shared, in
`ai_settings`. Inside a Worker, `from_binding` asks `env.AI` instead (`binding`). Imports
those, `ai_async`, `attempts`, `deadline`, `streaming`, `telemetry`, the HTTP library.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import aclosing, closing, contextmanager, nullcontext
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from ._httpx import httpx, library_of
from .ai_async import AsyncAsking
from .ai_bodies import dump
from .ai_errors import ConnectionFailedError, UnreadableAnswerError, WorkersAIError
from .ai_settings import Settings, may_ask_again
from .attempts import Reply, Send, Sleep, Step
from .checks import require_kind
from .deadline import Cutoff
from .dialogue import Answer, Question
from .logs import masked
from .streaming import Piece, StreamReader
from .telemetry import Span, ending, note_answer

if TYPE_CHECKING:
    from .binding import BindingAI

ANSWER_LIMIT = 64 * 1024 * 1024
"""Bytes of one answer at most, after decoding."""

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

        Raises WorkersAIError (see `ai_errors`).
        """
        with ending(self._span(question)) as span:
            with span.active():
                answer = self._drive(self._steps(question, deadline), question)
            note_answer(span, answer)
            return answer

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
                reader = StreamReader(question)
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
                self.endpoint.url,
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


class AsyncWorkersAI(AsyncAsking[httpx.AsyncClient]):
    """A model over HTTP, for asyncio; an async context manager."""

    def _open(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(follow_redirects=False, trust_env=False)

    def _given(self, http_client: httpx.AsyncClient) -> httpx.AsyncClient:
        kind = library_of(http_client).AsyncClient
        require_kind("http_client", http_client, kind, "an httpx.AsyncClient")
        return http_client

    @staticmethod
    def from_binding(
        binding: Any, model: str | None = None, **settings: Any
    ) -> BindingAI:
        """The client for a Worker's binding `env.AI` (see `binding`)."""
        from .binding import BindingAI

        return BindingAI(binding, model, **settings)

    async def _chunks(
        self, stream: Any, reader: StreamReader
    ) -> AsyncGenerator[bytes, None]:
        meter = _Meter()
        try:
            async with aclosing(stream.aiter_bytes()) as chunks:
                async for chunk in chunks:
                    yield meter.count(chunk)
        except library_of(self._http).HTTPError as error:
            raise reader.broken(f"the stream broke off ({_kind(error)})") from None
        finally:
            await stream.aclose()

    async def _send(self, step: Send, question: Question) -> Reply:
        with _translated(self._http), masked(self._redactor):
            request = self._http.build_request(
                "POST",
                self.endpoint.url,
                content=dump(step.body),
                headers=self.headers(question),
                timeout=step.timeout,
            )
            async with asyncio.timeout(step.timeout):
                return await self._exchange(request, step.stream)

    async def _exchange(self, request: httpx.Request, stream: bool) -> Reply:
        response = await self._http.send(request, stream=True, follow_redirects=False)
        if not _is_readable(response):
            await response.aclose()
            raise _unreadable()
        if stream and _is_stream(response):
            return Reply(200, _lower(response.headers), None, response)
        try:
            meter = _Meter()
            body = b"".join([meter.count(c) async for c in response.aiter_bytes()])
        finally:
            await response.aclose()
        return Reply(response.status_code, _lower(response.headers), body)

    async def aclose(self) -> None:
        """Close the HTTP client, unless it was given."""
        if self._owned:
            await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()


def _is_readable(response: httpx.Response) -> bool:
    """Whether what comes can be inflated piece by piece, so that a limit can hold."""
    encoding = response.headers.get("content-encoding", "").strip().lower()
    return encoding in ("", "identity", "gzip", "x-gzip", "deflate")


def _unreadable() -> UnreadableAnswerError:
    error = UnreadableAnswerError(
        "the answer came in an encoding that was not asked for"
    )
    error.retryable = False
    return error


class _Meter:
    """Counts the bytes of one answer."""

    def __init__(self) -> None:
        self._size = 0

    def count(self, chunk: bytes, cut: Cutoff | None = None) -> bytes:
        self._size += len(chunk)
        if self._size > ANSWER_LIMIT:
            error = UnreadableAnswerError("the answer is larger than 64 MiB")
            error.retryable = False
            raise error
        if cut is not None and cut.is_over:
            raise TimeoutError
        return chunk


@contextmanager
def _translated(client: object, cut: Cutoff | None = None) -> Iterator[None]:
    """HTTP failures as ours, without the request that they carry."""
    library = library_of(client)
    try:
        yield
    except (
        library.HTTPError,
        library.InvalidURL,
        library.StreamError,
        TimeoutError,
    ) as error:
        late = isinstance(error, TimeoutError | library.TimeoutException)
        late = late or (cut is not None and cut.is_over)
        why = "in time" if late else f"({_kind(error)})"
        raise ConnectionFailedError(
            f"no answer from the model's service {why}"
        ) from None


def _kind(error: Exception) -> str:
    return type(error).__name__


def _is_stream(response: httpx.Response) -> bool:
    kind = response.headers.get("content-type", "")
    return response.status_code == 200 and kind.startswith("text/event-stream")


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
