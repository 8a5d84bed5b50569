"""A page of the manual, followed word by word: its files are written, its commands run in order.

A block with a title is a file. In a `console` block each line after `$ ` is a command, and what
follows is what it prints: a line `...` stands for any lines, `...` in a line for any text. A Python
program without a title is run as it stands. A command that ends in `&` serves on port 8000, which
is another one here. Addresses of the pages lead to servers on this machine: the model's side to the
stand-in, the help desk to that of the demo.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

FENCE = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
PORT = "8000"
WAIT = 30.0

REDIRECTS = '''"""Leads the addresses of the manual to this machine."""
import importlib
import json
import os

PORTS = json.loads(os.environ["MANUAL_PORTS"])


def led(request):
    port = PORTS.get(request.url.host)
    if port:
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=port)
    return request


def sync(original):
    return lambda self, request: original(self, led(request))


for library in ("httpx", "httpx2"):
    try:
        made = importlib.import_module(library)
    except ImportError:
        continue
    for kind, name in (
        (made.HTTPTransport, "handle_request"),
        (made.AsyncHTTPTransport, "handle_async_request"),
    ):
        setattr(kind, name, sync(getattr(kind, name)))
'''


@dataclass(frozen=True, slots=True)
class Block:
    language: str
    title: str
    text: str


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return [Block(lang, title, text) for lang, title, text in FENCE.findall(page)]


def commands(block: Block) -> Iterator[tuple[str, str]]:
    """The commands of a console block, each with what it is to print."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, told = part.partition("\n")
        yield command, told


def prints(told: str, printed: str) -> bool:
    """Whether a page shows what was printed; a page may show nothing of it."""
    if not told:
        return True
    lines = [
        r"(?:.*\n)*?" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*") + r" *\n"
        for line in told.rstrip("\n").splitlines()
    ]
    return re.fullmatch("".join(lines), printed.rstrip("\n") + "\n") is not None


@dataclass
class Session:
    """A folder and an environment in which pages are followed."""

    folder: Path
    programs: Path
    ports: Mapping[str, int]
    variables: Mapping[str, str]
    skipped: tuple[str, ...] = ()
    """Beginnings of commands that are not run here, because what they bring is there."""
    _serving: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _port: str = ""

    def __post_init__(self) -> None:
        patch = self.folder.parent / f"{self.folder.name}-patch"
        patch.mkdir()
        (patch / "sitecustomize.py").write_text(REDIRECTS)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("CLOUDFLARE_", "PYTEST"))}
        self._environment = {
            **kept,
            **self.variables,
            "PATH": os.pathsep.join([str(self.programs), os.environ["PATH"]]),
            "PYTHONPATH": str(patch),
            "PYTHONDONTWRITEBYTECODE": "1",
            "NO_COLOR": "1",
            "COLUMNS": "100",
            "XDG_CACHE_HOME": str(patch / "cache"),
            "MANUAL_PORTS": json.dumps(self.ports),
        }
        self._environment.pop("VIRTUAL_ENV", None)

    def follow(self, page: str) -> None:
        """Do what a page says. Raises AssertionError where it says what is not so."""
        try:
            for block in blocks(page):
                self._new_port()
                if block.title:
                    self._write(block)
                elif block.language == "python":
                    self._run("python -", "", block.text)
                elif block.language == "console":
                    for command, told in commands(block):
                        self._do(command, told)
        finally:
            self.close()

    def close(self) -> None:
        """End what still serves."""
        for process in self._serving:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
        self._serving.clear()

    def _new_port(self) -> None:
        """The port of a page that serves, one for all of it."""
        if not self._port:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self._port = str(probe.getsockname()[1])

    def _here(self, text: str) -> str:
        return re.sub(rf"\b{PORT}\b", self._port, text)

    def _write(self, block: Block) -> None:
        path = self.folder / block.title
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self._here(block.text))

    def _do(self, command: str, told: str) -> None:
        if command.startswith(self.skipped):
            return
        if command.endswith(" &"):
            self._serve(self._here(command.removesuffix(" &")))
        else:
            self._run(self._here(command), self._here(told))

    def _run(self, command: str, told: str, given: str = "") -> None:
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            cwd=self.folder,
            env=self._environment,
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, f"$ {command}\n{done.stdout}"
        assert prints(told, done.stdout), f"$ {command}\n{done.stdout}\nis shown as\n{told}"

    def _serve(self, command: str) -> None:
        log = self.folder.parent / f"{self.folder.name}-served"
        with log.open("wb") as out:
            process = subprocess.Popen(
                ["bash", "-c", f"exec {command}"],
                cwd=self.folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self._serving.append(process)
        end = time.monotonic() + WAIT
        while process.poll() is None and time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", int(self._port))).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError(f"$ {command}\n{log.read_text()}")


def prepared(folder: Path, root: Path) -> Path:
    """A folder as the pages begin in: with the documents."""
    folder.mkdir()
    shutil.copytree(root / "specs", folder / "specs")
    return folder
