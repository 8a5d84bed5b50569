"""What runs inside Pyodide: conversations through env.AI, as it is and as the SDK wraps it.

`host` is the module that run.mjs registers. The outcome is JSON: for each conversation what it
ended in, and what env.AI was given.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from host import env, play, requests, script_text  # type: ignore[import-not-found]  # see run.mjs
from pets import Server, make_api  # type: ignore[import-not-found]  # of tests/unit/runtime
from toolbind_runtime.ai.workers_ai_async import AsyncWorkersAI
from toolbind_runtime.errors import WorkersAIError
from workers.rpc import _EnvWrapper  # type: ignore[import-not-found]  # Cloudflare's SDK


async def hold(binding: Any, case: dict[str, Any]) -> dict[str, Any]:
    """One conversation; the API's side is httpx over its mock transport."""
    play(json.dumps(case["script"]))
    api, server = make_api(), Server()
    ai = AsyncWorkersAI.from_binding(binding, case["model"], backoff=0.0, **case["settings"])
    try:
        async with server.asynchronous(api) as client:
            if case["stream"]:
                events = [e async for e in api.arun("hi", ai=ai, client=client, stream=True)]
                pieces = [event.text for event in events if event.kind == "text"]
                run = events[-1].run
            else:
                run = await api.arun("hi", ai=ai, client=client)
                pieces = []
        told = {"text": run.text, "calls": [call.result.status_code for call in run.calls]}
    except WorkersAIError as error:
        told, pieces = {"error": type(error).__name__, "code": getattr(error, "code", None)}, []
    return {
        **told,
        "pieces": len(pieces),
        "http": server.lines,
        "requests": json.loads(requests()),
    }


async def main() -> str:
    cases = json.loads(script_text)
    outcome = {
        "python": sys.version.split()[0],
        "raw": [await hold(env.AI, case) for case in cases],
        "sdk": [await hold(_EnvWrapper(env).AI, case) for case in cases],
    }
    return json.dumps(outcome)
