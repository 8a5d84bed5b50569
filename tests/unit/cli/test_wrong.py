"""Wrong invocations of every command: one line each, and it ends with what to do."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from toolbind.cli.main import COMMANDS

from .conftest import PETS, Command, Once

FILES = {
    "page.json": "<!DOCTYPE html>\n<html><body>Sign in</body></html>\n",
    "tab.yaml": "openapi: 3.0.3\ninfo:\n\ttitle: Pets\n",
    "postman.json": json.dumps({"info": {"_postman_id": "1", "name": "Pets"}, "item": []}),
    "async.yaml": "asyncapi: 3.0.0\ninfo: {title: Pets, version: '1'}\n",
    "none.yaml": "openapi: 3.0.3\ninfo: {title: Pets, version: '1'}\npaths: {}\n",
    "large.yaml": PETS + "# " + "x" * 1_100_000 + "\n",
    "bad.toml": 'outptu = "out"\n',
    "list.json": "[1]",
    "more.overlay.yaml": "overlay: 1.0.0\ninfo: {title: More, version: '1'}\nactions: []\n",
}

SPEC, PET, MODULE = "specs/pets.yaml", "out/pets.py", "out.pets"

WRONG: list[tuple[str, int, str]] = [
    # what is no document
    ("generate page.json -o new", 3, "is HTML or XML: save the API's JSON or YAML itself"),
    ("generate tab.yaml -o new", 3, "tab.yaml:3:1: error: a tab .*: YAML is indented with spaces"),
    ("generate postman.json -o new", 3, "a Postman collection: export the API from Postman as Op"),
    ("list async.yaml", 3, r"looks like an AsyncAPI document\); Swagger 2.0 and OpenAPI 3.0, 3.1"),
    ("generate none.yaml -o new", 3, "the document has no operations"),
    ("generate http://pets.example/a.json -o new", 3, "is not https; --allow-http lets it"),
    ("generate large.yaml -o new --max-size 1", 3, "1,000,000 bytes; --max-size MB raises the li"),
    ("generate specs/pts.yaml -o new", 2, "specs/pts.yaml: No such file"),
    # generate and check
    ("generate", 2, r"neither a SPEC nor settings here: give SPEC -o DIR, or name documents in"),
    ("generate -o new", 2, r"no SPEC given, .*: give SPEC -o DIR, or name documents in"),
    (f"generate {SPEC}", 2, "give -o DIR, or set `output` in the settings"),
    ("check", 2, "neither a SPEC nor settings here: give SPEC -o DIR"),
    (f"generate {SPEC} -o new --settings bad.toml", 2, "'outptu'; did you mean 'output'"),
    (f"generate {SPEC} -o new --budgte 5", 2, "--budg.*; toolbind generate --help shows"),
    (f"generate {SPEC} -o new --name class", 2, "is a keyword of Python"),
    ("generate - -o new", 2, "a document on stdin has no name: give --name NAME"),
    (f"generate {SPEC} -o new --server 9", 3, "offered: 1 'https://pets.example/v1'"),
    (f"generate {SPEC} -o new --include nothing", 3, "the patterns leave no operation"),
    (f"generate {SPEC} -o {SPEC}", 2, "is a file, and the modules need a folder"),
    (f"generate {SPEC} -o new --header X", 2, "--header takes H=TEXT, and not 'X'"),
    # list, show, search, overlay, diff, explain
    ("list", 2, "Missing argument 'SPEC'; toolbind list --help shows what there is"),
    (f"show {SPEC} get_pt", 2, "no tool 'get_pt'; did you mean 'get_pet'"),
    (f"show {SPEC}", 2, "Missing argument 'TOOL'; toolbind show --help"),
    (f"search {SPEC}", 2, "Missing argument 'QUERY'; toolbind search --help"),
    (f"overlay {SPEC}", 2, "give --overlay FILE, or `overlays` in the settings"),
    (f"list {SPEC} --overlay {SPEC}", 3, "overlay"),
    (f"diff {SPEC}", 2, "give OLD and NEW, or --base REVISION"),
    (f"diff {SPEC} {SPEC} --format xml", 2, "'github'; toolbind diff --help"),
    ("explain parameter-nme", 2, "did you mean"),
    # call
    ("call out.pts list_pets", 2, "no module 'out.pts' here; did you mean 'out.pets'"),
    ("call out/pts.py list_pets", 2, "out/pts.py: no such file; did you mean 'out/pets.py'"),
    (f"call {SPEC} list_pets", 2, f"is a document; .*: toolbind generate {SPEC} -o generated"),
    (f"call {PET} list_pts", 2, "has no tool 'list_pts'; did you mean 'list_pets'"),
    (f"call {PET} list_pets limit=5", 2, r"ARGS is not JSON.*; write '\{\"limit\": 5\}' in single"),
    (
        f"call {PET} list_pets [5]",
        2,
        r"must be a JSON object; write '\{\"limit\": 5\}' in single q",
    ),
    (f"call {PET} list_pets @none.json", 2, "none.json: No such file"),
    # ask
    (f"ask {PET}", 2, "Missing argument .*; toolbind ask --help"),
    (f"ask {PET} Hi", 2, "CLOUDFLARE_ACCOUNT_ID"),
    (f"ask {PET} Hi --transcript run.pdf", 2, r"ends in \.pdf; name a file with \.json, \.md, "),
    (f"ask {PET} Hi --base-url http://127.0.0.1:1/v1", 4, "is the server running\\?"),
    (f"ask {PET} Hi --model @cf/baai/bge-m3 --base-url x", 2, "use for example @cf/|base_url|http"),
    (f"ask {PET} Hi --approve maybe", 2, "'none'; toolbind ask --help"),
    (f"ask {PET} {PET} Hi --api-url http://127.0.0.1:1", 2, "--api-url goes with one MODULE"),
    (f"ask {PET} Hi --token-env NOT_SET", 2, "NOT_SET of --token-env is not set"),
    # explore, serve, worker
    (f"explore {SPEC}", 2, "give -o FILE, -o - for stdout, or --serve"),
    (f"explore {SPEC} -o specs/pets.yaml", 2, "name another file"),
    (f"serve {SPEC}", 2, f"is a document; .*: toolbind generate {SPEC} -o generated"),
    (f"worker {SPEC} -o new", 2, "is a document; generate its module and name that"),
    ("worker out.pts -o new", 2, "did you mean 'out.pets'"),
    # the command itself
    ("generat x.yaml", 2, "no command 'generat'; did you mean 'generate'"),
    ("--verison", 2, "--version"),
]


@pytest.fixture(autouse=True)
def place(toolbind: Command, home: Path, once: Once, monkeypatch: pytest.MonkeyPatch) -> None:
    once("wrong", home / "out", lambda: toolbind("generate", SPEC, "-o", "out", "-q"))
    for name, text in FILES.items():
        (home / name).write_text(text)
    for name in ("CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN", "NOT_SET"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(("line", "code", "told"), WRONG, ids=[line for line, _, _ in WRONG])
def test_a_wrong_invocation_is_one_line_that_ends_with_what_to_do(
    line: str, code: int, told: str, toolbind: Command, home: Path
) -> None:
    done = toolbind(*line.split())
    assert (done.code, done.out) == (code, ""), done.err
    [said] = done.err.splitlines()
    assert re.search(told, said), said
    assert not (home / "new").exists()


def test_every_command_has_its_wrong_invocations() -> None:
    assert {line.split()[0] for line, _, _ in WRONG} >= set(COMMANDS)
    assert len(WRONG) >= 40
