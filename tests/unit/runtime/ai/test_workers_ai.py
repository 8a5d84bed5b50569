"""The clients over real HTTP, against the stand-in: every family, surface and fault."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

import httpx
import httpx2
import pytest
from toolbind.standin import Fault, StandIn, Turn, call, calls, fault, say
from toolbind_runtime.ai import attempts as workers_ai
from toolbind_runtime.ai.endpoint import Gateway
from toolbind_runtime.ai.workers_ai import WorkersAI
from toolbind_runtime.ai.workers_ai_async import AsyncWorkersAI
from toolbind_runtime.basics.json_repair import read_arguments
from toolbind_runtime.errors import (
    AuthenticationError,
    BrokenStreamError,
    CapacityError,
    ConnectionFailedError,
    DailyLimitError,
    InvalidRequestError,
    ModelNotFoundError,
    OutOfTimeError,
    UnreadableAnswerError,
    UpstreamError,
    WorkersAIError,
)
from toolbind_runtime.records.exchange import Answer, Question

from tests.unit.runtime.http_support import Handler, Received, Reply, serving
from tests.unit.runtime.pets import TOOLS
from tests.unit.runtime.sockets import HEAD, drip, raw_server

GLM = "@cf/zai-org/glm-4.7-flash"
FAMILIES = [
    (GLM, {}),
    ("@cf/moonshotai/kimi-k2.6", {}),
    ("@cf/meta/llama-3.3-70b-instruct-fp8-fast", {}),
    ("@cf/meta/llama-4-scout-17b-16e-instruct", {}),
    ("@cf/mistralai/mistral-small-3.1-24b-instruct", {}),
    ("@cf/qwen/qwen3-30b-a3b-fp8", {}),
    ("@cf/openai/gpt-oss-120b", {}),
    ("@cf/openai/gpt-oss-120b", {"form": "responses"}),
    ("@cf/openai/gpt-oss-120b", {"surface": "responses"}),
    (GLM, {"surface": "chat"}),
    ("@cf/some/new-model", {}),
]
TWO = calls(("get_pet", {"pet_id": 7}), ("get_pet", {"pet_id": 8}), text="Looking: é€😀")

Ask = Callable[..., Answer]


def ask_sync(standin: StandIn, question: Question | None = None, **settings: Any) -> Answer:
    with WorkersAI(**{"model": GLM, **standin.settings, "backoff": 0.0, **settings}) as ai:
        return ai.ask(question or ai.question("Is pet 7 sold?", TOOLS))


def ask_async(standin: StandIn, question: Question | None = None, **settings: Any) -> Answer:
    async def go() -> Answer:
        async with AsyncWorkersAI(
            **{"model": GLM, **standin.settings, "backoff": 0.0, **settings}
        ) as ai:
            return await ai.ask(question or ai.question("Is pet 7 sold?", TOOLS))

    return asyncio.run(go())


def stream_sync(standin: StandIn, question: Question | None = None, **settings: Any) -> Answer:
    with WorkersAI(**{"model": GLM, **standin.settings, "backoff": 0.0, **settings}) as ai:
        *pieces, last = ai.stream(question or ai.question("Is pet 7 sold?", TOOLS))
    return whole(pieces, last)


def stream_async(standin: StandIn, question: Question | None = None, **settings: Any) -> Answer:
    async def go() -> Answer:
        async with AsyncWorkersAI(
            **{"model": GLM, **standin.settings, "backoff": 0.0, **settings}
        ) as ai:
            asked = question or ai.question("Is pet 7 sold?", TOOLS)
            *pieces, last = [piece async for piece in ai.stream(asked)]
        return whole(pieces, last)

    return asyncio.run(go())


def whole(pieces: list[Any], last: Any) -> Answer:
    """The answer, whose text is what the pieces said (unless no stream came)."""
    assert isinstance(last, Answer)
    text = "".join(piece.text for piece in pieces if piece.kind == "text")
    assert text in (last.text, "")
    return last


EVERY_WAY = [ask_sync, ask_async, stream_sync, stream_async]
WHOLE_ANSWERS = [ask_sync, ask_async]
STREAMS = [stream_sync, stream_async]
each_way = pytest.mark.parametrize("ask", EVERY_WAY, ids=lambda f: f.__name__)
each_whole = pytest.mark.parametrize("ask", WHOLE_ANSWERS, ids=lambda f: f.__name__)
each_stream = pytest.mark.parametrize("ask", STREAMS, ids=lambda f: f.__name__)


def called(answer: Answer) -> list[tuple[str, Any]]:
    return [(each.name, read_arguments(each.arguments)) for each in answer.calls]


@each_way
@pytest.mark.parametrize(("model", "settings"), FAMILIES, ids=[f"{m} {s}" for m, s in FAMILIES])
def test_section_2_every_family_and_surface(ask: Ask, model: str, settings: Any) -> None:
    with StandIn([TWO], chunk=0) as standin:
        answer = ask(standin, model=model, **settings)
    assert called(answer) == [("get_pet", {"pet_id": 7}), ("get_pet", {"pet_id": 8})]
    assert answer.text == "Looking: é€😀"
    assert answer.usage.total_tokens == 327
    assert standin.complaints == []


@each_way
@pytest.mark.parametrize(
    "gateway", ["gw", Gateway("gw", token="gateway-token"), Gateway("gw", old_url=True)], ids=str
)
def test_section_1_gateways(ask: Ask, gateway: Any) -> None:
    old = isinstance(gateway, Gateway) and gateway.old_url
    with StandIn([say("Hello.")]) as standin:
        place = {"base_url": f"{standin.root}/v1"} if old else {}
        assert ask(standin, gateway=gateway, **place).text == "Hello."
    (received,) = standin.requests
    if old:
        assert received.path == f"/v1/{standin.account_id}/gw/workers-ai/{GLM}"
    else:
        assert received.headers["cf-aig-gateway-id"] == "gw"


@each_way
def test_any_openai_compatible_server(ask: Ask) -> None:
    """Ollama, llama.cpp and vLLM speak this form; nothing of Cloudflare's is sent to them."""
    with StandIn([TWO], token=None) as standin:
        place = {"base_url": f"{standin.root}/v1", "api_token": None, "account_id": None}
        answer = ask(standin, model="llama3.1:8b", **place)
    (received,) = standin.requests
    assert len(answer.calls) == 2
    assert received.body["model"] == "llama3.1:8b"
    assert "authorization" not in received.headers
    assert received.body["max_tokens"] == 4096


@pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_a_given_http_client_is_used_and_stays_open(library: Any) -> None:
    """A kept connection that is dropped gets a second try at once, so two are dropped here."""
    with StandIn() as standin, library.Client() as made:
        for ask in (ask_sync, stream_sync):
            standin.play([say("Hello."), fault("drop"), fault("drop")])
            assert ask(standin, http_client=made).text == "Hello."
            with pytest.raises(ConnectionFailedError):
                ask(standin, http_client=made, max_retries=0)
            assert not made.is_closed


@pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_a_given_async_http_client_is_used_and_stays_open(library: Any) -> None:
    async def go(standin: StandIn) -> None:
        async with library.AsyncClient() as made:
            settings = {**standin.settings, "max_retries": 0}
            async with AsyncWorkersAI(http_client=made, **settings) as ai:
                assert (await ai.ask(ai.question("hi"))).text == "Hello."
                with pytest.raises(ConnectionFailedError):
                    await ai.ask(ai.question("hi"))
            assert not made.is_closed

    with StandIn([say("Hello."), fault("drop"), fault("drop")]) as standin:
        asyncio.run(go(standin))


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_a_kept_connection_that_died_is_replaced_at_once(asynchronous: bool) -> None:
    """Without a retry's wait, and without counting as one."""

    async def go(ai: AsyncWorkersAI) -> list[str]:
        async with ai:
            return [(await ai.ask(ai.question("hi"))).text for _ in range(2)]

    with StandIn([say("One."), fault("drop"), say("Two.")]) as standin:
        settings = {**standin.settings, "max_retries": 0}
        if asynchronous:
            texts = asyncio.run(go(AsyncWorkersAI(**settings)))
        else:
            with WorkersAI(**settings) as ai:
                texts = [ai.ask(ai.question("hi")).text for _ in range(2)]
    assert texts == ["One.", "Two."]


# --- errors and retries (section 6) ------------------------------------------------------------


@each_way
@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (3040, CapacityError),
        (3036, DailyLimitError),
        (5006, InvalidRequestError),
        (5007, ModelNotFoundError),
        (7009, UpstreamError),
        (10000, AuthenticationError),
        ("html", UpstreamError),
        ("garbage", UnreadableAnswerError),
        ("empty", UnreadableAnswerError),
        ("drop", ConnectionFailedError),
    ],
)
def test_section_6_faults_are_typed(ask: Ask, wrong: Any, error: type[Exception]) -> None:
    with StandIn([fault(wrong)] * 9) as standin, pytest.raises(error):
        ask(standin, max_retries=0)


