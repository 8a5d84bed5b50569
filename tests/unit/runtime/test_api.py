"""The switch between tool names and requests, and the module that is made of it."""

from __future__ import annotations

import asyncio
import copy
import inspect
import json
import subprocess
import sys
import typing
from pathlib import Path
from typing import Any

import httpx
import pytest
import toolbind_runtime as runtime
from toolbind_runtime import (
    UNSET,
    Api,
    OperationRow,
    ToolResult,
    Unset,
    routes_of,
    tool,
    tools_of,
)
from toolbind_runtime.basics.lazy import LazyModule
from toolbind_runtime.contract import CONTRACT, CONTRACTS
from toolbind_runtime.errors import ArgumentError, ConfigurationError, UnknownToolError

from tests.unit.runtime.http_support import Reply, echo, make_api, replies, serving

ROWS: dict[str, OperationRow] = {
    "list_pets": {
        "method": "GET",
        "path": "/pets",
        "arguments": {"limit": {"in": "query"}, "name": {"in": "query"}},
        "tags": ["pets", "read"],
    },
    "get_pet": {
        "method": "get",
        "path": "/pets/{id}",
        "arguments": {"id": {"in": "path"}},
        "tags": ["pets"],
    },
    "add_pet": {
        "method": "POST",
        "path": "/pets",
        "arguments": {"name": {"in": "body"}, "photo": {"in": "file"}},
        "body": {"media_type": "multipart/form-data", "required": True},
        "tags": ["pets", "write"],
    },
    "search": {"method": "QUERY", "path": "/search"},
    "probe": {"method": "HEAD", "path": "/"},
}
API = make_api(
    ROWS,
    {"list_pets": {"limit": {"type": "integer", "description": "At most."}}},
    required={"get_pet": ["id"]},
)


# --- tools ---------------------------------------------------------------------------------------


def names(*selectors: str, api: Api = API) -> list[str]:
    return [each["name"] for each in api.tools(*selectors)]


def test_all_tools_in_document_order() -> None:
    assert names() == list(ROWS)


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        (["get_pet"], ["get_pet"]),
        (["get_pet", "list_pets"], ["list_pets", "get_pet"]),
        (["*_pet"], ["get_pet", "add_pet"]),
        (["*pet*", "search"], ["list_pets", "get_pet", "add_pet", "search"]),
        (["tag:pets"], ["list_pets", "get_pet", "add_pet"]),
        (["tag:r*"], ["list_pets"]),
        (["write"], ["add_pet"]),
        (["search"], ["search"]),
        (["get_pet", "get_*"], ["get_pet"]),
    ],
)
def test_selectors(selectors: list[str], expected: list[str]) -> None:
    assert names(*selectors) == expected


def test_selectors_that_name_nothing() -> None:
    with pytest.raises(ValueError, match="did you mean list_pets"):
        names("list_pet")
    with pytest.raises(ValueError, match=r"no tool of shop matches \"tag:x\""):
        names("tag:x")


def test_forms() -> None:
    (flat,) = API.tools("get_pet")
    assert list(flat) == ["name", "description", "parameters"]
    assert API.tools("get_pet", form="chat") == [{"type": "function", "function": flat}]
    (responses,) = API.tools("get_pet", form="responses")
    assert responses == {"type": "function", **flat, "strict": False}


def test_tools_as_modules_write_them() -> None:
    route: OperationRow = {"method": "GET", "path": "/ping"}
    ping = tool("ping", "Says hello.", route=route)
    assert ping.tool == {
        "name": "ping",
        "description": "Says hello.",
        "parameters": {"type": "object", "properties": {}, "required": []},
    }
    assert tools_of([ping]) == [ping.tool]
    assert routes_of([ping]) == {"ping": route}
    schema = {"type": "integer", "description": "How many."}
    made = tool("a", "b", {"n": schema}, required=["n"], route=route)
    assert made.tool["parameters"] == {
        "type": "object",
        "properties": {"n": schema},
        "required": ["n"],
    }


