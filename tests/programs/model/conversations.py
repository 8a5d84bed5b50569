"""The conversations, each a function that holds one and says what must be true of it.

A model of 135 million weights calls nothing by itself. So a hook begins its answer (`<tool_call>`)
and the server's grammar makes it a call; what is in it is the model's own.
"""

from __future__ import annotations

import contextlib
import copy
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

import generated.digitalocean as digitalocean
import generated.helpdesk as helpdesk
from tests.programs.demo.__main__ import served as api_served
from tests.programs.demo.helpdesk import API_KEY
from tests.programs.model.server import BEGUN, begin_call

WORDS = 48
"""Tokens of one answer: enough for a call, and for some words."""

Prepare = Callable[[Any], None]
FEW = ["list_tickets", "find_people", "change_ticket"]


@dataclass(frozen=True, slots=True)
class Held:
    """What came of one conversation."""

    name: str
    run: Any
    seconds: float
    asked: int = 0  # approvals
    streamed: int = 0  # events of a stream

    @property
    def executed(self) -> int:
        return sum(call.result.error in (None, "http-status") for call in self.run.calls)

    @property
    def refused(self) -> int:
        return len(self.run.calls) - self.executed


class WrongError(AssertionError):
    """Something is not as it must be, whatever the model says."""


def require(true: object, what: str, held: Held) -> None:
    if not true:
        raise WrongError(f"{held.name}: {what}\n{held.run}")


# --- what is done to a turn ----------------------------------------------------------------------


def forced(*names: str, begun: Sequence[str] = ()) -> Prepare:
    """In the first turns these tools are called; `begun` is how their arguments begin."""

    def prepare(turn: Any) -> None:
        if turn.number > len(names):
            return
        name = names[turn.number - 1]
        turn.tools = [tool for tool in turn.tools if tool["name"] == name] or turn.tools[-1:]
        turn.tool_choice = "required"
        start = begun[turn.number - 1] if turn.number <= len(begun) else ""
        head = f'{{"name": "{turn.tools[0]["name"]}", "arguments": {start}' if start else ""
        turn.messages.append({"role": "assistant", "content": BEGUN + head})

    return prepare


def continued(*heads: str) -> Prepare:
    """The first answers are calls that begin like this; the tools stay as they are."""

    def prepare(turn: Any) -> None:
        if turn.number <= len(heads):
            turn.tool_choice = "required"
            turn.messages.append({"role": "assistant", "content": BEGUN + heads[turn.number - 1]})

    return prepare


def made_up(turn: Any) -> None:
    """The first answer begins as a call of a tool that was not offered."""
    if turn.number == 1:
        head = f'{BEGUN}{{"name": "open_the_pod_bay_doors", "arguments": {{'
        turn.messages.append({"role": "assistant", "content": head})
    else:
        forced("", "list_tickets")(turn)


def misled(turn: Any) -> None:
    """In the first turn the schema allows nothing but what the API refuses."""
    forced("list_tickets", "list_tickets")(turn)
    if turn.number == 1:
        tool = copy.deepcopy(turn.tools[0])
        tool["parameters"] = {
            "type": "object",
            "properties": {"status": {"type": "string", "enum": ["on fire"]}},
            "required": ["status"],
        }
        turn.tools = [tool]


# --- the conversations ---------------------------------------------------------------------------


def model(url: str, module: Any = helpdesk) -> Any:
    """The model's side as any program has it."""
    return module.WorkersAI(
        "smollm2 135M (Q4_1)",
        base_url=url,
        timeout=600,
        max_tokens=WORDS,
        temperature=0,
        seed=1,
        parallel_tool_calls=False,
    )


def hold(name: str, url: str, prompt: str, **options: Any) -> Held:
    """One conversation with the helpdesk."""
    started = time.perf_counter()
    with (
        api_served() as api,
        model(url) as ai,
        helpdesk.Client(base_url=api, api_key=API_KEY) as client,
    ):
        run: Any = helpdesk.run(
            prompt, ai=ai, client=client, **{"tools": FEW, "max_turns": 3, **options}
        )
        streamed = 0
        if options.get("stream"):
            events = list(run)
            run, streamed = events[-1].run, len(events)
    return Held(name, run, time.perf_counter() - started, streamed=streamed)


