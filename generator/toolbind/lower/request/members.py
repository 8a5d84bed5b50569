"""How members of form and multipart bodies are written (OpenAPI 3.1 section 4.8.15, encoding).

Imports `ir`, `read`, and of `lower` `document`, `draft`, `media`, `styles`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from toolbind import ir
from toolbind.lower.document.security import TOKEN
from toolbind.lower.draft import Context, is_object
from toolbind.lower.request import media, styles
from toolbind.lower.request.media import Kind, MediaType
from toolbind.read.document import Node


@dataclass(frozen=True, slots=True)
class Offer:
    """One entry of a `content` map; `kind` is settled, `schema` None where there is none."""

    key: str
    media_type: MediaType
    kind: Kind
    entry: Node
    schema: Node | None


def is_file(context: Context, member: Node) -> bool:
    view = context.schemas.inspect(member)
    if view.single_type() == "array" and view.items is not None:
        view = context.schemas.inspect(view.items)
    return view.binary


def encodings_of(
    context: Context, offer: Offer, members: Mapping[str, Node]
) -> Iterator[tuple[str, ir.Encoding]]:
    """How members of a form or multipart body are written, where that is not the default way."""
    listed = offer.entry.get("encoding")
    for wire, member in members.items():
        node = listed.get(wire) if listed is not None else None
        if node is not None:
            node = context.document.understood(node, "encoding", context.trace)
        encoding = _encoding(context, offer, member, node if is_object(node) else None)
        if encoding != ir.Encoding():
            yield wire, encoding


def _encoding(context: Context, offer: Offer, member: Node, node: Node | None) -> ir.Encoding:
    binary = offer.kind == "multipart" and is_file(context, member)
    if node is None:
        if binary or offer.kind != "form":
            return ir.Encoding(binary=binary)
        return _silent(context, member)
    if not binary and (style := _style(context, offer, member, node)) is not None:
        return style
    return ir.Encoding(
        media_type=_content_type(context, node),
        binary=binary,
        headers=tuple(_headers(context, node)) if offer.kind == "multipart" else (),
    )


def _silent(context: Context, member: Node) -> ir.Encoding:
    """How a member of a form is written of which the document says nothing. Services that read
    brackets anywhere read them here: JSON text in a form is what hardly any of them takes. In a
    multipart body it stands, since each part there names its own type."""
    if not context.document.mentions("deepObject"):
        return ir.Encoding()
    view = context.schemas.inspect(member)
    inner = context.schemas.inspect(view.items) if view.items is not None else None
    if not ("object" in view.types and view.stated) and (
        inner is None or not ({"object", "array"} & set(inner.types) and inner.stated)
    ):
        return ir.Encoding()
    message = f"has no style; brackets are written, as elsewhere in the document ({styles.DECIDES})"
    context.say("style-nested", member.place, f"a member of the body {message}")
    return ir.Encoding("deepObject", True)


def _style(context: Context, offer: Offer, member: Node, node: Node) -> ir.Encoding | None:
    """The style of a member; None where the document gives none, or none that counts."""
    value: Mapping[str, object] = node.value
    if not value.keys() & {"style", "explode", "allowReserved"}:
        return None
    document = context.document
    if offer.kind == "multipart" and document.version == "3.0" and document.original_version > "3":
        context.say("encoding-style", node.place, "OpenAPI 3.0 knows no styles in multipart bodies")
        return None
    explode = value.get("explode")
    view = context.schemas.inspect(member)
    chosen = styles.choose(
        "query",
        node.text("style"),
        explode if isinstance(explode, bool) else None,
        set(view.types),
    )
    for code, message in chosen.complaints:
        context.say(code, node.place, f"a member of the body {message}")
    reserved = offer.kind == "form" and node.flag("allowReserved")
    return ir.Encoding(chosen.style, chosen.explode, reserved)


def _content_type(context: Context, node: Node) -> str | None:
    """The content type of a member: one, a range, or several separated by commas."""
    text = node.text("contentType").strip()
    if text and all(media.parse(part) is not None for part in text.split(",")):
        return text
    if "contentType" in node.value:
        context.say("encoding-malformed", node.place, "`contentType` is no media type")
    return None


def _headers(context: Context, node: Node) -> Iterator[tuple[str, str]]:
    """Headers of a part whose value the document fixes; others cannot be known."""
    headers = node.get("headers")
    for name, header in headers.items() if headers is not None else ():
        header = context.document.understood(header, "header", context.trace)
        schema = header.get("schema")
        only = context.schemas.inspect(schema).const if schema is not None else ()
        if name.lower() == "content-type":
            continue
        if only and isinstance(only[0], str) and TOKEN.fullmatch(name) and _is_printable(only[0]):
            yield name, only[0]
        elif header.flag("required"):
            context.say(
                "encoding-header", header.place, f"the header {name!r} of a part has no fixed value"
            )


def _is_printable(text: str) -> bool:
    return text.isascii() and text.isprintable()
