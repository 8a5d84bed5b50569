"""Secrets are in no local of our frames: error trackers and test runners show those.

Whatever passes through: refusals of constructors, cancellation, a transport's own bug, and a token
that cannot be sent.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import toolbind_runtime
from toolbind_runtime import AsyncWorkersAI, SyncClient, WorkersAI
from toolbind_runtime.basics.secrets import Environment
from toolbind_runtime.errors import ConfigurationError

from tests.unit.runtime.http_support import make_api

CANARY = "canary-4f1d9c"
OWN = Path(toolbind_runtime.__file__).parent
ROWS: Any = {"read": {"method": "GET", "path": "/things"}}
QUERY: Any = {"key": {"type": "apiKey", "in": "query", "name": "key", "credentials": ["key"]}}
BEARER: Any = {"token": {"type": "http", "credentials": ["token"]}}


def seen(error: BaseException) -> Iterator[str]:
    """What can be read of an exception: its text, and the locals of our frames in its chain."""
    link: BaseException | None = error
    while link is not None:
        yield str(link)
        yield repr(vars(link))
        for frame, _ in traceback.walk_tb(link.__traceback__):
            own = OWN in Path(frame.f_code.co_filename).parents
            if own or frame.f_code.co_qualname == "Petstore.__init__":
                yield repr(frame.f_locals)
        link = link.__cause__ or link.__context__


def leak(error: BaseException) -> str:
    return next((text[:300] for text in seen(error) if CANARY in text), "")


class Petstore(SyncClient):
    """As a generated module has it: the credentials are its own parameters."""

    def __init__(
        self, base_url: str = "https://a.example", *, key: str | None = None, **options: Any
    ) -> None:
        super().__init__(base_url, {"key": key}, **options)


API = make_api(ROWS, schemes=QUERY, security=[["key"]])
Petstore._api = API

REFUSED: dict[str, Callable[[], Any]] = {
    "a key over plain http": lambda: Petstore("http://far.example", key=CANARY),
    "a key that is no line": lambda: Petstore(key=f"{CANARY}\n"[::-1] + "\x00"),
    "an option that does not exist": lambda: Petstore(key=CANARY, retries=3),
    "a client that is none": lambda: Petstore(key=CANARY, http_client=7),
    "a base URL that is none": lambda: Petstore("nowhere", key=CANARY),
    "origins that are text": lambda: Petstore(key=CANARY, send_credentials_to="https://b.example"),
    "a token that is no ASCII": lambda: WorkersAI(account_id="a", api_token=f"{CANARY}é"),
    "a setting that does not exist": lambda: WorkersAI(
        account_id="a", api_token=CANARY, api_key=CANARY
    ),
    "a number that is none": lambda: AsyncWorkersAI(account_id="a", api_token=CANARY, timeout=-1),
    "a token over plain http": lambda: WorkersAI(
        base_url="http://far.example/v1", api_token=CANARY
    ),
    "a client of another kind": lambda: AsyncWorkersAI(
        account_id="a",
        api_token=CANARY,
        http_client=httpx.Client(),  # type: ignore[arg-type]
    ),
}


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED)
def test_a_constructor_that_refuses_shows_nothing(
    make: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_OTHER_SECRET", CANARY)
    with pytest.raises((ValueError, TypeError)) as raised:
        make()
    assert raised.value.__context__ is None
    assert not leak(raised.value)


def test_a_wrapped_constructor_is_what_it_was() -> None:
    import inspect

    assert list(inspect.signature(Petstore).parameters) == ["base_url", "key", "options"]
    assert CANARY not in repr(Environment())


class Passing(BaseException):
    """What nobody catches, as an interrupt."""


@pytest.mark.parametrize("schemes", [QUERY, BEARER], ids=["query", "header"])
@pytest.mark.parametrize("passing", [Passing, KeyboardInterrupt, RuntimeError, ZeroDivisionError])
@pytest.mark.parametrize("kind", ["sync", "async", "model", "model async"])
def test_what_passes_through_a_request_shows_nothing(
    kind: str, passing: type[BaseException], schemes: Any
) -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        raise passing("passing")

    name = next(iter(schemes))
    api = make_api(ROWS, schemes=schemes, security=[[name]])
    transport = httpx.MockTransport(answer)
    given: dict[str, Any] = {name: CANARY}

    async def read() -> None:
        client: Any = api.async_client_class(
            "https://a.example", given, http_client=httpx.AsyncClient(transport=transport)
        )
        await client._call("read")

    async def ask() -> None:
        ai = AsyncWorkersAI(
            account_id="a",
            api_token=CANARY,
            http_client=httpx.AsyncClient(transport=transport),
        )
        await ai.ask(ai.question("hi"))

    async def caught(work: Callable[[], Any]) -> BaseException:
        try:
            await work()
        except BaseException as error:  # asyncio would let it end the loop
            return error
        raise AssertionError

    def of(kind: str) -> BaseException:
        if "async" in kind:
            return asyncio.run(caught(read if kind == "async" else ask))
        try:
            if kind == "sync":
                client: Any = api.client_class(
                    "https://a.example", given, http_client=httpx.Client(transport=transport)
                )
                client._call("read")
            else:
                ai = WorkersAI(
                    account_id="a",
                    api_token=CANARY,
                    http_client=httpx.Client(transport=transport),
                )
                ai.ask(ai.question("hi"))
        except BaseException as error:
            return error
        raise AssertionError

    error = of(kind)
    assert isinstance(error, passing)
    assert not leak(error)


@pytest.mark.parametrize("token", [CANARY.encode(), f"{CANARY}é", f"{CANARY}\n\x00x", [CANARY]])
@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_a_token_that_cannot_be_sent_is_not_shown(token: Any, asynchronous: bool) -> None:
    api = make_api(ROWS, schemes=BEARER, security=[["token"]])

    async def go() -> None:
        async with api.async_client_class("https://a.example", {"token": lambda: token}) as client:
            await client._call("read")

    def read() -> None:
        with api.client_class("https://a.example", {"token": lambda: token}) as client:
            client._call("read")

    with pytest.raises(ConfigurationError) as raised:
        asyncio.run(go()) if asynchronous else read()
    assert not leak(raised.value)


def test_what_http_2_logs_of_headers_is_masked(caplog: pytest.LogCaptureFixture) -> None:
    """`hpack` tells each header that it puts into a frame, at its lowest level."""
    caplog.set_level(logging.DEBUG)

    def answer(request: httpx.Request) -> httpx.Response:
        for name in ("hpack.hpack", "hpack.table"):
            for pair in request.headers.raw:
                logging.getLogger(name).debug("Adding %s to the header table", pair)
        return httpx.Response(200, json={})

    http = httpx.Client(transport=httpx.MockTransport(answer))
    api = make_api(ROWS, schemes=BEARER, security=[["token"]])
    client: Any = api.client_class("https://a.example", {"token": CANARY}, http_client=http)
    client._call("read")
    assert "Adding (b'Authorization'" in caplog.text
    assert CANARY not in caplog.text
