"""`toolbind generate`: what it writes, what it says, and what it leaves alone."""

from __future__ import annotations

import errno
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from toolbind.marks import MANIFEST, digest, manifest

from .conftest import PETS, REFUSED, Command

Files = Callable[[], dict[str, bytes]]

WARNING = PETS.replace("schema: {type: integer}", "schema: {type: integer, minimum: few}")
"""A keyword that holds a value of the wrong type."""


def test_a_module_with_its_package(toolbind: Command, files: Files) -> None:
    done = toolbind("generate", "specs/pets.yaml", "-o", "out")
    assert (done.code, done.out) == (0, "")
    assert done.err == "pets: 3 tools, 0 skipped, 0 warnings -> out/pets.py\n"
    made = files()
    assert {"pets.py", "pets_types.py", "__init__.py", "_runtime/__init__.py"} <= set(made)
    assert b"# toolbind generate specs/pets.yaml -o out\n" in made["pets.py"]


def test_again_changes_nothing(toolbind: Command, home: Path) -> None:
    toolbind("generate", "specs/pets.yaml", "-o", "out")
    before = {path: path.stat().st_mtime_ns for path in (home / "out").rglob("*")}
    for extra in ((), ("--no-cache",)):
        done = toolbind("generate", "specs/pets.yaml", "-o", "out", *extra)
        assert done.code == 0
        assert done.err.endswith("-> out/pets.py (unchanged)\n")
    assert {path: path.stat().st_mtime_ns for path in (home / "out").rglob("*")} == before


def test_an_installed_runtime_is_imported_and_not_copied(
    toolbind: Command, home: Path, files: Files
) -> None:
    toolbind("generate", "specs/pets.yaml", "-o", "out")
    done = toolbind("generate", "specs/pets.yaml", "-o", "out", "--runtime", "installed")
    assert done.code == 0
    assert re.search(r"^removed out/_runtime: \d+ files$", done.err, re.MULTILINE)
    made = files()
    assert not [name for name in made if name.startswith("_runtime/") and name.endswith(".py")]
    texts = {name: data.decode() for name, data in made.items() if name.endswith(".py")}
    assert not [name for name, text in texts.items() if "from ._runtime" in text]
    assert "from toolbind_runtime import (" in texts["pets.py"]
    assert "# toolbind generate specs/pets.yaml -o out --runtime installed\n" in texts["pets.py"]
    assert toolbind("call", "out/pets.py", "no_such_tool").code != 70
    stale = toolbind("check", "specs/pets.yaml", "-o", "out")
    assert stale.code == 1
    (home / "toolbind.toml").write_text('runtime = "installed"\n')
    assert toolbind("check", "specs/pets.yaml", "-o", "out").code == 0
    back = toolbind("generate", "specs/pets.yaml", "-o", "out", "--runtime", "vendored")
    assert back.code == 0
    assert "_runtime/__init__.py" in files()


def test_where_the_runtime_is_has_two_answers(toolbind: Command, home: Path) -> None:
    (home / "toolbind.toml").write_text('runtime = "vendord"\n')
    done = toolbind("generate", "specs/pets.yaml", "-o", "out")
    assert done.code == 2
    assert "toolbind.toml:1" in done.err
    assert "vendored" in done.err


def test_quiet_says_nothing(toolbind: Command) -> None:
    done = toolbind("generate", "specs/pets.yaml", "-o", "out", "--quiet")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_the_exit_code_tells_a_hook_that_something_changed(toolbind: Command, home: Path) -> None:
    call = ("generate", "specs/pets.yaml", "-o", "out", "--exit-code")
    assert [toolbind(*call).code for _ in range(2)] == [1, 0]
    (home / "out" / "pets_types.py").unlink()
    assert [toolbind(*call).code for _ in range(2)] == [1, 0]
    (home / "specs" / "pets.yaml").write_text(REFUSED)
    assert toolbind(*call).code == 3


def test_a_name_of_ones_own(toolbind: Command, files: Files) -> None:
    toolbind("generate", "specs/pets.yaml", "-o", "out", "--name", "animals")
    assert {"animals.py", "animals_types.py"} <= set(files())
    assert "pets.py" not in files()


