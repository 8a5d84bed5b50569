"""Who may call: security schemes, which operations want which, and the credentials they take.

Reads `components/securitySchemes` and security requirements (OpenAPI 3.1 sections 4.8.27 and
4.8.30). Imports `diagnostics`, `ir`, `names`, `read`, `urls`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urljoin

from toolbind import ir
from toolbind.diagnostics import Place, Report
from toolbind.lower.document import names, urls
from toolbind.read import pointers
from toolbind.read.document import Document, Node, ReferenceFailure

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A field name or an authentication scheme (RFC 9110 section 5.6.2)."""

Requirement = tuple[tuple[str, tuple[str, ...]], ...]
"""One alternative: schemes that apply together, each with the scopes that it needs."""

_PLACES: Mapping[str, Literal["query", "header", "cookie"]] = {
    "query": "query",
    "header": "header",
    "cookie": "cookie",
}
_URI = re.compile(r"[/#:]|\.(?:json|ya?ml)$", re.IGNORECASE)
"""What the name of a component does not have, and a URI does."""

_CLIENT_WORDS = ("client_id", "client_secret")


Login = tuple[str, Place]

LOGIN = "login"
"""The name of a scheme that the user adds."""


class Security:
    """The security of one document. Schemes that nothing asks for are never looked at."""

    def __init__(self, document: Document, report: Report, login: Login | None = None) -> None:
        """`login` is one that the user adds: how it is written (`bearer`), and where."""
        self._document = document
        self._report = report
        self._schemes: dict[str, ir.Scheme | None] = {}
        self._spares: tuple[ir.Scheme, ...] | None = None
        self._others: dict[str, Node] = {}  # schemes that stand elsewhere, by the names they get
        components = document.root.get("components")
        self._nodes = components.get("securitySchemes") if components is not None else None
        self.default = self._requirements(document.root) or ()
        if login is not None:
            name = self._added(*login)
            self.default = (((name, ()),), *(self.default or ((),)))

    @property
    def ground(self) -> object:
        """All that decides, beside an operation, what is asked for and hidden: complete once every
        operation has been asked for its requirements."""
        return self.default, tuple(self._schemes.items()), self._spare()

    @property
    def asked(self) -> tuple[ir.Scheme, ...]:
        """The schemes that operations ask for."""
        return tuple(scheme for scheme in self._schemes.values() if scheme is not None)

    @property
    def declared(self) -> tuple[ir.Scheme, ...]:
        """Those, and the others that the document has: a parameter may be the credential of one."""
        return (*self.asked, *self._spare())

    def settle(self) -> None:
        """Call it when every operation has been asked: from now on nothing of the document is read
        for what a parameter may be."""
        self._spare()

    def _spare(self) -> tuple[ir.Scheme, ...]:
        """Schemes that no requirement names. Nothing is said about them: they may be unused."""
        if self._spares is None:
            aside = Security(self._document, Report())
            nodes = self._nodes.items() if self._nodes is not None else ()
            found = (aside._scheme(n, node) for n, node in nodes if n not in self._schemes)
            self._spares = tuple(scheme for scheme in found if scheme is not None)
        return self._spares

    def of(self, operation: Node) -> tuple[Requirement, ...]:
        """The alternatives of an operation, its own or the document's; empty: nothing is sent."""
        own = self._requirements(operation)
        return self.default if own is None else own

    def hidden_by(self, place: str, wire: str) -> str | None:
        """The scheme whose credential stands at a place."""
        folded = wire.lower() if place == "header" else wire
        for scheme in self.declared:
            if scheme.place == place and scheme.kind == "apiKey":
                own = scheme.wire.lower() if place == "header" else scheme.wire
                if own == folded:
                    return scheme.name
        return None

    def schemes(self, used: Iterable[tuple[Requirement, ...]]) -> tuple[ir.Scheme, ...]:
        """The schemes that `used` names, in document order, with the names of their credentials."""
        wanted: dict[str, dict[str, None]] = {}
        for requirements in used:
            for alternative in requirements:
                for name, scopes in alternative:
                    wanted.setdefault(name, {}).update(dict.fromkeys(scopes))
        kept = [
            replace(scheme, scopes=tuple(wanted[name]) if scheme.token_url else ())
            for name, scheme in self._in_document_order()
            if name in wanted
        ]
        return _with_credentials(kept)

    def _in_document_order(self) -> Iterable[tuple[str, ir.Scheme]]:
        listed = [name for name, _ in self._nodes.items()] if self._nodes is not None else []
        spare = {scheme.name: scheme for scheme in self._spare()}
        for name in dict.fromkeys((*listed, *self._others, LOGIN)):
            scheme = self._schemes.get(name) or spare.get(name)
            if scheme is not None:
                yield name, scheme

    def _added(self, text: str, place: Place) -> str:
        """The name of the scheme that a login means: one of the document's, or a new one."""
        nodes = self._nodes
        if nodes is not None and nodes.get(text) is not None and self._scheme(text, nodes):
            return text
        where, mark, name = text.partition(":")
        kinds: Mapping[str, Literal["bearer", "basic"]] = {"bearer": "bearer", "basic": "basic"}
        if text in kinds:
            self._schemes[LOGIN] = ir.Scheme(LOGIN, kinds[text], ())
        elif mark and where in _PLACES and name and (where == "query" or TOKEN.fullmatch(name)):
            self._schemes[LOGIN] = ir.Scheme(LOGIN, "apiKey", (), _PLACES[where], name)
        else:
            message = f"{text!r} is no login: bearer, basic, header:NAME, query:NAME, cookie:NAME"
            raise self._report.refuse("extension-member", place, message)
        return LOGIN

    # --- requirements ---------------------------------------------------------------------------

    def _requirements(self, holder: Node) -> tuple[Requirement, ...] | None:
        node = holder.get("security")
        if node is None or not isinstance(node.value, list):
            return None
        found: dict[Requirement, None] = {}
        for each in node.elements():
            alternative = self._alternative(each)
            if alternative is not None:
                found[alternative] = None
        return tuple(found)

    def _alternative(self, node: Node) -> Requirement | None:
        """One alternative without the schemes that cannot be used; None if none are left."""
        if not isinstance(node.value, dict):
            self._say("security-malformed", node, "a security requirement that is no object")
            return None
        known = tuple(
            (scheme.name, tuple(s for s in scopes.value if isinstance(s, str)))
            if isinstance(scopes.value, list)
            else (scheme.name, ())
            for name, scopes in node.items()
            if (scheme := self._scheme(name, node)) is not None
        )
        return known if known or not node.value else None

    def _scheme(self, name: str, asked_at: Node) -> ir.Scheme | None:
        node = self._nodes.get(name) if self._nodes is not None else None
        if node is None:
            name, node = self._identified(name, asked_at)
        if name not in self._schemes:
            if node is None:
                self._say(
                    "security-unknown", asked_at, f"there is no security scheme named {name!r}"
                )
            self._schemes[name] = self._understood(name, node) if node is not None else None
        return self._schemes[name]

    def _identified(self, uri: str, asked_at: Node) -> tuple[str, Node | None]:
        """The scheme that a requirement names by its URI (OpenAPI 3.2, Security Requirement
        Object): its name, with its file where it is not the document's own, and where it stands.
        """
        if not _URI.search(uri):
            return uri, None
        reference = Node({"$ref": uri}, asked_at.pointer, asked_at.file)
        try:
            node = self._document.target(reference)
        except ReferenceFailure as failure:
            self._say("security-unknown", asked_at, failure.message)
            return uri, None
        if self._document.family != "3.2":
            words = f"the security requirement {uri!r} is a URI, which OpenAPI 3.2 knows"
            self._say("field-version", asked_at, words)
        name = pointers.split(node.pointer)[-1] if node.pointer != pointers.ROOT else ""
        own = self._nodes.get(name) if self._nodes is not None else None
        if own is None or (own.file, own.pointer) != (node.file, node.pointer):
            name = f"{name} of {node.file}" if own is not None or not name else name
            self._others[name] = node
        return name, node

    # --- schemes --------------------------------------------------------------------------------

    def _understood(self, name: str, node: Node) -> ir.Scheme | None:
        try:
            node = self._document.understood(node, "securityScheme", self._report)
            build = _KINDS.get(node.text("type"))
            problem = self._document.check(node, "securityScheme")
            if problem is not None:
                raise _MalformedError(problem.message)
            if build is None:
                raise _MalformedError(f"its type {node.text('type')!r} is not known")
            scheme = build(name, node)
        except (_MalformedError, ReferenceFailure) as bad:
            self._say(
                "security-malformed", node, f"the security scheme {name!r} is left out: {bad}"
            )
            return None
        self._look_at_flows(node)
        return replace(scheme, token_url=self._token_url(node, scheme))

    def _look_at_flows(self, scheme: Node) -> None:
        """Say what is odd about the flows of a scheme; of them only the token URL is used."""
        flows = scheme.get("flows")
        if flows is None:
            return
        self._document.understood(flows, "flows", self._report)
        for _, flow in flows.items():
            self._document.understood(flow, "flow", self._report)

    def _token_url(self, node: Node, scheme: ir.Scheme) -> str:
        if not scheme.token_url:
            return ""
        text, mark, query = urljoin(self._document.url, scheme.token_url).partition("?")
        try:
            # a query belongs to it and is kept, a fragment is forbidden (RFC 6749 section 3.2)
            tail = mark + urls.query(query) if query else ""
            if text.startswith("/") and not text.startswith("//"):
                return urls.base_path(text) + tail  # the caller's base URL completes it
            url = urls.parse(text)
            if url.scheme != "https" or url.is_private:
                raise urls.UrlError("is not https on a public host")
        except urls.UrlError as bad:
            self._say("token-url", node, f"the token URL of scheme {scheme.name!r} {bad}")
            return ""
        return str(url) + tail

    def _say(self, code: str, node: Node, message: str) -> None:
        self._report.say(code, node.place, message)


