"""The live explorer: its own page is answered, and nobody else is."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from toolbind.explore import of_module
from toolbind.serve.explorer import BODY_LIMIT, TOKEN_HEADER, Explorer, server

from generated import petstore
from tests.unit.explore.subjects import details_of, index_of


class Api(BaseHTTPRequestHandler):
    """The API behind: keeps what it was asked."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        body = b'[{"id": 1, "name": "Rex"}]'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class Live:
    def __init__(self, explorer: Explorer, port: int, asked: list[str]) -> None:
        self.explorer = explorer
        self.port = port
        self.asked = asked
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False)

    def post(self, path: str, told: Any, **headers: str) -> httpx.Response:
        given = {TOKEN_HEADER: self.explorer.token, "Content-Type": "application/json", **headers}
        return self.http.post(path, content=json.dumps(told), headers=given)


@contextmanager
def running(made: ThreadingHTTPServer) -> Iterator[int]:
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    try:
        yield made.server_port
    finally:
        made.shutdown()
        made.server_close()
        thread.join(5)


@contextmanager
def exploring(*, calls: bool) -> Iterator[Live]:
    asked: list[str] = []
    handler = type("Handler", (Api,), {"asked": asked})
    with running(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as api_port:
        base_url = f"http://127.0.0.1:{api_port}"
        with petstore.Client(base_url, api_key="sesame", allow_http=True) as client:
            subject = of_module(petstore, name="petstore", source="generated.petstore")
            explorer = Explorer(subject, petstore, client, calls=calls)
            with running(server(explorer, "127.0.0.1", 0)) as port:
                live = Live(explorer, port, asked)
                with live.http:
                    yield live


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with exploring(calls=True) as made:
        yield made


LIST = {"tool": "list_pets", "arguments": '{"limit": 5}'}


def test_the_page_is_given_to_who_has_the_token(live: Live) -> None:
    answer = live.http.get("/", params={"token": live.explorer.token})
    assert answer.status_code == 200
    assert index_of(answer.text)["live"] is True
    assert "connect-src 'self'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert "sesame" not in answer.text + json.dumps(details_of(answer.text))


@pytest.mark.parametrize("token", ["", "x", "é"])
def test_without_the_token_there_is_no_page(live: Live, token: str) -> None:
    answer = live.http.get("/", params={"token": token})
    assert answer.status_code == 403
    assert live.explorer.token not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_request_is_shown_as_it_would_be_sent(live: Live) -> None:
    before = len(live.asked)
    shown = live.post("/preview", LIST).json()
    assert shown["request"].startswith("GET http://127.0.0.1:")
    assert "/pets?limit=5" in shown["request"]
    assert "X-API-Key: ***" in shown["request"]
    assert "limit=5" in shown["curl"]
    assert "client.list_pets(limit=5)" in shown["python"]
    assert len(live.asked) == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ('{"limit": 500}', "at most 100"),
        ("{", "no JSON"),
        ("[1]", "a JSON object"),
        ("[" * 100_000, "no JSON"),
    ],
)
def test_arguments_that_do_not_fit_are_explained(live: Live, arguments: str, told: str) -> None:
    shown = live.post("/preview", {"tool": "list_pets", "arguments": arguments}).json()
    assert told in shown["problem"]


def test_a_call_is_made_and_shown_as_a_model_is_told(live: Live) -> None:
    answer = live.post("/call", LIST).json()
    assert answer["ok"] is True
    assert answer["status"] == 200
    assert json.loads(answer["content"])["body"] == [{"id": 1, "name": "Rex"}]
    assert live.asked[-1] == "/pets?limit=5"


def test_no_call_is_made_unless_that_is_allowed() -> None:
    with exploring(calls=False) as live:
        answer = live.post("/call", LIST)
        assert answer.status_code == 403
        assert "--allow-calls" in answer.text
        assert live.asked == []


