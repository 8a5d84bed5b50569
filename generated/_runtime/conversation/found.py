"""Tools of a large API in a conversation: found by the model first, then called.

`FoundTools` stands where a `Toolset` does. It offers `find_tools` and one of two roads to what
was found: "offer" puts the best into the tools of the next turn, "call" has them called through
`call_tool`, which leaves the tools, and so the cached prefix, as they are. A call that arrives
is a call of the tool that it means: approvals, limits and records never see the difference.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from ..ai.clef import Decisions
from ..basics.json_repair import UnreadableArgumentsError, read_arguments
from ..contract import Tool
from ..errors import of_model_side
from ..finding.meant import NEAREST, nearest_tools
from ..finding.ranker import Finder, Found
from ..records.exchange import Message, ToolCall, ToolResult
from . import find_tools
from .toolset import Aim, Route, Toolset, known_as

logger = logging.getLogger("toolbind.run")

Road = Literal["offer", "call"]
"""How found tools are called: as tools of the next turns, or through `call_tool`."""

Rank = Literal["words", "clef"]
"""Who says what fits: the words alone, or Cloudflare's decision model among what they found."""

FIND, CALL = "find_tools", "call_tool"

OFFERED = 5
"""Of what was found, the tools that are offered from the next turn on."""

SCHEMAS = 3
"""Of what was found, the tools whose schemas are told, on the road through `call_tool`."""

_THEN: Mapping[Road, str] = {
    "offer": "The best ones found can be called from then on.",
    "call": "Call them with call_tool.",
}


class Bounds(NamedTuple):
    """How many tools may be offered at once, and how many tokens they may take."""

    tools: int = 24
    tokens: int = 8_000


def tokens_of(tool: Mapping[str, Any]) -> int:
    """About how many tokens a tool takes."""
    return len(json.dumps(tool, ensure_ascii=False)) // 4


