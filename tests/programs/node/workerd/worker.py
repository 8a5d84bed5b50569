"""The Python Worker: one request runs every conversation through `env.AI`, and tells the ends.

`cases` is a text binding with the conversations as JSON; the model's side is a server outside.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from js import Response  # type: ignore[import-not-found]  # the Worker's own
from pets import Server, make_api  # type: ignore[import-not-found]  # of tests/unit/runtime
from toolbind_runtime.ai.workers_ai_async import AsyncWorkersAI
from toolbind_runtime.errors import WorkersAIError


async def hold(binding: Any, case: dict[str, Any]) -> dict[str, Any]:
    api, server = make_api(), Server()
    ai = AsyncWorkersAI.from_binding(binding, case["model"], backoff=0.0, **case["settings"])
    try:
        async with server.asynchronous(api) as client:
            if case["stream"]:
                events = [e async for e in api.arun("hi", ai=ai, client=client, stream=True)]
                run = events[-1].run
            else:
                run = await api.arun("hi", ai=ai, client=client)
        return {"text": run.text, "http": server.lines}
    except WorkersAIError as error:
        return {"error": type(error).__name__, "code": getattr(error, "code", None)}


async def on_fetch(request: Any, env: Any) -> Any:
    found = [await hold(env.AI, case) for case in json.loads(env.cases)]
    return Response.new(json.dumps({"python": sys.version.split()[0], "found": found}))
