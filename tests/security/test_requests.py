"""Requests stay in their places: hostile arguments in every place and style, over a real module.

Whatever the value, either nothing is sent and the model is told, or one request goes to the same
origin and path shape, with the headers that it always has, from which the same value is read back.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx
import pytest
from toolbind.pipeline import generate

from tests.security.imported import Package, look_at

KEY = "the-callers-own-key"
TEXTS = (
    "../../admin?x#f", "..", ".", "", "%2e%2e", "..%2f..%2fadmin", "//evil.example/x", "\\\\evil",
    "..;/x", "..;", "..\0", "a\r\nX-Evil: 1", "a\nSet-Cookie: x=1", "\0", "@evil.example/",
    "http://evil.example/", "/etc/passwd", "file:///etc/passwd", "a&admin=1&b", "a=b", "a#b",
    "a+b c", "a;b=c", "a,b", "a|b", "a%26b%3Dc", "%", "%zz", "%00", "\u2025", "\uff0e\uff0e/",
    "\u2215", "\u212a", "\u0130", "\ud800", "\U0001f600", "\u202e", "\x7f", "\x85", "\u2028",
    '"; x="y', "'", "`", "<!--", "${7*7}", "{{7*7}}", "{id}", "%s%n", "$(id)", "| id",
    "--boundary", "true", "null", "1e999", "[]", "{}", "-1", "0x10", "A" * 70_000, "*", "?",
    "~root", "__class__",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    *TEXTS,
    *([text] for text in TEXTS[:20]),
    *({"k": text} for text in TEXTS[:20]),
    *({text: "v"} for text in TEXTS[:20]),
    float("nan"), float("inf"), 10**400, -0.0, True, None, [], {}, [[]], [None], {"a": {"b": []}},
    [[["x"]]], ["x"] * 2000,
)  # fmt: skip

STYLES: dict[str, tuple[str, ...]] = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}
TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "list": {"type": "array", "items": {"type": "string"}},
    "map": {"type": "object", "additionalProperties": {"type": "string"}},
}
BODIES = {
    "record": "application/json",
    "form": "application/x-www-form-urlencoded",
    "parts": "multipart/form-data",
    "xml": "application/xml",
    "plain": "text/plain",
    "lines": "application/jsonl",
}


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    """A path for each place, style and type, and one for each kind of body."""
    for place, styles in STYLES.items():
        for style, kind, explode, raw in itertools.product(
            styles, TYPES, (False, True), (False, True)
        ):
            name = f"{place}_{style}_{kind}_{explode}_{raw}".lower()
            parameter = {
                "name": "X-Value" if place == "header" else "value",
                "in": place,
                "required": place == "path",
                "style": style,
                "explode": explode,
                "schema": TYPES[kind],
                **({"allowReserved": True} if raw and place in ("path", "query") else {}),
            }
            path = f"/{name}/{{value}}/end" if place == "path" else f"/{name}"
            yield path, {"get": {"operationId": name, "parameters": [parameter], "responses": {}}}
    for name, media_type in BODIES.items():
        schema: Any = {"type": "object", "properties": {"value": {"type": "string"}}}
        if name in ("plain", "lines"):
            schema = TYPES["text"] if name == "plain" else TYPES["list"]
        body = {"required": True, "content": {media_type: {"schema": schema}}}
        yield f"/{name}", {"post": {"operationId": name, "requestBody": body, "responses": {}}}


DOCUMENT = {
    "openapi": "3.2.0",
    "info": {"title": "All places", "version": "1"},
    "servers": [{"url": "https://api.example.test/base"}],
    "security": [{"key": []}],
    "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}},
    "paths": dict(operations()),
}
OWN_HEADERS = {"host", "accept", "accept-encoding", "connection", "user-agent", "x-key"}
BODY_HEADERS = {"content-type", "content-length"}


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    package = Package(tmp_path_factory.mktemp("requests"), "requested_modules")
    loaded = package.load(generate(json.dumps(DOCUMENT), name="places").files, "places")
    look_at(loaded)
    yield loaded
    package.forget()


def in_its_place(request: httpx.Request, tool: str, value: Any) -> None:
    """The request is of the shape that the tool always has."""
    target = request.url.raw_path.decode("ascii")
    assert (request.url.scheme, request.url.netloc) == ("https", b"api.example.test")
    assert request.headers.get_list("host") == ["api.example.test"]
    assert request.headers.get_list("x-key") == [KEY]
    path, _, query = target.partition("?")
    segments = path.split("/")
    assert segments[1:3] == ["base", tool]
    assert len(segments) == (5 if tool.startswith("path") else 3)
    for segment in segments:
        assert unquote(segment.partition(";")[0]) not in (".", "..")
    assert "#" not in target
    assert not query or tool.startswith("query")
    names = [name.decode().lower() for name, _ in request.headers.raw]
    place = {"header": {"x-value"}, "cookie": {"cookie"}}.get(tool.partition("_")[0], set())
    body = BODY_HEADERS if request.method == "POST" else set()
    assert set(names) <= OWN_HEADERS | place | body
    assert len(names) == len(set(names))
    assert not any(set(field) & set(b"\r\n\0") for pair in request.headers.raw for field in pair)
    if isinstance(value, str) and tool.startswith("query_form_text"):
        assert parse_qsl(query, keep_blank_values=True) == [("value", value)]
    if isinstance(value, str) and tool.startswith("path_simple_text"):
        assert unquote(segments[3]) == value
    if isinstance(value, str) and tool.startswith("cookie_form_text"):
        assert unquote(request.headers["cookie"]) == f"value={value}"


@pytest.mark.slow
def test_hostile_arguments_stay_in_their_places(module: ModuleType) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={})

    tried = refused = 0
    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        client = module.Client(api_key=KEY, http_client=http)
        for tool in module.TOOLS:
            (argument,) = tool["parameters"]["properties"]
            for value in VALUES:
                seen.clear()
                result = module.call_tool(tool["name"], {argument: value}, client=client)
                tried += 1
                refused += not result.ok
                assert len(seen) == (1 if result.ok else 0), (tool["name"], value)
                for request in seen:
                    in_its_place(request, tool["name"], value)
    assert tried > 1000
    assert tried / 10 < refused < tried


@pytest.mark.parametrize(
    "extra",
    [
        "Authorization", "authorization", "Host", "Cookie", "X-Key", "x_key", "Content-Type", "url",
        "base_url", "headers", "http_client", "follow_redirects", "__class__", "self", "timeout",
    ],
)  # fmt: skip
def test_arguments_that_are_not_declared_are_refused(module: ModuleType, extra: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise AssertionError("nothing may be sent")

    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        client = module.Client(api_key=KEY, http_client=http)
        result = module.call_tool("form", {"value": "x", extra: "evil"}, client=client)
    assert (result.ok, result.error) == (False, "bad-arguments")


@pytest.mark.parametrize(
    "name",
    ["__init__", "__class__", "_client", "_call", "close", "os.system", "eval", "Client", "FO RM",
     "form ", "form\0", " form", "\uff46orm", "form()", "", "../form", "TOOLS", "call_tool"],
)  # fmt: skip
def test_a_tool_is_found_by_its_own_name_only(module: ModuleType, name: str) -> None:
    with httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200))) as http:
        client = module.Client(api_key=KEY, http_client=http)
        result = module.call_tool(name, {"value": "x"}, client=client)
    assert (result.ok, result.error) == (False, "unknown-tool")


def test_the_asynchronous_client_keeps_the_same_places(module: ModuleType) -> None:
    async def go() -> None:
        async def answer(request: httpx.Request) -> httpx.Response:
            in_its_place(request, request.url.path.split("/")[2], None)
            return httpx.Response(200, json={})

        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
            client = module.AsyncClient(api_key=KEY, http_client=http)
            for tool, value in itertools.product(module.TOOLS, VALUES[:12]):
                (argument,) = tool["parameters"]["properties"]
                await module.acall_tool(tool["name"], {argument: value}, client=client)

    asyncio.run(go())


def test_importing_a_module_connects_to_nothing_and_opens_only_itself(
    module: ModuleType, tmp_path: Path
) -> None:
    import subprocess
    import sys

    code = f"""
