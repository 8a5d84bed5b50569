"""Path keys of a document, taken apart: literal text, variables, fixed query.

Nothing in a path key may move a request to another host or out of the server's base path; a key
that could is refused (OpenAPI 3.1 section 4.8.8, RFC 3986 section 3.3). Imports `diagnostics` and
`unsupported`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote, unquote_plus

from toolbind.diagnostics import Place
from toolbind.lower.unsupported import Unsupported


@dataclass(frozen=True, slots=True)
class Slot:
    """A variable of the path, `name` as it stands between the braces."""

    name: str


@dataclass(frozen=True, slots=True)
class PathTemplate:
    """A path key: `parts` are percent-encoded text and slots, `query` the pairs after a `?`.

    The value of a pair is a slot where the key has one there. A `#...` tail (Amazon's documents
    tell operations of one path apart by it) never goes on the wire and is not kept.
    """

    parts: tuple[str | Slot, ...]
    query: tuple[tuple[str, str | Slot], ...]

    @property
    def slots(self) -> tuple[str, ...]:
        """Names of the path's variables, each once, in order."""
        return tuple(dict.fromkeys(part.name for part in self.parts if isinstance(part, Slot)))

    def render(self, fillings: Mapping[str, str]) -> str:
        """The path with `fillings[slot]` in place of each slot."""
        return "".join(
            fillings[part.name] if isinstance(part, Slot) else part for part in self.parts
        )


_TOKEN = re.compile(r"\{([^{}]*)\}")
_EXPRESSION = re.compile(r"[?&]")
_MODIFIER = re.compile(r"[*+]$|:.*$", re.DOTALL)
_OPERATOR = re.compile(r"^[+#./;?&]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SAFE = "!$&'()*+,;=:@/%"


def parse(key: str, place: Place) -> PathTemplate:
    """Take a path key apart; raises Unsupported (code `path-unsafe`) for one that is a danger."""

    def refuse(reason: str) -> Unsupported:
        return Unsupported("path-unsafe", place, reason)

    if not key.startswith("/"):
        raise refuse("the path does not begin with a slash")
    if _CONTROL.search(unquote(key)):
        raise refuse("the path holds control characters")
    if "\\" in key:
        raise refuse("the path holds a backslash")
    if _SURROGATE.search(key):
        raise refuse("the path holds half of a surrogate pair")
    path, query = _split(_tokens(key))
    if any(isinstance(part, Slot) and not part.name.strip() for part in path):
        raise refuse("the path has a variable without a name")
    skeleton = "".join("\0" if isinstance(part, Slot) else part for part in path)
    if skeleton.startswith("//"):
        raise refuse("the path begins with two slashes, which names another host")
    if has_dot_segment(skeleton):
        raise refuse("the path holds a dot segment")
    parts = tuple(part if isinstance(part, Slot) else encode_path(part) for part in path)
    return PathTemplate(parts, tuple(_pairs(query, refuse)))


def loose_name(slot: str) -> str:
    """A slot's name without blanks, URI-template operators and framework modifiers: `id` for
    `{ id }`, `{+id}`, `{id*}`, `{id+}`, `{id:[0-9]+}`. Applies where no parameter has the name."""
    return _MODIFIER.sub("", _OPERATOR.sub("", slot.strip())).strip()


def encode_path(text: str) -> str:
    """`text` with everything percent-encoded that may not stand in a path; valid escapes stay."""
    return _STRAY_PERCENT.sub("%25", quote(text, safe=_SAFE))


def encode_query(text: str) -> str:
    """The same for a query, which may hold a question mark."""
    return _STRAY_PERCENT.sub("%25", quote(text, safe=_SAFE + "?"))


def has_dot_segment(path: str) -> bool:
    """Whether a segment is `.` or `..`, also percent-encoded or with `;` parameters behind it."""
    segments = re.split(r"[/\\]", unquote(path))
    return any(segment.partition(";")[0] in (".", "..") for segment in segments)


def _tokens(key: str) -> list[str | Slot]:
    """Text and slots in turn; unpaired braces are text."""
    pieces = _TOKEN.split(key)
    mixed = (Slot(piece) if index % 2 else piece for index, piece in enumerate(pieces))
    return [piece for piece in mixed if piece != ""]


def _split(tokens: list[str | Slot]) -> tuple[list[str | Slot], list[str | Slot]]:
    """The path, and the query behind it; what follows a `#` is dropped."""
    path: list[str | Slot] = []
    query: list[str | Slot] = []
    target = path
    for token in tokens:
        if isinstance(token, Slot):
            if target is path and _EXPRESSION.match(token.name):
                # `{?page,limit}`, a URI template's way to write a query
                query.extend(_expression(token.name))
            else:
                target.append(token)
            continue
        text, fragment, _ = token.partition("#")
        before, mark, after = text.partition("?") if target is path else (text, "", "")
        target.append(before)
        if mark:
            target = query
            target.append(after)
        if fragment:
            break
    return [part for part in path if part != ""], [part for part in query if part != ""]


def _expression(text: str) -> list[str | Slot]:
    names = [loose_name(name) for name in text[1:].split(",")]
    return [piece for name in names if name for piece in (f"&{name}=", Slot(name))]


def _pairs(
    query: list[str | Slot], refuse: Callable[[str], Unsupported]
) -> Iterator[tuple[str, str | Slot]]:
    """Name and value of each pair; a value is text as it is meant (not encoded), or a slot."""
    slots = [part for part in query if isinstance(part, Slot)]
    skeleton = "".join("\0" if isinstance(part, Slot) else part for part in query)
    for pair in skeleton.split("&"):
        name, _, value = pair.partition("=")
        if value == "\0":
            yield unquote_plus(name), slots.pop(0)
        elif "\0" in pair:
            raise refuse("the path has a query with a variable inside of a text")
        elif name:
            yield unquote_plus(name), unquote_plus(value)
