"""Tools on the page: what is called gives the tool, and shared parameters stand once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import black
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind import ir
from toolbind.present.layout import value
from toolbind.present.rows import tool
from toolbind.present.tools import ToolPrinter, offers, table
from toolbind_runtime.contract import tool as made_by_the_runtime

from tests.unit.present.apis import argument, everything, operation, petstore
from tests.unit.present.strategies import names, texts, values

schemas = st.dictionaries(texts, values, max_size=4)


@st.composite
def operations(draw: st.DrawFn) -> ir.Operation:
    pointers = st.one_of(texts, names).map(
        lambda text: "#/components/parameters/" + text.replace("/", "~1")
    )
    arguments = [
        argument(name, "query", ir.Plain("str"), draw(schemas), required=draw(st.booleans()))
        for name in draw(st.lists(names, max_size=4, unique=True))
    ]
    pointed = [
        ir.Argument(**{**fields(each), "pointer": draw(st.one_of(st.just("#/paths"), pointers))})
        for each in arguments
    ]
    return operation(draw(names), "get", "/", *pointed, description=draw(texts))


def fields(one: ir.Argument) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__}


def tool_call(one: ir.Operation, shared: dict[str, Any], indent: int) -> str:
    return ToolPrinter({name: json.dumps(each) for name, each in shared.items()}).call(one, indent)


def shared_parameters(several: Iterable[ir.Operation]) -> dict[str, Any]:
    found = table(each for one in several for each in offers(one))
    return {name: json.loads(text) for name, text in found.items()}


def evaluated(source: str, shared: Any) -> Any:
    known = {"tool": made_by_the_runtime, "_PARAMETERS": shared, "loads": json.loads}
    return eval(source.rstrip(","), {"__builtins__": {}, **known})


@pytest.mark.slow
@given(operations())
def test_the_call_gives_the_tool_and_black_leaves_it(one: ir.Operation) -> None:
    shared = shared_parameters([one])
    source = tool_call(one, shared, 4)
    assert evaluated(source, shared) == tool(one)
    module = f"TOOLS = [\n    {source}\n]\n"
    assert black.format_str(module, mode=black.Mode()) == module


@pytest.mark.slow
@given(operations())
def test_black_leaves_the_table_of_parameters(one: ir.Operation) -> None:
    line = value(shared_parameters([one]), 0, "_PARAMETERS: dict[str, Any] = ") + "\n"
    assert black.format_str(line, mode=black.Mode()) == line


def limit(schema: dict[str, Any], pointer: str, name: str = "limit") -> ir.Operation:
    one = argument(name, "query", ir.Plain("int"), schema)
    pointed = ir.Argument(**{**fields(one), "pointer": pointer})
    return operation(f"get_{name}", "get", "/", pointed, description="Gets.")


WHOLE = {"type": "integer", "description": "How many."}
PLACE = "#/components/parameters/page-limit"


def test_a_parameter_that_the_document_shares_is_shared() -> None:
    several = [limit(WHOLE, PLACE), limit(WHOLE, PLACE, "size")]
    shared = shared_parameters(several)
    assert shared == {"page-limit": WHOLE}
    assert [tool_call(each, shared, 4) for each in several] == [
        'tool("get_limit", "Gets.", {"limit": _PARAMETERS["page-limit"]}),',
        'tool("get_size", "Gets.", {"size": _PARAMETERS["page-limit"]}),',
    ]


def test_one_use_is_enough_so_that_a_second_one_changes_nothing() -> None:
    assert shared_parameters([limit(WHOLE, PLACE)]) == {"page-limit": WHOLE}


def test_a_tool_with_a_smaller_version_keeps_its_own() -> None:
    several = [limit({"type": "integer"}, PLACE, "size"), limit(WHOLE, PLACE)]
    shared = shared_parameters(several)
    assert shared == {"page-limit": WHOLE}
    assert tool_call(several[0], shared, 4) == (
        'tool("get_size", "Gets.", {"size": {"type": "integer"}}),'
    )


def test_parameters_of_one_operation_are_not_shared() -> None:
    places = ["#/paths/~1pets/get/parameters/0", "#/components/schemas/x", f"{PLACE}/schema"]
    assert shared_parameters([limit(WHOLE, place) for place in places]) == {}


def test_a_name_without_room_on_its_line_is_not_shared() -> None:
    one = limit(WHOLE, f"#/components/parameters/{'long' * 20}")
    assert shared_parameters([one]) == {}
    assert evaluated(tool_call(one, {}, 4), {}) == tool(one)


def test_a_tool_without_parameters_is_short() -> None:
    one = operation("ping", "get", "/", description="Pings.")
    assert tool_call(one, {}, 4) == 'tool("ping", "Pings."),'
    assert evaluated('tool("ping", "Pings."),', {}) == tool(one)


def test_required_names_are_listed() -> None:
    source = tool_call(petstore().operations[1], {}, 4)
    assert source.endswith('required=["pet_id"],\n    ),')


def test_every_tool_of_a_full_api_comes_out_whole() -> None:
    api = everything(str)
    shared = shared_parameters(api.operations)
    for one in api.operations:
        assert evaluated(tool_call(one, shared, 4), shared) == tool(one)


def test_what_operations_repeat_is_printed_once() -> None:
    long = {"type": "object", "properties": {f"member_{n}": {"type": "string"} for n in range(30)}}
    again = {**long, "description": "Another."}
    several = [limit(each, f"#/paths/{n}") for n, each in enumerate((long, long, again))]
    printer = ToolPrinter({})
    calls = [printer.call(each, 4) for each in several]
    assert calls == [tool_call(each, {}, 4) for each in several]
    assert len(printer._members) == 2
