"""The cache: hit only for the same of everything, and never a reason to fail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from toolbind.cli.output import cache
from toolbind.cli.output.cache import Cache, Entry, digest, key_of
from toolbind.cli.terminal.findings import Counts
from toolbind.codes import CODES
from toolbind.diagnostics import Diagnostic, Place
from toolbind.render.templates import FOLDERS, RUNTIME_FOLDERS

ENTRY = Entry(
    files={"pets.py": digest(b"x")},
    counts=Counts(19, 1, 0, 3),
    diagnostics=(Diagnostic(next(iter(CODES)), Place("a.yaml", "#/x", 3, 4), "m \u00e9"),),
    references={},
)


def test_what_is_stored_is_found(tmp_path: Path) -> None:
    kept = Cache(tmp_path / "deep" / "runs")
    assert kept.find("k") is None
    kept.store("k", ENTRY)
    assert kept.find("k") == ENTRY
    assert kept.find("other") is None


def test_no_folder_no_memory() -> None:
    nothing = Cache(None)
    nothing.store("k", ENTRY)
    assert nothing.find("k") is None


def test_a_changed_reference_is_a_miss(tmp_path: Path) -> None:
    external = tmp_path / "common.yaml"
    external.write_bytes(b"a: 1\n")
    kept = Cache(tmp_path / "runs")
    kept.store("k", replace(ENTRY, references={str(external): digest(b"a: 1\n")}))
    assert kept.find("k") is not None
    external.write_bytes(b"a: 2\n")
    assert kept.find("k") is None
    external.unlink()
    assert kept.find("k") is None


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied", "foreign", "binary"])
def test_a_broken_entry_is_ignored(damage: str, tmp_path: Path) -> None:
    kept = Cache(tmp_path)
    kept.store("k", ENTRY)
    [path] = tmp_path.iterdir()
    whole = path.read_bytes()
    broken = {
        "cut": whole[:-5],
        "flipped": whole.replace(b"19", b"20"),
        "emptied": b"",
        "foreign": b"{}",
        "binary": bytes(range(256)),
    }
    path.write_bytes(broken[damage])
    assert kept.find("k") is None
    kept.store("k", ENTRY)
    assert kept.find("k") == ENTRY


def test_a_folder_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    kept = Cache(tmp_path / "file" / "runs")
    kept.store("k", ENTRY)
    assert kept.find("k") is None


def test_the_folder_does_not_grow_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "KEPT_ENTRIES", 5)
    kept = Cache(tmp_path)
    for number in range(40):
        kept.store(f"k{number}", ENTRY)
    assert len(list(tmp_path.iterdir())) <= 10
    assert kept.find("k39") == ENTRY


def test_every_part_counts_for_the_key() -> None:
    base = key_of("program", b"document", {"name": "a"})
    assert base == key_of("program", b"document", {"name": "a"})
    assert base != key_of("other program", b"document", {"name": "a"})
    assert base != key_of("program", b"document ", {"name": "a"})
    assert base != key_of("program", b"document", {"name": "b"})


def test_the_program_is_its_version_its_code_and_its_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = tmp_path / "module.py.jinja"
    template.write_text("one")
    before = cache.program_digest([tmp_path])
    assert cache.program_digest([tmp_path]) == before
    template.write_text("two")
    changed = cache.program_digest([tmp_path])
    assert changed != before
    monkeypatch.setattr("toolbind.version.__version__", "99.0")
    assert cache.program_digest([tmp_path]) != changed


def test_the_digest_covers_what_is_printed() -> None:
    own = cache.PACKAGE / "runtime"  # where a wheel carries it: part of the package
    assert {*cache.PRINTED, own} == {*FOLDERS, *RUNTIME_FOLDERS}
