"""Settings files: which one is found, what it may say, and where a mistake is shown to be."""

from __future__ import annotations

from pathlib import Path

import pytest
from toolbind.cli.plan.keys import KEYS
from toolbind.cli.plan.settings import Settings, find, load
from toolbind.cli.terminal.shell import Complaint

FULL = """\
[project]
name = "x"

[tool.toolbind]
output = "generated"
specs = ["specs/*.yaml", "https://api.example/openapi.json"]
strict = true
runtime = "installed"
overwrite = true
budget = 900
max-tools = 12
max-tool-tokens = 4000

[tool.toolbind.modules.graph]
spec = "specs/graph.json"
include = "tag:users"
exclude = ["DELETE", "/admin/*"]
server = "production"
media-type = ["application/json"]
ref-root = "shared"
allow-remote = ["schemas.example"]
overlays = ["specs/graph.overlay.yaml"]
allow-http = true
max-size = 200
allow-private = false
budget = 400
accepted = ["0123456789ab"]
prose = "brief"
list-style = "brackets"
hide = ["opt_pretty", "query:key"]
security = "bearer"
deprecated = false
bind.accountId = "account_id"
headers = {"X-Version" = "1"}
presets.triage = ["issues_*"]
"""


def test_every_key_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(FULL)
    settings = load(path, required=True)
    assert settings is not None
    assert settings.values == {
        "output": str(tmp_path / "generated"),
        "specs": ("specs/*.yaml", "https://api.example/openapi.json"),
        "strict": True,
        "runtime": "installed",
        "overwrite": True,
        "budget": 900,
        "max-tools": 12,
        "max-tool-tokens": 4000,
    }
    assert settings.modules == {
        "graph": {
            "spec": "specs/graph.json",
            "include": ("tag:users",),
            "exclude": ("DELETE", "/admin/*"),
            "server": "production",
            "media-type": ("application/json",),
            "ref-root": str(tmp_path / "shared"),
            "allow-remote": ("schemas.example",),
            "overlays": (str(tmp_path / "specs/graph.overlay.yaml"),),
            "allow-http": True,
            "max-size": 200,
            "allow-private": False,
            "budget": 400,
            "accepted": ("0123456789ab",),
            "prose": "brief",
            "list-style": "brackets",
            "hide": ("opt_pretty", "query:key"),
            "security": "bearer",
            "deprecated": False,
            "bind": {"accountId": "account_id"},
            "headers": {"X-Version": "1"},
            "presets": {"triage": ["issues_*"]},
        }
    }
    named = {key for table in (settings.values, settings.modules["graph"]) for key in table}
    assert named == {key.name for key in KEYS}, "a key of the table is missing in this test"


def test_a_module_has_its_own_over_the_project(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(FULL)
    settings = load(path, required=True)
    assert settings is not None
    assert settings.of("graph")["budget"] == 400
    assert settings.of("other")["budget"] == 900


MISTAKES = {
    "near-miss": (
        'output = "x"\n\n[modules.graph]\nincludes = ["a"]\n',
        "toolbind.toml:4: unknown key 'includes' in [modules.graph]; did you mean 'include'?",
    ),
    "nothing-near": (
        "colour = 1\n",
        "toolbind.toml:1: unknown key 'colour'",
    ),
    "project-key-in-module": (
        '[modules.graph]\nspec = "a"\noutput = "b"\n',
        "toolbind.toml:3: unknown key 'output' in [modules.graph]",
    ),
    "text-for-number": (
        'budget = "many"\n',
        "toolbind.toml:1: 'budget' takes: number above 0",
    ),
    "true-for-number": (
        "budget = true\n",
        "toolbind.toml:1: 'budget' takes: number above 0",
    ),
    "no choice": (
        'prose = "short"\n',
        "toolbind.toml:1: 'prose' takes: one of full, balanced, brief",
    ),
    "zero": ("budget = 0\n", "toolbind.toml:1: 'budget' takes: number above 0"),
    "number-in-texts": (
        "specs = [1]\n",
        "toolbind.toml:1: 'specs' takes: list of strings",
    ),
    "text-for-flag": ('strict = "yes"\n', "toolbind.toml:1: 'strict' takes: true or false"),
    "empty-text": (
        '[modules."a b"]\n"spec" = ""\n',
        "toolbind.toml:2: 'spec' takes: string in [modules.a b]",
    ),
    "module-no-table": (
        "# first\n[modules]\ngraph = 1\n",
        "toolbind.toml:3: 'graph' must be a table in [modules]",
    ),
    "modules-no-table": ("modules = []\n", "toolbind.toml:1: 'modules' must be a table"),
    "dotted": (
        "modules.graph.budgett = 3\n",
        "toolbind.toml:1: unknown key 'budgett' in [modules.graph]; did you mean 'budget'?",
    ),
}


@pytest.mark.parametrize(("text", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_shown_with_its_line(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "toolbind.toml"
    path.write_text(text)
    with pytest.raises(Complaint) as caught:
        load(path, required=True)
    assert caught.value.message == f"{tmp_path}/{message}"


def test_a_mistake_in_pyproject_names_the_whole_table(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text('[tool.other]\nbudget = 1\n\n[tool.toolbind]\nbudget = "x"\n')
    with pytest.raises(Complaint, match=r":5: 'budget' takes: .* in \[tool\.toolbind\]"):
        load(path, required=True)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"a = = 1", "Invalid value"), (b"a = '\xff'", "is not UTF-8")],
)
def test_an_unreadable_file_is_a_complaint(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "toolbind.toml"
    path.write_bytes(content)
    with pytest.raises(Complaint, match=reason):
        load(path, required=True)


def test_the_nearest_file_upwards_is_found(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "toolbind.toml").write_text("budget = 1\n")
    assert find(inner).values == {"budget": 1}
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.toolbind]\nbudget = 2\n")
    assert find(inner).values == {"budget": 2}
    (tmp_path / "a" / "toolbind.toml").write_text("budget = 3\n")
    assert find(inner).values == {"budget": 3}, "toolbind.toml wins in one folder"


def test_a_pyproject_without_our_table_is_passed_over(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "toolbind.toml").write_text("budget = 1\n")
    (inner / "pyproject.toml").write_text('[project]\ndependencies = ["toolbind"]\n')
    assert find(inner).values == {"budget": 1}


def test_a_broken_pyproject_that_is_not_ours_is_nobodys_error(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("= broken =")
    assert find(tmp_path) == Settings()


def test_asked_for_and_not_there(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text("[project]\n")
    with pytest.raises(Complaint, match=r"no \[tool\.toolbind\] table"):
        load(path, required=True)
