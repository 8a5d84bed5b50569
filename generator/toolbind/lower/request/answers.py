"""Answers: what an operation asks to be given (`Accept`), and of what type it is.

Only documented successes count (OpenAPI 3.1 section 4.8.16). Nothing here costs an operation:
what cannot be understood is a warning, and the type is `Any`. Imports `ir`, `read`, and of
`lower` `draft`, `media`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from toolbind import ir
from toolbind.lower.draft import Context
from toolbind.lower.request import media
from toolbind.read.document import Node, ReferenceFailure
from toolbind.read.fields import ObjectKind

ANY = ir.Plain("Any")

_SUCCESS = re.compile(r"2(?:[0-9][0-9]|XX|xx)")
_STATUS = re.compile(r"[1-5](?:[0-9][0-9]|XX|xx)|default|x-.*", re.DOTALL)
_LISTED = 4
"""Media types named in one Accept header; documents can list hundreds."""

_OF_KIND: dict[media.Kind | None, ir.TypeRef] = {
    "text": ir.Plain("str"),
    "xml": ir.Plain("str"),
    "form": ir.Plain("str"),
    "binary": ir.Plain("bytes"),
    "multipart": ir.Plain("bytes"),
    None: ANY,
}
"""What the runtime gives for a document that is not JSON."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The successes of one operation. `parts` are schemas, whose types are not known yet, and
    types; empty: nothing comes back. `accept` is empty where no media type is documented."""

    accept: str
    parts: tuple[Node | ir.TypeRef, ...]


def collect(context: Context, operation: Node, method: str) -> Answers:
    """The documented answers of an operation."""
    if method == "HEAD":
        return Answers("", ())
    offers = list(_offers(context, operation))
    typed = [(media_type, entry) for media_type, entry in offers if media_type is not None]
    json = [each for each in typed if each[0].kind in ("json", "lines")]
    shown = json or typed
    accept = list(dict.fromkeys(media_type.text for media_type, _ in shown))[:_LISTED]
    parts = [_part(media_type, entry) for media_type, entry in shown]
    if not shown and not _is_silent(operation):
        parts.append(ANY)
    if any(media_type is None for media_type, _ in offers) and shown:
        parts.append(ir.Plain("None"))
    return Answers(", ".join(accept), tuple(_unique(context, parts)))


def _is_silent(operation: Node) -> bool:
    """Whether nothing can come back. An answer whose content the document leaves out may hold
    some all the same; only these statuses rule it out (RFC 9110 sections 15.3.5 and 15.3.6)."""
    responses = operation.get("responses")
    listed = [status for status, _ in responses.items()] if responses is not None else []
    successes = [status for status in listed if _SUCCESS.fullmatch(status)]
    return bool(successes) and set(successes) <= {"204", "205"}


def _offers(context: Context, operation: Node) -> Iterator[tuple[media.MediaType | None, Node]]:
    """Every documented success: a media type and its entry, or None for one without content."""
    for response in _successes(context, operation):
        content = response.get("content")
        if content is None or not content.value:
            yield None, response
            continue
        for key, entry in content.items():
            media_type = media.parse(key)
            if media_type is not None:
                yield media_type, _resolved(context, entry, "mediaType") or entry


def _successes(context: Context, operation: Node) -> Iterator[Node]:
    responses = operation.get("responses")
    if responses is None:
        return
    found = []
    for status, node in responses.items():
        if _SUCCESS.fullmatch(status):
            found.append(node)
        elif not _STATUS.fullmatch(status):
            context.say("field-unknown", node.place, f"{status!r} is no status of an answer")
    default = responses.get("default")
    if not found and default is not None:
        found = [default]
    for node in found:
        response = _resolved(context, node, "response")
        if response is not None:
            yield response


def _resolved(context: Context, node: Node, kind: ObjectKind) -> Node | None:
    try:
        return context.document.understood(node, kind, context.trace)
    except ReferenceFailure as failure:
        context.say("answer-reference", node.place, f"an answer is unknown: {failure.message}")
        return None


def _part(media_type: media.MediaType, entry: Node) -> Node | ir.TypeRef:
    schema = entry.get("schema")
    if media_type.kind == "json" or (media_type.kind is None and media_type.is_range):
        return schema if schema is not None else ANY
    if media_type.kind == "lines" or media_type.essence == media.EVENTS:
        return ir.Listed(ANY)
    return _OF_KIND[media_type.kind]


def _unique(context: Context, parts: list[Node | ir.TypeRef]) -> Iterator[Node | ir.TypeRef]:
    seen: set[object] = set()
    for part in parts:
        try:
            key: object = context.schemas.key(part) if isinstance(part, Node) else part
        except ReferenceFailure:
            key = part.pointer if isinstance(part, Node) else part
        if key not in seen:
            seen.add(key)
            yield part
