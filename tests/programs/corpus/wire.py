"""A captured request taken apart: path slots, query pairs, headers, cookies, and the styles.

Every value comes back as the specification lets a receiver read it: lists and dicts of `Text`,
which is what a style can tell, or JSON where the document declares JSON. The reader is told the
*shape* of a value (scalar, array, object), which a receiver has from the schema. Sections quoted
are of OpenAPI 3.1.2, "Style Values" and "Style Examples". Imports document.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, unquote_plus

from tests.programs.corpus.document import Parameter, template_names

DELIMITERS = {
    "form": (",",),
    "simple": (",",),
    "spaceDelimited": ("%20", "+"),
    "pipeDelimited": ("%7C", "%7c", "|"),
    "tabDelimited": ("%09",),
}

# Fields that any HTTP client sends of itself (RFC 9110); everything else must have been declared.
CLIENT_FIELDS = frozenset([
    "accept", "accept-encoding", "connection", "content-length", "content-type", "cookie", "host",
    "transfer-encoding", "user-agent",
])  # fmt: skip


class Text(str):
    """A scalar as text: what it means depends on the type that was declared."""

    __slots__ = ()


class MisreadError(Exception):
    """The request cannot be read by the document's declarations. `where` is a category."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(message)
        self.where = where


@dataclass(frozen=True)
class Captured:
    """A request as it would go out."""

    method: str
    scheme: str
    host: str
    port: int | None
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    content: bytes

    def header(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]


def shape_of(value: Any) -> str:
    return "array" if isinstance(value, list) else "object" if isinstance(value, dict) else "scalar"


def same(given: object, read: object) -> bool:
    """Whether what was read is exactly what was given."""
    if isinstance(read, Text):
        return _scalar_is(given, read)
    if isinstance(given, bytes) or isinstance(read, bytes):
        return given == read
    if isinstance(given, bool) or isinstance(read, bool) or given is None or read is None:
        return given is read
    if isinstance(given, dict) and isinstance(read, dict):
        return given.keys() == read.keys() and all(same(given[k], read[k]) for k in given)
    if isinstance(given, list) and isinstance(read, list):
        return len(given) == len(read) and all(map(same, given, read))
    return isinstance(given, str) == isinstance(read, str) and given == read


def _scalar_is(given: Any, text: Text) -> bool:
    """A number or boolean as text is its JSON form (Appendix B); an integer has only digits."""
    if isinstance(given, bool):
        return str(text) == ("true" if given else "false")
    if isinstance(given, int):
        return re.fullmatch(r"-?\d+", text) is not None and int(text) == given
    if isinstance(given, float):
        return re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", text) is not None and (
            float(text) == given
        )
    return isinstance(given, str) and str(text) == given


# --- path ----------------------------------------------------------------------------------------


def path_slots(template: str, path: str) -> dict[str, str]:
    """The raw text in each slot of the template; literal parts must be there as declared."""
    ours, theirs = template.split("/"), path.split("/")
    if len(ours) != len(theirs):
        raise MisreadError("path", f"{len(theirs)} segments in place of {len(ours)}: {path[:120]}")
    found: dict[str, str] = {}
    for pattern, segment in zip(ours, theirs, strict=True):
        match = re.fullmatch(_segment_pattern(pattern), segment, re.DOTALL)
        if match is None:
            raise MisreadError("path", f"segment {segment[:80]!r} does not fit {pattern!r}")
        for name, raw in zip(template_names(pattern), match.groups(), strict=True):
            if found.setdefault(name, raw) != raw:
                raise MisreadError("path", f"{name!r} stands twice with different values")
    return found


def _segment_pattern(segment: str) -> str:
    parts = re.split(r"\{[^{}]*\}", segment)
    return "(.*?)".join("".join(map(_literal, part)) for part in parts)


def _literal(character: str) -> str:
    """A literal character of the template, as itself or percent-encoded."""
    encoded = "".join(f"%{byte:02X}" for byte in character.encode())
    return f"(?:{re.escape(character)}|(?i:{encoded}))"


