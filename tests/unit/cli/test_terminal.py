"""What a person at a terminal sees, on a real one (a pseudo-terminal), and no pipe ever does."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from toolbind.cli.terminal import progress
from toolbind.cli.terminal.progress import Progress

PLAIN = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def at_terminal(*arguments: str, **environment: str) -> tuple[int, str]:
    """Exit code and everything that came over the terminal."""
    ours, theirs = pty.openpty()
    names: Mapping[str, str] = {"TERM": "xterm", "COLUMNS": "120", **environment}
    with subprocess.Popen(
        [sys.executable, "-m", "toolbind", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, **names},
    ) as child:
        os.close(theirs)
        seen = b""
        while True:
            try:
                seen += os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
    os.close(ours)
    return child.returncode, seen.decode()


def test_a_table_is_drawn(home: Path) -> None:
    code, seen = at_terminal("list", "specs/pets.yaml")
    assert code == 0
    assert "\u2500\u2500\u2500" in seen
    assert re.search(r"get_pet +GET +/pets/\{pet_id\}", PLAIN.sub("", seen))


def test_text_of_a_document_cannot_draw(home: Path) -> None:
    text = (home / "specs" / "pets.yaml").read_text()
    evil = text.replace("  /pets:", '  "/pets[bold]\\e]0;owned":')
    (home / "specs" / "pets.yaml").write_text(evil)
    _, seen = at_terminal("list", "specs/pets.yaml")
    assert "\x1b]0;" not in seen


@pytest.mark.parametrize(
    ("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_errors_are_in_colour(environment: dict[str, str], coloured: bool) -> None:
    code, seen = at_terminal("generate", **environment)
    assert code == 2
    assert ("\x1b[31m" in seen) is coloured


@pytest.mark.slow
def test_a_diff_is_in_colour(home: Path) -> None:
    code, seen = at_terminal("check", "specs/pets.yaml", "-o", "out", "--diff")
    assert code == 1
    assert "\x1b[32m+" in seen


def test_a_long_run_shows_what_it_does(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toolbind.cli.terminal.progress.is_terminal", lambda _: True)
    monkeypatch.setenv("FORCE_COLOR", "1")  # tells Rich that there is a terminal
    with Progress() as shown:
        shown.show("pets: re[a]d", 0, 1)
        shown._start()
        shown.show("pets: lower", 1, 3)
    assert "pets: " in PLAIN.sub("", capsys.readouterr().err)
    assert shown._bar is not None
    assert shown._bar.finished is False


def test_a_short_run_shows_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toolbind.cli.terminal.progress.is_terminal", lambda _: True)
    monkeypatch.setattr(progress, "DELAY", 60.0)
    with Progress() as shown:
        shown.show("pets: read", 0, 1)
    shown._start()
    assert capsys.readouterr().err == ""


def test_a_pipe_gets_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress() as shown:
        shown.show("pets: read", 0, 1)
        shown._start()
    assert capsys.readouterr().err == ""
