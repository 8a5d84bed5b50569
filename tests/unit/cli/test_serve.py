"""`toolbind serve`: what cannot be served is one line, before anything listens."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import PETS, Command, Once


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toolbind: Command, once: Once) -> str:
    monkeypatch.chdir(tmp_path)
    Path("pets.yaml").write_text(PETS)
    made = tmp_path / "generated"
    once("serve", made, lambda: toolbind("generate", "pets.yaml", "-o", "generated"))
    return "generated/pets.py"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["missing.module"], "no module 'missing.module'"),
        (["json"], "is not a module that toolbind generated"),
        (["MODULE", "--stdio", "--http", "127.0.0.1:0"], "give one of them"),
        (["MODULE", "--http", "8765"], "is not HOST:PORT"),
        (["MODULE", "--http", "127.0.0.1:99999"], "is not HOST:PORT"),
        (["MODULE", "--http", ":8765"], "is not HOST:PORT"),
        (["MODULE", "--http", "0.0.0.0:0"], "allow that with --allow-public"),
        (["MODULE", "--http", "0.0.0.0:0", "--allow-public"], "with --allow-host NAME"),
        (["MODULE", "--token-env", "X"], "--token-env goes with --http"),
        (["MODULE", "--allow-public"], "--allow-public goes with --http"),
        (["MODULE", "--allow-host", "x"], "--allow-host goes with --http"),
        (["MODULE", "--http", "127.0.0.1:0", "--token-env", "NOT_SET"], "NOT_SET"),
        (["MODULE", "--tools", "nothing_*"], "no tool of pets matches"),
    ],
)
def test_what_cannot_be_served_is_one_line(
    module: str, toolbind: Command, arguments: list[str], told: str
) -> None:
    done = toolbind("serve", *(module if each == "MODULE" else each for each in arguments))
    assert done.code == 2
    assert told in done.err
    assert len(done.err.splitlines()) == 1
    assert done.out == ""


def test_a_port_in_use_is_told(module: str, toolbind: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = toolbind("serve", module, "--http", f"127.0.0.1:{port}")
    assert done.code == 2
    assert "Address already in use; give another --http" in done.err


def test_a_manifest_is_printed(module: str, toolbind: Command) -> None:
    done = toolbind("serve", module, "--server-json")
    assert done.code == 0
    assert json.loads(done.out)["name"].endswith("/pets")


def test_without_the_extra_there_is_one_line(module: str) -> None:
    program = (
        "import sys; sys.modules['mcp_types'] = None; sys.modules['mcp'] = None;"
        f"from toolbind.cli.main import run; sys.exit(run(['serve', {module!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 2
    assert "serving needs the extra toolbind[mcp]" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
def test_stdin_that_ends_ends_the_server(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "toolbind", "serve", module],
        input="",
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "3 tools of Pets\n")


def test_what_is_no_message_leaves_stdout_to_the_protocol(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "toolbind", "serve", module],
        input="this is not JSON\n" + "[" * 100_000 + "\n",
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0
    for line in done.stdout.splitlines():
        assert json.loads(line)["jsonrpc"] == "2.0"
    assert "Traceback" not in done.stderr
