"""Overlays on the command line and in settings: applied, remembered, shown, printed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import Command, tree

SPEC = "specs/pets.yaml"
OVERLAY = "specs/pets.overlay.yaml"


def write_overlay(name: str, *actions: dict[str, Any]) -> None:
    written = {"overlay": "1.1.0", "info": {"title": "o", "version": "1"}, "actions": actions}
    Path(name).write_text(yaml.safe_dump(written, sort_keys=False))


@pytest.fixture(autouse=True)
def overlay(home: Path) -> None:
    action = {"target": "$.paths['/pets'].get", "update": {"summary": "Every pet there is."}}
    write_overlay(OVERLAY, action)


def test_a_module_is_made_of_the_mended_document_and_says_so(toolbind: Command) -> None:
    done = toolbind("generate", SPEC, "--overlay", OVERLAY, "-o", "out")
    assert done.code == 0, done.err
    text = Path("out/pets.py").read_text()
    assert "Every pet there is." in text
    digest = hashlib.sha256(Path(OVERLAY).read_bytes()).hexdigest()
    header = text.split('"""')[0]
    assert f"# SHA-256 of {OVERLAY}: {digest}\n" in header
    assert f"# toolbind generate {SPEC} -o out --overlay {OVERLAY}\n" in header


def test_the_command_in_the_header_makes_the_same_module_again(toolbind: Command) -> None:
    toolbind("generate", SPEC, "--overlay", OVERLAY, "-o", "out")
    first = tree(Path("out"))
    command = Path("out/pets.py").read_text().splitlines()[1].removeprefix("# toolbind ")
    assert toolbind(*command.split(), "--no-cache").code == 0
    assert tree(Path("out")) == first


def test_without_the_flag_an_overlay_beside_the_document_is_not_used(toolbind: Command) -> None:
    toolbind("generate", SPEC, "-o", "out")
    assert "Every pet there is." not in Path("out/pets.py").read_text()


@pytest.mark.parametrize(
    "settings",
    [
        f'specs = ["{SPEC}"]\noverlays = ["{OVERLAY}"]\n',
        f'[modules.pets]\nspec = "{SPEC}"\noverlays = "{OVERLAY}"\n',
        f'overlays = ["none.yaml"]\n[modules.pets]\nspec = "{SPEC}"\noverlays = ["{OVERLAY}"]\n',
    ],
)
def test_settings_name_overlays_for_all_modules_or_for_one(
    toolbind: Command, home: Path, monkeypatch: pytest.MonkeyPatch, settings: str
) -> None:
    Path("toolbind.toml").write_text(f'output = "out"\n{settings}')
    assert toolbind("generate").code == 0
    made = tree(home / "out")
    assert b"Every pet there is." in made["pets.py"]
    (home / "below").mkdir()
    monkeypatch.chdir(home / "below")
    done = toolbind("check")
    assert done.code == 0, done.out + done.err
    assert f"# SHA-256 of {OVERLAY}: " in made["pets.py"].decode()


def test_the_cache_and_check_know_every_overlay(toolbind: Command) -> None:
    flags = (SPEC, "--overlay", OVERLAY, "-o", "out")
    toolbind("generate", *flags)
    assert toolbind("check", *flags).code == 0
    write_overlay(OVERLAY, {"target": "$.paths['/pets'].get", "update": {"summary": "Changed."}})
    stale = toolbind("check", *flags)
    assert stale.code == 1
    assert "Changed." in stale.out
    assert toolbind("generate", *flags).code == 0
    assert toolbind("check", *flags).code == 0
    write_overlay("more.yaml", {"target": "$.info", "update": {"title": "Beasts"}})
    assert toolbind("check", *flags, "--overlay", "more.yaml").code == 1
    assert toolbind("check", *flags).code == 0


def test_overlays_are_applied_in_their_order(toolbind: Command) -> None:
    for name, title in (("a.yaml", "A"), ("b.yaml", "B")):
        write_overlay(name, {"target": "$.info", "update": {"title": title}})
    for order, wanted in (("a.yaml b.yaml", "B"), ("b.yaml a.yaml", "A")):
        flags = [word for name in order.split() for word in ("--overlay", name)]
        done = toolbind("overlay", SPEC, *flags)
        assert yaml.safe_load(done.out)["info"]["title"] == wanted


@pytest.mark.parametrize("command", ["generate", "check", "list", "show", "overlay"])
def test_what_cannot_be_applied_is_one_line_and_nothing_is_written(
    toolbind: Command, home: Path, command: str
) -> None:
    write_overlay(OVERLAY, {"target": "$.paths", "update": ["no object"]})
    rest = {"generate": ("-o", "out"), "check": ("-o", "out"), "show": ("list_pets",)}
    done = toolbind(command, SPEC, *rest.get(command, ()), "--overlay", OVERLAY)
    assert (done.code, done.out) == (3, "")
    (line,) = done.err.splitlines()
    assert line.startswith(f"{OVERLAY}:8:3: error: a list cannot be merged into an object")
    assert not (home / "out").exists()


