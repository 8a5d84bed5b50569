"""A request body read back by its media type and the document's declarations.

Multipart is taken apart by werkzeug. The result has the form of the value that was given: `bytes`
for binary, `Text` for text, JSON values, dicts of members for forms. Imports dialect, document,
wire, xml.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

import yaml
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from tests.programs.corpus import xml
from tests.programs.corpus.dialect import Dialect
from tests.programs.corpus.document import Media, Member, Operation
from tests.programs.corpus.wire import (
    Captured,
    MisreadError,
    Pairs,
    Text,
    is_json,
    parse_json,
    shape_of,
)

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Part:
    """One part of a multipart body."""

    name: str
    filename: str | None
    media_type: str | None
    content: bytes


def base_type(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def category(media_type: str) -> str:
    """The column of the table in which a body of this type counts."""
    base = base_type(media_type)
    if is_json(base):
        return "json"
    if base == FORM:
        return "form"
    return "multipart" if base.startswith("multipart/") else "other"


def is_binary(schema: Any, media_type: str, dialect: Dialect) -> bool:
    """Whether the document means bytes (3.0: `format: binary`; 3.1: no type, or a media type)."""
    schema = dialect.raw.resolve(schema)
    base = base_type(media_type)
    textual = base.startswith("text/") or is_json(base) or is_xml(base) or base == FORM
    if not isinstance(schema, dict):
        return not textual
    if schema.get("type", "string") != "string":
        return False
    if schema.get("format") == "binary":
        return True
    if dialect.modern and "contentMediaType" in schema and "contentEncoding" not in schema:
        return True
    shaped = any(word in schema for word in ("properties", "allOf", "oneOf", "anyOf", "items"))
    return "type" not in schema and not shaped and not textual and base != "*/*"


def is_xml(media_type: str) -> bool:
    base = base_type(media_type)
    return base in ("application/xml", "text/xml") or base.endswith("+xml")


def is_yaml(media_type: str) -> bool:
    base = base_type(media_type)
    return base in ("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml") or (
        base.endswith("+yaml")
    )


class BodyReader:
    """Reads bodies of one document."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    def read(self, operation: Operation, media_type: str, captured: Captured, given: Any) -> Any:
        """The body as a receiver reads it; `given` tells only shapes and names."""
        assert operation.body is not None
        media = operation.body.content[media_type]
        where = category(media_type)
        sent = captured.header("content-type")
        if where in ("form", "multipart") and given == {} and not captured.content:
            return {}
        if len(sent) != 1:
            raise MisreadError(where, f"{len(sent)} content types")
        self._check_type(media_type, sent[0], where)
        # A range such as */* leaves the type to the sender: then what was sent decides.
        effective = sent[0] if "*" in base_type(media_type) else media_type
        return self._by_type(effective, sent[0], media, captured.content, given)

    def _by_type(self, declared: str, sent: str, media: Media, content: bytes, given: Any) -> Any:
        where = category(declared)
        if isinstance(given, bytes):
            return content
        if where == "json":
            return parse_json(content)
        if where == "form":
            return self._form(media, content, given)
        if where == "multipart":
            return self._multipart(media, sent, content, given)
        if is_xml(declared) and not isinstance(given, str):
            return xml.read(self.dialect, media.schema, content, given)
        if isinstance(given, str) or base_type(declared).startswith("text/"):
            return Text(_decoded(content, sent, where))
        if is_yaml(declared):
            return yaml.safe_load(content)
        # Structured data under a type of its own (application/jose+jwe, say): JSON is the only
        # form that the document's schema speaks of.
        return parse_json(content)

    def _check_type(self, declared: str, sent: str, where: str) -> None:
        ours, theirs = base_type(declared), base_type(sent)
        major = ours.partition("/")[0]
        fits = ours == theirs or ("*" in ours and (major == "*" or theirs.startswith(major + "/")))
        if "*+" in ours:  # application/*+json
            fits = theirs.startswith(major + "/") and theirs.endswith(ours.partition("*")[2])
            fits = fits or theirs == ours.replace("*+", "")
        if not fits or "*" in theirs:
            raise MisreadError(where, f"content type {sent!r} in place of {declared!r}")

    # --- application/x-www-form-urlencoded -----------------------------------------------------

    def _form(self, media: Media, content: bytes, given: Any) -> Any:
        if not isinstance(given, dict):
            raise MisreadError("form", "a form that is no object")
        pairs = Pairs(_decoded(content, "", "form"), "form")
        read = {}
        for name, value in given.items():
            read[name] = self._form_member(pairs, media.members.get(name), name, value)
        if pairs.left():
            raise MisreadError("form", f"added: {pairs.left()[:3]}")
        return read

    def _form_member(self, pairs: Pairs, member: Member | None, name: str, value: Any) -> Any:
        if member is not None and member.style is not None:
            return pairs.read(name, member.style, member.explode, value)
        if member is not None and member.content_type and is_json(member.content_type):
            return parse_json(pairs.text(name))
        if isinstance(value, (list, dict)) and not pairs.has(name):
            # Silent, in a document whose other members have brackets: so have these.
            taken = pairs.claim(lambda each: each.startswith(f"{name}["))
            if taken:
                return _from_brackets(name, taken)
        if isinstance(value, list):
            # "array: according to the type of the items": each item a pair of its own.
            taken = pairs.claim(name.__eq__)
            return [_content_item(raw, item) for (_, raw), item in _zip(taken, value)]
        if isinstance(value, dict):
            # "object: application/json" (Encoding Object, contentType). 3.0.0 to 3.0.3 also said
            # that the style's default applies: there the members may stand for themselves.
            if self.dialect.raw.version == (3, 0) and not pairs.has(name):
                return pairs.read(name, "form", True, value)
            return parse_json(pairs.text(name))
        return None if value is None and pairs.text(name) == "null" else Text(pairs.text(name))

    # --- multipart -----------------------------------------------------------------------------

    def _multipart(self, media: Media, sent: str, content: bytes, given: Any) -> Any:
        if not isinstance(given, dict):
            raise MisreadError("multipart", "a form that is no object")
        parts = split_parts(sent, content)
        read = {name: self._parts(parts, media, name, value) for name, value in given.items()}
        if parts:
            raise MisreadError("multipart", f"added: {[part.name for part in parts][:3]}")
        return read

    def _parts(self, parts: list[Part], media: Media, name: str, value: Any) -> Any:
        """The parts of one member, taken from `parts`."""
        member = media.members.get(name)
        if member is not None and member.style is not None and self._styled_parts():
            return _styled(parts, member, name, value)
        mine = _take(parts, {name})
        if isinstance(value, list):
            if len(mine) != len(value):
                raise MisreadError("multipart", f"{len(mine)} parts for {len(value)} items")
            return [_part(part, member, item) for part, item in zip(mine, value, strict=True)]
        if len(mine) != 1:
            raise MisreadError("multipart", f"{len(mine)} parts for one value")
        return _part(mine[0], member, value)

    def _styled_parts(self) -> bool:
        """3.0 ignores styles in multipart; 2.0 (collectionFormat) and 3.1 have them."""
        return self.dialect.raw.swagger or self.dialect.modern


