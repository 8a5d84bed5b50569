"""A whole conversation inside a real Python Worker (contract sections 9 and 10).

workerd runs the generated packages' runtime in its own Pyodide; `env.AI` is Cloudflare's own class
`Ai`, and what it sends goes over HTTP to the stand-in, which judges it.
"""

from __future__ import annotations

import json
import platform
import socket
import subprocess
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

import httpx
from toolbind.standin import StandIn, Turn, call, fault, say

from tests.programs.node.deps import npm_packages
from tests.programs.node.pyodide_run import MODELS, archive

HERE = Path(__file__).parent / "workerd"
WAIT = 120.0
"""Seconds that the Worker may take to start: it unpacks its Python first."""

CONFIG = """
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "model", external = (address = "127.0.0.1:{model}", http = ())),
  ],
  sockets = [(name = "http", address = "127.0.0.1:{port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [
{modules}
  ],
  bindings = [
    (name = "AI", wrapped = (
      moduleName = "cloudflare-internal:ai-api",
      innerBindings = [(name = "fetcher", service = "model")],
    )),
    (name = "cases", text = embed "cases.json"),
  ],
  compatibilityDate = "2024-10-01",
  compatibilityFlags = ["python_workers"],
);
"""


def cases() -> tuple[list[dict[str, Any]], list[Turn]]:
    """What the Worker does, and what the model answers to it, in order."""
    listed: list[dict[str, Any]] = []
    script: list[Turn] = []
    for model, settings in MODELS:
        for stream in (False, True):
            listed.append({"model": model, "settings": settings, "stream": stream})
            script += [call("get_pet", {"pet_id": 7}, reasoning="Hm."), say("Sold: é€😀.")]
    plain = {"model": MODELS[0][0], "settings": {}, "stream": False}
    listed += [{**plain, "expect": "Hi."}, {**plain, "expect": ["DailyLimitError", 3036]}]
    script += [fault(3040), say("Hi."), fault(3036)]
    return listed, script


def modules(folder: Path) -> str:
    """The Worker's modules: the main one first, then everything that it imports."""
    archive(folder / "site.zip")
    with zipfile.ZipFile(folder / "site.zip") as packed:
        packed.extractall(folder)
        names = [name for name in packed.namelist() if name.endswith((".py", ".pem"))]
    (folder / "worker.py").write_bytes((HERE / "worker.py").read_bytes())
    kept = [name for name in names if not name.startswith(("workers/", "_", "inside"))]
    lines = []
    for name in ["worker.py", *sorted(set(kept))]:
        kind = "pythonModule" if name.endswith(".py") else "data"
        lines.append(f'    (name = "{name}", {kind} = embed "{name}"),')
    return "\n".join(lines)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ask(port: int, process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """The Worker's answer, once it has started."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end and process.poll() is None:
        try:
            answer = httpx.get(f"http://127.0.0.1:{port}/", timeout=WAIT, trust_env=False)
        except httpx.ConnectError:
            time.sleep(0.2)
            continue
        found: dict[str, Any] = answer.raise_for_status().json()
        return found
    raise RuntimeError("workerd did not start")


def main() -> int:
    """0 when every conversation ended as it must."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        print("workerd: skipped, it is for Linux on x86_64 here")
        return 0
    binary = npm_packages(HERE) / "@cloudflare" / "workerd-linux-64" / "bin" / "workerd"
    listed, script = cases()
    with tempfile.TemporaryDirectory() as name, StandIn(script, chunk=7) as standin:
        folder, port = Path(name), free_port()
        (folder / "cases.json").write_text(json.dumps(listed))
        model = standin.root.rpartition(":")[2]
        config = CONFIG.replace("{modules}", modules(folder))
        config = config.replace("{model}", model).replace("{port}", str(port))
        (folder / "config.capnp").write_text(config)
        command = [str(binary), "serve", "config.capnp", "--experimental"]
        with subprocess.Popen(command, cwd=folder) as process:
            try:
                outcome = ask(port, process)
            finally:
                process.terminate()
        wrong = standin.complaints
    for case, found in zip(listed, outcome["found"], strict=True):
        told = found.get("text", [found.get("error"), found.get("code")])
        if told != case.get("expect", "Sold: é€😀."):
            wrong.append(f"{case}: {found}")
    for each in wrong:
        print(f"FAIL {each}")
    done = len(listed)
    print(f"python worker {outcome['python']}: {done - len(wrong)} passed, {len(wrong)} failed")
    return 1 if wrong else 0
