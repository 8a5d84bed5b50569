"""What is told: actions without an effect, and places that name the file that gave them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from toolbind.diagnostics import Diagnostic, DocumentError, Report
from toolbind.lower import LowerOptions, lower
from toolbind.read import Document, Source, load, read

SHOP: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "paths": {
        "/pets": {
            "get": {
                "operationId": "listPets",
                "tags": ["a", "b"],
                "parameters": [
                    {"name": "first", "in": "query", "schema": {"type": "string"}},
                    {"name": "second", "in": "query", "schema": {"type": "strong"}},
                ],
                "responses": {"200": {"description": "ok"}},
            }
        },
        "/pets/{id}": {"$ref": "#/components/pathItems/Pet"},
    },
    "components": {"pathItems": {"Pet": {}}},
}


def mended(
    *actions: dict[str, Any], document: Any = SHOP, **more: Any
) -> tuple[Document, list[Diagnostic]]:
    written = {"overlay": "1.1.0", "info": {"title": "t", "version": "1"}, **more}
    overlay = Source.of_text(json.dumps({**written, "actions": actions}, indent=1), "mend.json")
    text = json.dumps(document, indent=1)
    report = Report()
    found = read(Source("shop.json", text.encode(), overlays=(overlay,)), report)
    return found, list(report)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("$.paths['/pet'].get", "$['paths'] has no ['/pet']; did you mean '/pets'?"),
        ("$.paths['/pets'].post", "has no ['post']; there is 'get'"),
        ("$.path", "$ has no ['path']; did you mean 'paths'?"),
        ("$.paths.*[?@.operationId == 'listPet']", "did you mean 'listPets'?"),
        ("$..[?@.operationId == 'ListPets']", "did you mean 'listPets'?"),
        ("$..parameters[?@.name == 'fist']", "did you mean 'first'?"),
        ("$..operationID", "did you mean 'operationId'?"),
        ("$.paths['/pets/{id}'].get", "there is a $ref, which an overlay does not follow"),
        ("$.paths['/pets'].get.tags[7]", "$['paths']['/pets']['get']['tags'] has no [7]"),
    ],
)
def test_a_target_that_matches_nothing_is_a_warning_with_what_is_near(
    target: str, said: str
) -> None:
    _, found = mended({"target": target, "update": {}})
    assert [each.code for each in found] == ["overlay-unmatched"]
    assert said in found[0].message
    assert found[0].line().startswith("mend.json:9:14: warning: the target matches nothing: ")


@pytest.mark.parametrize(
    "action",
    [
        {"target": "$.info", "update": {"title": "Shop"}},
        {"target": "$.info", "update": {}},
        {"target": "$..tags", "update": []},
        {"target": "$.info.title", "update": "Shop"},
        {"target": "$.info", "description": "says nothing"},
        {"target": "$.info", "remove": False},
        {"target": "$.info.title", "copy": "$.info.title"},
    ][:-1],
)
def test_an_action_that_changes_nothing_is_a_warning(action: dict[str, Any]) -> None:
    _, found = mended(action)
    assert [(each.code, each.place.line) for each in found] == [("overlay-unchanged", 9)]


def test_an_action_that_changes_something_is_no_finding() -> None:
    _, found = mended({"target": "$.info", "update": {"version": "2"}})
    assert found == []


@pytest.mark.parametrize(
    ("extends", "told"),
    [
        ("./shop.json", False),
        ("https://api.example/v1/shop.json", False),
        ("../store.json", True),
        ("https://api.example/v1/store.json", True),
    ],
)
def test_an_overlay_for_another_document_is_told(extends: str, told: bool) -> None:
    _, found = mended({"target": "$.info", "update": {"version": "2"}}, extends=extends)
    assert [each.code for each in found] == ["overlay-extends"] * told


# --- who gave a place ---------------------------------------------------------------------------


def findings(*actions: dict[str, Any], document: Any = SHOP) -> list[str]:
    """The findings of reading and lowering, without those that the document has by itself."""
    own = set()
    for given in ([], list(actions)):
        written = {"overlay": "1.1.0", "info": {"title": "t", "version": "1"}, "actions": given}
        overlay = Source.of_text(json.dumps(written, indent=1), "mend.json")
        overlays = (overlay,) if given else ()
        report = Report()
        source = Source("shop.json", json.dumps(document, indent=1).encode(), overlays=overlays)
        found = read(source, report)
        lower(found, report, LowerOptions())
        lines = [each.line() for each in found.located(report)]
        if not given:
            own = set(lines)
    return [line for line in lines if line not in own]


BAD = {"name": "third", "in": "query", "schema": {"type": "strong"}}


def test_a_finding_about_what_an_overlay_gave_names_the_overlays_line() -> None:
    path = "$.paths['/pets'].get.parameters"
    lines = findings({"target": path, "update": [BAD]})
    assert [line.split(": ")[0] for line in lines] == ["mend.json:15:15"]


def test_a_finding_about_what_is_below_a_given_value_names_its_line() -> None:
    given = {"/cats": {"get": {"parameters": [BAD], "responses": {}}}}
    lines = findings({"target": "$.paths", "update": given})
    places = {line.split(": ")[0] for line in lines}
    assert places
    assert all(place.startswith("mend.json:") for place in places)


def test_a_finding_about_a_copy_names_the_action_that_copies() -> None:
    document = {**SHOP, "x-kept": BAD}
    lines = findings(
        {"target": "$.paths['/pets'].get.parameters", "update": {}},
        {"target": "$.paths['/pets'].get.parameters[2]", "copy": "$['x-kept']"},
        document=document,
    )
    assert any(line.startswith("mend.json:14:12: ") for line in lines), lines


def test_elements_behind_a_removed_one_keep_their_own_lines() -> None:
    before = Report()
    plain = read(Source("shop.json", json.dumps(SHOP, indent=1).encode()), before)
    lower(plain, before, LowerOptions())
    wanted = {each.line().split(": ")[0] for each in plain.located(before)}
    document, found = mended(
        {"target": "$.paths['/pets'].get.parameters[?@.name == 'first']", "remove": True}
    )
    report = Report()
    lower(document, report, LowerOptions())
    assert found == []
    assert {each.line().split(": ")[0] for each in document.located(report)} == wanted


def test_a_document_that_an_overlay_breaks_is_refused_at_the_overlays_line() -> None:
    with pytest.raises(DocumentError, match=r"^mend\.json:11:16: error: 'openapi' is '9'"):
        mended({"target": "$", "update": {"openapi": "9"}})
    with pytest.raises(DocumentError, match=r"^shop\.json:1:1: error: the document has no 'paths'"):
        mended({"target": "$.paths", "remove": True}, document={**SHOP, "openapi": "3.0.3"})


# --- what an overlay sees ------------------------------------------------------------------------


def test_swagger_is_mended_as_it_is_written_before_it_is_upgraded() -> None:
    document = {
        "swagger": "2.0",
        "info": {"title": "Old", "version": "1"},
        "host": "old.example",
        "paths": {"/a": {"get": {"responses": {}}}},
    }
    found, said = mended(
        {"target": "$", "update": {"host": "new.example", "schemes": ["https"]}},
        {"target": "$.paths['/a'].get", "update": {"parameters": [{"name": "q", "in": "query"}]}},
        document=document,
    )
    assert said == []
    assert found.root.value["servers"][0]["url"] == "https://new.example"
    report = Report()
    lower(found, report, LowerOptions())
    assert {each.place.file for each in found.located(report)} <= {"mend.json", "shop.json"}
    assert found.original(found.root.place).file == "shop.json"


def test_of_several_files_the_first_one_is_mended(tmp_path: Path) -> None:
    (tmp_path / "pets.json").write_text(json.dumps({"Pet": {"type": "object"}}))
    root = {**SHOP, "components": {"schemas": {"Pet": {"$ref": "pets.json#/Pet"}}}}
    (tmp_path / "shop.json").write_text(json.dumps(root))
    actions = [
        {"target": "$.components.schemas.Pet['$ref']", "remove": True},
        {"target": "$.components.schemas.Pet", "update": {"type": "string"}},
        {"target": "$.components.schemas", "update": {"Cat": {"$ref": "pets.json#/Pet"}}},
    ]
    overlay = {"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "actions": actions}
    (tmp_path / "mend.json").write_text(json.dumps(overlay))
    report = Report()
    source = load(str(tmp_path / "shop.json"), report, None, [str(tmp_path / "mend.json")])
    document = read(source, report)
    schemas = document.root.value["components"]["schemas"]
    assert schemas["Pet"] == {"type": "string"}
    cat = document.root.get("components").get("schemas").get("Cat")  # type: ignore[union-attr]
    assert document.resolve(cat).value == {"type": "object"}  # type: ignore[arg-type]
    assert list(report) == []


# --- where overlays come from ---------------------------------------------------------------------


def test_overlays_are_not_fetched(tmp_path: Path) -> None:
    shop = tmp_path / "shop.json"
    shop.write_text(json.dumps(SHOP))
    with pytest.raises(DocumentError, match=r"overlays are not fetched.*\[overlay-invalid\]"):
        load(str(shop), Report(), None, ["https://overlays.example/mend.yaml"])


def test_an_overlay_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    shop, big = tmp_path / "shop.json", tmp_path / "mend.yaml"
    shop.write_text(json.dumps(SHOP))
    with big.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(DocumentError, match=r"mend\.yaml: error: the overlay has more than"):
        load(str(shop), Report(), None, [str(big)])


def test_growing_without_end_is_refused() -> None:
    doubling = [
        action
        for step in range(40)
        for action in (
            {"target": "$", "update": {f"x-{step + 1}": {"l": {}, "r": {}}}},
            {"target": f"$['x-{step + 1}'].l", "copy": f"$['x-{step}']"},
            {"target": f"$['x-{step + 1}'].r", "copy": f"$['x-{step}']"},
        )
    ]
    with pytest.raises(
        DocumentError, match=r"^mend\.json:\d+:\d+: error: the action adds too much"
    ):
        mended(*doubling, document={**SHOP, "x-0": {"a": 1}})
