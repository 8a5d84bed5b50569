"""`x-toolbind`: what the author of a document or of an overlay wants of operations and arguments.

    x-toolbind: {name: find_pet, description: Finds one pet by its tag., include: false}

The only vendor extension that has an effect. What each member does is told in `MEMBERS`, from which
`toolbind explain settings` is printed; a member that is not there, or that holds something else, is
refused at its place. Imports `diagnostics` and `read`.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from toolbind.diagnostics import DocumentError, Place, Report, near_miss
from toolbind.read.document import Document, Node, ReferenceFailure

KEY: Final = "x-toolbind"

Holder = Literal["operation", "argument", "property", "root"]


@dataclass(frozen=True, slots=True)
class Member:
    """One member: what it holds, as Python's type and in words, and what it does."""

    kind: type
    holds: str
    does: str


_NAME = Member(str, "text", "Its name; else made from the document's.")
_WORDS = Member(str, "text", "Its description, in place of the document's.")
_HIDE = Member(bool, "true or false", "In no tool; the typed method still takes it.")
_EXAMPLES = Member(list, "a list", "Examples of the value, in place of the document's.")

MEMBERS: Final[Mapping[Holder, Mapping[str, Member]]] = {
    "operation": {
        "name": _NAME,
        "description": _WORDS,
        "include": Member(bool, "true or false", "false leaves the operation out."),
        "title": Member(str, "text", "What a person who approves its calls is shown."),
        "danger": Member(
            bool, "true or false", "Whether a call has to be approved, whatever its method."
        ),
    },
    "argument": {
        "name": _NAME,
        "description": _WORDS,
        "hide": _HIDE,
        "value": Member(object, "any value", "Is always sent, and asked of nobody."),
        "bind": Member(str, "text", "The argument of the client whose value is sent."),
        "credential": Member(
            bool, "true or false", "true: bound, and secret; false: shown, whatever it looks like."
        ),
        "examples": _EXAMPLES,
        "list-style": Member(
            str,
            "repeat, comma, brackets or indices",
            "How a list is written: a=1&a=2, a=1,2, a[]=1&a[]=2, a[0]=1&a[1]=2.",
        ),
    },
    "property": {"description": _WORDS, "hide": _HIDE, "examples": _EXAMPLES},
    "root": {
        "security": Member(
            str, "text", "A login: bearer, basic, header:NAME, query:NAME, cookie:NAME."
        ),
        "headers": Member(dict, "an object of text", "Headers that go with every request."),
        "presets": Member(dict, "an object of lists", "Choices of tools, by name: patterns."),
    },
}

LIST_STYLES: Final = ("repeat", "comma", "brackets", "indices")

BINDING_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)

RESERVED: Final = frozenset(
    {
        *("self", "base_url", "credentials", "options", "http_client", "timeout", "max_retries"),
        *("max_response_bytes", "max_result_bytes", "max_result_tokens", "allow_http"),
        *("send_credentials_to", "files_from", "select", "trust_env", "headers"),
    }
)
"""Names that every client's constructor has taken."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is wanted of an operation: the members of its `x-toolbind`, or what they are without."""

    name: str = ""
    description: str = ""
    include: bool = True
    title: str = ""
    danger: bool | None = None


NONE: Final = Wishes()


@dataclass(frozen=True, slots=True)
class ArgumentWishes:
    """What is wanted of an argument, and where that is said. `value` is a tuple of one, or empty.

    `bind` is the name of the client's argument; `credential` is None where nothing is said.
    """

    name: str = ""
    description: str = ""
    hide: bool = False
    value: tuple[Any, ...] = ()
    bind: str = ""
    credential: bool | None = None
    examples: tuple[Any, ...] = ()
    list_style: str = ""
    place: Place = field(default=Place(""))

    @property
    def example(self) -> str | None:
        """The first example, where it is text: what can be told in words."""
        first = self.examples[0] if self.examples else None
        return first if isinstance(first, str) else None


