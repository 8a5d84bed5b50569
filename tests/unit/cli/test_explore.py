"""`toolbind explore`: a page of a document or of a module, written with care, or served."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from toolbind.explore import MARK

from tests.unit.explore.subjects import details_of, index_of

from .conftest import PETS, REFUSED, Command


@pytest.fixture
def pets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "pets.yaml"
    path.write_text(PETS)
    return path


def names(page: str) -> list[str]:
    return [each["name"] for each in index_of(page)["tools"]]


def test_a_document_becomes_a_page(pets: Path, toolbind: Command) -> None:
    done = toolbind("explore", "pets.yaml", "-o", "pets.html")
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith("pets.html: 3 tools, ")
    page = Path("pets.html").read_text()
    assert names(page) == ["list_pets", "get_pet", "delete_pet"]
    assert index_of(page)["source"] == "pets.yaml"
    assert details_of(page)[0]["example"]["request"].startswith("GET https://pets.example/v1/pets")


def test_a_module_becomes_a_page(pets: Path, toolbind: Command) -> None:
    toolbind("generate", "pets.yaml", "-o", "generated")
    done = toolbind("explore", "generated/pets.py", "-o", "-")
    assert done.code == 0
    assert names(done.out) == ["list_pets", "get_pet", "delete_pet"]
    assert index_of(done.out)["fromModule"] is True


def test_options_of_documents_hold(pets: Path, toolbind: Command) -> None:
    done = toolbind("explore", "pets.yaml", "-o", "-", "--include", "get_*")
    assert names(done.out) == ["get_pet"]
    assert index_of(done.out)["excluded"] == 2


def test_secrets_of_the_environment_are_on_no_page(
    pets: Path, toolbind: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    secured = PETS.replace(
        "paths:\n",
        "security: [{key: []}]\n"
        "components: {securitySchemes: {key: {type: apiKey, in: query, name: key}}}\npaths:\n",
        1,
    )
    pets.write_text(secured)
    monkeypatch.setenv("PETS_API_KEY", "canary-5ecret")
    monkeypatch.setenv("PETS_KEY", "canary-5ecret")
    done = toolbind("explore", "pets.yaml", "-o", "-")
    assert "key=***" in json.dumps(details_of(done.out))
    assert "canary-5ecret" not in done.out + json.dumps(details_of(done.out))


def test_a_page_names_no_folder_of_a_home(pets: Path, toolbind: Command) -> None:
    done = toolbind("explore", str(pets), "-o", "-")
    assert index_of(done.out)["source"] == "pets.yaml"
    assert str(pets.parent) not in done.out + json.dumps(details_of(done.out))


def test_only_an_older_page_is_written_over(pets: Path, toolbind: Command) -> None:
    Path("mine.html").write_text("<h1>Mine</h1>")
    done = toolbind("explore", "pets.yaml", "-o", "mine.html")
    assert done.code == 2
    assert "is no page of toolbind" in done.err
    assert Path("mine.html").read_text() == "<h1>Mine</h1>"
    Path("old.html").write_text(f'<head>{MARK} 0.0.1">')
    assert toolbind("explore", "pets.yaml", "-o", "old.html").code == 0
    assert names(Path("old.html").read_text())


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["pets.yaml"], 2, "nowhere to write the page"),
        (["pets.yaml", "-o", "x.html", "--serve"], 2, "give one of them"),
        (["pets.yaml", "-o", "x.html", "--allow-calls"], 2, "--allow-calls goes with --serve"),
        (["pets.yaml", "-o", "x.html", "--port", "0"], 2, "--port goes with --serve"),
        (["pets.yaml", "-o", "x.html", "--base-url", "http://x"], 2, "--base-url goes with"),
        (["pets.yaml", "-o", "pets.yaml"], 2, "is no page of toolbind"),
        (["pets.yaml", "-o", "no/../.."], 2, ""),
        (["pets.yaml", "-o", "pets.yaml/x.html"], 2, "pets.yaml"),
        (["pets.yaml", "-o", "/proc/x.html"], 2, "/proc/"),
        (["missing.yaml", "-o", "x.html"], 2, "missing.yaml"),
        (["missing.module", "-o", "x.html"], 2, "no module 'missing.module'"),
        (["json", "-o", "x.html"], 2, "is not a module that toolbind generated"),
        (["bad.yaml", "-o", "x.html"], 3, "bad.yaml"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    pets: Path, toolbind: Command, arguments: list[str], code: int, told: str
) -> None:
    Path("bad.yaml").write_text(REFUSED)
    done = toolbind("explore", *arguments)
    assert done.code == code
    assert told in done.err
    assert len(done.err.splitlines()) == 1
    assert done.out == ""
    assert not Path("x.html").exists()


OVERLAY = """\
overlay: 1.1.0
info: {title: Ours, version: "1"}
actions:
  - {target: "$.paths['/pets'].get", update: {summary: Every pet there is.}}
  - {target: "$.paths['/pets/{pet_id}'].get.parameters[0]", update: {description: Its number.}}
