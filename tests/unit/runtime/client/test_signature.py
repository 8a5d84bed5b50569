"""Tools as one-line signatures."""

from __future__ import annotations

from typing import Any

import pytest
from toolbind_runtime.client.signature import signed

from tests.unit.runtime.test_api import API


def test_signatures_in_place_of_schemas() -> None:
    (flat,) = API.tools("get_pet")
    (signed,) = API.tools("get_pet", style="signature")
    assert signed["name"] == flat["name"]
    head, _, rest = signed["description"].partition("\n")
    assert (head, rest) == ("get_pet(id: any)", flat["description"])
    assert signed["parameters"] == {"type": "object", "properties": {}}
    (chat,) = API.tools("get_pet", form="chat", style="signature")
    assert chat == {"type": "function", "function": signed}
    assert API.tools("get_pet") == [flat]
    wrong: Any = "short"
    with pytest.raises(ValueError, match="style is 'schema' or 'signature'"):
        API.tools(style=wrong)


@pytest.mark.parametrize(
    ("schema", "shown"),
    [
        ({"type": "string"}, "string"),
        ({"type": "string", "format": "date"}, "string (date)"),
        ({"enum": ["a", 1, None]}, '"a" | 1 | null'),
        ({"enum": list(range(20))}, " | ".join(map(str, range(12))) + " | …"),
        ({"const": "x"}, '"x"'),
        ({"type": ["integer", "null"]}, "integer | null"),
        ({"type": "array", "items": {"type": "string"}}, "string[]"),
        ({"type": "array", "items": {"enum": [1, 2]}}, "(1 | 2)[]"),
        ({"type": "array"}, "any[]"),
        ({"type": "object"}, "object"),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, "string | integer"),
        ({}, "any"),
        (True, "any"),
        (
            {
                "type": "object",
                "properties": {"b": {}, "a": {"type": "boolean"}},
                "required": ["a"],
            },
            "{a: boolean, b?: any}",
        ),
    ],
)
def test_types_in_a_signature(schema: Any, shown: str) -> None:
    given = {"type": "object", "properties": {"x": schema}, "required": []}
    made = signed({"name": "t", "description": "Does it.", "parameters": given})
    assert made["description"] == f"t(x?: {shown})\nDoes it."
