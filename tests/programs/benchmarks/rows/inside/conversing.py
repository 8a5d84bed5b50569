"""What a turn of `run` costs over sending its requests by hand. No network: mock transports answer.

    conversing.py FOLDER MODULE alone|of-all

20 tools of a generated module, either the only ones that it has or chosen among all. A run has six
answers that each call one tool, and a last one. The very requests of one run are then sent by hand,
in turn with further runs. Prints the median milliseconds of a turn beyond that as JSON.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any

import httpx

TURNS = 6
ROUNDS = 200
TOOLS = 20
CALLED = "repos_get"
ARGUMENTS = {"owner": "octocat", "repo": "hello"}
USAGE = {"prompt_tokens": 1000, "completion_tokens": 20, "total_tokens": 1020}
REPOSITORY = {"id": 7, "name": "hello", "full_name": "octocat/hello", "private": False}


def model_answer(turn: int) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": "It is public."}
    if turn < TURNS:
        # Different arguments each time: a model that repeats itself is told so.
        arguments = json.dumps({**ARGUMENTS, "repo": f"hello{turn}"})
        function = {"name": CALLED, "arguments": arguments}
        calls = [{"id": f"call_{turn}", "type": "function", "function": function}]
        message = {"role": "assistant", "content": None, "tool_calls": calls}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {"result": {"choices": [choice], "usage": USAGE}, "success": True}


class Sides:
    """Model and API behind transports; `requests` are those of the run that is going on."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.turn = 0

    def model(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = model_answer(self.turn)
        self.turn += 1
        return httpx.Response(200, json=answer)

    def api(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(200, json=REPOSITORY)

    def begin(self) -> None:
        self.requests.clear()
        self.turn = 0


def seconds(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def alone(module: Any, names: list[str]) -> Any:
    """An API of these tools and no others, as if they had been generated alone."""
    whole = module._API
    tools = [tool for tool in module.TOOLS if tool["name"] in names]
    routes = {name: whole.routes[name] for name in names}
    return type(whole)(
        name="few",
        title="Few",
        base_url=module.BASE_URL,
        tools=SimpleNamespace(TOOLS=tools, ROUTES=routes),
        schemes=whole.schemes,
        client=module.Client,
        async_client=module.AsyncClient,
    )


def main() -> None:
    folder, name, which = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    sys.path.insert(0, str(folder.parent))
    module = importlib.import_module(f"{folder.name}.{name}")
    reading = [t["name"] for t in module.TOOLS if t["name"].startswith("repos_get")]
    names = list(dict.fromkeys([CALLED, *reading]))[:TOOLS]
    assert which in ("alone", "of-all")
    api = alone(module, names) if which == "alone" else module._API
    sides = Sides()
    ai_side = httpx.Client(transport=httpx.MockTransport(sides.model))
    api_side = httpx.Client(transport=httpx.MockTransport(sides.api))
    ai = module.WorkersAI(account_id="a" * 32, api_token="t" * 40, http_client=ai_side)
    client = module.Client(http_client=api_side)

    def by_run() -> None:
        sides.begin()
        run = api.run("Is it public?", ai=ai, client=client, tools=names)
        assert run.stop_reason == "stop", run.stop_reason
        assert len(run.calls) == TURNS, run.calls

    by_run()
    sent = [
        (request, json.loads(request.content) if request.method == "POST" else None)
        for request in sides.requests
    ]

    def by_hand() -> None:
        sides.begin()
        for request, body in sent:
            if body is None:
                api_side.get(str(request.url), headers={"accept": "application/json"}).json()
            else:
                headers = {"authorization": request.headers["authorization"]}
                ai_side.post(str(request.url), json=body, headers=headers).json()

    more = [seconds(by_run) - seconds(by_hand) for _ in range(ROUNDS)]
    print(json.dumps({"turn": median(more) * 1000 / (TURNS + 1), "tools": len(names)}))


if __name__ == "__main__":
    main()
