"""One API as a generated module describes it: its tools, its operations, its clients.

`Api` is the switch between a tool's name and the request that it stands for. It is built from
literals at import and compiles an operation when that is first called. Imports from the package:
arguments, client, errors, files, operation, origin, outgoing, prose, request, results; `agent`
only when it is used.
"""

from __future__ import annotations

from collections.abc import (
    AsyncIterator,
    Coroutine,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Unpack, overload

from .arguments import close_names
from .client import AsyncClient, SyncClient
from .errors import ConfigurationError, ToolbindError, UnknownToolError
from .files import FILE_FORM, FileReader
from .operation import OperationRow, SchemeRow, Tool
from .origin import BaseUrl
from .outgoing import Outgoing, assemble
from .prose import quoted
from .request import Operation
from .results import ToolResult, failed

if TYPE_CHECKING:
    from .agent import Prompt, Run
    from .events import Event
    from .options import AI, AsyncAI, RunOptions

READ_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "QUERY"})
"""Methods that read (RFC 9110 section 9.2.1): everything else may change something."""

ToolForm = Literal["flat", "chat", "responses"]


class PreparedCall(NamedTuple):
    """A request as it would be sent, for a person to look at: secrets stand as `***`."""

    method: str
    url: str
    headers: dict[str, str]
    body: str

    def __str__(self) -> str:
        lines = [f"{self.method} {self.url}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\n".join([*lines, "", self.body] if self.body else lines)


class Api:
    """What a generated module knows: `tools`, and how a tool call becomes a request.

    `security` is the API's default: alternatives, each a list of schemes that go together;
    an empty list inside means that no credentials are needed.
    """

    def __init__(
        self,
        *,
        name: str,
        title: str,
        base_url: str,
        tools: list[Tool],
        operations: Mapping[str, OperationRow],
        schemes: Mapping[str, SchemeRow] | None = None,
        security: list[list[str]] | None = None,
        client: type[SyncClient],
        async_client: type[AsyncClient],
    ) -> None:
        self.name = name
        self.title = title
        self.base_url = base_url
        self.schemes: Mapping[str, SchemeRow] = schemes or {}
        self.security = security or []
        self.client_class = client
        self.async_client_class = async_client
        self._tools = tools
        self._rows = operations
        self._by_name = {tool["name"]: tool for tool in tools}
        self._compiled: dict[str, Operation] = {}
        client._api = self
        async_client._api = self

    def __repr__(self) -> str:
        return f"<Api {self.name}: {len(self._rows)} operations>"

    # --- tools ---------------------------------------------------------------------------------

    def tools(self, *selectors: str, form: ToolForm = "flat") -> list[dict[str, Any]]:
        """Tools for a model: all, or those that a selector names, in document order.

        A selector is a tool's name, a glob over names (`list_*`), or a tag of the document,
        likewise (`tag:NAME` where a tool has the same name).
        `form` is `flat` (name, description, parameters), `chat` or `responses` as in OpenAI's
        APIs. The result is a copy. Raises ValueError for a selector that names nothing.
        """
        wrap = _FORMS[form]
        return [wrap(_copy(tool)) for tool in self._selected(selectors)]

    def offered(self, client: Any, *selectors: str) -> list[dict[str, Any]]:
        """The tools as a conversation with this client offers them.

        Where the client lets tool calls upload local files, the arguments that take one say so.
        """
        found = self.tools(*selectors)
        if getattr(client, "_tool_files", None) and client._tool_files.names_files:
            for tool in found:
                self._say_file_names(tool)
        return found

    def _say_file_names(self, tool: dict[str, Any]) -> None:
        properties = tool["parameters"]["properties"]
        for name, row in self._rows[tool["name"]].get("arguments", {}).items():
            if row["in"] == "file" or row.get("binary"):
                told = properties[name].get("description", name)
                properties[name]["description"] = f"{told}, or {FILE_FORM}"

    def _selected(self, selectors: Sequence[str]) -> Iterable[Tool]:
        if not selectors:
            return self._tools
        chosen: dict[str, Tool] = {}
        for selector in selectors:
            found = self._matching(selector)
            if not found:
                near = close_names(selector, self._by_name)
                hint = f"; did you mean {', '.join(near)}?" if near else ""
                raise ValueError(
                    f"no tool of {self.name} matches {quoted(selector)}{hint}"
                )
            chosen.update((name, self._by_name[name]) for name in found)
        if len(selectors) == 1 or len(chosen) == 1:
            return chosen.values()
        return [tool for name, tool in self._by_name.items() if name in chosen]

    def _matching(self, selector: str) -> list[str]:
        if selector in self._by_name:
            return [selector]
        tag = selector.removeprefix("tag:")
        if tag == selector:
            found = [name for name in self._by_name if fnmatchcase(name, selector)]
            if found:
                return found
        return [
            name
            for name, row in self._rows.items()
            if any(fnmatchcase(each, tag) for each in row.get("tags", ()))
        ]

    # --- operations ----------------------------------------------------------------------------

    def operation(self, name: str) -> Operation:
        """The operation behind a tool, compiled at its first use.

        Raises UnknownToolError, whose message gives names that are close.
        """
        operation = self._compiled.get(name)
        if operation is None:
            row = self._rows.get(name)
            if row is None:
                raise self._unknown(name)
            operation = Operation(self._by_name[name], row, self.security)
            self._compiled[name] = operation
        return operation

    def _unknown(self, name: object) -> UnknownToolError:
        near = close_names(name, self._by_name) if isinstance(name, str) else []
        known = near or list(self._by_name)[:20]
        hint = "Did you mean" if near else "Tools are"
        listed = ", ".join(known)
        return UnknownToolError(
            f"There is no tool {quoted(name)}; nothing was called. {hint}: {listed}."
        )

    def is_read(self, name: str) -> bool:
        """Whether a tool only reads, by its HTTP method. Raises UnknownToolError."""
        return self.operation(name).method in READ_METHODS

    def preview(
        self,
        name: str,
        arguments: object,
        *,
        client: SyncClient | AsyncClient | None = None,
    ) -> PreparedCall:
        """The request that a tool call would send, with secrets masked; nothing is sent.

        Without a client the document's base URL and no credentials are shown. Raises
        UnknownToolError, ArgumentError or CredentialsError.
        """
        operation = self.operation(name)
        values = operation.reader.read(arguments)
        if client is not None:
            return _prepared(client._preview(operation, values))
        base = BaseUrl((operation.server or self.base_url).rstrip("/"), ("", "", 0))
        return _prepared(
            assemble(operation, operation.build(values, FileReader()), base)
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
        modules), `stream`, `approve` ("reads", "all", "none", a function or decisions), `system`,
        `tool_choice`, `max_turns` (8), `max_calls` (32), `max_calls_per_turn` (16),
        `max_total_tokens`, `max_cost` (US dollars), `timeout` and `call_timeout` (seconds),
        `parallel` (4), `repeats` (3), `on_event`, `prepare`, `session`, `fields`. All of them
        are explained at `options.RunOptions`.

        Gives a `Run`; with `stream=True` an iterator of events, the last a `RunFinished`. Raises
        SettingsError before anything is sent, WorkersAIError where the model's side fails.
        """
        from .agent import run

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
        from .agent import arun

        result: Coroutine[Any, Any, Run] | AsyncIterator[Event]
        result = arun(prompt, api=self, **options)
        return result


def _prepared(outgoing: Outgoing) -> PreparedCall:
    content = outgoing.content or b""
    try:
        body = content.decode()
    except UnicodeDecodeError:
        body = f"<{len(content):,} bytes>"
    return PreparedCall(outgoing.method, outgoing.url, dict(outgoing.headers), body)


def _copy(value: Any) -> Any:
    """A JSON value that shares nothing with `value`."""
    if isinstance(value, dict):
        return {name: _copy(each) for name, each in value.items()}
    return [_copy(each) for each in value] if isinstance(value, list) else value


def _flat(tool: dict[str, Any]) -> dict[str, Any]:
    return tool


def _chat(tool: dict[str, Any]) -> dict[str, Any]:
    return {"type": "function", "function": tool}


def _responses(tool: dict[str, Any]) -> dict[str, Any]:
    return {"type": "function", **tool, "strict": False}


_FORMS = {"flat": _flat, "chat": _chat, "responses": _responses}
