"""A small API with real routing for tests of the conversation, and clients for both of its sides.

`Pets` is an `Api` as a generated module has it; its server is a function behind httpx's own mock
transport, or a real one on loopback where a test asks for that.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import httpx
from toolbind_runtime.api import Api
from toolbind_runtime.client.asynchronous import AsyncClient
from toolbind_runtime.client.sync import SyncClient
from toolbind_runtime.contract import OperationRow, Tool, ToolTable

BASE_URL = "http://127.0.0.1:9/pets-api"


class Pets(SyncClient):
    """The synchronous client of the API."""


class AsyncPets(AsyncClient):
    """The asynchronous one."""


def tool(name: str, description: str, *required: str, **properties: dict[str, Any]) -> Tool:
    return {
        "name": name,
        "description": description,
        "parameters": {
            "type": "object",
            "properties": {
                key: {"description": key, **schema} for key, schema in properties.items()
            },
            "required": list(required),
        },
    }


TOOLS: list[Tool] = [
    tool("get_pet", "Read one pet.", "pet_id", pet_id={"type": "integer"}),
    tool(
        "find_pets",
        "List pets.",
        status={"type": "string", "enum": ["available", "sold"]},
        limit={"type": "integer"},
    ),
    tool("delete_pet", "Delete a pet.", "pet_id", pet_id={"type": "integer"}),
]

OPERATIONS: dict[str, OperationRow] = {
    "get_pet": {
        "method": "GET",
        "path": "/pets/{pet_id}",
        "arguments": {"pet_id": {"in": "path"}},
    },
    "find_pets": {
        "method": "GET",
        "path": "/pets",
        "arguments": {"status": {"in": "query"}, "limit": {"in": "query"}},
    },
    "delete_pet": {
        "method": "DELETE",
        "path": "/pets/{pet_id}",
        "arguments": {"pet_id": {"in": "path"}},
    },
}


def make_api(
    name: str = "pets",
    tools: list[Tool] | None = None,
    operations: Mapping[str, OperationRow] | None = None,
    **more: Any,
) -> Api:
    """A new API, with client classes of its own."""
    chosen = TOOLS if tools is None else tools
    names = [each["name"] for each in chosen]
    known = {each: OPERATIONS[each] for each in names if each in OPERATIONS}
    settings: dict[str, Any] = {
        "name": name,
        "title": name.title(),
        "base_url": BASE_URL,
        "tools": ToolTable(chosen, known if operations is None else operations),
        "client": type("Pets", (Pets,), {}),
        "async_client": type("AsyncPets", (AsyncPets,), {}),
    }
    return Api(**{**settings, **more})


def answer_pet(request: httpx.Request) -> httpx.Response:
    """Pet 7 is sold, pet 404 does not exist, everything else is available."""
    last = request.url.path.rsplit("/", 1)[-1]
    if request.method == "DELETE":
        return httpx.Response(204)
    if last == "404":
        return httpx.Response(404, json={"detail": "no such pet"})
    if last == "pets":
        return httpx.Response(200, json=[{"id": 7, "status": "sold"}])
    return httpx.Response(
        200,
        json={
            "id": int(last) if last.isdigit() else last,
            "status": "sold" if last == "7" else "available",
        },
    )


Handler = Callable[[httpx.Request], httpx.Response]


class Server:
    """The API's side: answers by `handler`, and keeps what came."""

    def __init__(self, handler: Handler = answer_pet) -> None:
        self.handler = handler
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.handler(request)

    @property
    def lines(self) -> list[str]:
        return [f"{r.method} {r.url.path.removeprefix('/pets-api')}" for r in self.requests]

    def sync(self, api: Api) -> SyncClient:
        transport = httpx.MockTransport(self)
        return api.client_class(BASE_URL, http_client=httpx.Client(transport=transport))

    def asynchronous(self, api: Api) -> AsyncClient:
        transport = httpx.MockTransport(self)
        return api.async_client_class(BASE_URL, http_client=httpx.AsyncClient(transport=transport))


def content(message: dict[str, Any]) -> Any:
    """A tool message's content, decoded."""
    return json.loads(message["content"])
