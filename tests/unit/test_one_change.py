"""One operation changed is one hunk in each file that it concerns, and nothing in any other."""

from __future__ import annotations

import json
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest
import yaml
from toolbind.pipeline import generate

Json = dict[str, Any]

PETS = Path(__file__).parents[2] / "specs" / "petstore.yaml"
CLIENTS = ["pets.py", "pets_async.py"]
FILES = [*CLIENTS, "pets_tools.py", "pets_types.py"]


def another_summary(paths: Json) -> None:
    paths["/pets/{petId}"]["delete"]["summary"] = "Give a pet away."


def another_parameter(paths: Json) -> None:
    paths["/status"]["get"]["parameters"] = [
        {"name": "since", "in": "query", "description": "From when.", "schema": {"type": "string"}},
    ]


def another_way_on_the_wire(paths: Json) -> None:
    paths["/status"]["get"]["servers"] = [{"url": "https://status.example"}]


def another_answer(paths: Json) -> None:
    answer = {"type": "object", "properties": {"open": {"type": "boolean"}}}
    content = {"application/json": {"schema": answer}}
    paths["/status"]["get"]["responses"]["200"] = {"description": "It.", "content": content}


def another_operation(paths: Json) -> None:
    paths["/pets/{petId}/toys"] = {
        "parameters": paths["/pets/{petId}"]["parameters"],
        "get": {"summary": "Toys of a pet.", "responses": {"204": {"description": "None."}}},
    }


def one_operation_less(paths: Json) -> None:
    del paths["/owners/{ownerId}"]


@pytest.mark.parametrize(
    ("change", "files"),
    [
        (another_summary, FILES[:3]),
        (another_parameter, FILES[:3]),
        (another_way_on_the_wire, ["pets_tools.py"]),
        (another_answer, FILES),
        (another_operation, FILES[:3]),
        (one_operation_less, FILES),
    ],
)
def test_one_operation_is_one_hunk_in_each_file(
    change: Callable[[Json], None], files: list[str]
) -> None:
    document = yaml.safe_load(PETS.read_text())
    before = generate(json.dumps(document), name="pets").files
    change(document["paths"])
    after = generate(json.dumps(document), name="pets").files
    assert {file: len(hunks(before[file], after[file])) for file in FILES} == {
        file: int(file in files) for file in FILES
    }


def hunks(before: str, after: str) -> list[str]:
    """What differs, where equal lines lie between, as a reader of a diff sees it."""
    lines = before.splitlines(), after.splitlines()
    groups = SequenceMatcher(None, *lines, autojunk=False).get_grouped_opcodes(3)
    return ["\n".join(lines[1][group[0][3] : group[-1][4]]) for group in groups]


def test_what_says_nothing_new_changes_nothing() -> None:
    text = PETS.read_text()
    assert generate(f"# A comment.\n{text}", name="pets").files == (
        generate(text, name="pets").files
    )