def test_a_document_called_openapi_is_named_by_its_title(
    toolbind: Command, files: Files, home: Path
) -> None:
    for folder in ("shop", "farm"):
        (home / folder).mkdir()
        text = PETS.replace("title: Pets", f"title: The {folder} (internal)")
        (home / folder / "openapi.yaml").write_text(text)
    done = toolbind("generate", "shop/openapi.yaml", "farm/openapi.yaml", "-o", "out")
    assert done.code == 0
    assert {"the_shop.py", "the_farm.py"} <= set(files())
    again = b"# toolbind generate shop/openapi.yaml -o out --name the_shop\n"
    assert again in files()["the_shop.py"]


@pytest.mark.parametrize(
    ("text", "settings", "name"),
    [
        (PETS.replace("title: Pets", "title: FastAPI"), "", "openapi"),
        (PETS, "[modules.openapi]\nbudget = 900\n", "openapi"),
        (PETS, '[modules.zoo]\nspec = "openapi.yaml"\n', "zoo"),
    ],
)
def test_what_says_more_than_the_title_goes_before_it(
    toolbind: Command, files: Files, home: Path, text: str, settings: str, name: str
) -> None:
    (home / "openapi.yaml").write_text(text)
    (home / "toolbind.toml").write_text(settings)
    assert toolbind("generate", "openapi.yaml", "-o", "out").code == 0
    assert f"{name}.py" in files()


def test_a_document_without_a_title_is_refused_for_what_is_wrong_with_it(
    toolbind: Command, home: Path
) -> None:
    (home / "openapi.yaml").write_text("openapi: [")
    done = toolbind("generate", "openapi.yaml", "-o", "out")
    assert done.code == 3
    assert done.err.startswith("openapi.yaml:1:")


def test_the_numbers_add_up_with_a_selection(toolbind: Command) -> None:
    done = toolbind("generate", "specs/pets.yaml", "-o", "out", "--exclude", "DELETE")
    assert done.err == "pets: 2 tools, 0 skipped, 1 excluded, 0 warnings -> out/pets.py\n"


