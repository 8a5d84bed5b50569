"""The model's side inside a Worker (contract section 9), over fakes of `env.AI`.

What JavaScript does to values is shown in tests/programs/node; here is what the client does with
them.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from toolbind.standin import Player, Turn, call, calls, fault, say
from toolbind_runtime.ai.binding import BindingAI
from toolbind_runtime.ai.endpoint import Gateway
from toolbind_runtime.ai.workers_ai import WorkersAI
from toolbind_runtime.ai.workers_ai_async import AsyncWorkersAI
from toolbind_runtime.errors import (
    BrokenStreamError,
    CapacityError,
    ConnectionFailedError,
    InvalidRequestError,
    ServiceError,
    SettingsError,
    UpstreamError,
)
from toolbind_runtime.records.exchange import Answer, Question

from tests.unit.runtime.pets import TOOLS, Server, make_api
from tests.unit.runtime.recorded import case
from tests.unit.runtime.standing_in import last_run

MODEL = "@cf/zai-org/glm-4.7-flash"


class JsError(Exception):
    """As `pyodide.ffi.JsException`: name and message, and both in the text."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name
        self.message = message


class Part:
    def __init__(self, value: Any = None) -> None:
        self.value = value
        self.done = value is None


class Reader:
    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    async def read(self) -> Part:
        if not self._stream.chunks:
            if self._stream.breaks:
                raise JsError("TypeError", "Network connection lost.")
            return Part()
        return Part(self._stream.chunks.pop(0))

    async def cancel(self) -> None:
        self._stream.cancelled += 1
        if self._stream.breaks:
            raise JsError("TypeError", "already errored")


class Stream:
    """As a ReadableStream of bytes."""

    def __init__(self, data: bytes, *, size: int = 7, breaks: bool = False) -> None:
        self.chunks = [data[at : at + size] for at in range(0, len(data), size)]
        self.breaks = breaks
        self.cancelled = 0

    def getReader(self) -> Reader:  # noqa: N802  # JavaScript's name
        return Reader(self)


