"""One API as data: its tools, its operations, which of them are offered and how they are found.

Tools and routes stand in a module of their own, which is imported when the first is asked for; an
operation is compiled when it is first called. Knows no client.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Required, TypedDict, Unpack, get_args

from ..basics.lazy import LazyModule
from ..basics.nearest import close_names, same_names
from ..basics.text import quoted
from ..contract import OperationRow, SchemeRow, Tool, ToolTable
from ..errors import UnknownToolError
from ..finding.entries import Entry, entry
from ..request.files import FILE_FORM
from ..request.operation import Operation
from .signature import signed

if TYPE_CHECKING:
    from ..finding.ranker import Finder

ToolForm = Literal["flat", "chat", "responses"]
ToolStyle = Literal["schema", "signature"]


class Described(TypedDict, total=False):
    """What a generated module writes down about its API.

    `security` is the API's default: alternatives, each a list of schemes that go together;
    an empty list inside means that no credentials are needed. `bindings` are arguments of the
    client that operations send, and whether they are secret; `headers` go with every request;
    `presets` are choices of tools.
    """

    name: Required[str]
    title: Required[str]
    base_url: Required[str]
    tools: Required[ToolTable | LazyModule]
    schemes: Mapping[str, SchemeRow] | None
    security: list[list[str]] | None
    bindings: Mapping[str, bool]
    headers: Mapping[str, str]
    presets: Mapping[str, list[str]]


class Description:
    """What a generated module knows of its API; `Api` adds the calls."""

    def __init__(self, **described: Unpack[Described]) -> None:
        self.name = described["name"]
        self.title = described["title"]
        self.base_url = described["base_url"]
        self.schemes: Mapping[str, SchemeRow] = described.get("schemes") or {}
        self.security = described.get("security") or []
        self.bindings: Mapping[str, bool] = described.get("bindings") or {}
        self._headers = described.get("headers") or {}
        self._presets = described.get("presets") or {}
        self.tool_table = described["tools"]
        self._compiled: dict[str, Operation] = {}
        self._entries: tuple[Entry, ...] | None = None
        self._finder: Finder | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}: {len(self.routes)} operations>"

    # --- tools ---------------------------------------------------------------------------------

    @cached_property
    def routes(self) -> Mapping[str, OperationRow]:
        """How each operation reaches the wire, by its tool's name."""
        rows: Mapping[str, OperationRow] = self.tool_table.ROUTES
        return rows

    @cached_property
    def _by_name(self) -> dict[str, Tool]:
        return {tool["name"]: tool for tool in self.tool_table.TOOLS}

    def tools(
        self, *selectors: str, form: ToolForm = "flat", style: ToolStyle = "schema"
    ) -> list[dict[str, Any]]:
        """Tools for a model: all, or those that a selector names, in document order.

        A selector is a tool's name, a glob over names (`list_*`), a tag of the document, likewise
        (`tag:NAME` where a tool has the same name), or `preset:NAME`.
        `form` is `flat` (name, description, parameters), `chat` or `responses` as in OpenAI's
        APIs. With `style="signature"` arguments are one line of the description in place of a
        schema, which is shorter: for large offers. Calls are checked as always. The result is a
        copy. Raises ValueError for a selector that names nothing, and for another style.
        """
        wrap = _FORMS[form]
        if style not in get_args(ToolStyle):
            raise ValueError(f"style is 'schema' or 'signature', not {quoted(style)}")
        shape = signed if style == "signature" else _flat
        return [wrap(shape(_copy(tool))) for tool in self._selected(selectors)]

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
        for name, row in self.routes[tool["name"]].get("arguments", {}).items():
            if name not in properties:
                continue
            if row["in"] == "file" or row.get("binary"):
                told = properties[name].get("description", name)
                properties[name]["description"] = f"{told}, or {FILE_FORM}"

    def _selected(self, selectors: Sequence[str]) -> Iterable[Tool]:
        if not selectors:
            return self._by_name.values()
        chosen: dict[str, Tool] = {}
        for selector in selectors:
            found = self._matching(selector)
            if not found:
                known = (*self._by_name, *(f"preset:{name}" for name in self._presets))
                near = close_names(selector, known)
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
        if selector.startswith("preset:"):
            return list(self._presets.get(selector.removeprefix("preset:"), ()))
        tag = selector.removeprefix("tag:")
        if tag == selector:
            found = [name for name in self._by_name if fnmatchcase(name, selector)]
            if found:
                return found
        return [
            name
            for name, row in self.routes.items()
            if any(fnmatchcase(each, tag) for each in row.get("tags", ()))
        ]

    # --- finding -------------------------------------------------------------------------------

    def entries(self) -> tuple[Entry, ...]:
        """What the tools are found by, in document order."""
        if self._entries is None:
            rows = self.routes
            self._entries = tuple(
                entry(name, tool, rows[name]) for name, tool in self._by_name.items()
            )
        return self._entries

    @property
    def finder(self) -> Finder:
        """Finds the tools of this API; its index is made when it is first asked for."""
        if self._finder is None:
            from ..finding.ranker import Finder

            self._finder = Finder(self.entries())
        return self._finder

    # --- operations ----------------------------------------------------------------------------

    def operation(self, name: str) -> Operation:
        """The operation behind a tool, compiled at its first use. Case, and what parts the words
        of its name, do not matter where only one tool can be meant.

        Raises UnknownToolError, which tells tools that may have been meant.
        """
        operation = self._compiled.get(name)
        if operation is None:
            row = self.routes.get(name)
            if row is None:
                return self.operation(self._meant(name))
            tool = self._by_name[name]
            operation = Operation(tool, row, self.security, self._headers)
            self._compiled[name] = operation
        return operation

    def _meant(self, name: object) -> str:
        """The tool that a name means in another spelling. Raises UnknownToolError for none."""
        if isinstance(name, str):
            known = ((each, each) for each in self._by_name)
            for meant in same_names([name], known).values():
                return meant
        raise self.unknown(name)

    def unknown(self, name: object, arguments: object = None) -> UnknownToolError:
        """The error for a tool that there is not; it tells what may have been meant."""
        from ..finding.meant import NEAREST, nearest_tools

        shown = f"There is no tool {quoted(name)}; nothing was called."
        nearest = nearest_tools(str(name), arguments, "", self._by_name.values())
        if nearest:
            return UnknownToolError(f"{shown} {NEAREST}", nearest=tuple(nearest))
        return UnknownToolError(
            f"{shown} Tools are: {', '.join([*self._by_name][:20])}."
        )

    def is_read(self, name: str) -> bool:
        """Whether a tool only reads: as its row says, else by its HTTP method.

        Raises UnknownToolError.
        """
        return self.operation(name).reads


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
