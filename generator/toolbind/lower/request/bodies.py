"""Request bodies: which media type is sent, and what arguments the body is made of.

OpenAPI 3.1 sections 4.8.13 (request body), 4.8.14 (media type), 4.8.15 (encoding); the rule of
choice stands in `media`. Imports `ir`, `read`, and of `lower` `draft`, `flat`, `media`, `schemas`,
`styles`, `unsupported`, `wanted`, `xml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from toolbind import ir
from toolbind.diagnostics import Place
from toolbind.lower.document.security import TOKEN
from toolbind.lower.draft import Context, Draft, is_object
from toolbind.lower.request import media, styles, wanted, xml
from toolbind.lower.request.flat import Flat, flatten
from toolbind.lower.request.media import Kind, MediaType
from toolbind.lower.schemas import View
from toolbind.lower.unsupported import Unsupported
from toolbind.read.document import Node

_FLAT: frozenset[Kind] = frozenset({"json", "form", "multipart"})
"""Kinds whose members can be arguments of their own."""

_CODED: frozenset[Kind] = frozenset({"form", "multipart"})
"""Kinds whose members have an encoding each."""


_TOKENS_PER_MEMBER = 12
"""What an argument costs a tool at least, its name, type and description taken together."""

_BODY_GIVEN = "Needed if other fields of the body are given"
_OTHERS_TOLD = "Further fields of the body, by name"


@dataclass(slots=True)
class BodyPlan:
    """The body of one operation and its arguments; all empty where there is none. `demands` are
    schemas over its members, by the names of the document."""

    body: ir.Body | None = None
    drafts: list[Draft] = field(default_factory=list)
    constants: list[ir.Constant] = field(default_factory=list)
    demands: tuple[ir.JsonObject, ...] = ()


@dataclass(frozen=True, slots=True)
class _Offer:
    """One entry of a `content` map; `kind` is settled, `schema` None where there is none."""

    key: str
    media_type: MediaType
    kind: Kind
    entry: Node
    schema: Node | None


def collect(context: Context, operation: Node) -> BodyPlan:
    """The body of an operation; raises Unsupported for a required body that cannot be sent."""
    holder = operation.get("requestBody")
    if holder is None:
        return BodyPlan()
    node = context.document.understood(holder, "requestBody", context.trace)
    required = node.flag("required")
    problem = context.document.check(node, "requestBody")
    if problem is not None:
        return _without(context, required, problem.code, problem.place, problem.message)
    content = node.get("content")
    offers = list(_offers(context, content)) if content is not None else []
    if not offers:
        empty = content is None or not content.value
        reason = "its content is empty" if empty else "none of its media types can be sent"
        return _without(context, required and not empty, "body-media", node.place, reason)
    chosen = _best(context, offers)
    others = tuple(each.key for each in offers if each is not chosen)
    if others:
        message = f"sent as {chosen.key}; offered too: {', '.join(others)}"
        context.say("body-choice", node.place, message)
    said = context.text_at(holder, node)
    return _planned(context, said, chosen, required, (chosen.key, *others))


def _without(context: Context, required: bool, code: str, place: Place, reason: str) -> BodyPlan:
    if required:
        raise Unsupported(code, place, f"a body is required, but {reason}")
    context.say(code, place, f"the optional body is left out: {reason}")
    return BodyPlan()


# --- choosing -----------------------------------------------------------------------------------


def _offers(context: Context, content: Node) -> Iterator[_Offer]:
    for key, entry in content.items():
        media_type = media.parse(key)
        entry = context.document.understood(entry, "mediaType", context.trace)
        if media_type is None or not isinstance(entry.value, dict):
            context.say("body-media", entry.place, f"{key!r} is no media type; it is passed over")
            continue
        schema = entry.get("schema")
        schema = entry.get("itemSchema") if schema is None else schema
        view = context.schemas.inspect(schema) if schema is not None else None
        kind = media_type.kind or _fitting(view)
        if media_type.essence.startswith("multipart/") and kind != "multipart":
            context.say("body-media", entry.place, f"{key!r} cannot be written; it is passed over")
            continue
        if kind in _CODED and view is not None and not _is_form(kind, view):
            message = f"a body of {key!r} must be an object; it is passed over"
            context.say("body-shape", entry.place, message)
            continue
        yield _Offer(key, media_type, kind, entry, schema)


def _is_form(kind: Kind, view: View) -> bool:
    """Whether a value can be written as a form: an object, or the text of the form itself."""
    return "object" in view.types or (kind == "form" and view.single_type() == "string")


def _fitting(view: View | None) -> Kind:
    """How to write a body whose media type does not tell: by what its value is."""
    if view is None or view.binary:
        return "binary"
    return "text" if view.single_type() == "string" else "json"


def _best(context: Context, offers: list[_Offer]) -> _Offer:
    for pattern in context.options.media_types:
        for offer in offers:
            if fnmatchcase(offer.media_type.essence, pattern.strip().lower()):
                return offer
    if len(offers) == 1:
        return offers[0]
    files = [each for each in offers if each.kind == "multipart" and _has_file(context, each)]
    without_files = [each for each in offers if not _has_file(context, each)]
    if files and not any(each.kind == "json" for each in without_files):
        return files[0]
    return min(offers, key=lambda offer: media.rank(offer.media_type))


def _has_file(context: Context, offer: _Offer) -> bool:
    """Whether a member of the body is bytes, which only multipart can carry as they are."""
    if offer.schema is None or offer.kind not in _FLAT:
        return False
    view = context.schemas.inspect(offer.schema)
    return any(_is_file(context, member) for member in view.properties.values())


def _is_file(context: Context, member: Node) -> bool:
    view = context.schemas.inspect(member)
    if view.single_type() == "array" and view.items is not None:
        view = context.schemas.inspect(view.items)
    return view.binary


# --- what it is made of -------------------------------------------------------------------------


def _planned(
    context: Context, said: str, offer: _Offer, required: bool, offered: tuple[str, ...]
) -> BodyPlan:
    """The body as arguments; `said` is its own description."""
    media_type = media.concrete(offer.media_type, offer.kind)
    if offer.kind == "json" and offer.media_type.kind is None and media_type != media.JSON:
        message = f"how {media_type!r} is written is not known; it is sent as JSON text"
        context.say("body-guess", offer.entry.place, message)
    schema = _usable(context, offer)
    if offer.kind in _FLAT and schema is not None:
        view = context.schemas.inspect(schema)
        flat = _flattened(context, offer, view, required)
        if flat is not None:
            flat.body = ir.Body(media_type, required, offered, null="null" in view.types)
            return flat
        wanted.refuse_inside(context, view)
    encoding = ir.Encoding(binary=_is_bytes(context, offer, schema))
    members: tuple[tuple[str, ir.Encoding], ...] = ()
    hints: ir.Xml | None = None
    if offer.kind in _CODED and schema is not None:
        view = context.schemas.inspect(schema)
        members = tuple(_encodings(context, offer, view.properties))
    if offer.kind == "xml" and schema is not None:
        hints = xml.root(context, schema)
    lowered = context.schemas.argument(
        None if encoding.binary else schema,
        fallback="body",
        description=said,
        place="whole-body",
        optional=not required,
        free="object",
    )
    pointer = offer.entry.pointer
    draft = Draft(
        "", "whole-body", required, schema, lowered, encoding, pointer, ("body", "request body")
    )
    return BodyPlan(ir.Body(media_type, required, offered, members, hints), [draft])


def _usable(context: Context, offer: _Offer) -> Node | None:
    """The schema to go by. JSON without one is any value, a form without one any object, text
    and bytes need none; lines are an array of what the schema says of one of them."""
    entry, schema = offer.entry, offer.schema
    if schema is None:
        missing = {"json": {}, "form": {"type": "object"}, "multipart": {"type": "object"}}
        value = missing.get(offer.kind)
        return None if value is None else Node(value, f"{entry.pointer}/schema", entry.file)
    view = context.schemas.inspect(schema)
    of_one = entry.get("schema") is None or view.single_type() != "array"
    if offer.kind == "lines" and of_one:
        value = {"type": "array", "items": schema.value}
        return Node(value, f"{schema.pointer}/-", schema.file)  # a place of its own: it is no part
    return schema


def _is_bytes(context: Context, offer: _Offer, schema: Node | None) -> bool:
    """Whether the body is what is given, as it is: bytes, or the text of a form."""
    if offer.kind not in ("binary", "text", "form"):
        return False
    if schema is None:
        return offer.kind == "binary"
    view = context.schemas.inspect(schema)
    alone = view.single_type()
    if offer.kind == "form":
        return alone == "string"
    return view.binary or (offer.kind == "binary" and alone in ("string", "") and not view.groups)


def _flattened(context: Context, offer: _Offer, view: View, required: bool) -> BodyPlan | None:
    """The members of an object as arguments; None for what is none, or has too many."""
    flat = flatten(context.schemas, view)
    if flat is None:
        return None
    if not flat.members:
        empty = view.closed and not required and "null" not in view.types
        return BodyPlan() if empty else None  # an empty object says no more than no body
    if len(flat.members) > context.options.budget // _TOKENS_PER_MEMBER:
        return None  # inside one argument they can be shortened to fit the budget
    encodings = dict(_encodings(context, offer, flat.members)) if offer.kind in _CODED else {}
    demands = flat.demands
    if flat.required and not required:
        demands = ({"required": list(flat.required)}, *demands)
    plan = BodyPlan(demands=demands)
    for wire, node in flat.members.items():
        encoding = encodings.get(wire, ir.Encoding())
        member = _member(context, flat, wire, node, encoding, required)
        if isinstance(member, Draft):
            plan.drafts.append(member)
        else:
            plan.constants.append(member)
    if flat.others is not None:
        plan.drafts.append(_others(context, flat.others))
    return plan


def _member(
    context: Context, flat: Flat, wire: str, node: Node, encoding: ir.Encoding, required: bool
) -> Draft | ir.Constant:
    """One member of a body, which itself is `required` or not."""
    wishes = context.curation.argument((node,), "body", wire)
    needed = wire in flat.required
    lowered = context.schemas.argument(
        node,
        fallback=wire,
        description=wishes.description,
        optional=not (needed and required),
        share=len(flat.members),
        example=wishes.example,
        when=_BODY_GIVEN if needed and not required else flat.when.get(wire, ""),
    )
    place: ir.ArgumentPlace = "file" if encoding.binary else "body"
    if fixed := wanted.value(context, wishes, lowered, wire):
        return ir.Constant(wire, place, fixed[0], encoding)
    if constant := context.constant(node, needed):
        return ir.Constant(wire, place, constant[0], encoding, beside=not required)
    needed = needed and required
    spelt = (wire, f"{wire} {place}")
    spellings = (wishes.name, *spelt) if wishes.name else spelt
    seen = wanted.seen(context, wishes, lowered, wire, required=needed)
    return Draft(wire, place, needed, node, lowered, encoding, node.pointer, spellings, *seen)


def _others(context: Context, schema: Node) -> Draft:
    """The argument for members that are not declared."""
    value = {"type": "object", "additionalProperties": schema.value}
    holder = Node(value, f"{schema.pointer}/-", schema.file)  # a place of its own: it is no part
    lowered = context.schemas.argument(
        holder, fallback="", description=_OTHERS_TOLD, place="members", optional=True
    )
    spellings = ("other_fields", "other_body_fields")
    return Draft("", "members", False, holder, lowered, ir.Encoding(), schema.pointer, spellings)


# --- how members are written --------------------------------------------------------------------


def _encodings(
    context: Context, offer: _Offer, members: Mapping[str, Node]
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


def _encoding(context: Context, offer: _Offer, member: Node, node: Node | None) -> ir.Encoding:
    binary = offer.kind == "multipart" and _is_file(context, member)
    if node is None:
        return ir.Encoding(binary=binary)
    if not binary and (style := _style(context, offer, member, node)) is not None:
        return style
    return ir.Encoding(
        media_type=_content_type(context, node),
        binary=binary,
        headers=tuple(_headers(context, node)) if offer.kind == "multipart" else (),
    )


def _style(context: Context, offer: _Offer, member: Node, node: Node) -> ir.Encoding | None:
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
