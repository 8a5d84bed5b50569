"""Entries of earlier runs: found for the same of everything only, and never a reason to fail."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from toolbind import program
from toolbind.cli.output.cache import Cache, Entry, digest, digest_of_file, key_of
from toolbind.cli.output.store import Store
from toolbind.cli.terminal.findings import Counts
from toolbind.codes import CODES
from toolbind.diagnostics import Diagnostic, Place
from toolbind.render.templates import FOLDERS, RUNTIME

from .conftest import Command

KEY = digest(b"key")
ENTRY = Entry(
    files={"pets.py": digest(b"x")},
    counts=Counts(19, 1, 0, 3),
    diagnostics=(Diagnostic(next(iter(CODES)), Place("a.yaml", "#/x", 3, 4), "m \u00e9"),),
    references={},
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "some.sqlite", b"secret")
    yield made
    made.close()


def test_what_is_stored_is_found(store: Store) -> None:
    kept = Cache(store)
    assert kept.find(KEY) is None
    kept.store(KEY, ENTRY)
    assert kept.find(KEY) == ENTRY
    assert kept.find(digest(b"other")) is None


def test_no_store_no_memory() -> None:
    nothing = Cache(None)
    nothing.store(KEY, ENTRY)
    assert nothing.find(KEY) is None


def test_a_changed_reference_is_a_miss(store: Store, tmp_path: Path) -> None:
    external = tmp_path / "common.yaml"
    external.write_bytes(b"a: 1\n")
    kept = Cache(store)
    kept.store(KEY, replace(ENTRY, references={str(external): digest(b"a: 1\n")}))
    assert kept.find(KEY) is not None
    external.write_bytes(b"a: 2\n")
    assert kept.find(KEY) is None
    external.unlink()
    assert kept.find(KEY) is None


SHAPES: list[Callable[[dict[str, Any]], object]] = [
    lambda entry: [],
    lambda entry: 1,
    lambda entry: None,
    lambda entry: {},
    lambda entry: {**entry, "files": ["pets.py"]},
    lambda entry: {**entry, "counts": {"made": 1}},
    lambda entry: {**entry, "diagnostics": [{"code": "no-such-code", "place": {}, "message": ""}]},
    lambda entry: {**entry, "diagnostics": [["code"]]},
    lambda entry: {**entry, "references": 7},
]


@pytest.mark.parametrize("reshape", SHAPES, ids=range(len(SHAPES)))
def test_an_entry_of_another_shape_is_none(
    reshape: Callable[[dict[str, Any]], object], store: Store
) -> None:
    Cache(store).store(KEY, ENTRY)
    sound = json.loads(store.get(bytes.fromhex(KEY)) or b"")
    store.put(bytes.fromhex(KEY), json.dumps(reshape(sound)).encode())
    assert Cache(store).find(KEY) is None


def test_what_is_no_plain_file_has_no_digest(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert digest_of_file(tmp_path / "pipe") == ""  # and nobody waits for it
    assert digest_of_file(tmp_path) == ""


def test_every_part_counts_for_the_key() -> None:
    base = key_of("program", b"document", {"name": "a"})
    assert base == key_of("program", b"document", {"name": "a"})
    assert base != key_of("other program", b"document", {"name": "a"})
    assert base != key_of("program", b"document ", {"name": "a"})
    assert base != key_of("program", b"document", {"name": "b"})


def test_the_program_is_its_version_its_code_and_its_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made(roots: tuple[Path, ...]) -> str:
        program._digest.cache_clear()
        return program.program_digest(roots)

    template = tmp_path / "module.py.jinja"
    template.write_text("one")
    before = made((tmp_path,))
    assert made((tmp_path,)) == before
    template.write_text("two")
    changed = made((tmp_path,))
    assert changed != before
    monkeypatch.setattr("toolbind.version.__version__", "99.0")
    assert made((tmp_path,)) != changed


def test_the_digest_covers_what_is_printed() -> None:
    assert {*program.PRINTED} == {*FOLDERS, RUNTIME}


def test_check_believes_no_cache_that_somebody_else_has_filled(
    toolbind: Command, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module is changed by hand, and a cache says that it is what the document gives."""
    generate, check = (
        (word, "specs/pets.yaml", "-o", "out", "--quiet") for word in ("generate", "check")
    )
    assert toolbind(*generate).code == 0
    module = home / "out" / "pets.py"
    sound = module.read_text()
    module.write_text(sound.replace("https://pets.example", "https://evil.example"))

    def forged(entry: Entry) -> Entry:
        name = "pets.py"
        return replace(entry, files={**entry.files, name: digest_of_file(module)})

    with monkeypatch.context() as forger:
        forger.setenv("XDG_STATE_HOME", str(tmp_path / "of the forger"))
        store = Cache.store
        forger.setattr(Cache, "store", lambda self, key, entry: store(self, key, forged(entry)))
        toolbind(*check)  # leaves entries in the user's cache, with every right name and key
        assert toolbind(*check).code == 0  # and whoever believes them is deceived
    assert toolbind(*check).code == 1
