"""The curl command of a request sends that request: told by a server that takes both."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toolbind.explore.curl import curl, quoted

from tests.effort import examples

needs_curl = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("bash")), reason="there is no curl, or no bash"
)

ITS_OWN = {"user-agent", "accept", "host", "accept-encoding", "connection", "content-length"}


class Request:
    def __init__(self, raw: bytes) -> None:
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.method, self.target, _ = lines[0].split(" ", 2)
        pairs = [line.split(":", 1) for line in lines[1:]]
        self.headers = {name.lower(): value.strip() for name, value in pairs}


@contextmanager
def listening() -> Iterator[tuple[str, list[Request]]]:
    """A server that keeps each request as it came, byte for byte."""
    got: list[Request] = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                raw = b""
                while b"\r\n\r\n" not in raw:
                    raw += connection.recv(65536)
                length = int(Request(raw).headers.get("content-length", 0))
                while len(raw.partition(b"\r\n\r\n")[2]) < length:
                    raw += connection.recv(65536)
                got.append(Request(raw))
                connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}", got
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(5)


def sent_alike(method: str, path: str, headers: Mapping[str, str], body: str) -> Request:
    """Send a request with httpx and with the command, assert that they are one, and give it."""
    with listening() as (origin, got):
        url = origin + path
        content = body.encode() or None
        with httpx.Client(trust_env=False) as client:
            client.request(method, url, headers=dict(headers), content=content)
        command = curl(method, url, headers, body)
        done = subprocess.run(
            ["bash", "-c", f"{command} -sS --noproxy '*' -m 10"], capture_output=True, timeout=20
        )
        assert done.returncode == 0, done.stderr
        by_httpx, by_curl = got
    assert by_curl.method == by_httpx.method
    assert by_curl.target == by_httpx.target
    assert by_curl.body == by_httpx.body
    for each in headers:
        assert by_curl.headers.get(each.lower()) == by_httpx.headers.get(each.lower()), each
    assert set(by_curl.headers) - ITS_OWN == set(by_httpx.headers) - ITS_OWN
    return by_curl


@needs_curl
@pytest.mark.parametrize(
    ("method", "path", "headers", "body"),
    [
        ("GET", "/pets?tag=a&tag=b%20c", {"Accept": "application/json"}, ""),
        ("GET", "/pets?filter[name]={a,b}&x=[1-3]", {}, ""),
        ("DELETE", "/pets/..%2Fadmin/", {"X-API-Key": "***"}, ""),
        ("POST", "/", {"Content-Type": "application/json"}, '{"name": "it\'s $HOME `id` \\n"}'),
        ("POST", "/", {"Content-Type": "text/plain"}, "@/etc/passwd"),
        (
            "PUT",
            "/",
            {"Content-Type": "multipart/form-data; boundary=b"},
            "--b\r\n\r\né\r\n--b--",
        ),
        ("PATCH", "/", {"Content-Type": "text/plain"}, "tab\tnull-ish \x01 é 中 \u202e end"),
        ("POST", "/", {}, "no type at all"),
        ("POST", "/empty", {"Content-Type": "application/json"}, ""),
        ("QUERY", "/", {"Content-Type": "application/json"}, "{}"),
        ("OPTIONS", "/", {"X-Empty": "", "Accept": "*/*"}, ""),
    ],
)
def test_curl_sends_what_httpx_sends(
    method: str, path: str, headers: dict[str, str], body: str
) -> None:
    sent_alike(method, path, headers, body)


@needs_curl
@settings(max_examples=examples(250))
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40))
def test_any_body_comes_through_the_shell(text: str) -> None:
    assert sent_alike("POST", "/", {"Content-Type": "text/plain"}, text).body == text.encode()


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60))
def test_a_quoted_text_holds_nothing_that_cannot_be_seen(text: str) -> None:
    assert quoted(text).isprintable()


@needs_curl
@settings(max_examples=examples(400))
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60))
def test_bash_reads_a_quoted_text_back(text: str) -> None:
    printed = subprocess.run(
        ["bash", "-c", f"printf %s {quoted(text)}"], capture_output=True, check=True
    )
    assert printed.stdout == text.encode()


@needs_curl
def test_dots_in_a_path_are_sent_as_they_stand() -> None:
    command = curl("GET", "http://127.0.0.1/a/../b", {}, "")
    assert "--path-as-is" in command
