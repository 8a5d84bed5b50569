"""The descriptions inside a tool: what the document says, and limits that no keyword carries.

Formats, patterns, defaults and examples are told in words, and only where they add something:
every token is paid for on each turn of a conversation. Imports `text.prose`, `document.names`,
`algebra` and `view`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from toolbind.lower.document.names import words
from toolbind.lower.schemas.view import View
from toolbind.lower.text.prose import Prose

ARGUMENT_LIMIT = 160
"""Characters of an argument's description, without the facts that follow it."""

NESTED_LIMIT = 100
"""Characters of the description of anything inside an argument."""

SHORT = 16
"""Characters below which a first sentence is a label, and the second one is the description."""

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
    "binary": ("File: text or a data: URL", r"data:"),
}
"""For each format what is told, and what text makes telling it superfluous."""

_TOLD = ("format", "pattern", "annotations", "media_type", "content_encoding")
"""Fields of a view that no keyword of a tool carries."""

_ARTICLES = {"array": "an array", "object": "an object", "integer": "an integer"}
_FILLER = re.compile(
    r"an?|and|for|in|is|of|or|the|this|that|to|value|field|parameter|property|unique|"
    r"identifiers?|identifying|ids?|names?|named"
)


class Texts:
    """Writes descriptions, with the texts of one document."""

    def __init__(self, prose: Prose) -> None:
        self._prose = prose
        self._nested: dict[tuple[int, str], tuple[View, str]] = {}

    def argument(self, view: View, name: str, description: str, also: Sequence[str] = ()) -> str:
        """The description of an argument, from the document's: never empty. `also` lists further
        types to be named."""
        place = view.node.place
        text = self._prose.brief(description, place, sentences=1, limit=ARGUMENT_LIMIT)
        if len(text) < SHORT:
            text = self._prose.brief(description, place, limit=ARGUMENT_LIMIT)
        text = "" if is_redundant(text, name) else _without_article(text)
        facts = list(self._facts(view, text, name, examples=True))
        if also:
            facts.append(f"Or {_alternatives(also)}")
        if not text and not facts:
            text = " ".join(words(name)).lower() or "value"
        return sentences((text, *facts))

    def nested(self, view: View, name: str) -> str:
        """The description of something inside an argument; empty if it would add nothing."""
        known = self._nested.get((id(view), name))
        if known is None:
            known = view, self._of_nested(view, name)  # holding the view makes its id a name
            self._nested[id(view), name] = known
        return known[1]

    def _of_nested(self, view: View, name: str) -> str:
        place = view.node.place
        text = self._prose.brief(view.description, place, sentences=1, limit=NESTED_LIMIT)
        text = "" if name and is_redundant(text, name) else _without_article(text)
        return sentences((text, *self._facts(view, text, name, examples=False)))

    def watch(self, view: View) -> None:
        """Report what hides or commands in names and values, which must stay as they are."""
        for text in (*view.properties, *(view.enum or ())):
            if isinstance(text, str):
                self._prose.watch(text, view.node.place)

    def _facts(self, view: View, text: str, name: str, *, examples: bool) -> Iterable[str]:
        """What no keyword of a tool says."""
        if not any(getattr(view, field) for field in _TOLD):
            return
        known = f"{text} {' '.join(words(name))}".lower()
        if view.enum is None and "string" in view.types:
            yield from _format_facts(view, known)
            pattern = view.pattern
            if pattern and len(pattern) <= SHOWN and pattern.isprintable() and pattern.isascii():
                yield f"Pattern {pattern}"
            elif examples and (example := self._example(view, known)):
                yield f"E.g. {example}"
        for annotation, said in (("const", "Always"), ("default", "Default")):
            value = _shown(view, annotation)
            if value and not _says(known, value) and not self._prose.flagged(value):
                yield f"{said} {value}"

    def _example(self, view: View, known: str) -> str:
        """A short example, where the text and the format leave open what a value looks like."""
        value = view.annotations.get("example")
        if not isinstance(value, str) or not 0 < len(value) <= SHOWN or not value.isprintable():
            return ""
        if view.format in FORMATS or value.lower() in known or self._prose.flagged(value):
            return ""
        return value


def _without_article(text: str) -> str:
    """What names a thing reads as well without `The`, and is shorter."""
    if text.startswith("The ") and text[4:5].islower():
        return text[4].upper() + text[5:]
    return text


def _says(text: str, value: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(value.lower())}(?!\w)", text))


def sentences(parts: Iterable[str]) -> str:
    """Parts put one behind the other, each a sentence; the last one needs no full stop."""
    text = ""
    for part in parts:
        if not part:
            continue
        joint = "" if not text else " " if text.endswith((".", "!", "?", ":")) else ". "
        text = f"{text}{joint}{part}"
    return text if text.endswith(("..", "etc.")) else text.removesuffix(".")


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


def _alternatives(types: Sequence[str]) -> str:
    return " or ".join(_ARTICLES.get(name, f"a {name}") for name in types)


def _format_facts(view: View, known: str) -> Iterable[str]:
    format_ = "binary" if view.binary else view.content_encoding or view.format
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
