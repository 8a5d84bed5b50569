"""The model's side inside a Python Worker: `env.AI` in place of HTTP.

Objects cross to JavaScript and back as JSON, which works with the SDK's wrapped binding
and with a raw one, whatever the runtime makes of dicts and nulls (contract section 9).
Outside a Worker any object with an async `run(model, inputs, options)` serves, for tests.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from importlib import import_module
from typing import Any

from ..errors import ConnectionFailedError, SettingsError
from ..records.exchange import Question
from .asking_async import AsyncAsking
from .attempts import Reply, Send
from .bodies import Body, dump
from .errors import service_error
from .model import DEFAULT_MODEL
from .streaming import StreamReader

_OVER_HTTP = frozenset(
    {"account_id", "api_token", "base_url", "surface", "http_client", "allow_http"}
)
_UNUSED_ACCOUNT = "binding"
_IN_PYODIDE = sys.platform == "emscripten"


class BindingAI(AsyncAsking[Any]):
    """A model behind a Worker's binding; asynchronous only. See `Settings`.

    `gateway`, `reject_if_busy` and session affinity become options of `env.AI.run`.
    """

    def __init__(self, binding: Any, model: str | None = None, **settings: Any) -> None:
        if not hasattr(binding, "run"):
            raise SettingsError(
                "env.AI is missing: the Worker's configuration needs an AI binding"
            )
        for name in _OVER_HTTP & set(settings):
            raise SettingsError(f"{name} is for HTTP: a Worker's binding takes none")
        settings = {**settings, "account_id": _UNUSED_ACCOUNT, "api_token": "unused"}
        super().__init__(model or DEFAULT_MODEL, surface="run", **settings)
        self._binding = binding

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

    async def _send(self, step: Send, question: Question) -> Reply:
        inputs = {key: value for key, value in step.body.items() if key != "options"}
        try:
            async with asyncio.timeout(step.timeout):
                found = await self._binding.run(
                    step.model or self.model.name,
                    _across(inputs),
                    _across(self.options(question)),
                )
                return await _reply(found, step.stream)
        except TimeoutError:
            raise ConnectionFailedError("no answer from env.AI in time") from None
        # A JsException, or whatever a fake raises: only its text tells what happened.
        except Exception as error:  # noqa: BLE001
            raise service_error(self._status(), _error_text(error)) from None

    def _status(self) -> int:
        """HTTP status of the binding's last request, where it tells; else 0.

        Only a hint: several requests at once share it. A code in the error's text wins.
        """
        status = getattr(self._binding, "lastRequestHttpStatusCode", None)
        return status if isinstance(status, int) and status >= 400 else 0

    async def _chunks(
        self, stream: Any, reader: StreamReader
    ) -> AsyncGenerator[bytes, None]:
        try:
            async with aclosing(_read_on(stream)) as chunks:
                async for chunk in chunks:
                    yield chunk
        except Exception as error:  # noqa: BLE001  # a throw of JS
            kind = type(error).__name__
            raise reader.broken(f"the stream broke off ({kind})") from None


def _across(value: Body) -> Any:
    """`value` as a plain JavaScript object, or a fresh dict where there is none."""
    text = dump(value).decode()
    return _javascript().parse(text) if _IN_PYODIDE else json.loads(text)


def _javascript() -> Any:
    """JavaScript's own JSON, which exists in Pyodide only."""
    return import_module("js").JSON


async def _reply(found: Any, stream: bool) -> Reply:
    """What `run` gave, as the reply that HTTP would have been."""
    kind = {"content-type": "application/json"}
    if hasattr(found, "getReader"):
        if stream:
            return Reply(200, {"content-type": "text/event-stream"}, None, found)
        parts = [chunk async for chunk in _read_on(found)]
        return Reply(200, kind, b"".join(parts))
    if found is None or isinstance(found, dict | list | str | int | float):
        return Reply(200, kind, dump(found))
    if isinstance(found, Mapping):
        return Reply(200, kind, dump(dict(found)))
    text = _javascript().stringify(found)
    return Reply(200, kind, str(text).encode() if isinstance(text, str) else b"")


async def _read_on(stream: Any) -> AsyncGenerator[bytes, None]:
    """The bytes of a ReadableStream; its reader is let go in any case."""
    reader = stream.getReader()
    try:
        while True:
            part = await reader.read()
            if part.done:
                return
            value = part.value
            yield bytes(value.to_py() if hasattr(value, "to_py") else value)
    finally:
        await _let_go(reader)


async def _let_go(reader: Any) -> None:
    try:
        await reader.cancel()
    # It has ended, or failed already: nothing is left to close.
    except Exception:  # noqa: BLE001
        return


def _error_text(error: Exception) -> str:
    message = getattr(error, "message", None)
    return message if isinstance(message, str) and message else str(error)
