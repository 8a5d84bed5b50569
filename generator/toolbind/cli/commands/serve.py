"""`toolbind serve`: a generated module as an MCP server."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from toolbind.cli.commands.generated import load_module, own_errors_told
from toolbind.cli.plan.options import bound_options, bounds, debug_option
from toolbind.cli.terminal.shell import Complaint, counted, out, say

if TYPE_CHECKING:
    from toolbind.serve.mcp.http import Place


@click.command("serve")
@click.argument("module")
@click.option("--stdio", is_flag=True, help="Over stdin and stdout (the default).")
@click.option("--http", "address", metavar="HOST:PORT", help="Over HTTP instead, at /mcp.")
@click.option("--tools", "selectors", multiple=True, metavar="GLOB", help="Only these tools.")
@click.option(
    "--approve",
    type=click.Choice(["ask", "reads", "all"]),
    default="ask",
    show_default=True,
    help="Calls that run.",
)
@click.option("--base-url", metavar="URL", help="Where the API lives; else the document's server.")
@click.option("--timeout", type=float, metavar="SECONDS", help="For a whole call.")
@click.option("--allow-http", is_flag=True, help="Send credentials over plain http, too.")
@click.option("--allow-public", is_flag=True, help="With --http: other machines may connect.")
@click.option("--allow-host", multiple=True, metavar="NAME", help="A name that it is called by.")
@click.option("--token-env", metavar="VAR", help="With --http: variable with a bearer token.")
@bound_options
@click.option("--server-json", is_flag=True, help="Print a server.json for registries instead.")
@debug_option
def command(module: str, stdio: bool, selectors: tuple[str, ...], **flags: Any) -> None:
    """Serve the tools of MODULE to MCP clients. Needs the extra toolbind[mcp].

    Credentials come from the environment, as the module's client says. Calls that may change
    something are asked for, where the client can ask its user, and refused elsewhere; `all` leaves
    that to the client, `reads` makes none. Of a large API clients are told two tools, with which
    its tools are found and called.

    \b
    toolbind serve generated.petstore
    toolbind serve generated.petstore --http 127.0.0.1:8765
    """
    loaded = load_module(module)
    if flags["server_json"]:
        from toolbind.serve.mcp.manifest import manifest

        out(json.dumps(manifest(loaded, module, selectors), indent=2))
        return
    if stdio and flags["address"]:
        raise Complaint("--stdio and --http: give one of them")
    place = None if flags["address"] is None else _place(flags["address"], flags)
    _check(place, flags)
    token = _token(flags["token_env"])
    flags["selectors"] = selectors
    tools = _tools(loaded, selectors)
    with own_errors_told(loaded), suppress(KeyboardInterrupt):
        asyncio.run(_serve(loaded, tools, place, token, flags))


def _tools(loaded: Any, selectors: tuple[str, ...]) -> Any:
    try:
        from toolbind.serve.mcp.tools import tools
    except ModuleNotFoundError as error:
        raise Complaint(
            f"serving needs the extra toolbind[mcp] ({error.name} is not installed)"
        ) from None
    try:
        return tools(loaded, selectors)
    except ValueError as error:
        raise Complaint(str(error)) from None


async def _serve(
    loaded: Any, tools: Any, place: Place | None, token: str, flags: Mapping[str, Any]
) -> None:
    from toolbind.serve.mcp.http import PATH, application, serve
    from toolbind.serve.mcp.server import Served, over_stdio, server

    names = ("base_url", "timeout", "allow_http")
    settings = {name: flags[name] for name in names if flags[name]}
    async with loaded.AsyncClient(**settings) as client:
        finding = _finding(loaded, client, tools, flags)
        made = server(Served(loaded, client, tools, flags["approve"], finding))
        way = "" if finding is None else ", found with find_tools"
        say(f"{counted(len(tools), 'tool')} of {loaded._API.title or loaded._API.name}{way}")
        if place is None:
            await over_stdio(made)
            return
        try:
            listening = place.listening()
        except OSError as error:
            where = f"{place.host}:{place.port}"
            raise Complaint(
                f"{where}: {os.strerror(error.errno or 0)}; give another --http"
            ) from None
        with listening:
            port = listening.getsockname()[1]
            shown = f"[{place.host}]" if ":" in place.host else place.host
            say(f"http://{shown}:{port}{PATH}")
            await serve(application(made, place.names, port, token), listening)


def _finding(loaded: Any, client: Any, tools: Any, flags: Mapping[str, Any]) -> Any:
    """What finds the tools of a whole API that has too many; None where all are listed."""
    from toolbind.serve.mcp.finding import Finding, too_many

    said = bounds(flags)
    limits = said.get("max_tools"), said.get("max_tool_tokens")
    if flags["selectors"] or not too_many(loaded, tools, *limits):
        return None
    return Finding(loaded, client)


def _place(address: str, flags: Mapping[str, Any]) -> Place:
    """Where to listen, from `HOST:PORT`. Raises Complaint for what is none, or is not allowed."""
    from toolbind.serve.guard import NAMES
    from toolbind.serve.mcp.http import Place, is_loopback

    host, _, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not (port.isascii() and port.isdecimal() and int(port[:9]) < 1 << 16):
        raise Complaint(f"--http {address}: is not HOST:PORT, as in 127.0.0.1:8765")
    if is_loopback(host):
        return Place(host, int(port), (*NAMES, *flags["allow_host"]))
    if not flags["allow_public"]:
        raise Complaint(
            f"--http {address}: other machines could make calls with your credentials;"
            " allow that with --allow-public"
        )
    if not flags["allow_host"]:
        raise Complaint(
            f"--http {address}: say under which name clients call it, with --allow-host NAME"
        )
    return Place(host, int(port), flags["allow_host"])


def _check(place: Place | None, flags: Mapping[str, Any]) -> None:
    if place is None:
        for name in ("allow_public", "allow_host", "token_env"):
            if flags[name]:
                raise Complaint(f"--{name.replace('_', '-')} goes with --http")
    elif flags["allow_public"] and not flags["token_env"]:
        say("warning: whoever reaches this port can make calls: give --token-env VAR")


def _token(variable: str | None) -> str:
    if variable is None:
        return ""
    if not os.environ.get(variable):
        raise Complaint(f"the environment variable {variable} of --token-env is not set")
    return os.environ[variable]
