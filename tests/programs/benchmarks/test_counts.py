"""How often things are done, counted: no machine changes that, and no accident makes it quadratic.

A document of n operations that share components is compared with one of four times as many: what
is done for each operation must be done four times as often, what is done for each component as
often as before.
"""

from __future__ import annotations

import ast
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from toolbind.lower import operations
from toolbind.lower.fit import budget
from toolbind.lower.schemas import builder
from toolbind.lower.schemas.emit import Emitter
from toolbind.lower.text import prose
from toolbind.lower.types.forms import Forms
from toolbind.pipeline import Options, generate
from toolbind.present import tools as printing
from toolbind.read import Source
from toolbind.read.quarantine import Quarantine
from toolbind.read.references import References
from toolbind.render import rendering
from toolbind_runtime import Api, AsyncClient, OperationRow, SyncClient, Tool, ToolTable

FEW, TIMES = 10, 4

SHARED: dict[str, Any] = {
    "Pet": {
        "type": "object",
        "description": "A pet.",
        "required": ["name"],
        "properties": {
            "name": {"type": "string"},
            "owner": {"$ref": "#/components/schemas/Owner"},
            "friends": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}},
            "kind": {"anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/Kind"}]},
        },
    },
    "Owner": {
        "allOf": [
            {"$ref": "#/components/schemas/Named"},
            {"type": "object", "properties": {"pets": {"$ref": "#/components/schemas/Pets"}}},
        ]
    },
    "Named": {"type": "object", "properties": {"name": {"type": "string"}}},
    "Kind": {"type": "string", "enum": ["cat", "dog"]},
    "Pets": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}},
}
LIMIT = {"name": "limit", "in": "query", "description": "How many.", "schema": {"type": "integer"}}


