"""Whole modules: what tools say about them, and that a document's text cannot change them."""

from __future__ import annotations

import ast
import importlib
import json
import subprocess
import sys
import threading
import typing
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from textwrap import dedent
from types import ModuleType, SimpleNamespace

import black
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toolbind import ir
from toolbind.present import package_page, pages, rows
from toolbind.present.literals import HIDDEN, Source
from toolbind.present.page import ModulePage
from toolbind.render import render, runtime_files
from toolbind.render.rendering import TEMPLATES, frame
from toolbind.render.templates import printed
from toolbind_runtime.contract import CONTRACT

from tests.effort import examples
from tests.unit.present.apis import ORIGIN, everything, petstore
from tests.unit.present.strategies import texts

APIS = {"petstore": petstore(), "everything": everything(str)}


def write(folder: Path, apis: dict[str, ir.Api]) -> Path:
    package = folder / "generated"
    for name, data in runtime_files().items():
        path = package / "_runtime" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (package / "__init__.py").write_text(render(package_page("toolbind 0.1.0")))
    for name, api in apis.items():
        for file, text in rendered(api, name).items():
            (package / file).write_text(text)
    return package


def rendered(api: ir.Api, name: str = "petstore") -> dict[str, str]:
    made = pages(api, replace(ORIGIN, module=name))
    return {file: render(page) for file, page in made.items()}


def test_where_the_runtime_is_changes_import_lines_alone() -> None:
    """And the number of the contract is the runtime's own."""
    origin = replace(ORIGIN, module="petstore")
    vendored = pages(petstore(), origin)
    installed = pages(petstore(), replace(origin, runtime="installed"))
    for file, page in vendored.items():
        ours, theirs = render(page), render(installed[file])
        assert ours.replace("from ._runtime import", "from toolbind_runtime import") == theirs
    assert f"    contract={CONTRACT},\n" in render(vendored["petstore.py"])
    package = render(package_page("toolbind 0.1.0", "installed"))
    assert "import toolbind_runtime as _runtime\n" in package
    assert "from ." not in package


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("rendered"), APIS)


@pytest.fixture
def set_aside() -> Iterator[None]:
    """The repository has a package `generated` of its own, which other tests import."""
    aside = {name: sys.modules.pop(name) for name in _imported()}
    yield
    for name in _imported():
        del sys.modules[name]
    sys.modules.update(aside)


def _imported() -> list[str]:
    return [name for name in sys.modules if name.partition(".")[0] == "generated"]


@pytest.fixture
def modules(
    set_aside: None, package: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, ModuleType]:
    monkeypatch.syspath_prepend(str(package.parent))
    return {name: importlib.import_module(f"generated.{name}") for name in APIS}


