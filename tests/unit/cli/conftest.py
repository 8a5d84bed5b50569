"""The command line as tests use it: in this process where that is enough, else in one of its own.

Every test has its own folder as the current one, and its own empty cache.
"""

from __future__ import annotations

import compileall
import os
import py_compile
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from toolbind.cli.commands.generation import CI_SIGNS
from toolbind.cli.main import run

PETS = """\
openapi: 3.0.3
info: {title: Pets, version: 1.0.0}
servers: [{url: https://pets.example/v1}]
paths:
  /pets:
    get:
      operationId: list_pets
      summary: List all pets.
      parameters:
        - {name: limit, in: query, description: How many., schema: {type: integer}}
      responses: {"200": {description: Pets.}}
  /pets/{pet_id}:
    get:
      operationId: get_pet
      summary: One pet.
      parameters:
        - {name: pet_id, in: path, required: true, description: Which., schema: {type: string}}
      responses: {"200": {description: A pet.}}
    delete:
      operationId: delete_pet
      summary: Delete a pet.
      parameters:
        - {name: pet_id, in: path, required: true, description: Which., schema: {type: string}}
      responses: {"204": {description: Gone.}}
"""

REFUSED = "openapi: 3.0.3\ninfo: {title: Bad, version: '1'}\npaths: []\n"
"""A document that no version of the reader can accept: `paths` is a list."""


@dataclass(frozen=True, slots=True)
class Result:
    code: int
    out: str
    err: str


Command = Callable[..., Result]
Once = Callable[[str, Path, Callable[[], Result]], None]


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one document, `specs/pets.yaml`, in which the test runs."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "specs").mkdir()
    (folder / "specs" / "pets.yaml").write_text(PETS)
    monkeypatch.chdir(folder)
    for folder_of in ("CACHE", "STATE"):
        place = tmp_path_factory.mktemp(folder_of.lower())
        monkeypatch.setenv(f"XDG_{folder_of}_HOME", str(place))
    for name in ("NO_COLOR", "FORCE_COLOR", *CI_SIGNS):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def toolbind(capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs a command line in this process."""

    def command(*arguments: str) -> Result:
        capsys.readouterr()
        code = run(arguments)
        out, err = capsys.readouterr()
        return Result(code, out, err)

    return command


@pytest.fixture
def process(home: Path) -> Command:
    """Runs a command line in a process of its own."""

    def command(*arguments: str, **environment: str) -> Result:
        done = subprocess.run(
            [sys.executable, "-m", "toolbind", *arguments],
            cwd=home,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    return command


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its relative name; caches of Python left out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Puts into a folder what a command writes there: run for the first test that wants it, and
    copied, compiled, for the others."""
    made: dict[str, Path] = {}

    def put(name: str, folder: Path, make: Callable[[], Result]) -> None:
        if name in made:
            shutil.copytree(made[name], folder)
            return
        done = make()
        assert done.code == 0, done.err
        made[name] = tmp_path_factory.mktemp("once") / name
        shutil.copytree(folder, made[name])
        by_content = py_compile.PycInvalidationMode.CHECKED_HASH
        compileall.compile_dir(made[name], quiet=1, invalidation_mode=by_content)

    return put


@pytest.fixture
def files(home: Path) -> Callable[[], dict[str, bytes]]:
    """The files of the output folder, now."""
    return lambda: tree(home / "out")