def told_in_words(held: Held) -> None:
    """Every call was run or refused in words, and its result is in the conversation."""
    require(held.run.calls, "no call arrived", held)
    results = [m["content"] for m in held.run.messages if m["role"] == "tool"]
    require(len(results) == len(held.run.calls), "a call without a result", held)
    for call in held.run.calls:
        said = json.loads(call.result.content)
        require(call.result.ok or said.get("error") or "body" in said, "no word of why", held)


def direct(url: str) -> Held:
    held = hold("a call", url, "Which tickets are open?", prepare=forced("list_tickets"))
    told_in_words(held)
    require(held.run.usage.prompt_tokens, "no usage", held)
    return held


def streaming(url: str) -> Held:
    prepare = forced("list_tickets")
    held = hold("streamed", url, "Which tickets are open?", prepare=prepare, stream=True)
    told_in_words(held)
    require(held.streamed > 6, "too few events", held)
    return held


def chosen(url: str) -> Held:
    """`required` over three tools: the model chooses."""
    held = hold("a choice of three", url, "Find Ana.", prepare=begin_call)
    told_in_words(held)
    require(held.run.calls[0].name in FEW, "a tool that was not offered", held)
    return held


def repaired(url: str) -> Held:
    held = hold("refused and mended", url, "Which tickets are open?", prepare=misled)
    told_in_words(held)
    first, *others = held.run.calls
    require(first.result.error == "bad-arguments", "the first call was not refused", held)
    require("status" in first.result.content, "the refusal names no argument", held)
    require(others, "no second call", held)
    return held


def unreadable(url: str) -> Held:
    held = hold("a call of a made-up tool", url, "Open the doors.", prepare=made_up)
    words = [m for m in held.run.messages if "could not be read" in str(m["content"])]
    require(words, "the model was not told", held)
    told_in_words(held)
    return held


def approved(url: str) -> Held:
    """A write is asked for, refused with a reason, and the model is told."""
    asked: list[Any] = []

    def approve(request: Any) -> str:
        asked.append(request)
        return "Not today."

    begun = ['{"ticket_id": 41, "status": "']
    prepare = forced("change_ticket", begun=begun)
    held = hold("an approval", url, "Close ticket 41.", prepare=prepare, approve=approve)
    told_in_words(held)
    require(asked, "nobody was asked", held)
    require(held.run.calls[0].result.error == "refused", "it was not refused", held)
    require("Not today." in held.run.calls[0].result.content, "the reason is not told", held)
    return Held(held.name, held.run, held.seconds, asked=len(asked))


CONVERSATIONS: Sequence[Callable[[str], Held]] = (
    direct,
    streaming,
    chosen,
    repaired,
    unreadable,
    approved,
)


# --- finding -------------------------------------------------------------------------------------

ROADS: tuple[Literal["offer", "call"], ...] = ("offer", "call")
FINDS = (
    ("Which droplets do I have?", "list all droplets", "droplets_list"),
    ("Which domains do I have?", "list domains", "domains_list"),
)
"""What is asked, how the search for it begins, and the tool that is called then."""


class _Empty(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b'{"droplets": [], "domains": [], "meta": {"total": 0}}'
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base's name
        """Nothing is printed."""


@contextlib.contextmanager
def empty_api() -> Iterator[str]:
    """An API that has nothing."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Empty) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def found(url: str, road: Literal["offer", "call"], asked: tuple[str, str, str]) -> Held:
    """DigitalOcean's tools, found and called on one of the two roads."""
    prompt, query, tool = asked
    heads = [f'{{"name": "find_tools", "arguments": {{"query": "{query}"']
    if road == "call":
        heads.append(f'{{"name": "call_tool", "arguments": {{"name": "{tool}", "arguments": {{')
    else:
        heads.append(f'{{"name": "{tool}", "arguments": {{')
    prepare = continued(*heads)
    started = time.perf_counter()
    with (
        empty_api() as api,
        model(url, digitalocean) as ai,
        digitalocean.Client(base_url=api, token="t") as client,
    ):
        run = digitalocean.run(
            prompt,
            ai=ai,
            client=client,
            tools="find",
            finder=road,
            max_turns=3,
            prepare=prepare,
        )
    held = Held(f"found, road `{road}`", run, time.perf_counter() - started)
    told_in_words(held)
    require(run.calls[0].name == "find_tools", "nothing was looked for", held)
    require(run.calls[0].result.data, "nothing was found", held)
    require(len(run.calls) > 1, "what was found was not called", held)
    return held