def test_the_output_does_not_depend_on_the_current_folder(
    toolbind: Command, files: Files, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toolbind("generate", "specs/pets.yaml", "-o", "out")
    before = files()
    monkeypatch.chdir(home / "specs")
    assert toolbind("generate", "pets.yaml", "-o", "../out", "--no-cache").code == 0
    assert (
        toolbind("generate", str(home / "specs" / "pets.yaml"), "-o", str(home / "out")).code == 0
    )
    assert files() == before


FAILURES = {
    "refused": (
        ["specs/bad.yaml", "-o", "out"],
        3,
        r"specs/bad\.yaml:3:\d+: error: .* \[.*\] \(#/",
    ),
    "one of two refused": (["specs/pets.yaml", "specs/bad.yaml", "-o", "out"], 3, "error: "),
    "no such file": (["specs/none.yaml", "-o", "out"], 2, r"error: specs/none\.yaml: "),
    "a folder": (["specs", "-o", "out"], 3, r"^specs: error: "),
    "no output": (["specs/pets.yaml"], 2, "error: no output folder"),
    "no document": (["-o", "out"], 2, "error: no SPEC given"),
    "output is a file": (["specs/pets.yaml", "-o", "specs/pets.yaml"], 2, "is a file"),
    "bad name": (["specs/pets.yaml", "-o", "out", "--name", "a-b"], 2, "module name 'a-b'"),
    "keyword": (["specs/pets.yaml", "-o", "out", "--name", "class"], 2, "is a keyword"),
    "two names": (["a.yaml", "b.yaml", "-o", "out", "--name", "x"], 2, "exactly one SPEC"),
    "clash": (["specs/pets.yaml", "pets.yaml", "-o", "out"], 2, "would both write pets"),
    "a name of Python's": (["specs/pets.yaml", "-o", ".", "--name", "json"], 2, "would hide"),
    "no budget": (["specs/pets.yaml", "-o", "out", "--budget", "0"], 2, "above 0"),
    "unknown option": (["specs/pets.yaml", "-o", "out", "--budgt", "1"], 2, "--budget"),
    "http": (["http://pets.example/a.json", "-o", "out"], (2, 3), "https"),
}


@pytest.mark.parametrize(("arguments", "code", "message"), FAILURES.values(), ids=FAILURES)
def test_a_failure_is_one_line_and_touches_nothing(
    arguments: list[str],
    code: int | tuple[int, ...],
    message: str,
    toolbind: Command,
    files: Files,
    home: Path,
) -> None:
    (home / "specs" / "bad.yaml").write_text(REFUSED)
    toolbind("generate", "specs/pets.yaml", "-o", "out", "--exclude", "DELETE")
    (home / "out" / "sentinel.txt").write_text("mine")
    before = files()
    done = toolbind("generate", *arguments)
    assert done.code in (code if isinstance(code, tuple) else (code,))
    assert done.out == ""
    assert "Traceback" not in done.err
    assert re.search(message, done.err), done.err
    if done.code == 3:
        [line] = done.err.splitlines()
        assert line.isascii()
        assert line.isprintable()
    assert files() == before


CROOKED = {
    "brackets without an end": (["https://[::1", "-o", "out"], "https://[::1: is no URL: "),
    "no host": (["https:///pets.json", "-o", "out"], "https:///pets.json: names no host; "),
    "a long name": (["specs/pets.yaml", "-o", "x" * 300], "x" * 300 + ": File name too long"),
    "a long document": (["x" * 300, "-o", "out"], "x" * 300 + ": File name too long"),
    "a login": (
        ["https://me:canary-5ecret@127.0.0.1/pets.json", "-o", "out"],
        "https://***@127.0.0.1/pets.json: error: a URL with a user or password is not fetched",
    ),
    "a token": (
        ["http://127.0.0.1/a.json?version=2&token=canary-5ecret#x=canary-5ecret", "-o", "out"],
        "http://127.0.0.1/a.json?version=***&token=***#***: error: ",
    ),
    "two with tokens": (
        ["https://a.example/a.json?t=canary-5ecret", "https://b.example/a.json?t=1", "-o", "out"],
        "https://a.example/a.json?t=*** and https://b.example/a.json?t=*** would both write",
    ),
    "a login with a slash": (["https://me:canary-5ecret/x@y/a.json", "-o", "out"], "https://***@y"),
}


@pytest.mark.parametrize(("arguments", "message"), CROOKED.values(), ids=CROOKED)
def test_what_cannot_be_read_or_written_is_one_line_without_secrets(
    arguments: list[str], message: str, toolbind: Command
) -> None:
    for command in ("generate", "check"):
        done = toolbind(command, *arguments)
        assert done.code in (2, 3), done.err
        assert message in done.err
        assert "5ecret" not in done.err
        assert len(done.err.splitlines()) == 1


def test_a_file_system_that_cannot_be_written_is_one_line(
    toolbind: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(Path, "mkdir", refused)
    done = toolbind("generate", "specs/pets.yaml", "-o", "out")
    assert (done.code, done.err) == (2, "error: out: Read-only file system\n")


@pytest.mark.parametrize("listed", [False, True])
def test_a_name_that_is_not_ascii_is_the_same_in_any_locale(
    listed: bool, process: Command, home: Path, files: Files
) -> None:
    (home / "gr\u00f6\u00dfe").mkdir()
    (home / "gr\u00f6\u00dfe" / "k\u00e4fer.yaml").write_text(PETS)
    document = ["gr\u00f6\u00dfe/k\u00e4fer.yaml", "-o", "out"]
    if listed:
        (home / "toolbind.toml").write_bytes(
            'output = "out"\nspecs = ["gr\u00f6\u00dfe/k*.yaml"]\n'.encode()
        )
        document = []
    utf8 = {"PYTHONUTF8": "1"}
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert process("generate", *document, **utf8).code == 0
    before = files()
    done = process("check", *document, "--no-cache", **ascii_only)
    assert done.code == 0, done.out
    assert process("generate", *document, "--no-cache", **ascii_only).code == 0
    assert files() == before


def test_all_refused_documents_are_named(toolbind: Command, home: Path) -> None:
    for name in ("one", "two"):
        (home / "specs" / f"{name}.yaml").write_text(REFUSED)
    done = toolbind("generate", "specs/one.yaml", "specs/pets.yaml", "specs/two.yaml", "-o", "out")
    assert done.code == 3
    assert [line.split(":")[0] for line in done.err.splitlines()] == [
        "specs/one.yaml",
        "specs/two.yaml",
    ]
    assert not (home / "out").exists()


def test_code_of_ones_own_is_safe(toolbind: Command, home: Path) -> None:
    setup = home / "pets.py"
    setup.write_text("import antigravity\n")
    done = toolbind("generate", "specs/pets.yaml", "-o", ".")
    assert done.code == 2
    assert "did not write" in done.err
    assert setup.read_text() == "import antigravity\n"
    assert not (home / "_runtime").exists()


def test_strict_fails_on_a_warning_and_writes_nothing(toolbind: Command, home: Path) -> None:
    (home / "specs" / "pets.yaml").write_text(WARNING)
    loose = toolbind("generate", "specs/pets.yaml", "-o", "loose")
    assert loose.code == 0
    assert re.search(r"^specs/pets\.yaml:\d+:\d+: warning: .* \[.+\] \(#/paths/", loose.err)
    strict = toolbind("generate", "specs/pets.yaml", "-o", "out", "--strict")
    assert strict.code == 3
    assert strict.err.splitlines()[-1].startswith("error: 1 warning under --strict")
    assert not (home / "out").exists()


def test_what_was_said_is_said_again_from_the_cache(toolbind: Command, home: Path) -> None:
    (home / "specs" / "pets.yaml").write_text(WARNING)
    first = toolbind("generate", "specs/pets.yaml", "-o", "out")
    second = toolbind("generate", "specs/pets.yaml", "-o", "out")
    assert second.err == first.err.replace("out/pets.py\n", "out/pets.py (unchanged)\n")
    assert toolbind("generate", "specs/pets.yaml", "-o", "out", "--strict").code == 3


def test_leftovers_of_the_runtime_go(
    toolbind: Command, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from toolbind.render import runtime_files

    with monkeypatch.context() as older:
        files = {**runtime_files(), "of_an_older_version.py": b"x = 1\n"}
        older.setattr("toolbind.pipeline.runtime_files", lambda: files)
        toolbind("generate", "specs/pets.yaml", "-o", "out", "--no-cache")
    old = home / "out" / "_runtime" / "of_an_older_version.py"
    assert old.exists()
    done = toolbind("generate", "specs/pets.yaml", "-o", "out")
    assert not old.exists()
    assert "removed out/_runtime/of_an_older_version.py\n" in done.err


def test_what_was_changed_by_hand_is_replaced_on_request_only(
    toolbind: Command, home: Path, files: Files
) -> None:
    generate = ("generate", "specs/pets.yaml", "-o", "out")
    toolbind(*generate)
    made = files()
    for name in ("pets.py", "_runtime/contract.py", "__init__.py"):
        path = home / "out" / name
        path.write_bytes(path.read_bytes() + b"X = 1\n")
    edited = files()
    done = toolbind(*generate)
    assert done.code == 2
    assert re.match(r"error: out/\S+ \(and 2 more\): was changed by hand .*--overwrite", done.err)
    assert files() == edited
    assert toolbind(*generate, "--overwrite").code == 0
    assert files() == made


def test_a_module_of_ones_own_is_never_removed(toolbind: Command, home: Path) -> None:
    (home / "toolbind.toml").write_text('output = "out"\nspecs = ["specs/*.yaml"]\n')
    (home / "specs" / "dogs.yaml").write_text(PETS)
    toolbind("generate")
    dogs = home / "out" / "dogs.py"
    dogs.write_text(dogs.read_text() + "MINE = 1\n")
    (home / "specs" / "dogs.yaml").unlink()
    assert "out/dogs.py: was changed by hand" in toolbind("generate").err
    mine = "# Mine now.\n" + dogs.read_text().partition("\n")[2]
    dogs.write_text(mine)
    assert toolbind("generate").code == 0
    assert dogs.read_text() == mine
    (home / "toolbind.toml").write_text(
        'output = "out"\nspecs = ["specs/*.yaml"]\noverwrite = true\n'
    )
    assert toolbind("generate").code == 0
    assert dogs.read_text() == mine


def test_the_settings_of_the_project_name_everything(
    toolbind: Command, files: Files, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "specs" / "dogs.yaml").write_text(PETS.replace("Pets", "Dogs"))
    (home / "toolbind.toml").write_text(
        'output = "out"\nspecs = ["specs/*.yaml"]\n[modules.dogs]\nexclude = ["DELETE"]\n'
    )
    monkeypatch.chdir(home / "specs")
    done = toolbind("generate")
    assert done.code == 0
    assert [line.split(" -> ")[0] for line in done.err.splitlines()] == [
        "dogs: 2 tools, 0 skipped, 1 excluded, 0 warnings",
        "pets: 3 tools, 0 skipped, 0 warnings",
    ]
    assert {"dogs.py", "pets.py"} <= set(files())
    by_flag = toolbind("generate", "dogs.yaml", "-o", "../out", "--exclude", "GET")
    assert "dogs: 1 tool, 0 skipped, 2 excluded" in by_flag.err


def test_a_module_that_the_project_no_longer_has_goes(
    toolbind: Command, files: Files, home: Path
) -> None:
    (home / "specs" / "dogs.yaml").write_text(PETS)
    (home / "toolbind.toml").write_text('output = "out"\nspecs = ["specs/*.yaml"]\n')
    toolbind("generate")
    (home / "out" / "mine.py").write_text("import mine\n")
    (home / "specs" / "dogs.yaml").unlink()
    by_hand = toolbind("generate", "specs/pets.yaml")
    assert "dogs.py" in files(), "one document says nothing about the others"
    assert "removed" not in by_hand.err
    done = toolbind("generate")
    assert "removed out/dogs.py\n" in done.err
    assert {"dogs.py", "dogs_types.py"}.isdisjoint(files())
    assert "mine.py" in files()


def test_a_mistake_in_the_settings_is_a_usage_error(toolbind: Command, home: Path) -> None:
    (home / "toolbind.toml").write_text('outptu = "out"\n')
    done = toolbind("generate", "specs/pets.yaml", "-o", "out")
    assert done.code == 2
    assert done.err.endswith("toolbind.toml:1: unknown key 'outptu'; did you mean 'output'?\n")


@pytest.fixture
def web(home: Path) -> Iterator[str]:
    """The folder `specs` over HTTP on loopback."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Quiet."""

    handler = partial(Handler, directory=str(home / "specs"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_a_document_from_the_web(toolbind: Command, files: Files, home: Path, web: str) -> None:
    url = f"{web}/pets.yaml?token=canary-5ecret"
    command = ("generate", url, "-o", "out", "--allow-http", "--allow-private")
    done = toolbind(*command)
    assert done.code == 0
    assert done.err == "pets: 3 tools, 0 skipped, 0 warnings -> out/pets.py\n"
    module = files()["pets.py"].decode()
    assert f"# toolbind generate {web}/pets.yaml -o out --allow-http --allow-private\n" in module
    assert "canary-5ecret" not in module
    assert toolbind(*command).err.endswith("(unchanged)\n")
    changed = WARNING.replace("List all pets.", "List some pets.")
    (home / "specs" / "pets.yaml").write_text(changed)
    stale = toolbind("check", *command[1:])
    assert f"{web}/pets.yaml?token=***:" in stale.err
    assert f"refresh with: toolbind generate '{web}/pets.yaml?token=***' -o out" in stale.err
    assert "canary-5ecret" not in stale.out + stale.err


def test_the_web_is_guarded_unless_it_is_opened(toolbind: Command, home: Path, web: str) -> None:
    for flags in ((), ("--allow-http",), ("--allow-private",)):
        done = toolbind("generate", f"{web}/pets.yaml", "-o", "out", *flags)
        assert done.code == 3
        assert len(done.err.splitlines()) == 1
    assert not (home / "out").exists()


@pytest.mark.slow
def test_several_large_documents_in_several_processes(
    toolbind: Command, files: Files, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    (home / "specs" / "bad.yaml").write_text(REFUSED)
    (home / "specs" / "dogs.yaml").write_text(WARNING)
    toolbind("generate", "specs/pets.yaml", "specs/dogs.yaml", "-o", "out", "--no-cache")
    alone = files()
    monkeypatch.setattr("toolbind.cli.output.outcomes.LARGE", 1)
    documents = ("specs/pets.yaml", "specs/dogs.yaml")
    done = toolbind("generate", *documents, "-o", "out", "--no-cache", "--timings")
    assert done.code == 0
    assert "warning: " in done.err
    assert re.search(r"^workers +[\d.]+ +peak ", done.err, re.MULTILINE)
    assert files() == alone
    refused = toolbind("generate", *documents, "specs/bad.yaml", "-o", "out", "--no-cache")
    assert refused.code == 3
    assert [line.split(":")[0] for line in refused.err.splitlines()] == ["specs/bad.yaml"]


def test_timings_tell_phases_and_memory(toolbind: Command) -> None:
    done = toolbind("generate", "specs/pets.yaml", "-o", "out", "--timings")
    lines = done.err.splitlines()
    phases = [line.split()[0] for line in lines[lines.index(next(filter(_is_head, lines))) :]]
    assert {"read", "lower", "render", "process"} <= set(phases)
    assert re.search(r"^process +[\d.]+ +peak [\d,]+ MB$", done.err, re.MULTILINE)


def _is_head(line: str) -> bool:
    return line.startswith("phase ")


@pytest.mark.slow
def test_two_hash_seeds_give_the_same_bytes(process: Command, home: Path, files: Files) -> None:
    process("generate", "specs/pets.yaml", "-o", "out", "--no-cache", PYTHONHASHSEED="1")
    before = files()
    process("generate", "specs/pets.yaml", "-o", "out", "--no-cache", PYTHONHASHSEED="2")
    assert files() == before


def test_a_bug_is_one_line_and_its_own_exit_code(
    toolbind: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(*_: object, **__: object) -> None:
        raise RuntimeError("inner\x1b[31m")

    monkeypatch.setattr("toolbind.cli.commands.generation.Producer", bug)
    done = toolbind("generate", "specs/pets.yaml", "-o", "out")
    assert done.code == 70
    [line] = done.err.splitlines()
    assert line.startswith("error: unexpected RuntimeError: inner\\x1b[31m (a bug in toolbind")
    with pytest.raises(RuntimeError):
        toolbind("generate", "specs/pets.yaml", "-o", "out", "--debug")


SLOW_WRITER = """
import sys, time
from toolbind.cli.output import writing
from toolbind.cli.main import run

write = writing._written

def slow(*arguments, **named):
    made = write(*arguments, **named)
    print("writing", flush=True)
    time.sleep(60)
    return made

writing._written = slow
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_while_writing_leaves_the_old_output(
    number: signal.Signals, home: Path, files: Files
) -> None:
    (home / "out").mkdir()
    old = b"# Generated by toolbind 0.1.0\n"
    (home / "out" / "pets.py").write_bytes(old)
    listed = manifest([("pets.py", digest(old))])
    (home / "out" / MANIFEST).write_bytes(listed)
    with subprocess.Popen(
        [sys.executable, "-c", SLOW_WRITER, "generate", "specs/pets.yaml", "-o", "out"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "writing\n"
        child.send_signal(number)
        _, err = child.communicate(timeout=60)
    assert (child.returncode, err.strip()) == (130, "interrupted")
    assert files() == {"pets.py": old, MANIFEST: listed}


@pytest.mark.slow
def test_two_runs_at_once_into_one_folder(process: Command, home: Path, files: Files) -> None:
    (home / "specs" / "dogs.yaml").write_text(PETS.replace("Pets", "Dogs"))
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "toolbind", "generate", f"specs/{name}.yaml", "-o", "out", "-q"],
            cwd=home,
        )
        for name in ("pets", "dogs", "pets", "dogs")
    ]
    assert [child.wait(timeout=120) for child in running] == [0, 0, 0, 0]
    assert not [name for name in files() if ".tmp" in name]
    assert (
        process("check", "specs/pets.yaml", "specs/dogs.yaml", "-o", "out", "--no-cache").code == 0
    )
