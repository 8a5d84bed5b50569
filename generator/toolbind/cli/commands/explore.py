"""`toolbind explore`: a page that shows the tools of a document or of a module."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from toolbind.cli.commands.generated import own_errors_told
from toolbind.cli.commands.targets import opened, previews
from toolbind.cli.output.files import Change, read
from toolbind.cli.output.writing import apply
from toolbind.cli.plan.options import (
    PATTERNS_HELP,
    debug_option,
    document_options,
    given,
    settings_option,
)
from toolbind.cli.plan.settings import chosen
from toolbind.cli.terminal.shell import Complaint, counted, out, say

if TYPE_CHECKING:
    from toolbind.explore import Subject


HOST = "127.0.0.1"
PORT = 8766


@click.command("explore", epilog=PATTERNS_HELP)
@click.argument("target")
@click.option("-o", "--output", metavar="FILE", help="Write the page there; - is stdout.")
@click.option("--serve", is_flag=True, help="Show the page here, live, on loopback alone.")
@click.option("--port", type=click.IntRange(0, 65535), metavar="PORT", help=f"Else {PORT}.")
@click.option("--allow-calls", is_flag=True, help="With --serve: calls may really be made.")
@click.option("--base-url", metavar="URL", help="With --serve: where the API lives.")
@document_options
@settings_option
@debug_option
def command(target: str, output: str | None, serve: bool, **flags: Any) -> None:
    """Show the tools of TARGET, an OpenAPI document or a generated module, on a page.

    The page is one file that opens from disk and loads nothing. With --serve it can be asked for
    the request of any arguments, and makes calls with --allow-calls; credentials then come from the
    environment, as the module's client says.

    \b
    toolbind explore specs/petstore.yaml -o petstore.html
    toolbind explore generated.petstore --serve --allow-calls
    """
    _check(output, serve, flags)
    with opened(target, given(flags), chosen(flags["settings_path"])) as (subject, module):
        if serve:
            _serve(subject, module, flags)
            return
        from toolbind.explore import page

        text = page(subject, previews(module))
    if output == "-":
        out(text, end=False)
        return
    _write(Path(str(output)), text)
    say(f"{output}: {counted(len(subject.tools), 'tool')}, {len(text) / 1000:,.0f} kB")


def _check(output: str | None, serve: bool, flags: Mapping[str, Any]) -> None:
    """Raise Complaint for options that do not go together."""
    if serve and output is not None:
        raise Complaint("-o writes a page and --serve shows one: give one of them")
    if serve:
        return
    for name in ("port", "allow_calls", "base_url"):
        if flags[name] is not None and flags[name] is not False:
            raise Complaint(f"--{name.replace('_', '-')} goes with --serve")
    if output is None:
        raise Complaint("nowhere to write the page: give -o FILE, -o - for stdout, or --serve")


def _serve(subject: Subject, module: Any, flags: Mapping[str, Any]) -> None:
    """Serve until interrupted."""
    from toolbind.serve.explorer import Explorer, server

    base_url = flags["base_url"]
    place = [base_url] if base_url else []
    with own_errors_told(module), module.Client(*place, allow_http=True) as client:
        explorer = Explorer(subject, module, client, calls=flags["allow_calls"])
        port = PORT if flags["port"] is None else flags["port"]
        try:
            running = server(explorer, HOST, port)
        except OSError as error:
            raise Complaint(f"port {port}: {error.strerror}; give another --port") from None
        with running:
            say(f"http://{HOST}:{running.server_address[1]}/?token={explorer.token}")
            say("calls are really made" if explorer.calls else "nothing is sent to the API")
            with suppress(KeyboardInterrupt):
                running.serve_forever()


def _write(path: Path, text: str) -> None:
    """Write the page over nothing but an older one of ours."""
    from toolbind.explore import MARK

    old = read(path)
    if old is not None and MARK.encode() not in old[:4096]:
        raise Complaint(f"{path}: is no page of toolbind and is left as it is; name another file")
    apply([Change(path, old, text.encode())], path.parent)
