"""Rules of the house, held by reading the sources: who may import whom, sizes, what stays put.

The import tables are the architecture: a room imports only from rooms before it in its table, and
no file imports, by whatever way, itself. Each test names all offenders at once.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "generator"
PACKAGE = SOURCE / "toolbind"
RUNTIME = SOURCE / "toolbind_runtime"
TEMPLATES = ROOT / "templates"

# Lowest first. A room may import from itself and from every room before it, unless listed below.
LEVELS: Mapping[str, tuple[str, ...]] = {
    "toolbind": (
        *("version", "marks", "program", "codes", "diagnostics", "ir", "typerefs", "compare"),
        *("read", "lower", "present", "render", "entrydata", "memory", "incremental", "pipeline"),
        *("explore", "serve", "cli"),
    ),
    "toolbind.lower": (
        *("unsupported", "options", "text", "fit", "document", "schemas", "types"),
        *("draft", "request", "operations", "finishing", "phases"),
    ),
    "toolbind.cli": ("terminal", "plan", "output", "commands", "main"),
    "toolbind_runtime": (
        *("contract", "finding", "basics", "records", "errors", "arguments"),
        *("request", "transport", "client", "ai", "conversation", "api"),
    ),
}
APART = {  # neither side knows the other
    ("toolbind_runtime", "ai", "client"),
    ("toolbind_runtime", "conversation", "client"),
}
ALONE = {"standin"}  # imports nothing of the package, and only the cli may start it
FACES = {"toolbind.__main__"}  # with the `__init__` of each package: they may import from all

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
    "mcp": {"serve"},
    "mcp_types": {"serve"},
    "starlette": {"serve"},
    "uvicorn": {"serve"},
}

# What the runtime may need besides the standard library, the last four only where they are.
RUNTIME_LIBRARIES = {"httpx", "httpx2", "opentelemetry", "js", "pyodide", "typing_extensions"}

# Files, streams and exits belong to the shell; reading a document's own files belongs to read.
SHELL_CALLS = {"print", "input", "exit", "quit"}

MUTABLE = (ast.List, ast.Dict, ast.Set)

LINES_A_FILE = 400
LINES_A_FUNCTION = 60


def sources(*folders: Path) -> list[Path]:
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def module_of(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in sources(PACKAGE, RUNTIME)}
"""Our own modules, by their full names."""


def inside(package: str, module: str) -> str:
    """The room of a package that a module is in; "" for the package itself and for others."""
    return (
        module.removeprefix(f"{package}.").split(".")[0] if module.startswith(f"{package}.") else ""
    )


def room_of(module: str) -> str:
    return inside(module.split(".")[0], module)


@cache
def imports(path: Path) -> list[ast.Import | ast.ImportFrom]:
    """All that import, wherever they stand."""
    return [x for x in ast.walk(parsed(path)) if isinstance(x, ast.Import | ast.ImportFrom)]


def written(path: Path) -> Iterator[tuple[int, str]]:
    """Line and name of what is imported by its full name."""
    for node in imports(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif not node.level:
            yield node.lineno, node.module or ""


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of all that is imported: lazily, for types, relatively."""
    package = path.relative_to(SOURCE).parent.parts
    for node in imports(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        else:
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *((node.module or "").split("."))]).strip(".")
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield node.lineno, inner if inner in MODULES else base


def offences(where: Path, lines: Iterator[tuple[int, str]]) -> list[str]:
    return [f"{where.relative_to(ROOT)}:{line}: {what}" for line, what in lines]


# --- who may import whom -------------------------------------------------------------------------


def test_a_room_imports_only_from_lower_rooms() -> None:
    def wrong(package: str, module: str, path: Path) -> Iterator[tuple[int, str]]:
        levels, room = LEVELS[package], inside(package, module)
        for line, name in imported(path):
            other = inside(package, name)
            if name == package:
                yield line, f"{room} imports the whole {package}"
            elif other in ("", room) or (other in ALONE and room == "cli"):
                continue
            elif (
                room not in levels
                or other not in levels[: levels.index(room)]
                or (package, room, other) in APART
            ):
                yield line, f"{room} imports {name}"

    found = [
        each
        for package in LEVELS
        for module, path in MODULES.items()
        if inside(package, module) and module not in FACES
        for each in offences(path, wrong(package, module, path))
    ]
    assert found == []


