"""An emitted Worker under the real workerd: a conversation over several requests.

`toolbind worker` writes the folder, workerd runs its `src/entry.py` with Cloudflare's SDK and its
own class `Ai`; the model is the stand-in, the API the help desk of the demo. A write waits for a
yes, which comes with the next request; another gets a no. That workerd has the Python of 2024, so
the same folder also answers in the Pyodide of today's Workers, without an API.
"""

from __future__ import annotations

import contextlib
import functools
import http.server
import json
import platform
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from toolbind.standin import StandIn, call, say

from tests.programs.demo.__main__ import served
from tests.programs.demo.helpdesk import API_KEY
from tests.programs.node.deps import ROOT, node, npm_packages
from tests.programs.node.pyodide_run import HERE as PYODIDE
from tests.programs.node.pyodide_run import MODELS, archive, played
from tests.programs.node.workerd_run import HERE as WORKERD
from tests.programs.node.workerd_run import WAIT, free_port

HERE = Path(__file__).parent / "worker"
TOKEN = "let me in"
SCRIPT = [
    call("list_tickets", {"status": ["open"]}),
    call("change_ticket", {"ticket_id": 41, "body": {"assignee": 2}}),
    say("Done: it is Ben's."),
    call("add_comment", {"ticket_id": 41, "author": 2, "text": "On it."}),
    say("Then I leave it."),
]

CONFIG = """
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "model", external = (address = "127.0.0.1:{model}", http = ())),
    (name = "assets", external = (address = "127.0.0.1:{assets}", http = ())),
    (name = "internet", network = (allow = ["private", "public"])),
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
    (name = "ASSETS", service = "assets"),
    (name = "CHAT_TOKEN", text = "{token}"),
    (name = "HELPDESK_BASE_URL", text = "{api}"),
    (name = "HELPDESK_API_KEY", text = "{key}"),
  ],
  compatibilityDate = "2024-10-01",
  compatibilityFlags = ["python_workers"],
);
"""


def modules(folder: Path, source: Path) -> str:
    """The Worker's modules: the shim first, the emitted sources, and what the platform brings."""
    archive(folder / "site.zip")
    with zipfile.ZipFile(folder / "site.zip") as packed:
        packed.extractall(folder)
        wanted = ("httpx", "httpcore", "h11", "anyio", "certifi", "idna", "typing_ext", "workers/")
        names = [
            name
            for name in packed.namelist()
            if name.startswith(wanted) and name.endswith((".py", ".pem"))
        ]
    for path in source.rglob("*.py"):
        name = path.relative_to(source).as_posix()
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(path.read_bytes())
        names.append(name)
    (folder / "main.py").write_bytes((HERE / "main.py").read_bytes())
    lines = []
    for name in ["main.py", *sorted(set(names))]:
        kind = "pythonModule" if name.endswith(".py") else "data"
        lines.append(f'    (name = "{name}", {kind} = embed "{name}"),')
    return "\n".join(lines)