def read_slot(parameter: Parameter, raw: str, shape: str) -> Any:
    """The value in a path slot, by style."""
    name, style, explode = quote(parameter.name, safe=""), parameter.style, parameter.explode
    if parameter.media_type is not None:
        return read_document(unquote(raw), parameter.media_type)
    if style == "label":
        if not raw.startswith("."):
            raise MisreadError("path", f"label without its dot: {raw[:80]}")
        # Up to 3.1.0 the table had dots without explode too; RFC 6570 and later tables say comma.
        joint = "." if explode or ("," not in raw and "." in raw[1:]) else ","
        return _split(raw[1:], joint, explode, shape, unquote)
    if style == "matrix":
        return _matrix(parameter, raw, name, shape)
    return _split(raw, joint_of(style, raw), explode, shape, unquote)


def joint_of(style: str, raw: str) -> str:
    """The spelling in `raw` of what separates the items of a style."""
    spellings = DELIMITERS.get(style, (",",))
    return next((each for each in spellings if each in raw), spellings[0])


def _matrix(parameter: Parameter, raw: str, name: str, shape: str) -> Any:
    if not raw.startswith(";"):
        raise MisreadError("path", f"matrix without its semicolon: {raw[:80]}")
    pieces = [piece.partition("=") for piece in raw[1:].split(";")]
    if parameter.explode and shape == "object":
        return {unquote(key): Text(unquote(value)) for key, _, value in pieces}
    if any(unquote(key) != parameter.name for key, _, _ in pieces):
        raise MisreadError("path", f"matrix without its name {name}: {raw[:80]}")
    if parameter.explode and shape == "array":
        return [Text(unquote(value)) for _, _, value in pieces]
    if len(pieces) != 1:
        raise MisreadError("path", f"matrix with {len(pieces)} values: {raw[:80]}")
    return _split(pieces[0][2], ",", False, shape, unquote)


def _split(raw: str, joint: str, explode: bool, shape: str, decode: Callable[[str], str]) -> Any:
    """`a,b` as an array, `k,v,k,v` or (exploded) `k=v,k=v` as an object, else a scalar."""
    if shape == "scalar":
        return Text(decode(raw))
    parts = raw.split(joint)
    if shape == "array":
        return [Text(decode(part)) for part in parts]
    if explode:
        pairs = [part.partition("=")[::2] for part in parts]
    elif len(parts) % 2:
        raise MisreadError("style", f"an odd number of names and values: {raw[:80]}")
    else:
        pairs = list(zip(parts[::2], parts[1::2], strict=True))
    return {decode(key): Text(decode(value)) for key, value in pairs}


# --- query and form ------------------------------------------------------------------------------


class Pairs:
    """`name=value` pairs joined by `&`, claimed one by one; what is left over was not asked for.

    An unencoded plus is a blank, which 3.1.2 ("URL Percent-Encoding") demands of query and form.
    """

    def __init__(self, text: str, where: str) -> None:
        self.where = where
        self._left = [piece.partition("=")[::2] for piece in text.split("&") if piece]

    def claim(self, wanted: Callable[[str], bool]) -> list[tuple[str, str]]:
        """(decoded name, raw value) of the pairs whose name is wanted, in order."""
        taken = [
            (unquote_plus(name), raw) for name, raw in self._left if wanted(unquote_plus(name))
        ]
        self._left = [pair for pair in self._left if not wanted(unquote_plus(pair[0]))]
        return taken

    def left(self) -> list[tuple[str, str]]:
        return [(unquote_plus(name), unquote_plus(raw)) for name, raw in self._left]

    def read(self, name: str, style: str, explode: bool, value: Any) -> Any:
        """The value of one member or parameter in a style; `value` tells its shape and names."""
        shape = shape_of(value)
        if style == "deepObject" and shape == "object":
            return self._deep(name)
        if explode and shape == "object":
            keys = set(value)
            return {key: Text(unquote_plus(raw)) for key, raw in self.claim(keys.__contains__)}
        taken = self.claim(name.__eq__)
        if explode and shape == "array":
            return [Text(unquote_plus(raw)) for _, raw in taken]
        if len(taken) != 1:
            raise MisreadError(self.where, f"{name!r} stands {len(taken)} times")
        raw = taken[0][1]
        return _split(raw, joint_of(style, raw), False, shape, unquote_plus)

    def has(self, name: str) -> bool:
        return any(unquote_plus(key) == name for key, _ in self._left)

    def text(self, name: str) -> str:
        taken = self.claim(name.__eq__)
        if len(taken) != 1:
            raise MisreadError(self.where, f"{name!r} stands {len(taken)} times")
        return unquote_plus(taken[0][1])

    def _deep(self, name: str) -> dict[str, Text]:
        inside = re.compile(re.escape(name) + r"\[([^\[\]]+)\]", re.DOTALL)
        out: dict[str, Text] = {}
        for key, raw in self.claim(lambda key: inside.fullmatch(key) is not None):
            match = inside.fullmatch(key)
            if match is None or match[1] in out:
                raise MisreadError(self.where, f"{key!r} stands twice")
            out[match[1]] = Text(unquote_plus(raw))
        return out


