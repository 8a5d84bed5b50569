"""`toolbind search`: the tools that a request needs, as a model would find them."""

from __future__ import annotations

import json
from typing import Any

import click

from toolbind.cli.commands.generated import load_module, runtime_module
from toolbind.cli.commands.targets import is_module
from toolbind.cli.plan.documents import examined
from toolbind.cli.plan.jobs import options_for
from toolbind.cli.plan.options import debug_option, document_options, given, settings_option
from toolbind.cli.plan.settings import chosen
from toolbind.cli.terminal.shell import Complaint, counted, out, safe, say
from toolbind.cli.terminal.tables import show_table


@click.command("search")
@click.argument("target")
@click.argument("query")
@click.option("-k", "most", type=click.IntRange(1, 100), default=10, show_default=True,
              help="Hits at most.")  # fmt: skip
@click.option("--why", is_flag=True, help="Show which words met which, and where.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@document_options
@settings_option
@debug_option
def command(target: str, query: str, most: int, why: bool, as_json: bool, **flags: Any) -> None:
    """Find the tools that a request needs, in anybody's words. No model, no network.

    TARGET is a document, or a generated module by name or file. Nothing is found where nothing
    fits. The score compares hits of one request, the best first.

    \b
    toolbind search specs/petstore.yaml "put a new pet up for sale"
    toolbind search generated.petstore "which pets are there" --why
    toolbind search specs/petstore.yaml "delete a pet" --json | jq '.hits[].name'
    """
    finder = _of_module(target, flags) if is_module(target) else _of_document(target, flags)
    found = finder.search(query, most)
    reasons = {hit.name: finder.why(query, hit.name) for hit in found.hits} if why else {}
    if as_json:
        out(json.dumps(_report(found, reasons), indent=2, allow_nan=False))
        return
    if not found.hits:
        say(
            f"nothing fits among {counted(len(finder), 'tool')}: "
            "say in other words what is to be done, and to what"
        )
        return
    rows = [[hit.name, hit.method, hit.path, f"{hit.score:.2f}"] for hit in found.hits]
    if not why:
        show_table(("tool", "method", "path", "score"), rows)
        return
    for row, hit in zip(rows, found.hits, strict=True):
        out(safe("  ".join(row)))
        for line in _lines(hit, reasons[hit.name]):
            out(safe(f"    {line}"))


def _of_module(target: str, flags: dict[str, Any]) -> Any:
    stray = given(flags)
    if stray:
        names = ", ".join(f"--{name}" for name in stray)
        raise Complaint(f"{names}: goes with a document, and {target} is a module")
    module = load_module(target)
    finder = getattr(module._API, "finder", None)
    if finder is None:
        raise Complaint(f"{target} was generated before modules could be searched: generate again")
    return finder


def _of_document(target: str, flags: dict[str, Any]) -> Any:
    from toolbind.present.rows import operation_row, tool

    api = examined(target, options_for(target, given(flags), chosen(flags["settings_path"]))).api
    entry = runtime_module("finding.entries").entry
    entries = [
        entry(one.name, tool(one), operation_row(one, api.security)) for one in api.operations
    ]
    return runtime_module("finding.ranker").Finder(entries)


def _report(found: Any, reasons: dict[str, Any]) -> dict[str, Any]:
    hits = [
        {"name": hit.name, "method": hit.method, "path": hit.path, "score": hit.score}
        for hit in found.hits
    ]
    for hit in hits if reasons else ():
        hit["why"] = [
            {"said": one.said, "word": one.word, "fields": list(one.fields), "points": one.points}
            for one in reasons[hit["name"]]
        ]
    return {"query": found.query, "hits": hits, "fits": found.fits}


def _lines(hit: Any, reasons: Any) -> list[str]:
    """What speaks for a hit, in words."""
    lines = [
        f"{one.points:5.2f}  {one.said}"
        + (f" ~ {one.word}" if one.word != one.said else "")
        + f"  in {', '.join(one.fields)}"
        for one in reasons
    ]
    if hit.gives:
        lines.append(f"gives what {hit.gives} needs")
    if hit.alike:
        lines.append(f"alike: {', '.join(hit.alike[:5])}")
    return lines
