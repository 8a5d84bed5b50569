"""A prepared request as a curl command that sends the same bytes, for a POSIX shell or bash.

Pure. Imports the standard library only.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping

_ITS_OWN = frozenset({"host", "content-length", "connection", "accept-encoding"})
"""Headers that curl writes by itself, from the URL and from the body."""

_HIDDEN = re.compile(r"[^\x20-\x7e]")


def curl(method: str, url: str, headers: Mapping[str, str], body: str) -> str:
    """The command, one option a line. `body` is the text that is sent; empty for none.

    Nothing of a URL, a header or a body means anything to the shell or to curl: no glob, no
    `@file`, no path that is folded.
    """
    options = ["curl", *_verb(method, bool(body)), *_fences(url), quoted(url)]
    lines = [" ".join(options)]
    lines += [f"  -H {quoted(_header(name, value))}" for name, value in _given(headers, body)]
    lines += [f"  --data-raw {quoted(body)}"] if body else []
    return " \\\n".join(lines)


def quoted(text: str) -> str:
    """One word of a shell: in plain quotes while it is plain, in `$'...'` where something in it
    cannot be seen. Characters beyond ASCII that can be seen stay."""
    if all(char.isprintable() for char in text):
        return shlex.quote(text)
    plain = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"$'{_HIDDEN.sub(_escaped, plain)}'"


def _escaped(match: re.Match[str]) -> str:
    char = match[0]
    if char.isprintable():
        return char
    names = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return names.get(char) or "".join(f"\\{byte:03o}" for byte in char.encode())


def _verb(method: str, has_body: bool) -> list[str]:
    """`-X`, but where curl would choose the method by itself."""
    if method == "HEAD":
        return ["--head"]
    return [] if method == ("POST" if has_body else "GET") else ["-X", quoted(method)]


def _fences(url: str) -> Iterator[str]:
    """Switches for what curl would read into a URL: `[1-9]` and `{a,b}`, `/../`."""
    if any(char in url for char in "[]{}"):
        yield "--globoff"
    if re.search(r"/\.{1,2}(?:[/?#]|$)", url):
        yield "--path-as-is"


def _given(headers: Mapping[str, str], body: str) -> Iterator[tuple[str, str]]:
    """The headers to name. curl adds one for the type of a body unless it is told otherwise."""
    for name, value in headers.items():
        if name.lower() not in _ITS_OWN:
            yield name, value
    if body and not any(name.lower() == "content-type" for name in headers):
        yield "Content-Type", ""


def _header(name: str, value: str) -> str:
    """`Name: value`. With nothing behind the colon curl would leave the header out: `Name;`. For a
    body without a type that is what is wanted."""
    if value:
        return f"{name}: {value}"
    return f"{name}:" if name == "Content-Type" else f"{name};"
