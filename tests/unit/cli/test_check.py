"""`toolbind check`: stale or not, what changed, and that nothing is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from toolbind.marks import MANIFEST

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
    assert done.out.startswith("pets: not there yet: 3 tools, ")
    assert "the runtime: " in done.out
    assert len(done.out.splitlines()) == 2
    assert done.err.endswith("refresh with: toolbind generate specs/pets.yaml -o out\n")
    assert not (home / "out").exists()


def test_a_changed_document_shows_its_tools(toolbind: Command, home: Path, files: Files) -> None:
    toolbind(*GENERATE)
    before = files()
    changed = PETS.replace("List all pets.", "List some pets.").replace("get_pet", "fetch_pet")
    (home / "specs" / "pets.yaml").write_text(changed)
    done = toolbind(*CHECK)
    assert done.code == 1
    assert done.out.startswith("pets: 1 breaking, 1 info; 3 tools, ")
    assert "`list_pets`" not in done.out
    assert "  list_pets (GET /pets)\n" in done.out
    assert "says now: List some pets." in done.out
    assert "`get_pet` is called `fetch_pet` now" in done.out
    diff = toolbind(*CHECK, "--diff")
    assert (diff.code, diff.err) == (1, done.err)
    assert "--- a/out/pets.py\n+++ b/out/pets.py\n@@ " in diff.out
    assert "\n-" in diff.out
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
    "the list of the runtime gone": lambda out: (out / "_runtime" / MANIFEST).unlink(),
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
    assert len(done.out.splitlines()) < 12
    assert toolbind(*CHECK, "--diff").out.startswith("--- ")
    assert "stale: 1 file; " in done.err
    assert files() == damaged
    command = done.err.rpartition("refresh with: toolbind ")[2].split()
    assert ("--overwrite" in command) == ("was changed by hand" in done.err)
    assert toolbind(*command).code == 0
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
    assert done.out.startswith("pets: written otherwise, the same for callers and models (")
    assert "99.0.0" in toolbind(*CHECK, "--diff").out


def test_other_options_are_another_output(toolbind: Command) -> None:
    toolbind(*GENERATE)
    done = toolbind(*CHECK, "--include", "GET", "--budget", "900")
    assert done.code == 1
    assert "`delete_pet` is gone" in done.out
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
    assert done.out == "dogs: left over: no document gives it any more (3 tools)\n"
    assert "--- a/out/dogs.py\n+++ /dev/null\n" in toolbind("check", "--diff").out
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
    done = toolbind(*CHECK, "--diff")
    assert "\x1b" not in done.out
    assert "# \\x1b]0;owned\\x07" in done.out


def test_words_of_a_file_are_safe_to_print(toolbind: Command, home: Path) -> None:
    toolbind(*GENERATE)
    path = home / "out" / "pets.py"
    path.write_text(path.read_text().replace("List all pets.", "\\x1b]0;owned\\x07"))
    for form in ("text", "json", "github"):
        assert "\x1b" not in toolbind(*CHECK, "--format", form).out


def test_a_change_of_the_runtime_is_one_line(toolbind: Command, home: Path) -> None:
    toolbind(*GENERATE)
    for path in (home / "out" / "_runtime").rglob("*.py"):
        path.write_text(path.read_text() + "# of another version\n")
    done = toolbind(*CHECK)
    assert done.out.startswith("the runtime: ")
    assert len(done.out.splitlines()) == 1


def test_for_programs(toolbind: Command, home: Path) -> None:
    toolbind(*GENERATE)
    fresh = toolbind(*CHECK, "--json")
    assert fresh.code == 0
    assert json.loads(fresh.out)["stale"] is False
    changed = PETS.replace("List all pets.", "List some pets.")
    (home / "specs" / "pets.yaml").write_text(changed)
    done = toolbind(*CHECK, "--json")
    assert done.code == 1
    found = json.loads(done.out)
    assert found["stale"] is True
    assert found["refresh"] == "toolbind generate specs/pets.yaml -o out"
    (module,) = found["modules"]
    assert (module["module"], module["state"]) == ("pets", "changed")
    assert "out/pets.py" in module["files"]
    assert [(each["id"], each["operation"]) for each in module["changes"]] == [
        ("words-changed", "list_pets")
    ]


def test_for_a_workflow(toolbind: Command, home: Path) -> None:
    toolbind(*GENERATE)
    assert toolbind(*CHECK, "--format", "github").out == ""
    (home / "specs" / "pets.yaml").write_text(PETS.replace("get_pet", "fetch_pet"))
    lines = toolbind(*CHECK, "--format", "github").out.splitlines()
    assert lines[0].startswith("::error file=out/pets")
    assert "toolbind generate specs/pets.yaml -o out" in lines[0]
    assert lines[1].startswith("::error title=operation-renamed")


def test_many_changes_are_counted(toolbind: Command, home: Path) -> None:
    paths = "".join(
        f"  /p{n}: {{get: {{operationId: read_{n}, responses: {{'200': {{description: ok}}}}}}}}\n"
        for n in range(40)
    )
    toolbind(*GENERATE)
    (home / "specs" / "pets.yaml").write_text(PETS + paths)
    done = toolbind(*CHECK)
    assert done.out.splitlines()[-1] == "    and 20 more changes; --format json tells all"