def _styled(parts: list[Part], member: Member, name: str, value: Any) -> Any:
    """Style-based members (Encoding Object): as in a query, but one part for each pair, and
    "URI percent-encoding MUST NOT be applied"."""
    style, shape = member.style or "form", shape_of(value)
    names = {name}
    if shape == "object" and style == "deepObject":
        names = {f"{name}[{key}]" for key in value}
    elif shape == "array" and style == "deepObject":
        # Undefined by the letter: `name[]`, as those read it that read `name[key]`.
        names = {f"{name}[]"}
    elif shape == "object" and member.explode:
        names = set(value)
    texts = [(part.name, Text(part.content.decode("utf-8"))) for part in _take(parts, names)]
    if shape == "object" and style == "deepObject":
        return {key.removeprefix(name + "[").removesuffix("]"): text for key, text in texts}
    if shape == "object" and member.explode:
        return dict(texts)
    if shape == "array" and (member.explode or style == "deepObject"):
        return [text for _, text in texts]
    if len(texts) != 1:
        raise MisreadError("multipart", f"{len(texts)} parts for one styled value")
    if shape == "scalar":
        return texts[0][1]
    joint = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}.get(style, ",")
    pieces = [Text(piece) for piece in texts[0][1].split(joint)]
    return pieces if shape == "array" else dict(zip(pieces[::2], pieces[1::2], strict=True))


