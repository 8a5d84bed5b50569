"""The command itself, and the commands that only show: list, show, explain, help."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import toolbind as package
from toolbind.cli import main
from toolbind.cli.commands.explain import EXAMPLE
from toolbind.cli.main import COMMANDS
from toolbind.cli.plan.keys import KEYS
from toolbind.cli.plan.settings import find
from toolbind.codes import CODES

from .conftest import REFUSED, Command


def test_the_version(toolbind: Command, process: Command) -> None:
    assert process("--version").out == toolbind("--version").out
    assert toolbind("--version").out == f"toolbind {package.__version__}\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [("gen", "generate"), ("call --dry", "--dry-run"), ("ask --app", "--approve")],
)
def test_a_shell_completes_commands_and_options(words: str, told: str, process: Command) -> None:
    line = f"toolbind {words}"
    done = process(
        _TOOLBIND_COMPLETE="bash_complete",
        COMP_WORDS=line,
        COMP_CWORD=str(len(line.split()) - 1),
    )
    assert (done.code, done.out) == (0, f"plain,{told}\n")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_completion(shell: str, process: Command) -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text()
    assert f"{shell}_source" in readme
    done = process(_TOOLBIND_COMPLETE=f"{shell}_source")
    assert f"_TOOLBIND_COMPLETE={shell}_complete" in done.out


@pytest.mark.parametrize("name", ["generate", "check", "list", "show", "explore", "diff"])
def test_help_says_what_a_pattern_is(name: str, toolbind: Command) -> None:
    assert "PATTERN selects operations:" in toolbind(name, "--help").out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_one_line_of_help(name: str, toolbind: Command) -> None:
    done = toolbind(name, "--help")
    assert done.code == 0
    assert done.err == ""
    lines = done.out.splitlines()
    options = lines[lines.index("Options:") + 1 :]
    options = options[: options.index("")] if "" in options else options
    assert all(line.startswith("  -") for line in options), "a help text runs over"
    assert all(len(line) <= 88 for line in lines)


def test_the_overview_names_every_command(toolbind: Command) -> None:
    shown = toolbind("--help").out
    assert all(f"  {name} " in shown for name in COMMANDS)


def test_a_misspelt_command_gets_a_hint(toolbind: Command) -> None:
    done = toolbind("genrate")
    assert done.code == 2
    assert "did you mean 'generate'?" in done.err


def test_nothing_heavy_is_imported_for_the_version() -> None:
    """What nobody needs must not be loaded: this is what keeps a run without changes cheap."""
    script = (
        "import sys; from toolbind.cli.main import run; run(['--version']); "
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    out = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout
    loaded = set(out.split())
    assert "click" in loaded
    assert not loaded & {"black", "jinja2", "yaml", "pydantic", "openapi_pydantic", "httpx", "rich"}


def test_nothing_heavy_is_imported_when_nothing_changed(process: Command) -> None:
    script = (
        "import sys; from toolbind.cli.main import run; "
        "code = run(['check', 'specs/pets.yaml', '-o', 'out']); "
        "print(code, *sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    process("generate", "specs/pets.yaml", "-o", "out")
    out = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout
    code, *loaded = out.split()
    assert code == "0"
    assert not set(loaded) & {"black", "jinja2", "yaml", "pydantic", "openapi_pydantic", "httpx"}


def test_list_for_programs(toolbind: Command) -> None:
    done = toolbind("list", "specs/pets.yaml", "--json")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    assert [one["name"] for one in found["operations"]] == ["list_pets", "get_pet", "delete_pet"]
    assert found["operations"][1]["arguments"] == [
        {"name": "pet_id", "wire": "pet_id", "in": "path", "required": True}
    ]
    assert found["skipped"] == []


def test_list_for_people_without_a_terminal(toolbind: Command) -> None:
    done = toolbind("list", "specs/pets.yaml", "--exclude", "DELETE")
    heading, *rows = done.out.splitlines()
    assert heading.split() == ["tool", "method", "path", "tokens", "arguments"]
    assert [row.split()[0] for row in rows] == ["list_pets", "get_pet"]
    assert rows[0].split()[-1] == "[limit]"
    assert rows[1].split()[-1] == "pet_id"
    assert done.err == "2 tools, 0 skipped, 1 excluded\n"


def test_list_obeys_the_settings(toolbind: Command, home: Path) -> None:
    (home / "toolbind.toml").write_text('[modules.pets]\nexclude = ["DELETE"]\n')
    assert "1 excluded" in toolbind("list", "specs/pets.yaml").err


def test_list_of_what_was_skipped(toolbind: Command, home: Path) -> None:
    with (home / "specs" / "pets.yaml").open("a") as file:
        file.write("  /../admin: {get: {responses: {'200': {description: ok}}}}\n")
    done = toolbind("list", "specs/pets.yaml", "--skipped")
    heading, row = done.out.splitlines()
    assert heading.split() == ["method", "path", "code", "reason"]
    assert row.split()[:2] == ["GET", "/../admin"]
    assert row.split()[2] in CODES


def test_show_tells_everything_about_one_tool(toolbind: Command) -> None:
    done = toolbind("show", "specs/pets.yaml", "get_pet")
    assert (done.code, done.err) == (0, "")
    for part in (
        "GET /pets/{pet_id}",
        '"required": [\n      "pet_id"\n    ]',
        "def get_pet(self, *, pet_id: str)",
        "GET https://pets.example/v1/pets/example",
    ):
        assert part in done.out


def test_show_of_no_tool(toolbind: Command) -> None:
    done = toolbind("show", "specs/pets.yaml", "get_pets")
    assert done.code == 2
    assert "did you mean " in done.err


@pytest.mark.parametrize("command", [("list", "x.yaml"), ("show", "x.yaml", "t")])
def test_a_refused_document_is_one_line_everywhere(
    command: tuple[str, ...], toolbind: Command, home: Path
) -> None:
    (home / "x.yaml").write_text(REFUSED)
    done = toolbind(*command)
    assert (done.code, done.out) == (3, "")
    assert len(done.err.splitlines()) == 1
    assert done.err.startswith("x.yaml:3:")


def test_explain_has_every_code(toolbind: Command) -> None:
    done = toolbind("explain")
    assert {line.split()[0] for line in done.out.splitlines()} == set(CODES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_explain_one_code(code: str, toolbind: Command) -> None:
    done = toolbind("explain", f"[{code}]")
    assert done.code == 0
    assert done.out.startswith(f"{code} ({CODES[code].severity})\n")
    assert CODES[code].remedy in done.out


def test_explain_settings_names_every_key(toolbind: Command) -> None:
    shown = toolbind("explain", "settings").out
    assert all(f"\n{key.name} " in shown for key in KEYS)


def test_the_settings_of_the_explanation_are_right(home: Path) -> None:
    (home / "pyproject.toml").write_text(EXAMPLE)
    settings = find(home)
    assert settings.values["specs"] == ("specs/*.yaml",)
    assert settings.modules["graph"]["include"] == ("tag:users",)


def test_explain_no_code(toolbind: Command) -> None:
    code = next(iter(CODES))
    done = toolbind("explain", code[:-1])
    assert done.code == 2
    assert f"did you mean {code!r}?" in done.err


def test_a_reader_that_goes_away_is_no_error(home: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "toolbind", "list", "specs/pets.yaml"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        assert child.stderr.read() == b""
    assert child.returncode == 0


def test_any_encoding_of_the_terminal_will_do(process: Command) -> None:
    done = process("explain", "\u00e9", PYTHONIOENCODING="ascii")
    assert done.code == 2
    assert done.err == "error: no diagnostic code '\\xe9'\n"


def test_a_terminal_gets_colour_and_a_pipe_does_not(
    toolbind: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "\x1b[" not in toolbind("generate").err
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in toolbind("generate").err
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in toolbind("generate").err


def test_the_console_script_is_this_command() -> None:
    [script] = entry_points(group="console_scripts", name="toolbind")
    assert script.load() is main
