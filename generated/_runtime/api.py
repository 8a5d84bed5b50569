"""One API as a generated module offers it: previews, calls, conversations.

`Api` is the switch between a tool's name and the request that it stands for.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Unpack

from .basics.lazy import LazyModule
from .basics.secrets import MASK
from .client.description import Described, Description
from .client.results import failed, without
from .client.sync import SyncClient
from .contract import CONTRACT, CONTRACTS
from .errors import ConfigurationError, ToolbindError, UnknownToolError
from .records.exchange import Preview, ToolResult
from .request.files import FileReader
from .request.operation import Operation
from .request.outgoing import Outgoing, assemble
from .request.urls import BaseUrl

if TYPE_CHECKING:
    from .client.asynchronous import AsyncClient
    from .conversation.events import Event
    from .conversation.signatures import Prompt, aruns, runs
    from .records.run import Run
else:  # conversations are imported when the first is held
    runs = aruns = lambda function: function


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

    `client` and `async_client` are the module's two classes, of which the description becomes
    theirs; in place of the second, the module that has it as `AsyncClient`.
    `contract` is the form in which the module is written; raises ConfigurationError at its import
    where this runtime does not know it.
    """

    def __init__(
        self,
        *,
        client: type[SyncClient],
        async_client: type[AsyncClient] | LazyModule,
        contract: int = CONTRACT,
        **described: Unpack[Described],
    ) -> None:
        if contract not in CONTRACTS:
            raise ConfigurationError(
                f"{described['name']} is written for contract {contract} of toolbind_runtime, and"
                f" this one knows {' and '.join(map(str, CONTRACTS))}: generate the module again,"
                " or install the toolbind_runtime of the toolbind that generated it"
            )
        super().__init__(**described)
        self.client_class = client
        client._api = self
        self._async_client = async_client
        if not isinstance(async_client, LazyModule):
            async_client._api = self

    @cached_property
    def async_client_class(self) -> type[AsyncClient]:
        """The asynchronous client; its module is imported when it is first asked for."""
        made = self._async_client
        if isinstance(made, LazyModule):
            made = made.AsyncClient
        kind: type[AsyncClient] = made
        return kind

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
        unknown = {
            name: row["bind"].upper() if "bind" in row else MASK
            for name, row in operation.bound.items()
        }
        values = {**values, **unknown}
        return _prepared(
            assemble(operation, operation.build(values, FileReader()), base), operation
        )

    def look(
        self,
        name: str,
        arguments: object,
        *,
        client: SyncClient | AsyncClient | None = None,
    ) -> Preview:
        """`preview` as a conversation asks for it: what goes wrong is a result, never raised."""
        try:
            shown = self.preview(name, arguments, client=client)
        except ToolbindError as error:
            return Preview(refusal=failed(error))
        return Preview(shown.method, shown.url, shown.title)

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
            operation = self._asked(name, arguments)
            values, ignored = operation.reader.reading(arguments)
            call = client._prepare(operation, values, client._tool_files)
            limit = client._settings.max_result_bytes
            answer = client._answer(call, limit, timeout)
        except ToolbindError as error:
            return failed(error, client._redactor())
        return without(client._shaped(operation, answer), ignored)

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
            operation = self._asked(name, arguments)
            values, ignored = operation.reader.reading(arguments)
            call = client._prepare(operation, values, client._tool_files)
            limit = client._settings.max_result_bytes
            answer = await client._answer(call, limit, timeout)
        except ToolbindError as error:
            return failed(error, client._redactor())
        return without(client._shaped(operation, answer), ignored)

    def _asked(self, name: str, arguments: object) -> Operation:
        try:
            return self.operation(name)
        except UnknownToolError:
            raise self.unknown(name, arguments) from None

    def _check_client(self, client: object, wanted: type) -> None:
        if not isinstance(client, wanted):
            raise ConfigurationError(
                f"{self.name} needs a {wanted.__name__}, not a {type(client).__name__}"
            )

    # --- conversations -------------------------------------------------------------------------

    @runs
    def run(self, prompt: Prompt, **options: Any) -> Run | Iterator[Event]:
        """Lets a model answer `prompt` with the help of tools.

        `prompt` is a question, or messages to go on with (those of an earlier `Run`). By keyword:

            ai      a `WorkersAI`; without one, one is made from the environment
            client  a client of this API, or several, or a mapping by module name;
                    without one, one is made from the environment
            tools   what is offered: names, globs and tags of this API, or modules
                    (`tools=[petstore, github]`), or some of a module's
                    (`(petstore, ["list_*"])`); "find" has the model find them, as is done
                    above `max_tools` or `max_tool_tokens`; without, all of this API
            stream  True: give events as they come, the last a `RunFinished`; else give a `Run`

        and the options of `RunOptions`. What can be imported from the package and from each of its
        modules beside this: `Run`, `RunOptions`, `Call`, `Turn`, `ApprovalRequest`, `WorkersAI`,
        `Gateway`, `events`, `errors`.

        Raises `errors.SettingsError` before anything is sent, `errors.WorkersAIError` where the
        model's side fails, with the `run` so far on it.
        """
        from .conversation.run import converse

        return converse(self, prompt, **options)

    @aruns
    def arun(
        self, prompt: Prompt, **options: Any
    ) -> Coroutine[Any, Any, Run] | AsyncIterator[Event]:
        """`run` for asyncio: `await arun(...)`, or `async for event in arun(..., stream=True)`.

        Calls of one answer run at the same time, up to `parallel`; hooks may be async. When it
        is cancelled, calls and requests under way are cancelled with it.
        """
        from .conversation.run import aconverse

        return aconverse(self, prompt, **options)


def _prepared(outgoing: Outgoing, operation: Operation) -> PreparedCall:
    content = outgoing.content or b""
    try:
        body = content.decode()
    except UnicodeDecodeError:
        body = f"<{len(content):,} bytes>"
    title = operation.row.get("title", "")
    headers = dict(outgoing.headers)
    return PreparedCall(outgoing.method, outgoing.url, headers, body, title)
