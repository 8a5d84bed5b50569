"""Rules of the house, held by reading the sources: who may import whom, sizes, what stays put.

The import table is the architecture: a room imports only from rooms above it in the table.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "generator" / "toolbind"
RUNTIME = ROOT / "templates" / "runtime"
TEMPLATES = ROOT / "templates"

# Lowest first. A room may import from itself and from every room before it, unless listed below.
LEVELS = (
    *("version", "codes", "diagnostics", "ir", "compare"),
    *("read", "lower", "present", "render", "pipeline", "explore", "serve", "cli"),
)
ALONE = ("standin",)  # imports nothing of the package, and only the cli may start it

# The same inside two rooms: their own rooms and files, lowest first.
INSIDE = {
    "lower": (
        *("unsupported", "options", "text", "fit", "document", "schemas", "types"),
        *("draft", "request", "operations"),
    ),
    "cli": ("terminal", "plan", "output", "commands", "main"),
}

# Third-party libraries have one home each, so that each can be replaced in one place.
HOMES = {
    "jinja2": {"render"},
    "black": {"render"},
    "openapi_pydantic": {"read"},
    "yaml": {"read"},
    "jsonpath_rfc9535": {"read"},
    "click": {"cli"},
    "rich": {"cli"},
    "platformdirs": {"cli"},
    "httpx": {"read", "cli"},
}

# Files, streams and exits belong to the shell; reading a document's own files belongs to read.
SHELL_CALLS = {"print", "input", "exit", "quit"}

MUTABLE = (ast.List, ast.Dict, ast.Set)

LINES_A_FILE = 400
LINES_A_FUNCTION = 60


def sources(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


@pytest.mark.parametrize("path", sources(PACKAGE), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_room_imports_only_from_lower_rooms(path: Path) -> None:
    room = room_of(path)
    if room in ("__init__", "__main__"):
        return
    for name in imported(path):
        parts = name.split(".")
        if parts[0] == "toolbind" and len(parts) > 1 and parts[1] != room:
            assert room in LEVELS, f"{room} stands alone and imports {name}"
            assert parts[1] in (*LEVELS[: LEVELS.index(room)], *(ALONE if room == "cli" else ()))
        if parts[0] in HOMES:
            assert room in HOMES[parts[0]], f"{parts[0]} belongs to {HOMES[parts[0]]}, not {room}"


@pytest.mark.parametrize("room", INSIDE)
def test_inside_a_room_imports_go_down_too(room: str) -> None:
    levels, upward = INSIDE[room], []
    for path in sources(PACKAGE / room):
        own = path.relative_to(PACKAGE / room).parts[0].removesuffix(".py")
        if own == "__init__":
            continue
        for name in imported(path):
            other = name.removeprefix(f"toolbind.{room}.").partition(".")[0]
            if name.startswith(f"toolbind.{room}.") and other != own:
                if other not in levels[: levels.index(own)]:
                    upward.append(f"{path.relative_to(PACKAGE)} imports {name}")
            elif name == f"toolbind.{room}":
                upward.append(f"{path.relative_to(PACKAGE)} imports the top of its room")
    assert upward == []


@pytest.mark.parametrize("path", sources(RUNTIME), ids=lambda p: str(p.relative_to(RUNTIME)))
def test_the_runtime_needs_the_standard_library_and_httpx_alone(path: Path) -> None:
    import sys

    allowed = {*sys.stdlib_module_names, "httpx", "httpx2", "opentelemetry", "js", "pyodide"}
    for name in imported(path):
        assert name.split(".")[0] in allowed, f"{path.name} imports {name}"


@pytest.mark.parametrize(
    "path", sources(PACKAGE) + sources(RUNTIME), ids=lambda p: str(p.relative_to(ROOT))
)
def test_files_and_functions_fit_a_reader(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= LINES_A_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno
            assert length <= LINES_A_FUNCTION, f"{node.name} has {length} lines"


@pytest.mark.parametrize(
    "path", sources(PACKAGE) + sources(RUNTIME), ids=lambda p: str(p.relative_to(ROOT))
)
def test_modules_say_what_they_are_and_keep_no_state(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree), "a module's first lines say what lives in it"
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, MUTABLE):
            for target in map(ast.unparse, statement.targets):
                assert target.isupper() or target == "__all__", f"{target} is state of the module"
    assert not any(isinstance(node, ast.Global) for node in ast.walk(tree)), "state of the module"


@pytest.mark.parametrize(
    "path",
    [p for p in sources(PACKAGE) if room_of(p) not in ("cli", "standin", "__main__")],
    ids=lambda p: str(p.relative_to(PACKAGE)),
)
def test_only_the_shell_talks_to_the_terminal(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in SHELL_CALLS, f"line {node.lineno}: {node.func.id}"


def test_every_diagnostic_code_is_one_row_and_is_said_somewhere() -> None:
    from toolbind.codes import CODES
    from toolbind.codes.lower import LOWER
    from toolbind.codes.overlay import OVERLAY
    from toolbind.codes.read import READ
    from toolbind.codes.schema import SCHEMA

    assert len(CODES) == len(READ) + len(OVERLAY) + len(LOWER) + len(SCHEMA), (
        "two tables have the same code"
    )
    rooms = [path for path in sources(PACKAGE) if room_of(path) != "codes"]
    text = "".join(path.read_text() for path in rooms)
    assert [code for code in CODES if f'"{code}"' not in text] == []


def test_templates_only_print() -> None:
    for path in TEMPLATES.rglob("*.jinja"):
        text = path.read_text()
        assert len(text.splitlines()) <= 120, path.name
        tags = re.findall(r"{%-?\s*(\w+)", text)
        assert set(tags) <= {"for", "endfor", "if", "else", "elif", "endif"}, path.name
        assert "safe" not in re.findall(r"\|\s*(\w+)", text), path.name


def test_the_generated_runtime_is_the_runtime_byte_for_byte() -> None:
    copies = ROOT / "generated" / "_runtime"
    names = [p.relative_to(RUNTIME) for p in sources(RUNTIME)]
    assert names == [p.relative_to(copies) for p in sources(copies)]
    for name in names:
        assert (RUNTIME / name).read_bytes() == (copies / name).read_bytes(), name


def test_the_top_level_holds_what_the_design_says() -> None:
    folders = {p.name for p in ROOT.iterdir() if p.is_dir() and not p.name.startswith(".")}
    caches = {"__pycache__", "dist", "build", "node_modules"}
    assert folders - caches == {"generator", "templates", "specs", "generated", "tests"}
