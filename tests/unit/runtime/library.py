"""A large API with real routing: things of many kinds, each with the same four operations."""

from __future__ import annotations

import json

import httpx
from toolbind_runtime.api import Api
from toolbind_runtime.contract import OperationRow, Tool

from tests.unit.runtime.pets import make_api, tool

KINDS = (
    *("book", "author", "loan", "reader", "branch", "shelf", "invoice", "event", "room", "review"),
    *("poster", "printer"),
)


def make_library(name: str = "library", kinds: tuple[str, ...] = KINDS) -> Api:
    """Four tools for each kind: 48 in all."""
    tools: list[Tool] = []
    operations: dict[str, OperationRow] = {}
    for kind in kinds:
        key = f"{kind}_id"
        made: list[tuple[Tool, OperationRow]] = [
            (
                tool(f"list_{kind}s", f"List {kind}s.", limit={"type": "integer"}),
                {"method": "GET", "path": f"/{kind}s", "arguments": {"limit": {"in": "query"}}},
            ),
            (
                tool(f"get_{kind}", f"Get one {kind}.", key, **{key: {"type": "integer"}}),
                {
                    "method": "GET",
                    "path": f"/{kind}s/{{{key}}}",
                    "arguments": {key: {"in": "path"}},
                },
            ),
            (
                tool(f"create_{kind}", f"Create a {kind}.", "title", title={"type": "string"}),
                {
                    "method": "POST",
                    "path": f"/{kind}s",
                    "arguments": {"title": {"in": "body"}},
                    "body": {"media_type": "application/json", "required": True},
                },
            ),
            (
                tool(f"delete_{kind}", f"Delete a {kind}.", key, **{key: {"type": "integer"}}),
                {
                    "method": "DELETE",
                    "path": f"/{kind}s/{{{key}}}",
                    "arguments": {key: {"in": "path"}},
                },
            ),
        ]
        for each, row in made:
            tools.append(each)
            operations[each["name"]] = {**row, "tags": [f"{kind}s"]}
    return make_api(name, tools, operations=operations)


def answer(request: httpx.Request) -> httpx.Response:
    """Says back what was asked; what is deleted is gone."""
    if request.method == "DELETE":
        return httpx.Response(204)
    given = json.loads(request.content) if request.content else None
    return httpx.Response(200, json={"path": request.url.path, "given": given})