@pytest.mark.parametrize(
    "headers",
    [
        {TOKEN_HEADER: "wrong"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_other_pages_and_programs_are_not_answered(live: Live, headers: dict[str, str]) -> None:
    before = len(live.asked)
    for path in ("/call", "/preview"):
        answer = live.post(path, LIST, **headers)
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers
    assert len(live.asked) == before


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]"])
def test_this_machine_is_known_by_its_names(live: Live, name: str) -> None:
    origin = f"http://{name}:{live.port}"
    headers = {"Host": f"{name}:{live.port}", "Origin": origin, "Sec-Fetch-Site": "same-origin"}
    assert live.post("/preview", LIST, **headers).status_code == 200


@pytest.mark.parametrize(
    "told",
    [None, [], {}, {"tool": 1, "arguments": "{}"}, {"tool": "no", "arguments": "{}"}, {"tool": []}],
)
def test_odd_questions_are_refused(live: Live, told: Any) -> None:
    assert live.post("/preview", told).status_code == 400


def test_what_is_no_json_or_too_much_is_refused(live: Live) -> None:
    token = {TOKEN_HEADER: live.explorer.token}
    assert live.http.post("/call", content=b"{}", headers=token).status_code == 415
    kind = token | {"Content-Type": "application/json"}
    assert live.http.post("/call", content=b"{", headers=kind).status_code == 400
    large = b" " * (BODY_LIMIT + 1)
    assert live.http.post("/call", content=large, headers=kind).status_code == 413
    chunks = iter([b"{}"])
    assert live.http.post("/call", content=chunks, headers=kind).status_code == 411


def test_a_page_that_goes_away_leaves_the_server_well_and_silent(
    live: Live, capfd: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", live.port)) as gone:
            told = f"GET /?token={live.explorer.token} HTTP/1.1\r\nHost: localhost:{live.port}"
            gone.sendall(told.encode() + b"\r\n\r\n")
            gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert live.post("/preview", LIST).status_code == 200
    assert capfd.readouterr().err == ""


def test_tools_are_found_as_a_model_finds_them(live: Live) -> None:
    for query in ("put a new pet up for sale", "who owns it", "weather tomorrow"):
        answer = live.post("/search", {"query": query})
        wanted = [hit.name for hit in petstore._API.finder.search(query, 40).hits]
        assert answer.json() == {"found": wanted}
    assert live.post("/search", {"query": "x" * 1001}).status_code == 400
    assert live.post("/search", {}).status_code == 400
    stranger = live.post("/search", {"query": "pets"}, **{TOKEN_HEADER: "guess"})
    assert stranger.status_code == 403


def test_a_request_of_a_hundred_megabytes_is_refused_and_not_kept(live: Live) -> None:
    """Announced or sent: the answer comes, and the next request is answered."""
    token = {TOKEN_HEADER: live.explorer.token, "Content-Type": "application/json"}
    with socket.create_connection(("127.0.0.1", live.port), timeout=20) as one:
        told = "".join(f"{name}: {value}\r\n" for name, value in token.items())
        head = f"POST /call HTTP/1.1\r\nHost: 127.0.0.1:{live.port}\r\n{told}"
        one.sendall(f"{head}Content-Length: {100 << 20}\r\n\r\n".encode())
        one.sendall(b" " * BODY_LIMIT)
        assert one.recv(100).startswith(b"HTTP/1.1 413 ")
    assert live.post("/preview", LIST).status_code == 200


def test_two_explorers_in_one_process_do_not_meet(live: Live) -> None:
    with exploring(calls=False) as other:
        assert other.post("/call", LIST).status_code == 403
        stranger = {TOKEN_HEADER: live.explorer.token}
        assert other.post("/preview", LIST, **stranger).status_code == 403
        assert live.post("/call", LIST).status_code == 200


def test_other_paths_and_methods_have_nothing(live: Live) -> None:
    assert live.http.get("/etc/passwd").status_code == 404
    assert live.post("/other", LIST).status_code == 404
    assert live.http.put("/").status_code == 501
    assert live.http.options("/call").status_code == 501


def test_the_token_shows_in_no_repr(live: Live) -> None:
    assert live.explorer.token not in repr(live.explorer)
