"""A large document of which one operation has changed: what is said, written and remembered is what
it would be without any memory."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from toolbind.cli import produce

from .conftest import Command

GENERATE = ("generate", "specs/api.json", "-o", "out", "--timings")
CHECK = ("check", "specs/api.json", "-o", "out", "--timings")
Files = Callable[[], dict[str, bytes]]


@pytest.fixture(autouse=True)
def all_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(produce, "LARGE", 1)


def write(home: Path, **summaries: str) -> None:
    """A document of four operations, with a finding on its last line."""
    texts = {f"get_{n}": f"Number {n}." for n in range(3)} | summaries
    paths: dict[str, Any] = {
        f"/{name}": {"get": {"operationId": name, "summary": text, "responses": {}}}
        for name, text in texts.items()
    }
    paths["/bad"] = {"get": {"operationId": "class", "responses": {}}}
    api = {
        "openapi": "3.0.3",
        "info": {"title": "Api", "version": "1"},
        "servers": [{"url": "https://api.example"}],
        "paths": paths,
    }
    (home / "specs" / "api.json").write_text(json.dumps(api, indent=1))


def mended(err: str) -> bool:
    phases = {line.split()[0] for line in err.splitlines() if line.strip()}
    assert "look" in phases
    return "amend" in phases and "lower" not in phases


def test_what_is_written_is_what_would_be_generated(
    toolbind: Command, home: Path, files: Files
) -> None:
    write(home)
    assert not mended(toolbind(*GENERATE).err)
    write(home, get_2="Other\nwords.")
    done = toolbind(*GENERATE, "--verbose")
    assert done.code == 0
    assert mended(done.err)
    made = files()
    whole = toolbind(*GENERATE, "--verbose", "--no-cache")
    assert files() == made
    told = [line for line in done.err.splitlines() if "[operation-renamed]" in line]
    assert told == [line for line in whole.err.splitlines() if "[operation-renamed]" in line]
    assert told
    assert toolbind(*CHECK).code == 0


def test_a_check_in_between_changes_nothing(toolbind: Command, home: Path) -> None:
    write(home)
    toolbind(*GENERATE)
    write(home, get_2="Other words.")
    for _ in range(2):
        done = toolbind(*CHECK)
        assert done.code == 1
        assert mended(done.err)
    assert mended(toolbind(*GENERATE).err)
    write(home, get_1="Other words.")
    assert not mended(toolbind(*GENERATE).err)  # two operations
    write(home, get_1="Still others.")
    assert mended(toolbind(*GENERATE).err)


def test_other_options_are_another_matter(toolbind: Command, home: Path) -> None:
    write(home)
    toolbind(*GENERATE)
    write(home, get_2="Other words.")
    assert not mended(toolbind(*GENERATE, "--budget", "300").err)


@pytest.mark.parametrize("damage", ["output", "document", "entry"])
def test_what_is_damaged_is_made_again(
    damage: str, toolbind: Command, home: Path, files: Files
) -> None:
    write(home)
    toolbind(*GENERATE)
    cache = Path(os.environ["XDG_CACHE_HOME"])
    places = {
        "output": [home / "out" / "api.py"],
        "document": sorted(cache.rglob("*.document")),
        "entry": sorted(cache.rglob("*.entry")),
    }[damage]
    assert places
    for place in places:
        place.write_bytes(place.read_bytes().replace(b"Number 2", b"Number 7") + b"#")
    write(home, get_2="Other words.")
    assert not mended(toolbind(*GENERATE).err)
    made = files()
    toolbind(*GENERATE, "--no-cache")
    assert files() == made
