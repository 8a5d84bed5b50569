"""From arguments to requests: paths that stay where they belong, bodies that read back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from toolbind_runtime import OperationRow, SyncClient
from toolbind_runtime.errors import ArgumentError, ConfigurationError
from toolbind_runtime.request.files import FileReader
from toolbind_runtime.request.operation import Operation, Parts
from toolbind_runtime.request.outgoing import join
from toolbind_runtime.request.urls import BaseUrl, is_loopback, parse_base_url

from tests.effort import examples
from tests.unit.runtime.http_support import Received, Server, echo, make_api, serving


def compiled(row: OperationRow) -> Operation:
    return make_api({"op": row}).operation("op")


def build(row: OperationRow, values: dict[str, Any], files: FileReader | None = None) -> Parts:
    return compiled(row).build(values, files or FileReader())


# --- paths ---------------------------------------------------------------------------------------

PATH: OperationRow = {
    "method": "GET",
    "path": "/owners/{owner}/pets/{pet}.json",
    "arguments": {"owner": {"in": "path"}, "pet": {"in": "path"}},
}

HOSTILE = [
    "../../admin?x#f", "..", ".", "", "%2e%2e", "%2e%2e%2f", "//evil.example", "\\\\evil", "a\r\nb",
    "a\0b", "@evil.example", "http://evil.example/", "..;/", "..%00", "a/../b", "~", "*", " ",
    "?a=b", "#frag", "a;b=c", "\u2025", "\uff0e\uff0e", "\u2215", "x" * 100_000, ".\u200b.", "+",
]  # fmt: skip


@pytest.fixture(scope="module")
def loopback() -> Iterator[Server]:
    with serving(echo) as server:
        yield server


@pytest.fixture(scope="module")
def pool() -> Iterator[httpx.Client]:
    with httpx.Client() as client:
        yield client


def fragments() -> st.SearchStrategy[str]:
    nasty = [
        ".",
        "..",
        "/",
        "\\",
        "%2e",
        "%2F",
        "%",
        "?",
        "#",
        "@",
        ":",
        ";",
        "\r",
        "\n",
        "\0",
        " ",
    ]
    return st.lists(st.sampled_from(nasty) | st.text(max_size=3), max_size=6).map("".join)


@settings(max_examples=examples(1000), deadline=None, suppress_health_check=list(HealthCheck))
@given(owner=fragments(), pet=fragments())
@example("..", "..")
@example("a", "../../x")
def test_hostile_path_values_never_leave_their_segments(
    loopback: Server, pool: httpx.Client, owner: str, pet: str
) -> None:
    """What arrives at a real server is the template, filled in; or nothing arrives at all."""
    api = make_api({"op": PATH})
    seen = len(loopback.received)
    with api.client_class(f"{loopback.url}/v1", http_client=pool) as client:
        result = api.call_tool("op", {"owner": owner, "pet": pet}, client=client)
    if len(loopback.received) == seen:
        assert result.error == "bad-arguments"
        return
    target = loopback.last.target
    segments = target.split("/")
    assert segments[:3] == ["", "v1", "owners"]
    assert unquote(segments[3]) == owner
    assert segments[4] == "pets"
    assert unquote(segments[5]) == f"{pet}.json"
    assert len(segments) == 6
    assert not set(target) & set("?#\\ \r\n\0")
    assert not {".", ".."} & set(segments)
    assert loopback.last.header("Host") == urlsplit(loopback.url).netloc


@pytest.mark.parametrize("value", HOSTILE)
def test_known_hostile_path_values(value: str) -> None:
    api = make_api({"op": {"method": "GET", "path": "/a/{x}", "arguments": {"x": {"in": "path"}}}})
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json={})

    http = httpx.Client(transport=httpx.MockTransport(answer))
    with api.client_class("https://api.example/v1", http_client=http) as client:
        result = api.call_tool("op", {"x": value}, client=client)
    if value in ("", ".", "..") or len(value) > 60_000:
        assert not sent
        assert result.error == "bad-arguments"
        assert "nothing was sent" in result.content
    else:
        (request,) = sent
        assert request.url.raw_path.startswith(b"/v1/a/")
        assert unquote(request.url.raw_path[len(b"/v1/a/") :].decode()) == value
        assert request.url.raw_path.count(b"/") == 3
        assert request.url.host == "api.example"


def test_styles_cannot_make_dot_segments() -> None:
    for style, values in (("label", ["", ".", [""], ["", ""]]), ("simple", ["..", ["."]])):
        row: Any = {
            "method": "GET",
            "path": "/a/{x}/b",
            "arguments": {"x": {"in": "path", "style": style, "explode": True}},
        }
        for value in values:
            try:
                path = build(row, {"x": value}).path
            except ArgumentError:
                continue
            assert path.count("/") == 3
            assert not {".", "..", ""} & set(path.split("/")[1:])


def test_several_slots_in_a_segment() -> None:
    row: OperationRow = {
        "method": "GET",
        "path": "/{a}..{b}/{a}",
        "arguments": {"a": {"in": "path"}, "b": {"in": "path"}},
    }
    assert build(row, {"a": "x/y", "b": "1"}).path == "/x%2Fy..1/x%2Fy"


def test_a_missing_path_value_is_told() -> None:
    with pytest.raises(ArgumentError, match="pet: this value is needed"):
        build(PATH, {"owner": "a"})


def test_constants_fill_slots_too() -> None:
    row: OperationRow = {
        "method": "GET",
        "path": "/v{version}/x",
        "constants": [{"in": "path", "wire": "version", "value": 2}],
    }
    assert build(row, {}).path == "/v2/x"


def test_rows_that_no_generator_may_write() -> None:
    with pytest.raises(ValueError, match="dot segments"):
        compiled({"method": "GET", "path": "/a/../b"})
    for name in ("Authorization", "HOST", "cookie", "Content-Type", "Transfer-Encoding"):
        with pytest.raises(ValueError, match="no argument may set"):
            compiled({**PATH, "arguments": {"x": {"in": "header", "wire": name}}})


def test_the_last_guard() -> None:
    base = BaseUrl("https://a.example/v1", ("https", "a.example", 443))
    assert join(base, "/x/1", "/x/{y}") == "https://a.example/v1/x/1"
    for path in ("/x/1/2", "/x", "/x/1?a", "/x/1#a"):
        with pytest.raises(ArgumentError, match="change the path"):
            join(base, path, "/x/{y}")


# --- base URLs -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "text", "origin"),
    [
        ("https://A.example", "https://a.example", ("https", "a.example", 443)),
        ("https://a.example:443/v1/", "https://a.example/v1", ("https", "a.example", 443)),
        ("http://127.0.0.1:80/x%20y", "http://127.0.0.1/x%20y", ("http", "127.0.0.1", 80)),
        ("http://[::1]:1/é", "http://[::1]:1/%C3%A9", ("http", "::1", 1)),
    ],
)
def test_base_urls(url: str, text: str, origin: Any) -> None:
    assert parse_base_url(url) == BaseUrl(text, origin)


@pytest.mark.parametrize(
    "url",
    [
        "", "/v1", "api.example", "ftp://a.example", "file:///etc/passwd", "https://", "https:///x",
        "https://user:secret@a.example", "https://a.example?x=1", "https://a.example/#f",
        "https://a.example/../b", "https://a.example/./b", "https://a.example/\r\nX: y",
        "https://a.example\\@evil", "https://a b.example", "https://a.example:99999", "http://[::1",
        "javascript:alert(1)", "https://{host}.example",
    ],
)  # fmt: skip
def test_base_urls_that_are_refused(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_base_url(url)
    assert "secret" not in str(caught.value)


def test_loopback_is_by_name_only() -> None:
    assert all(is_loopback(host) for host in ("localhost", "a.localhost", "127.0.0.2", "::1"))
    assert not any(is_loopback(h) for h in ("localhost.evil", "10.0.0.1", "128.0.0.1", "a.example"))


# --- query, header, cookie places ----------------------------------------------------------------


def test_documents_inside_places() -> None:
    value = {"a": [1, "é&"]}
    json_row: Any = {"media_type": "application/json"}
    row: Any = {
        "method": "GET",
        "path": "/{p}",
        "arguments": {
            "p": {"in": "path", **json_row},
            "q": {"in": "query", **json_row},
            "h": {"in": "header", "wire": "X-H", **json_row},
            "c": {"in": "cookie", **json_row},
            "t": {"in": "header", "wire": "X-T", "media_type": "text/plain"},
        },
    }
    parts = build(row, {**dict.fromkeys("pqhc", value), "t": "plain"})
    assert json.loads(unquote(parts.path[1:])) == value
    assert [(n, json.loads(v)) for n, v in parse_qsl(parts.query[0])] == [("q", value)]
    (header, plain) = parts.headers
    assert header[0] == "X-H"
    assert header[1].isascii()
    assert json.loads(header[1]) == value
    assert plain == ("X-T", "plain")
    assert json.loads(unquote(parts.cookies[0].removeprefix("c="))) == value


def test_whole_query_strings() -> None:
    def query(value: Any, **row: Any) -> str:
        given_row: Any = {"in": "querystring", **row}
        built = build({"method": "GET", "path": "/", "arguments": {"q": given_row}}, {"q": value})
        return "&".join(built.query)

    assert parse_qsl(query({"a": ["1", "b c"], "d": True, "e": []})) == [
        ("a", "1"),
        ("a", "b c"),
        ("d", "true"),
    ]
    assert query("a=1&b=é #") == "a=1&b=%C3%A9%20%23"
    assert json.loads(unquote(query({"x": 1}, media_type="application/json"))) == {"x": 1}
    assert query({}) == ""


def test_absent_arguments_and_undefined_values_send_nothing() -> None:
    row: OperationRow = {
        "method": "GET",
        "path": "/",
        "arguments": {
            "q": {"in": "query"},
            "h": {"in": "header", "wire": "X-H"},
            "c": {"in": "cookie"},
        },
    }
    nothing = Parts("/", [], [], [], None, None)
    assert build(row, {}) == nothing
    assert build(row, {"q": None, "h": [], "c": {}}) == nothing


def test_constants_are_sent_by_themselves() -> None:
    row: OperationRow = {
        "method": "POST",
        "path": "/",
        "constants": [
            {"in": "query", "wire": "version", "value": 2},
            {"in": "header", "wire": "X-Kind", "value": "a"},
            {"in": "cookie", "wire": "k", "value": False},
            {"in": "body", "wire": "type", "value": "dog"},
        ],
        "body": {"media_type": "application/json"},
    }
    operation = compiled(row)
    for _ in range(2):  # nothing is left behind by the first call
        parts = operation.build({}, FileReader())
        assert parts.query == ["version=2"]
        assert parts.headers == [("X-Kind", "a")]
        assert parts.cookies == ["k=false"]
        assert parts.content == b'{"type":"dog"}'


# --- on the wire ---------------------------------------------------------------------------------


def test_percent_encodings_survive_byte_for_byte() -> None:
    """The HTTP library must send what was built, not its own idea of it."""
    row: OperationRow = {
        "method": "GET",
        "path": "/a%7Bb/{p}",
        "arguments": {
            "p": {"in": "path"},
            "q": {"in": "query", "wire": "q[]"},
            "r": {"in": "query", "allow_reserved": True},
            "s": {"in": "query", "style": "pipeDelimited"},
        },
    }
    everything = "".join(map(chr, range(32, 127))) + "é€😀"
    with serving(echo) as server:
        api = make_api({"op": row})
        client: SyncClient
        with api.client_class(f"{server.url}/b%20c", http_client=None) as client:
            values = {"p": everything, "q": everything, "r": everything, "s": ["a", "%7C"]}
            assert api.call_tool("op", values, client=client).ok
            expected = api.preview("op", values, client=client).url
        assert server.url + server.last.target == expected
        received: Received = server.last
    path, _, query = received.target.partition("?")
    assert path.startswith("/b%20c/a%7Bb/")
    assert unquote(path.rpartition("/")[2]) == everything
    assert parse_qsl(query) == [("q[]", everything), ("r", everything), ("s", "a|%7C")]
