"""Names: ASCII identifiers that read well, for everything a document wants to have named.

All names of one scope are settled in one call (`assign`), with every wish in view. A clash is
resolved by what a thing *is* (its identity), never by when it came: neither the order of the
document nor an unrelated neighbour can move a name. Imports nothing from the package.
"""

from __future__ import annotations

import builtins
import hashlib
import keyword
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

NAME_LIMIT = 64
"""Characters of a tool's name that Workers AI takes; arguments and credentials keep to it too."""

TYPE_LIMIT = 66
"""Characters of a type's name: `NAME: TypeAlias = Literal[` fits a line."""

DIGEST_LENGTH = 8
"""Hexadecimal digits that tell two names apart when nothing readable does."""

RESERVED_METHODS = (
    "aclose",
    "acall_tool",
    "arun",
    "async_client",
    "base_url",
    "call_tool",
    "client",
    "close",
    "httpx",
    "json",
    "run",
    "self",
    "tools",
    "types",
)
"""Attributes of the runtime's client classes, and module names that annotations of methods use:
an operation with such a name would hide them. A test compares this with the runtime itself."""

RESERVED_CREDENTIALS = (
    "async_client",
    "base_url",
    "client",
    "follow_redirects",
    "headers",
    "http_client",
    "max_retries",
    "options",
    "self",
    "server",
    "timeout",
    "transport",
)
"""Keyword arguments that a client's constructor has of its own."""

RESERVED_TYPES = (
    "Any",
    "Api",
    "AsyncClient",
    "Client",
    "Literal",
    "NotRequired",
    "OperationRow",
    "Required",
    "Run",
    "SchemeRow",
    "SyncClient",
    "Tool",
    "ToolResult",
    "TypeAlias",
    "TypedDict",
    "Unset",
)
"""Names that a types module imports, or that the module beside it defines or imports."""

_KEYWORDS = frozenset(keyword.kwlist)
_BUILTINS = frozenset(dir(builtins))
_ANNOTATED = frozenset(("bool", "bytes", "dict", "float", "int", "list", "object", "str", "type"))
"""What annotations inside a class are made of: a method of such a name would hide it."""

_FUSED = re.compile(
    r"(?:OAuth|OpenAPI|OpenID|GraphQL|GitHub|GitLab|YouTube|IPv|iOS|macOS|DDoS)[0-9]*"
)
"""Spellings whose inner capitals begin no new word."""

_SPOKEN = {
    "<": " lt ",
    ">": " gt ",
    "<=": " lte ",
    ">=": " gte ",
    "!=": " not ",
    "+": " plus ",
    "-": " minus ",
}
_SYMBOL = re.compile(r"[<>]=?|!=|(?<![^\s/.(])[+-](?=\d)")
"""Symbols that tell names apart; plus and minus only as signs."""

_WORD = re.compile(
    r"[A-Z]{2,}s(?![a-z])[0-9]*"  # URLs, IDs
    r"|[A-Z]+(?=[A-Z][a-z])"  # HTTP of HTTPServer
    r"|[A-Z]?[a-z]+[0-9]*(?:[a-z]+[0-9]+)*"  # Server, v1beta1
    r"|[A-Z]+[0-9]*"  # URL, S3
    r"|[0-9]+[a-z]*"  # 3, 2fa
)
_PLAIN = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*", re.ASCII)
_CHUNK = re.compile(r"[A-Za-z0-9]+", re.ASCII)


_LETTERS = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
        "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "þ": "th", "\u0131": "i",
    }
)  # fmt: skip
"""Latin letters that Unicode does not take apart."""


def ascii_text(text: str) -> str:
    """`text` with compatibility forms and accents folded to ASCII; what has no ASCII form becomes
    a gap. Text that would lose more than half of its letters comes back empty: what remained
    would name something else."""
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    kept = "".join(c if c.isascii() else "" if unicodedata.combining(c) else " " for c in folded)
    letters = sum(1 for c in folded if c.isalnum())
    return kept if 2 * sum(1 for c in kept if c.isalnum()) >= letters else ""


@lru_cache(maxsize=1 << 14)
def words(text: str) -> tuple[str, ...]:
    """The words of a name in any convention, as written: `HTTPServer` gives `HTTP`, `Server`."""
    text = _SYMBOL.sub(lambda symbol: _SPOKEN[symbol.group()], ascii_text(text))
    text = _FUSED.sub(lambda fused: f" {fused.group().capitalize()} ", text)
    return tuple(_WORD.findall(text))


@lru_cache(maxsize=1 << 14)
def snake_case(text: str) -> str:
    """`listV2Pets` as `list_v2_pets`; empty if nothing of `text` can stand in an identifier."""
    if _PLAIN.fullmatch(text):
        return text
    return "_".join(words(text)).lower()


@lru_cache(maxsize=1 << 14)
def pascal_case(text: str) -> str:
    """`pet-store.v1` as `PetStoreV1`; capitals inside a word stay as they are."""
    chunks = _CHUNK.findall(ascii_text(text))
    return "".join(chunk[0].upper() + chunk[1:] for chunk in chunks)


def fastapi_function(operation_id: str, path: str, methods: Iterable[str]) -> str:
    """The function that FastAPI has made an operationId of, from its name, path and method
    (`list_orders_orders_get`); empty if it has not. A route of several methods has one of them in
    the ids of all."""
    between = re.sub(r"\W", "_", path)
    for method in methods:
        function = operation_id.removesuffix(f"{between}_{method}")
        if function != operation_id and function.strip("_"):
            return function
    return ""


