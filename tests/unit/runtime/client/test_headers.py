"""Headers of a client: with every request, to one origin, and masked."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from toolbind_runtime import OperationRow
from toolbind_runtime.errors import ConfigurationError

from tests.unit.runtime.client.test_auth import CANARY, READ, api_with, send

TOKEN = {"Authorization": f"Bearer {CANARY}"}


def test_they_go_with_every_request() -> None:
    given = {"X-Team": "blue", "X-GitHub-Api-Version": "2022-11-28"}
    _, (request,) = send([], {}, headers=given)
    assert request.headers["X-Team"] == "blue"
    assert request.headers["X-GitHub-Api-Version"] == "2022-11-28"


def test_they_replace_what_arguments_put_there_and_give_way_to_credentials() -> None:
    row: OperationRow = {**READ, "arguments": {"x_team": {"in": "header", "wire": "X-Team"}}}
    _, (request,) = send([], {}, row, {"x_team": "red"}, headers={"x-team": "blue"})
    assert request.headers.get_list("X-Team") == ["blue"]
    _, (request,) = send([["bearer"]], {"token": "own"}, headers=TOKEN)
    assert request.headers.get_list("Authorization") == ["Bearer own"]


def test_the_secret_ones_are_shown_to_nobody() -> None:
    given = {**TOKEN, "X-Key": f"{CANARY}-2", "User-Agent": "shop/1"}
    api = api_with([])
    with api.client_class("https://api.example/v1", {}, headers=given) as client:
        shown = api.preview("op", {}, client=client)
        assert shown.headers["Authorization"] == shown.headers["X-Key"] == "***"
        assert shown.headers["User-Agent"] == "shop/1"
        assert CANARY not in f"{client!r} {shown}"

    def echo(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"seen": request.headers["Authorization"][7:]})

    with httpx.Client(transport=httpx.MockTransport(echo)) as http:
        client = api.client_class("https://api.example/v1", {}, headers=given, http_client=http)
        result = api.call_tool("op", {}, client=client)
    assert CANARY not in result.content
    assert "***" in result.content


def test_the_secret_ones_go_to_one_origin_only() -> None:
    row: OperationRow = {**READ, "server": "https://elsewhere.example"}
    result, sent = send([], {}, row, headers=TOKEN)
    assert (result.error, sent) == ("credentials", [])
    there = ["https://elsewhere.example"]
    result, (request,) = send([], {}, row, headers=TOKEN, send_credentials_to=there)
    assert request.url.host == "elsewhere.example"
    result, sent = send([], {}, row, headers={"User-Agent": "shop/1"})
    assert result.ok


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"Host": "x"}, "belongs to the client"),
        ({"content-length": "1"}, "belongs to the client"),
        ({"Cookie": "a=b"}, "belongs to the client"),
        ({"Accept": "a/b"}, "belongs to the client"),
        ({"X Key": "x"}, "is no header's name"),
        ({"X-Key": f"{CANARY}\r\nHost: evil"}, "cannot be sent in a header"),
        ({"X-Key": ""}, "cannot be sent in a header"),
        ({"X-Key": 5}, "holds texts"),
        (["X-Key"], "is a mapping"),
    ],
)
def test_what_cannot_be_sent_is_refused_without_being_shown(given: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        send([], {}, headers=given)
    assert CANARY not in str(caught.value)


def test_secret_ones_need_https() -> None:
    with pytest.raises(ConfigurationError, match="unencrypted"):
        send([], {}, url="http://api.example", headers=TOKEN)
    result, _ = send([], {}, url="http://api.example", headers={"User-Agent": "shop/1"})
    assert result.ok
