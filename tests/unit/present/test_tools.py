"""Tools on the page: a call gives the tool and its route, and repeated schemas stand once."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import Any

import black
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind import ir
from toolbind.present.layout import value
from toolbind.present.rows import operation_row, tool
from toolbind.present.tools import ToolEntry, ToolPrinter, shared_schemas, table
from toolbind_runtime.contract import tool as made_by_the_runtime

from tests.unit.present.apis import argument, everything, operation, petstore
from tests.unit.present.strategies import names, texts, values

schemas = st.dictionaries(texts, values, max_size=4)


@st.composite
def operations(draw: st.DrawFn) -> ir.Operation:
    arguments = [
        argument(name, "query", ir.Plain("str"), draw(schemas), required=draw(st.booleans()))
        for name in draw(st.lists(names, max_size=4, unique=True))
    ]
    return operation(draw(names), "get", "/", *arguments, description=draw(texts))


def entries(*several: ir.Operation) -> list[ToolEntry]:
    return list(map(ToolPrinter(()).entry, several))


def calls(*several: ir.Operation) -> list[str]:
    """The calls as one module has them."""
    made = entries(*several)
    return [each.source(table(made)) for each in made]


def shared(*several: ir.Operation) -> dict[str, Any]:
    return shared_schemas(table(entries(*several)))


def evaluated(source: str, shared: Any) -> Any:
    known = {"tool": made_by_the_runtime, "_PARAMETERS": shared, "loads": json.loads}
    return eval(source.rstrip(","), {"__builtins__": {}, **known})


@pytest.mark.slow
@given(st.lists(operations(), min_size=1, max_size=4))
def test_the_call_gives_the_tool_with_its_route_and_black_leaves_it(
    several: list[ir.Operation],
) -> None:
    known = shared(*several)
    for one, source in zip(several, calls(*several), strict=True):
        assert evaluated(source, known) == (tool(one), operation_row(one, ()))
        module = f"ENTRIES = [\n    {source}\n]\n"
        assert black.format_str(module, mode=black.Mode()) == module
    line = value(known, 0, "_PARAMETERS: dict[str, Any] = ") + "\n"
    assert black.format_str(line, mode=black.Mode()) == line


def limit(schema: dict[str, Any], name: str = "get", wanted: str = "limit") -> ir.Operation:
    one = argument(wanted, "query", ir.Plain("int"), schema)
    return operation(name, "get", "/", one, description="Gets.")


LONG = {"type": "integer", "description": "How many of them the answer holds at most."}
OTHER = {**LONG, "maximum": 50}


def test_what_an_argument_repeats_stands_once_under_its_name() -> None:
    several = [limit(LONG), limit(LONG, "find"), limit(OTHER, "other")]
    assert shared(*several) == {"limit": LONG}
    references = ['"limit": _PARAMETERS["limit"],' in each for each in calls(*several)]
    assert references == [True, True, False]


def test_another_argument_is_another_schema() -> None:
    assert shared(limit(LONG), limit(LONG, "find", "count")) == {}


def test_two_schemas_of_one_name_both_stand_there_whoever_came_first() -> None:
    several = [limit(OTHER), *(limit(LONG, f"get{n}") for n in range(3)), limit(OTHER, "last")]
    (first, found), (other, again) = shared(*several).items()
    assert (first, found, again) == ("limit", LONG, OTHER)
    assert other.startswith("limit-")
    assert shared(*reversed(several)) == shared(*several)


def test_what_is_as_short_as_a_reference_stands_where_it_is() -> None:
    assert shared(limit({"type": "integer"}), limit({"type": "integer"}, "find")) == {}


def test_a_name_without_room_on_its_line_is_not_shared() -> None:
    name = "long" * 20
    several = [limit(LONG, "get", name), limit(LONG, "find", name)]
    assert shared(*several) == {}
    for one, source in zip(several, calls(*several), strict=True):
        assert evaluated(source, {}).tool == tool(one)


def test_an_entry_reads_as_written_by_hand() -> None:
    ping = operation("ping", "get", "/ping", description="Pings.")
    assert calls(ping) == [
        dedent(
            """\
            tool(
                    "ping",
                    "Pings.",
                    route={"method": "GET", "path": "/ping"},
                ),"""
        )
    ]


def test_required_names_are_listed() -> None:
    (source,) = calls(petstore().operations[1])
    assert '\n        required=["pet_id"],\n        route={\n' in source


def test_every_tool_of_a_full_api_comes_out_whole() -> None:
    api = everything(str)
    known = shared(*api.operations)
    for one, source in zip(api.operations, calls(*api.operations), strict=True):
        assert evaluated(source, known).tool == tool(one)


def test_what_operations_repeat_is_printed_once() -> None:
    long = {"type": "object", "properties": {f"member_{n}": {"type": "string"} for n in range(30)}}
    again = {**long, "description": "Another."}
    printer = ToolPrinter(())
    for schema in (long, long, again):
        printer.entry(limit(schema))
    assert len(printer._known) == 2
