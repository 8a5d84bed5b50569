"""Which tools a conversation begins with: all of them, or those that find the others.

What cannot fit the model's context is refused here, before anything is sent.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from ..ai.checks import require_choice, require_number
from ..ai.model import Model
from ..errors import SettingsError
from ..records.exchange import Message
from .found import Bounds, FoundTools, Rank, Road, tokens_of
from .toolset import Route, Toolset

logger = logging.getLogger("toolbind.run")

_AREAS = 12  # named where tools are too many
_PART = 4  # of the context: what tools that are found may take at most, and what answers need


def bounds_of(options: Mapping[str, Any]) -> Bounds:
    """How many tools may be offered as they are. Raises SettingsError for what is no bound."""
    usual = Bounds()
    tools = options.get("max_tools", usual.tools)
    tokens = options.get("max_tool_tokens", usual.tokens)
    require_number("max_tools", tools, 1, whole=True)
    require_number("max_tool_tokens", tokens, 1, whole=True)
    require_choice("finder", options.get("finder", "offer"), get_args(Road))
    require_choice("rank", options.get("rank", "words"), get_args(Rank))
    return Bounds(tools, tokens)


def offer(
    toolset: Toolset, ai: Any, bounds: Bounds, options: Mapping[str, Any]
) -> Toolset | FoundTools:
    """The toolset as it is, or one whose tools are found, where they would be too many."""
    judge = _judge(ai, options)
    if not toolset.whole:
        return toolset
    window = ai.model.context_window
    if window is not None:
        bounds = bounds._replace(tokens=min(bounds.tokens, window // _PART))
    tokens = 0 if toolset.left else sum(map(tokens_of, toolset.tools))
    if toolset.left or len(toolset.tools) > bounds.tools or tokens > bounds.tokens:
        return FoundTools(toolset, bounds, options.get("finder", "offer"), judge)
    return toolset


def _judge(ai: Any, options: Mapping[str, Any]) -> Any:
    """Whoever asks the decision model; None for the words alone. Raises SettingsError."""
    if options.get("rank", "words") == "words":
        return None
    if not hasattr(ai, "decide"):
        raise SettingsError(
            "rank='clef' needs a WorkersAI, which can ask Cloudflare's Clef"
        )
    ai.require_decisions()
    return ai


def require_room(
    model: Model,
    gathered: Toolset,
    toolset: Toolset | FoundTools,
    messages: Sequence[Message],
) -> None:
    """Raise SettingsError where tools leave no room for messages and an answer."""
    window = model.context_window
    if window is None:
        return
    sizes = {tool["name"]: tokens_of(tool) for tool in toolset.tools}
    taken = sum(sizes.values())
    said = len(json.dumps(messages, ensure_ascii=False)) // 4
    room = min(model.token_limit(None), window // _PART)
    if taken + said + room > window:
        raise SettingsError(
            f"{len(sizes):,} tools take about {taken:,} tokens and the messages {said:,}, and "
            f"{model.name} takes {window:,} together with its answer; choose fewer with "
            f"tools=[...], or let them be found with tools='find'. "
            f"Tags and their tokens: {_areas(sizes, gathered.routes)}"
        )
    if taken > window // 2:
        logger.warning(
            "%d tools take about %d of the %d tokens of %s: choose some with tools=[...]",
            len(sizes),
            taken,
            window,
            model.name,
        )


def _areas(sizes: Mapping[str, int], routes: Mapping[str, Route]) -> str:
    """The parts of what is offered with their tokens, the largest first."""
    known: dict[int, dict[str, str]] = {}
    tokens: Counter[str] = Counter()
    for name, size in sizes.items():
        route = routes[name]
        if id(route.api) not in known:
            entries = route.api.entries() if hasattr(route.api, "entries") else ()
            known[id(route.api)] = {each.name: each.area() for each in entries}
        tokens[known[id(route.api)].get(route.name, route.api.name)] += size
    largest = [f"{area} {size:,}" for area, size in tokens.most_common(_AREAS)]
    more = f", and {len(tokens) - _AREAS} more" if len(tokens) > _AREAS else ""
    return ", ".join(largest) + more
