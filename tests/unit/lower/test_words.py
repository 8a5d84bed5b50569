"""Which sentences of a document a tool holds, and what is said of those that it does not."""

from __future__ import annotations

from typing import Any

import pytest
from toolbind.diagnostics import Place, Report
from toolbind.lower.fit.budget import Budget, Fitted, Tool
from toolbind.lower.fit.words import AIM
from toolbind.lower.options import STYLES, Style
from toolbind.lower.text.worth import Worth, joined, parts, vocabulary, worth

from tests.unit.lower.lowering import lowered, tree

PLACE = Place("shop.yaml", "#/paths/~1a/get")
LIMIT = "At most 50 pets may be asked for."
PLAIN = "Our founders have loved animals of all kinds."


def tool(
    description: str, properties: dict[str, Any] | None = None, required: tuple[str, ...] = ()
) -> Tool:
    parameters = {"type": "object", "properties": properties or {}, "required": list(required)}
    return {"name": "list_pets", "description": description, "parameters": parameters}


def text(description: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "description": description, **more}


def fitted(given: Tool, style: Style = "balanced", limit: int = 1500) -> tuple[Fitted, Report]:
    report = Report()
    return Budget(limit, report, style).fitted(given, PLACE), report


def said(result: Fitted, name: str) -> str:
    found: str = result.tool["parameters"]["properties"][name]["description"]
    return found


# --- what a sentence is worth --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("At most 50", Worth.LIMIT),
        ("Only the last 90 days are searched.", Worth.LIMIT),
        ("Use none for no assignee, * for any.", Worth.LIMIT),
        ("The order cannot be cancelled.", Worth.LIMIT),
        ("Ask the user to confirm before you do this.", Worth.LIMIT),
        ("Amount in cents.", Worth.LIMIT),
        ("A comma-separated list.", Worth.LIMIT),
        ("Default kmh", Worth.LIMIT),
        ("E.g. NEW-1", Worth.LIMIT),
        ("With: name, owner", Worth.LIMIT),
        ("Our founders have loved animals.", Worth.PLAIN),
        ("Lists all the pets.", Worth.NOTHING),
        ("To list all pets, send a GET request to /v2/pets.", Worth.NOTHING),
        ("Sends a `POST` request to `/v2/pets`.", Worth.NOTHING),
        ("The response will be a JSON object with a key called pets.", Worth.NOTHING),
        ("Returns a 204 status code.", Worth.NOTHING),
        ("A GET request must have at most 3 tags.", Worth.PLAIN),
        ("The way to get from A/B to C/D.", Worth.PLAIN),
    ],
)
def test_sentences_are_worth_what_they_tell(sentence: str, expected: Worth) -> None:
    assert worth(sentence, vocabulary("list_pets")) is expected


@pytest.mark.parametrize(
    "text",
    [
        "One. Two! Three",
        "e.g. this, i.e. that. Next",
        "Optional. The name",
        "",
        "Version 1.2 of it",
    ],
)
def test_sentences_taken_apart_and_put_together_are_the_text(text: str) -> None:
    assert joined(parts(text)) == text


# --- which go ------------------------------------------------------------------------------------


def test_a_small_tool_says_all() -> None:
    given = tool(f"List pets. {PLAIN} {LIMIT}", {"name": text(f"The name. {PLAIN} {LIMIT}")})
    result, report = fitted(given)
    assert result.tool is given
    assert len(report) == 0


def test_beyond_that_plain_sentences_go_and_limits_stay() -> None:
    many = {f"a{n}": text(f"Optional. Word {n} here. {PLAIN} {LIMIT}") for n in range(20)}
    result, report = fitted(tool(f"List pets. {PLAIN} {LIMIT}", many))
    assert result.before > AIM
    assert all(said(result, name).endswith(f"here. {LIMIT}"[:-1]) for name in many)
    assert result.tool["description"] == f"List pets. {LIMIT}"
    (finding,) = report
    assert (finding.code, finding.severity.label) == ("words-left-out", "note")
    assert PLAIN[:30] in finding.message
    assert "and 19 more" in finding.message or "and 20 more" in finding.message


def test_no_more_goes_than_must() -> None:
    inner = {
        "type": "object",
        "description": "A pet",
        "properties": {"a": text(f"A word. {PLAIN * 9}")},
    }
    body = text("A body. " + "More of this kind. " * 60)
    given = tool(f"List pets. {PLAIN}", {"b": body, "p": inner}, ("b",))
    result, _ = fitted(given)
    assert "More of this kind" in said(result, "b")
    assert (
        result.tool["parameters"]["properties"]["p"]["properties"]["a"]["description"] == "A word"
    )
    assert result.tool["description"] == f"List pets. {PLAIN}", "what is inside goes first"