# --- headers and cookies -------------------------------------------------------------------------


def read_header(parameter: Parameter, captured: Captured, shape: str) -> Any:
    """A header parameter: style simple, passed unchanged (Parameter Object)."""
    values = captured.header(parameter.name)
    if len(values) != 1:
        raise MisreadError("header", f"{parameter.name!r} stands {len(values)} times")
    if parameter.media_type is not None:
        return read_document(values[0], parameter.media_type)
    joint = unquote(DELIMITERS.get(parameter.style, (",",))[0])
    return _split(values[0], joint, parameter.explode, shape, str)


class Cookies:
    """The cookie pairs. `form` percent-encodes; `cookie` (3.2) does not."""

    def __init__(self, captured: Captured) -> None:
        text = "; ".join(captured.header("cookie"))
        self._left = [piece.strip().partition("=")[::2] for piece in text.split(";") if piece]

    def read(self, parameter: Parameter, value: Any) -> Any:
        shape, decode = shape_of(value), str if parameter.style == "cookie" else unquote
        spread = parameter.explode and shape == "object" and parameter.media_type is None
        keys = set(value) if spread else {parameter.name}
        taken = [(unquote(name), raw) for name, raw in self._left if unquote(name) in keys]
        self._left = [pair for pair in self._left if unquote(pair[0]) not in keys]
        if parameter.media_type is not None and taken:
            return read_document(unquote(taken[0][1]), parameter.media_type)
        if spread:
            return {name: Text(decode(raw)) for name, raw in taken}
        if parameter.explode and shape == "array":
            return [Text(decode(raw)) for _, raw in taken]
        if len(taken) != 1:
            raise MisreadError("cookie", f"{parameter.name!r} stands {len(taken)} times")
        return _split(taken[0][1], ",", False, shape, decode)

    def left(self) -> list[str]:
        return [unquote(name) for name, _ in self._left]


def undeclared_headers(captured: Captured, declared: Iterable[str]) -> list[str]:
    """Names of header fields that neither the document nor HTTP asks for."""
    known = {name.lower() for name in declared} | CLIENT_FIELDS
    return [name for name, _ in captured.headers if name.lower() not in known]


# --- values that are documents -------------------------------------------------------------------


def is_json(media_type: str) -> bool:
    base = media_type.partition(";")[0].strip().lower()
    return base in ("application/json", "text/json") or base.endswith("+json")


def read_document(text: str, media_type: str) -> Any:
    """A value given by `content`: JSON, or the text itself."""
    return parse_json(text) if is_json(media_type) else Text(text)


def read_querystring(query: str, media_type: str, value: Any) -> Any:
    """A whole query as one value (OpenAPI 3.2, 4.12.4): a form, or anything else encoded."""
    if media_type.partition(";")[0] != "application/x-www-form-urlencoded":
        return read_document(unquote(query), media_type)
    pairs = Pairs(query, "query")
    read = {name: pairs.read(name, "form", True, each) for name, each in value.items()}
    return read | dict(pairs.left())


def parse_json(text: str | bytes) -> Any:
    """Strict JSON (RFC 8259): no NaN, no name twice."""
    try:
        return json.loads(text, parse_constant=_refuse, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise MisreadError("json", f"not JSON: {error}: {text[:80]!r}") from None


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)
