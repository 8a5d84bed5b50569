"""What users want of a document, from `x-toolbind` and from settings, in one place to ask.

The settings say in one line what an overlay says of each place: `bind = {accountId = "account_id"}`
is `x-toolbind: {bind: account_id}` at every argument of that name. What an overlay or the document
says of a single place goes before. Imports `diagnostics`, `extension`, `selection`, `ir`,
`options`, `security` and `read`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from toolbind import ir
from toolbind.diagnostics import Diagnostic, Place, near_miss
from toolbind.lower.document import extension
from toolbind.lower.document.extension import ArgumentWishes, refusal
from toolbind.lower.document.security import Requirement
from toolbind.lower.document.selection import Candidate, Selection
from toolbind.lower.options import LowerOptions
from toolbind.read.document import Document, Node
from toolbind.read.trace import Trace

PLACES: Final = ("path", "query", "header", "cookie", "body", "file")
_PRESET = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_FIELD_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
OWN_HEADERS: Final = frozenset(
    {
        *("accept", "authorization", "connection", "content-length", "content-type", "cookie"),
        *("expect", "host", "te", "trailer", "transfer-encoding", "upgrade"),
    }
)
"""Headers that belong to the client or to the connection."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one operation brings to the whole: what it can be chosen by, the tokens of its tool,
    what it asks of callers, and which client's arguments it sends, each with its JSON type."""

    candidate: Candidate
    tokens: int
    requirements: tuple[Requirement, ...]
    bound: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the settings: all arguments of a name, in one place or in any."""

    selector: str
    wishes: ArgumentWishes

    def fits(self, place: str, wire: str) -> bool:
        where, mark, name = self.selector.partition(":")
        if not mark or where not in PLACES:
            where, name = "", self.selector
        same = wire.lower() == name.lower() if place == "header" else wire == name
        return same and where in ("", place)


@dataclass(slots=True)
class Curation:
    """Asked for each argument; marks what the settings say that something has."""

    document: Document
    report: Trace
    options: LowerOptions
    _root: Mapping[str, Node] = field(init=False)
    _rules: tuple[Rule, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._root = extension.members_of(self.document.root, "root", self.report)
        self._rules = tuple(self._of_settings())

    def _of_settings(self) -> Iterator[Rule]:
        for selector, name in self.options.bind:
            place = self._place("bind", selector)
            extension.check_binding(name, place, self.report)
            yield Rule(selector, ArgumentWishes(bind=name, place=place))
        for selector in self.options.hide:
            place = self._place("hide", selector)
            yield Rule(selector, ArgumentWishes(hide=True, place=place))

    def _place(self, key: str, name: str = "") -> Place:
        """Where the settings say something, as far as they told."""
        known = self.options.places
        return known.get(f"{key}.{name}") or known.get(key) or Place(f"--{key} {name}".rstrip())

    # --- arguments ------------------------------------------------------------------------------

    def argument(self, nodes: tuple[Node | None, ...], place: str, wire: str) -> ArgumentWishes:
        """What is wanted of an argument: what its own place says, else what the settings say."""
        own = extension.argument_wishes(self.document, nodes, self.report)
        if self._rules:
            self.report.mark("seen", wire)
        for rule in self._rules:
            if rule.fits(place, wire):
                self.report.mark("used", rule.selector)
                if not (own.bind or own.value or own.hide or own.credential is not None):
                    own = replace(own, place=rule.wishes.place, **_said(rule.wishes))
        return own

    def tell_unused(self) -> None:
        """Warn of what the settings want of arguments that no operation has."""
        seen = [wire for kind, wire, *_ in self.report.marks if kind == "seen"]
        for rule in self._rules:
            if ("used", rule.selector) not in self.report.marks:
                name = rule.selector.rpartition(":")[2]
                message = f"no argument is called {rule.selector!r}{near_miss(name, seen)}"
                self.report.say("curation-unused", rule.wishes.place, message)

    def bound(self, wishes: ArgumentWishes, name: str) -> str:
        """The client's argument that the argument called `name` is bound to; empty if to none."""
        if wishes.bind:
            self._mark_bound(wishes.bind, wishes.place)
            return wishes.bind
        if wishes.credential:
            extension.check_binding(name, wishes.place, self.report)
            self.keep_secret(name, wishes.place)
            return name
        return ""

    def keep_secret(self, name: str, place: Place) -> None:
        """Something is bound to a client's argument that is shown to nobody."""
        self._mark_bound(name, place)
        self.report.mark("secret", name)

    def _mark_bound(self, name: str, place: Place) -> None:
        self.report.mark(
            "bound", name, place.file, place.pointer, str(place.line), str(place.column)
        )

    def _place_of_bound(self, wanted: str) -> Place:
        """Where it was first said that something is bound to a name."""
        for kind, name, *rest in self.report.marks:
            if (kind, name) == ("bound", wanted):
                file, pointer, line, column = rest
                return Place(file, pointer, int(line), int(column))
        raise KeyError(wanted)

    def bindings(
        self, shares: Iterable[Share], schemes: Iterable[ir.Scheme]
    ) -> tuple[ir.Binding, ...]:
        """The client's arguments that operations send, in the order of first use."""
        types: dict[str, dict[str, None]] = {}
        for share in shares:
            for name, kind in share.bound:
                types.setdefault(name, {})[kind] = None
        for scheme in schemes:
            for name in types.keys() & set(scheme.credentials):
                self._refuse_clash(name, scheme)
        return tuple(
            ir.Binding(name, tuple(kinds), ("secret", name) in self.report.marks)
            for name, kinds in types.items()
        )

    def _refuse_clash(self, name: str, scheme: ir.Scheme) -> None:
        """Both want to be the same argument of the constructor; each is told where it stands."""
        pointer = f"#/components/securitySchemes/{scheme.name}"
        bare = Diagnostic("binding-clash", Place(self.document.root.file, pointer), "")
        (other,) = self.document.located([bare])
        message = f"{name!r} is the credential of security scheme {scheme.name!r} ({other.place})"
        raise self.report.refuse("binding-clash", self._place_of_bound(name), message)

    # --- the whole document -----------------------------------------------------------------------

    def login(self) -> tuple[str, Place] | None:
        """The login that is added, as it is written: `bearer`, `header:X-Key`."""
        if self.options.security:
            return self.options.security, self._place("security")
        node = self._root.get("security")
        return (node.value, node.place) if node is not None else None

    def headers(self) -> tuple[tuple[str, str], ...]:
        """Headers of every request: those of the settings over those of the document."""
        found: dict[str, tuple[str, str]] = {}
        node = self._root.get("headers")
        own = [(name, each.value, each.place) for name, each in node.items()] if node else []
        told = [(name, value, self._place("headers", name)) for name, value in self.options.headers]
        for name, value, place in (*own, *told):
            if not _FIELD_NAME.fullmatch(name) or name.lower() in OWN_HEADERS:
                raise refusal(self.report, place, f"{name!r} is no header that can be added")
            if not isinstance(value, str) or not value.isascii() or not value.isprintable():
                raise refusal(self.report, place, f"the header {name!r} must be printable ASCII")
            found[name.lower()] = (name, value)
        return tuple(found.values())

    def presets(self, shares: Sequence[Share]) -> tuple[ir.Preset, ...]:
        """The presets, checked: each names tools, and costs no more than it may."""
        node = self._root.get("presets")
        named: dict[str, tuple[Any, Place]] = {}
        for name, each in node.items() if node is not None else ():
            named[name] = each.value, each.place
        for name, value in self.options.presets:
            named[name] = value, self._place("presets", name)
        return tuple(
            self._preset(name, value, place, shares) for name, (value, place) in named.items()
        )

    def _preset(self, name: str, value: Any, place: Place, shares: Sequence[Share]) -> ir.Preset:
        patterns, budget = _preset_parts(value)
        if not _PRESET.fullmatch(name) or not patterns:
            message = f"preset {name!r} must be a list of patterns, or {{tools: [...], budget: N}}"
            raise refusal(self.report, place, message)
        selection = Selection(patterns, ())
        chosen = [each for each in shares if selection.wants(each.candidate)]
        if unused := selection.unused():
            near = near_miss(unused[0], [each.candidate.name for each in shares])
            message = f"preset {name!r}: {unused[0]!r} matches no tool{near}"
            raise self.report.refuse("preset", place, message)
        tokens = sum(each.tokens for each in chosen)
        if budget is not None and tokens > budget:
            message = f"preset {name!r} costs {tokens:,} tokens, and its budget is {budget:,}"
            raise self.report.refuse("preset", place, message)
        return ir.Preset(name, tuple(each.candidate.name for each in chosen), tokens)


def _said(wishes: ArgumentWishes) -> dict[str, Any]:
    return {"bind": wishes.bind} if wishes.bind else {"hide": wishes.hide}


def _preset_parts(value: Any) -> tuple[tuple[str, ...], int | None]:
    """Patterns and budget; no patterns where it is neither form."""
    budget = None
    if isinstance(value, dict):
        budget = value.get("budget")
        if value.keys() - {"tools", "budget"} or not (budget is None or type(budget) is int):
            return (), None
        value = value.get("tools")
    if not isinstance(value, (list, tuple)) or not all(isinstance(each, str) for each in value):
        return (), None
    return tuple(value), budget
