"""Rows about generating: cold, changed, unchanged, and a few operations of many."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.programs.benchmarks import processes
from tests.programs.benchmarks.bench import Bench
from tests.programs.benchmarks.documents import Json, changed, document
from tests.programs.benchmarks.peers import FASTMCP, GENERATOR, PYTHON_CLIENT, Peer
from tests.programs.benchmarks.processes import Cost
from tests.programs.benchmarks.results import (
    Line,
    at_most,
    at_most_part,
    megabytes,
    milliseconds,
    seconds,
)

CLIENT = PYTHON_CLIENT.name


# --- GitHub --------------------------------------------------------------------------------------


def github(bench: Bench) -> Iterator[Line]:
    """For the first time: no cache, no output."""
    client = bench.python_client()
    cost = bench.best(lambda: bench.cold(document("github"), "github"))
    yield at_most_part("GitHub, cold", cost.cpu, 4, _seconds(client), CLIENT)
    most = client.megabytes if client else None
    yield Line(
        "GitHub, cold: peak memory",
        megabytes(cost.megabytes),
        f"≤ {CLIENT}",
        None if most is None else cost.megabytes <= most,
        "" if most is None else f"{CLIENT} {megabytes(most)}",
    )
    yield _black(bench.work / "out/github")
    yield _others(bench)


def _seconds(cost: Cost | None) -> float:
    return cost.cpu if cost else 0.0


def _black(folder: Path) -> Line:
    black = (sys.executable, "-m", "black", "--check", "--quiet")
    clean = processes.run([*black, folder], expect=(0, 1)).status == 0
    return Line("GitHub: `black --check`", "clean" if clean else "not clean", "clean", clean)


def _others(bench: Bench) -> Line:
    """What the other peers need for the same document."""
    output = bench.folder("openapi-generator")

    def generator() -> Cost:
        where = ("-g", "python", "-i", document("github"), "-o", output)
        return processes.run([GENERATOR.folder() / "openapi-generator-cli", "generate", *where])

    made = bench.peer(GENERATOR, generator)
    files = sum(1 for path in output.rglob("*") if path.is_file())
    told = f"{_told(GENERATOR, made)}, {files:,} files" if made else ""
    started = _started(bench, "github")
    told += ("; " if told and started else "") + _told(FASTMCP, started, ", at every start")
    return Line("GitHub: other peers", "", peers=told)


def _told(peer: Peer, cost: Cost | None, more: str = "") -> str:
    return f"{peer.name} {seconds(cost.cpu)}, {megabytes(cost.megabytes)}{more}" if cost else ""


def _started(bench: Bench, name: str) -> Cost | None:
    """FastMCP's server for a document, up to its list of tools."""
    script = Path(__file__).parent / "inside/fastmcp_start.py"

    def start() -> Cost:
        return processes.run([FASTMCP.folder() / "python", script, document(name)])

    return bench.peer(FASTMCP, start)


# --- GitHub, warm --------------------------------------------------------------------------------

Change = Callable[[Json, int], None]


def _new_words(api: Json, number: int) -> None:
    operation = _operation(api, number)
    operation["summary"] = f"{operation.get('summary', '')} (number {number})"


def _new_parameter(api: Json, number: int) -> None:
    parameter = {"name": f"limit_{number}", "in": "query", "schema": {"type": "integer"}}
    _operation(api, number).setdefault("parameters", []).append(parameter)


def _new_member(api: Json, number: int) -> None:
    schema = {"type": "object", "properties": {f"member_{number}": {"type": "string"}}}
    content = {"application/json": {"schema": schema}}
    _operation(api, number)["responses"]["299"] = {"description": "", "content": content}


