"""Entries of earlier runs: found for the same of everything only, and never a reason to fail."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from toolbind import program
from toolbind.cli.commands.generation import CI_SIGNS
from toolbind.cli.output.cache import Cache, Entry, digest, digest_of_file, key_of
from toolbind.cli.output.store import Store
from toolbind.cli.terminal.findings import Counts
from toolbind.codes import CODES
from toolbind.diagnostics import Diagnostic, Place
from toolbind.marks import MANIFEST
from toolbind.render.templates import FOLDERS, RUNTIME

from .conftest import PETS, Command

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


KINDS: list[Any] = [None, True, -1, 1e9, "", "../x", "\0", "x" * 64, [], {}, [[]], {"a": 1}]
"""What may stand in the place of any part of an entry."""


def parts(data: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every part of some JSON, the whole included."""
    yield where
    if isinstance(data, (dict, list)):
        for key, each in data.items() if isinstance(data, dict) else enumerate(data):
            yield from parts(each, (*where, key))


def with_part(data: Any, where: tuple[Any, ...], new: Any) -> Any:
    if not where:
        return new
    copy = data.copy()
    copy[where[0]] = with_part(copy[where[0]], where[1:], new)
    return copy


def test_an_entry_of_another_shape_is_none_or_is_as_typed(store: Store) -> None:
    Cache(store).store(KEY, ENTRY)
    sound = json.loads(store.get(bytes.fromhex(KEY)) or b"")
    for where in parts(sound):
        for kind in KINDS:
            store.put(bytes.fromhex(KEY), json.dumps(with_part(sound, where, kind)).encode())
            found = Cache(store).find(KEY)
            assert found is None or re.fullmatch(TYPED, repr(found)), (where, kind)
    for text in ("[" * 100_000, '{"counts": ' * 50_000, "nonsense", ""):
        store.put(bytes.fromhex(KEY), text.encode())
        assert Cache(store).find(KEY) is None


TYPED = (
    r"Entry\(files=\{('[\w./]+': '[0-9a-f]{64}'(, )?)*\},"
    r" counts=Counts\(tools=\d+, skipped=\d+, excluded=\d+, warnings=\d+\),"
    r" diagnostics=\((Diagnostic\(code='[\w-]+', place=Place\(file='.*', pointer='.*',"
    r" line=-?\d+, column=-?\d+\), message='.*'\),)?\), references=\{.*\}\)"
)


def test_whatever_entries_hold_check_says_fresh_or_stale(
    toolbind: Command, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toolbind("generate", "specs/pets.yaml", "-o", "out")
    encoded: list[bytes] = []
    with monkeypatch.context() as watched:
        put = Store.put

        def noted(self: Store, key: bytes, value: bytes) -> None:
            encoded.append(value)
            put(self, key, value)

        watched.setattr(Store, "put", noted)
        (home / "specs" / "pets.yaml").write_text(PETS + "# once more\n")
        toolbind("generate", "specs/pets.yaml", "-o", "out")
    sound = json.loads(encoded[0])
    assert "pets.py" in sound["files"]
    ways = [where for where in parts(sound) if len(where) < 3]
    for number, where in enumerate(ways):
        forged = json.dumps(with_part(sound, where, KINDS[number % len(KINDS)])).encode()
        with monkeypatch.context() as forger:
            forger.setattr(Store, "get", lambda self, key, forged=forged: forged)
            done = toolbind("check", "specs/pets.yaml", "-o", "out")
        assert done.code in (0, 1), (where, done.err)


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
    listed = home / "out" / MANIFEST
    before, after = (digest(text.encode()) for text in (sound, module.read_text()))
    listed.write_text(listed.read_text().replace(before, after))

    def forged(entry: Entry) -> Entry:
        name = "pets.py"
        return replace(entry, files={**entry.files, name: digest_of_file(module)})

    def check_forged() -> int:
        """Leaves entries in the user's cache, with every right name and key."""
        with monkeypatch.context() as forger:
            store = Cache.store
            forger.setattr(Cache, "store", lambda self, key, e: store(self, key, forged(e)))
            toolbind(*check)
        return toolbind(*check).code

    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("XDG_STATE_HOME", str(tmp_path / "of the forger"))
        assert check_forged() == 0, "whoever believes them is deceived"
    assert toolbind(*check).code == 1
    assert check_forged() == 0, "nor can it be told, if the user's own toolbind has sealed them"
    for sign in CI_SIGNS:
        with monkeypatch.context() as job:
            job.setenv(sign, "true")
            assert toolbind(*check).code == 1, "but no job relies on that"
            assert toolbind(*check, "--cache").code == 0
            job.setenv(sign, "false")
            assert toolbind(*check).code == 0
    state = Path(os.environ["XDG_STATE_HOME"])
    copied = shutil.copytree(state, tmp_path / "copied")
    monkeypatch.setenv("XDG_STATE_HOME", str(copied))
    assert toolbind(*check).code == 1, "nor is what was copied with all of a home"