@each_way
@pytest.mark.parametrize("wrong", [3040, 3007, 7009, 8005, "html", "garbage", "empty", "drop"])
def test_section_6_what_may_pass_is_asked_again(ask: Ask, wrong: Any) -> None:
    with StandIn([fault(wrong), say("Hello.")]) as standin:
        assert ask(standin).text == "Hello."
    assert len(standin.requests) == 2


@each_way
@pytest.mark.parametrize("wrong", [3036, 5006, 5035, 10000])
def test_section_6_what_will_not_pass_is_not_asked_again(ask: Ask, wrong: int) -> None:
    with StandIn([fault(wrong), say("Hello.")]) as standin, pytest.raises(Exception, match="code"):
        ask(standin)
    assert len(standin.requests) == 1


@each_way
def test_section_6_retries_are_counted(ask: Ask) -> None:
    with StandIn([fault(3040)] * 9) as standin, pytest.raises(CapacityError):
        ask(standin, max_retries=3)
    assert len(standin.requests) == 4


@each_whole
def test_section_6_retry_after_is_waited_for(ask: Ask) -> None:
    busy = Turn(fault=Fault("error", retry_after="0.2"))
    with StandIn([busy, say("Hello.")]) as standin:
        started = time.monotonic()
        assert ask(standin).text == "Hello."
        assert time.monotonic() - started >= 0.2


def test_a_deadline_ends_the_waiting() -> None:
    with StandIn([fault(3040)] * 99) as standin:
        with WorkersAI(**standin.settings, backoff=60.0) as ai, pytest.raises(CapacityError):
            ai.ask(ai.question("hi"), deadline=time.monotonic() + 2)
        with WorkersAI(**standin.settings) as ai, pytest.raises(OutOfTimeError):
            ai.ask(ai.question("hi"), deadline=time.monotonic() - 1)


@each_way
def test_silence_is_given_up(ask: Ask) -> None:
    with (
        StandIn([fault("stall", seconds=30)] * 3) as standin,
        pytest.raises(ConnectionFailedError, match="within the time allowed"),
    ):
        ask(standin, timeout=0.3, max_retries=0)


@each_whole
def test_half_an_answer_is_no_answer(ask: Ask) -> None:
    half = Turn(text="Hello there.", fault=Fault("half"))
    with StandIn([half, say("Hello.")]) as standin:
        assert ask(standin).text == "Hello."
    with StandIn([half] * 3) as standin, pytest.raises(ConnectionFailedError):
        ask(standin)


@pytest.mark.parametrize("ask", EVERY_WAY, ids=lambda f: f.__name__)
def test_section_2_a_model_that_refuses_tool_choice_is_asked_without(ask: Ask) -> None:
    """mistral-small refuses tool_choice, or needs `auto`: both are tried (section 2)."""

    def without(received: Any) -> Turn:
        if "tool_choice" in received.body:
            return fault(5006, message="AiError: tool_choice is not supported")
        return say("Hello.")

    def auto(received: Any) -> Turn:
        if received.body.get("tool_choice") != "auto":
            return fault(8001, message="AiError: tool_choice must be auto")
        return say("Hello.")

    question = Question(({"role": "user", "content": "hi"},), tuple(TOOLS), "get_pet")
    with StandIn(without) as standin:
        assert ask(standin, question).text == "Hello."
    with StandIn(auto) as standin:
        assert ask(standin).text == "Hello."
    with StandIn([fault(8006, message="AiError: Invalid data for tool_choice")] * 3) as standin:
        with pytest.raises(InvalidRequestError, match="raise max_tokens"):
            ask(standin, question)
        assert len(standin.requests) == 1


@each_way
@pytest.mark.parametrize("model", ["@cf/ibm-granite/granite-4.0-h-micro", "@cf/some/new-model"])
def test_section_2_a_model_that_turns_out_not_to_call_tools(ask: Ask, model: str) -> None:
    """Whether some models call functions is uncertain: those that do not answer 400 to tools."""

    def refuses(received: Any) -> Turn:
        if "tools" in received.body:
            return fault(5006, message="AiError: Bad input: 'tools' is not supported")
        return say("Hello.")

    with StandIn(refuses) as standin:
        with pytest.raises(InvalidRequestError, match="'tools' is not supported"):
            ask(standin, model=model)
        assert len(standin.requests) == 1
        plain = Question(({"role": "user", "content": "hi"},))
        assert ask(standin, plain, model=model).text == "Hello."
    with StandIn([TWO]) as standin:
        assert len(ask(standin, model=model).calls) == 2