def test_what_speaks_about_http_goes_in_any_case() -> None:
    http = "To list pets, send a GET request to /v2/pets."
    result, report = fitted(tool(f"{http} {LIMIT}", {"name": text(f"A name. {http}")}))
    assert result.tool["description"] == LIMIT
    assert said(result, "name") == "A name"
    assert [each.code for each in report] == ["words-left-out"]
    assert fitted(tool(http))[0].tool["description"] == http, "where there is nothing else"


@pytest.mark.parametrize(
    ("description", "kept"),
    [
        ("List pets. Lists all the pets.", "List pets."),
        ("Delete Pet. Delete a pet for good.", "Delete a pet for good."),
        ("Move it. As of 2020 you move it by the mover.", None),
    ],
)
def test_an_operation_says_nothing_twice(description: str, kept: str | None) -> None:
    result, _ = fitted(tool(description))
    assert result.tool["description"] == (kept or description)


def test_a_limit_goes_only_for_want_of_room_and_with_a_warning() -> None:
    many = {f"a{n}": text(f"Optional. A word. {LIMIT} {LIMIT[:-1]} today.") for n in range(9)}
    result, report = fitted(tool("List pets.", many), limit=150)
    assert result.after <= 150
    warning = next(each for each in report if each.code == "limit-left-out")
    assert warning.severity.label == "warning"
    assert LIMIT[:-1] in warning.message
    assert all(said(result, name).startswith("Optional.") for name in many)


def test_words_come_back_where_there_is_room_after_all() -> None:
    large = {
        "type": "object",
        "description": "Optional. A pet",
        "properties": {f"m{n}": text("Some words about it", pattern="x" * 9) for n in range(90)},
    }
    given = tool("List pets.", {"name": text("Optional. The name. " + LIMIT), "pet": large})
    result, _ = fitted(given, limit=400)
    assert said(result, "name").endswith(LIMIT[:-1])
    assert said(result, "pet").startswith("Optional. A pet. With: m0")


def test_the_shape_of_an_argument_outlives_the_words_of_others() -> None:
    item = {"type": "object", "properties": {"price": text("Id"), "quantity": {"type": "integer"}}}
    lines = {"type": "array", "description": "Optional. What is bought", "items": item}
    others = {f"a{n}": text(f"Optional. {LIMIT} {PLAIN * 3}") for n in range(30)}
    result, _ = fitted(tool("Sell.", {"lines": lines, **others}), limit=600)
    kept = result.tool["parameters"]["properties"]["lines"]["items"]["properties"]
    assert list(kept) == ["price", "quantity"]


# --- as the user chooses -------------------------------------------------------------------------


def test_full_keeps_all_and_brief_the_first_sentences() -> None:
    http = "Send a GET request to /v2/pets."
    given = tool(f"List pets. {http} {LIMIT}", {"name": text(f"Optional. A name. {LIMIT}")})
    assert fitted(given, "full")[0].tool is given
    brief, report = fitted(given, "brief")
    assert brief.tool["description"] == "List pets."
    assert said(brief, "name") == "Optional. A name"
    assert [each.code for each in report] == ["limit-left-out", "words-left-out"]


def test_full_still_fits_the_budget() -> None:
    result, _ = fitted(tool(f"List pets. {PLAIN * 50} {LIMIT}"), "full", 200)
    assert result.after <= 200
    assert LIMIT in result.tool["description"]


def test_settings_and_flags_take_the_same_styles() -> None:
    from toolbind.cli.plan.keys import BY_NAME

    assert BY_NAME["prose"].choices == STYLES


# --- where words come from -----------------------------------------------------------------------


def test_the_words_of_a_path_item_are_told_with_the_method() -> None:
    item = {
        "summary": "One invoice that was sent",
        "description": "Only those of this year.",
        "get": {},
        "delete": {"description": "Cancels it."},
    }
    get, delete = lowered(tree({"/invoices": item})).api.operations
    assert get.description == "One invoice that was sent (GET). Only those of this year."
    assert delete.description == "Cancels it."


