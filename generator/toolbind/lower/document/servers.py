"""Where requests go: servers of the document, of a path, of an operation.

Variables are filled in, relative URLs resolved against the document's own URL, and every URL is
judged before it may become a default (OpenAPI 3.1 sections 4.8.5 and 4.8.6). Imports
`diagnostics`, `ir`, `read`, `unsupported`, `urls`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from toolbind import ir
from toolbind.diagnostics import Place, Report
from toolbind.lower.document import urls
from toolbind.lower.unsupported import Unsupported
from toolbind.read.document import Document, Node, ReferenceFailure

_VARIABLE = re.compile(r"\{([^{}]*)\}")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class _Server:
    """One server object, understood: `url` where it is absolute and usable, else `path` where at
    least that is known, else `trouble` says what is wrong."""

    place: Place
    template: str
    filled: str
    description: str
    url: urls.Url | None = None
    path: str | None = None
    trouble: str = ""

    @property
    def serves(self) -> bool:
        """Whether requests can go there without anything else being known."""
        return self.url is not None and not self.url.is_private

    @property
    def why(self) -> str:
        """Why it does not serve."""
        if self.url is not None:
            return "is in a private network"
        return self.trouble or "is relative, and the document's own URL is not known"

    @property
    def default(self) -> str:
        """What may be sent to without being asked: nothing on private networks."""
        if self.url is not None:
            return "" if self.url.is_private else str(self.url)
        return self.path or ""


class Servers:
    """The servers of one document, and which of them is the base of its requests."""

    def __init__(self, document: Document, report: Report, choice: str) -> None:
        self._document = document
        self._report = report
        self._choice = choice
        root = document.root
        own = list(self._understood(root.get("servers")))
        self._listed = own or list(self._promoted(root))
        self._base = self._chosen(own)
        if self._base is None:
            self._base = self._first(self._listed)
        if self._base is None and document.url:
            self._base = self._understand(root, "/", "")
        self._judge_base(root)

    @property
    def listed(self) -> tuple[ir.Server, ...]:
        """The base first, then the other usable servers in document order."""
        base = self._base
        if base is None:
            return ()
        first = ir.Server(base.default, base.description)
        others = (ir.Server(s.default, s.description) for s in self._listed if s is not base)
        return (first, *(other for other in others if other.url))

    @property
    def ground(self) -> object:
        """All that decides, beside an operation and its path, what `of` gives."""
        return self._base, self._choice

    def of(self, item: Node, operation: Node) -> str | None:
        """The server of an operation if it is not the document's: an absolute URL, or a path below
        the origin of the base URL (`/` for the origin itself) where it has the same origin.

        Raises Unsupported where the operation's server cannot be used.
        """
        for node in (operation, item):
            servers = list(self._understood(node.get("servers")))
            if servers:
                return self._differing(self._best(servers))
        return None

    # --- understanding one server ---------------------------------------------------------------

    def _understood(self, servers: Node | None) -> Iterator[_Server]:
        for element in servers.elements() if servers is not None else ():
            try:
                node = self._document.understood(element, "server", self._report)
            except ReferenceFailure as failure:
                self._say("server-malformed", element.place, f"{failure.message}; it is left out")
                continue
            if not isinstance(node.value, dict) or not isinstance(node.value.get("url"), str):
                self._say("server-malformed", node.place, "a server without a url is left out")
                continue
            filled, trouble = self._filled(node)
            yield self._understand(node, filled, trouble)

    def _understand(self, node: Node, filled: str, trouble: str) -> _Server:
        template = node.text("url")
        description = node.text("description")
        server = _Server(node.place, template, filled, description, trouble=trouble)
        if trouble:
            return server
        url = _resolved(filled, self._document.url)
        try:
            if _ABSOLUTE.match(url):
                parsed = urls.parse(url)
                return _Server(node.place, template, filled, description, parsed)
            if url and not url.startswith("/"):
                raise urls.UrlError("is relative to a document whose URL is not known")
            if "?" in url or "#" in url:
                raise urls.UrlError("holds a query or a fragment")
            path = urls.base_path(url)
        except urls.UrlError as bad:
            return _Server(node.place, template, filled, description, trouble=str(bad))
        return _Server(node.place, template, filled, description, path=path)

    def _filled(self, node: Node) -> tuple[str, str]:
        """The URL with its variables filled in, and what is missing for that."""
        missing: list[str] = []

        def value(match: re.Match[str]) -> str:
            found = self._variable(node, match.group(1))
            if found is None:
                missing.append(match.group(1))
            return found or ""

        filled = _VARIABLE.sub(value, node.text("url").strip())
        trouble = f"has no value for its variable {missing[0]!r}" if missing else ""
        return filled, trouble

    def _variable(self, node: Node, name: str) -> str | None:
        variables = node.get("variables")
        variable = variables.get(name) if variables is not None else None
        if variable is not None:
            variable = self._document.understood(variable, "serverVariable", self._report)
        if variable is None or not isinstance(variable.value, dict):
            return None
        default = _scalar(variable.value.get("default"))
        enum = variable.value.get("enum")
        allowed = [_scalar(each) for each in enum] if isinstance(enum, list) else []
        choices = [each for each in allowed if each is not None]
        if choices and default not in choices:
            self._say(
                "server-variable",
                variable.place,
                f"the default of variable {name!r} is not in its enum; {choices[0]!r} is used",
            )
            return choices[0]
        return default

    # --- choosing -------------------------------------------------------------------------------

    def _chosen(self, own: list[_Server]) -> _Server | None:
        """The document's server that the user chose, or else its first."""
        if not self._choice:
            return self._first(own)
        chosen = _matching(own, self._choice)
        if chosen is None:
            numbered = (f"{number} {each.filled!r}" for number, each in enumerate(own, 1))
            offered = ", ".join(numbered) or "none"
            raise self._report.refuse(
                "server-choice",
                self._document.root.place,
                f"no server of the document is {self._choice!r}; offered: {offered}",
            )
        return chosen

    def _best(self, servers: list[_Server]) -> _Server:
        """Of a path's or an operation's servers; a number counts those of the document only."""
        named = self._choice and not self._choice.isdigit()
        chosen = _matching(servers, self._choice) if named else None
        return chosen or self._first(servers, relative=True) or servers[0]

    def _first(self, servers: list[_Server], *, relative: bool = False) -> _Server | None:
        """The first server that can serve, else the first; says which ones are passed over.
        `relative`: whether a path is enough, because the document's own server completes it."""
        usable = next(
            (each for each in servers if each.serves or (relative and each.path is not None)), None
        )
        if usable is None:
            return servers[0] if servers else None
        for passed in servers[: servers.index(usable)]:
            message = f"the server {passed.filled!r} {passed.why}; {usable.filled!r} is used"
            self._say("server-passed-over", passed.place, message)
        return usable

    def _promoted(self, root: Node) -> Iterator[_Server]:
        """The one server on which all paths and operations agree, for a document without any."""
        paths = root.get("paths")
        if paths is None or self._document.url:
            return
        found: dict[str, Node] = {}
        for _, item in paths.items():
            for holder in (item, *(child for _, child in item.items())):
                servers = holder.get("servers") if isinstance(holder.value, dict) else None
                first = next(servers.elements(), None) if servers is not None else None
                if servers is not None and first is not None:
                    found.setdefault(first.text("url"), servers)
        if len(found) == 1:
            yield from self._understood(next(iter(found.values())))

    # --- judging --------------------------------------------------------------------------------

    def _judge_base(self, root: Node) -> None:
        base = self._base
        if base is None:
            return self._say("server-none", root.place, "the document names no server")
        if base.trouble:
            return self._say(
                "server-unusable", base.place, f"the server {base.filled!r} {base.trouble}"
            )
        if base.url is None:
            return self._say(
                "server-none",
                base.place,
                f"the server {base.filled!r} is relative, and the document's own URL is not known",
            )
        if base.url.is_private:
            return self._say(
                "server-private", base.place, f"the server {base.filled!r} is in a private network"
            )
        if base.url.scheme == "http":
            self._say(
                "server-plain-http", base.place, f"the server {base.filled!r} is not encrypted"
            )
        return None

    def _differing(self, server: _Server) -> str | None:
        if server.trouble:
            reason = f"its server {server.filled!r} {server.trouble}"
            raise Unsupported("server-unusable", server.place, reason)
        base = self._base
        if server.url is None:
            same = base is not None and base.url is None and base.path == server.path
            return None if same else server.path or "/"
        if base is not None and base.url is not None and base.url.origin == server.url.origin:
            return None if base.url.path == server.url.path else server.url.path or "/"
        if server.url.is_private:
            reason = f"its server {server.filled!r} is in a private network"
            raise Unsupported("server-private", server.place, reason)
        self._say(
            "server-other-origin",
            server.place,
            f"requests go to {server.url.origin}, which is not where the document's others go",
        )
        return str(server.url)

    def _say(self, code: str, place: Place, message: str) -> None:
        self._report.say(code, place, message)


def _resolved(url: str, document_url: str) -> str:
    if url.startswith("//") and not document_url:
        return "https:" + url
    return urljoin(document_url, url) if document_url else url


def _matching(servers: list[_Server], choice: str) -> _Server | None:
    """The server with this number (from 0), URL (as spelt, or filled in) or description."""
    if choice.isdigit():
        return servers[int(choice)] if int(choice) < len(servers) else None
    for server in servers:
        spellings = (server.template, server.filled, str(server.url))
        if choice.rstrip("/") in (spelling.rstrip("/") for spelling in spellings):
            return server
    folded = choice.strip().casefold()
    return next((s for s in servers if s.description.strip().casefold() == folded), None)


def _scalar(value: object) -> str | None:
    """A variable's value as text: documents write ports as numbers."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (str, int, float)) else None
