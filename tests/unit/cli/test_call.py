"""`toolbind call`: one call over real HTTP, or the request that it would be."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from .conftest import PETS, Command, Once

SECURED = PETS.replace(
    "paths:\n",
    "security: [{key: []}]\n"
    "components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}\n"
    "paths:\n",
    1,
)
SECRET = "canary-5ecret"


@dataclass
class Api:
    """A real HTTP API on loopback: answers by path, and what it was asked."""

    url: str = ""
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)


@pytest.fixture
def api() -> Iterator[Api]:
    seen = Api()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.asked.append(("GET", self.path, self.headers.get("X-Key")))
            kind, status, body = {
                "/pets": ("application/json", 200, b'[{"name": "Rex\\u001b[31m"}]'),
                "/pets/picture": ("image/png", 200, b"\x89PNG\x00\xff"),
                "/pets/text": ("text/plain", 200, "caf\u00e9".encode()),
            }.get(self.path.partition("?")[0], ("application/json", 404, b'{"detail": "no pet"}'))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        seen.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield seen
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def module(toolbind: Command, home: Path, once: Once) -> None:
    """`out/pets.py`, without credentials, and `out/secured.py` with an API key."""
    (home / "specs" / "secured.yaml").write_text(SECURED)
    documents = ("specs/pets.yaml", "specs/secured.yaml")
    once("call", home / "out", lambda: toolbind("generate", *documents, "-o", "out", "-q"))


@pytest.mark.parametrize("name", ["out/pets.py", "out.pets"])
def test_the_answer_goes_to_stdout(name: str, process: Command, api: Api) -> None:
    done = process("call", name, "list_pets", '{"limit": 5}', "--base-url", api.url)
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out) == [{"name": "Rex\x1b[31m"}]
    assert "\x1b" not in done.out
    assert api.asked == [("GET", "/pets?limit=5", None)]


def test_text_and_bytes_come_as_they_are(process: Command, api: Api) -> None:
    text = process("call", "out/pets.py", "get_pet", '{"pet_id": "text"}', "--base-url", api.url)
    assert text.out == "caf\u00e9\n"
    picture = subprocess.run(
        [sys.executable, "-m", "toolbind", "call", "out/pets.py", "get_pet",
         '{"pet_id": "picture"}', "--base-url", api.url],
        capture_output=True,
        check=True,
    )  # fmt: skip
    assert picture.stdout == b"\x89PNG\x00\xff"


def test_arguments_from_a_file_and_from_stdin(
    toolbind: Command, api: Api, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "args.json").write_text('{"limit": 1}')
    assert (
        toolbind("call", "out/pets.py", "list_pets", "@args.json", "--base-url", api.url).code == 0
    )
    monkeypatch.setattr("sys.stdin", io.StringIO('{"limit": 2}'))
    assert toolbind("call", "out/pets.py", "list_pets", "-", "--base-url", api.url).code == 0
    assert [path for _, path, _ in api.asked] == ["/pets?limit=1", "/pets?limit=2"]


def test_a_dry_run_shows_the_request_and_sends_nothing(toolbind: Command, api: Api) -> None:
    done = toolbind(
        "call", "out/pets.py", "get_pet", '{"pet_id": "a/b"}', "--base-url", api.url, "--dry-run"
    )
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0] == f"GET {api.url}/pets/a%2Fb"
    assert api.asked == []


def test_a_dry_run_says_what_does_not_fit_in_one_line(toolbind: Command, api: Api) -> None:
    done = toolbind(
        "call", "out/pets.py", "list_pets", '{"limit": "x"}', "--base-url", api.url, "--dry-run"
    )
    assert (done.code, done.out) == (4, "")
    assert done.err.count("\n") == 1
    assert "limit: expected integer" in done.err
    assert "\\n" not in done.err


def test_a_dry_run_masks_secrets(
    toolbind: Command, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECURED_API_KEY", SECRET)
    command = ("call", "out/secured.py", "list_pets", "{}", "--base-url", api.url)
    done = toolbind(*command, "--dry-run")
    assert (done.code, done.err) == (0, "")
    assert "***" in done.out
    assert SECRET not in done.out
    assert toolbind(*command).code == 0
    assert api.asked == [("GET", "/pets", SECRET)]


def test_headers_come_from_the_command_line_and_the_environment(
    toolbind: Command, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_KEY", SECRET)
    command = ("call", "out/pets.py", "list_pets", "{}", "--base-url", api.url)
    given = ("--header", "X-Key: $SHOP_KEY", "--header", "User-Agent: shop/1")
    done = toolbind(*command, *given, "--dry-run")
    assert "X-Key: ***" in done.out
    assert "User-Agent: shop/1" in done.out
    assert SECRET not in done.out
    assert toolbind(*command, *given).code == 0
    assert api.asked == [("GET", "/pets", SECRET)]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("X-Api-Key", "--header takes 'NAME: VALUE'"),
        ("X-Api-Key: $NOT_SET", "--header X-Api-Key: the environment has no NOT_SET"),
        ("Host: evil", "the header Host belongs to the client"),
    ],
)
def test_headers_that_are_none(toolbind: Command, api: Api, given: str, message: str) -> None:
    done = toolbind(
        "call", "out/pets.py", "list_pets", "{}", "--base-url", api.url, "--header", given
    )
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert api.asked == []


def test_a_failed_call_has_an_exit_code_of_its_own(toolbind: Command, api: Api) -> None:
    done = toolbind("call", "out/pets.py", "get_pet", '{"pet_id": "x"}', "--base-url", api.url)
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith("error: ")
    assert "no pet" in done.err


def test_what_a_model_would_be_shown(toolbind: Command, api: Api) -> None:
    done = toolbind("call", "out/pets.py", "list_pets", "{}", "--base-url", api.url, "--for-model")
    assert json.loads(done.out)["status"] == 200


MISUSE = {
    "wrong arguments": (["out/pets.py", "get_pet", "{}"], 4, "pet_id: missing"),
    "unknown tool": (["out/pets.py", "get_pot"], 2, "did you mean 'get_pet'?"),
    "no JSON": (["out/pets.py", "get_pet", "{pet}"], 2, "ARGS is not JSON"),
    "no object": (["out/pets.py", "get_pet", "[1]"], 2, "must be a JSON object"),
    "too deep": (["out/pets.py", "get_pet", "[" * 99999], 2, "ARGS is "),
    "no file": (["out/pets.py", "get_pet", "@none.json"], 2, "none.json: No such file"),
    "no module": (["out.none", "get_pet"], 2, "no module 'out.none' here"),
    "no module file": (["out/none.py", "get_pet"], 2, "no such file"),
    "not generated": (["json", "get_pet"], 2, "not a module that toolbind generated"),
    "not generated file": (["mine.py", "get_pet"], 2, "there is no _runtime/ beside it"),
    "fails to import": (["out/broken.py", "get_pet"], 2, "cannot import out/broken.py: ValueError"),
    "no server": (
        ["out/pets.py", "list_pets", "{}", "--base-url", "http://127.0.0.1:1"],
        4,
        "no connection",
    ),
    "bad url": (["out/pets.py", "list_pets", "{}", "--base-url", "nonsense"], 2, "error: "),
}


@pytest.mark.parametrize(("arguments", "code", "message"), MISUSE.values(), ids=MISUSE)
def test_misuse(
    arguments: list[str], code: int, message: str, toolbind: Command, home: Path
) -> None:
    (home / "mine.py").write_text("")
    (home / "out" / "broken.py").write_text("raise ValueError('on purpose')")
    done = toolbind("call", *arguments)
    assert (done.code, done.out) == (code, "")
    assert message in done.err
    assert "Traceback" not in done.err


def test_two_folders_have_two_runtimes(toolbind: Command, home: Path) -> None:
    toolbind("generate", "specs/pets.yaml", "-o", "other", "-q")
    (home / "other" / "pets.py").write_text(
        (home / "other" / "pets.py").read_text().replace("pets.example", "other.example")
    )
    first = toolbind("call", "out/pets.py", "list_pets", "--dry-run")
    second = toolbind("call", "other/pets.py", "list_pets", "--dry-run")
    assert "pets.example" in first.out
    assert "other.example" in second.out
