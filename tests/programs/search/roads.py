"""What the two roads to a found tool cost in prompt tokens, where a request needs two operations.

The conversation is the runtime's own, over GitHub; the model is a script that finds the first
tool, calls it, finds the second, calls it and answers, on both roads the same. `read` counts all
tokens of all prompts, `fresh` those behind the first difference from the prompt before: what a
service that caches prefixes reads anew (tools stand in front of messages there).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
from toolbind.pipeline import examine
from toolbind.present.example import sample
from toolbind.present.rows import operation_row, tool
from toolbind_runtime.ai.model import Model, find_model
from toolbind_runtime.api import Api
from toolbind_runtime.client.asynchronous import AsyncClient
from toolbind_runtime.client.sync import SyncClient
from toolbind_runtime.contract import ToolTable
from toolbind_runtime.conversation.found import Road
from toolbind_runtime.records.exchange import Answer, Question, ToolCall

from tests.programs.search import documents
from tests.programs.search.measure import Wanted, read_set, unnamed

CHARACTERS = 4  # of a token, about
ANSWER = {"items": [{"number": n, "title": f"Something of number {n}"} for n in range(12)]}


@dataclass
class Cost:
    """Tokens of one conversation, and whether its two tools were offered or told when called."""

    read: int = 0
    fresh: int = 0
    turns: int = 0


@dataclass
class Script:
    """A model that knows what it wants: the names of two tools, found by two requests."""

    road: Road
    steps: list[tuple[str, dict[str, Any]]]
    model: Model = field(default_factory=lambda: find_model("@cf/zai-org/glm-4.7-flash"))
    cost: Cost = field(default_factory=Cost)
    before: str = ""

    def ask(self, question: Question, **_given: Any) -> Answer:
        prompt = json.dumps([*question.tools, *question.messages], ensure_ascii=False)
        same = _shared(prompt, self.before)
        self.before = prompt
        self.cost.read += len(prompt) // CHARACTERS
        self.cost.fresh += (len(prompt) - same) // CHARACTERS
        self.cost.turns += 1
        if not self.steps:
            return Answer(text="Done.")
        name, arguments = self.steps.pop(0)
        if self.road == "call" and name != "find_tools":
            name, arguments = "call_tool", {"name": name, "arguments": arguments}
        return Answer(calls=(ToolCall(f"call{self.cost.turns:05}", name, arguments),))

    def stream(self, question: Question, **_given: Any) -> Any:
        raise NotImplementedError


def costs(roads: tuple[Road, ...] = ("offer", "call")) -> dict[Road, Cost]:
    """The mean cost of a conversation on each road. Raises FetchError."""
    api = github()
    found: dict[Road, Cost] = {road: Cost() for road in roads}
    wanted = read_set(documents.SETS / "github_two.jsonl")
    for each in wanted:
        for road in roads:
            one = converse(api, road, each)
            found[road].read += one.read
            found[road].fresh += one.fresh
            found[road].turns += one.turns
    count = len(wanted)
    return {road: Cost(c.read // count, c.fresh // count, c.turns) for road, c in found.items()}


def converse(api: Api, road: Road, wanted: Wanted) -> Cost:
    """One conversation that needs two operations."""
    names = [_name(api, need[0]) for need in wanted.needed]
    steps: list[tuple[str, dict[str, Any]]] = []
    for number, name in enumerate(names):
        (told,) = api.tools(name)
        properties = told["parameters"]["properties"]
        required = told["parameters"]["required"]
        query = wanted.query if not number else told["description"].split(". ")[0]
        steps += [
            ("find_tools", {"query": query}),
            (name, {each: sample(properties[each]) for each in required}),
        ]
    model = Script(road, steps)
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=ANSWER))
    with api.client_class(
        "https://api.example", http_client=httpx.Client(transport=transport)
    ) as c:
        api.run(wanted.query, ai=model, client=c, approve="all", finder=road)
    return model.cost


def github() -> Api:
    """GitHub's module, without the detour over files."""
    lowered = examine(documents.text_of("github")).api
    tools = [tool(operation) for operation in lowered.operations]
    rows = {each.name: operation_row(each, lowered.security) for each in lowered.operations}
    return Api(
        name="github",
        title=lowered.title,
        base_url="https://api.example",
        tools=ToolTable(tools, rows),  # type: ignore[arg-type]  # rows by another name
        client=type("GitHub", (SyncClient,), {}),
        async_client=type("AsyncGitHub", (AsyncClient,), {}),
    )


def _name(api: Api, operation: str) -> str:
    wanted = unnamed(operation)
    for each in api.entries():
        if unnamed(f"{each.method} {each.path}") == wanted:
            return each.name
    raise LookupError(operation)


def _shared(one: str, other: str) -> int:
    """Characters at the beginning of both."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def lines() -> Iterator[str]:
    """The table."""
    yield "| found tools are | prompt tokens read | of these fresh |\n|---|---|---|"
    titles: dict[Road, str] = {
        "offer": "offered from the next turn on",
        "call": "called through `call_tool`",
    }
    for road, cost in costs().items():
        yield f"| {titles[road]} | {cost.read:,} | {cost.fresh:,} |"
