"""Runs inside a fresh process: imports one generated module, looks at all of it, calls every tool.

Usage: probe.py FOLDER MODULE. Prints one JSON object; a payload that fires would leave its mark in
`$CANARY_DIR`, on `builtins`, in the environment or on stdout, where the test looks for it.
"""

from __future__ import annotations

import builtins
import importlib
import inspect
import json
import os
import sys
import typing
from pathlib import Path
from typing import Any

import httpx

BASE = "https://caller.example/base"

EXAMPLES: dict[str, Any] = {
    "string": "a b&c=d#e\r\nX-Evil: 1",
    "integer": 7,
    "number": 1.5,
    "boolean": True,
    "array": [],
    "object": {},
}


def example(schema: dict[str, Any]) -> Any:
    """A value of the type that the schema names, hostile where it may be text."""
    if schema.get("enum"):
        return schema["enum"][0]
    if schema.get("type") == "array":
        return [example(schema.get("items", {"type": "string"}))] * max(
            1,
            int(min(schema.get("minItems", 0), 10)),  # may be 2.0, or more than there is room for
        )
    if schema.get("type") == "object":
        inner = schema.get("properties", {})
        return {name: example(inner.get(name, {})) for name in schema.get("required", [])}
    return EXAMPLES.get(schema.get("type", "string"), "x")


def hints_of(module: Any) -> int:
    """Reads every signature, docstring and resolved annotation; returns how many methods."""
    count = 0
    for cls in (module.Client, module.AsyncClient):
        for name, method in inspect.getmembers(cls, inspect.isfunction):
            inspect.signature(method)
            inspect.getdoc(method)
            types = importlib.import_module(f"{module.__name__}_types")
            names = {**vars(sys.modules[method.__module__]), **vars(types), "types": types}
            names.update({n: Any for n in ("httpx",) if n not in names})
            typing.get_type_hints(method, globalns=names)
            count += not name.startswith("_")
    return count


def call_all(module: Any) -> tuple[list[dict[str, Any]], list[str]]:
    """Calls each tool through the router; gives the requests seen and the refusals' texts."""
    seen: list[dict[str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        fields = request.headers.raw
        seen.append(
            {
                "url": str(request.url),
                "target": request.url.raw_path.decode("ascii"),
                "headers": [[k.decode("latin-1"), v.decode("latin-1")] for k, v in fields],
            }
        )
        return httpx.Response(200, json={"ok": True})

    refused = []
    transport = httpx.Client(transport=httpx.MockTransport(answer))
    with module.Client(base_url=BASE, http_client=transport) as client:
        for tool in module.TOOLS:
            schema = tool["parameters"]
            plain = {k: example(v) for k, v in schema["properties"].items()}
            result = module.call_tool(tool["name"], plain, client=client)
            if not result.ok:
                refused.append(result.content)
                tame = json.loads(json.dumps(plain).replace(r"\r\nX-Evil: 1", ""))
                result = module.call_tool(tool["name"], tame, client=client)
                refused.extend([] if result.ok else [result.content])
    return seen, refused


def main(folder: str, name: str) -> None:
    known = set(vars(builtins)), dict(os.environ)
    sys.path.insert(0, folder)
    package = importlib.import_module(Path(os.environ["PACKAGE"]).name)
    module = importlib.import_module(f"{package.__name__}.{name}")
    methods = hints_of(module)
    seen, refused = call_all(module)
    print(
        json.dumps(
            {
                "tools": module.TOOLS,
                "methods": methods,
                "base": module.BASE_URL,
                "servers": [
                    row["server"] for row in module._API.routes.values() if "server" in row
                ],
                "requests": seen,
                "refused": refused,
                "builtins": sorted(set(vars(builtins)) - known[0]),
                "environment": sorted(set(os.environ) - set(known[1])),
            },
            allow_nan=False,
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