def operation(number: int) -> dict[str, Any]:
    pet = {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}
    own = {"type": "object", "properties": {"note": {"type": "string"}, "pet": {"$ref": PET}}}
    return {
        "operationId": f"change_{number}",
        "summary": f"Changes pet number {number}.",
        "tags": ["few" if number < FEW else "more"],
        "parameters": [{"$ref": "#/components/parameters/limit"}, {**LIMIT, "name": "other"}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": own}}},
        "responses": {"200": {"description": "It.", "content": pet}},
    }


PET = "#/components/schemas/Pet"


def document(count: int) -> Source:
    api = {
        "openapi": "3.0.3",
        "info": {"title": "Pets", "version": "1"},
        "servers": [{"url": "https://pets.example"}],
        "paths": {f"/pets/{n}": {"put": operation(n)} for n in range(count)},
        "components": {"schemas": SHARED, "parameters": {"limit": LIMIT}},
    }
    return Source.of_text(json.dumps(api), "pets.json")


# --- counting ------------------------------------------------------------------------------------


@contextmanager
def counting(places: Mapping[str, tuple[Any, str]]) -> Iterator[Counter[str]]:
    """Calls of functions, by the names given to them."""
    counted: Counter[str] = Counter()

    def counted_call(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            counted[name] += 1
            return function(*arguments, **named)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name, (holder, attribute) in places.items():
            patch.setattr(holder, attribute, counted_call(name, getattr(holder, attribute)))
        yield counted


EACH_OPERATION = {
    "references followed": (References, "end"),
    "objects checked": (Quarantine, "check"),
    "schemas looked at": (builder.Builder, "view"),
    "operations drafted": (operations, "_draft"),
    "type references": (Forms, "reference"),
    "tools printed": (printing.ToolPrinter, "entry"),
}
EACH_COMPONENT = {
    "schemas laid out": (Emitter, "emit"),
    "schemas printed": (printing, "value"),
}
EACH_TEXT = {"texts cleaned": (prose, "_clean"), "texts counted": (budget, "cost")}


def counts(places: Mapping[str, tuple[Any, str]], count: int) -> Counter[str]:
    with counting(places) as counted:
        generate(document(count), name="pets")
    return counted


@pytest.mark.parametrize("what", EACH_OPERATION)
def test_work_on_operations_grows_with_them_and_no_faster(what: str) -> None:
    places = {what: EACH_OPERATION[what]}
    few, many = counts(places, FEW)[what], counts(places, FEW * TIMES)[what]
    assert few >= FEW
    assert many <= few * TIMES


@pytest.mark.parametrize("what", EACH_COMPONENT)
def test_work_on_components_does_not_grow_with_operations(what: str) -> None:
    """What operations repeat word by word counts as shared."""
    places = {what: EACH_COMPONENT[what]}
    names = 4 * FEW * (TIMES - 1)  # names, descriptions and routes are each operation's own
    few, many = counts(places, FEW)[what], counts(places, FEW * TIMES)[what]
    assert few > 0
    assert many <= few + (names if what == "schemas printed" else 0)


@pytest.mark.parametrize("what", EACH_TEXT)
def test_every_text_is_looked_at_once(what: str) -> None:
    places = {what: EACH_TEXT[what]}
    few, many = counts(places, FEW)[what], counts(places, FEW * TIMES)[what]
    assert many - few == FEW * (TIMES - 1)  # the summaries, or the tools without their arguments


def test_few_of_many_operations_cost_what_they_cost_alone() -> None:
    """Reading and naming see all of them, everything else those that are wanted."""
    from toolbind.lower import LowerOptions

    options = Options(lower=LowerOptions(include=("tag:few",)))
    with counting(EACH_OPERATION | EACH_COMPONENT | EACH_TEXT) as alone:
        generate(document(FEW), name="pets", options=options)
    with counting(EACH_OPERATION | EACH_COMPONENT | EACH_TEXT) as chosen:
        generate(document(FEW * TIMES), name="pets", options=options)
    more = FEW * (TIMES - 1)  # path items are asked whether they are references
    assert chosen - alone == Counter({"references followed": more})


# --- black, and the proof ------------------------------------------------------------------------


def characters(holder: Any, attribute: str, count: int) -> tuple[int, int]:
    """How many characters a function is given in all, and how many are generated."""
    seen = 0
    function = getattr(holder, attribute)

    def call(text: str, *arguments: Any, **named: Any) -> Any:
        nonlocal seen
        seen += len(text)
        return function(text, *arguments, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(holder, attribute, call)
        made = generate(document(count), name="pets")
    return seen, sum(map(len, made.files.values()))


def test_black_sees_no_operation() -> None:
    few, _ = characters(rendering, "formatted", FEW)
    many, _ = characters(rendering, "formatted", FEW * TIMES)
    assert few == many


def test_the_proof_parses_everything_about_once() -> None:
    parsed, generated = characters(ast, "parse", 400)
    assert generated > 200_000  # more than one part
    assert generated <= parsed <= 1.1 * generated


# --- running -------------------------------------------------------------------------------------


class Watched(dict[str, Any]):
    """A table that knows which of its rows were looked at."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.seen: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self.seen.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.seen.add(key)
        return super().get(key, default)

    def items(self) -> Any:
        self.seen.update(self)
        return super().items()


def api(count: int) -> tuple[Api, Watched, list[Watched]]:
    rows: dict[str, OperationRow] = {
        f"op{n}": {"method": "GET", "path": f"/{n}"} for n in range(count)
    }
    tools = [
        Watched({"name": name, "description": name, "parameters": {"type": "object"}})
        for name in rows
    ]
    watched = Watched(rows)
    made: list[Tool] = tools  # type: ignore[assignment]  # tables, and watched
    classes: dict[str, Any] = {"client": type("C", (SyncClient,), {})}
    classes["async_client"] = type("A", (AsyncClient,), {})
    whole = Api(
        name="many",
        title="Many",
        base_url="https://many.example",
        tools=ToolTable(made, watched),
        **classes,
    )
    return whole, watched, tools


def test_one_call_looks_at_one_operation() -> None:
    whole, rows, _ = api(1223)
    assert rows.seen == set()
    assert whole.operation("op700") is whole.operation("op700")
    assert rows.seen == {"op700"}


def test_twenty_of_many_tools_are_the_only_ones_that_are_read() -> None:
    whole, rows, tools = api(1223)
    names = [f"op{n}" for n in range(0, 1200, 60)]
    assert [tool["name"] for tool in whole.tools(*names)] == names
    whole.tools(*names, form="chat")
    read = {tool["name"] for tool in tools if "parameters" in tool.seen}
    assert read <= set(names)
    assert rows.seen <= set(names)
