"""`toolbind check`: stale or not, what changed, and that nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import PETS, REFUSED, Command

Files = Callable[[], dict[str, bytes]]
GENERATE = ("generate", "specs/pets.yaml", "-o", "out")
CHECK = ("check", "specs/pets.yaml", "-o", "out")


@pytest.mark.parametrize("extra", [(), ("--no-cache",)])
def test_up_to_date(extra: tuple[str, ...], toolbind: Command) -> None:
    toolbind(*GENERATE)
    done = toolbind(*CHECK, *extra)
    assert (done.code, done.out) == (0, "")
    assert done.err == "up to date: 1 module in out\n"
    assert toolbind(*CHECK, *extra, "--quiet").err == ""


def test_nothing_there_yet(toolbind: Command, home: Path) -> None:
    done = toolbind(*CHECK)
    assert done.code == 1
    assert done.out.startswith("--- /dev/null\n+++ b/out/")
    assert "pets: tools: 3 added (list_pets, get_pet, delete_pet)\n" in done.err
    assert done.err.endswith("refresh with: toolbind generate specs/pets.yaml -o out\n")
    assert not (home / "out").exists()


def test_a_changed_document_shows_its_tools(toolbind: Command, home: Path, files: Files) -> None:
    toolbind(*GENERATE)
    before = files()
    changed = PETS.replace("List all pets.", "List some pets.").replace("get_pet", "fetch_pet")
    (home / "specs" / "pets.yaml").write_text(changed)
    done = toolbind(*CHECK)
    assert done.code == 1
    assert "--- a/out/pets.py\n+++ b/out/pets.py\n@@ " in done.out
    assert "\n-" in done.out
    assert (
        "pets: tools: 1 added (fetch_pet), 1 removed (get_pet), 1 changed (list_pets)" in done.err
    )
    assert files() == before
    assert toolbind(*GENERATE).code == 0
    assert toolbind(*CHECK).code == 0


def _edit(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"limit", b"LIMIT"))


DAMAGE: dict[str, Callable[[Path], object]] = {
    "a module edited by hand": lambda out: _edit(out / "pets.py"),
    "a module gone": lambda out: (out / "pets.py").unlink(),
    "its types gone": lambda out: (out / "pets_types.py").unlink(),
    "the runtime edited": lambda out: (out / "_runtime" / "contract.py").write_text("x = 1\n"),
    "a file of the runtime gone": lambda out: (out / "_runtime" / "contract.py").unlink(),
    "a file too many": lambda out: (out / "_runtime" / "more.py").write_text("x = 1\n"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_any_difference_is_stale_and_generate_mends_it(
    damage: Callable[[Path], object], toolbind: Command, home: Path, files: Files
) -> None:
    toolbind(*GENERATE)
    good = files()
    damage(home / "out")
    damaged = files()
    done = toolbind(*CHECK)
    assert done.code == 1
    assert done.out.startswith("--- ")
    assert done.err.startswith("stale: 1 file; ") or "\nstale: 1 file; " in done.err
    assert files() == damaged
    assert toolbind(*GENERATE).code == 0
    assert files() == good
    assert toolbind(*CHECK).code == 0


def test_another_version_is_another_output(
    toolbind: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    toolbind(*GENERATE)
    monkeypatch.setattr("toolbind.version.__version__", "99.0.0")
    monkeypatch.setattr("toolbind.pipeline.GENERATOR", "toolbind 99.0.0")
    done = toolbind(*CHECK)
    assert done.code == 1
    assert "99.0.0" in done.out


def test_other_options_are_another_output(toolbind: Command) -> None:
    toolbind(*GENERATE)
    done = toolbind(*CHECK, "--include", "GET", "--budget", "900")
    assert done.code == 1
    assert "1 removed (delete_pet)" in done.err
    assert done.err.endswith(
        "refresh with: toolbind generate specs/pets.yaml -o out --include GET --budget 900\n"
    )


def test_a_referenced_file_that_changes_is_noticed(toolbind: Command, home: Path) -> None:
    common = home / "specs" / "common.yaml"
    common.write_text("Limit: {name: limit, in: query, schema: {type: integer}}\n")
    (home / "specs" / "pets.yaml").write_text(
        PETS.replace(
            "{name: limit, in: query, description: How many., schema: {type: integer}}",
            "{$ref: 'common.yaml#/Limit'}",
        )
    )
    assert toolbind(*GENERATE).code == 0
    assert toolbind(*CHECK).code == 0
    common.write_text("Limit: {name: most, in: query, schema: {type: integer}}\n")
    done = toolbind(*CHECK)
    assert done.code == 1
    assert "most" in done.out


def test_a_module_too_many_in_the_project(toolbind: Command, home: Path) -> None:
    (home / "toolbind.toml").write_text('output = "out"\nspecs = ["specs/*.yaml"]\n')
    (home / "specs" / "dogs.yaml").write_text(PETS)
    toolbind("generate")
    assert toolbind("check").code == 0
    (home / "specs" / "dogs.yaml").unlink()
    done = toolbind("check")
    assert done.code == 1
    assert "--- a/out/dogs.py\n+++ /dev/null\n" in done.out
    assert "dogs: tools: 3 removed" in done.err
    assert done.err.endswith("stale: 4 files; refresh with: toolbind generate\n")


def test_a_refused_document_is_refused_here_too(toolbind: Command, home: Path) -> None:
    (home / "specs" / "pets.yaml").write_text(REFUSED)
    done = toolbind(*CHECK)
    assert (done.code, done.out) == (3, "")
    assert len(done.err.splitlines()) == 1


def test_the_diff_of_a_file_with_escapes_is_safe_to_print(toolbind: Command, home: Path) -> None:
    toolbind(*GENERATE)
    with (home / "out" / "pets.py").open("a") as file:
        file.write("# \x1b]0;owned\x07\n")
    done = toolbind(*CHECK)
    assert "\x1b" not in done.out
    assert "# \\x1b]0;owned\\x07" in done.out
