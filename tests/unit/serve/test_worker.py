"""The entry of an emitted Worker, in this Python: who may chat, and what a conversation tells.

`tests/programs/node/worker_run.py` runs it where it is deployed; here the modules that a Worker
brings are stand-ins of a few lines.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from toolbind.serve.worker import ENTRY, project
from toolbind.standin import Turn, call, say
from toolbind.standin.shapes import Numbers, answer, shape_of

from generated import petstore

TOKEN = "let me in"


class Response:
    def __init__(self, body: Any, status: int = 200, headers: Any = None) -> None:
        self.body, self.status = body, status


class WorkerEntrypoint:
    def __init__(self, _context: Any, env: Any) -> None:
        self.env = env


class Request:
    def __init__(self, path: str, body: str, method: str, headers: dict[str, str]) -> None:
        self.url, self.method, self.headers = f"https://worker.example{path}", method, headers
        self.js_object = self
        self._body = body

    async def text(self) -> str:
        return self._body


class Ai:
    """`env.AI`: plays whole answers."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self.turns, self.asked = list(turns), 0

    async def run(self, model: str, inputs: Any, _options: Any) -> Any:
        self.asked += 1
        return answer(self.turns.pop(0), model, shape_of(model, "run", inputs), Numbers())


class Assets:
    async def fetch(self, request: Request) -> Response:
        return Response(f"asset {request.url}")


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The class that the entry defines."""
    made: dict[str, dict[str, Any]] = {
        "workers": {"Response": Response, "WorkerEntrypoint": WorkerEntrypoint},
        "js": {"ReadableStream": SimpleNamespace(**{"from": lambda source: source})},
        "pyodide": {},
        "pyodide.ffi": {"create_proxy": lambda value: value, "to_js": bytes},
    }
    for name, members in made.items():
        module = ModuleType(name)
        vars(module).update(members)
        monkeypatch.setitem(sys.modules, name, module)
    namespace: dict[str, Any] = {}
    exec(compile(project(petstore, "").theirs[ENTRY], ENTRY, "exec"), namespace)
    return namespace["Default"]


def env(*turns: Turn, **more: str) -> SimpleNamespace:
    given = {"CHAT_TOKEN": TOKEN, "PETSTORE_BASE_URL": "https://shop.example/v1", **more}
    return SimpleNamespace(AI=Ai(turns), ASSETS=Assets(), **given)


def fetched(
    worker: Any,
    around: Any,
    body: Any = "{}",
    path: str = "/chat",
    method: str = "POST",
    **headers: str,
) -> Response:
    given = {"authorization": f"Bearer {TOKEN}", **headers}
    text = body if isinstance(body, str) else json.dumps(body)
    request = Request(path, text, method, given)
    response: Response = asyncio.run(worker(None, around).fetch(request))
    return response


def events(worker: Any, around: Any, asked: Any) -> list[dict[str, Any]]:
    async def all_of(stream: AsyncIterator[bytes]) -> list[bytes]:
        return [line async for line in stream]

    async def talk() -> list[bytes]:
        request = Request("/chat", json.dumps(asked), "POST", {"authorization": f"Bearer {TOKEN}"})
        return await all_of((await worker(None, around).fetch(request)).body)

    lines = asyncio.run(talk())
    return [json.loads(line.decode().removeprefix("data: ")) for line in lines]


@pytest.mark.parametrize("given", ["", "let me in", "Bearer", "Bearer guess", "Bearer let me in é"])
def test_strangers_are_not_answered(worker: Any, given: str) -> None:
    around = env(say("Hi."))
    assert fetched(worker, around, {"message": "hi"}, authorization=given).status == 401
    assert around.AI.asked == 0


@pytest.mark.parametrize("token", [None, ""])
def test_without_a_secret_nobody_is_answered(worker: Any, token: str | None) -> None:
    around = env()
    around.CHAT_TOKEN = token
    for given in ("", "Bearer ", "Bearer None"):
        answered = fetched(worker, around, {"message": "hi"}, authorization=given)
        assert (answered.status, "CHAT_TOKEN" in answered.body) == (503, True)


@pytest.mark.parametrize(
    ("status", "how"),
    [
        (405, {"method": "GET"}),
        (413, {"content-length": "100000000"}),
        *(
            (400, {"body": body})
            for body in ("", "{", "[]", "null", "5", '{"messages": 5}', '{"approve": "ab"}')
        ),
        (400, {"body": "[" * 100_000}),
    ],
)
def test_what_is_no_request_is_refused(worker: Any, status: int, how: dict[str, Any]) -> None:
    around = env()
    assert fetched(worker, around, **how).status == status
    assert around.AI.asked == 0


@pytest.mark.parametrize("messages", ["ab", [5], [{"role": "alien"}], [{"role": "tool"}], []])
def test_messages_that_are_none_are_an_event(worker: Any, messages: Any) -> None:
    (told,) = events(worker, env(), {"messages": messages})
    assert told["kind"] == "error"


def test_all_else_is_an_asset(worker: Any) -> None:
    answered = fetched(worker, env(), path="/", method="GET", authorization="")
    assert answered.body == "asset https://worker.example/"


def test_a_write_waits_for_the_next_request(worker: Any) -> None:
    first = events(worker, env(call("delete_pet", {"pet_id": 7})), {"message": "Sell it."})
    done = first[-1]
    assert done["stop_reason"] == "approval"
    (waiting,) = done["waiting"]
    assert "DELETE https://shop.example/v1/pets/7" in waiting["text"]
    asked = {"messages": done["messages"], "approve": {waiting["key"]: "It is mine."}}
    second = events(worker, env(say("I leave it.")), asked)
    assert second[-1]["text"] == "I leave it."
    result = [message for message in second[-1]["messages"] if message["role"] == "tool"]
    assert "It is mine." in result[0]["content"]
    kinds = {event["kind"] for event in second}
    assert {"turn", "text", "result", "usage", "done"} <= kinds


def test_a_model_that_fails_is_an_event(worker: Any) -> None:
    around = env()
    around.AI.run = None
    (*_, last) = events(worker, around, {"message": "hi"})
    assert last["kind"] == "error"
