"""`toolbind worker`: the folder that it writes, what it leaves alone, what it says of limits."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from pathlib import Path

import pytest
from toolbind.marks import MANIFEST, digest
from toolbind.serve.worker import near_limits

from .conftest import Command, Once, tree

SECURED = """\
openapi: 3.0.3
info: {title: Pets, version: 1.0.0}
servers: [{url: "https://pets.example/v1"}]
security: [{key: []}]
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
paths:
  /pets:
    get: {operationId: list_pets, responses: {"200": {description: ok}}}
"""


@pytest.fixture
def worker(toolbind: Command, home: Path, once: Once) -> Path:
    """A Worker of a module with a credential."""
    (home / "specs" / "pets.yaml").write_text(SECURED)
    generating = ("generate", "specs/pets.yaml", "-o", "apis", "--quiet")
    once("apis", home / "apis", lambda: toolbind(*generating))
    once("worker", home / "worker", lambda: toolbind("worker", "apis/pets.py", "-o", "worker"))
    return home / "worker"


def test_the_folder_is_a_project_that_deploys(worker: Path) -> None:
    files = tree(worker)
    config = json.loads(re.sub(r"^ *//.*\n", "", files["wrangler.jsonc"].decode(), flags=re.M))
    assert config["main"] in files
    assert config["compatibility_flags"] == ["python_workers"]
    assert config["ai"] == {"binding": "AI"}
    assert config["vars"] == {"PETS_BASE_URL": "https://pets.example/v1"}
    assert f"{config['assets']['directory'][2:]}/index.html" in files
    project = tomllib.loads(files["pyproject.toml"].decode())["project"]
    assert project["name"] == config["name"] == "pets"
    assert project["dependencies"] == ["httpx==0.28.1"]
    assert ".dev.vars\n" in files[".gitignore"].decode()
    assert files[".dev.vars.example"] == b"CHAT_TOKEN=\nPETS_API_KEY=\n"
    assert b"| `PETS_API_KEY` |" in files["README.md"]
    entry = files["src/entry.py"].decode()
    assert "SETTINGS = {'api_key': 'PETS_API_KEY'" in entry.replace('"', "'")
    assert len(entry.splitlines()) < 120


def test_nothing_in_it_needs_toolbind_or_pydantic(worker: Path) -> None:
    names = set()
    for path in worker.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add((node.module or "").split(".")[0])
    assert not names & {"toolbind", "toolbind_runtime", "pydantic", "openapi_pydantic"}


def test_again_it_writes_what_is_generated_and_nothing_else(
    toolbind: Command, worker: Path, home: Path
) -> None:
    (worker / "src" / "entry.py").write_text("mine = True\n")
    (worker / "notes.txt").write_text("mine")
    old = worker / "src" / "apis" / "_runtime" / "old.py"
    old.write_text("# of an older version\n")
    with (old.parent / MANIFEST).open("a") as listed:
        listed.write(f"{digest(old.read_bytes())}  old.py\n")
    (worker / "src" / "apis" / "_runtime" / "mine.py").write_text("mine = True\n")
    (worker / "src" / "apis" / "own.py").write_text("mine = True\n")
    before = tree(worker)
    (home / "specs" / "pets.yaml").write_text(SECURED.replace("list_pets", "find_pets"))
    toolbind("generate", "specs/pets.yaml", "-o", "apis", "--quiet")
    # in this process the module is imported already, so the files alone are new
    done = toolbind("worker", "apis/pets.py", "-o", "worker")
    assert done.code == 0, done.err
    after = tree(worker)
    assert b"find_pets" in after["src/apis/pets.py"]
    assert not old.exists()
    for name in (
        "src/entry.py",
        "notes.txt",
        "wrangler.jsonc",
        "src/apis/own.py",
        "src/apis/_runtime/mine.py",
    ):
        assert after[name] == before[name], name


@pytest.mark.parametrize("name", ["notes.txt", "src/entry.py", "src/apis/__init__.py"])
def test_somebodys_folder_is_left_alone(
    toolbind: Command, worker: Path, home: Path, name: str
) -> None:
    theirs = home / "theirs"
    (theirs / name).parent.mkdir(parents=True)
    (theirs / name).write_text("mine = True\n")
    done = toolbind("worker", "apis/pets.py", "-o", "theirs")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "error: theirs: holds files, and no Worker of toolbind's; name a new folder\n"
    )
    assert tree(theirs) == {name: b"mine = True\n"}


def test_a_file_in_the_place_of_a_generated_one_is_left_alone(
    toolbind: Command, worker: Path
) -> None:
    (worker / "public" / "index.html").write_text("<h1>mine</h1>")
    before = tree(worker)
    done = toolbind("worker", "apis/pets.py", "-o", "worker")
    assert done.code == 2
    assert "index.html: was not written by toolbind and is left as it is" in done.err
    assert tree(worker) == before


@pytest.mark.parametrize("name", ["src/apis/pets_types.py", "src/apis/_runtime/contract.py"])
def test_what_was_changed_by_hand_is_left_alone(
    toolbind: Command, worker: Path, home: Path, name: str
) -> None:
    with (worker / name).open("a") as file:
        file.write("MINE = True\n")
    before = tree(worker)
    done = toolbind("worker", "apis/pets.py", "-o", "worker")
    assert done.code == 2
    assert f"worker/{name}: was changed by hand since toolbind wrote it; move it" in done.err
    assert tree(worker) == before


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("specs/pets.yaml", "specs/pets.yaml: is a document; generate its module and name that"),
        ("nothing.here", "no module 'nothing.here' here: give its dotted name or its file"),
        ("json", "json is not a module that toolbind generated"),
    ],
)
def test_what_is_no_module_is_told_in_one_line(toolbind: Command, target: str, told: str) -> None:
    done = toolbind("worker", target, "-o", "worker")
    assert (done.code, done.err) == (2, f"error: {told}\n")


def test_a_folder_that_is_a_file(toolbind: Command, worker: Path, home: Path) -> None:
    (home / "taken").write_text("mine")
    done = toolbind("worker", "apis/pets.py", "-o", "taken")
    assert (done.code, (home / "taken").read_text()) == (2, "mine")
    assert done.err == "error: taken: is a file, and the Worker needs a folder\n"


@pytest.mark.parametrize("folder", ["specs/pets.yaml/worker", "/proc/worker"])
def test_a_folder_that_cannot_be_made_is_one_line(
    toolbind: Command, worker: Path, folder: str
) -> None:
    done = toolbind("worker", "apis/pets.py", "-o", folder)
    assert done.code == 2
    assert folder.rpartition("/")[0] in done.err
    assert len(done.err.splitlines()) == 1


def test_sizes_and_costs_stand_beside_the_limits(toolbind: Command, worker: Path) -> None:
    done = toolbind("worker", "apis/pets.py", "-o", "worker")
    assert "code: " in done.err
    assert "of 64 MiB" in done.err
    assert re.search(r"importing: \d\.\d\d s of CPU .* \d+ MB in all, of 128 MiB", done.err)
    assert "warning" not in done.err


def test_limits_are_told_before_they_are_met() -> None:
    assert list(near_limits(1_000_000, 50_000_000, 0.2)) == []
    (memory,) = near_limits(9_000_000, 124_000_000, 0.4)
    assert memory.startswith("importing it takes 124 MB of 128 MiB of memory: generate fewer tools")
    assert len(list(near_limits(60 << 20, None, 2.0))) == 2