def _operation(api: Json, number: int) -> Json:
    """Some operation that is not the first of its kind: spread over the document."""
    items = list(api["paths"].values())
    item = items[len(items) * (2 * number + 1) // 20 % len(items)]
    operation: Json = next(value for key, value in item.items() if "responses" in value)
    return operation


def _two(api: Json, number: int) -> None:
    _new_words(api, number)
    _new_words(api, number + 3)


def _shared(api: Json, number: int) -> None:
    """A member more of the schema that most others refer to."""
    members = api["components"]["schemas"]["simple-user"]["properties"]
    members[f"member_{number}"] = {"type": "string"}


CHANGES = {
    "one operation's summary": _new_words,
    "a parameter of one operation": _new_parameter,
    "the words of two operations": _two,
    "a schema that hundreds of operations share": _shared,
}
RETYPED = {"one operation's own type": _new_member}


def one_changed(bench: Bench) -> Iterator[Line]:
    """A small change since the last run, its cache and output being there."""
    client = bench.python_client()
    for words, change in CHANGES.items():
        cost = _changed(bench, change)
        what = f"GitHub, changed: {words}"
        yield at_most_part(what, cost.cpu, 12, _seconds(client), CLIENT)
    for words, change in RETYPED.items():
        cost = _changed(bench, change)
        yield Line(f"GitHub, changed: {words}", seconds(cost.cpu))
    bench.note(
        "Changed: another operation each time, with the cache and the output of the run before."
    )


def _changed(bench: Bench, change: Change) -> Cost:
    folder = bench.folder("warm")
    source, cache = folder / "github.json", folder / "cache"
    arguments = ("generate", source, "-o", folder / "out", "--quiet")

    def measure(number: int) -> Cost:
        changed(document("github"), source, lambda api: None)
        bench.toolbind(*arguments, cache=cache)
        changed(document("github"), source, lambda api: change(api, number))
        return bench.toolbind(*arguments, cache=cache)

    numbers = iter(range(1, bench.repeat + 1))
    return bench.best(lambda: measure(next(numbers)))


def nothing_changed(bench: Bench) -> Iterator[Line]:
    """The same document again, its cache and output being there."""
    client = bench.python_client()
    folder = bench.folder("same")
    where = (document("github"), "-o", folder / "out", "--name", "github", "--quiet")
    bench.toolbind("generate", *where, cache=folder / "cache")
    for command in ("generate", "check"):
        cost = bench.best(lambda: bench.toolbind(command, *where, cache=folder / "cache"))  # noqa: B023
        what = f"GitHub, nothing changed: {command}"
        yield at_most_part(what, cost.cpu, 30, _seconds(client), CLIENT)


# --- others --------------------------------------------------------------------------------------


def stripe(bench: Bench) -> Iterator[Line]:
    yield from _cold(bench, "stripe", "Stripe", 10, None, peer=True)


def kubernetes(bench: Bench) -> Iterator[Line]:
    yield from _cold(bench, "kubernetes", "Kubernetes", 10, None)


def graph(bench: Bench) -> Iterator[Line]:
    yield from _cold(bench, "graph", "Microsoft Graph", 40, 1500)


def graph_beta(bench: Bench) -> Iterator[Line]:
    yield from _cold(bench, "graph_beta", "Microsoft Graph beta", 90, 3000)


def _cold(
    bench: Bench, name: str, title: str, most: float, memory: float | None, *, peer: bool = False
) -> Iterator[Line]:
    repeat = 1 if document(name).stat().st_size > 15e6 else bench.repeat
    cost = bench.best(lambda: bench.cold(document(name), name), repeat)
    peers = _told(FASTMCP, _started(bench, name), ", at every start") if peer else ""
    yield at_most(f"{title}, cold", cost.cpu, most, seconds, peers=peers)
    if memory is None:
        yield Line(f"{title}, cold: peak memory", megabytes(cost.megabytes))
    else:
        yield at_most(f"{title}, cold: peak memory", cost.megabytes, memory, megabytes)


SELECTIONS = ("tag:sites.Actions", "tag:drives.driveItem", "tag:users.*")


def few_of_many(bench: Bench) -> Iterator[Line]:
    """`--include` on Graph: reading is paid for in whole, the rest by operation."""
    points = []
    for pattern in SELECTIONS:
        output, cache = bench.folder("out/few"), bench.folder("cache")
        where = (document("graph"), "-o", output, "--name", "few", "--include", pattern)
        cost = bench.toolbind("generate", *where, "--timings", cache=cache)
        phases = dict(re.findall(r"^(\w+) +[\d.]+ +([\d.]+)", cost.output, re.MULTILINE))
        counted = re.search(r"([\d,]+) tool", cost.output)
        operations = int(counted[1].replace(",", "")) if counted else 0
        work = sum(float(phases.get(name, 0)) for name in ("lower", "present", "render"))
        points.append((operations, work))
        yield Line(
            f"Microsoft Graph, {operations:,} of its operations (`--include {pattern}`)",
            f"{seconds(cost.cpu)}, of it {seconds(work)} beside starting and reading",
        )
    bench.note(
        "A few operations of many: what is read is the JSON text of 20 MB; what else comes before "
        "the first operation is to find and name all 11,422."
    )
    (few, least), (many, most) = points[0], points[-1]
    each = (most - least) / (many - few)
    yield Line(
        "Microsoft Graph: an operation more, beside starting and reading", milliseconds(each * 1000)
    )