"""


def test_a_page_shows_presets_and_what_overlays_gave(pets: Path, toolbind: Command) -> None:
    Path("ours.yaml").write_text(OVERLAY)
    Path("toolbind.toml").write_text(
        'output = "out"\n[modules.pets]\nspec = "pets.yaml"\noverlays = ["ours.yaml"]\n'
        'presets.look = ["*_pets", "get_*"]\n'
    )
    assert toolbind("generate").code == 0
    for target in ("pets.yaml", "out/pets.py"):
        done = toolbind("explore", target, "-o", "pets.html")
        assert done.code == 0, done.err
        (preset,) = index_of(Path("pets.html").read_text())["presets"]
        assert (preset["name"], preset["tools"]) == ("look", ["list_pets", "get_pet"])
        assert preset["tokens"] > 0
        Path("pets.html").rename(f"{Path(target).suffix[1:]}.html")
    told = [each.get("changes") for each in details_of(Path("yaml.html").read_text())]
    (summary,), (described,), none = told
    assert none is None
    assert summary["message"] == "summary: Every pet there is."
    assert summary["place"].startswith("ours.yaml:4:")
    assert described["message"] == "parameters / 0 / description: Its number."
    assert described["place"].startswith("ours.yaml:5:")


def test_what_the_client_is_bound_to_is_told_and_stands_in_no_example(
    pets: Path, toolbind: Command
) -> None:
    Path("pets.yaml").write_text(PETS.replace("schema: {type: string}", "schema: {type: integer}"))
    Path("toolbind.toml").write_text(
        'output = "out"\n[modules.pets]\nspec = "pets.yaml"\nbind.pet_id = "pet"\n'
    )
    assert toolbind("generate").code == 0
    for target in ("pets.yaml", "out/pets.py"):
        assert toolbind("explore", target, "-o", "x.html").code == 0
        page = Path("x.html").read_text()
        (row,) = index_of(page)["credentials"]
        assert (row["arguments"], row["variables"]) == (["pet"], ["PETS_PET"])
        for detail in details_of(page):
            assert "problem" not in detail["example"]
        assert "/pets/1" in details_of(page)[1]["example"]["request"]
    (variable,) = json.loads(toolbind("serve", "out/pets.py", "--server-json").out)["packages"][0][
        "environmentVariables"
    ]
    assert (variable["name"], variable["isSecret"]) == ("PETS_PET", False)


def test_options_of_documents_do_not_go_with_a_module(pets: Path, toolbind: Command) -> None:
    toolbind("generate", "pets.yaml", "-o", "generated")
    done = toolbind("explore", "generated/pets.py", "-o", "x.html", "--include", "get_*")
    assert done.code == 2
    assert "--include: goes with a document" in done.err


def test_the_page_is_served_until_it_is_interrupted(pets: Path) -> None:
    command = [sys.executable, "-m", "toolbind", "explore", "pets.yaml", "--serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        url = running.stderr.readline().strip()
        assert running.stderr.readline() == "nothing is sent to the API\n"
        assert urlsplit(url).hostname == "127.0.0.1"
        page = httpx.get(url, trust_env=False, timeout=20)
        assert names(page.text) == ["list_pets", "get_pet", "delete_pet"]
        running.send_signal(signal.SIGINT)
        assert running.wait(10) == 0
        assert running.stderr.read() == ""


def test_a_port_in_use_is_one_line(pets: Path, toolbind: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = toolbind("explore", "pets.yaml", "--serve", "--port", port)
    assert done.code == 2
    assert f"port {port}: Address already in use; give another --port" in done.err
