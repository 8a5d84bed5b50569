"""Request bodies: which media type is sent, and what arguments the body is made of.

OpenAPI 3.1 sections 4.8.13 (request body), 4.8.14 (media type); the rule of choice stands in
`media`. Imports `ir`, `read`, and of `lower` `draft`, `flat`, `media`, `members`, `schemas`,
`styles`, `unsupported`, `wanted`, `xml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

from toolbind import ir
from toolbind.diagnostics import Place
from toolbind.lower.draft import Context, Draft, end_of, is_object
from toolbind.lower.request import media, wanted, xml
from toolbind.lower.request.flat import Flat, flatten
from toolbind.lower.request.media import Kind
from toolbind.lower.request.members import Offer, encodings_of, is_file
from toolbind.lower.schemas import View
from toolbind.lower.text.worth import joined
from toolbind.lower.unsupported import Unsupported
from toolbind.read.document import Node

_FLAT: frozenset[Kind] = frozenset({"json", "form", "multipart"})
"""Kinds whose members can be arguments of their own."""

_CODED: frozenset[Kind] = frozenset({"form", "multipart"})
"""Kinds whose members have an encoding each."""


_TOKENS_PER_MEMBER = 12
"""What an argument costs a tool at least, its name, type and description taken together."""

FILE_TOLD = "File: text or a data: URL"
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
    chosen_first = [chosen, *(each for each in offers if each is not chosen)]
    return _planned(context, said, chosen_first, required)


def _without(context: Context, required: bool, code: str, place: Place, reason: str) -> BodyPlan:
    if required:
        raise Unsupported(code, place, f"a body is required, but {reason}")
    context.say(code, place, f"the optional body is left out: {reason}")
    return BodyPlan()


# --- choosing -----------------------------------------------------------------------------------


def _offers(context: Context, content: Node) -> Iterator[Offer]:
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
        yield Offer(key, media_type, kind, entry, schema)


def _is_form(kind: Kind, view: View) -> bool:
    """Whether a value can be written as a form: an object, or the text of the form itself."""
    return "object" in view.types or (kind == "form" and view.single_type() == "string")


def _fitting(view: View | None) -> Kind:
    """How to write a body whose media type does not tell: by what its value is."""
    if view is None or view.binary:
        return "binary"
    return "text" if view.single_type() == "string" else "json"


def _best(context: Context, offers: list[Offer]) -> Offer:
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


def _has_file(context: Context, offer: Offer) -> bool:
    """Whether a member of the body is bytes, which only multipart can carry as they are."""
    if offer.schema is None or offer.kind not in _FLAT:
        return False
    view = context.schemas.inspect(offer.schema)
    return any(is_file(context, member) for member in view.properties.values())


# --- what it is made of -------------------------------------------------------------------------


def _planned(context: Context, said: str, offers: list[Offer], required: bool) -> BodyPlan:
    """The body as arguments, the chosen one of what is offered first; `said` is its own
    description."""
    offer, *others = offers
    offered = tuple(each.key for each in offers)
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
    files = [each for each in others if _is_bytes(context, each, each.schema)]
    binary = _is_bytes(context, offer, schema) or (offer.kind == "text" and bool(files))
    encoding = ir.Encoding(binary=binary)
    members: tuple[tuple[str, ir.Encoding], ...] = ()
    hints: ir.Xml | None = None
    if offer.kind in _CODED and schema is not None:
        view = context.schemas.inspect(schema)
        members = tuple(encodings_of(context, offer, view.properties))
    if offer.kind == "xml" and schema is not None:
        hints = xml.root(context, schema)
    lowered = context.schemas.argument(
        None if encoding.binary else schema,
        fallback="body",
        description=said,
        place="whole-body",
        optional=not required,
        when=FILE_TOLD if binary and offer.kind != "form" and "data:" not in said else "",
        free="object",
    )
    or_types = tuple(media.concrete(each.media_type, each.kind) for each in files if binary)
    pointer = offer.entry.pointer
    draft = Draft(
        "", "whole-body", required, schema, lowered, encoding, pointer, ("body", "request body")
    )
    body = ir.Body(media_type, required, offered, members, hints, or_types=or_types)
    return BodyPlan(body, [draft])


def _usable(context: Context, offer: Offer) -> Node | None:
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


def _is_bytes(context: Context, offer: Offer, schema: Node | None) -> bool:
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


def _flattened(context: Context, offer: Offer, view: View, required: bool) -> BodyPlan | None:
    """The members of an object as arguments; None for what is none, or has too many."""
    flat = flatten(context.schemas, view)
    if flat is None:
        return None
    if not flat.members:
        empty = view.closed and not required and "null" not in view.types
        return BodyPlan() if empty else None  # an empty object says no more than no body
    if len(flat.members) > context.options.budget // _TOKENS_PER_MEMBER:
        return None  # inside one argument they can be shortened to fit the budget
    encodings = dict(encodings_of(context, offer, flat.members)) if offer.kind in _CODED else {}
    demands = flat.demands
    if flat.required and not required:
        demands = ({"required": list(flat.required)}, *demands)
    plan = BodyPlan(demands=demands)
    shown = _example(context, offer)
    for wire, node in flat.members.items():
        encoding = encodings.get(wire, ir.Encoding())
        member = _member(context, flat, wire, node, encoding, offer.kind, required)
        if isinstance(member, Draft) and wire in shown:
            member = _with_example(context, member, shown[wire])
        if isinstance(member, Draft):
            plan.drafts.append(member)
        else:
            plan.constants.append(member)
    if flat.others is not None:
        plan.drafts.append(_others(context, flat.others))
    return plan


def _member(
    context: Context,
    flat: Flat,
    wire: str,
    node: Node,
    encoding: ir.Encoding,
    kind: Kind,
    required: bool,
) -> Draft | ir.Constant:
    """One member of a body, which itself is `required` or not."""
    wishes = context.curation.argument((node,), "body", wire)
    needed = wire in flat.required
    place: ir.ArgumentPlace = "file" if encoding.binary else "body"
    when = _BODY_GIVEN if needed and not required else flat.when.get(wire, "")
    told = FILE_TOLD if encoding.binary else ""
    lowered = context.schemas.argument(
        node,
        fallback=wire,
        description=wishes.description,
        optional=not (needed and required),
        share=len(flat.members),
        example=wishes.example,
        when=joined((told, when)),
    )
    if wishes.list_style or kind in _CODED:
        silent = encoding == ir.Encoding()
        spot = "form" if kind in _CODED else "body"
        encoding = wanted.list_style(context, wishes, lowered, encoding, wire, spot, silent=silent)
    if fixed := wanted.value(context, wishes, lowered, wire):
        return ir.Constant(wire, place, fixed[0], encoding)
    if constant := context.constant(node, needed):
        return ir.Constant(wire, place, constant[0], encoding, beside=not required)
    needed = needed and required
    spelt = (wire, f"{wire} {place}")
    spellings = (wishes.name, *spelt) if wishes.name else spelt
    seen = wanted.seen(context, wishes, lowered, wire, required=needed)
    return Draft(wire, place, needed, node, lowered, encoding, node.pointer, spellings, *seen)


def _example(context: Context, offer: Offer) -> Mapping[str, Any]:
    """The document's example of the whole body, which goes before those of its members."""
    value = offer.entry.value.get("example")
    several = offer.entry.get("examples")
    if value is None and is_object(several):
        first = next((each for _, each in several.items()), None)
        first = end_of(context, first) if is_object(first) else None
        value = first.value.get("value") if is_object(first) else None
    return value if isinstance(value, dict) else {}


def _with_example(context: Context, draft: Draft, value: Any) -> Draft:
    example = context.schemas.sample(value, draft.wire)
    lowered = replace(draft.lowered, example=example or draft.lowered.example)
    return replace(draft, lowered=lowered)


def _others(context: Context, schema: Node) -> Draft:
    """The argument for members that are not declared."""
    value = {"type": "object", "additionalProperties": schema.value}
    holder = Node(value, f"{schema.pointer}/-", schema.file)  # a place of its own: it is no part
    lowered = context.schemas.argument(
        holder, fallback="", description=_OTHERS_TOLD, place="members", optional=True
    )
    spellings = ("other_fields", "other_body_fields")
    return Draft("", "members", False, holder, lowered, ir.Encoding(), schema.pointer, spellings)