class _MalformedError(Exception):
    pass


@dataclass(frozen=True, slots=True)
class _Builder:
    """Makes a scheme of one kind; credentials come later, when all schemes are known."""

    kind: Literal["oauth2", "openIdConnect", "mutualTLS"]

    def __call__(self, name: str, node: Node) -> ir.Scheme:
        url = ""
        flow = _client_flow(node)
        if self.kind == "oauth2" and flow is not None:
            url = flow.text("tokenUrl")
        description = node.text("description")
        return ir.Scheme(name, self.kind, (), token_url=url, description=description)


def _client_flow(scheme: Node) -> Node | None:
    flows = scheme.get("flows")
    return flows.get("clientCredentials") if flows is not None else None


def _api_key(name: str, node: Node) -> ir.Scheme:
    place, wire = _PLACES.get(node.text("in")), node.text("name")
    if place is None or not wire:
        raise _MalformedError("an apiKey scheme needs `in` and `name`")
    if place != "query" and not TOKEN.fullmatch(wire):
        raise _MalformedError(f"{wire!r} is no {place} name")
    return ir.Scheme(name, "apiKey", (), place, wire, description=node.text("description"))


def _http(name: str, node: Node) -> ir.Scheme:
    word = node.text("scheme")
    if not TOKEN.fullmatch(word):
        raise _MalformedError("an http scheme needs `scheme`")
    description = node.text("description")
    if word.lower() == "basic":
        return ir.Scheme(name, "basic", (), description=description)
    if word.lower() == "bearer":
        return ir.Scheme(name, "bearer", (), description=description)
    return ir.Scheme(name, "http", (), wire=word, description=description)


