"""What a tool call costs with FastMCP, its tool alone and through its server, and the same request
sent with its httpx by hand.

The operation, its arguments and the answer are those of `calling.py`. Runs in the peer's
environment; prints medians in microseconds as JSON.
"""

import asyncio
import json
import time
from statistics import median
from urllib.parse import quote

import httpx2
from fastmcp import FastMCP  # type: ignore[import-not-found]  # the peer has it

ROUNDS = 2000
BASE_URL = "https://api.example/v1"
ARGUMENTS = {"owner": "Zoe B", "limit": 20, "status": "sold", "tags": ["dog", "small"]}
ANSWER = [{"id": index, "name": f"pet {index}", "tags": ["dog"]} for index in range(5)]
STRING = {"type": "string"}
DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "Pets", "version": "1"},
    "servers": [{"url": BASE_URL}],
    "paths": {
        "/owners/{owner}/pets": {
            "get": {
                "operationId": "list_pets",
                "parameters": [
                    {"name": "owner", "in": "path", "required": True, "schema": STRING},
                    {"name": "limit", "in": "query", "schema": {"type": "integer"}},
                    {"name": "status", "in": "query", "schema": STRING},
                    {"name": "tags", "in": "query", "schema": {"type": "array", "items": STRING}},
                ],
                "responses": {"200": {"description": "Pets."}},
            }
        }
    },
}


def answer(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, json=ANSWER)


async def main() -> None:
    client = httpx2.AsyncClient(base_url=BASE_URL, transport=httpx2.MockTransport(answer))
    server = FastMCP.from_openapi(openapi_spec=DOCUMENT, client=client)
    tool = await server.get_tool("list_pets")
    found: dict[str, list[float]] = {"hand": [], "tool": [], "server": []}
    for _ in range(ROUNDS):
        start = time.perf_counter()
        query: list[tuple[str, str | int | float | bool | None]] = [
            ("limit", 20),
            ("status", "sold"),
        ]
        query += [("tags", "dog"), ("tags", "small")]
        owner = quote(str(ARGUMENTS["owner"]), safe="")
        (await client.get(f"/owners/{owner}/pets", params=query)).json()
        by_hand = time.perf_counter()
        await tool.run(ARGUMENTS)
        by_tool = time.perf_counter()
        await server.call_tool("list_pets", ARGUMENTS)
        by_server = time.perf_counter()
        found["hand"].append(by_hand - start)
        found["tool"].append(by_tool - by_hand)
        found["server"].append(by_server - by_tool)
    print(json.dumps({way: median(times) * 1e6 for way, times in found.items()}))


asyncio.run(main())
