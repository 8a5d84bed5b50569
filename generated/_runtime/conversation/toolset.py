"""The tools of one conversation: chosen from one API or several, each with its way back.

Names are matched exactly. Where two APIs have a tool of one name, both get their module's
name in front, and only then. Of an API it knows what `Toolbox` says.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal, Protocol

from ..ai.checks import require_kind
from ..contract import Tool
from ..errors import SettingsError
from ..records.exchange import Preview, ToolResult

NAME_LIMIT = 64


ClientKind = Literal["client_class", "async_client_class"]
"""Which of an API's two clients a run takes."""


class Toolbox(Protocol):
    """What a conversation needs of an API: `Api` of a generated module, of whichever package.

    What it gives may be of another copy of these classes, so nobody asks for their class: what
    goes wrong with a call is a result, and only the fields of what comes back are read.
    """

    @property
    def name(self) -> str: ...
    @property
    def base_url(self) -> str: ...
    @property
    def client_class(self) -> Any: ...
    @property
    def async_client_class(self) -> Any: ...
    def offered(self, client: Any, *selectors: str) -> list[Any]: ...
    def is_read(self, name: str) -> bool: ...
    def look(self, name: str, arguments: Any, *, client: Any = None) -> Preview: ...
    def call_tool(
        self,
        name: str,
        arguments: Any,
        *,
        client: Any = None,
        timeout: float | None = None,
    ) -> ToolResult: ...
    async def acall_tool(
        self,
        name: str,
        arguments: Any,
        *,
        client: Any = None,
        timeout: float | None = None,
    ) -> ToolResult: ...


@dataclass(frozen=True, slots=True)
class Route:
    """Where a tool's calls go: the API, its own name for the tool, the client to use."""

    api: Toolbox
    name: str
    client: Any


@dataclass(frozen=True, slots=True)
class Toolset:
    """Tools as they are offered, and the route of each, by offered name."""

    tools: tuple[Tool, ...]
    routes: Mapping[str, Route]

    def unknown(self, name: str) -> str:
        """What the model is told about a tool that it was not offered."""
        if not self.routes:
            return f"There is no tool {ascii(name)[:80]}: no tools are offered."
        close = get_close_matches(name, self.routes, n=3, cutoff=0.5)
        listed = close or sorted(self.routes)[:20]
        intro = "Did you mean" if close else "Offered are"
        return f"There is no tool {ascii(name)[:80]}. {intro}: {', '.join(listed)}"


def gather(
    api: Toolbox | None,
    tools: Any,
    client: Any,
    make_client: Callable[[Toolbox], Any],
    kind: ClientKind = "client_class",
) -> Toolset:
    """The toolset for `run(tools=..., client=...)`.

    `tools`: None for all of `api`; names or globs of `api`; or modules, APIs, clients, or
    pairs of one of these with names. `client`: one, several, or a mapping by module name;
    for an API without one `make_client` makes it. `kind` is which of an API's clients.
    Raises SettingsError for what is none of these.
    """
    clients = _clients(client)
    chosen: dict[tuple[int, str], tuple[Route, Tool]] = {}
    selections = list(_selections(api, tools))
    for box, selectors, bound in selections:
        given = bound or _client_of(box, clients)
        if given is None:
            _require_use(clients, box, [each for each, _, _ in selections])
        own = make_client(box) if given is None else _checked(given, box, kind)
        for tool in box.offered(own, *selectors):
            route = Route(box, tool["name"], own)
            chosen.setdefault((id(box), tool["name"]), (route, tool))
    counts = Counter(tool["name"] for _, tool in chosen.values())
    offered: dict[str, tuple[Route, Tool]] = {}
    for route, tool in chosen.values():
        name = tool["name"]
        if counts[name] > 1:
            name = _prefixed(route.api.name, name)
        if name in offered and offered[name][0].api is not route.api:
            raise SettingsError(f"two APIs are called {route.api.name!r}")
        offered[name] = (route, tool)
    return Toolset(
        tuple(
            Tool(
                name=name,
                description=tool["description"],
                parameters=tool["parameters"],
            )
            for name, (_, tool) in offered.items()
        ),
        {name: route for name, (route, _) in offered.items()},
    )


def _checked(client: Any, box: Toolbox, kind: ClientKind) -> Any:
    """A client that was given, if it can serve the API in a run of this kind."""
    wanted = getattr(box, kind)
    if isinstance(wanted, type):
        require_kind(
            f"the client of {box.name}", client, wanted, f"a {wanted.__name__}"
        )
    return client


def _require_use(clients: Any, box: Toolbox, boxes: Sequence[Toolbox]) -> None:
    """Refuse a client that belongs to no API here: it was meant for the one without."""
    if isinstance(clients, Mapping):
        stray = [str(name) for name in clients if name not in [b.name for b in boxes]]
    else:
        others = [c for c in clients if hasattr(c, "_api")]
        stray = [
            type(c).__name__ for c in others if not any(c._api is b for b in boxes)
        ]
    if stray:
        raise SettingsError(
            f"the client {stray[0]} belongs to none of these tools, and {box.name} has none"
        )


def _prefixed(module: str, name: str) -> str:
    """`module_name`; a digest takes the place of what would be too long."""
    full = f"{module}_{name}"
    if len(full) <= NAME_LIMIT:
        return full
    digest = hashlib.sha256(full.encode()).hexdigest()[:8]
    return f"{full[: NAME_LIMIT - 9]}_{digest}"


def _selections(
    api: Toolbox | None, tools: Any
) -> Iterator[tuple[Toolbox, Sequence[str], Any]]:
    """APIs, what is selected of each, and the client that was given in its place."""
    if tools is None:
        tools = ()
        if api is not None:
            yield api, (), None
    elif isinstance(tools, str) or not isinstance(tools, Iterable):
        tools = (tools,)
    names: list[str] = []
    for item in tools:
        if isinstance(item, str):
            names.append(item)
        elif isinstance(item, tuple):
            yield _toolbox(item[0]), _names(item[1:]), _bound(item[0])
        else:
            yield _toolbox(item), (), _bound(item)
    if names:
        if api is None:
            raise SettingsError("tools by name need the module that has them")
        yield api, names, None


def _names(given: Sequence[Any]) -> list[str]:
    """What stands behind a module: names one by one, or a list of them."""
    listed = given[0] if len(given) == 1 and not isinstance(given[0], str) else given
    if not isinstance(listed, Iterable) or not all(isinstance(e, str) for e in listed):
        raise SettingsError(
            'some tools of a module are (module, ["name", "list_*", "tag:NAME"])'
        )
    return list(listed)


def _toolbox(item: Any) -> Toolbox:
    """The API behind a generated module, one of its clients, or the API itself."""
    found = getattr(item, "_API", None) or getattr(item, "_api", None) or item
    if not all(hasattr(found, name) for name in ("offered", "call_tool", "is_read")):
        raise SettingsError(f"no tools in {type(item).__name__}: give a module")
    box: Toolbox = found
    return box


def _bound(item: Any) -> Any:
    """The item itself where it is a client."""
    return item if hasattr(item, "_api") else None


def _clients(client: Any) -> Any:
    if client is None or isinstance(client, Mapping):
        return client or {}
    return list(client) if isinstance(client, list | tuple) else [client]


def _client_of(box: Toolbox, clients: Any) -> Any:
    """The client that was given for an API, or None."""
    if isinstance(clients, Mapping):
        return clients.get(box.name)
    matching = [c for c in clients if getattr(c, "_api", None) is box]
    if matching:
        return matching[0]
    return next((c for c in clients if not hasattr(c, "_api")), None)
