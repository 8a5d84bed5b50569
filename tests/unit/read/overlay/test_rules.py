"""What actions do, row by row of rules.yaml; and laws that hold for all overlays."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from toolbind.diagnostics import DocumentError, Report
from toolbind.read import Source
from toolbind.read.overlay import Mended, mend
from toolbind.read.pointers import MISSING, ROOT, find, join

from tests.effort import examples

ROWS = yaml.safe_load(Path(__file__).with_name("rules.yaml").read_text())


def overlay_of(actions: list[Any], **more: Any) -> Source:
    written = {"overlay": "1.1.0", "info": {"title": "t", "version": "1"}, "actions": actions}
    return Source("mend.json", json.dumps({**written, **more}, indent=1).encode())


def mended(tree: Any, actions: list[Any], report: Report | None = None) -> Mended:
    report = Report() if report is None else report
    return mend(Source("shop.json", b""), tree, [overlay_of(actions)], report)


@pytest.mark.parametrize("row", ROWS, ids=[row["rule"] for row in ROWS])
def test_rule(row: dict[str, Any]) -> None:
    before = copy.deepcopy(row["tree"])
    if "code" in row:
        with pytest.raises(DocumentError) as caught:
            mended(row["tree"], row["actions"])
        found = caught.value.diagnostic
        assert (found.code, found.place.pointer) == (row["code"], row["at"])
        assert found.place.file == "mend.json"
        assert found.place.line
    else:
        result = mended(row["tree"], row["actions"]).value
        assert result == row["gives"]
        assert json.dumps(result) == json.dumps(row["gives"]), "the order of members"
    assert row["tree"] == before, "the document's own tree is never changed"


# --- laws ----------------------------------------------------------------------------------------

KEYS = st.sampled_from("abc")
TREES = st.recursive(
    st.integers(0, 3) | st.sampled_from(["x", "y"]) | st.none() | st.booleans(),
    lambda inner: st.dictionaries(KEYS, inner, max_size=3) | st.lists(inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(KEYS, TREES, max_size=3)
TARGETS = st.sampled_from(
    ["$", "$.a", "$.b", "$.*", "$.a.b", "$..a", "$[?@.a]", "$..[?@ == 'x']", "$.a[0]", "$..[0]"]
)
ACTIONS = st.lists(
    st.builds(lambda t, u: {"target": t, "update": u}, TARGETS, TREES)
    | st.builds(lambda t: {"target": t, "remove": True}, TARGETS)
    | st.builds(lambda t, c: {"target": t, "copy": c}, TARGETS, TARGETS),
    min_size=1,
    max_size=5,
    unique_by=json.dumps,
)


def places(value: Any, pointer: str = ROOT) -> list[tuple[str, Any]]:
    found = [(pointer, value)]
    if isinstance(value, dict):
        members: list[tuple[Any, Any]] = list(value.items())
    else:
        members = list(enumerate(value)) if isinstance(value, list) else []
    for key, member in members:
        found += places(member, join(pointer, key))
    return found


@given(tree=OBJECTS, actions=ACTIONS)
@settings(max_examples=examples(200), deadline=None)
def test_a_document_is_never_changed_and_every_place_knows_who_gave_it(
    tree: dict[str, Any], actions: list[Any]
) -> None:
    before = copy.deepcopy(tree)
    overlay = overlay_of(actions)
    refusal = None
    try:
        found = mend(Source("shop.json", b""), tree, [overlay], Report())
    except DocumentError as refused:
        refusal = refused.diagnostic
    assert tree == before
    if refusal is not None:
        assert refusal.code.startswith("overlay-")
        assert refusal.place.line
        return
    texts = {"shop.json": tree, "mend.json": json.loads(overlay.data)}
    for pointer, value in places(found.value):
        file, origin = found.trace.origin(pointer)
        if "/copy" in origin:
            continue  # all of a copy is given by the action that asks for it
        given_by = _find(texts[file], origin)
        if not isinstance(value, (dict, list)):
            assert given_by == value, (pointer, file, origin)
        else:
            assert type(given_by) is type(value), (pointer, file, origin)


def _find(value: Any, pointer: str) -> Any:
    found = find(value, pointer)
    assert found is not MISSING, pointer
    return found


@given(tree=OBJECTS, actions=ACTIONS)
@settings(max_examples=examples(100), deadline=None)
def test_one_overlay_of_many_actions_is_many_overlays_of_one(
    tree: dict[str, Any], actions: list[Any]
) -> None:
    def outcome(overlays: list[Source]) -> Any:
        try:
            return mend(Source("shop.json", b""), tree, overlays, Report()).value
        except DocumentError as refused:
            return refused.diagnostic.code

    assert outcome([overlay_of(actions)]) == outcome([overlay_of([each]) for each in actions])
