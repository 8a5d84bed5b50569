"""`toolbind diff`: two documents, a project and its past, formats, accepted changes, exit codes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from .conftest import PETS, Command

SPEC = "specs/pets.yaml"


@pytest.fixture
def old(home: Path) -> str:
    """The document as it was; now an operation is gone and another has a new name."""
    Path("old.yaml").write_text(PETS)
    start, end = PETS.index("    delete:"), len(PETS)
    now = PETS[:start] + PETS[end:]
    Path(SPEC).write_text(now.replace("operationId: get_pet", "operationId: read_pet"))
    return "old.yaml"


def git(*arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def project(home: Path) -> None:
    """A repository with settings, a document and an overlay."""
    Path("toolbind.toml").write_text(
        'output = "out"\nspecs = ["specs/pets.yaml"]\noverlays = ["o.yaml"]\n'
    )
    Path("o.yaml").write_text(
        "overlay: 1.0.0\ninfo: {title: o, version: '1'}\n"
        "actions: [{target: \"$.paths['/pets'].get\", update: {summary: Every pet.}}]\n"
    )
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-qm", "first")


def test_changes_are_told_in_words_with_both_verdicts(toolbind: Command, old: str) -> None:
    done = toolbind("diff", old, SPEC)
    assert done.code == 0, done.err
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    assert lines[0].startswith(f"{SPEC}: 2 breaking; 3 -> 2 tools, ")
    assert any(
        line.startswith("breaking `delete_pet` is gone [operation-removed ") for line in lines
    )
    renamed = "code: breaking, model: warning `get_pet` is called `read_pet` now"
    assert any(line.startswith(renamed) for line in lines)
    assert 'update: {x-toolbind: {name: "get_pet"}}' in lines


def test_nothing_changed_is_one_line(toolbind: Command) -> None:
    done = toolbind("diff", SPEC, SPEC, "--fail-on", "info")
    (line,) = done.out.splitlines()
    assert done.code == 0
    assert line.startswith(f"{SPEC}: nothing changed; 3 tools, ")


@pytest.mark.parametrize(
    ("flags", "code"),
    [
        ((), 0),
        (("--fail-on", "breaking"), 1),
        (("--fail-on", "info"), 1),
        (("--fail-on", "breaking", "--for", "code"), 1),
        (("--fail-on", "breaking", "--for", "model"), 1),
    ],
)
def test_exit_codes(toolbind: Command, old: str, flags: tuple[str, ...], code: int) -> None:
    assert toolbind("diff", old, SPEC, *flags).code == code


def test_a_verdict_for_one_side_fails_that_side_only(toolbind: Command) -> None:
    Path("new.yaml").write_text(PETS.replace("List all pets.", "Every pet."))
    assert toolbind("diff", SPEC, "new.yaml", "--fail-on", "info", "--for", "model").code == 1
    assert toolbind("diff", SPEC, "new.yaml", "--fail-on", "info", "--for", "code").code == 0


def test_json_has_every_change_with_its_place(toolbind: Command, old: str) -> None:
    (module,) = json.loads(toolbind("diff", old, SPEC, "--format", "json").out)["modules"]
    by_id = {change["id"]: change for change in module["changes"]}
    assert set(by_id) == {"operation-removed", "operation-renamed"}
    gone, renamed = by_id["operation-removed"], by_id["operation-renamed"]
    assert (gone["file"], gone["line"]) == (old, 1 + PETS[: PETS.index("delete:")].count("\n") + 1)
    assert (renamed["file"], renamed["operation"]) == (SPEC, "get_pet")
    assert (renamed["code"], renamed["model"], renamed["severity"]) == (
        *("breaking", "warning"),
        "breaking",
    )
    assert module["tools"] == {"before": 3, "after": 2}


def test_markdown_is_a_table_in_which_a_document_cannot_write(toolbind: Command) -> None:
    evil = "Pets | dogs & cats ~ @all $x"
    Path("new.yaml").write_text(PETS.replace("List all pets.", f'"{evil}"'))
    text = toolbind("diff", SPEC, "new.yaml", "--format", "markdown").out
    (row,) = [line for line in text.splitlines() if "words-changed" in line]
    assert "Pets \\| dogs \\& cats \\~ \\@all \\$x" in row
    assert row.replace("\\|", "").count("|") == 6


def test_github_gets_commands_that_a_document_cannot_add_to(toolbind: Command) -> None:
    Path("new.yaml").write_text(PETS.replace("List all pets.", '"x\\n::error::forged, %0A"'))
    text = toolbind("diff", SPEC, "new.yaml", "--format", "github").out
    assert [line[:8] for line in text.splitlines()] == ["::notice"] * len(text.splitlines())
    assert "file=new.yaml,line=7,col=7,title=words-changed (model%3A info)::" in text


def test_an_accepted_change_stays_accepted(toolbind: Command, old: str) -> None:
    (module,) = json.loads(toolbind("diff", old, SPEC, "--format", "json").out)["modules"]
    prints = [change["fingerprint"] for change in module["changes"]]
    Path("toolbind.toml").write_text(f"accepted = {json.dumps([*prints, '0123456789ab'])}\n")
    done = toolbind("diff", old, SPEC, "--fail-on", "info")
    assert done.code == 0
    assert "2 accepted" in done.out
    assert "`accepted` names 0123456789ab, which is no change any more" in done.err


# --- a project and its past ----------------------------------------------------------------------


def test_a_project_is_compared_with_itself_at_a_revision(toolbind: Command, project: None) -> None:
    done = toolbind("diff", "--base", "HEAD")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("pets: nothing changed; ")
    Path(SPEC).write_text(PETS.replace("operationId: get_pet", "operationId: read_pet"))
    (module,) = json.loads(toolbind("diff", "--base", "HEAD", "--format", "json").out)["modules"]
    assert [change["id"] for change in module["changes"]] == ["operation-renamed"]
    git("commit", "-qam", "second")
    assert "nothing changed" in toolbind("diff", "--base", "HEAD").out
    assert "operation-renamed" in toolbind("diff", "--base", "HEAD~1").out
    assert "operation-renamed" in toolbind("diff", "--base", "main~1").out


def test_the_past_has_its_own_settings_and_overlays(toolbind: Command, project: None) -> None:
    Path("o.yaml").write_text(Path("o.yaml").read_text().replace("Every pet.", "All of them."))
    (module,) = json.loads(toolbind("diff", "--base", "HEAD", "--format", "json").out)["modules"]
    assert [change["id"] for change in module["changes"]] == ["words-changed"]
    Path("toolbind.toml").write_text(
        'output = "out"\nspecs = ["specs/*.yaml"]\nexclude = ["DELETE"]\n'
    )
    Path("specs/more.yaml").write_text(PETS.replace("title: Pets", "title: More"))
    found = json.loads(toolbind("diff", "--base", "HEAD", "--format", "json").out)["modules"]
    by_name = {module["module"]: module for module in found}
    assert {change["id"] for change in by_name["pets"]["changes"]} == {
        *("operation-removed", "words-changed"),
    }
    assert by_name["more"]["tools"] == {"before": 0, "after": 2}


def test_what_is_gone_is_shown_where_it_was(toolbind: Command, project: None) -> None:
    Path(SPEC).write_text(PETS[: PETS.index("    delete:")])
    out = toolbind("diff", "--base", "HEAD", "--format", "github").out
    assert f"file=HEAD:{SPEC},line=" in out.replace("%3A", ":")


def test_nothing_of_the_users_is_touched(toolbind: Command, project: None, home: Path) -> None:
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    toolbind("diff", "--base", "HEAD")
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give OLD and NEW, or --base REVISION"),
        (("one.yaml",), "give OLD and NEW, or --base REVISION"),
        (("a", "b", "--base", "HEAD"), "leave OLD and NEW out"),
        (("--base", "nowhere"), "--base 'nowhere' names no revision"),
        (("--base", "--output=x"), "--base '--output=x' names no revision"),
        (("none.yaml", SPEC), "none.yaml: No such file or directory"),
        ((SPEC, SPEC, "--format", "xml"), "'xml' is not one of"),
    ],
)
def test_wrong_usage_is_one_line(
    toolbind: Command, project: None, arguments: tuple[str, ...], said: str
) -> None:
    done = toolbind("diff", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_without_a_repository_there_is_no_base(toolbind: Command) -> None:
    Path("toolbind.toml").write_text(f'output = "out"\nspecs = ["{SPEC}"]\n')
    done = toolbind("diff", "--base", "HEAD")
    assert done.code == 2
    assert "not a git repository" in done.err


def test_modules_and_documents_are_compared(toolbind: Command, home: Path) -> None:
    toolbind("generate", "specs/pets.yaml", "-o", "out")
    for target in ("out/pets.py", "out.pets"):
        done = toolbind("diff", target, "specs/pets.yaml")
        assert (done.code, done.err) == (0, "")
        assert done.out.startswith("specs/pets.yaml: nothing changed; 3 tools")
    (home / "new.yaml").write_text(PETS.replace("get_pet", "fetch_pet"))
    toolbind("generate", "new.yaml", "-o", "later")
    for new in ("new.yaml", "later/new.py"):
        done = toolbind("diff", "out/pets.py", new, "--fail-on", "breaking")
        assert done.code == 1
        assert "`get_pet` is called `fetch_pet` now" in done.out


@pytest.mark.parametrize(
    ("target", "message"),
    [("out/none.py", "there is no module in out/none.py"), ("mine.py", "is no module that")],
)
def test_what_is_no_module_is_refused(
    toolbind: Command, home: Path, target: str, message: str
) -> None:
    (home / "mine.py").write_text("x = 1")
    done = toolbind("diff", target, "specs/pets.yaml")
    assert (done.code, done.out) == (2, "")
    assert message in done.err


def test_two_changes_of_one_place_are_told(toolbind: Command, home: Path) -> None:
    longer = "One pet. " + "It is described at length, with all that is known of its life. " * 5
    changed = PETS.replace("One pet.", longer).replace("get_pet", "fetch_pet")
    (home / "new.yaml").write_text(changed)
    done = toolbind("diff", "specs/pets.yaml", "new.yaml", "--format", "json")
    assert done.code == 0
    (module,) = json.loads(done.out)["modules"]
    places = {change["id"]: change["line"] for change in module["changes"]}
    assert len(set(places.values())) == 1
    assert {"operation-renamed", "words-changed", "tokens-grew"} <= set(places)
