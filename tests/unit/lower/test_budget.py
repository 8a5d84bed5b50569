"""Tokens of a tool, and how a tool is made to fit; that it stays sound stands in
`test_schemas_sound`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from toolbind.diagnostics import Place, Report
from toolbind.lower.fit.budget import Budget, Fitted, Tool, tokens
from toolbind.lower.fit.shorten import STEPS
from toolbind.lower.fit.tokens import of_text

COUNTED = json.loads(
    (Path(__file__).parents[2] / "fixtures/tokens/o200k_base.json").read_text(encoding="utf-8")
)
"""Tools with the tokens that the encoding itself makes of them, written without spaces."""

PLACE = Place("shop.yaml", "#/paths/~1a/get")


def tool(properties: dict[str, Any], required: tuple[str, ...] = ()) -> Tool:
    parameters = {"type": "object", "properties": properties, "required": list(required)}
    return {"name": "get_it", "description": "Gets it.", "parameters": parameters}


def fit(given: Tool, limit: int) -> Fitted:
    return Budget(limit, Report()).fit(given)


def member(depth: int, width: int = 4, name: str = "m") -> dict[str, Any]:
    """An object of objects, no two alike; of the members of each, the first is required."""
    if depth == 0:
        return {"type": "string", "description": "Some words about a value of this kind, at length"}
    names = [f"{name}{index}" for index in range(width)]
    return {
        "type": "object",
        "description": f"Level {depth}",
        "properties": {each: member(depth - 1, width, each) for each in names},
        "required": names[:1],
        "additionalProperties": False,
    }


def levels(schema: dict[str, Any]) -> int:
    inner = schema.get("properties", {}).values()
    return 1 + max(map(levels, inner), default=-1) if inner else 0


@pytest.mark.parametrize("row", COUNTED, ids=lambda row: row["tool"]["name"])
def test_tokens_are_near_what_the_encoding_makes(row: dict[str, Any]) -> None:
    assert tokens(row["tool"]) == pytest.approx(row["tokens"], rel=0.1)


def test_tokens_are_right_on_the_whole() -> None:
    estimated = sum(tokens(row["tool"]) for row in COUNTED)
    assert estimated == pytest.approx(sum(row["tokens"] for row in COUNTED), rel=0.03)


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 1), ("a", 2), ("x" * 1000, 120), ("日本語" * 100, 250), ("  \n\n ", 5), ("1234567", 4)],
)
def test_strange_texts_have_tokens_too(text: str, count: int) -> None:
    assert of_text(text) == pytest.approx(count, rel=0.9, abs=2)


def test_a_tool_that_fits_stays_the_very_same() -> None:
    small = tool({"a": member(1)})
    result = fit(small, 1500)
    assert result.tool is small
    assert result.steps == ()
    assert result.before == result.after == pytest.approx(tokens(small), abs=3)


def test_a_tool_that_is_too_large_is_shortened_step_by_step() -> None:
    large = tool({"a": member(4), "b": {"type": "string", "description": "b"}}, ("a",))
    result = fit(large, 600)
    assert result.before > 600 >= result.after
    assert result.after == pytest.approx(tokens(result.tool), abs=3)
    assert [step.before for step in result.steps[1:]] == [s.after for s in result.steps[:-1]]
    assert all(step.after < step.before for step in result.steps)
    words = [step.words for step in STEPS]
    taken = [words.index(step.words) for step in result.steps]
    assert taken == sorted(taken)
    properties = result.tool["parameters"]["properties"]
    assert list(properties) == ["a", "b"]
    assert result.tool["parameters"]["required"] == ["a"]
    assert 0 < levels(properties["a"]) < levels(large["parameters"]["properties"]["a"])


def test_what_is_left_out_is_named() -> None:
    result = fit(tool({"a": member(2, 3)}), 60)
    text = result.tool["parameters"]["properties"]["a"]["description"]
    assert "m0" in text
    assert "m2" in text


def test_required_members_outlive_optional_ones() -> None:
    result = fit(tool({"a": member(3)}), 250)
    inner = result.tool["parameters"]["properties"]["a"]
    assert inner["required"] == ["m0"]
    assert "additionalProperties" not in inner, "what is left out must be allowed"


def test_equal_parts_are_shown_once() -> None:
    address = member(1, 8)
    twice = tool({"home": address, "work": {**address, "description": "At work"}})
    result = fit(twice, tokens(twice) * 3 // 4)
    properties = result.tool["parameters"]["properties"]
    assert result.steps[0].words == "repeated parts shown once"
    assert properties["home"] == address
    assert properties["work"]["description"] == "At work. Members as in home"
    assert properties["work"].keys() == {"type", "description"}


def test_long_lists_of_values_are_told_in_words() -> None:
    many = {"type": "string", "description": "Currency", "enum": [f"C{n}" for n in range(300)]}
    result = fit(tool({"a": many}), 300)
    text = result.tool["parameters"]["properties"]["a"]["description"]
    assert text == "Currency. One of 300: C0, C1, C2, C3, C4, C5, C6, C7, ..."


def test_what_stands_under_not_is_never_widened() -> None:
    refused = {"type": "object", "properties": {"a": {"enum": list(range(100))}}, "required": ["a"]}
    large = tool({"a": {"type": "object", "description": "a", "not": refused}, "b": member(3)})
    result = fit(large, 50)
    assert result.tool["parameters"]["properties"]["a"]["not"] == refused


def test_descriptions_of_arguments_stay_texts() -> None:
    many = {
        f"argument_number_{n}": {"type": "string", "description": "word " * 20} for n in range(90)
    }
    result = fit(tool(many), 1500)
    assert result.after <= 1500
    for schema in result.tool["parameters"]["properties"].values():
        assert schema["description"].strip()
        assert schema["type"] == "string"


def test_shortening_is_reported_once_with_tokens_before_and_after() -> None:
    report = Report()
    result = Budget(600, report).fitted(tool({"a": member(4)}), PLACE)
    finding = next(each for each in report if each.code == "tool-shortened")
    assert finding.severity.label == "note"
    assert finding.place == PLACE
    assert str(result.before) in finding.message
    for step in result.steps:
        assert f"{step.words} {step.after}" in finding.message


def test_a_tool_that_cannot_fit_is_a_warning() -> None:
    report = Report()
    many = {f"argument_number_{n}": {"type": "string", "description": "n"} for n in range(400)}
    Budget(1500, report).fitted(tool(many), PLACE)
    assert [finding.code for finding in report][-1] == "tool-over-budget"
    assert [finding.severity.label for finding in report][-1] == "warning"


def test_arguments_are_worked_out_once() -> None:
    budget = Budget(400, Report())
    shared = member(4)
    first, second = (
        budget.fit(tool({"a": shared, name: {"type": "null", "description": "n"}})) for name in "bc"
    )
    inner = [result.tool["parameters"]["properties"]["a"] for result in (first, second)]
    assert inner[0] is inner[1]


def test_a_tool_that_fits_is_not_spoken_of() -> None:
    report = Report()
    Budget(1500, report).fitted(tool({}), PLACE)
    assert len(report) == 0