def test_tools_are_copies() -> None:
    before = copy.deepcopy(API.tools())
    for each in API.tools():
        each["name"] = "other"
        each["parameters"]["properties"]["evil"] = {}
        each["parameters"]["required"].append("evil")
    assert API.tools() == before


def test_asking_for_few_tools_looks_at_few() -> None:
    """An operation is compiled when it is called, a tool copied when it is chosen."""
    rows: dict[str, OperationRow] = {f"op{n}": {"method": "GET", "path": "/"} for n in range(50)}
    api = make_api(rows)
    assert names("op3", "op7", api=api) == ["op3", "op7"]
    assert api._compiled == {}
    api.is_read("op3")
    assert list(api._compiled) == ["op3"]
    assert api.operation("op3") is api.operation("op3")


# --- reading and showing -------------------------------------------------------------------------


def test_what_only_reads() -> None:
    assert {name: API.is_read(name) for name in ROWS} == {
        "list_pets": True,
        "get_pet": True,
        "add_pet": False,
        "search": True,
        "probe": True,
    }
    with pytest.raises(UnknownToolError):
        API.is_read("nothing")


def test_previews() -> None:
    shown = API.preview("get_pet", '{"id": "a b"}')
    assert shown.method == "GET"
    assert shown.url == "https://api.example/v1/pets/a%20b"
    assert shown.body == ""
    assert str(shown).startswith(
        "GET https://api.example/v1/pets/a%20b\nAccept: application/json\n"
    )
    shown = API.preview("add_pet", {"name": "é"})
    assert 'name="name"\r\n\r\né' in shown.body
    assert str(shown).endswith(shown.body)
    shown = API.preview("add_pet", {"photo": "data:;base64,/w=="})
    assert shown.body.startswith("<")
    assert shown.body.endswith(" bytes>")
    with pytest.raises(ArgumentError, match="id: missing"):
        API.preview("get_pet", {})
    with API.client_class("https://other.example") as client:
        assert API.preview("search", {}, client=client).url == "https://other.example/search"


def test_a_module_of_another_contract_is_refused_when_it_is_imported() -> None:
    for contract in CONTRACTS:
        make_api({}, contract=contract)
    with pytest.raises(ConfigurationError) as raised:
        make_api({}, contract=CONTRACT + 1)
    assert str(raised.value) == (
        "shop is written for contract 2 of toolbind_runtime, and this one knows 1: generate the"
        " module again, or install the toolbind_runtime of the toolbind that generated it"
    )


def test_previews_ask_for_no_token() -> None:
    def provider() -> str:
        raise AssertionError("a preview must not ask")

    api = make_api(
        {"op": {"method": "GET", "path": "/"}},
        schemes={"b": {"type": "bearer", "credentials": ["token"]}},
        security=[["b"]],
    )
    with api.client_class("https://a.example", {"token": provider}) as client:
        assert api.preview("op", {}, client=client).headers["Authorization"] == "***"
    with api.client_class("https://a.example") as client:
        assert "Authorization" not in api.preview("op", {}, client=client).headers


# --- calls ---------------------------------------------------------------------------------------


def failing(name: Any, arguments: Any) -> ToolResult:
    """A call that must not send anything."""

    def answer(request: httpx.Request) -> httpx.Response:
        raise AssertionError("nothing may be sent")

    async def go() -> ToolResult:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
            client = API.async_client_class("https://a.example", http_client=http)
            return await API.acall_tool(name, arguments, client=client)

    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        client = API.client_class("https://a.example", http_client=http)
        result = API.call_tool(name, arguments, client=client)
    assert asyncio.run(go()) == result
    return result


@pytest.mark.parametrize(
    "name",
    ["", "LIST_PETS!", "__init__", "__class__", "_client", "close", "os.system", "probe\n", 5],
)  # fmt: skip
def test_names_are_looked_up_and_nothing_else(name: Any) -> None:
    result = failing(name, {})
    assert (result.ok, result.error) == (False, "unknown-tool")
    assert "nothing was called" in result.content


@pytest.mark.parametrize("name", ["listPets", "LIST_PETS", "list-pets", "list.pets", "ListPets"])
def test_names_in_another_spelling_mean_their_tool(name: str) -> None:
    assert API.operation(name).name == "list_pets"
    assert API.is_read(name)


