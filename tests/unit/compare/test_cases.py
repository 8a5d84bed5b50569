"""Every kind of change with its two verdicts, row by row of cases.yaml; and what holds for all."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from toolbind.compare import KINDS, Comparison, compare
from toolbind.pipeline import examine
from toolbind.read import Source

TABLE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text())
ROWS: list[dict[str, Any]] = TABLE["cases"]
BY_NAME = {row["change"]: row for row in ROWS}


def api(actions: list[Any]) -> Any:
    overlay = {"overlay": "1.1.0", "info": {"title": "t", "version": "1"}, "actions": actions}
    overlays = (Source.of_text(json.dumps(overlay), "o.json"),) if actions else ()
    text = json.dumps(copy.deepcopy(TABLE["document"]))
    return examine(Source("shop.json", text.encode(), overlays=overlays)).api


OLD = api([])


def told(found: Comparison) -> list[str]:
    return [f"{each.id} {each.place}: {each.code}/{each.model}" for each in found.changes]


@pytest.mark.parametrize("row", ROWS, ids=[row["change"] for row in ROWS])
def test_change(row: dict[str, Any]) -> None:
    found = told(compare(OLD, api(row["actions"])))
    beside = tuple(row.get("but", ()))  # what may be told as well, by how much words cost
    assert [each for each in found if not each.startswith(beside)] == [
        each for each in row["told"] if not each.startswith(beside)
    ]


def test_nothing_differs_from_itself() -> None:
    assert compare(OLD, OLD).changes == ()


def test_every_change_has_a_fingerprint_of_its_own_that_stays() -> None:
    for row in ROWS:
        first, second = compare(OLD, api(row["actions"])), compare(OLD, api(row["actions"]))
        prints = [each.fingerprint for each in first.changes]
        assert prints == [each.fingerprint for each in second.changes]
        assert len(set(prints)) == len(prints), row["change"]


def test_a_fingerprint_does_not_depend_on_what_else_changed() -> None:
    one, other = BY_NAME["an argument is gone"], BY_NAME["other words"]
    alone = compare(OLD, api(one["actions"])).changes[0]
    together = compare(OLD, api([*one["actions"], *other["actions"]])).changes
    assert alone.fingerprint in {each.fingerprint for each in together}


def test_accepted_changes_do_not_count() -> None:
    found = compare(OLD, api(BY_NAME["an operation is gone"]["actions"]))
    assert found.counted()["breaking"] == 1
    accepted = found.accepting({found.changes[0].fingerprint})
    assert accepted.counted() == {"breaking": 0, "warning": 0, "info": 0}
    assert accepted.changes[0].accepted


@pytest.mark.parametrize("name", ["a new name", "a path variable with another name"])
def test_the_overlay_that_is_proposed_takes_the_new_names_back(name: str) -> None:
    new = api(BY_NAME[name]["actions"])
    found = compare(OLD, new)
    actions = [action for each in found.changes for action in yaml.safe_load(each.overlay or "[]")]
    mended = api([*BY_NAME[name]["actions"], *actions])
    assert "operation-renamed" not in {each.id for each in compare(OLD, mended).changes}


def test_a_change_of_a_type_is_told_once_with_all_that_use_it() -> None:
    found = compare(OLD, api(BY_NAME["a member of an answer is gone"]["actions"]))
    assert [each.users for each in found.changes] == [("list_pets", "create_pet", "get_pet")]


def test_every_row_of_the_table_of_kinds_is_said_somewhere() -> None:
    folder = Path(__file__).parents[3] / "generator" / "toolbind" / "compare"
    files = [path for path in folder.glob("*.py") if path.name != "kinds.py"]
    text = "".join(path.read_text() for path in files)
    made = {
        f"{kind}-{how}"
        for kind in ("argument", "answer")
        for how in ("narrowed", "widened", "changed")
    }
    assert [id_ for id_ in KINDS if f'"{id_}"' not in text and id_ not in made] == []


@pytest.mark.parametrize(
    ("name", "back"),
    [
        ("an argument is hidden", ["argument-shown limit: none/info"]),
        ("a preset", ["preset-removed preset reading: breaking/warning"]),
        ("a call is dangerous", ["became-read : info/info"]),
    ],
)
def test_what_is_taken_back(name: str, back: list[str]) -> None:
    found = told(compare(api(BY_NAME[name]["actions"]), OLD))
    assert [each for each in found if not each.startswith("tokens-")] == back


def test_a_preset_that_holds_other_tools() -> None:
    def with_preset(*tools: str) -> Any:
        presets = {"presets": {"some": list(tools)}}
        return api([{"target": "$", "update": {"x-toolbind": presets}}])

    (change,) = compare(with_preset("list_*"), with_preset("get_*")).changes
    assert change.message == "the preset `some` holds `get_pet`, no `list_pets`"
