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
_JSON: tuple[media.Kind, ...] = ("json", "lines")
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


Offers = list[tuple[media.MediaType, Node]]
"""The media types of one answer, each with its entry; empty for one without content."""


def collect(context: Context, operation: Node, method: str) -> Answers:
    """The documented answers of an operation. JSON is asked for where an answer offers it; answers
    that do not are what they are."""
    if method == "HEAD":
        return Answers("", ())
    answers = [_offers(context, response) for response in _successes(context, operation)]
    shown = [each for offers in answers for each in _preferred(offers)]
    shown.sort(key=lambda each: each[0].kind not in _JSON)
    accept = list(dict.fromkeys(media_type.text for media_type, _ in shown))[:_LISTED]
    parts = [_part(context, media_type, entry) for media_type, entry in shown]
    if not shown and not _is_silent(operation, answers):
        parts.append(ANY)
    if not all(answers) and shown:
        parts.append(ir.Plain("None"))
    return Answers(", ".join(accept), tuple(_unique(context, parts)))


def _is_silent(operation: Node, answers: list[Offers]) -> bool:
    """Whether every success is described, and each without content."""
    responses = operation.get("responses")
    listed = [status for status, _ in responses.items()] if responses is not None else []
    successes = [status for status in listed if _SUCCESS.fullmatch(status)]
    return bool(successes) and len(successes) == len(answers)


def _offers(context: Context, response: Node) -> Offers:
    content = response.get("content")
    offers = []
    for key, entry in content.items() if content is not None else ():
        media_type = media.parse(key)
        if media_type is not None:
            offers.append((media_type, _resolved(context, entry, "mediaType") or entry))
    return offers


def _preferred(offers: Offers) -> Offers:
    """What is asked for of what one answer offers: JSON, if it does."""
    return [each for each in offers if each[0].kind in _JSON] or offers


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


def _part(context: Context, media_type: media.MediaType, entry: Node) -> Node | ir.TypeRef:
    schema = entry.get("schema")
    if media_type.kind == "json" or (media_type.kind is None and media_type.is_range):
        if media_type.is_range and schema is not None and context.schemas.inspect(schema).binary:
            return _OF_KIND["binary"]
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
