"""What the model reads about tools that it has to find: the two tools, and what they answer.

Texts only: short, since each of them is paid for in every turn after it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..ai.clef import Decisions
from ..basics.text import clip
from ..contract import Tool
from ..finding.ranker import Found, Hit
from ..records.exchange import ToolResult

LINES = 10
"""Tools that one answer tells of."""

SHORTLIST = 60
"""Tools that the decision model chooses from; it takes 64 questions at once."""

PASSES = 0.5
"""The chance of fitting that a tool needs there."""

AREAS = 40
"""Parts of an API that are named where everything was asked for."""

_IN_DESCRIPTION = 20
_OPTIONAL = 6  # optional arguments named in a line
_ALIKE = 3
_SENTENCE = re.compile(r"(?<=[.!?])\s")

ASK_AGAIN = (
    "No tool does this. Ask once more in other words if there should be one: what is to be "
    "done, and to what. Else tell the user that it cannot be done here."
)
NOT_EVERYTHING = (
    "{count:,} tools do not fit into a conversation. Ask for what the next step needs, "
    "for example 'close an issue'."
)
NO_QUERY = "find_tools takes query: what is to be done, in a few words of text."


def find_tool(
    name: str, titles: Sequence[str], count: int, areas: Iterable[str], then: str
) -> Tool:
    """The tool that finds tools; `then` says what to do with them."""
    several = ", ".join(list(areas)[:_IN_DESCRIPTION])
    return Tool(
        name=name,
        description=(
            f"Find the tools that the next step needs, among {count:,} of {', '.join(titles)}. "
            f"{then} Areas: {several}."
        ),
        parameters={
            "type": "object",
            "properties": {
                "query": {
                    "type": "string",
                    "description": (
                        "What is to be done and to what, for example 'list open orders' or "
                        "'delete a user', or a tool's name"
                    ),
                }
            },
            "required": ["query"],
        },
    )


def call_tool(name: str) -> Tool:
    """The tool that calls a tool by its name."""
    return Tool(
        name=name,
        description="Call a tool that was found.",
        parameters={
            "type": "object",
            "properties": {
                "name": {"type": "string", "description": "The tool's name"},
                "arguments": {
                    "type": "object",
                    "description": "Its arguments by name, as its schema says",
                },
            },
            "required": ["name", "arguments"],
        },
    )


def line(hit: Hit, tool: Tool) -> str:
    """One tool: name, arguments (optional ones with a question mark), what it does."""
    parameters = tool["parameters"]
    required = [str(name) for name in parameters.get("required", ())]
    optional = [f"{name}?" for name in parameters["properties"] if name not in required]
    more = ["…"] if len(optional) > _OPTIONAL else []
    arguments = ", ".join([*required, *optional[:_OPTIONAL], *more])
    told = clip(_SENTENCE.split(tool["description"], maxsplit=1)[0], 160)
    gives = f" (gives what {hit.gives} needs)" if hit.gives else ""
    alike = f" (alike: {', '.join(hit.alike[:_ALIKE])})" if hit.alike else ""
    return f"{hit.name}({arguments}): {told}{gives}{alike}"


def decisions(shortlist: Found, tools: Mapping[str, Tool]) -> Decisions:
    """Whether each of a shortlist fits, as questions to the decision model."""
    return Decisions(
        f"Somebody wants this done through an API: {clip(shortlist.query, 2_000)}",
        {
            hit.name: f"Does this tool do it, or a part of it? {line(hit, tools[hit.name])}"
            for hit in shortlist.hits
        },
        yes="It does what is wanted, or a step that is needed for it",
        no="It does something else",
    )


def names_in(content: str) -> list[str]:
    """The names of the tools that an answer of ours told of, the best first."""
    try:
        told = json.loads(content)
    except ValueError:
        return []
    lines = told.get("tools") if isinstance(told, dict) else None
    if not isinstance(lines, list):
        return []
    return [each.partition("(")[0] for each in lines if isinstance(each, str)]


def answered(
    found: Found, tools: Mapping[str, Tool], schemas: Mapping[str, Any], note: str
) -> ToolResult:
    """What was found, as the model is told; `schemas` are those of the best, where wanted."""
    shown: dict[str, Any] = {
        "tools": [line(hit, tools[hit.name]) for hit in found.hits]
    }
    if not found.hits:
        note = ASK_AGAIN
    if schemas:
        shown["schemas"] = schemas
    if note:
        shown["note"] = note
    names = [hit.name for hit in found.hits]
    return ToolResult(True, json.dumps(shown, ensure_ascii=False), data=names)


def everything(areas: Mapping[str, int]) -> ToolResult:
    """The answer to whoever asks for all: how much that is, and its parts."""
    shown: dict[str, Any] = {
        "error": NOT_EVERYTHING.format(count=sum(areas.values())),
        "areas": dict(list(areas.items())[:AREAS]),
    }
    if len(areas) > AREAS:
        shown["areas"]["others"] = sum(list(areas.values())[AREAS:])
    return ToolResult(
        False, json.dumps(shown, ensure_ascii=False), error="bad-arguments"
    )


def no_query() -> ToolResult:
    """The answer to a call that says nothing."""
    return ToolResult(False, json.dumps({"error": NO_QUERY}), error="bad-arguments")
