"""Arguments in a few words."""

from __future__ import annotations

from typing import Any

import pytest
from toolbind.explore.arguments import CHOICES, choices, is_nested, kind, limits


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string"}, "string"),
        ({"type": ["string", "null"]}, "string or null"),
        ({"type": "array", "items": {"type": "integer"}}, "array of integer"),
        ({"type": "array", "items": {"type": "array", "items": {}}}, "array of array"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}, {"type": "string"}]}, "string or null"),
        ({}, "any value"),
    ],
)
def test_a_kind_is_told_in_words(schema: dict[str, Any], words: str) -> None:
    assert kind(schema) == words


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ({"minimum": 1, "maximum": 100}, ["1 to 100"]),
        ({"minimum": 0}, ["at least 0"]),
        ({"exclusiveMinimum": 0, "maximum": 9}, ["at most 9", "more than 0"]),
        ({"minimum": 0, "exclusiveMaximum": 1}, ["at least 0", "less than 1"]),
        ({"minLength": 2, "maxLength": 2}, ["2 characters"]),
        ({"minItems": 1, "maxItems": 5}, ["1 to 5 items"]),
        ({"format": "date", "default": None}, ["date", "default null"]),
        ({"pattern": "^a$", "multipleOf": 5}, ["multiple of 5", "pattern ^a$"]),
    ],
)
def test_limits_are_told_in_words(schema: dict[str, Any], told: list[str]) -> None:
    assert limits(schema) == told


def test_of_many_choices_the_first_are_listed_and_the_rest_counted() -> None:
    found = choices({"type": "array", "items": {"enum": list(range(CHOICES + 3))}})
    assert found[0] == "0"
    assert found[-1] == "and 3 more"
    assert choices({"type": "string"}) == []


@pytest.mark.parametrize(
    ("schema", "nested"),
    [
        ({"type": "object", "properties": {"a": {}}}, True),
        ({"type": "array", "items": {"type": "array", "items": {"type": "string"}}}, True),
        ({"anyOf": [{"type": "string"}]}, True),
        ({"type": "array", "items": {"type": "string"}}, False),
        ({"type": "object"}, False),
    ],
)
def test_a_schema_with_an_inside_is_told_from_one_without(
    schema: dict[str, Any], nested: bool
) -> None:
    assert is_nested(schema) is nested
