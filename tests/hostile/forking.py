"""A process that has imported what every case needs, and forks one for each.

A case still has a process of its own, with its own limits, environment and folder; it is only
spared the imports. As a program (`forking.py`, without arguments) it reads one request a line
from standard input, `{"program", "arguments", "cwd", "environment", "folder"}`, runs it with
`stdout` and `stderr` as files in `folder`, and answers with the exit code.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import runpy
import subprocess
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CPU_SECONDS = 10
"""Of the processor, so that a loaded machine is no failure; the wall clock only ends what hangs."""
WALL_SECONDS = 120
MEMORY = 1 << 30

PRELOADED = ("toolbind.cli.main", "toolbind.cli.commands.generate", "toolbind.pipeline", "httpx")


class Forking:
    """The other end: `run` gives what `subprocess.run` would."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self, *arguments: str, cwd: Path, environment: Mapping[str, str], folder: Path
    ) -> subprocess.CompletedProcess[str]:
        folder.mkdir()
        asked = {"arguments": arguments, "cwd": str(cwd), "environment": dict(environment)}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({**asked, "folder": str(folder)}) + "\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        out, err = ((folder / name).read_text("utf-8") for name in ("stdout", "stderr"))
        return subprocess.CompletedProcess(arguments, code, out, err)

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()


def serve() -> None:
    for name in PRELOADED:
        __import__(name)
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            _become(asked)
        print(_ended(child), flush=True)


def _ended(child: int) -> int:
    """The exit code, or the signal's number below zero."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _become(asked: dict[str, Any]) -> None:
    """Runs what is asked for in this process, and ends it."""
    code = 70
    try:
        for number, name in enumerate(("stdin", "stdout", "stderr")):
            path = os.devnull if name == "stdin" else f"{asked['folder']}/{name}"
            opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(opened, number)
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        _alarm()
        os.environ.clear()
        os.environ.update(asked["environment"])
        os.chdir(asked["cwd"])
        code = _run(asked["arguments"])
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _alarm() -> None:
    import signal

    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.alarm(WALL_SECONDS)


def _run(arguments: list[str]) -> int:
    """`-m MODULE ...` or `FILE ...`, as Python takes them."""
    module = arguments[0] == "-m"
    sys.argv = arguments[module:]
    try:
        if module:
            runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
        else:
            runpy.run_path(sys.argv[0], run_name="__main__")
    except SystemExit as ended:
        if ended.code is None or isinstance(ended.code, int):
            return ended.code or 0
        print(ended.code, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    serve()
