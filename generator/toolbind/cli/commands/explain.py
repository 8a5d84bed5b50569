"""`toolbind explain`: the table of diagnostic codes, whole or one row."""

from __future__ import annotations

import click

from toolbind.cli.plan.keys import KEYS
from toolbind.cli.plan.options import debug_option
from toolbind.cli.terminal.shell import Complaint, out
from toolbind.codes import CODES, Code
from toolbind.diagnostics import near_miss


@click.command("explain")
@click.argument("code", required=False)
@debug_option
def command(code: str | None) -> None:
    """What a diagnostic code means, why it is said, and what to do about it.

    CODE may also be `settings`: every key of [tool.toolbind] and toolbind.toml.

    \b
    toolbind explain                   # all codes, one line each
    toolbind explain reference-missing
    toolbind explain settings
    """
    if code is None:
        out("\n".join(_overview()))
        return
    if code == "settings":
        out(_settings())
        return
    row = CODES.get(code.strip("[]"))
    if row is None:
        raise Complaint(f"no diagnostic code {code!r}{near_miss(code, CODES)}")
    out(_page(code.strip("[]"), row))


def _overview() -> list[str]:
    width = max((len(code) for code in CODES), default=0)
    return [f"{code:{width}}  {row.severity:7}  {row.what}" for code, row in sorted(CODES.items())]


EXAMPLE = """\
[tool.toolbind]                    # in pyproject.toml; in toolbind.toml without `tool.toolbind`
output = "generated"
specs = ["specs/*.yaml"]

[tool.toolbind.modules.graph]      # one module, by its name
spec = "specs/graph.json"
include = ["tag:users"]
overlays = ["specs/graph.overlay.yaml"]
hide = ["pretty", "query:key"]     # arguments, by their names in the document
bind.accountId = "account_id"      # Graph(account_id=...), GRAPH_ACCOUNT_ID; in no tool
presets.people = ["users_*", "tag:groups"]
"""


def _settings() -> str:
    """The table of settings, with an example; the flags of `generate` have the same names."""
    places = {"project": "top", "module": "module", "both": "top, module"}
    rows = [f"{key.name:14}  {places[key.scope]:11}  {key.shape:16}  {key.help}" for key in KEYS]
    return "\n".join([EXAMPLE, *rows, "", *_extension()])


def _extension() -> list[str]:
    """The members of `x-toolbind`, by where it stands."""
    from toolbind.lower.document.extension import MEMBERS

    lines = ["x-toolbind, in a document or by an overlay:"]
    for holder, members in MEMBERS.items():
        where = HOLDERS[holder]
        lines += ["", f"  {where}"]
        lines += [f"    {name:12}  {each.holds:26}  {each.does}" for name, each in members.items()]
    return lines


HOLDERS = {
    "operation": "on an operation",
    "argument": "on a parameter, its schema, or a member of a body",
    "property": "on a property inside an argument",
    "root": "at the root of the document",
}


def _page(code: str, row: Code) -> str:
    return f"{code} ({row.severity})\n\n{row.what}\n\nWhy: {row.why}\nRemedy: {row.remedy}"
