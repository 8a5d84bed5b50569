"""The table of threats is true: each has something that shows it, and that exists."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
TABLE: dict[str, dict[str, list[str]]] = tomllib.loads(
    (Path(__file__).parent / "threats.toml").read_text("utf-8")
)
ROWS = [(section, threat) for section, threats in TABLE.items() for threat in threats]


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, kinds))


@cache
def hostile_kinds() -> frozenset[str]:
    index = json.loads((TESTS / "hostile" / "index.json").read_text("utf-8"))
    return frozenset(case["kind"] for case in index.values())


@pytest.mark.parametrize(("section", "threat"), ROWS, ids=[threat for _, threat in ROWS])
def test_a_threat_is_shown_by_something_that_exists(section: str, threat: str) -> None:
    shown_by = TABLE[section][threat]
    assert shown_by
    for entry in shown_by:
        if entry.startswith("hostile:"):
            assert entry.removeprefix("hostile:") in hostile_kinds()
        else:
            file, _, name = entry.partition("::")
            assert name.startswith("test_")
            assert name in names_in(file), entry


def test_every_hostile_document_shows_a_threat() -> None:
    named = {each for threats in TABLE.values() for entries in threats.values() for each in entries}
    assert {f"hostile:{kind}" for kind in hostile_kinds()} <= named


def test_every_security_test_shows_a_threat() -> None:
    named = {each for threats in TABLE.values() for entries in threats.values() for each in entries}
    here = Path(__file__).parent
    for path in here.glob("test_*.py"):
        if path != Path(__file__):
            for name in names_in(f"security/{path.name}"):
                if name.startswith("test_"):
                    assert f"security/{path.name}::{name}" in named


def test_the_development_lock_has_a_digest_for_everything() -> None:
    text = (TESTS.parent / "requirements-dev.txt").read_text("utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    pinned = [block for block in blocks if re.match(r"[a-z0-9][a-z0-9._-]*(\[.*\])?==", block)]
    assert len(pinned) > 20
    assert all("--hash=sha256:" in block for block in pinned)
    assert not re.search(r"^(-e|git\+|https?:)", text, re.MULTILINE)