NOTHING: Final = ArgumentWishes()


def refusal(report: Report, place: Place, message: str) -> DocumentError:
    return report.refuse("extension-member", place, message)


def members_of(node: Node, holder: Holder, report: Report) -> dict[str, Node]:
    """The members of a node's own `x-toolbind`, checked. Raises DocumentError."""
    own = node.get(KEY)
    if own is None:
        return {}
    if not isinstance(own.value, dict):
        raise refusal(report, own.place, f"{KEY} is not an object")
    known = MEMBERS[holder]
    for name, member in own.items():
        if name not in known:
            raise refusal(report, member.place, f"{KEY} {_unknown(name, holder)}")
        if not isinstance(member.value, known[name].kind):
            raise refusal(report, member.place, f"{KEY} {name!r} must be {known[name].holds}")
    return dict(own.items())


def _unknown(name: str, holder: Holder) -> str:
    others = [other for other, members in MEMBERS.items() if name in members]
    near = near_miss(name, MEMBERS[holder])
    where = {"property": "of a property inside an argument"}.get(holder, f"of an {holder}")
    where = "of the document" if holder == "root" else where
    hint = near or (f"; it is for an {others[0]}" if others else "")
    return f"{where} has no {name!r}{hint}"


def wishes(operation: Node, report: Report) -> Wishes:
    """What an operation's `x-toolbind` says."""
    found = members_of(operation, "operation", report)
    return Wishes(**{name: member.value for name, member in found.items()}) if found else NONE


def argument_wishes(
    document: Document, nodes: tuple[Node | None, ...], report: Report
) -> ArgumentWishes:
    """What is said of an argument, at its parameter or its schema; what stands first counts.

    References are followed, and what stands beside one goes before what it refers to.
    """
    found: dict[str, Node] = {}
    for node in nodes:
        for each in _along(document, node):
            found = members_of(each, "argument", report) | found
    if not found:
        return NOTHING
    return _argument(found, report)


def _along(document: Document, node: Node | None) -> list[Node]:
    """A node and what it refers to, one step after the other."""
    chain: list[Node] = []
    while node is not None and isinstance(node.value, dict) and len(chain) < 10:
        chain.append(node)
        try:
            following = document.target(node)
        except ReferenceFailure:
            break
        if following is node:
            break
        node = following
    return chain


def _argument(found: Mapping[str, Node], report: Report) -> ArgumentWishes:
    values = {name.replace("-", "_"): member.value for name, member in found.items()}
    if "bind" in found:
        check_binding(values["bind"], found["bind"].place, report)
    if "list-style" in found and values["list_style"] not in LIST_STYLES:
        message = f"{KEY} 'list-style' must be one of {', '.join(LIST_STYLES)}"
        raise refusal(report, found["list-style"].place, message)
    if "value" in values:
        values["value"] = (values["value"],)
    if "examples" in values:
        values["examples"] = tuple(values["examples"])
    deciding = [name for name in ("value", "bind", "credential", "hide") if name in found]
    ways = [name for name in ("value", "bind") if name in found]
    ways += ["credential"] if values.get("credential") and "bind" not in found else []
    if len(ways) > 1:
        message = f"{KEY} has {ways[0]!r} and {ways[1]!r}: one of them decides what is sent"
        raise refusal(report, found[ways[1]].place, message)
    place = found[(deciding or list(found))[0]].place
    return ArgumentWishes(**values, place=place)


def check_binding(name: str, place: Place, report: Report) -> None:
    """Raises DocumentError unless a constructor can have an argument of this name."""
    if not BINDING_NAME.fullmatch(name) or keyword.iskeyword(name):
        message = f"{name!r} names no argument of a client: letters, digits and _, in lower case"
        raise refusal(report, place, message)
    if name in RESERVED:
        message = f"every client has an argument {name!r} of its own; bind to another name"
        raise report.refuse("binding-clash", place, message)
