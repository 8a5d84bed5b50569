"""The model's side inside a Python Worker: `env.AI` in place of HTTP.

Objects cross to JavaScript and back as JSON, which works with the SDK's wrapped binding
and with a raw one, whatever the runtime makes of dicts and nulls (contract section 9).
Outside a Worker any object with an async `run(model, inputs, options)` serves, for tests.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from ..errors import SettingsError, TransportError, quiet
from ..records.exchange import Question
from ..request.outgoing import Outgoing
from ..transport.answers import ANSWER_LIMIT, Answer, BodyReader
from ..transport.policy import TIMED_OUT, Clock, Failure
from ..transport.receiving import CutOffError, Opened
from ..transport.sender_async import AsyncOpened, AsyncRunner, bound, until_then
from ..transport.steps import Send
from .asking_async import AsyncAsking
from .bodies import Body, dump
from .errors import service_error
from .model import DEFAULT_MODEL

_OVER_HTTP = frozenset(
    {"account_id", "api_token", "base_url", "surface", "http_client", "allow_http"}
)
_UNUSED_ACCOUNT = "binding"
_IN_PYODIDE = sys.platform == "emscripten"


class BindingAI(AsyncAsking[Any]):
    """A model behind a Worker's binding; asynchronous only. See `Settings`.

    `gateway`, `reject_if_busy` and session affinity become options of `env.AI.run`.
    """

    @quiet
    def __init__(self, binding: Any, model: str | None = None, **settings: Any) -> None:
        if not hasattr(binding, "run"):
            raise SettingsError(
                "env.AI is missing: the Worker's configuration needs an AI binding"
            )
        for name in _OVER_HTTP & set(settings):
            raise SettingsError(f"{name} is for HTTP: a Worker's binding takes none")
        settings = {**settings, "account_id": _UNUSED_ACCOUNT, "api_token": "unused"}
        self._binding = binding
        super().__init__(model or DEFAULT_MODEL, surface="run", **settings)

    def _open(self) -> None:
        """The binding is there already."""

    async def aclose(self) -> None:
        """Nothing to close: the binding belongs to the Worker."""

    def options(self, question: Question) -> dict[str, Any]:
        """The third argument of `env.AI.run`."""
        options: dict[str, Any] = {}
        if self.gateway is not None:
            options["gateway"] = self.gateway.binding_options()
        if question.session:
            options["extraHeaders"] = {"x-session-affinity": question.session}
        if self.reject_if_busy:
            options["rejectIfBusy"] = True
        return options

    def _posting(
        self, question: Question, model: str = ""
    ) -> Callable[[Body], Outgoing]:
        options = self.options(question)

        def post(body: Body) -> Outgoing:
            inputs = {key: value for key, value in body.items() if key != "options"}
            return _Run(model or self.model.name, dump(inputs), dump(options))

        return post

    def _runner(self) -> AsyncRunner:
        return _BindingRunner(self._binding)


class _Run(Outgoing):
    """A call of `env.AI.run`: the model in place of a URL, its inputs in place of a body."""

    __slots__ = ("options",)

    def __init__(self, model: str, inputs: bytes, options: bytes) -> None:
        super().__init__("RUN", model, [], inputs, template="(model)", idempotent=True)
        self.options = options


class _BindingRunner(AsyncRunner):
    """Sends by `env.AI.run`."""

    __slots__ = ("_binding",)

    def __init__(self, binding: Any) -> None:
        self._binding = binding

    async def send(self, step: Send) -> Any:
        """An answer, an open stream, a Failure, or the WorkersAIError that the binding's own
        error stands for."""
        run = step.outgoing
        assert isinstance(run, _Run)
        try:
            async with bound(step.clock.left()):
                found = await self._binding.run(
                    run.url, _across(run.content or b""), _across(run.options)
                )
                return await _reply(found, step)
        except TimeoutError:
            return TIMED_OUT
        # A JsException, or whatever a fake raises: only its text tells what happened.
        except Exception as error:  # noqa: BLE001
            return service_error(self._status(), _error_text(error))

    def _status(self) -> int:
        """HTTP status of the binding's last request, where it tells; else 0.

        Only a hint: several requests at once share it. A code in the error's text wins.
        """
        status = getattr(self._binding, "lastRequestHttpStatusCode", None)
        return status if isinstance(status, int) and status >= 400 else 0


class _Readable(AsyncOpened):
    """A ReadableStream that is read to its end; its reader is let go in any case."""

    __slots__ = ("_reader",)

    def __init__(self, stream: Any) -> None:
        self._reader = stream.getReader()

    async def next(self, until: float) -> bytes | None:
        try:
            async with until_then(until):
                part = await self._reader.read()
        except TimeoutError:
            failure = TIMED_OUT
        except Exception as error:  # noqa: BLE001  # a throw of JS
            failure = Failure(TransportError, f"({type(error).__name__})")
        else:
            if part.done:
                return None
            value = part.value
            return bytes(value.to_py() if hasattr(value, "to_py") else value)
        raise CutOffError(failure)

    async def close(self) -> None:
        try:
            await self._reader.cancel()
        # It has ended, or failed already: nothing is left to close.
        except Exception:  # noqa: BLE001
            return


def _across(data: bytes) -> Any:
    """JSON as a plain JavaScript object, or a fresh dict where there is none."""
    text = data.decode()
    return _javascript().parse(text) if _IN_PYODIDE else json.loads(text)


def _javascript() -> Any:
    """JavaScript's own JSON, which exists in Pyodide only."""
    return import_module("js").JSON


async def _reply(found: Any, step: Send) -> Answer | Opened:
    """What `run` gave, as the answer that HTTP would have been."""
    if hasattr(found, "getReader"):
        stream = _Readable(found)
        if step.stream:
            return stream
        return _whole(await _read_all(stream, step.clock))
    if found is None or isinstance(found, dict | list | str | int | float):
        return _whole(dump(found))
    if isinstance(found, Mapping):
        return _whole(dump(dict(found)))
    text = _javascript().stringify(found)
    return _whole(str(text).encode() if isinstance(text, str) else b"")


def _whole(content: bytes) -> Answer:
    return Answer(200, {"content-type": "application/json"}, content)


async def _read_all(stream: _Readable, clock: Clock) -> bytes:
    """All of a stream, up to the limit of an answer."""
    reader = BodyReader("", ANSWER_LIMIT)
    try:
        end = clock.end if clock.end is not None else float("inf")
        while (part := await stream.next(end)) is not None and reader.feed(part):
            pass
    finally:
        await stream.close()
    return reader.content()


def _error_text(error: Exception) -> str:
    message = getattr(error, "message", None)
    return message if isinstance(message, str) and message else str(error)