@dataclass(frozen=True, slots=True)
class Scope:
    """A namespace: its convention, what it may not use, and what stands before a digit.

    A name beyond the limit loses words from its middle, and `digests` says whether it gets a
    digest in their place.
    """

    spell: Callable[[str], str]
    reserved: frozenset[str]
    prefix: str
    separator: str = "_"
    limit: int = NAME_LIMIT
    digests: bool = True


OPERATIONS = Scope(snake_case, _KEYWORDS | _ANNOTATED | frozenset(RESERVED_METHODS), "op")
ARGUMENTS = Scope(snake_case, frozenset(), "arg")
"""Of arguments a model writes the name of the API; what Python minds, `present` spells apart."""
CREDENTIALS = Scope(snake_case, _KEYWORDS | _BUILTINS | frozenset(RESERVED_CREDENTIALS), "key")
TYPES = Scope(
    pascal_case, _KEYWORDS | _BUILTINS | frozenset(RESERVED_TYPES), "Type", "", TYPE_LIMIT, False
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that needs a name.

    `identity` is unique in the call and does not change when the document around it does, for
    example `("/pets", "get")`; things that clash are ranked by it, shorter first part first.
    `spellings` are the names it would like, best first; empty ones are passed over.
    """

    identity: tuple[str, ...]
    spellings: tuple[str, ...]


def assign(wanted: Sequence[Wanted], scope: Scope) -> tuple[str, ...]:
    """A name for each of `wanted`, in its order: valid in `scope`, and unique without case.

    Of several that want one name, the one that spelt it so itself gets it, else the one with the
    smallest identity; the others try their further spellings, at last a digest of it.
    Raises ValueError if two share an identity: nothing could tell them apart.
    """
    if len({each.identity for each in wanted}) < len(wanted):
        raise ValueError("two things that want a name have one identity")
    wishes = [_candidates(each, scope) for each in wanted]
    names: list[str] = [""] * len(wanted)
    taken: set[str] = set()
    left: Iterable[int] = range(len(wanted))
    turn = 0
    while left := [index for index in left if not names[index]]:
        rivals: dict[str, list[int]] = {}
        for index in left:
            wish = _wish(wishes[index], turn, wanted[index], scope)
            rivals.setdefault(wish.casefold(), []).append(index)
        for folded, group in rivals.items():
            if folded in taken:
                continue
            winner = min(group, key=lambda index: _rank(wanted[index], wishes[index], turn))
            names[winner] = _wish(wishes[winner], turn, wanted[winner], scope)
        taken.update(name.casefold() for name in names if name)
        turn += 1
    return tuple(names)


def _candidates(wanted: Wanted, scope: Scope) -> list[str]:
    spelt = (identifier(text, scope) for text in wanted.spellings)
    return list(dict.fromkeys(name for name in spelt if name))


def identifier(text: str, scope: Scope) -> str:
    """`text` as a valid name of `scope`, or nothing if no letter of it can be used."""
    name = scope.spell(text)
    if not name or name.isdigit():
        return ""
    if name[0].isdigit():
        name = scope.prefix + scope.separator + name
    if len(name) > scope.limit:
        name = _cut(name, scope, _digest((text,), DIGEST_LENGTH) if scope.digests else "")
    return name + "_" if name in scope.reserved else name


def told_apart(name: str, identity: tuple[str, ...], scope: Scope) -> str:
    """A name with a digest of what it names, for where nothing readable is left."""
    return _cut(name.rstrip("_"), scope, _digest(identity, DIGEST_LENGTH))


def _wish(candidates: list[str], turn: int, wanted: Wanted, scope: Scope) -> str:
    """What a thing asks for in a turn; when readable names run out, longer and longer digests."""
    if turn < len(candidates):
        return candidates[turn]
    length = DIGEST_LENGTH + turn - len(candidates)
    base = candidates[-1].rstrip("_") if candidates else scope.prefix
    return _cut(base, scope, _digest(wanted.identity, length))


def _rank(wanted: Wanted, candidates: list[str], turn: int) -> tuple[bool, int, tuple[str, ...]]:
    own = turn < len(candidates) and candidates[turn] in wanted.spellings
    return (not own, len(wanted.identity[0]), wanted.identity)


_PASCAL_WORD = re.compile(r"[A-Z]?[^A-Z]+|[A-Z]+(?![a-z])|[A-Z]")


def _cut(name: str, scope: Scope, digest: str) -> str:
    """`name` and `digest` within the limit. Words go from the middle: names begin with where and
    end with what."""
    separator = scope.separator
    room = scope.limit - len(digest) - (len(separator) if digest else 0)
    end = (digest,) if digest else ()
    name = name.rstrip("_")
    parts = name.split(separator) if separator else _PASCAL_WORD.findall(name)
    if len(name) <= room:
        return separator.join((*parts, *end))
    head: list[str] = []
    tail: list[str] = []
    left = room
    while parts and len(parts[0 if len(head) <= len(tail) else -1]) < left:
        side, word = (head, parts.pop(0)) if len(head) <= len(tail) else (tail, parts.pop())
        side.append(word)
        left -= len(word) + len(separator)
    if not head:
        return separator.join((name[:room], *end))
    return separator.join((*head, *reversed(tail), *end))


def _digest(parts: tuple[str, ...], length: int) -> str:
    data = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()[:length]
