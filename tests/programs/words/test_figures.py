"""The program that counts what tools leave unsaid, on a document whose figures are known."""

from __future__ import annotations

import json
from typing import Any

from toolbind.diagnostics import Report
from toolbind.lower import LowerOptions, lower
from toolbind.read import ReadOptions, Source, read

from tests.programs.words.figures import Figures, measure

DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "paths": {
        "/pets": {
            "description": "The pets of the shop.",
            "get": {
                "description": "Lists pets. At most 50 pets are given. All are nice.",
                "parameters": [
                    {
                        "name": "born",
                        "in": "query",
                        "description": "Day of birth. Only pets older than this.",
                        "schema": {"type": "string"},
                    }
                ],
                "responses": {"200": {"description": "ok"}},
            },
        }
    },
}


def figures(**options: Any) -> Figures:
    report = Report()
    document = read(Source.of_text(json.dumps(DOCUMENT), "shop.json"), report, ReadOptions())
    return measure(DOCUMENT, lower(document, report, LowerOptions(**options)))


def test_every_limiting_sentence_is_looked_for_in_the_tool() -> None:
    whole, brief = figures(), figures(prose="brief")
    assert (whole.tools, whole.limiting, whole.limiting_said) == (1, 2, 2)
    assert (brief.limiting, brief.limiting_said) == (2, 0)
    assert any("At most 50" in each for each in brief.lost)
    assert whole.tokens > brief.tokens > 0