def test_names_that_could_mean_two_tools_mean_none() -> None:
    both = make_api({"list_pets": ROWS["list_pets"], "listpets": ROWS["list_pets"]})
    assert both.operation("listpets").name == "listpets"
    with pytest.raises(UnknownToolError):
        both.operation("listPets")


def test_unknown_tools_are_told_with_close_names() -> None:
    content = json.loads(failing("get_pets", {}).content)
    assert content["error"] == (
        'There is no tool "get_pets"; nothing was called.'
        " Those below are nearest; it may be that none of them fits."
    )
    assert [line.partition(":")[0] for line in content["nearest"]][:2] == ["get_pet", "list_pets"]
    content = json.loads(failing("fetch_pet", {"id": "1"}).content)
    assert content["nearest"][0].startswith("get_pet: ")
    assert "Tools are: list_pets, get_pet" in failing("xyzzy", {}).content


@pytest.mark.parametrize("arguments", ["{", "[]", 5, {"x": 1}, {}, {"id": ""}, '{"id": ".."}'])
def test_bad_arguments_are_told(arguments: Any) -> None:
    result = failing("get_pet", arguments)
    assert (result.ok, result.error) == (False, "bad-arguments")
    content = json.loads(result.content)
    assert set(content) <= {"error", "problems", "example", "placeholders"}
    assert content["problems"]
    assert content["example"] == {"id": "<string>"}
    assert content["placeholders"] == ["id"]


def test_urls_that_would_be_too_long() -> None:
    result = failing("list_pets", {"name": "x" * 70_000})
    assert result.error == "bad-arguments"
    assert "URL of 70,0" in result.content


def test_calls_without_a_client_make_one_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SHOP_API_KEY", "from-env")
    with serving(echo) as server:
        api = make_api(
            {"op": {"method": "GET", "path": "/x"}},
            schemes={
                "k": {"type": "apiKey", "in": "header", "name": "X-Key", "credentials": ["api_key"]}
            },
            security=[["k"]],
            base_url=server.url,
        )
        assert api.call_tool("op", {}).ok
        assert asyncio.run(api.acall_tool("op", {})).ok
        assert [r.header("X-Key") for r in server.received] == ["from-env"] * 2


def test_an_api_without_a_known_place_wants_a_base_url() -> None:
    api = make_api({"op": {"method": "GET", "path": "/x"}}, base_url="")
    with pytest.raises(ConfigurationError, match="base_url is missing"):
        api.call_tool("op", {})
    assert api.preview("op", {}).url == "/x"


def test_clients_of_another_api_are_refused() -> None:
    other = make_api(ROWS)
    with other.client_class("https://a.example") as client:
        with pytest.raises(ConfigurationError, match="needs a Shop, not a Shop"):
            API.call_tool("probe", {}, client=client)
        with pytest.raises(ConfigurationError, match="needs a AsyncShop"):
            asyncio.run(API.acall_tool("probe", {}, client=client))  # type: ignore[arg-type]


def test_answers_without_bodies() -> None:
    with serving(replies(Reply(204, b"", {}))) as server, API.client_class(server.url) as client:
        assert API.call_tool("probe", {}, client=client).content == '{"status":204}'
        assert client._call("probe") is None


def test_fields_chosen_by_the_caller() -> None:
    reply = Reply(body=b'[{"id": 1, "big": "x"}]')
    with (
        serving(lambda request, handler: reply) as server,
        API.client_class(server.url, select={"list_pets": ["id"]}) as client,
    ):
        result = API.call_tool("list_pets", {}, client=client)
        assert json.loads(result.content)["body"] == [{"id": 1}]
        assert result.data == [{"id": 1, "big": "x"}]


def test_options_that_do_not_exist() -> None:
    with pytest.raises(TypeError, match="retries"):
        API.client_class("https://a.example", retries=3)  # type: ignore[call-arg]


# --- the module ----------------------------------------------------------------------------------


