"""`toolbind call`: one tool call through a generated module."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import click

from toolbind.cli.commands.arguments import read_arguments, read_header
from toolbind.cli.commands.generated import load_module, own_errors_told
from toolbind.cli.plan.options import debug_option
from toolbind.cli.terminal.shell import Complaint, Exit, is_terminal, out, safe, say
from toolbind.diagnostics import near_miss


@click.command("call")
@click.argument("module")
@click.argument("tool")
@click.argument("args", default="{}")
@click.option("--dry-run", is_flag=True, help="Print the request, secrets masked; send nothing.")
@click.option("--base-url", metavar="URL", help="Where the API lives; else the document's server.")
@click.option("--timeout", type=float, metavar="SECONDS", help="For the whole call.")
@click.option(
    "--header", multiple=True, metavar="'NAME: VALUE'", help="A header; $VAR: from the environment."
)
@click.option("--allow-http", is_flag=True, help="Send credentials over plain http, too.")
@click.option("--files-from", metavar="DIR", help="Folder whose files may be uploaded.")
@click.option("--for-model", is_flag=True, help="Print what a model would be shown.")
@debug_option
@click.pass_context
def command(
    context: click.Context,
    /,
    module: str,
    tool: str,
    args: str,
    dry_run: bool,
    for_model: bool,
    header: Sequence[str],
    **client_options: Any,
) -> None:
    """Call one tool: MODULE is generated.petstore or generated/petstore.py, ARGS a JSON object.

    ARGS may also be @FILE, or - for stdin. Credentials come from the environment, as the module's
    client says, or by --header: 'Authorization: Bearer $TOKEN' puts in the variable TOKEN. The
    answer goes to stdout; a call that fails says why on stderr and exits with 4.

    \b
    toolbind call generated.petstore list_pets '{"limit": 5}'
    toolbind call generated/petstore.py create_pet @pet.json --dry-run
    """
    loaded = load_module(module)
    arguments = read_arguments(args)
    names = [one["name"] for one in loaded.TOOLS]
    if tool not in names:
        raise Complaint(f"{module} has no tool {tool!r}{near_miss(tool, names)}")
    settings = {key: value for key, value in client_options.items() if value is not None}
    if header:
        settings["headers"] = dict(map(read_header, header))
    with own_errors_told(loaded), loaded.Client(**settings) as client:
        if dry_run:
            out(safe(str(loaded._API.preview(tool, arguments, client=client))))
            security = loaded._API.operation(tool).security
            if missing := client._credentials.plan(security).missing:
                say(f"warning: {missing}")
            return
        result = loaded.call_tool(tool, arguments, client=client)
    if not result.ok:
        for line in _reasons(result.content):
            say(line)
        context.exit(Exit.FAILED)
    if for_model:
        out(safe(result.content))
    else:
        _show(result.data)


def _reasons(content: str) -> Iterator[str]:
    """What a model would be told about a failure, as lines for a person."""
    try:
        told = json.loads(content)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        told = {"error": content}
    yield f"error: {safe(str(told.pop('error', 'the call failed')))}"
    for key, value in told.items():
        for one in value if key == "problems" and isinstance(value, list) else [value]:
            text = one if isinstance(one, str) else json.dumps(one)
            yield f"  {key.removesuffix('s')}: {safe(text)}"


def _show(data: Any) -> None:
    """The decoded answer: JSON as JSON, text as text, bytes as they are."""
    if isinstance(data, bytes):
        if is_terminal(sys.stdout):
            raise Complaint(f"{len(data)} bytes that are no text: send them to a file", Exit.FAILED)
        out(data, end=False)
    elif isinstance(data, str):
        out(safe(data) if is_terminal(sys.stdout) else data)
    elif data is not None:
        out(json.dumps(data, indent=2, ensure_ascii=True))
