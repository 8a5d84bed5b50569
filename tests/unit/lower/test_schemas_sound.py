"""The soundness law: what the document allows, the tool's schema accepts. jsonschema judges."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from toolbind.diagnostics import Report
from toolbind.lower.fit.shorten import STEPS
from toolbind.lower.schemas import Lowered, Schemas
from toolbind.lower.schemas.algebra import covers, type_of
from toolbind.read import Document, Node, ReferenceFailure, Source, read
from toolbind.read.trace import Trace

from tests.effort import examples
from tests.unit.lower.judge import judge
from tests.unit.lower.schema_strategies import documents, values_for

pytestmark = pytest.mark.slow

VERSIONS = ("3.0", "3.1")
SETTINGS = settings(
    max_examples=examples(1500),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def opened(document: dict[str, Any]) -> tuple[Document, Schemas]:
    report = Report()
    parsed = read(Source.of_text(json.dumps(document), "document.json"), report)
    return parsed, Schemas(parsed, Trace(report))


def component(document: Document, name: str) -> Node:
    node = document.root.get("components")
    for step in ("schemas", name):
        assert node is not None
        node = node.get(step)
    assert node is not None
    return node


def accepts(lowered: Lowered, value: Any) -> bool:
    """What the tool accepts: values of its schema, and of the types that it lists besides."""
    own = lowered.schema["type"]
    if not covers((own,), type_of(value)):
        return any(covers((name,), type_of(value)) for name in lowered.also)
    return bool(Draft202012Validator(lowered.schema).is_valid(value))


def is_tool_ready(schema: Any, *, first: bool = True) -> bool:
    """Whether a schema stands on its own, in the keywords that the runtime checks."""
    Draft202012Validator.check_schema(schema)
    text = json.dumps(schema)
    return '"$ref"' not in text and '"oneOf"' not in text and '"pattern"' not in text


@pytest.mark.parametrize("version", VERSIONS)
def test_what_the_document_allows_is_accepted(version: str) -> None:
    @SETTINGS
    @given(st.data())
    def check(data: st.DataObject) -> None:
        document = data.draw(documents(version))
        parsed, schemas = opened(document)
        try:
            lowered = schemas.argument(component(parsed, "Root"), fallback="root")
        except ReferenceFailure:
            return
        assert is_tool_ready(lowered.schema)
        assert isinstance(lowered.schema["type"], str)
        assert lowered.schema["description"]
        original = judge(document, "Root")
        root = document["components"]["schemas"]["Root"]
        for _ in range(4):
            value = data.draw(values_for(document, root))
            allowed = original(value)
            event(f"allowed: {allowed}")
            if allowed:
                assert accepts(lowered, value)
            elif (
                allowed is False
                and lowered.exact
                and covers((lowered.schema["type"],), type_of(value))
            ):
                assert not accepts(lowered, value)

    check()


@pytest.mark.parametrize("version", VERSIONS)
def test_members_of_an_argument_are_sound_as_well(version: str) -> None:
    @SETTINGS
    @given(st.data())
    def check(data: st.DataObject) -> None:
        document = data.draw(documents(version))
        holder = {
            "type": "object",
            "properties": {"inner": {"allOf": [{"$ref": "#/components/schemas/Root"}]}},
            "required": ["inner"],
        }
        document["components"]["schemas"]["Holder"] = holder
        parsed, schemas = opened(document)
        try:
            lowered = schemas.argument(component(parsed, "Holder"), fallback="holder")
        except ReferenceFailure:
            return
        assert is_tool_ready(lowered.schema)
        original = judge(document, "Holder")
        root = document["components"]["schemas"]["Root"]
        for _ in range(4):
            value = {"inner": data.draw(values_for(document, root))}
            allowed = original(value)
            if allowed:
                assert accepts(lowered, value)
            elif allowed is False and lowered.exact:
                assert not accepts(lowered, value)

    check()


@pytest.mark.parametrize("version", VERSIONS)
def test_every_shortening_accepts_what_was_accepted(version: str) -> None:
    @SETTINGS
    @given(st.data())
    def check(data: st.DataObject) -> None:
        document = data.draw(documents(version))
        parsed, schemas = opened(document)
        try:
            lowered = schemas.argument(component(parsed, "Root"), fallback="root")
        except ReferenceFailure:
            return
        before = Draft202012Validator(lowered.schema)
        root = document["components"]["schemas"]["Root"]
        values = [data.draw(values_for(document, root)) for _ in range(4)]
        values = [value for value in values if before.is_valid(value)]
        schema: Mapping[str, Any] = lowered.schema
        for step in STEPS:
            schema = (
                step.together({"root": schema})["root"] if step.together else step.alone(schema)
            )
            assert is_tool_ready(schema)
            assert schema["type"] == lowered.schema["type"]
            after = Draft202012Validator(schema)
            assert all(after.is_valid(value) for value in values)

    check()
