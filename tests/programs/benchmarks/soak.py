"""A soak: a thousand conversations with faults, many at a time, and memory that stays flat.

    python -m tests.programs.benchmarks.soak [--conversations 1000] [--parallel 50] [--seconds 600]

Everything goes over real HTTP on loopback: the stand-in plays the model's side of every family,
whole and streamed, with dropped connections, silence, half answers, 3040, HTML and garbage; a small
server plays the API. After a warm-up the memory that Python holds, open files and tasks are
compared with those at the end. Exits with 1 when something grew, or a conversation was not whole.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import gc
import random
import sys
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[3] / "templates"))

from toolbind.standin import Fault, Received, StandIn, Turn, calls, say
from toolbind.standin.turns import FaultKind
from toolbind_runtime.ai.workers_ai_async import AsyncWorkersAI
from toolbind_runtime.errors import WorkersAIError
from toolbind_runtime.records.run import Run

from tests.unit.runtime.pets import make_api

GROWTH = 2_000_000
"""Bytes of Python objects by which the second half may exceed the first."""

MODELS: list[tuple[str, dict[str, Any]]] = [
    ("@cf/zai-org/glm-4.7-flash", {}),
    ("@cf/moonshotai/kimi-k2.6", {}),
    ("@cf/meta/llama-3.3-70b-instruct-fp8-fast", {}),
    ("@cf/meta/llama-4-scout-17b-16e-instruct", {}),
    ("@cf/openai/gpt-oss-120b", {"form": "responses"}),
    ("@cf/zai-org/glm-4.7-flash", {"surface": "chat"}),
]
FAULTS: list[FaultKind] = [
    *("drop", "half", "error", "html", "garbage", "empty", "error-midway", "plain", "stall"),
]
ANSWERS = [
    calls(("get_pet", {"pet_id": 7}), ("find_pets", {"status": "sold"})),
    calls(("get_pet", '{"pet_id": 404}'), ("get_pet", {"pet": 7}), text="Let me look."),
    calls(("delete_pet", {"pet_id": 7}), ("no_such_tool", {}), reasoning="Hm."),
    say("Pet 7 is sold. " * 20),
]


class Model:
    """Plays turns at random, every fifth of them a fault. Called from the server's threads."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self.standin: StandIn | None = None

    def __call__(self, received: Received) -> Turn:
        assert self.standin is not None
        with self._lock:
            self.standin.requests.clear()  # what was received is judged already
            if self._random.random() < 0.2:
                kind = self._random.choice(FAULTS)
                return Turn(text="Half of this.", fault=Fault(kind, seconds=0.05))
            return self._random.choice(ANSWERS)


class _Pets(BaseHTTPRequestHandler):
    """The API: every fourth answer is an error."""

    protocol_version = "HTTP/1.1"
    count = 0

    def do_GET(self) -> None:
        type(self).count += 1
        status = 500 if self.count % 4 == 0 else 200
        body = b'{"id": 7, "status": "sold", "notes": "' + b"x" * 2000 + b'"}'
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base's name
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are part of the play."""


@contextmanager
def pets_server() -> Iterator[str]:
    server = _Server(("127.0.0.1", 0), _Pets)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Tally:
    """What the conversations ended in."""

    ends: collections.Counter[str] = field(default_factory=collections.Counter)
    broken: list[str] = field(default_factory=list)

    def add(self, run: Run | None, name: str) -> None:
        self.ends[name] += 1
        if run is None:
            self.broken.append(f"{name} without a run")
            return
        waiting: list[str] = []
        for message in run.messages:
            if message["role"] == "tool":
                if not waiting or message["tool_call_id"] != waiting.pop(0):
                    self.broken.append("a result out of order")
                continue
            if waiting:
                self.broken.append("a call without a result")
            waiting = [call["id"] for call in message.get("tool_calls", ())]
        if waiting:
            self.broken.append("a call without a result at the end")


async def converse(number: int, clients: list[AsyncWorkersAI], client: Any, tally: Tally) -> None:
    ai = clients[number % len(clients)]
    try:
        if number % 2:
            events = client._api.arun("hi", ai=ai, client=client, stream=True, timeout=300)
            run = [event async for event in events][-1].run
        else:
            run = await client._api.arun("hi", ai=ai, client=client, timeout=300)
        tally.add(run, run.stop_reason)
    except WorkersAIError as error:
        tally.add(error.run, type(error).__name__)


def held() -> tuple[int, int]:
    """Bytes that Python objects hold, and open files."""
    gc.collect()
    return tracemalloc.get_traced_memory()[0], sum(1 for _ in Path("/proc/self/fd").iterdir())


async def soak(options: argparse.Namespace, standin: StandIn, pets: str) -> int:
    tally = Tally()
    api = make_api()
    settings = {**standin.settings, "backoff": 0.01, "timeout": 30.0}
    clients = [AsyncWorkersAI(model, **settings, **more) for model, more in MODELS]
    started = time.monotonic()
    marks: list[tuple[int, int]] = []
    done = 0
    async with api.async_client_class(pets, max_retries=0) as client:
        while done < options.conversations and time.monotonic() - started < options.seconds:
            batch = range(done, min(done + options.parallel, options.conversations))
            await asyncio.gather(*(converse(n, clients, client, tally) for n in batch))
            done += len(batch)
            marks.append(held())
            await asyncio.sleep(0.01)  # generators that httpx leaves to the collector end now
            left = asyncio.all_tasks() - {asyncio.current_task()}
            if left:
                tally.broken.append(f"{len(left)} tasks left")
    for ai in clients:
        await ai.aclose()
    return report(options, done, time.monotonic() - started, marks, tally)


def report(
    options: argparse.Namespace,
    done: int,
    seconds: float,
    marks: list[tuple[int, int]],
    tally: Tally,
) -> int:
    middle = marks[: max(1, len(marks) // 2)]
    before, after = max(size for size, _ in middle), marks[-1][0]
    files = [count for _, count in marks]
    print(f"{done} conversations, {options.parallel} at a time, {seconds:.1f} s")
    print("ended in " + ", ".join(f"{name} {n}" for name, n in tally.ends.most_common()))
    first, last = before / 1e6, after / 1e6
    print(f"memory: {first:.1f} MB at most in the first half, {last:.1f} MB at the end")
    print(f"open files: {min(files)} to {max(files)}, {files[-1]} at the end")
    grown = after - before > GROWTH
    unfinished = done < options.conversations
    for problem, count in collections.Counter(tally.broken).most_common(10):
        print(f"BROKEN {count} times: {problem}")
    print("memory grew" if grown else "memory is flat")
    return 1 if grown or tally.broken or unfinished else 0


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.programs.benchmarks.soak", description=__doc__
    )
    parser.add_argument("--conversations", type=int, default=1000)
    parser.add_argument("--parallel", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=600.0, help="stop after so long")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    model = Model(options.seed)
    tracemalloc.start()
    with pets_server() as pets, StandIn(model, chunk=0, seed=options.seed) as standin:
        model.standin = standin
        return asyncio.run(soak(options, standin, pets))


if __name__ == "__main__":
    sys.exit(main())
