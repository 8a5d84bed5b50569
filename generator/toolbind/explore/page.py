"""The page: data that cannot leave its block, and a policy that lets nothing in and nothing out.

A browser is told by hash which one script and which one style belong to the page, and to load
nothing at all. Imports `render` and the files of this room.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from html import unescape
from typing import Any

from toolbind.explore.describe import Findings, details, index
from toolbind.explore.subject import Preview, Subject
from toolbind.render.html import data, html, own
from toolbind.version import __version__

MARK = '<meta name="generator" content="toolbind'
"""What every page of ours holds near its beginning; a file without it is somebody else's."""


def page(subject: Subject, preview: Preview, *, token: str = "", calls: bool = False) -> str:
    """The whole page, one file. With a `token` it is served by us and may ask us for requests, and
    if `calls` says so to send them."""
    findings = Findings(subject.background)
    script, style = own("page.js"), own("page.css")
    known = index(subject, findings)
    if token:
        known |= {"live": True, "token": token, "calls": calls}
    return html(
        "page.html.jinja",
        generator=f"toolbind {__version__}",
        policy=_policy(script, style, asks=bool(token)),
        title=f"{subject.title} · toolbind",
        style=style,
        script=script,
        index=data(known),
        details=packed(details(subject, findings, preview)),
    )


def policy_of(text: str) -> str:
    """The policy that a page of ours states, for a server to state as well; for any other text the
    one that allows nothing."""
    found = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text[:4096])
    return unescape(found[1]) if found else "default-src 'none'"


def _policy(script: str, style: str, *, asks: bool) -> str:
    """What a page with this one script and this one style may load: nothing else."""
    rules = {
        "default-src": "'none'",
        "script-src": _hash(script),
        "style-src": _hash(style),
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    if asks:
        rules["connect-src"] = "'self'"
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def packed(value: Any) -> str:
    """JSON, deflated, in base64: an eighth of it, and nothing but letters and digits."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()