class FoundTools:
    """The tools of whole APIs, to be found; those chosen by name are offered as they are."""

    def __init__(
        self,
        toolset: Toolset,
        bounds: Bounds,
        road: Road = "offer",
        judge: Any = None,
    ) -> None:
        self._direct = [tool for tool in toolset.tools if tool["name"] in toolset.named]
        self._bounds = bounds
        self._road = road
        self._offered: dict[str, Tool] = {}
        self._finder, self._own = _searched(toolset)
        self.find = _free(FIND, toolset.routes)
        self.call = _free(CALL, toolset.routes)
        desk: Any = _Desk(self, judge)  # a toolbox, as far as drivers look at it
        self.routes = {**toolset.routes, self.find: Route(desk, FIND, None, free=True)}
        titles = [getattr(box, "title", box.name) for box, _ in toolset.whole]
        areas = self._finder.areas()
        find = find_tools.find_tool(
            self.find, titles, len(self._finder), areas, _THEN[road]
        )
        self._first = (
            [find] if road == "offer" else [find, find_tools.call_tool(self.call)]
        )

    @property
    def tools(self) -> tuple[Tool, ...]:
        """What is offered now."""
        return (*self._first, *self._direct, *self._offered.values())

    def aim(self, call: ToolCall) -> Aim:
        """What a call means: through `call_tool`, or of a tool whether it was found or not."""
        name, arguments = call.name, call.arguments
        if name == self.call and self._road == "call":
            try:
                given = read_arguments(arguments)
            except UnreadableArgumentsError as error:
                return Aim(name, arguments, None, str(error))
            name = str(given.get("name", ""))
            rest = {key: value for key, value in given.items() if key != "name"}
            arguments = rest.get("arguments", rest)
        name = known_as(name, self.routes)
        route = self.routes.get(name)
        if route is None or route.free:
            return Aim(name, arguments, route)
        self.offer([name])
        return Aim(name, arguments, route, self._schema_back(route, arguments))

    def unknown(self, name: str, arguments: Any, request: str) -> str:
        """What the model is told about a tool that there is not."""
        shown = ascii(name)[:80]
        hits = self._finder.shortlist(name, 12).hits
        near = nearest_tools(
            name, arguments, request, [self._own[hit.name] for hit in hits]
        )
        hint = f"{NEAREST}\n" + "\n".join(near) + "\n" if near else ""
        return f"There is no tool {shown}. {hint}Find tools with {self.find}."

    def recall(self, messages: Iterable[Message]) -> None:
        """Offer again what an earlier part of the conversation found or called."""
        for message in messages:
            if message["role"] == "tool" and message.get("name") == self.find:
                content = message.get("content")
                if isinstance(content, str):
                    self.offer(find_tools.names_in(content)[:OFFERED])
            for call in message.get("tool_calls") or ():
                self.offer([str(call["function"].get("name"))])

    def offer(self, names: Sequence[str]) -> None:
        """Offer these from the next turn on, the first of them in any case.

        Where they are too many together, those that were found before go, the oldest first.
        """
        if self._road == "call":
            return
        wanted = [name for name in names if self._can_be_found(name)]
        kept = dict(self._offered)
        kept.update((name, self._tool(name)) for name in wanted if name not in kept)
        older = [name for name in self._offered if name not in wanted]
        for name in [*older, *reversed(wanted[1:])]:
            if self._fits(kept):
                break
            del kept[name]
        self._offered = kept

    def _fits(self, found: Mapping[str, Tool]) -> bool:
        tools = [*self._first, *self._direct, *found.values()]
        return (
            len(tools) <= self._bounds.tools
            and sum(map(tokens_of, tools)) <= self._bounds.tokens
        )

    def _can_be_found(self, name: str) -> bool:
        route = self.routes.get(name)
        direct = any(tool["name"] == name for tool in self._direct)
        return route is not None and not route.free and not direct

    def _tool(self, name: str) -> Tool:
        """A tool as it is offered to a model."""
        route = self.routes[name]
        (tool,) = route.api.offered(route.client, route.name)
        return Tool(
            name=name, description=tool["description"], parameters=tool["parameters"]
        )

    def _schema_back(self, route: Route, arguments: Any) -> str:
        """What is wrong with a schema that is given in the place of values."""
        try:
            given = read_arguments(arguments)
        except UnreadableArgumentsError:
            return ""
        if (
            not isinstance(given.get("properties"), dict)
            or given.get("type") != "object"
        ):
            return ""
        (tool,) = route.api.offered(route.client, route.name)
        own = tool["parameters"]["properties"]
        if "properties" in own or "type" in own:
            return ""
        names = ", ".join(tool["parameters"].get("required") or own)
        return f"These are the words of the schema. Give values: {names}."

    # --- what the model asks for -------------------------------------------------------

    def look(self, arguments: Any) -> ToolResult | Found:
        """What a call of `find_tools` comes to: words for the model, or a shortlist."""
        query = _query(arguments)
        if query is None:
            return find_tools.no_query()
        if self._finder.means_all(query):
            return find_tools.everything(self._finder.areas())
        return self._finder.shortlist(query, find_tools.SHORTLIST)

    def decisions(self, shortlist: Found) -> Decisions:
        """For each tool of a shortlist whether it fits."""
        return find_tools.decisions(shortlist, self._own)

    def judged(self, shortlist: Found, chances: Mapping[str, float]) -> ToolResult:
        """What the decision model leaves of a shortlist, the surest first."""
        passed = [
            hit for hit in shortlist.hits if chances[hit.name] >= find_tools.PASSES
        ]
        passed.sort(key=lambda hit: -chances[hit.name])
        hits = tuple(hit._replace(score=chances[hit.name]) for hit in passed)
        return self._told(Found(shortlist.query, hits[: find_tools.LINES], bool(hits)))

    def ranked(self, shortlist: Found) -> ToolResult:
        """What the words alone leave of a shortlist."""
        hits = shortlist.hits[: find_tools.LINES] if shortlist.fits else ()
        return self._told(shortlist._replace(hits=hits))

    def _told(self, found: Found) -> ToolResult:
        names = [hit.name for hit in found.hits]
        tools = {name: self._own[name] for name in names}
        if self._road == "call":
            return find_tools.answered(found, tools, self._schemas(names), "")
        self.offer(names[:OFFERED])
        note = ""
        if len(names) > OFFERED:
            note = f"The first {OFFERED} can be called now, another one after its name is found."
        return find_tools.answered(found, tools, {}, note)

    def _schemas(self, names: Sequence[str]) -> dict[str, Any]:
        """The schemas of the best, as far as there is room; of one in any case."""
        room = self._bounds.tokens // 4
        schemas: dict[str, Any] = {}
        for name in names[:SCHEMAS]:
            tool = self._tool(name)
            room -= tokens_of(tool)
            if room >= 0 or not schemas:
                schemas[name] = tool["parameters"]
        return schemas


