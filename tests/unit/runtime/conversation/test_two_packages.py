"""A conversation over two generated packages, each with a copy of every class of its own.

Whatever goes wrong in one of them goes wrong as in any: nothing may depend on whose class it is.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import httpx
import pytest
from toolbind.pipeline import Options, generate, shared_files
from toolbind.standin import Player, calls, fault, say

from tests.unit.runtime.standing_in import MODEL, Transport

SPEC = """
openapi: 3.1.0
info: {{title: {title}, version: "1"}}
servers: [{{url: "https://{name}.example"}}]
paths:
  /things/{{number}}:
    get:
      operationId: get_{name}
      parameters: [{{name: number, in: path, required: true, schema: {{type: integer}}}}]
      responses: {{"200": {{description: One., content: {{application/json: {{}}}}}}}}
    delete:
      operationId: delete_{name}
      parameters: [{{name: number, in: path, required: true, schema: {{type: integer}}}}]
      responses: {{"204": {{description: Gone.}}}}
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ModuleType, ModuleType]]:
    """`one_package.cat` and `other_package.dog`."""
    folder = tmp_path_factory.mktemp("packages")
    for package, name in (("one_package", "cat"), ("other_package", "dog")):
        text = SPEC.format(title=name.title(), name=name)
        made = generate(text, name=name, options=Options(document=f"{name}.yaml"))
        texts = {path: text.encode() for path, text in made.files.items()}
        for path, data in {**shared_files(), **texts}.items():
            place = folder / package / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
    sys.path.insert(0, str(folder))
    try:
        yield (
            importlib.import_module("one_package.cat"),
            importlib.import_module("other_package.dog"),
        )
    finally:
        sys.path.remove(str(folder))


Hold = Callable[..., Any]


@pytest.fixture(params=["sync", "async"])
def hold(request: pytest.FixtureRequest, packages: tuple[ModuleType, ModuleType]) -> Hold:
    """A run of `one_package` with the tools of both, and the model's side of either."""
    one, other = packages

    def sync(player: Player, answer: Any, *, side: ModuleType = one, **options: Any) -> Any:
        http = httpx.Client(transport=httpx.MockTransport(answer))
        clients = [each.Client(http_client=http) for each in packages]
        ai = side.WorkersAI(
            MODEL, http_client=httpx.Client(transport=Transport(player)), **player.settings
        )
        return one.run("Go.", ai=ai, tools=[one, other], client=clients, **options)

    async def run(player: Player, answer: Any, side: ModuleType, options: dict[str, Any]) -> Any:
        http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
        clients = [each.AsyncClient(http_client=http) for each in packages]
        given = httpx.AsyncClient(transport=Transport(player))
        ai = side.AsyncWorkersAI(MODEL, http_client=given, **player.settings)
        return await one.arun("Go.", ai=ai, tools=[one, other], client=clients, **options)

    def asynchronous(player: Player, answer: Any, *, side: ModuleType = one, **options: Any) -> Any:
        return asyncio.run(run(player, answer, side, options))

    return {"sync": sync, "async": asynchronous}[request.param]


def fine(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"id": 1})


def dead(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no route")


@pytest.mark.parametrize(
    ("call", "answer", "error"),
    [
        (("delete_dog", {"number": "x"}), fine, "bad-arguments"),
        (("delete_dog", {}), fine, "bad-arguments"),
        (("get_dog", {"number": "x"}), fine, "bad-arguments"),
        (("get_dog", "{"), fine, "bad-arguments"),
        (("get_dog", {"number": 1}), dead, "connection"),
        (("delete_dog", {"number": 1}), dead, "connection"),
        (("get_dog", {"number": 1}), lambda request: httpx.Response(404), "http-status"),
        (("get_bird", {}), fine, "unknown-tool"),
        (("get_dog", {"number": 1}), fine, None),
        (("delete_dog", {"number": 1}), fine, None),
    ],
)
def test_what_goes_wrong_in_the_other_package_is_a_result(
    hold: Hold, call: tuple[str, Any], answer: Any, error: str | None
) -> None:
    run = hold(Player([calls(call), say("Done.")]), answer, approve="all")
    assert [each.result.error for each in run.calls] == [error]
    assert run.text == "Done."
    assert str(run)


def test_both_are_called_in_one_answer(hold: Hold) -> None:
    turn = calls(
        ("get_cat", {"number": 1}), ("get_dog", {"number": 2}), ("delete_dog", {"number": []})
    )
    run = hold(Player([turn, say("Done.")]), fine, approve="all")
    assert [each.result.error for each in run.calls] == [None, None, "bad-arguments"]


def test_the_model_s_side_may_be_the_other_package_s(
    hold: Hold, packages: tuple[ModuleType, ModuleType]
) -> None:
    one, other = packages
    player = Player([calls(("get_cat", {"number": 1})), say("Done.")])
    assert hold(player, fine, side=other).text == "Done."
    refused = Player([calls(("get_cat", {"number": 1})), fault("error", code=5007)])
    with pytest.raises(other.errors.ModelNotFoundError) as caught:
        hold(refused, fine, side=other)
    assert [each.name for each in caught.value.run.calls] == ["get_cat"]
    assert not isinstance(caught.value, one.errors.WorkersAIError)


def test_streams_and_deadlines_of_the_other_package(
    packages: tuple[ModuleType, ModuleType],
) -> None:
    one, other = packages
    player = Player([calls(("get_dog", {"number": 1})), say("All of it.")])
    http = httpx.Client(transport=httpx.MockTransport(fine))
    given = httpx.Client(transport=Transport(player))
    ai = other.WorkersAI(MODEL, http_client=given, **player.settings)
    clients = {"cat": one.Client(http_client=http), "dog": other.Client(http_client=http)}
    events = list(one.run("Go.", ai=ai, tools=[one, other], client=clients, stream=True))
    assert "".join(e.text for e in events if e.kind == "text") == "All of it."
    assert events[-1].run.stop_reason == "stop"
    late = one.run("Go.", ai=ai, tools=[one, other], client=clients, timeout=0)
    assert late.stop_reason == "deadline"
