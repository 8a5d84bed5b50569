"""The descriptions inside a tool: what the document says, and limits that no keyword carries.

Formats, patterns, defaults and examples are told in words, and only where they add something:
every token is paid for on each turn of a conversation. Imports `text.prose`, `text.worth`,
`document.names`, `places` and `view`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolbind.ir import OPTIONAL
from toolbind.lower.document.names import words
from toolbind.lower.schemas.places import LOOSE
from toolbind.lower.schemas.view import View
from toolbind.lower.text.prose import Prose
from toolbind.lower.text.worth import joined

SHOWN = 32
"""Characters of a pattern, default or example that is worth showing."""

FIELDS = 16
"""Member names listed for an object that is not shown."""

LONGEST_NAME = 40
"""Characters of a member name that is worth listing."""

FORMATS: Mapping[str, tuple[str, str]] = {
    "date": ("YYYY-MM-DD", r"yyyy|iso.?8601|rfc.?3339|\d{4}-\d\d"),
    "date-time": ("ISO 8601", r"iso.?8601|rfc.?3339|yyyy|\d{4}-\d\d-\d\d"),
    "time": ("HH:MM:SS", r"hh:mm|iso.?8601|rfc.?3339"),
    "duration": ("ISO 8601 duration", r"iso.?8601|duration"),
    "unix-time": ("Unix seconds", r"unix|epoch"),
    "uuid": ("UUID", r"uuid|guid"),
    "uri": ("URL", r"ur[li]|link|https?:"),
    "url": ("URL", r"ur[li]|link|https?:"),
    "uri-reference": ("URL or path", r"ur[li]|link|path"),
    "email": ("Email address", r"e-?mail"),
    "ipv4": ("IPv4 address", r"\bip|ipv4"),
    "ipv6": ("IPv6 address", r"\bip|ipv6"),
    "byte": ("Base64", r"base-?64"),
    "base64": ("Base64", r"base-?64"),
}
"""For each format what is told, and what text makes telling it superfluous."""

_TOLD = ("format", "pattern", "annotations", "media_type", "content_encoding", "limits")
"""Fields of a view that no keyword of a tool carries."""

_ARTICLES = {"array": "an array", "object": "an object", "integer": "an integer"}
_FILLER = re.compile(
    r"an?|and|for|in|is|of|or|the|this|that|to|value|field|parameter|property|unique|"
    r"identifiers?|identifying|ids?|names?|named|request|body|payload|json"
)
_ALREADY = re.compile(r"[(\[]optional[)\]][.:,]?\s*|optional[.:,]\s+", re.IGNORECASE)
"""How documents begin the description of what may be left out."""

_COMPONENTS = "#/components/schemas/"
_WHERE = {
    "path": "in the path",
    "query": "in the query",
    "querystring": "that is the query",
    "header": "in a header",
    "cookie": "in a cookie",
    "whole-body": "that is the body",
    "file": "that is uploaded",
}
_SHAPED = re.compile(r"\d|[^\w\s]")
"""Examples that show more than a word: digits or signs."""

LONGEST_SAMPLE = 160
"""Characters of an example, as JSON, that goes into a module."""

_IDENTIFYING = re.compile(r"ids?|identifiers?|u?uids?|guids?|names?|keys?|tokens?|slugs?|hash|sha")
"""How the names of arguments end whose examples could be taken for the value that is asked for."""


@dataclass(frozen=True, slots=True)
class Given:
    """What stands with an argument beside its schema: its name, where its value goes, the raw text
    of its own, whether it may be left out, an example, and a sentence about when it is wanted."""

    name: str
    place: str = "body"
    description: str = ""
    optional: bool = False
    example: object = None
    when: str = ""


class Texts:
    """Writes descriptions, with the texts of one document."""

    def __init__(self, prose: Prose) -> None:
        self._prose = prose

    def argument(self, view: View, given: Given, also: Sequence[str] = ()) -> str:
        """The description of an argument, from the document's: never empty. `also` lists further
        types to be named."""
        text = self._prose.whole(given.description, view.node.place)
        if given.optional:
            text = _ALREADY.sub("", text, count=1)
        text = "" if is_redundant(text, given.name) else _without_article(text)
        text = text or self._titled(view, given.name)
        facts = list(self._facts(view, text, given.name, given.example))
        if also:
            facts.append(f"Or {_alternatives(also)}")
        if given.when:
            facts.append(given.when)
        if not (text or facts or given.optional):
            text = _placed(view, given.place)
        return joined((OPTIONAL if given.optional else "", text, *facts))

    def _titled(self, view: View, name: str) -> str:
        """What a schema without a description is called: by its title, or among the components."""
        title = self._prose.whole(view.title, view.node.place)
        if title and not is_redundant(title, name):
            return title
        if "object" not in view.types or not view.node.pointer.startswith(_COMPONENTS):
            return ""
        spelt = words(view.node.pointer.removeprefix(_COMPONENTS))
        title = " ".join(word if word.isupper() else word.lower() for word in spelt)
        return "" if is_redundant(title, name) else title[:1].upper() + title[1:]

    def nested(self, view: View, name: str) -> str:
        """The description of something inside an argument; empty if it would add nothing."""
        place = view.node.place
        text = self._prose.whole(view.description, place)
        text = "" if name and is_redundant(text, name) else _without_article(text)
        return joined((text, *self._facts(view, text, name)))

    def watch(self, view: View) -> None:
        """Report what hides or commands in names and values, which must stay as they are."""
        for text in (*view.properties, *(view.enum or ())):
            if isinstance(text, str):
                self._prose.watch(text, view.node.place)

    def _facts(self, view: View, text: str, name: str, example: Any = None) -> Iterable[str]:
        """What no keyword of a tool says."""
        if example is None and not any(getattr(view, field) for field in _TOLD):
            return
        known = f"{text} {' '.join(words(name))}".lower()
        if view.enum is None and "string" in view.types:
            yield from _format_facts(view, known)
            pattern = view.pattern
            if pattern and len(pattern) <= SHOWN and pattern.isprintable() and pattern.isascii():
                yield f"Pattern {pattern}"
            elif told := self._example(view, example, name, known):
                yield f"E.g. {told}"
        yield from _unoffered(view.limits)
        for annotation, said in (("const", "Always"), ("default", "Default")):
            value = _shown(view, annotation)
            if value and not _says(known, value) and not self._prose.flagged(value):
                yield f"{said} {value}"

    def sample(self, value: Any, name: str) -> Any:
        """An example of the document as a value that a refused call is shown; None for one that
        is long, that could be taken for what only the caller knows, or that is no plain text."""
        if value is None or (isinstance(value, str) and not value):
            return None
        spelt = json.dumps(value, ensure_ascii=False)
        if len(spelt) > LONGEST_SAMPLE or not spelt.isprintable() or self._prose.flagged(spelt):
            return None
        last = words(name)[-1:]
        if last and _IDENTIFYING.fullmatch(last[0].lower()):
            return None
        return value

    def _example(self, view: View, value: Any, name: str, known: str) -> str:
        """A short example, where the text and the format leave open what a value looks like, and
        where nobody would take it for the value to be sent."""
        if not isinstance(value, str) or not 0 < len(value) <= SHOWN or not value.isprintable():
            return ""
        if view.format in FORMATS or value.lower() in known or self._prose.flagged(value):
            return ""
        if not _SHAPED.search(value) or _IDENTIFYING.fullmatch(words(name)[-1:][0].lower()):
            return ""
        return value


def _unoffered(limits: Mapping[str, Any]) -> Iterable[str]:
    """In words, limits that tools do not carry as keywords (see `lower.fit.unoffered`)."""
    if limits.get("uniqueItems"):
        yield "No two alike"
    for name, bound in (("minProperties", "At least"), ("maxProperties", "At most")):
        count = limits.get(name)
        if count and count < LOOSE.get(name, count + 1):
            yield f"{bound} {count} {'member' if count == 1 else 'members'}"


def _placed(view: View, place: str) -> str:
    """What can be said of a value of which nothing is known: its type, and where it goes."""
    kind = _ARTICLES.get(view.types[0], f"a {view.types[0]}") if view.stated else "a value"
    return f"{kind[0].upper()}{kind[1:]} {_WHERE.get(place, 'in the body')}"


def _without_article(text: str) -> str:
    """What names a thing reads as well without `The`, and is shorter."""
    if text.startswith("The ") and text[4:5].islower():
        return text[4].upper() + text[5:]
    return text


def _says(text: str, value: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(value.lower())}(?!\w)", text))


def is_redundant(text: str, name: str) -> bool:
    """Whether the text says nothing that the name does not say: `The pet's name.` of `pet_name`."""
    if len(text) > 2 * len(name) + 40:
        return False
    known = [word.lower().rstrip("s") for word in words(name)]
    said = (word.lower() for word in words(text))
    return all(_FILLER.fullmatch(word) or _is_known(word.rstrip("s"), known) for word in said)


def _is_known(word: str, known: Sequence[str]) -> bool:
    """Whether a word is among those known, or one of them is short for it (`org`)."""
    return any(word == each or (len(each) > 2 and word.startswith(each)) for each in known)


def fields(names: Iterable[str]) -> str:
    """The members of an object that is not shown, as a text."""
    shown: list[str] = []
    for name in names:
        if len(shown) == FIELDS or not name.isprintable() or len(name) > LONGEST_NAME:
            return ", ".join((*shown, "..."))
        shown.append(name)
    return ", ".join(shown)


def listed(words: Sequence[str]) -> str:
    """Words, of which one is to be chosen."""
    told = fields(f'"{word}"' for word in words)
    head, mark, last = told.rpartition(", ")
    return f"{head} or {last}" if mark and last != "..." else told


def _alternatives(types: Sequence[str]) -> str:
    return " or ".join(_ARTICLES.get(name, f"a {name}") for name in types)


def _format_facts(view: View, known: str) -> Iterable[str]:
    format_ = view.content_encoding or view.format
    told, superfluous = FORMATS.get(format_, ("", ""))
    if told and not re.search(superfluous, known):
        yield told


def _shown(view: View, name: str) -> str:
    """An annotation as text, where it is short and says something."""
    value: Any = view.annotations.get(name)
    if value is None or value in ("", 0, 1, [], {}):  # False is 0: what one would guess anyway
        return ""
    if view.enum is not None and len(view.enum) == 1:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN and text.isprintable() else ""
