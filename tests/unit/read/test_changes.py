"""Which operation changed between two texts: only ever the one that holds every difference."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toolbind.diagnostics import Report
from toolbind.read import Source, before, changed_operation, read

from tests.effort import examples

API: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Pets", "version": "1"},
    "paths": {
        "/pets": {
            "parameters": [{"name": "a/b", "in": "query", "schema": {"type": "string"}}],
            "get": {"summary": "List", "responses": {}},
            "post": {"summary": "Add", "responses": {}},
        },
        "/pets/{id}": {"get": {"summary": "One", "responses": {"200": {"description": ""}}}},
    },
    "components": {"schemas": {"Pet": {"type": "object"}}},
}
PLACES = [("/pets", "get"), ("/pets", "post"), ("/pets/{id}", "get")]


def text(api: Any, **style: Any) -> str:
    return json.dumps(api, ensure_ascii=False, **style)


def copied(api: Any) -> Any:
    return json.loads(json.dumps(api))


members = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@settings(max_examples=examples(500))
@given(st.sampled_from(PLACES), members, members, st.sampled_from([None, 2]))
def test_a_change_inside_one_operation_is_found(
    place: tuple[str, str], was: Any, now: Any, indent: int | None
) -> None:
    path, method = place
    old, new = copied(API), copied(API)
    old["paths"][path][method]["x-note"] = was
    new["paths"][path][method]["x-note"] = now
    one, other = text(old, indent=indent), text(new, indent=indent)
    found = changed_operation(one, other)
    if one == other:
        assert found is None
        return
    if found is None:  # words that tie an operation to others
        assert any(word in one + other for word in ("$", "\\u"))
        return
    assert (found.path, found.method) == place
    assert text(found.old) == text(old["paths"][path][method])
    assert text(found.new) == text(new["paths"][path][method])
    document = read(Source.of_text(other, "d.json"), Report())
    assert text(before(document, found, one).root.value) == text(old)


def without(path: str, method: str) -> Any:
    api = copied(API)
    del api["paths"][path][method]
    return api


CHANGED: dict[str, Any] = {
    "a component": {**API, "components": {}},
    "an operation gone": without("/pets", "post"),
    "a path gone": {**API, "paths": {"/pets": API["paths"]["/pets"]}},
    "order": {**API, "paths": dict(reversed(API["paths"].items()))},
    "the version": {**API, "openapi": "3.1.0"},
    "two operations": json.loads(text(API).replace('"responses": {}', '"responses": {"200": {}}')),
    "a path's own parameters": json.loads(text(API).replace("a/b", "a/c")),
    "a path renamed": json.loads(text(API).replace("/pets/{id}", "/pets/{no}")),
    "a reference into it": json.loads(text(API).replace('"One"', '"#/paths/~1pets~1{id}/get"')),
    "a reference, encoded": json.loads(text(API).replace('"One"', '"#/paths/~1pets~1%7Bid%7D"')),
    "an anchor": json.loads(text(API).replace('"One"', '"One", "$anchor": "x"')),
}


@pytest.mark.parametrize("change", CHANGED)
def test_any_other_change_is_none(change: str) -> None:
    for one, other in ((API, CHANGED[change]), (CHANGED[change], API)):
        assert changed_operation(text(one), text(other)) is None


@pytest.mark.parametrize("old", ["", "{", "[]", "x", text(API)[:-1], text(API) + "}"])
def test_what_is_no_earlier_version_is_none(old: str) -> None:
    assert changed_operation(old, text(API)) is None


@pytest.mark.parametrize("reference", ["#\\/paths\\/~1pets", "\\u0023/paths/~1pets"])
def test_a_reference_in_disguise_is_seen(reference: str) -> None:
    new = text(API).replace('"title": "Pets"', f'"title": "{reference}"')
    assert changed_operation(new.replace('"List"', '"All"'), new) is None


def test_references_to_other_paths_do_not_matter() -> None:
    new = text(API).replace('"title": "Pets"', '"title": "#/paths/~1pets~1{id}/get"')
    assert changed_operation(new.replace('"List"', '"All"'), new) is not None


def test_a_key_that_stands_twice_is_none() -> None:
    new = text(API)
    old = new.replace('"summary": "One"', '"summary": "Two", "summary": "One"')
    assert changed_operation(old, new) is None