def test_an_overlay_that_is_not_there_or_given_twice_is_told(toolbind: Command) -> None:
    done = toolbind("list", SPEC, "--overlay", "none.yaml")
    assert (done.code, done.err) == (2, "error: none.yaml: No such file or directory\n")
    done = toolbind("list", SPEC, "--overlay", OVERLAY, "--overlay", OVERLAY)
    assert (done.code, done.err) == (2, f"error: the overlay {OVERLAY} is given twice\n")
    done = toolbind("list", SPEC, "--overlay", "https://overlays.example/o.yaml")
    assert done.code == 3
    assert "overlays are not fetched" in done.err


def test_warnings_of_overlays_count_under_strict(toolbind: Command) -> None:
    write_overlay(OVERLAY, {"target": "$.paths['/pet'].get", "update": {"summary": "x"}})
    done = toolbind("generate", SPEC, "-o", "out", "--overlay", OVERLAY, "--strict")
    assert done.code == 3
    assert "did you mean '/pets'?" in done.err
    assert not Path("out").exists()


# --- list ----------------------------------------------------------------------------------------


def test_list_shows_tools_and_tokens_before_and_after(toolbind: Command) -> None:
    write_overlay(
        OVERLAY,
        {"target": "$.paths['/pets'].get", "update": {"x-toolbind": {"name": "find_pets"}}},
        {"target": "$.paths['/pets/{pet_id}'].delete", "remove": True},
        {"target": "$.paths['/pets']", "update": {"post": {"responses": {}}}},
    )
    done = toolbind("list", SPEC, "--overlay", OVERLAY)
    rows = [line.split() for line in done.out.splitlines()]
    assert rows[0] == ["tool", "was", "method", "path", "tokens", "before", "arguments"]
    assert rows[1][:4] == ["find_pets", "list_pets", "GET", "/pets"]
    assert rows[2][:4] == ["post_pets", "(new)", "POST", "/pets"]
    assert rows[3][:3] == ["get_pet", "GET", "/pets/{pet_id}"]
    assert rows[4][:4] == ["(gone)", "delete_pet", "DELETE", "/pets/{pet_id}"]
    assert "before: 3 tools, " in done.err


def test_list_as_json_tells_what_was_before(toolbind: Command) -> None:
    plain = json.loads(toolbind("list", SPEC, "--json").out)
    assert "before" not in plain
    found = json.loads(toolbind("list", SPEC, "--overlay", OVERLAY, "--json").out)
    before = [
        {k: one[k] for k in ("name", "method", "path", "tokens")} for one in plain["operations"]
    ]
    assert found["before"] == {"operations": before}
    assert found["operations"] != plain["operations"]


def test_list_shows_what_a_document_is_that_only_its_overlay_makes_one(toolbind: Command) -> None:
    Path("bad.yaml").write_text("openapi: 3.0.3\ninfo: {title: Bad, version: '1'}\n")
    write_overlay(OVERLAY, {"target": "$", "update": {"paths": {"/a": {"get": {"responses": {}}}}}})
    done = toolbind("list", "bad.yaml", "--overlay", OVERLAY)
    assert (done.code, len(done.out.splitlines())) == (0, 2)
    assert "before: 0 tools, 0 tokens" in done.err


# --- overlay -------------------------------------------------------------------------------------


def test_the_mended_document_is_printed_as_the_document_is_written(toolbind: Command) -> None:
    done = toolbind("overlay", SPEC, "--overlay", OVERLAY)
    before = yaml.safe_load(Path(SPEC).read_text())
    before["paths"]["/pets"]["get"]["summary"] = "Every pet there is."
    assert (done.code, yaml.safe_load(done.out)) == (0, before)
    Path("pets.json").write_text(json.dumps(before, indent=4))
    write_overlay(OVERLAY, {"target": "$.info", "update": {"title": "Bêtes"}})
    done = toolbind("overlay", "pets.json", "--overlay", OVERLAY)
    before["info"]["title"] = "Bêtes"
    assert done.out == json.dumps(before, indent=4, ensure_ascii=False) + "\n"


def test_the_mended_document_gives_what_document_and_overlay_give(toolbind: Command) -> None:
    toolbind("overlay", SPEC, "--overlay", OVERLAY, "-o", "mended.yaml")
    both = json.loads(toolbind("list", SPEC, "--overlay", OVERLAY, "--json").out)
    alone = json.loads(toolbind("list", "mended.yaml", "--json").out)
    assert alone["operations"] == both["operations"]


def test_neither_document_nor_overlay_is_overwritten(toolbind: Command) -> None:
    for name in (SPEC, f"./{SPEC}", OVERLAY):
        before = Path(name).read_bytes()
        done = toolbind("overlay", SPEC, "--overlay", OVERLAY, "-o", name)
        assert done.code == 2
        assert "would be overwritten" in done.err
        assert Path(name).read_bytes() == before


def test_without_an_overlay_there_is_nothing_to_print(toolbind: Command) -> None:
    done = toolbind("overlay", SPEC)
    assert (done.code, done.out) == (2, "")
    assert "give --overlay FILE" in done.err
