"""Documents that attack a generator, each with what must happen (`index.json` beside this file).

Every case runs the command in a process of its own (`forking` has imported it before), with limits
of time and memory, next to a secret file that no reference may reach; what was generated is
imported and called in another.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.hostile.forking import Forking
from tests.hostile.grown import GROWN

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
INDEX: dict[str, dict[str, Any]] = json.loads((HERE / "index.json").read_text())
PLACE = re.compile(r"#/|#\)|:\d+:\d+|line \d+|column \d+|byte \d+")
TOOL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")


@pytest.fixture(scope="module")
def forking() -> Iterator[Forking]:
    one = Forking()
    yield one
    one.close()


def document(name: str) -> bytes:
    return GROWN[name]() if name in GROWN else (HERE / "documents" / name).read_bytes()


def hidden(text: str) -> list[str]:
    """Characters that a reader of the source would not see or that reorder what he sees."""
    return [
        c
        for c in text
        if (unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") and c not in "\n\t")
    ]


class Case:
    """One document in a fresh folder, with its canary and the secrets beside it."""

    def __init__(self, name: str, folder: Path, forking: Forking) -> None:
        self.name = name
        self.folder = folder
        self.forking = forking
        self.wanted = INDEX[name]
        self.canaries = folder / "canaries"
        self.out = folder / "work" / "out"
        self.spec = folder / "work" / "specs" / f"hostile{Path(name).suffix}"
        self.canaries.mkdir()
        self.spec.parent.mkdir(parents=True)
        self.out.mkdir()
        self.spec.write_bytes(document(name))
        for secret in ("secret.json", "secret.yaml"):
            text = json.dumps({"Leak": {"type": "object", "properties": {"stolen_secret": {}}}})
            (self.spec.parent.parent / secret).write_text(text)
        (self.out / "kept.txt").write_text("stays\n")
        self.environment = {
            **os.environ,
            "CANARY_DIR": str(self.canaries),
            "PACKAGE": str(self.out),
            "TOOLBIND_CACHE_DIR": str(folder / "cache"),
            "PYTHONPATH": "",
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.forking.run(
            *arguments,
            cwd=self.spec.parent.parent,
            environment=self.environment,
            folder=self.folder / f"run-{len(list(self.folder.iterdir()))}",
        )

    def quiet(self, *outputs: str) -> None:
        """No payload has fired."""
        assert not list(self.canaries.iterdir())
        for output in outputs:
            assert not (self.wanted["canary"] and f"{self.wanted['canary']}\n" in output)

    def written(self) -> set[str]:
        tree = self.spec.parent.parent
        return {str(p.relative_to(tree)) for p in tree.rglob("*") if p.is_file()}


@pytest.mark.parametrize("name", sorted(INDEX))
def test_hostile_document(name: str, tmp_path: Path, forking: Forking) -> None:
    case = Case(name, tmp_path, forking)
    before = case.written()
    done = case.run("-m", "toolbind", "generate", str(case.spec), "-o", str(case.out))
    assert done.returncode != 97
    case.quiet(done.stdout, done.stderr)
    assert not re.search(r"^Traceback", done.stderr, re.MULTILINE)
    assert not hidden(done.stderr)
    allowed = {case.wanted["expect"], case.wanted.get("alt")}
    if done.returncode:
        assert "reject" in allowed, done.stderr
        refused(case, done.stderr, before)
    else:
        assert "generate" in allowed, "a document that must be refused was taken"
        generated(case, done.stderr)


def refused(case: Case, stderr: str, before: set[str]) -> None:
    """One located line, and nothing touched."""
    errors = [line for line in stderr.splitlines() if not re.search(r": (warning|note): ", line)]
    assert len(errors) == 1, stderr
    if case.wanted.get("place", True):
        assert PLACE.search(errors[0]), errors[0]
    assert case.written() == before


def generated(case: Case, stderr: str) -> None:
    """The module is plain text, imports without effect, and keeps its requests in place."""
    outside = {p for p in case.written() if not p.startswith(("work/out/", "out/", "specs/"))}
    assert outside <= {"secret.json", "secret.yaml"}
    for path in case.out.glob("*.py"):
        text = path.read_bytes().decode("utf-8")
        ast.parse(text)
        assert not hidden(text), path.name
        assert "stolen_secret" not in text
    folder = str(case.out.parent)
    probe = case.run(str(HERE / "probe.py"), folder, "hostile")
    assert probe.returncode == 0, probe.stderr[-2000:]
    case.quiet(probe.stdout, probe.stderr)
    report = json.loads(probe.stdout)
    assert not report["builtins"]
    assert not report["environment"]
    looks_right(case, report, stderr)
    stays_home(case, report["requests"])
    assert report["base"] == case.wanted.get("base", report["base"])
    assert not set(report["servers"]) - set(case.wanted.get("servers", report["servers"]))


def looks_right(case: Case, report: dict[str, Any], stderr: str) -> None:
    tools = report["tools"]
    names = [tool["name"] for tool in tools]
    assert len({name.lower() for name in names}) == len(names)
    assert all(TOOL_NAME.fullmatch(name) for name in names)
    left_out = re.search(r"(\d+) skipped", stderr)
    if "skipped" in case.wanted:
        assert left_out, stderr
        assert int(left_out[1]) == case.wanted["skipped"], stderr
        told = [line for line in stderr.splitlines() if " is skipped: " in line]
        assert tools, "nothing is left"
        assert len(told) == 1, stderr
        assert PLACE.search(told[0]), stderr
    if "ops" in case.wanted:
        assert case.wanted["ops"] - len(tools) == (int(left_out[1]) if left_out else 0), stderr
    text = json.dumps(tools, ensure_ascii=False)
    for described in re.findall(r'"description": ("(?:[^"\\]|\\.)*")', text):
        assert not hidden(json.loads(described))
        assert len(json.loads(described)) <= 4096
    for exact in case.wanted.get("exact", ()):
        assert json.dumps(exact, ensure_ascii=False) in text
    arguments = {name.lower() for tool in tools for name in tool["parameters"]["properties"]}
    for banned in case.wanted.get("noprop", ()):
        assert banned not in arguments
        assert banned.replace("-", "_") not in arguments


def stays_home(case: Case, requests: list[dict[str, Any]]) -> None:
    """Same origin, under the base path, nothing that splits a header or a line."""
    for request in requests:
        url = urlsplit(request["url"])
        assert (url.scheme, url.netloc) == ("https", "caller.example")
        assert request["target"].startswith("/base")
        assert "/.." not in request["target"].partition("?")[0]
        flat = json.dumps([request["target"], request["headers"]])
        assert r"\r" not in flat
        assert r"\n" not in flat
        assert not any(name.lower() == "x-evil" for name, _ in request["headers"])
    for name in case.wanted.get("wire", {}).get("query", ()):
        from urllib.parse import parse_qsl

        sent = [k for r in requests for k, _ in parse_qsl(urlsplit(r["url"]).query, True)]
        assert name in sent
