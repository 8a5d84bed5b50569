"""Rows about what a generated module costs where it is used: importing, calling, conversing."""

from __future__ import annotations

import json
import re
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.programs.benchmarks import processes
from tests.programs.benchmarks.bench import Bench
from tests.programs.benchmarks.peers import FASTMCP, PYTHON_CLIENT, PeerError
from tests.programs.benchmarks.processes import Cost, FailedError
from tests.programs.benchmarks.results import Line, at_most, microseconds, milliseconds, seconds

PROCESSES = 21
"""Fresh processes whose imports are measured; the median counts."""


def importing(bench: Bench) -> Iterator[Line]:
    """`import` of the GitHub module after `import httpx`, byte code being there."""
    folder = bench.generated("github")
    bench.inside("importing.py", folder, "github")  # writes the byte code
    runs = [_told(bench.inside("importing.py", folder, "github")) for _ in range(PROCESSES)]

    def median(key: str) -> float:
        return 1000 * statistics.median(float(run[key]) for run in runs)

    yield at_most(
        "import of the GitHub module beyond `import httpx`",
        median("module"),
        50,
        milliseconds,
        peers=_client_import(bench),
    )
    yield Line(
        "`import httpx` itself; the first call; the module's types, if asked for",
        f"{milliseconds(median('httpx'))}; {milliseconds(median('call'))}; "
        f"{milliseconds(median('types'))}",
    )
    bench.note(
        f"Import: median of {PROCESSES} fresh processes, wall time around the statement. The first "
        "call compiles its own operation and no other."
    )


def _told(output: str) -> Any:
    return json.loads(output.strip().splitlines()[-1])


def _client_import(bench: Bench) -> str:
    """What importing the models of openapi-python-client takes, byte code being there."""
    if bench.python_client() is None:
        return ""
    folder = bench.work / "openapi-python-client/out"
    [package] = [path.parent for path in folder.glob("*/client.py")]

    def measure() -> Cost:
        python = PYTHON_CLIENT.folder() / "python"
        bench.inside("importing_models.py", folder, package.name, python=python)
        output = bench.inside("importing_models.py", folder, package.name, python=python)
        return Cost(_told(output)["models"], 0, 0, 0, output)

    cost = bench.peer(PYTHON_CLIENT, measure)
    return f"{PYTHON_CLIENT.name}: its models {seconds(cost.cpu)}" if cost else ""


# --- types ---------------------------------------------------------------------------------------

TYPED = ("stripe", "kubernetes", "github")
"""Documents whose types are checked: Stripe's come back to themselves through many unions."""


def typed(bench: Bench) -> Iterator[Line]:
    """`mypy --strict` on a program of two lines that imports the types, without a cache."""
    for name in TYPED:
        folder = bench.generated(name)
        work = bench.folder(f"typed/{name}")
        first = re.search(r"^class (\w+)", (folder / f"{name}_types.py").read_text("utf-8"), re.M)
        assert first is not None
        program = work / "program.py"
        program.write_text(
            f"from {folder.name}.{name}_types import {first[1]}\nvalue: {first[1]}\n", "utf-8"
        )
        options = ("--strict", "--python-version", "3.11", "--cache-dir", work / "cache")
        cost = processes.run(
            [sys.executable, "-m", "mypy", *options, program],
            environment={"MYPYPATH": str(folder.parent)},
        )
        yield at_most(f"{name.title()}: `mypy --strict` on its types", cost.cpu, 30, seconds)


# --- calls ---------------------------------------------------------------------------------------


def calls(bench: Bench) -> Iterator[Line]:
    """`call_tool` over the same request by hand; nothing goes over a network."""
    ours = _told(bench.inside("calling.py"))
    peers = _fastmcp_call(bench)
    for kind, title in (("sync", "`call_tool`"), ("async", "`acall_tool`")):
        hand, tool = ours[kind]["hand"], ours[kind]["tool"]
        told = peers if kind == "async" else ""
        yield at_most(
            f"{title} over httpx by hand ({microseconds(hand)})",
            tool - hand,
            50,
            microseconds,
            peers=told,
        )
    bench.note(
        "Calls: a path, two query and an array argument, validated; medians of 5,000 calls by hand "
        "and by tool in turn, answered by httpx's own mock transport. FastMCP does the same with "
        "httpx2 and validates no arguments."
    )


def _fastmcp_call(bench: Bench) -> str:
    try:
        found = _told(bench.inside("fastmcp_call.py", python=FASTMCP.folder() / "python"))
    except (PeerError, FailedError) as error:
        bench.note(f"{FASTMCP.title}, calls: {str(error)[-200:]}")
        return ""
    hand, tool, server = (float(found[way]) for way in ("hand", "tool", "server"))
    return (
        f"{FASTMCP.name}: its tool {microseconds(tool - hand)}, through its server "
        f"{microseconds(server - hand)}, over {microseconds(hand)}"
    )


def conversation(bench: Bench) -> Iterator[Line]:
    """A turn of `run` over the same exchanges by hand; nothing goes over a network."""
    folder = bench.generated("github")
    few = _told(bench.inside("conversing.py", folder, "github", "alone"))
    many = _told(bench.inside("conversing.py", folder, "github", "of-all"))
    yield at_most("a turn of `run` with 20 tools, over httpx by hand", few["turn"], 1, milliseconds)
    yield at_most("a turn of `run` with 20 of 1,223 tools", many["turn"], 1, milliseconds)
    bench.note(
        "Conversation: 6 turns that each call one tool and a last answer, by mock transports; "
        "median over 200 runs of what a run takes longer than its own requests sent by hand, a "
        "turn. Alone: a module with these 20 tools only."
    )


SCRIPTS = Path(__file__).parent / "inside"