def _from_brackets(name: str, taken: list[tuple[str, str]]) -> Any:
    """Names and values as qs, PHP and Rails read them: `a[b][]=c`, `a[0][b]=c`."""
    root: Any = {}
    for key, raw in taken:
        steps = key[len(name) + 1 : -1].split("][")
        here = root
        for step in steps[:-1]:
            here = here.setdefault(step, {})
        if steps[-1]:
            here[steps[-1]] = Text(unquote_plus(raw))
        else:
            here.setdefault("", []).append(Text(unquote_plus(raw)))
    return _lists(root)


def _lists(value: Any) -> Any:
    """Objects whose names are "" or count from 0 are lists."""
    if not isinstance(value, dict):
        return value
    if value.keys() == {""}:
        return value[""]
    inner = {key: _lists(each) for key, each in value.items()}
    counted = inner and list(inner) == [str(n) for n in range(len(inner))]
    return list(inner.values()) if counted else inner


def _take(parts: list[Part], names: set[str]) -> list[Part]:
    """The parts of these names, taken out of `parts`."""
    mine = [part for part in parts if part.name in names]
    parts[:] = [part for part in parts if part.name not in names]
    return mine


def _part(part: Part, member: Member | None, value: Any) -> Any:
    declared = member.content_type if member is not None else None
    if declared and not _one_of(declared, part.media_type):
        raise MisreadError("multipart", f"part {part.name!r} is {part.media_type}, not {declared}")
    if isinstance(value, bytes):
        return part.content
    if isinstance(value, (dict, list)) or is_json(part.media_type or "text/plain"):
        if not is_json(part.media_type or ""):
            raise MisreadError("multipart", f"part {part.name!r}: JSON sent as {part.media_type}")
        return parse_json(part.content)
    return Text(_decoded(part.content, part.media_type or "", "multipart"))


def _one_of(declared: str, sent: str | None) -> bool:
    for option in declared.split(","):
        base = base_type(option)
        if base in ("*/*", base_type(sent or "text/plain")):
            return True
        if base.endswith("/*") and base_type(sent or "").startswith(base[:-1]):
            return True
    return False


def split_parts(content_type: str, content: bytes) -> list[Part]:
    """The parts of a multipart body, by werkzeug."""
    if not content:
        return []
    boundary = parse_options_header(content_type)[1].get("boundary", "")
    decoder = MultipartDecoder(boundary.encode("latin-1"))
    decoder.receive_data(content)
    decoder.receive_data(None)
    parts: list[Part] = []
    opened: Field | File | None = None
    held = b""
    try:
        while not isinstance(event := decoder.next_event(), (Epilogue, NeedData)):
            if isinstance(event, (Field, File)):
                opened, held = event, b""
            elif isinstance(event, Data) and opened is not None:
                held += event.data
                if not event.more_data:
                    filename = opened.filename if isinstance(opened, File) else None
                    kind = opened.headers.get("content-type")
                    parts.append(Part(opened.name, filename, kind, held))
    except (ValueError, LookupError) as error:
        raise MisreadError("multipart", f"not multipart: {error}") from None
    return parts


def _zip(taken: list[tuple[str, str]], value: list[Any]) -> list[tuple[tuple[str, str], Any]]:
    if len(taken) != len(value):
        raise MisreadError("form", f"{len(taken)} pairs for {len(value)} items")
    return list(zip(taken, value, strict=True))


def _content_item(raw: str, item: Any) -> Any:
    text = unquote_plus(raw)
    return parse_json(text) if shape_of(item) != "scalar" else Text(text)


def _decoded(content: bytes, content_type: str, where: str) -> str:
    charset = parse_options_header(content_type)[1].get("charset", "utf-8")
    try:
        return content.decode(charset)
    except (UnicodeDecodeError, LookupError) as error:
        raise MisreadError(where, f"not text: {error}") from None
