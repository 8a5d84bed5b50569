"""One conversation in which everything goes wrong, and nothing that leaves it holds a secret.

Every kind of credential is a canary; the API echoes what it gets in bodies, headers and redirects,
fails in each way, and the model's side does too. Real HTTP on both sides, all logs at their
lowest level. What is searched: the run in every form, events, spans, logs, exceptions with their
chains and the locals of their frames, previews, representations and pickles, and what each side
was sent by the other's client.
"""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import json
import logging
import pickle
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import toolbind_runtime
from toolbind.standin import StandIn, calls, fault, say
from toolbind_runtime import OperationRow, SchemeRow
from toolbind_runtime.ai.endpoint import Gateway
from toolbind_runtime.ai.workers_ai import WorkersAI
from toolbind_runtime.ai.workers_ai_async import AsyncWorkersAI
from toolbind_runtime.errors import ToolbindError, WorkersAIError

from tests.unit.runtime.http_support import Handler, Received, Reply, Server, make_api, serving

WORD = "c4n4ry"
GIVEN: dict[str, str] = {
    name: f"{WORD}-{name}-53cr3t/+&=x"
    for name in ("api_key", "query_key", "session", "password", "token", "client_secret")
}
GIVEN |= {"username": "me", "client_id": "id"}
FETCHED = f"{WORD}-fetched-token"
CLOUDFLARE, GATEWAY = f"{WORD}-cloudflare-token", f"{WORD}-gateway-token"
SPELLINGS = (WORD, base64.b64encode(f"me:{GIVEN['password']}".encode()).decode())

SCHEMES: dict[str, SchemeRow] = {
    "key": {"type": "apiKey", "in": "header", "name": "X-Key", "credentials": ["api_key"]},
    "query": {"type": "apiKey", "in": "query", "name": "k", "credentials": ["query_key"]},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "sid", "credentials": ["session"]},
    "basic": {"type": "basic", "credentials": ["username", "password"]},
    "bearer": {"type": "bearer", "credentials": ["token"]},
    "grant": {
        "type": "oauth2",
        "token_url": "/token",
        "credentials": ["access", "client_id", "client_secret"],
    },
}
ALL_AT_ONCE = ["key", "query", "cookie"]
FAILURES = (
    "echo",
    "401",
    "500",
    "302",
    "308",
    "html",
    "cut",
    "lines",
    "lie",
    "slow",
    "drop",
    "long",
)

ROWS: dict[str, OperationRow] = {
    f"{scheme}_{what}": {
        "method": "GET",
        "path": f"/{what}/{{id}}",
        "arguments": {"id": {"in": "path"}},
        "security": [[*ALL_AT_ONCE, scheme]],
    }
    for scheme in ("basic", "bearer", "grant")
    for what in FAILURES
    if what != "slow" or scheme == "basic"
}
ROWS["write"] = {
    "method": "POST",
    "path": "/echo/1",
    "arguments": {"note": {"in": "query"}},
    "security": [[*ALL_AT_ONCE, "bearer"]],
}
ROWS["nowhere"] = {
    "method": "GET",
    "path": "/x",
    "server": "https://no-such-host.invalid",
    "security": [["query"]],
}
ARGUMENTS: dict[str, Any] = {
    **{name: {"id": "1"} for name in ROWS},
    "write": {"note": "n"},
    "nowhere": {},
}
CLIENT = {"timeout": 0.3, "max_retries": 1, "send_credentials_to": ["https://no-such-host.invalid"]}


def hostile_api(request: Received, handler: Handler) -> Reply | None:
    """Gives back what it got, in each way in which an API can."""
    seen = json.dumps({"target": request.target, "headers": request.headers, "all": GIVEN})
    kind = request.target.split("/")[1]
    echoed = {"Content-Type": "application/json", "X-Echo": seen, "Set-Cookie": "x=theirs"}
    if kind == "token":
        form = f"{request.body.decode()} {seen}"
        token = {"access_token": FETCHED, "token_type": "bearer", "expires_in": 60, "x": form}
        return Reply(200, json.dumps(token).encode(), echoed)
    if kind == "drop":
        return None
    if kind == "slow":
        handler.send_response(200)
        handler.send_header("X-Echo", seen)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(seen[:50].encode())
        handler.wfile.flush()
        handler.rfile.read(1)  # until the client goes
        return None
    if kind == "html":
        return Reply(503, f"<p>{seen}</p>".encode(), {**echoed, "Content-Type": "text/html"})
    if kind == "cut":
        return Reply(200, seen[:-9].encode(), echoed)
    if kind == "lines":
        return Reply(
            200, f"{seen}\n{seen[:-9]}\n".encode(), {**echoed, "Content-Type": "application/jsonl"}
        )
    if kind == "lie":
        return Reply(200, seen.encode(), {**echoed, "Content-Encoding": "gzip"})
    if kind == "long":
        return Reply(200, json.dumps([seen] * 2000).encode(), echoed)
    status = int(kind) if kind.isdigit() else 200
    location = f"http://elsewhere.example{request.target}&{seen}" if status in (302, 308) else ""
    return Reply(status, seen.encode(), {**echoed, **({"Location": location} if location else {})})


def leaks(text: str) -> str:
    """What surrounds the first secret of a text."""
    for spelling in SPELLINGS:
        at = text.find(spelling)
        if at >= 0:
            return text[max(0, at - 150) : at + 80]
    return ""


