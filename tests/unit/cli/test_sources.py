"""Documents that are piped in or protected, what a dry run lacks, and which model a server has."""

from __future__ import annotations

import io
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from toolbind.cli.commands import ask as asking
from toolbind.cli.plan.documents import HEADER_VARIABLE
from toolbind.standin import StandIn, call, calls, say

from .conftest import PETS, Command, Once

SECURED = PETS.replace(
    "paths:\n",
    "security: [{key: []}]\n"
    "components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}\npaths:\n",
)


# --- stdin ---------------------------------------------------------------------------------------


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> None:
    given = SimpleNamespace(buffer=io.BytesIO(PETS.encode()), isatty=lambda: False)
    monkeypatch.setattr(sys, "stdin", given)


def test_a_document_comes_from_stdin(toolbind: Command, piped: None, home: Path) -> None:
    done = toolbind("generate", "-", "-o", "out", "--name", "pets")
    assert done.code == 0, done.err
    text = (home / "out" / "pets.py").read_text()
    assert " from stdin. Do not edit; run:\n# toolbind generate - -o out --name pets\n" in text


def test_stdin_is_listed_too(toolbind: Command, piped: None) -> None:
    assert "list_pets" in toolbind("list", "-").out


def test_stdin_is_bounded(toolbind: Command, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = SimpleNamespace(buffer=io.BytesIO(b" " * 1_000_001), isatty=lambda: False)
    monkeypatch.setattr(sys, "stdin", given)
    done = toolbind("list", "-", "--max-size", "1")
    assert done.code == 3
    assert "stdin: error: has more than 1,000,000 bytes; --max-size MB raises" in done.err


def test_nothing_is_piped_in(toolbind: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
    done = toolbind("list", "-")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "nothing is piped into this command" in done.err


# --- protected documents -------------------------------------------------------------------------


class _Web(ThreadingHTTPServer):
    def __init__(self, elsewhere: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.elsewhere = elsewhere
        self.keys: list[str | None] = []


class _Handler(BaseHTTPRequestHandler):
    server: _Web

    def do_GET(self) -> None:
        self.server.keys.append(self.headers.get("X-Key"))
        away = self.server.elsewhere
        self.send_response(302 if away else 200 if self.headers.get("X-Key") else 401)
        self.send_header("Location", away)
        self.end_headers()
        if not away:
            self.wfile.write(PETS.encode())

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def web(elsewhere: str = "") -> Iterator[tuple[_Web, str]]:
    with _Web(elsewhere) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server, f"http://127.0.0.1:{server.server_address[1]}/pets.yaml"
        server.shutdown()
        thread.join()


LOOSE = ("--allow-http", "--allow-private")


def test_a_header_of_the_environment_opens_a_document(
    toolbind: Command, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    with web() as (server, url):
        assert "HTTP 401" in toolbind("list", url, *LOOSE).err
        monkeypatch.setenv(HEADER_VARIABLE, "X-Key: canary-5ecret\nX-Other: 1")
        done = toolbind("generate", url, "-o", "out", *LOOSE)
        assert done.code == 0, done.err
        assert server.keys == [None, "canary-5ecret"]
    assert "canary" not in done.err + (home / "out" / "pets.py").read_text()


def test_the_header_goes_to_no_other_origin(
    toolbind: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HEADER_VARIABLE, "X-Key: canary-5ecret")
    with web() as (other, url), web(url) as (first, start):
        assert "HTTP 401" in toolbind("list", start, *LOOSE).err
        assert (first.keys, other.keys) == (["canary-5ecret"], [None])


@pytest.mark.parametrize("text", ["canary", "X Y: canary", "X: caf\u00e9 canary", "Host: canary"])
def test_what_is_no_header_is_told_without_it(
    text: str, toolbind: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HEADER_VARIABLE, text)
    done = toolbind("list", "specs/pets.yaml")
    assert done.code == 2
    assert HEADER_VARIABLE in done.err
    assert "canary" not in done.err


# --- what a dry run lacks ------------------------------------------------------------------------


def test_a_dry_run_says_which_credential_is_missing(
    toolbind: Command, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "specs" / "pets.yaml").write_text(SECURED)
    toolbind("generate", "specs/pets.yaml", "-o", "locked", "-q")
    dry = ("call", "locked/pets.py", "list_pets", "--dry-run")
    done = toolbind(*dry)
    assert done.code == 0
    assert done.out.startswith("GET https://pets.example/v1/pets\n")
    assert "warning: credentials are missing: give the client api_key=" in done.err
    assert "PETS_API_KEY" in done.err
    monkeypatch.setenv("PETS_API_KEY", "canary-5ecret")
    done = toolbind(*dry)
    assert "X-Key: ***" in done.out
    assert done.err == ""


# --- asking a server of one's own ----------------------------------------------------------------


@pytest.fixture
def module(toolbind: Command, home: Path, once: Once) -> None:
    once(
        "sources", home / "out", lambda: toolbind("generate", "specs/pets.yaml", "-o", "out", "-q")
    )


def ask(toolbind: Command, standin: StandIn, *more: str) -> tuple[int, str, list[str]]:
    place = ("--base-url", f"{standin.root}/v1", "--api-url", "http://127.0.0.1:1")
    done = toolbind("ask", "out/pets.py", "Hi", *place, *more)
    return done.code, done.out, done.err.splitlines()


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{"id": "a"}, {"id": "b"}], "has 2 models: choose one by --model NAME: a, b"),
        ([], "has 0 models: choose one by --model NAME"),
        ({"no": "list"}, "is no list of models; give --model NAME"),
        (None, "HTTP 404; give --model NAME"),
    ],
)
def test_the_model_of_a_foreign_server_is_asked_for(
    rows: object, told: str, module: None, toolbind: Command
) -> None:
    class Models(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(404 if rows is None else 200)
            self.end_headers()
            self.wfile.write(json.dumps({"data": rows}).encode())

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Models) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        done = toolbind("ask", "out/pets.py", "Hi", "--base-url", url)
        server.shutdown()
        thread.join()
    assert done.code in (2, 4)
    assert told in done.err