REFERRED = {
    "get": {
        "parameters": [{"$ref": "#/components/parameters/Date", "description": "First day."}],
        "requestBody": {"$ref": "#/components/requestBodies/Pet", "description": "A new pet."},
    }
}
COMPONENTS = {
    "parameters": {
        "Date": {
            "name": "since",
            "in": "query",
            "description": "Any day.",
            "schema": {"type": "string"},
        }
    },
    "requestBodies": {
        "Pet": {
            "description": "A pet.",
            "content": {"application/json": {"schema": {"type": "array", "items": {}}}},
        }
    },
}


@pytest.mark.parametrize(
    ("version", "since", "body"),
    [("3.0.3", "Any day", "A pet"), ("3.1.0", "First day", "A new pet")],
)
def test_text_beside_a_reference_counts_as_its_version_says(
    version: str, since: str, body: str
) -> None:
    result = lowered(tree({"/a": REFERRED}, version=version, components=COMPONENTS))
    told = {each.name: each.schema["description"] for each in result.only.arguments}
    assert told == {"since": f"Optional. {since}", "body": f"Optional. {body}"}


WEEK = {"name": "week", "in": "query", "schema": {"type": "string", "example": "OLD-1"}}


@pytest.mark.parametrize(
    ("parameter", "told"),
    [
        (WEEK | {"example": "2024-W05"}, "Optional. E.g. 2024-W05"),
        (WEEK | {"examples": {"a": {"value": "2024-W06"}}}, "Optional. E.g. 2024-W06"),
        (WEEK, "Optional. E.g. OLD-1"),
        (WEEK | {"example": "monalisa"}, "Optional."),
        (WEEK | {"name": "weekId", "example": "2024-W05"}, "Optional."),
        (WEEK | {"name": "user_name", "example": "j-doe"}, "Optional."),
    ],
)
def test_examples_that_show_a_format_are_told(parameter: dict[str, Any], told: str) -> None:
    only = lowered(tree({"/a": {"get": {"parameters": [parameter]}}})).only
    assert only.arguments[0].schema["description"] == told


@pytest.mark.parametrize(
    ("parameter", "told"),
    [
        ({"in": "path", "schema": {"type": "string"}}, "A string in the path"),
        ({"in": "path", "schema": {"type": "integer", "title": "Number of it"}}, "Number of it"),
        (
            {"in": "header", "required": True, "schema": {"type": "integer"}},
            "An integer in a header",
        ),
        ({"in": "query", "description": "The org."}, "Optional."),
        ({"in": "query", "description": "(Optional) Whose."}, "Optional. Whose"),
        ({"in": "query", "description": "Optional. Whose it is."}, "Optional. Whose it is"),
        ({"in": "query", "description": "Optional limits hold."}, "Optional. Optional limits hold"),
    ],
)
def test_no_description_is_an_echo_of_the_name(parameter: dict[str, Any], told: str) -> None:
    parameter = {"name": "org", "required": parameter["in"] == "path", "schema": {}} | parameter
    path = "/a/{org}" if parameter["in"] == "path" else "/a"
    only = lowered(tree({path: {"get": {"parameters": [parameter]}}})).only
    assert only.arguments[0].schema["description"] == told


def test_a_body_is_told_by_what_it_is() -> None:
    schema = {"type": "object", "minProperties": 1, "additionalProperties": True}
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/PetPatch"}}}}
    document = tree(
        {"/a": {"patch": {"requestBody": body | {"required": True}}}},
        components={"schemas": {"PetPatch": schema}},
    )
    (argument,) = lowered(document).only.arguments
    assert argument.schema["description"] == "Pet patch. At least 1 member"


# --- said and checked, not offered ---------------------------------------------------------------


def test_keywords_that_grammars_refuse_are_said_and_kept_for_the_check() -> None:
    names = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
    schema = {
        "type": "object",
        "properties": {"a/b": names},
        "minProperties": 2,
        "maxProperties": 4,
        "not": {"minProperties": 3, "maxProperties": 3},
    }
    query = {"name": "filter", "in": "query", "style": "deepObject", "schema": schema}
    only = lowered(tree({"/a": {"get": {"parameters": [query]}}})).only
    (argument,) = only.arguments
    assert argument.schema["description"] == "Optional. At least 2 members. At most 4 members"
    inner = argument.schema["properties"]["a/b"]
    assert inner == {"type": "array", "description": "No two alike", "items": {"type": "string"}}
    assert not {"minProperties", "maxProperties", "not"} & argument.schema.keys()
    assert argument.checks == {
        "/properties/a~1b": {"uniqueItems": True},
        "": {
            "minProperties": 2,
            "maxProperties": 4,
            "not": {"minProperties": 3, "maxProperties": 3},
        },
    }