import sys
allowed = (sys.prefix, sys.base_prefix, {str(Path(module.__file__ or "").parent)!r})
def watch(event, arguments):
    if event.startswith(("socket.", "subprocess", "os.system", "os.exec")):
        raise SystemExit(f"{{event}} {{arguments}}")
    if event == "open" and isinstance(arguments[0], str) and arguments[1] not in (None, "r", "rb"):
        raise SystemExit(f"writes {{arguments}}")
    if event == "open" and isinstance(arguments[0], str):
        if not arguments[0].startswith(allowed) and "site-packages" not in arguments[0]:
            raise SystemExit(f"reads {{arguments}}")
sys.dont_write_bytecode = True
sys.path.insert(0, {str(Path(module.__file__ or "").parent.parent)!r})
import httpx
sys.addaudithook(watch)
import {module.__name__}
{module.__name__}.WorkersAI, {module.__name__}.run, {module.__name__}.types
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_base_url_is_the_callers_where_the_document_names_a_private_one(
    tmp_path: Path,
) -> None:
    document = {**DOCUMENT, "servers": [{"url": "http://169.254.169.254/latest"}]}
    package = Package(tmp_path, "private_modules")
    try:
        loaded = package.load(generate(json.dumps(document), name="places").files, "places")
        assert loaded.BASE_URL == ""
        with pytest.raises(ValueError, match="base_url is missing"):
            loaded.Client(api_key=KEY)
        assert urlsplit(loaded.Client("https://mine.example", api_key=KEY)._base.text).hostname
    finally:
        package.forget()
