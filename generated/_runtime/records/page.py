"""A conversation as HTML: a fragment for notebooks, and a page of its own.

No script, no link, no address: all of it is escaped text under this project's own style, and the
page forbids itself everything else. Pure. Imports `steps`.
"""

from __future__ import annotations

import html
import json
from base64 import b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256

from .steps import Entry, line

SHOWN = 20_000
"""Characters of one message, arguments or result on a page."""

LIGHT = """\
--paper: #faf9f7; --panel: #fff; --wash: #f2f0ec; --line: #e3dfd8;
--ink: #1c1b19; --soft: #625d56; --accent: #2a4bb5; --accent-wash: #e9edfb;
--read: #0b6a5b; --read-wash: #e2f2ee; --write: #85560a; --write-wash: #faf0dc;
--delete: #ab2318; --delete-wash: #fbe8e5;"""

DARK = """\
--paper: #131417; --panel: #1a1c20; --wash: #22252a; --line: #2c3036;
--ink: #e9e7e2; --soft: #a5a098; --accent: #9db2ff; --accent-wash: #232b4a;
--read: #6fd0bb; --read-wash: #17322d; --write: #e6b65c; --write-wash: #362b15;
--delete: #ff9b90; --delete-wash: #401f1c;"""
"""The colours of the explorer's page, which a test holds to these."""

STYLE = f"""\
.toolbind-run {{ {LIGHT} color-scheme: light dark; }}
@media (prefers-color-scheme: dark) {{ .toolbind-run {{ {DARK} }} }}
.toolbind-run {{ max-width: 860px; padding: 4px 0; color: var(--ink);
  font: 15px/1.55 ui-sans-serif, system-ui, -apple-system, "Segoe UI", sans-serif; }}
.toolbind-run * {{ box-sizing: border-box; }}
.toolbind-run pre {{ font: .87em/1.6 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; color: inherit; background: none; }}
.toolbind-run section {{ margin: 0 0 14px; border-radius: 10px; overflow: hidden;
  border: 1px solid var(--line); background: var(--panel); }}
.toolbind-run section > div {{ padding: 7px 16px; font-size: .82em; color: var(--soft);
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }}
.toolbind-run section > pre {{ padding: 12px 16px; max-height: 32em; overflow: auto; }}
.toolbind-run strong {{ font-weight: 600; color: var(--ink); margin-right: 10px; }}
.toolbind-run .user > pre, .toolbind-run .assistant > pre, .toolbind-run .system > pre,
.toolbind-run .reasoning > pre {{ font: inherit; }}
.toolbind-run .user {{ background: var(--accent-wash); border-color: transparent; }}
.toolbind-run .user > div, .toolbind-run .assistant > div {{ border: 0; padding-bottom: 0; }}
.toolbind-run .user > pre, .toolbind-run .assistant > pre {{ padding-top: 4px; }}
.toolbind-run .reasoning, .toolbind-run .system {{ background: none; border-style: dashed;
  color: var(--soft); }}
.toolbind-run .call {{ margin-left: 28px; }}
.toolbind-run .result {{ margin-left: 28px; border-left-width: 4px; }}
.toolbind-run .ok {{ border-left-color: var(--read); }}
.toolbind-run .failed {{ border-left-color: var(--delete); }}
.toolbind-run .refused, .toolbind-run .waiting {{ border-left-color: var(--write); }}
.toolbind-run b {{ display: inline-block; padding: 0 9px; border-radius: 99px; font-weight: 500;
  margin-right: 10px; }}
.toolbind-run .ok b {{ color: var(--read); background: var(--read-wash); }}
.toolbind-run .failed b {{ color: var(--delete); background: var(--delete-wash); }}
.toolbind-run .refused b, .toolbind-run .waiting b {{ color: var(--write);
  background: var(--write-wash); }}
.toolbind-run p {{ margin: 22px 0 0; font-size: .82em; color: var(--soft);
  overflow-wrap: anywhere; }}
@media (max-width: 600px) {{ .toolbind-run .call, .toolbind-run .result {{ margin-left: 0; }} }}
@media print {{ .toolbind-run section > pre {{ max-height: none; }}
  .toolbind-run section {{ break-inside: avoid; }} }}"""

_PAGE_STYLE = f"""\
:root {{ {LIGHT} color-scheme: light dark; }}
@media (prefers-color-scheme: dark) {{ :root {{ {DARK} }} }}
body {{ margin: 0; padding: 40px 24px 80px; background: var(--paper); }}
body > div {{ margin: 0 auto; }}
@media print {{ body {{ padding: 0; }} }}
{STYLE}"""

_WHO = {
    "system": "System",
    "user": "User",
    "assistant": "Model",
    "reasoning": "Model thinks",
}
_STATES = {"ok": "answered", "failed": "failed", "refused": "not run", "": "result"}


def fragment(
    entries: Iterable[Entry],
    waiting: Sequence[str],
    summary: str,
    *,
    styled: bool = True,
) -> str:
    """A fragment of HTML, everything foreign in it escaped; with the style that it needs."""
    parts = ['<div class="toolbind-run">']
    parts += [f"<style>{STYLE}</style>"] if styled else []
    parts += [_section(entry) for entry in entries]
    parts += [
        f'<section class="result waiting"><div><b>waits for approval</b></div>'
        f"<pre>{_escaped(each)}</pre></section>"
        for each in waiting
    ]
    return "\n".join([*parts, f"<p>{_escaped(summary)}</p></div>"])


def page(
    entries: Iterable[Entry], waiting: Sequence[str], summary: str, title: str
) -> str:
    """A page that opens from disk, in a browser that is told to load nothing."""
    digest = b64encode(sha256(_PAGE_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'"
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="referrer" content="no-referrer">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{_escaped(title)}</title>",
            f"<style>{_PAGE_STYLE}</style>",
            "</head>",
            "<body>",
            fragment(entries, waiting, summary, styled=False),
            "</body>",
            "</html>\n",
        ]
    )


def _section(entry: Entry) -> str:
    if entry.kind == "result":
        head = f"<b>{_STATES[entry.state]}</b>"
        head += f"<strong>{_escaped(entry.title)}</strong>"
        head += _escaped(" · ".join(entry.facts))
    elif entry.kind == "call":
        head = f"calls <strong>{_escaped(entry.title)}</strong>"
    else:
        head = f"<strong>{_WHO[entry.kind]}</strong>"
    text = _indented(entry.text) if entry.kind in ("call", "result") else entry.text
    kind = f"{entry.kind} {entry.state}".strip()
    return f'<section class="{kind}"><div>{head}</div><pre>{_escaped(text)}</pre></section>'


def _indented(text: str) -> str:
    """JSON as people read it; any other text as it is. Numbers keep every digit."""
    try:
        value = json.loads(text, parse_float=_Spelt, parse_int=_Spelt)
    except (ValueError, RecursionError):
        return text
    return text if isinstance(value, str) else _written(value, "")


class _Spelt(str):
    """A number as it was written."""

    __slots__ = ()


def _written(value: object, indent: str) -> str:
    inner = indent + "  "
    if isinstance(value, _Spelt):
        return str(value)
    if isinstance(value, dict) and value:
        lines = [
            f"{inner}{json.dumps(name, ensure_ascii=False)}: {_written(each, inner)}"
            for name, each in value.items()
        ]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, list) and value:
        lines = [inner + _written(each, inner) for each in value]
        return "[\n" + ",\n".join(lines) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False)


def _escaped(text: str) -> str:
    return html.escape("\n".join(line(each) for each in text.splitlines()))