def test_conversations_are_delegated(monkeypatch: pytest.MonkeyPatch) -> None:
    import toolbind_runtime.conversation.run as conversation

    seen: list[Any] = []

    def converse(api: Any, prompt: Any, **options: Any) -> str:
        seen.append((api, prompt, options))
        return "run"

    async def aconverse(api: Any, prompt: Any, **options: Any) -> str:
        return converse(api, prompt, **options)

    monkeypatch.setattr(conversation, "converse", converse)
    monkeypatch.setattr(conversation, "aconverse", aconverse)
    assert API.run("hello", max_turns=2) == "run"  # type: ignore[comparison-overlap]
    assert asyncio.run(API.arun("hello", tools=["x"])) == "run"  # type: ignore[comparison-overlap]
    assert seen == [(API, "hello", {"max_turns": 2}), (API, "hello", {"tools": ["x"]})]


def test_unset_is_one_thing() -> None:
    assert not UNSET
    assert repr(UNSET) == "UNSET"
    assert copy.deepcopy(UNSET) is UNSET is Unset.UNSET
    with serving(echo) as server, API.client_class(server.url) as client:
        client._call("list_pets", limit=UNSET, name=None)
        client._call("list_pets", limit=0, name="")
        assert [r.target for r in server.received] == ["/pets", "/pets?limit=0&name="]


def test_every_public_name_is_there() -> None:
    for name in runtime.__all__:
        assert getattr(runtime, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = runtime.nothing
    assert repr(API) == "<Api shop: 5 operations>"
    assert repr(API.operation("get_pet")) == "<Operation get_pet: GET /pets/{id}>"


def test_type_hints_of_clients_can_be_read() -> None:
    for kind in (runtime.SyncClient, runtime.AsyncClient, runtime.ClientOptions):
        typing.get_type_hints(kind)
    for kind in (runtime.SyncClient, runtime.AsyncClient):
        for name, method in inspect.getmembers(kind, inspect.isfunction):
            assert typing.get_type_hints(method) is not None, name
    typing.get_type_hints(Api.call_tool)


def test_lazy_modules() -> None:
    module = LazyModule("json.decoder")
    assert module.JSONDecoder is json.JSONDecoder
    assert "JSONDecoder" in dir(module)
    assert repr(module) == "<LazyModule json.decoder>"


def test_importing_starts_nothing_and_stays_small() -> None:
    """No socket, no thread, no event loop, none of the conversation's modules."""
    code = """
import sys, threading
import httpx
before = set(sys.modules)
def hook(event, arguments):
    if event.startswith(("socket.", "subprocess.", "os.system")):
        raise AssertionError(event)
sys.addaudithook(hook)
import toolbind_runtime
assert threading.active_count() == 1
new = {name for name in set(sys.modules) - before}
heavy = {"asyncio", "multiprocessing", "xml.sax", "mimetypes", "difflib"} & new
assert not heavy, heavy
late = ("ai", "arguments", "conversation", "request.multipart", "request.xml")
late = {f"toolbind_runtime.{each}" for each in late}
assert not late & new, late & new
"""
    folder = Path(runtime.__file__).parents[1]
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, timeout=60)


def test_only_httpx2_installed() -> None:
    code = """
import sys
sys.modules["httpx"] = None  # as if it were not installed
import httpx2
from toolbind_runtime import Api, AsyncClient, SyncClient, ToolTable
class Shop(SyncClient): pass
class AsyncShop(AsyncClient): pass
api = Api(
    name="shop", title="Shop", base_url="https://a.example", client=Shop, async_client=AsyncShop,
    tools=ToolTable(
        [{"name": "op", "description": "", "parameters": {"type": "object", "properties": {}}}],
        {"op": {"method": "GET", "path": "/"}},
    ),
)
answer = httpx2.Response(200, json=[1])
http = httpx2.Client(transport=httpx2.MockTransport(lambda request: answer))
assert api.call_tool("op", {}, client=Shop("https://a.example", http_client=http)).data == [1]
Shop("https://a.example").close()
"""
    folder = Path(runtime.__file__).parents[1]
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, timeout=60)
