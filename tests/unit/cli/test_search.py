"""`toolbind search`: tools by what somebody wants done, from a document or from a module."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Command


@pytest.fixture
def module(toolbind: Command) -> str:
    """The generated module of the pets, by its file."""
    assert toolbind("generate", "specs/pets.yaml", "-o", "out", "--quiet").code == 0
    return "out/pets.py"


def test_the_tools_that_a_request_needs_come_best_first(toolbind: Command) -> None:
    done = toolbind("search", "specs/pets.yaml", "get rid of a pet")
    heading, first, *_ = done.out.splitlines()
    assert heading.split() == ["tool", "method", "path", "score"]
    assert first.split()[:3] == ["delete_pet", "DELETE", "/pets/{pet_id}"]


def test_a_document_and_its_module_find_the_same(toolbind: Command, module: str) -> None:
    asked = ("which pets are there", "--json")
    assert (
        toolbind("search", module, *asked).out == toolbind("search", "specs/pets.yaml", *asked).out
    )


def test_json_holds_the_query_the_hits_and_whether_anything_fits(toolbind: Command) -> None:
    found = json.loads(toolbind("search", "specs/pets.yaml", "delete a pet", "--json").out)
    assert list(found) == ["query", "hits", "fits"]
    assert (found["query"], found["fits"]) == ("delete a pet", True)
    assert list(found["hits"][0]) == ["name", "method", "path", "score"]
    scores = [hit["score"] for hit in found["hits"]]
    assert scores == sorted(scores, reverse=True)


def test_k_bounds_the_hits(toolbind: Command) -> None:
    found = json.loads(toolbind("search", "specs/pets.yaml", "pets", "-k", "2", "--json").out)
    assert len(found["hits"]) == 2
    assert toolbind("search", "specs/pets.yaml", "pets", "-k", "0").code == 2


def test_nothing_is_found_where_nothing_fits_and_a_word_says_how_to_ask(toolbind: Command) -> None:
    done = toolbind("search", "specs/pets.yaml", "book a flight to Berlin")
    assert (done.code, done.out) == (0, "")
    assert "nothing fits among 3 tools: say in other words" in done.err
    as_json = toolbind("search", "specs/pets.yaml", "book a flight to Berlin", "--json")
    assert json.loads(as_json.out) == {
        "query": "book a flight to Berlin",
        "hits": [],
        "fits": False,
    }


def test_why_tells_which_word_met_which_and_where(toolbind: Command) -> None:
    done = toolbind("search", "specs/pets.yaml", "erase a pet", "--why")
    assert "erase ~ delete  in name, summary" in done.out
    found = json.loads(toolbind("search", "specs/pets.yaml", "erase a pet", "--why", "--json").out)
    reason = next(one for one in found["hits"][0]["why"] if one["said"] == "erase")
    assert (reason["word"], reason["fields"]) == ("delete", ["name", "summary"])
    assert reason["points"] > 0


def test_control_characters_of_a_query_or_a_document_stay_off_the_terminal(
    toolbind: Command, home: Path
) -> None:
    text = Path("specs/pets.yaml").read_text()
    Path("specs/odd.yaml").write_text(text.replace("/pets:", '"/pets\\e[31m":'))
    done = toolbind("search", "specs/odd.yaml", "list \x1b[31m pets", "--why")
    assert "\x1b" not in done.out + done.err


def test_flags_of_documents_are_refused_for_a_module(toolbind: Command, module: str) -> None:
    done = toolbind("search", module, "pets", "--include", "GET")
    assert done.code == 2
    assert "--include: goes with a document, and out/pets.py is a module" in done.err


def test_what_is_left_out_of_the_tools_is_not_found(toolbind: Command) -> None:
    done = toolbind("search", "specs/pets.yaml", "delete pet", "--exclude", "DELETE", "--json")
    assert "delete_pet" not in done.out


@pytest.mark.parametrize(
    ("target", "word"),
    [
        ("specs/none.yaml", "specs/none.yaml: No such file"),
        ("no.such.module", "no module 'no.such.module' here"),
        ("out/none.py", "out/none.py: no such file"),
    ],
)
def test_a_target_that_is_not_there_is_one_line(toolbind: Command, target: str, word: str) -> None:
    done = toolbind("search", target, "pets")
    assert (done.code, done.out) == (2, "")
    assert word in done.err
    assert len(done.err.splitlines()) == 1


def test_a_search_imports_neither_httpx_clients_nor_the_conversation(process: Command) -> None:
    program = (
        "import sys; from toolbind.cli.main import run; "
        "run(['search', 'specs/pets.yaml', 'pets']); "
        "print([name for name in sys.modules if name.startswith('toolbind_runtime_carried.')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60
    )
    assert "finding.ranker" in done.stdout
    assert ".client" not in done.stdout
    assert ".conversation" not in done.stdout