def test_no_file_imports_itself_by_whatever_way() -> None:
    """Imports inside functions and for types only are ways, too."""
    graph = {
        module: {name for _, name in imported(path) if name in MODULES and name != module}
        for module, path in MODULES.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(" <- ".join(error.args[1])) from None


def test_libraries_have_one_home_each() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for module, path in MODULES.items()
        for line, name in imported(path)
        if module.startswith("toolbind.")
        if room_of(module) not in HOMES.get(name.split(".")[0], {room_of(module)})
    ]
    assert found == []


def test_the_runtime_needs_the_standard_library_and_httpx_alone() -> None:
    allowed = {*sys.stdlib_module_names, *RUNTIME_LIBRARIES, RUNTIME.name}
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in sources(RUNTIME)
        for line, name in imported(path)
        if name.split(".")[0] not in allowed
    ]
    assert found == []


def test_the_runtime_finds_itself_under_any_name() -> None:
    """It is copied beside generated modules: only relative imports follow."""
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sources(RUNTIME)
        for line, name in written(path)
        if name.split(".")[0] == RUNTIME.name
    ]
    assert found == []


# --- files and functions -------------------------------------------------------------------------


def test_files_and_functions_fit_a_reader() -> None:
    def wrong(path: Path) -> Iterator[tuple[int, str]]:
        lines = len(path.read_text().splitlines())
        if lines > LINES_A_FILE:
            yield 1, f"{lines} lines"
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno
                if length > LINES_A_FUNCTION:
                    yield node.lineno, f"{node.name} has {length} lines"

    found = [each for path in MODULES.values() for each in offences(path, wrong(path))]
    assert found == []


def test_modules_say_what_they_are_and_keep_no_state() -> None:
    def wrong(path: Path) -> Iterator[tuple[int, str]]:
        tree = parsed(path)
        if not ast.get_docstring(tree):
            yield 1, "a module's first lines say what lives in it"
        for statement in tree.body:
            if isinstance(statement, ast.Assign) and isinstance(statement.value, MUTABLE):
                for target in map(ast.unparse, statement.targets):
                    if not target.isupper() and target != "__all__":
                        yield statement.lineno, f"{target} is state of the module"
        for node in ast.walk(tree):
            if isinstance(node, ast.Global):
                yield node.lineno, "state of the module"

    found = [each for path in MODULES.values() for each in offences(path, wrong(path))]
    assert found == []


def test_only_the_shell_talks_to_the_terminal() -> None:
    def wrong(path: Path) -> Iterator[tuple[int, str]]:
        for node in ast.walk(parsed(path)):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Name) and called.id in SHELL_CALLS:
                yield called.lineno, called.id

    rooms = ("cli", "standin", "__main__")
    quiet = [path for module, path in MODULES.items() if room_of(module) not in rooms]
    assert [each for path in quiet for each in offences(path, wrong(path))] == []


# --- what stays put ------------------------------------------------------------------------------


def test_every_diagnostic_code_is_one_row_and_is_said_somewhere() -> None:
    from toolbind.codes import CODES
    from toolbind.codes.curation import CURATION
    from toolbind.codes.lower import LOWER
    from toolbind.codes.overlay import OVERLAY
    from toolbind.codes.read import READ
    from toolbind.codes.schema import SCHEMA

    tables = (READ, OVERLAY, CURATION, LOWER, SCHEMA)
    assert len(CODES) == sum(map(len, tables)), "two tables have the same code"
    rooms = [path for path in sources(PACKAGE) if room_of(module_of(path)) != "codes"]
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
    assert [n for n in names if (RUNTIME / n).read_bytes() != (copies / n).read_bytes()] == []


def test_the_top_level_holds_what_the_design_says() -> None:
    folders = {p.name for p in ROOT.iterdir() if p.is_dir() and not p.name.startswith(".")}
    caches = {"__pycache__", "dist", "build", "node_modules"}
    assert folders - caches == {"generator", "templates", "specs", "generated", "tests"}


def test_both_distributions_are_of_one_version() -> None:
    told = tomllib.loads((RUNTIME / "pyproject.toml").read_text())["project"]
    namespace = parsed(PACKAGE / "version.py")
    (own,) = [node.value.value for node in ast.walk(namespace) if isinstance(node, ast.Assign)]  # type: ignore[attr-defined]
    assert told["version"] == own
    assert [need.partition(">")[0] for need in told["dependencies"]] == ["httpx"]