class Binding:
    """`env.AI` that hands requests to a stand-in and its errors on as workerd's class does."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self.calls: list[tuple[str, Any, Any]] = []
        self.streams: list[Stream] = []

    async def run(self, model: str, inputs: Any, options: Any) -> Any:
        self.calls.append((model, inputs, options))
        headers = {
            "authorization": f"Bearer {self.player.token}",
            "content-type": "application/json",
        }
        path = f"/client/v4/accounts/{self.player.account_id}/ai/run/{model}"
        answered = self.player.answer("POST", path, headers, json.dumps(inputs).encode())
        data = b"".join(self.player.chunks(answered))
        if answered.content_type == "text/event-stream":
            self.streams.append(Stream(data, breaks=answered.cut))
            return self.streams[-1]
        if answered.status >= 400:
            error = json.loads(data)["errors"][0]
            raise JsError("InferenceUpstreamError", f"{error['code']}: {error['message']}")
        return json.loads(data)["result"]


def ask(player: Player, stream: bool = False, **settings: Any) -> tuple[Answer, Binding]:
    binding = Binding(player)

    async def go() -> Answer:
        ai = AsyncWorkersAI.from_binding(binding, **{"backoff": 0.0, **settings})
        question = ai.question("Is pet 7 sold?", TOOLS)
        if not stream:
            return await ai.ask(question)
        *_, last = [piece async for piece in ai.stream(question)]
        assert isinstance(last, Answer)
        return last

    return asyncio.run(go()), binding


TWO = calls(("get_pet", {"pet_id": 7}), ("get_pet", {"pet_id": 8}), text="é€😀")
MODELS = [
    MODEL,
    "@cf/meta/llama-3.3-70b-instruct-fp8-fast",
    "@cf/meta/llama-4-scout-17b-16e-instruct",
    "@cf/openai/gpt-oss-120b",
]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("model", MODELS)
def test_section_9_every_family_answers_through_the_binding(model: str, stream: bool) -> None:
    player = Player([TWO])
    answer, binding = ask(player, stream, model=model)
    assert [call.name for call in answer.calls] == ["get_pet", "get_pet"]
    assert answer.text == "é€😀"
    assert binding.calls[0][0] == model
    assert player.complaints == []
    assert all(each.cancelled == 1 for each in binding.streams)


def test_section_9_options_go_beside_the_inputs() -> None:
    recorded = case("binding_protocol.json", "with gateway and extraHeaders")["binding_call"]
    binding = Binding(Player([say("Hi.")]))
    ai = BindingAI(
        binding,
        gateway=Gateway("g", cache_ttl=3),
        reject_if_busy=True,
        reasoning=False,
        temperature=0.5,
    )
    question = Question(({"role": "user", "content": "hi"},), session="s1")
    asyncio.run(ai.ask(question))
    ((model, inputs, options),) = binding.calls
    wanted = {key: value for key, value in recorded["options"].items() if key != "tags"}
    assert (model, options) == (MODEL, wanted)
    assert "options" not in inputs
    assert inputs["chat_template_kwargs"] == {"enable_thinking": False}
    assert inputs["temperature"] == 0.5


def test_section_9_the_synchronous_class_gives_the_same_client() -> None:
    assert isinstance(WorkersAI.from_binding(Binding(Player())), BindingAI)
    assert BindingAI(Binding(Player())).model.name == MODEL


@pytest.mark.parametrize(
    ("name", "error", "code"),
    [
        ("error with internalCode", CapacityError, 3040),
        ("error with errors[]", InvalidRequestError, 5006),
        ("error that is not JSON", ServiceError, None),
    ],
)
def test_section_9_errors_are_told_by_their_text(
    name: str, error: type[ServiceError], code: int | None
) -> None:
    recorded = case("binding_protocol.json", name)["js_error"]

    class Failing:
        async def run(self, model: str, inputs: Any, options: Any) -> Any:
            raise JsError(recorded["name"], recorded["message"])

    ai = AsyncWorkersAI.from_binding(Failing(), backoff=0.0)
    with pytest.raises(error) as raised:
        asyncio.run(ai.ask(ai.question("hi")))
    assert (raised.value.code, raised.value.status) == (code, 0)
    assert raised.value.__suppress_context__


@pytest.mark.parametrize(
    ("status", "error"), [(500, UpstreamError), (400, InvalidRequestError), (None, ServiceError)]
)
def test_section_9_the_binding_s_last_status_helps_where_no_code_is_told(
    status: int | None, error: type[ServiceError]
) -> None:
    class Failing:
        lastRequestHttpStatusCode = status  # noqa: N815  # JavaScript's name

        async def run(self, model: str, inputs: Any, options: Any) -> Any:
            raise JsError("InferenceUpstreamError", "boom")

    ai = AsyncWorkersAI.from_binding(Failing(), max_retries=0)
    with pytest.raises(error, match="boom") as raised:
        asyncio.run(ai.ask(ai.question("hi")))
    assert raised.value.status == (status or 0)


def test_section_9_an_error_without_a_message_is_told_by_its_text() -> None:
    class Failing:
        async def run(self, model: str, inputs: Any, options: Any) -> Any:
            raise RuntimeError("AiError: 7009: Upstream service unavailable")

    ai = AsyncWorkersAI.from_binding(Failing(), max_retries=0)
    with pytest.raises(UpstreamError, match="7009"):
        asyncio.run(ai.ask(ai.question("hi")))


def test_section_6_the_binding_is_asked_again_where_that_may_help() -> None:
    answer, binding = ask(Player([fault(3040), say("Hi.")]))
    assert (answer.text, len(binding.calls)) == ("Hi.", 2)
    with pytest.raises(ServiceError, match="3036"):
        ask(Player([fault(3036), say("never")]))


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "text/plain"])
def test_section_9_an_answer_that_comes_as_a_stream_is_read(kind: str) -> None:
    """Any content-type but exactly application/json comes back as a ReadableStream."""
    stream = Stream(b'{"response": "Hi."}')

    class Streaming:
        async def run(self, model: str, inputs: Any, options: Any) -> Any:
            return stream

    ai = AsyncWorkersAI.from_binding(Streaming())
    assert asyncio.run(ai.ask(ai.question("hi"))).text == "Hi."
    assert stream.cancelled == 1


def test_section_5_a_stream_of_the_binding_that_breaks_off() -> None:
    data = b'data: {"response":"Pet 7"}\n\ndata: {"resp'

    class Streaming:
        async def run(self, model: str, inputs: Any, options: Any) -> Any:
            return Stream(data, breaks=True)

    async def go() -> None:
        ai = AsyncWorkersAI.from_binding(Streaming())
        async for _ in ai.stream(ai.question("hi")):
            pass

    with pytest.raises(BrokenStreamError, match="broke off") as raised:
        asyncio.run(go())
    assert raised.value.partial.text == "Pet 7"


def test_section_5_plain_json_in_place_of_a_stream_of_the_binding() -> None:
    class Plain:
        async def run(self, model: str, inputs: Any, options: Any) -> Any:
            return {"response": "Hi."} if inputs.get("stream") else None

    async def go() -> Any:
        ai = AsyncWorkersAI.from_binding(Plain())
        return [piece async for piece in ai.stream(ai.question("hi"))][-1]

    assert asyncio.run(go()).text == "Hi."


def test_silence_of_the_binding_is_given_up() -> None:
    class Silent:
        async def run(self, model: str, inputs: Any, options: Any) -> Any:
            await asyncio.sleep(30)

    ai = AsyncWorkersAI.from_binding(Silent(), timeout=0.05, max_retries=0)
    with pytest.raises(ConnectionFailedError, match="within the time allowed"):
        asyncio.run(ai.ask(ai.question("hi")))


def test_what_crosses_is_a_copy() -> None:
    """The tools of a module stay its own whatever the other side does with them."""
    before = json.dumps(TOOLS)

    class Meddling:
        async def run(self, model: str, inputs: Any, options: Any) -> Any:
            inputs["tools"].clear()
            inputs["messages"][0].clear()
            return {"response": "Hi."}

    ai = AsyncWorkersAI.from_binding(Meddling())
    question = ai.question("hi", TOOLS)
    asyncio.run(ai.ask(question))
    assert json.dumps(TOOLS) == before
    assert question.messages[0]["content"] == "hi"


def test_a_whole_conversation_through_the_binding() -> None:
    async def go(stream: bool) -> Any:
        api, server = make_api(), Server()
        player = Player([call("get_pet", {"pet_id": 7}), Turn(text="Sold.", reasoning="Hm.")])
        ai = AsyncWorkersAI.from_binding(Binding(player))
        async with server.asynchronous(api) as client:
            if stream:
                events = api.arun("hi", ai=ai, client=client, stream=True)
                return last_run([event async for event in events])
            return await api.arun("hi", ai=ai, client=client)

    for stream in (False, True):
        found = asyncio.run(go(stream))
        assert (found.text, len(found.calls)) == ("Sold.", 1)


@pytest.mark.parametrize("binding", [None, object()])
def test_a_missing_binding_is_said_before_anything_is_asked(binding: Any) -> None:
    with pytest.raises(SettingsError, match=r"env\.AI is missing"):
        AsyncWorkersAI.from_binding(binding)


@pytest.mark.parametrize("name", ["account_id", "api_token", "base_url", "http_client"])
def test_settings_that_are_for_http_are_refused(name: str) -> None:
    class Fake:
        async def run(self, *given: Any) -> Any: ...

    with pytest.raises(SettingsError, match=f"{name} is for HTTP"):
        AsyncWorkersAI.from_binding(Fake(), **{name: "x"})
