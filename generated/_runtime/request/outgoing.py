"""A request as it leaves: parts, server and credentials put together.

Pure.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from ..basics.secrets import MASK, Secret
from ..errors import ArgumentError, ConfigurationError
from .operation import Operation, Parts
from .urls import BaseUrl

Pairs: TypeAlias = tuple[tuple[str, Secret], ...]

URL_LIMIT = 60_000
"""Characters of a URL; the HTTP library takes 65,536, most servers far less."""


def sendable(text: str, name: str) -> Secret:
    """A credential as a secret that can be the value of a header.

    Raises ConfigurationError, without quoting it, where it cannot: `name` is how it is called.
    """
    text = text.strip()
    if why := unsendable(text):
        raise ConfigurationError(f"{name} cannot be sent in a header: {why}")
    return Secret(text)


def unsendable(text: str) -> str:
    """What keeps a text from being a header's value; empty where nothing does."""
    if not text:
        return "it is empty"
    strange = next((c for c in text if not c.isascii()), None)
    if strange is not None:
        return f"it holds U+{ord(strange):04X}, which is not an ASCII character"
    return "" if text.isprintable() else "it holds a line end or a control character"


class Applied(NamedTuple):
    """What credentials add to a request; names and values are encoded already."""

    headers: Pairs = ()
    query: Pairs = ()
    cookies: Pairs = ()

    def beside(self, other: Applied) -> Applied:
        """Both together, for schemes that apply at once."""
        return Applied(
            self.headers + other.headers,
            self.query + other.query,
            self.cookies + other.cookies,
        )


NO_CREDENTIALS = Applied()


class Outgoing:
    """One request, ready to be sent, any number of times.

    `template` names the operation in messages; the URL may hold a secret and is never shown.
    `trusted` says whether it goes to a place that may know the caller.
    """

    __slots__ = (
        "content",
        "headers",
        "idempotent",
        "method",
        "template",
        "trusted",
        "url",
    )

    def __init__(
        self,
        method: str,
        url: str,
        headers: list[tuple[str, str]],
        content: bytes | None,
        *,
        template: str,
        idempotent: bool,
        trusted: bool = True,
    ) -> None:
        self.method = method
        self.url = url
        self.headers = headers
        self.content = content
        self.template = template
        self.idempotent = idempotent
        self.trusted = trusted

    def __repr__(self) -> str:
        return f"<Outgoing {self.method} {self.template}>"


def assemble(
    operation: Operation,
    parts: Parts,
    base: BaseUrl,
    applied: Applied = NO_CREDENTIALS,
    *,
    trusted: bool = True,
    masked: bool = False,
) -> Outgoing:
    """The request. Credentials come last and replace what arguments put in their places; of two
    for one header, the last counts.

    `masked` shows `***` for them instead. Raises ArgumentError where the URL would be too long.
    """
    url = join(base, parts.path, operation.path)
    query = _with_pairs(parts.query, applied.query, masked)
    if query:
        url = f"{url}?{'&'.join(query)}"
    size = len(url)
    if size > URL_LIMIT:
        del url, query  # they may hold a secret, and tracebacks may show locals
        raise ArgumentError(
            f"The arguments make a URL of {size:,} characters; nothing was sent."
            f" At most {URL_LIMIT:,} are possible: send less."
        )
    headers = [("Accept", operation.accept), ("Accept-Encoding", "identity")]
    if parts.headers:
        own = {name.lower() for name, _ in applied.headers}
        own |= (
            {"accept"}
            if any(n.lower() == "accept" for n, _ in parts.headers)
            else set()
        )
        headers = [each for each in headers if each[0].lower() not in own]
        headers += [each for each in parts.headers if each[0].lower() not in own]
    if parts.content_type is not None:
        headers.append(("Content-Type", parts.content_type))
    if parts.cookies or applied.cookies:
        cookies = _with_pairs(parts.cookies, applied.cookies, masked)
        headers.append(("Cookie", "; ".join(cookies)))
    added = {name.lower(): (name, secret) for name, secret in applied.headers}
    headers += [
        (name, secret.seen() if masked else secret.reveal())
        for name, secret in added.values()
    ]
    return Outgoing(
        operation.method,
        url,
        headers,
        parts.content,
        template=operation.path,
        idempotent=operation.is_idempotent,
        trusted=trusted,
    )


def join(base: BaseUrl, path: str, template: str) -> str:
    """Base and path as one URL, as text.

    The last guard: whatever the arguments were, the path has the segments of its template and
    nothing that an HTTP library or a server would fold or cut.
    """
    if path.count("/") != template.count("/") or "?" in path or "#" in path:
        raise ArgumentError("The arguments would change the path; nothing was sent.")
    return base.text + path


def _with_pairs(given: list[str], secrets: Pairs, masked: bool) -> list[str]:
    if not secrets:
        return given
    names = tuple(f"{name}=" for name, _ in secrets)
    kept = [
        pair
        for written in given
        for pair in written.split("&")
        if not pair.startswith(names)
    ]
    return kept + [
        f"{name}={MASK if masked else secret.reveal()}" for name, secret in secrets
    ]