@contextlib.contextmanager
def served_files(folder: Path) -> Iterator[int]:
    """What Cloudflare does with the folder of assets."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None: ...

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def chat(client: httpx.Client, asked: Any) -> list[dict[str, Any]]:
    """The events of one request, which come as a stream."""
    with client.stream("POST", "/chat", json=asked) as answer:
        if answer.status_code != 200:
            raise RuntimeError(f"{answer.status_code} {answer.read().decode()}")
        lines = [line for line in answer.iter_lines() if line.startswith("data: ")]
    return [json.loads(line.removeprefix("data: ")) for line in lines]


def talk(client: httpx.Client, api: str, page: bytes) -> Iterator[str]:
    """What is wrong with what the Worker does."""

    def ticket() -> Any:
        headers = {"X-Helpdesk-Key": API_KEY}
        return httpx.get(f"{api}/tickets/41", headers=headers, trust_env=False).json()

    stranger = {"Authorization": "Bearer guess"}
    statuses = [
        client.get("/").status_code,
        client.post("/chat", json={}, headers=stranger).status_code,
        client.get("/chat").status_code,
        client.post("/chat", content=b"{").status_code,
    ]
    if statuses != [200, 401, 405, 400]:
        yield f"statuses are {statuses}"
    if client.get("/").content != page:
        yield "/ is not the page"

    first = chat(client, {"message": "Give ticket 41 to Ben."})
    done = first[-1]
    kinds = [event["kind"] for event in first]
    if kinds.count("result") != 1 or done.get("stop_reason") != "approval":
        yield f"the write was to wait: {first}"
        return
    (waiting,) = done["waiting"]
    if f"PATCH {api}/tickets/41" not in waiting["text"] or ticket()["assignee"] is not None:
        yield f"nothing was to be changed yet: {waiting}"

    second = chat(client, {"messages": done["messages"], "approve": {waiting["key"]: True}})
    if second[-1].get("text") != "Done: it is Ben's." or ticket()["assignee"] != 2:
        yield f"the approved write was to be made: {second}"
    pieces = [event for event in second if event["kind"] == "text"]
    if len(pieces) < 2:
        yield f"the answer was to come in pieces: {second}"

    third = chat(client, {"messages": second[-1]["messages"], "message": "Comment on it."})
    key = third[-1]["waiting"][0]["key"]
    fourth = chat(client, {"messages": third[-1]["messages"], "approve": {key: "Not today."}})
    told = [m for m in fourth[-1]["messages"] if m["role"] == "tool"][-1]["content"]
    if fourth[-1].get("text") != "Then I leave it." or "Not today." not in told:
        yield f"the model was to be told why not: {fourth}"
    if ticket()["comments"]:
        yield "the refused write was made"


def newest(emitted: Path, place: Path) -> Iterator[str]:
    """What is wrong with the Worker in the Pyodide that is deployed to."""
    archive(place / "site.zip")
    with zipfile.ZipFile(place / "site.zip", "a") as packed:
        for path in (emitted / "src").rglob("*.py"):
            packed.write(path, path.relative_to(emitted / "src").as_posix())
    model = MODELS[0][0]
    turns = [say("Hi: é€😀."), call("delete_ticket", {"ticket_id": 41})]
    headers = {"Authorization": f"Bearer {TOKEN}"}
    ask = {"path": "/chat", "method": "POST", "headers": headers}
    config = {
        "pyodide": str(npm_packages(PYODIDE) / "pyodide"),
        "archive": str(place / "site.zip"),
        "script": [played(turn, model, {}, stream=True)["text"] for turn in turns],
        "asked": [
            {"path": "/"},
            {"path": "/chat", "method": "POST", "body": "{}"},
            *({**ask, "body": json.dumps({"message": text})} for text in ("Hello", "Delete 41")),
        ],
        "result": str(place / "result.json"),
    }
    (place / "config.json").write_text(json.dumps(config))
    command = [node(), str(HERE / "newest.mjs"), str(place / "config.json")]
    if subprocess.run(command, check=False, timeout=300).returncode:
        yield "the newest Pyodide did not run it"
        return
    found = json.loads((place / "result.json").read_text("utf-8"))
    answers = found["answers"]
    print(f"emitted worker in python {found['python']}: {len(answers)} answers")
    if [each["status"] for each in answers] != [200, 401, 200, 200]:
        yield f"newest: {answers}"
        return
    ends = [json.loads(each["pieces"][-1].removeprefix("data: ")) for each in answers[2:]]
    if ends[0].get("text") != "Hi: é€😀." or len(answers[2]["pieces"]) < 4:
        yield f"newest, streamed: {answers[2]}"
    waiting = [each["text"] for each in ends[1].get("waiting", ())]
    if len(waiting) != 1 or "DELETE https://desk.example/tickets/41" not in waiting[0]:
        yield f"newest, a write: {ends[1]}"


def started(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until the Worker answers."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    raise RuntimeError("workerd did not start")


def main() -> int:
    """0 when the Worker did all that it is to do."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        print("worker: skipped, workerd is for Linux on x86_64 here")
        return 0
    binary = npm_packages(WORKERD) / "@cloudflare" / "workerd-linux-64" / "bin" / "workerd"
    with tempfile.TemporaryDirectory() as name, StandIn(SCRIPT, chunk=7) as standin:
        emitted, folder, port = Path(name, "emitted"), Path(name, "run"), free_port()
        folder.mkdir()
        command = [sys.executable, "-m", "toolbind", "worker", "generated.helpdesk"]
        subprocess.run([*command, "-o", str(emitted)], cwd=ROOT, check=True)
        with served_files(emitted / "public") as assets, served() as api:
            values = {
                "modules": modules(folder, emitted / "src"),
                "model": standin.root.rpartition(":")[2],
                "assets": str(assets),
                "port": str(port),
                "token": TOKEN,
                "api": api,
                "key": API_KEY,
            }
            config = CONFIG
            for key, value in values.items():
                config = config.replace(f"{{{key}}}", value)
            (folder / "config.capnp").write_text(config)
            serve = [str(binary), "serve", "config.capnp", "--experimental"]
            with subprocess.Popen(serve, cwd=folder) as process:
                try:
                    started(port, process)
                    with httpx.Client(
                        base_url=f"http://127.0.0.1:{port}",
                        headers={"Authorization": f"Bearer {TOKEN}"},
                        timeout=WAIT,
                        trust_env=False,
                    ) as client:
                        page = (emitted / "public" / "index.html").read_bytes()
                        wrong = list(talk(client, api, page))
                finally:
                    process.terminate()
        wrong += standin.complaints
        place = Path(name, "newest")
        place.mkdir()
        wrong += newest(emitted, place)
    for each in wrong:
        print(f"FAIL {each}")
    print(f"emitted worker: {'failed' if wrong else 'passed'}")
    return 1 if wrong else 0