# --- streams (section 5) -----------------------------------------------------------------------


@each_stream
def test_section_5_plain_json_in_place_of_a_stream(ask: Ask) -> None:
    with StandIn([Turn(text="Hello.", fault=Fault("plain"))]) as standin:
        assert ask(standin).text == "Hello."
    assert len(standin.requests) == 1


@each_stream
@pytest.mark.parametrize(
    "nothing",
    [
        Turn(raw="", content_type="text/event-stream"),
        Turn(raw=": nothing\n\n", content_type="text/event-stream"),
        Turn(raw={"result": {}, "success": True, "errors": [], "messages": []}),
        Turn(
            raw='data: {"errors":[{"code":3040}],"success":false}\n\n',
            content_type="text/event-stream",
        ),
        Turn(
            raw='data: {"choices":[{"delta":{"role":"assistant"}}]}\n\n',
            content_type="text/event-stream",
        ),
    ],
)
def test_section_5_a_stream_that_gives_nothing_is_asked_for_as_a_whole(
    ask: Ask, nothing: Turn
) -> None:
    with StandIn([nothing, say("Hello.")]) as standin:
        assert ask(standin).text == "Hello."
    assert [received.body.get("stream") for received in standin.requests] == [True, None]


@each_stream
@pytest.mark.parametrize("model", [GLM, "@cf/meta/llama-3.3-70b-instruct-fp8-fast"])
def test_section_5_a_stream_that_breaks_off_tells_what_came(ask: Ask, model: str) -> None:
    turn = Turn(text="Pet 7 is sold, I think, but let me look.", fault=Fault("half"))
    with StandIn([turn, say("never")]) as standin, pytest.raises(BrokenStreamError) as raised:
        ask(standin, model=model)
    assert raised.value.partial.text
    assert "Pet 7 is sold, I think, but let me look.".startswith(raised.value.partial.text)
    assert len(standin.requests) == 1


@each_stream
def test_section_5_an_error_midway_is_that_error(ask: Ask) -> None:
    turn = Turn(text="Pet 7 is sold.", fault=Fault("error-midway"))
    with StandIn([turn]) as standin, pytest.raises(CapacityError) as raised:
        ask(standin)
    assert raised.value.partial is not None
    assert "Pet 7 is sold.".startswith(raised.value.partial.text)


def test_a_stream_that_is_left_closes_its_connection() -> None:
    with StandIn([say("x" * 5000)], chunk=16) as standin, WorkersAI(**standin.settings) as ai:
        pieces = ai.stream(ai.question("hi"))
        next(pieces)
        pieces.close()
        pool: Any = ai._http._transport
        assert [each.is_idle() for each in pool._pool.connections] in ([], [True])


def test_an_async_stream_that_is_left_closes_its_connection() -> None:
    async def go(standin: StandIn) -> None:
        async with AsyncWorkersAI(**standin.settings) as ai:
            pieces = ai.stream(ai.question("hi"))
            await anext(pieces)
            await pieces.aclose()
            pool: Any = ai._http._transport
            assert [each.is_idle() for each in pool._pool.connections] in ([], [True])

    with StandIn([say("x" * 5000)], chunk=16) as standin:
        asyncio.run(go(standin))


def test_a_cancelled_question_leaves_nothing_open() -> None:
    async def go(standin: StandIn) -> None:
        async with AsyncWorkersAI(**standin.settings) as ai:
            task = asyncio.create_task(ai.ask(ai.question("hi")))
            while not standin.requests:
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            pool: Any = ai._http._transport
            assert pool._pool.connections == []
            assert asyncio.all_tasks() == {asyncio.current_task()}

    with StandIn([fault("stall", seconds=30)]) as standin:
        asyncio.run(go(standin))


@each_whole
def test_an_answer_that_drips_is_given_up(ask: Ask) -> None:
    """Each read is in time, the whole is not."""
    slow = drip([HEAD % b"application/json", *[b" "] * 200], 0.05)
    with (
        raw_server(slow) as base_url,
        StandIn() as standin,
        pytest.raises(ConnectionFailedError),
    ):
        ask(standin, base_url=base_url, account_id=None, max_retries=0, timeout=0.4)


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_stream_that_drips_ends_at_the_deadline(kind: str) -> None:
    piece = b'data: {"response":"x"}\n\n'
    slow = drip([HEAD % b"text/event-stream", *[piece] * 200], 0.05)

    async def read_async(base_url: str) -> None:
        async with AsyncWorkersAI("m", base_url=base_url) as ai:
            question = ai.question("hi")
            async for _ in ai.stream(question, deadline=time.monotonic() + 0.4):
                pass

    def read_sync(base_url: str) -> None:
        with WorkersAI("m", base_url=base_url) as ai:
            list(ai.stream(ai.question("hi"), deadline=time.monotonic() + 0.4))

    def read(base_url: str) -> None:
        if kind == "sync":
            read_sync(base_url)
        else:
            asyncio.run(read_async(base_url))

    with raw_server(slow) as base_url, pytest.raises(OutOfTimeError):
        read(base_url)


