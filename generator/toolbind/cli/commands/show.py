"""`toolbind show`: everything about one tool."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from toolbind.cli.commands.generated import own_errors_told
from toolbind.cli.commands.targets import generated
from toolbind.cli.plan.documents import examined
from toolbind.cli.plan.jobs import options_for
from toolbind.cli.plan.options import (
    PATTERNS_HELP,
    debug_option,
    document_options,
    given,
    settings_option,
)
from toolbind.cli.plan.settings import chosen
from toolbind.cli.terminal.shell import Complaint, out, safe
from toolbind.diagnostics import near_miss, shown

if TYPE_CHECKING:
    from toolbind.ir import Api, Operation


@click.command("show", epilog=PATTERNS_HELP)
@click.argument("spec")
@click.argument("tool")
@document_options
@settings_option
@debug_option
def command(spec: str, tool: str, **flags: Any) -> None:
    """Show one tool of a document: its schema, route, method and an example request.

    \b
    toolbind show specs/petstore.yaml list_pets
    """
    options = options_for(spec, given(flags), chosen(flags["settings_path"]))
    api = examined(spec, options).api
    named = {operation.name: operation for operation in api.operations}
    if tool not in named:
        raise Complaint(f"{shown(spec)} has no tool {tool!r}{near_miss(tool, named)}")
    for title, text in _sections(api, named[tool]):
        out(f"{title}\n{'-' * len(title)}\n{safe(text)}\n")


def _sections(api: Api, operation: Operation) -> Iterator[tuple[str, str]]:
    from toolbind.present.example import sample
    from toolbind.present.methods import twins

    required = [one for one in operation.arguments if one.required]
    arguments = {one.name: sample(one.schema, one.example) for one in required}
    alone = replace(api, operations=(operation,))
    with generated(alone, "shown") as module, own_errors_told(module):
        request = module._API.preview(operation.name, arguments)
        yield f"{operation.name} ({operation.tokens} tokens)", _route(operation)
        yield "tool", json.dumps(module.TOOLS[0], indent=2)
        signature = twins(operation).method.signature.replace("\n    ", "\n")
        yield "method", f"{signature} ..."
        yield "example", f"{json.dumps(arguments)}\n\n{request}"


def _route(operation: Operation) -> str:
    lines = [f"{operation.method} {operation.wire_path}"]
    lines += [
        f"  {one.name}: {one.place}" + (f" {one.wire!r}" if one.wire != one.name else "")
        for one in operation.arguments
    ]
    lines += [
        f"  always sent: {one.place} {one.wire!r} = {one.value!r}" for one in operation.constants
    ]
    if operation.body:
        lines.append(f"  body: {operation.body.media_type}")
    if operation.server:
        lines.append(f"  server: {operation.server}")
    alternatives = [" and ".join(names) or "nothing" for names in operation.security]
    lines += [f"  credentials: {', or '.join(alternatives)}"] if alternatives else []
    return "\n".join([*lines, f"  {operation.pointer}"])