def run(*command: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def own_files(package: Path) -> list[str]:
    return sorted(str(path) for path in package.glob("*.py"))


def test_black_and_ruff_find_nothing(package: Path) -> None:
    run("black", "--check", "-q", *own_files(package), folder=package)
    run("ruff", "check", "--isolated", *own_files(package), folder=package)
    selected = "A,ARG,B,C4,E,F,I,N,PIE,PT,PTH,RET,RUF,SIM,T20,UP,W"
    line = ("--line-length", "100", "--target-version", "py311")
    files = own_files(package)
    run("ruff", "check", "--isolated", "--select", selected, *line, *files, folder=package)


@pytest.mark.slow
def test_mypy_finds_nothing(package: Path) -> None:
    run(
        "mypy",
        "--strict",
        "--python-version=3.11",
        "--cache-dir",
        str(package.parent / "cache"),
        "-p",
        "generated",
        folder=package.parent,
    )


@pytest.mark.slow
def test_pyright_finds_nothing(package: Path) -> None:
    run("pyright", *own_files(package), folder=package.parent)


def test_public_names_are_there(modules: dict[str, ModuleType]) -> None:
    for module in modules.values():
        for name in module.__all__:
            assert getattr(module, name) is not None
    store = modules["petstore"]
    assert (store.Client, store.AsyncClient) == (store.Petstore, store.AsyncPetstore)
    with pytest.raises(AttributeError):
        store.nothing  # noqa: B018


LATE = (
    *("petstore_async", "petstore_tools", "petstore_types"),
    *("_runtime.ai", "_runtime.conversation", "_runtime.client.asynchronous"),
)


def test_what_waits_is_loaded_when_it_is_first_asked_for(modules: dict[str, ModuleType]) -> None:
    def waiting() -> list[str]:
        return [late for late in LATE if f"generated.{late}" not in sys.modules]

    store = modules["petstore"]
    client = store.Client("https://api.example")
    assert client.list_pets.__doc__
    assert waiting() == list(LATE)
    assert store.TOOLS
    assert "petstore_tools" not in waiting()
    assert store.AsyncClient
    assert "petstore_types" in waiting()
    assert store.types.Pet
    assert waiting() == ["_runtime.ai", "_runtime.conversation"]


@pytest.mark.usefixtures("modules")
def test_the_asynchronous_client_may_be_imported_first() -> None:
    for name in [each for each in _imported() if "petstore" in each]:
        del sys.modules[name]
    twin = importlib.import_module("generated.petstore_async")
    store = importlib.import_module("generated.petstore")
    assert store.AsyncPetstore is twin.AsyncPetstore is store._API.async_client_class
    assert twin.AsyncPetstore._api is store._API


def test_tools_are_those_of_the_ir(modules: dict[str, ModuleType]) -> None:
    for name, api in APIS.items():
        assert [rows.tool(each) for each in api.operations] == modules[name].TOOLS
        expected = {each.name: rows.operation_row(each, api.security) for each in api.operations}
        assert expected == modules[name]._API.routes


def test_signatures_and_hints_can_be_read(modules: dict[str, ModuleType]) -> None:
    for name, api in APIS.items():
        for client in (modules[name].Client, modules[name].AsyncClient):
            typing.get_type_hints(client.__init__)
            for each in api.operations:
                hints = typing.get_type_hints(getattr(client, each.name))
                assert set(hints) == {*(one.name for one in each.arguments), "return"}
                assert getattr(client, each.name).__doc__


class Pets(BaseHTTPRequestHandler):
    """An API that has one pet."""

    def do_GET(self) -> None:
        body = b'[{"id": 1, "name": "Rex"}]'
        self.send_response(200 if self.headers["X-Api-Key"] else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quietly."""


@pytest.fixture
def pets() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pets)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.usefixtures("set_aside")
def test_the_example_in_the_docstring_runs(
    pets: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The call goes over real HTTP; the conversation is somebody else's test."""
    write(tmp_path, {"petstore": replace(petstore(), servers=(ir.Server(pets),))})
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("generated.petstore")
    asked: list[str] = []

    def run(prompt: str, *, client: object) -> SimpleNamespace:
        asked.append(prompt)
        return SimpleNamespace(text="Rex")

    monkeypatch.setattr(module, "run", run)
    shown = (module.__doc__ or "").partition("Example:\n\n")[2]
    exec(dedent(shown), {})
    assert capsys.readouterr().out == "[{'id': 1, 'name': 'Rex'}]\nRex\n"
    assert asked == ["Lists the pets of the store, newest first"]


# --- text of documents -------------------------------------------------------------------------

PAYLOADS = [
    '"""',
    '"); raise SystemExit(97) #',
    "'''\nraise SystemExit(97)\n'''",
    "\\",
    '\\"""\nraise SystemExit(97)\n"""',
    "\n\nraise SystemExit(97)\n\n",
    "\rraise SystemExit(97)\r",
    "\x0b\x0c\x1c\x85\u2028\u2029raise SystemExit(97)",
    "{{ 7 * 7 }}{% for x in y %}{# z #}",
    "{x}{0.__class__}%s%(x)s${x}",
    "\\N{BULLET}\\x41\\u0041\\N{nothing}",
    "\u202eevil\u202c\u200b\ufeff\U000e0041",
    "\0\x07\x1b[31m\x7f",
    "\ud800",
    "*/ --> </script>",
    "a" * 300,
    "word " * 100,
    "\uff21\uff22\uff23 \uff11 日本語 ไทย 🎉",
    "",
    " ",
    "__import__('os').system('true')",
]


def shape(text: str) -> str:
    """A program with all its constants, and what hangs on their number alone, made the same."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


def said(payload: str) -> Callable[[str], str]:
    """Every text of the document is the payload, told apart where texts must differ."""
    return lambda text: f"{payload}{text}"


BENIGN = {file: shape(text) for file, text in rendered(everything(str)).items()}


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: ascii(payload)[:30])
def test_no_text_changes_the_program(payload: str) -> None:
    for file, each in rendered(everything(said(payload))).items():
        assert shape(each) == BENIGN[file]
        assert HIDDEN.search(each.replace("\n", "")) is None
        assert max(map(len, each.splitlines())) < 1000
        each.encode("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    "payload",
    [each for each in PAYLOADS if "\ud800" not in each],  # which black cannot read
    ids=lambda payload: ascii(payload)[:30],
)
def test_black_changes_nothing_whatever_the_texts(payload: str) -> None:
    for each in rendered(everything(said(payload))).values():
        assert black.format_str(each, mode=black.Mode()) == each


@pytest.mark.slow
@given(texts)
@settings(max_examples=examples(60))
def test_no_text_at_all_changes_the_program(text: str) -> None:
    made = rendered(everything(said(text)))
    assert {file: shape(each) for file, each in made.items()} == BENIGN


def test_modules_full_of_payloads_import_without_effect(tmp_path: Path) -> None:
    apis = {f"hostile{number}": everything(said(each)) for number, each in enumerate(PAYLOADS)}
    package = write(tmp_path, apis)
    program = (
        "import importlib, json, sys\n"
        "before = set(vars(__builtins__))\n"
        "for name in sys.argv[1:]:\n"
        "    module = importlib.import_module(f'generated.{name}')\n"
        "    for end in ('async', 'types'):\n"
        "        importlib.import_module(f'generated.{name}_{end}')\n"
        "    assert set(vars(__builtins__)) == before, name\n"
        "    print(json.dumps(module.TOOLS))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *apis],
        cwd=package.parent,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    tools = [json.loads(line) for line in done.stdout.splitlines()]
    assert tools == [[rows.tool(one) for one in api.operations] for api in apis.values()]


# --- determinism and the frame -----------------------------------------------------------------


def test_output_depends_on_nothing_but_the_api() -> None:
    program = (
        "from tests.unit.present.apis import ORIGIN, everything\n"
        "from toolbind.present import pages\n"
        "from toolbind.render import render\n"
        "import sys\n"
        "for page in pages(everything(str), ORIGIN).values():\n"
        "    sys.stdout.write(render(page))\n"
    )
    root = str(Path(__file__).parents[3])
    for seed in ("0", "1", "4711"):
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=root,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": root, "LC_ALL": "C", "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
        assert done.stdout == "".join(rendered(everything(str)).values())


@given(st.text(alphabet="abcdefgh_", max_size=60), texts, st.integers(0, 5))
@settings(max_examples=examples(60))
def test_the_frame_is_as_black_leaves_it_whatever_the_names(
    name: str, text: str, credentials: int
) -> None:
    scheme = ir.Scheme(text, "basic", tuple(f"k{index}{name}" for index in range(credentials)))
    schemes = (replace(scheme, credentials=tuple(dict.fromkeys(scheme.credentials))),)
    api = replace(petstore(), title=text, summary=text, version=text, schemes=schemes)
    origin = replace(ORIGIN, module=f"m{name}"[:60], command=text, document=text)
    for page in pages(api, origin).values():
        outline = printed(TEMPLATES[type(page)], frame(page))
        assert black.format_str(outline, mode=black.Mode()) == outline


def test_a_frame_that_black_would_change_has_black_format_the_whole() -> None:
    page = pages(petstore(), ORIGIN)["petstore.py"]
    assert isinstance(page, ModulePage)
    crooked = replace(page, name=Source("(   'petstore' )"))
    text = render(crooked)
    assert black.format_str(text, mode=black.Mode()) == text
    assert 'name=("petstore"),' in text


def test_the_package_is_the_same_whatever_stands_in_it() -> None:
    text = render(package_page("toolbind 0.1.0"))
    assert text.startswith("# Generated by toolbind 0.1.0. Do not edit.\n")
    assert "petstore" not in text