@each_way
def test_an_answer_without_an_end_is_refused(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers_ai, "ANSWER_LIMIT", 1000)
    with (
        StandIn([say("x" * 2000)] * 3) as standin,
        pytest.raises(UnreadableAnswerError, match="larger than"),
    ):
        ask(standin, max_retries=0)


# --- what never happens ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:9/\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nlocation: https://evil.example/\r\n\r\n",
    ],
)
def test_redirects_are_not_followed(answer: bytes) -> None:
    with (
        raw_server(answer) as base_url,
        WorkersAI("m", base_url=base_url, api_token="t") as ai,
        pytest.raises(InvalidRequestError, match="HTTP 30"),
    ):
        ai.ask(ai.question("hi"))


@pytest.mark.parametrize("encoding", [b"br", b"zstd", b"gzip, br", b"unheard-of"])
@each_way
def test_encodings_that_were_not_asked_for_are_refused(ask: Ask, encoding: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: " + encoding
    with (
        raw_server(head + b"\r\ncontent-length: 2\r\n\r\n{}") as base_url,
        StandIn() as standin,
        pytest.raises(UnreadableAnswerError, match="not asked for"),
    ):
        ask(standin, base_url=base_url, account_id=None, max_retries=0)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\n\r\nno",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    ],
)
@each_way
def test_broken_http_is_a_failed_connection(ask: Ask, answer: bytes) -> None:
    with (
        raw_server(answer) as base_url,
        StandIn() as standin,
        pytest.raises((ConnectionFailedError, UnreadableAnswerError)),
    ):
        ask(standin, base_url=base_url, account_id=None, max_retries=0)


@each_way
def test_section_6_threats_the_token_is_in_no_message_log_or_traceback(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for wrong in (3040, 5006, 10000, "html", "drop", "garbage"):
        with (
            StandIn([fault(wrong)] * 9, token="canary-token-1") as standin,
            pytest.raises(WorkersAIError) as raised,
        ):
            ask(standin, max_retries=1)
        shown = "".join(traceback.format_exception(raised.value)) + repr(raised.value)
        assert "canary" not in shown
        assert raised.value.__cause__ is None
    ours = [record for record in caplog.records if record.name.startswith("toolbind")]
    assert ours
    assert "canary" not in caplog.text


def test_one_client_serves_several_threads() -> None:
    found: list[Answer] = []
    with (
        StandIn(lambda _: call("get_pet", {"pet_id": 7})) as standin,
        WorkersAI(**standin.settings) as ai,
    ):
        threads = [
            threading.Thread(target=lambda: found.append(ai.ask(ai.question("hi", TOOLS))))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(found) == 8


@pytest.mark.parametrize("given", [False, True], ids=["own client", "given client"])
@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_cookies_of_an_answer_are_not_sent_back(asynchronous: bool, given: bool) -> None:
    seen: list[str | None] = []

    def script(request: Received, _handler: Handler) -> Reply:
        seen.append(request.header("cookie"))
        body = b'{"result": {"response": "Hello."}, "success": true}'
        headers = {"Content-Type": "application/json", "Set-Cookie": "session=evil; Path=/"}
        return Reply(200, body, headers)

    async def go(url: str) -> None:
        async with httpx.AsyncClient(cookies={"mine": "1"}) as made:
            more: dict[str, Any] = {"http_client": made} if given else {}
            async with AsyncWorkersAI(account_id="a", base_url=f"{url}/client/v4", **more) as ai:
                for _ in range(2):
                    await ai.ask(ai.question("hi"))

    with serving(script) as server:
        if asynchronous:
            asyncio.run(go(server.url))
        else:
            with httpx.Client(cookies={"mine": "1"}) as made:
                more: dict[str, Any] = {"http_client": made} if given else {}
                url = f"{server.url}/client/v4"
                with WorkersAI(account_id="a", base_url=url, **more) as ai:
                    for _ in range(2):
                        ai.ask(ai.question("hi"))
    assert seen == ["mine=1" if given else None] * 2
