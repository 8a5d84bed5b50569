"""One API as a generated module offers it: previews, calls, conversations.

`Api` is the switch between a tool's name and the request that it stands for.
"""

from __future__ import annotations

from collections.abc import (
    AsyncIterator,
    Coroutine,
    Iterator,
)
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Unpack, overload

from .client.asynchronous import AsyncClient
from .client.description import Described, Description
from .client.results import failed
from .client.sync import SyncClient
from .errors import ConfigurationError, ToolbindError
from .records.exchange import ToolResult
from .request.files import FileReader
from .request.operation import Operation
from .request.outgoing import Outgoing, assemble
from .request.urls import BaseUrl

if TYPE_CHECKING:
    from .conversation.events import Event
    from .conversation.options import AI, AsyncAI, RunOptions
    from .conversation.run import Prompt, Run


class PreparedCall(NamedTuple):
    """A request as it would be sent, for a person to look at: secrets stand as `***`."""

    method: str
    url: str
    headers: dict[str, str]
    body: str
    title: str = ""

    def __str__(self) -> str:
        lines = [f"{self.method} {self.url}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\n".join([*lines, "", self.body] if self.body else lines)


class Api(Description):
    """What a generated module knows, and how a tool call becomes a request and a result.

    `client` and `async_client` are the module's two classes; the description becomes theirs.
    """

    def __init__(
        self,
        *,
        client: type[SyncClient],
        async_client: type[AsyncClient],
        **described: Unpack[Described],
    ) -> None:
        super().__init__(**described)
        self.client_class = client
        self.async_client_class = async_client
        client._api = self
        async_client._api = self

    def preview(
        self,
        name: str,
        arguments: object,
        *,
        client: SyncClient | AsyncClient | None = None,
    ) -> PreparedCall:
        """The request that a tool call would send, with secrets masked; nothing is sent.

        Without a client the document's base URL and no credentials are shown, and names in place
        of what a client is bound to. Raises UnknownToolError, ArgumentError or CredentialsError.
        """
        operation = self.operation(name)
        values = operation.reader.read(arguments)
        if client is not None:
            return _prepared(client._preview(operation, values), operation)
        base = BaseUrl((operation.server or self.base_url).rstrip("/"), ("", "", 0))
        unknown = {name: row["bind"].upper() for name, row in operation.bound.items()}
        values = {**values, **unknown}
        return _prepared(
            assemble(operation, operation.build(values, FileReader()), base), operation
        )

    # --- calls ---------------------------------------------------------------------------------

    def call_tool(
        self,
        name: str,
        arguments: object,
        *,
        client: SyncClient | None = None,
        timeout: float | None = None,
    ) -> ToolResult:
        """Calls a tool as a model asks for it: `arguments` are an object or JSON text of one.

        Whatever goes wrong on the way is a ToolResult that tells the model. `timeout` is seconds
        for this call, where the client's own are more. Without a client one is made from the
        environment for this call and closed again; that, and a client that is none, raise
        ConfigurationError.
        """
        if client is None:
            with self.client_class(self.base_url) as made:
                return self.call_tool(name, arguments, client=made, timeout=timeout)
        self._check_client(client, self.client_class)
        try:
            operation = self.operation(name)
            values = operation.reader.read(arguments)
            call = client._prepare(operation, values, client._tool_files)
            limit = client._settings.max_result_bytes
            answer = client._answer(call, limit, timeout)
        except ToolbindError as error:
            return failed(error, client._redactor())
        return client._shaped(operation, answer)

    async def acall_tool(
        self,
        name: str,
        arguments: object,
        *,
        client: AsyncClient | None = None,
        timeout: float | None = None,
    ) -> ToolResult:
        """The same with an asynchronous client."""
        if client is None:
            async with self.async_client_class(self.base_url) as made:
                return await self.acall_tool(
                    name, arguments, client=made, timeout=timeout
                )
        self._check_client(client, self.async_client_class)
        try:
            operation = self.operation(name)
            values = operation.reader.read(arguments)
            call = client._prepare(operation, values, client._tool_files)
            limit = client._settings.max_result_bytes
            answer = await client._answer(call, limit, timeout)
        except ToolbindError as error:
            return failed(error, client._redactor())
        return client._shaped(operation, answer)

    def _check_client(self, client: object, wanted: type) -> None:
        if not isinstance(client, wanted):
            raise ConfigurationError(
                f"{self.name} needs a {wanted.__name__}, not a {type(client).__name__}"
            )

    # --- conversations -------------------------------------------------------------------------

    @overload
    def run(
        self,
        prompt: Prompt,
        *,
        ai: AI | None = None,
        client: Any = None,
        tools: Any = None,
        stream: Literal[False] = False,
        **options: Unpack[RunOptions],
    ) -> Run: ...
    @overload
    def run(
        self,
        prompt: Prompt,
        *,
        ai: AI | None = None,
        client: Any = None,
        tools: Any = None,
        stream: Literal[True],
        **options: Unpack[RunOptions],
    ) -> Iterator[Event]: ...
    def run(self, prompt: Prompt, **options: Any) -> Run | Iterator[Event]:
        """Lets a model answer `prompt` with this API's tools.

        `prompt` is a question, or messages to go on with (those of an earlier `Run`). By keyword:
        `ai` (a `WorkersAI`; else one from the environment), `client`, `tools` (names, globs,
        modules, "find"), `stream`, `approve` ("reads", "all", "none", a function or decisions),
        `system`, `tool_choice`, `max_tools` (24) and `max_tool_tokens` (8,000), above which tools
        are found (`finder`, `rank`), `max_turns` (8), `max_calls` (32), `max_calls_per_turn` (16),
        `max_total_tokens`, `max_cost` (US dollars), `timeout` and `call_timeout` (seconds),
        `parallel` (4), `repeats` (3), `on_event`, `prepare`, `session`, `fields`. All of them
        are explained at `options.RunOptions`.

        Gives a `Run`; with `stream=True` an iterator of events, the last a `RunFinished`. Raises
        SettingsError before anything is sent, WorkersAIError where the model's side fails.
        """
        from .conversation.run import run

        result: Run | Iterator[Event] = run(prompt, api=self, **options)
        return result

    @overload
    def arun(
        self,
        prompt: Prompt,
        *,
        ai: AsyncAI | None = None,
        client: Any = None,
        tools: Any = None,
        stream: Literal[False] = False,
        **options: Unpack[RunOptions],
    ) -> Coroutine[Any, Any, Run]: ...
    @overload
    def arun(
        self,
        prompt: Prompt,
        *,
        ai: AsyncAI | None = None,
        client: Any = None,
        tools: Any = None,
        stream: Literal[True],
        **options: Unpack[RunOptions],
    ) -> AsyncIterator[Event]: ...
    def arun(
        self, prompt: Prompt, **options: Any
    ) -> Coroutine[Any, Any, Run] | AsyncIterator[Event]:
        """`run` for asyncio: `await arun(...)`, or `async for event in arun(..., stream=True)`."""
        from .conversation.run import arun

        result: Coroutine[Any, Any, Run] | AsyncIterator[Event]
        result = arun(prompt, api=self, **options)
        return result


def _prepared(outgoing: Outgoing, operation: Operation) -> PreparedCall:
    content = outgoing.content or b""
    try:
        body = content.decode()
    except UnicodeDecodeError:
        body = f"<{len(content):,} bytes>"
    title = operation.row.get("title", "")
    headers = dict(outgoing.headers)
    return PreparedCall(outgoing.method, outgoing.url, headers, body, title)
