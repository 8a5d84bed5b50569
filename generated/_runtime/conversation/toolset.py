"""The tools of one conversation: chosen from one API or several, each with its way back.

Names are matched exactly. Where two APIs have a tool of one name, both get their module's
name in front, and only then. Of an API it knows what `Toolbox` says.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from ..ai.checks import require_kind
from ..basics.nearest import same_names
from ..contract import Tool
from ..errors import SettingsError
from ..finding.entries import Entry
from ..finding.meant import NEAREST, nearest_tools
from ..records.exchange import Message, Preview, ToolCall, ToolResult

NAME_LIMIT = 64

TO_FIND = "find"
"""In `tools`: those of whole APIs are to be found, however few they are."""


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
    def entries(self) -> Sequence[Entry]: ...
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
    free: bool = False  # nothing is sent anywhere, so that nobody has to approve of it


class Aim(NamedTuple):
    """What a call of the model means: the tool, its arguments, the way; or what is wrong."""

    name: str
    arguments: Any
    route: Route | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Toolset:
    """Tools as they are offered, and the route of each, by offered name.

    `named` are those that were chosen by name, glob or tag; `whole` the APIs that were given
    as they are, each with its client. With `left` the tools of these have routes, but are not
    among `tools`: there are too many of them.
    """

    tools: tuple[Tool, ...]
    routes: Mapping[str, Route]
    named: frozenset[str] = frozenset()
    whole: tuple[tuple[Toolbox, Any], ...] = ()
    left: bool = False

    def aim(self, call: ToolCall) -> Aim:
        """What a call means here: what it says, however the name is spelt."""
        name = known_as(call.name, self.routes)
        return Aim(name, call.arguments, self.routes.get(name))

    def recall(self, messages: Iterable[Message]) -> None:
        """Look at what was said before: nothing depends on that here."""

    def unknown(self, name: str, arguments: Any, request: str) -> str:
        """What the model is told about a tool that it was not offered; `request` is what the user
        wants."""
        shown = ascii(name)[:80]
        if not self.routes:
            return f"There is no tool {shown}: no tools are offered."
        near = nearest_tools(name, arguments, request, self.tools)
        if near:
            return f"There is no tool {shown}. {NEAREST}\n" + "\n".join(near)
        return f"There is no tool {shown}. Offered are: {', '.join(sorted(self.routes)[:20])}"


def known_as(name: str, routes: Mapping[str, Route]) -> str:
    """The tool that a name means: itself, or the one that is spelt apart only."""
    if name in routes:
        return name
    known = ((each, each) for each in routes)
    return same_names([name], known).get(name, name)


def gather(
    api: Toolbox | None,
    tools: Any,
    client: Any,
    make_client: Callable[[Toolbox], Any],
    kind: ClientKind = "client_class",
    most: int | None = None,
) -> Toolset:
    """The toolset for `run(tools=..., client=...)`.

    `tools`: None for all of `api`; names or globs of `api`; or modules, APIs, clients, or
    pairs of one of these with names; "find", alone or among these, to have them found.
    `client`: one, several, or a mapping by module name; for an API without one `make_client`
    makes it. `kind` is which of an API's clients. Of APIs that are given whole and have more
    than `most` tools together none is offered.
    Raises SettingsError for what is none of these.
    """
    clients = _clients(client)
    chosen: dict[tuple[int, str], tuple[Route, Tool | None]] = {}
    named: set[tuple[int, str]] = set()
    whole: list[tuple[Toolbox, Any]] = []
    selections = list(_selections(api, tools))
    searchable = [
        b for b, names, _ in selections if not names and hasattr(b, "entries")
    ]
    left = bool(searchable) and (_asks_to_find(tools) or _too_many(searchable, most))
    for box, selectors, bound in selections:
        given = bound or _client_of(box, clients)
        if given is None:
            _require_use(clients, box, [each for each, _, _ in selections])
        own = make_client(box) if given is None else _checked(given, box, kind)
        if not selectors and box in searchable:
            whole.append((box, own))
        for name, tool in _offered_by(box, own, selectors, left and box in searchable):
            key = (id(box), name)
            if selectors:
                named.add(key)
            if key not in chosen or chosen[key][1] is None:
                chosen[key] = (Route(box, name, own), tool)
    names = _offered_names([route for route, _ in chosen.values()])
    offered = dict(zip(names, chosen.items(), strict=True))
    return Toolset(
        tuple(
            Tool(
                name=name,
                description=tool["description"],
                parameters=tool["parameters"],
            )
            for name, (_, (_, tool)) in offered.items()
            if tool is not None
        ),
        {name: route for name, (_, (route, _)) in offered.items()},
        frozenset(name for name, (key, _) in offered.items() if key in named),
        tuple(whole),
        left,
    )


def _offered_by(
    box: Toolbox, client: Any, selectors: Sequence[str], left: bool
) -> Iterator[tuple[str, Tool | None]]:
    """The names of what is selected of an API, with the tools where these are not `left`."""
    if left and not selectors:
        yield from ((entry.name, None) for entry in box.entries())
    else:
        yield from ((tool["name"], tool) for tool in box.offered(client, *selectors))


def _asks_to_find(tools: Any) -> bool:
    """Whether `tools` is or holds the word for tools that are to be found."""
    if tools == TO_FIND:
        return True
    if isinstance(tools, str) or not isinstance(tools, Iterable):
        return False
    return any(
        TO_FIND in each[1:] if isinstance(each, tuple) else each == TO_FIND
        for each in tools
    )


def _too_many(boxes: Sequence[Toolbox], most: int | None) -> bool:
    """Whether whole APIs have more tools together."""
    return most is not None and sum(len(box.entries()) for box in boxes) > most


def _offered_names(routes: Sequence[Route]) -> list[str]:
    """The name of each tool as it is offered. Raises SettingsError where two are the same."""
    counts = Counter(route.name for route in routes)
    taken: dict[str, Toolbox] = {}
    names = []
    for route in routes:
        name = route.name
        if counts[name] > 1:
            name = _prefixed(route.api.name, name)
        if taken.setdefault(name, route.api) is not route.api:
            raise SettingsError(f"two APIs are called {route.api.name!r}")
        names.append(name)
    return names


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
    whole = False
    for item in tools:
        if item == TO_FIND:
            continue
        if isinstance(item, str):
            names.append(item)
        elif isinstance(item, tuple):
            given = _names(item[1:])
            chosen = [name for name in given if name != TO_FIND]
            if chosen:
                yield _toolbox(item[0]), chosen, _bound(item[0])
            if not chosen or TO_FIND in given:
                whole = True
                yield _toolbox(item[0]), (), _bound(item[0])
        else:
            whole = True
            yield _toolbox(item), (), _bound(item)
    to_find = _asks_to_find(tools) and not whole
    if names or to_find:
        if api is None:
            raise SettingsError("tools by name need the module that has them")
        if names:
            yield api, names, None
        if to_find:
            yield api, (), None


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