_KINDS: Mapping[str, Callable[[str, Node], ir.Scheme]] = {
    "apiKey": _api_key,
    "http": _http,
    "oauth2": _Builder("oauth2"),
    "openIdConnect": _Builder("openIdConnect"),
    "mutualTLS": _Builder("mutualTLS"),
}


# --- credentials --------------------------------------------------------------------------------


def _words(scheme: ir.Scheme) -> tuple[str, ...]:
    """What a scheme's credentials are called where no other scheme wants the same words."""
    if scheme.kind == "apiKey":
        return ("api_key",)
    if scheme.kind == "basic":
        return ("username", "password")
    if scheme.kind == "mutualTLS":
        return ()
    return ("token", *(_CLIENT_WORDS if scheme.token_url else ()))


def possible_names(schemes: Iterable[ir.Scheme]) -> frozenset[str]:
    """All that the credentials of these may be called once it is known which of them are used."""
    return frozenset(
        names.identifier(text, names.CREDENTIALS)
        for scheme in schemes
        for word in _words(scheme)
        for text in (word, scheme.name, f"{scheme.name} {word}")
    )


def _with_credentials(schemes: list[ir.Scheme]) -> tuple[ir.Scheme, ...]:
    """All schemes with names for their credentials: plain words, but the scheme's own name where
    several schemes would share a word."""
    shared = Counter(word for scheme in schemes for word in _words(scheme))
    wanted: list[names.Wanted] = []
    for scheme in schemes:
        alone = all(shared[word] == 1 for word in _words(scheme))
        for word in _words(scheme):
            single = word in ("api_key", "token")
            own = scheme.name if single else f"{scheme.name} {word}"
            spellings = (word,) if alone else ()
            wanted.append(
                names.Wanted((scheme.name, word), (*spellings, own, f"{scheme.name} {word}"))
            )
    assigned = dict(
        zip((w.identity for w in wanted), names.assign(wanted, names.CREDENTIALS), strict=True)
    )
    return tuple(_credited(scheme, assigned) for scheme in schemes)


def _credited(scheme: ir.Scheme, assigned: Mapping[tuple[str, ...], str]) -> ir.Scheme:
    return replace(
        scheme, credentials=tuple(assigned[scheme.name, word] for word in _words(scheme))
    )