def test_a_server_with_one_model_is_asked_for_that(module: None, toolbind: Command) -> None:
    with StandIn([say("Hello.")], token=None) as standin:
        code, out, _ = ask(toolbind, standin, "--quiet")
        assert (code, out) == (0, "Hello.\n")


def test_a_refused_call_is_shown_with_what_to_do(module: None, toolbind: Command) -> None:
    with StandIn([call("delete_pet", {"pet_id": "7"}), say("Not done.")], token=None) as standin:
        code, _, lines = ask(toolbind, standin)
    assert code == 0
    assert lines[0] == '-> delete_pet {"pet_id": "7"}'
    assert lines[1].startswith("<- refused DELETE http://127.0.0.1:1/pets/7 ")
    assert lines[-1].endswith("--approve ask asks you about each")


def test_lines_stand_in_the_order_in_which_things_happen(
    module: None, toolbind: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def confirm(text: str, **_: object) -> bool:
        asked.append(text)
        print(f"asked {len(asked)}", file=sys.stderr)
        return len(asked) == 1

    monkeypatch.setattr(asking, "is_terminal", lambda _stream: True)
    monkeypatch.setattr("click.confirm", confirm)
    both = calls(call("delete_pet", {"pet_id": "1"}), call("delete_pet", {"pet_id": "2"}))
    with StandIn([both, say("Done.")], token=None) as standin:
        _, _, lines = ask(toolbind, standin, "--approve", "ask")
    assert [line.split(" DELETE")[0] for line in lines[:6]] == [
        '-> delete_pet {"pet_id": "1"}',
        "asked 1",
        '-> delete_pet {"pet_id": "2"}',
        "asked 2",
        "<- connection",
        "<- refused",
    ]