def told(error: BaseException) -> Iterator[str]:
    """All that a log or an error tracker could take from an exception."""
    yield from traceback.format_exception(error)
    own = Path(toolbind_runtime.__file__).parent
    link: BaseException | None = error
    while link is not None:
        yield repr(link)
        yield repr(vars(link))
        for frame, _ in traceback.walk_tb(link.__traceback__):
            if own in Path(frame.f_code.co_filename).parents:
                yield repr(frame.f_locals)
        link = link.__cause__ or link.__context__


def shown(thing: Any) -> Iterator[str]:
    """An object as people and programs look at it."""
    yield repr(thing)
    yield str(thing)
    try:
        yield repr(vars(thing))
        yield from map(repr, vars(thing).values())
    except TypeError:
        pass
    try:
        yield pickle.dumps(thing).decode("latin-1")
    except Exception as refused:
        yield str(refused)


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_secrets_leave_by_no_road(
    kind: str, stream: bool, everything_logged: pytest.LogCaptureFixture
) -> None:
    leaving: dict[str, list[str]] = {"events": [], "approvals": []}

    def on_event(event: Any) -> None:
        leaving["events"] += [repr(event), repr(dataclasses.asdict(event))]

    def approve(request: Any) -> bool:
        leaving["approvals"] += [str(request), repr(request), request.key]
        return True

    names = [name for name in ROWS if name != "write"]
    script: list[Any] = [fault(3040), fault("html"), fault("drop")]
    script += [calls(*((name, ARGUMENTS[name]) for name in names))]
    script += [calls(("write", {"note": "n"}), ("write", {"note": "n" * 70_000})), say("Done.")]
    script += [
        calls(("no_such_tool", {"id": GIVEN["username"]})),
        fault(10000, message=f"no {CLOUDFLARE} {GATEWAY}"),
    ]
    options: dict[str, Any] = {"on_event": on_event, "approve": approve, "max_calls_per_turn": 99}
    options |= {"max_calls": 99, "stream": stream}
    with serving(hostile_api) as server, StandIn(script, token=CLOUDFLARE) as standin:
        api = make_api(ROWS, required={"write": ["note"]}, schemes=SCHEMES, base_url=server.url)
        settings = {**standin.settings, "backoff": 0.0, "max_retries": 3}
        settings["gateway"] = Gateway("mine", token=GATEWAY)
        hold = hold_sync if kind == "sync" else hold_async
        found, failure = hold(api, server, settings, options, leaving)
        assert [call.result.error for call in found.calls if call.name == "grant_401"]
        assert {call.name for call in found.calls} >= {*names, "write"}
        leaving["run"] = [repr(found), str(found), found.to_markdown(), found.to_html()]
        leaving["run"] += [repr(dataclasses.asdict(found)), json.dumps(found.messages)]
        leaving["failure of the model's side"] = list(told(failure))
        leaving["to the model"] = [repr(received.body) for received in standin.requests]
        leaving["to the model"] += [
            text.replace(CLOUDFLARE, "").replace(GATEWAY, "")
            for received in standin.requests
            for text in received.headers.values()
        ]
        sent = "".join(repr(received) for received in server.received)
    assert GIVEN["api_key"] in sent  # it was all there to be told
    assert FETCHED in sent
    assert CLOUDFLARE not in sent
    assert GATEWAY not in sent
    leaving["logs"] = [everything_logged.text, *map(repr, map(vars, everything_logged.records))]
    found_leaks = {
        road: leak for road, texts in leaving.items() for leak in map(leaks, texts) if leak
    }
    assert not found_leaks


def long(name: str) -> dict[str, Any]:
    """Arguments of a typed call; those of the write make a URL that is too long."""
    return {"note": "n" * 70_000} if name == "write" else ARGUMENTS[name]


def hold_sync(
    api: Any, server: Server, settings: Any, options: Any, leaving: dict[str, list[str]]
) -> tuple[Any, BaseException]:
    with WorkersAI(**settings) as ai, api.client_class(server.url, GIVEN, **CLIENT) as client:
        previews = [api.preview(name, each, client=client) for name, each in ARGUMENTS.items()]
        leaving["previews"] = [text for each in previews for text in shown(each)]
        leaving["typed"] = []
        for name in ROWS:
            try:
                client._call(name, **long(name))
            except ToolbindError as error:
                leaving["typed"] += told(error)
        result = api.run("Go.", ai=ai, client=client, **options)
        found: Any = list(result)[-1].run if options["stream"] else result
        with pytest.raises(WorkersAIError) as raised:
            list(api.run("Again.", ai=ai, client=client, **options))
        leaving["objects"] = [text for each in (client, ai, api) for text in shown(each)]
    return found, raised.value


def hold_async(
    api: Any, server: Server, settings: Any, options: Any, leaving: dict[str, list[str]]
) -> tuple[Any, BaseException]:
    async def whole(prompt: str, ai: AsyncWorkersAI, client: Any) -> Any:
        result: Any = api.arun(prompt, ai=ai, client=client, **options)
        if not options["stream"]:
            return await result
        return [event async for event in result][-1].run

    async def go() -> tuple[Any, BaseException]:
        async with (
            AsyncWorkersAI(**settings) as ai,
            api.async_client_class(server.url, GIVEN, **CLIENT) as client,
        ):
            leaving["typed"] = []
            for name in ROWS:
                try:
                    await client._call(name, **long(name))
                except ToolbindError as error:
                    leaving["typed"] += told(error)
            found = await whole("Go.", ai, client)
            with pytest.raises(WorkersAIError) as raised:
                await whole("Again.", ai, client)
            leaving["objects"] = [text for each in (client, ai, api) for text in shown(each)]
        return found, raised.value

    return asyncio.run(go())
