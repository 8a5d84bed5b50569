"""What a newer workerd does by itself, around the `src/entry.py` of an emitted Worker.

This workerd is the last that carries its Pyodide inside: it calls `on_fetch` with what JavaScript
has, and its httpx has no transport that fetches. `entry` runs here as it is deployed.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import httpx
from js import fetch as js_fetch  # type: ignore[import-not-found]  # the Worker's own
from pyodide.ffi import to_js  # type: ignore[import-not-found]

helper = ModuleType("_pyodide_entrypoint_helper")
helper.patchWaitUntil = lambda context: None  # type: ignore[attr-defined]
flags = ModuleType("_cloudflare_compat_flags")
flags.__getattr__ = lambda name: False  # type: ignore[method-assign]
sys.modules |= {helper.__name__: helper, flags.__name__: flags}


async def handle(transport: Any, request: httpx.Request) -> httpx.Response:
    """A request as Pyodide's own build of httpx makes it: by fetch."""
    from js import Object

    body = await request.aread()
    options: dict[str, Any] = {
        "method": request.method,
        "headers": list(request.headers.multi_items()),
    }
    if body:
        options["body"] = body
    answer = await js_fetch(str(request.url), to_js(options, dict_converter=Object.fromEntries))
    data = (await answer.arrayBuffer()).to_bytes()
    kind = answer.headers.get("content-type") or "text/plain"
    return httpx.Response(answer.status, headers={"content-type": kind}, content=data)


setattr(httpx.AsyncHTTPTransport, "handle_async_request", handle)  # noqa: B010


async def on_fetch(request: Any, env: Any) -> Any:
    from entry import Default  # type: ignore[import-not-found]  # of the emitted Worker
    from workers import Request  # type: ignore[import-not-found]

    answer = await Default(None, env).fetch(Request(request))
    return getattr(answer, "js_object", answer)
