"""Whole documents: neither a newcomer nor a choice nor the order moves a name of anything else."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import given, reject, settings
from hypothesis import strategies as st
from toolbind import ir
from toolbind.diagnostics import DocumentError
from toolbind.read.pointers import join

from tests.effort import examples
from tests.unit.lower.lowering import OK, STRING, lowered, tree

COMPONENTS = ("A", "a", "AB", "Pet", "ListPetsAnswer", "ReadBodyOwner", "PetInput", "PetOption1")
MEMBERS = ("a", "b", "ab", "a-b", "item", "option1", "owner", "input", "answer", "\u732b", "1")
OPERATIONS = ("list_pets", "list", "read", "read_body", "pet", "a", "A", "")
VALUES = [f"a value of {number}" for number in range(8)]


def _references(draw: st.DrawFn) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{draw(st.sampled_from(COMPONENTS))}"}


@st.composite
def schemas(draw: st.DrawFn, depth: int = 3) -> dict[str, Any]:
    """Schemas of which most need a name: objects, long lists of values, alternatives, loops."""
    kinds = ["values", "reference", "text"]
    kinds += ["object", "object", "object", "array", "map", "all", "any"] if depth else []
    inner = schemas(depth - 1) if depth else st.just(STRING)
    match draw(st.sampled_from(kinds)):
        case "values":
            return {"type": "string", "enum": VALUES}
        case "reference":
            return _references(draw)
        case "array":
            return {"type": "array", "items": draw(inner)}
        case "map":
            return {"type": "object", "additionalProperties": draw(inner)}
        case "all":
            return {"allOf": draw(st.lists(inner, min_size=1, max_size=3))}
        case "any":
            own = draw(st.sampled_from([{}, {"properties": {"a": STRING}}]))
            return {
                **own,
                draw(st.sampled_from(["anyOf", "oneOf"])): draw(
                    st.lists(inner, min_size=1, max_size=3)
                ),
            }
        case "object":
            members = draw(st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=3))
            for name in members:
                if draw(st.integers(0, 5)) == 0 and "$ref" not in members[name]:
                    members[name] = {**members[name], "readOnly": True}
            return {"type": "object", "properties": members}
    return dict(STRING)


@st.composite
def operations(draw: st.DrawFn, names: tuple[str, ...] = OPERATIONS) -> dict[str, Any]:
    operation: dict[str, Any] = {"responses": copy.deepcopy(OK)}
    name = draw(st.sampled_from(names))
    if name:
        operation["operationId"] = name
    if draw(st.booleans()):
        schema = draw(schemas())
        operation["parameters"] = [{"name": "q", "in": "query", "schema": schema}]
    if draw(st.booleans()):
        content = {"application/json": {"schema": draw(schemas())}}
        operation["requestBody"] = {"required": draw(st.booleans()), "content": content}
    for status in draw(st.lists(st.sampled_from(["200", "201", "404", "default"]), unique=True)):
        content = {"application/json": {"schema": draw(schemas())}}
        operation["responses"][status] = {"description": "d", "content": content}
    return operation


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Some operations, some of which refer into others, over components that all are there."""
    paths: dict[str, Any] = {}
    for number in range(draw(st.integers(1, 4))):
        paths[f"/r{number}"] = {"post": draw(operations())}
    document = tree(paths, components={"schemas": {name: draw(schemas()) for name in COMPONENTS}})
    for one in _operations(document):
        if draw(st.booleans()):
            _refer(draw, document, one)
    return document


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in document["paths"].values():
        yield from item.values()


def _places(value: Any, pointer: str) -> Iterator[str]:
    """Pointers of all schemas inside a value, wherever they are."""
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from _places(each, f"{pointer}/{number}")
    elif isinstance(value, dict):
        if value.keys() & {"type", "allOf", "anyOf", "oneOf"} and "in" not in value:
            yield pointer
        for key, each in value.items():
            if key != "enum":
                yield from _places(each, join(pointer, key))


def _refer(draw: Callable[..., Any], document: dict[str, Any], operation: dict[str, Any]) -> None:
    """Let the operation answer with a schema that stands anywhere in the document."""
    found = [
        *_places(document["paths"], "#/paths"),
        *_places(document["components"], "#/components"),
    ]
    schema = {"$ref": draw(st.sampled_from(sorted(found))).replace("%", "%25")}
    content = {"application/json": {"schema": schema}}
    operation["responses"]["200"] = {"description": "d", "content": content}


def _api(document: dict[str, Any], **options: Any) -> ir.Api:
    try:
        return lowered(document, **options).api
    except DocumentError:  # a reference that leads to itself
        reject()


def _names(api: ir.Api, without: str = "") -> dict[str, object]:
    """All that has a name, by the operation, and each type with all that it says."""
    return {
        one.name: (
            one.wire_path,
            [(each.name, each.wire, each.place, each.type) for each in one.arguments],
            one.returns,
        )
        for one in api.operations
        if one.name != without
    }


def _types(api: ir.Api) -> dict[str, ir.TypeDefinition]:
    return {each.name: each for each in api.types}


@settings(max_examples=examples(600), deadline=None)
@given(st.data())
def test_a_newcomer_that_refers_anywhere_moves_no_name_of_the_others(data: st.DataObject) -> None:
    document = data.draw(documents())
    before = _api(document)
    newcomer = data.draw(operations(("newcomer",)))
    more = copy.deepcopy(document)
    _refer(data.draw, more, newcomer)
    if data.draw(st.booleans()):
        place = data.draw(st.integers(0, len(more["paths"])))
        items = list(more["paths"].items())
        path = data.draw(st.sampled_from(["/a", "/zz/{long}/path"]))
        item: dict[str, Any] = {"get": newcomer}
        if "{" in path:
            item["parameters"] = [
                {"name": "long", "in": "path", "required": True, "schema": STRING}
            ]
        more["paths"] = dict([*items[:place], (path, item), *items[place:]])
    else:
        path = data.draw(st.sampled_from(sorted(more["paths"])))
        item = more["paths"][path]
        more["paths"][path] = data.draw(
            st.sampled_from([{"get": newcomer, **item}, {**item, "get": newcomer}])
        )
    after = _api(more)
    assert _names(after, "newcomer") == _names(before)
    kept = _types(after)
    for name, definition in _types(before).items():
        assert kept[name] == definition


@settings(max_examples=examples(600), deadline=None)
@given(st.data())
def test_what_is_left_out_moves_no_name_of_the_rest(data: st.DataObject) -> None:
    document = data.draw(documents())
    whole = _api(document)
    chosen = data.draw(
        st.lists(st.sampled_from([each.name for each in whole.operations]), min_size=1, unique=True)
    )
    some = _api(document, include=tuple(chosen))
    all_names, all_types = _names(whole), _types(whole)
    for name, told in _names(some).items():
        assert told == all_names[name]
    for name, definition in _types(some).items():
        assert definition == all_types[name]


@settings(max_examples=examples(300), deadline=None)
@given(st.data())
def test_the_order_of_a_document_moves_no_name(data: st.DataObject) -> None:
    document = data.draw(documents())
    other = copy.deepcopy(document)
    other["paths"] = dict(data.draw(st.permutations(list(other["paths"].items()))))
    held = other["components"]["schemas"]
    other["components"]["schemas"] = dict(data.draw(st.permutations(list(held.items()))))
    one, two = _api(document), _api(other)
    assert _names(one) == _names(two)
    assert _types(one) == _types(two)
