"""What a tool call costs over sending the same request with httpx by hand.

No network: httpx.MockTransport answers. The operation has a path, two query and an array argument;
`call_tool` reads them from an object as a model sends it, validates, builds, sends, decodes, and
shapes the text for the model. The two ways alternate, so that both see the same machine. Prints
medians in microseconds as JSON; the number of rounds may be given.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

import httpx

sys.path.insert(0, str(Path(__file__).parents[5] / "templates"))

from toolbind_runtime import Api, AsyncClient, OperationRow, SyncClient, Tool, ToolTable

BASE_URL = "https://api.example/v1"

TOOL: Tool = {
    "name": "list_pets",
    "description": "Lists the pets of an owner.",
    "parameters": {
        "type": "object",
        "properties": {
            "owner": {"type": "string", "description": "The owner's name.", "minLength": 1},
            "limit": {
                "type": "integer",
                "description": "At most so many.",
                "minimum": 1,
                "maximum": 100,
            },
            "status": {
                "type": "string",
                "description": "Their status.",
                "enum": ["available", "pending", "sold"],
            },
            "tags": {
                "type": "array",
                "description": "Tags to look for.",
                "items": {"type": "string", "maxLength": 20},
                "maxItems": 10,
            },
        },
        "required": ["owner"],
    },
}

ROW: OperationRow = {
    "method": "GET",
    "path": "/owners/{owner}/pets",
    "arguments": {
        "owner": {"in": "path"},
        "limit": {"in": "query"},
        "status": {"in": "query"},
        "tags": {"in": "query"},
    },
}

ARGUMENTS = {"owner": "Zoe B", "limit": 20, "status": "sold", "tags": ["dog", "small"]}

ANSWER = [{"id": index, "name": f"pet {index}", "tags": ["dog"]} for index in range(5)]


class Pets(SyncClient):
    pass


class AsyncPets(AsyncClient):
    pass


API = Api(
    name="pets",
    title="Pets",
    base_url=BASE_URL,
    tools=ToolTable([TOOL], {"list_pets": ROW}),
    client=Pets,
    async_client=AsyncPets,
)


def _answer(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json=ANSWER)


def _by_hand_url() -> tuple[str, list[tuple[str, Any]]]:
    owner = quote(str(ARGUMENTS["owner"]), safe="")
    query: list[tuple[str, Any]] = [("limit", ARGUMENTS["limit"]), ("status", ARGUMENTS["status"])]
    query += [("tags", tag) for tag in ARGUMENTS["tags"]]  # type: ignore[attr-defined]  # a list
    return f"{BASE_URL}/owners/{owner}/pets", query


def _microseconds(work: Callable[[], Any], times: list[float]) -> Any:
    start = time.perf_counter()
    result = work()
    times.append((time.perf_counter() - start) * 1e6)
    return result


def measure(rounds: int) -> tuple[float, float]:
    """Median microseconds by hand and through `call_tool`, with the synchronous client."""
    transport = httpx.MockTransport(_answer)
    http = httpx.Client(transport=transport)
    client = Pets(BASE_URL, http_client=httpx.Client(transport=transport))

    def by_hand() -> Any:
        url, query = _by_hand_url()
        return http.get(url, params=query).json()

    def by_tool() -> Any:
        return API.call_tool("list_pets", ARGUMENTS, client=client)

    hand: list[float] = []
    tool: list[float] = []
    for _ in range(rounds):
        expected = _microseconds(by_hand, hand)
        result = _microseconds(by_tool, tool)
        if result.data != expected:
            raise SystemExit(f"the two ways differ: {result}")
    return median(hand), median(tool)


async def measure_async(rounds: int) -> tuple[float, float]:
    """The same with the asynchronous client."""
    transport = httpx.MockTransport(_answer)
    http = httpx.AsyncClient(transport=transport)
    client = AsyncPets(BASE_URL, http_client=httpx.AsyncClient(transport=transport))
    hand: list[float] = []
    tool: list[float] = []
    for _ in range(rounds):
        start = time.perf_counter()
        url, query = _by_hand_url()
        (await http.get(url, params=query)).json()
        between = time.perf_counter()
        await API.acall_tool("list_pets", ARGUMENTS, client=client)
        end = time.perf_counter()
        hand.append((between - start) * 1e6)
        tool.append((end - between) * 1e6)
    return median(hand), median(tool)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    measure(200)
    found = {"sync": measure(rounds), "async": asyncio.run(measure_async(rounds))}
    told = {kind: {"hand": hand, "tool": tool} for kind, (hand, tool) in found.items()}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
