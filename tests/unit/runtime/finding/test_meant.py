"""What is told where a model calls a tool that there is not."""

from __future__ import annotations

from typing import Any

import pytest
from toolbind_runtime.contract import Tool
from toolbind_runtime.finding.meant import nearest_tools

STRING: dict[str, Any] = {"type": "string"}


def tool(name: str, description: str, **required: bool) -> Tool:
    parameters = {
        "type": "object",
        "properties": dict.fromkeys(required, STRING),
        "required": [each for each, needed in required.items() if needed],
    }
    return {"name": name, "description": description, "parameters": parameters}


TOOLS = [
    tool("list_orders", "All orders. Newest first.", status=False),
    tool("get_order", "One order.", order_id=True),
    tool("cancel_order", "Cancels it.", order_id=True),
    tool("weather", "The weather " + "of a place " * 30, place=True),
]


def names(name: str, arguments: Any = None, request: str = "") -> list[str]:
    return [each.partition(":")[0] for each in nearest_tools(name, arguments, request, TOOLS)]


@pytest.mark.parametrize(
    ("name", "arguments", "request_", "first"),
    [
        ("get_orders", {"order_id": "1"}, "", "get_order"),
        ("find_orders", {"status": "open"}, "", "list_orders"),
        ("order", {"order_id": "1"}, "cancel my order 1", "cancel_order"),
        ("get_weather", {"place": "Bonn"}, "", "weather"),
        ("WEATHER", {}, "", "weather"),
    ],
)
def test_names_words_and_arguments_decide(
    name: str, arguments: Any, request_: str, first: str
) -> None:
    assert names(name, arguments, request_)[0] == first


@pytest.mark.parametrize("name", ["send_mail", "", "x" * 5000, "\ud800"])
def test_nothing_is_told_where_no_tool_is_like_the_call(name: str) -> None:
    assert names(name, {"to": "a"}, "write to Ana") == []


def test_a_line_says_what_a_tool_does() -> None:
    assert nearest_tools("list_order", {}, "", TOOLS)[0] == "list_orders: All orders"
    (line,) = nearest_tools("weather_now", {"place": "x"}, "", TOOLS)
    assert len(line) < 115
    assert line.endswith("...")
