"""`make demo`: a document becomes a module, and a model works with a real API through it.

Generates a module from specs/helpdesk.json, serves the helpdesk (FastAPI) on loopback, and holds
a conversation that reads and changes tickets, printing every step. Without credentials the
model's side is played by the local stand-in, from the script below, over real HTTP.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from rich.console import Console
from rich.text import Text
from toolbind.standin import StandIn, calls, say

from tests.programs.demo.helpdesk import API_KEY, helpdesk
from tests.programs.model.server import NotInstalledError, begin_call, weights
from tests.programs.model.server import served as local

ROOT = Path(__file__).parents[3]
SPEC = "specs/helpdesk.json"
LOCAL = "local"
QUESTION = (
    "Which open tickets of Ana are urgent? Give them to Ben and leave a comment that he is on it."
)

# What the stand-in's "model" says. The second call of the first turn is wrong on purpose: a model
# that is told what was wrong can mend it. "41" for a number is mended without a word.
SCRIPT = [
    calls(
        ("find_people", {"name": "ana"}),
        ("list_tickets", {"status": ["open"], "priority": "critical"}),
    ),
    calls(
        ("find_people", {"name": "ben"}),
        ("list_tickets", {"status": "open", "priority": "urgent", "reporter": "1"}),
    ),
    calls(
        ("change_ticket", {"ticket_id": "41", "assignee": 2}),
        ("add_comment", {"ticket_id": 41, "author": 2, "text": "I am on it."}),
    ),
    say(
        "One open ticket of Ana Ruiz is urgent: #41, “Printer on floor 2 eats paper”. "
        "It is now Ben Osei's, and his comment says that he is on it."
    ),
]


class Printer:
    """Prints the steps of the demo; colours only on a terminal."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, soft_wrap=True)

    def title(self, text: str) -> None:
        self._console.print()
        self._console.print(Text(text, style="bold"))

    def line(self, mark: str, text: str, style: str = "") -> None:
        self._console.print(Text(f"  {mark:<9} ", style="dim") + Text(text, style=style))


def main() -> int:
    options = arguments()
    show = Printer()
    if options.model == LOCAL:
        try:
            weights()
        except NotInstalledError as error:
            show.line("missing", str(error))
            return 2
    with contextlib.ExitStack() as stack:
        module = stack.enter_context(generated(show))
        api = stack.enter_context(served())
        show.title("2. The API")
        show.line("serves", f"{api}  (FastAPI and uvicorn, in this process)")
        ai = stack.enter_context(model_side(module, options, show))
        show.title("3. The conversation")
        show.line("user", QUESTION, "bold")
        client = stack.enter_context(
            module.Client(base_url=api, api_key=API_KEY, http_client=watched(show))
        )
        run = module.run(
            QUESTION,
            ai=ai,
            client=client,
            approve=approver(show),
            on_event=teller(show),
            prepare=begin_call if options.model == LOCAL else None,
        )
        show.title("4. The end")
        show.line("text", run.text, "bold green")
        show.line("stopped", run.stop_reason)
        show.line("usage", f"{run.turns} turns, {len(run.calls)} calls, {run.usage}")
    return 0 if run.stop_reason == "stop" or options.model == LOCAL else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--base-url", help="an OpenAI-compatible server, e.g. of Ollama")
    parser.add_argument(
        "--model", help=f"the model to ask; {LOCAL}: SmolLM2-135M here, after `make .venv/model`"
    )
    return parser.parse_args()


# --- the three parties -------------------------------------------------------------------------


@contextlib.contextmanager
def generated(show: Printer) -> Iterator[Any]:
    """The module of the document, generated into a fresh folder and imported from there."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "demo_generated"
        command = ["toolbind", "generate", SPEC, "-o", str(out), "--no-cache"]
        show.title("1. The module")
        show.line("$", f"toolbind generate {SPEC} -o demo_generated")
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=ROOT, check=True, capture_output=True, text=True
        )
        for line in done.stderr.splitlines():
            show.line("", line.replace(str(out), out.name))
        sys.path.insert(0, folder)
        try:
            yield importlib.import_module("demo_generated.helpdesk")
        finally:
            sys.path.remove(folder)


@contextlib.contextmanager
def served() -> Iterator[str]:
    """The helpdesk on a free loopback port; gives its base URL."""
    config = uvicorn.Config(helpdesk(), host="127.0.0.1", port=0, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the helpdesk did not start")
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@contextlib.contextmanager
def model_side(module: Any, options: argparse.Namespace, show: Printer) -> Iterator[Any]:
    """Workers AI where there are credentials, any other server by its URL, else the stand-in."""
    show.title("The model's side")
    chosen = {"model": options.model} if options.model else {}
    if options.model == LOCAL:
        with local() as url, module.WorkersAI(LOCAL, base_url=url, max_tokens=64, seed=1) as ai:
            show.line("is", "SmolLM2-135M on llama.cpp's server, in this process")
            show.line("", "It is far too small to do this well: see that calls and refusals work.")
            yield ai
    elif options.base_url:
        show.line("is", f"the OpenAI-compatible server at {options.base_url}")
        with module.WorkersAI(base_url=options.base_url, **chosen) as ai:
            yield ai
    elif os.environ.get("CLOUDFLARE_ACCOUNT_ID") and os.environ.get("CLOUDFLARE_API_TOKEN"):
        show.line("is", "Workers AI, with your account")
        with module.WorkersAI(**chosen) as ai:
            yield ai
    else:
        with StandIn(SCRIPT) as standin:
            show.line("is", f"a local stand-in at {standin.root}", "bold yellow")
            show.line("", "NO MODEL ANSWERS HERE: it plays a script over real HTTP, and checks", "")
            show.line("", "that each request is one that Workers AI would take.")
            show.line("", "Set CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN for the real one.")
            with module.WorkersAI(**standin.settings, **chosen) as ai:
                yield ai


# --- what is shown -----------------------------------------------------------------------------


def watched(show: Printer) -> httpx.Client:
    """The API's HTTP client, which shows each request and answer."""

    def answered(response: httpx.Response) -> None:
        target = response.request.url.raw_path.decode("ascii")
        show.line("http", f"{response.request.method} {target} → {response.status_code}", "cyan")

    return httpx.Client(event_hooks={"response": [answered]})


def approver(show: Printer) -> Any:
    """Says yes to every write, and shows that it was asked."""

    def approve(request: Any) -> bool:
        show.line("approve", f"{request}  → yes", "yellow")
        return True

    return approve


def teller(show: Printer) -> Any:
    """Shows the events of the run."""

    def tell(event: Any) -> None:
        if event.kind == "turn":
            show.line("turn", f"{event.number}", "dim")
        elif event.kind == "call":
            show.line("call", f"{event.name} {event.arguments}", "magenta")
        elif event.kind == "result":
            mark = "result" if event.call.result.ok else "refused"
            show.line(mark, clipped(event.call.result.content))

    return tell


def clipped(text: str, limit: int = 300) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


if __name__ == "__main__":
    sys.exit(main())