class _Desk:
    """`find_tools` as the drivers call it: like a tool of an API, without a request of one.

    With a judge (the client of the model's side) the decision model chooses from what the words
    found; where it fails, the words decide.
    """

    name = "toolbind"

    def __init__(self, found: FoundTools, judge: Any) -> None:
        self._found = found
        self._judge = judge

    def is_read(self, _name: str) -> bool:
        return True

    def call_tool(
        self, _name: str, arguments: Any, *, timeout: float | None = None, **_given: Any
    ) -> ToolResult:
        looked = self._found.look(arguments)
        if isinstance(looked, ToolResult):
            return looked
        if self._judge is None or not looked.hits:
            return self._found.ranked(looked)
        deadline = None if timeout is None else time.monotonic() + timeout
        try:
            asked = self._found.decisions(looked)
            chances = self._judge.decide(asked, deadline=deadline)
        except Exception as error:
            if not of_model_side(error):
                raise
            return self._without(looked, error)
        return self._found.judged(looked, chances)

    async def acall_tool(
        self, _name: str, arguments: Any, *, timeout: float | None = None, **_given: Any
    ) -> ToolResult:
        looked = self._found.look(arguments)
        if isinstance(looked, ToolResult):
            return looked
        if self._judge is None or not looked.hits:
            return self._found.ranked(looked)
        deadline = None if timeout is None else time.monotonic() + timeout
        try:
            asked = self._found.decisions(looked)
            chances = await self._judge.decide(asked, deadline=deadline)
        except Exception as error:
            if not of_model_side(error):
                raise
            return self._without(looked, error)
        return self._found.judged(looked, chances)

    def _without(self, looked: Found, error: Exception) -> ToolResult:
        logger.warning("the decision model failed, the words decide: %s", error)
        return self._found.ranked(looked)


def _searched(toolset: Toolset) -> tuple[Finder, dict[str, Tool]]:
    """The finder over whole APIs, and their tools by the names under which they are offered."""
    names = {(id(r.api), r.name): name for name, r in toolset.routes.items()}
    entries = []
    renamed = False
    for box, _ in toolset.whole:
        for entry in box.entries():
            name = names[id(box), entry.name]
            if name != entry.name:
                renamed = True
                entry = entry._replace(name=name)
            entries.append(entry)
    tools = {entry.name: entry.tool for entry in entries}
    ready = getattr(toolset.whole[0][0], "finder", None)
    if ready is not None and len(toolset.whole) == 1 and not renamed:
        return ready, tools
    return Finder(entries), tools


def _free(name: str, taken: Mapping[str, Any]) -> str:
    """A name that no tool of the APIs has."""
    while name in taken:
        name = f"toolbind_{name}"
    return name


def _query(arguments: Any) -> str | None:
    """What is looked for, also where it is not quite in its place."""
    if isinstance(arguments, str):
        return arguments
    if not isinstance(arguments, Mapping):
        return None
    values = [arguments["query"]] if "query" in arguments else list(arguments.values())
    for value in values:
        if isinstance(value, list) and value and all(isinstance(v, str) for v in value):
            return " ".join(value)
        if isinstance(value, str):
            return value
    return None
