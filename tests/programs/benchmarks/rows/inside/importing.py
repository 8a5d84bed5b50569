"""`import httpx`, then the module `sys.argv[2]` of the package in the folder `sys.argv[1]`, one
call, the module's types. Prints seconds of each as JSON."""

import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


folder = Path(sys.argv[1])
sys.path.insert(0, str(folder.parent))
name = f"{folder.name}.{sys.argv[2]}"
for_httpx, httpx = timed(lambda: importlib.import_module("httpx"))
for_module, module = timed(lambda: importlib.import_module(name))
transport = httpx.MockTransport(lambda request: httpx.Response(200, json={}))
client = module.Client(http_client=httpx.Client(transport=transport))
arguments = {"owner": "octocat", "repo": "hello"}
for_call, result = timed(lambda: module.call_tool("repos_get", arguments, client=client))
assert result.ok, result
for_types, _ = timed(lambda: module.types.Repository)
seconds = {"httpx": for_httpx, "module": for_module, "call": for_call, "types": for_types}
print(json.dumps(seconds))
