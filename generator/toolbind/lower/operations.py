"""From the paths of a document to operations: gather all, draft those that are wanted, finish.

Gathering finds every operation and settles all names, whatever is wanted or can be kept, so that
neither a choice nor a skip moves a name. Drafting makes requests; here, and only here, what is
unsupported becomes a skipped operation. Finishing needs the types of the whole document.
Imports `diagnostics`, `codes`, `ir`, `read`, and the rest of `lower`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from toolbind import ir
from toolbind.codes import CODES
from toolbind.diagnostics import Report
from toolbind.lower.document import names, paths
from toolbind.lower.document.extension import wishes
from toolbind.lower.document.found import METHODS, Found
from toolbind.lower.document.security import TOKEN, Requirement
from toolbind.lower.document.selection import Candidate
from toolbind.lower.draft import Context, Draft
from toolbind.lower.request import answers, bodies, credentials, parameters
from toolbind.lower.request.answers import Answers
from toolbind.lower.request.flat import renamed
from toolbind.lower.schemas import Direction
from toolbind.lower.text import lookalikes
from toolbind.lower.text.worth import joined, split
from toolbind.lower.types import is_simple
from toolbind.lower.unsupported import Unsupported
from toolbind.read.document import Document, Node, ReferenceFailure
from toolbind.read.versions import kind_of

ANY_METHOD = "*"
"""Stands for the methods of a path item that cannot be read."""

_PLACE_ORDER = (
    "path",
    "query",
    "querystring",
    "header",
    "cookie",
    "body",
    "file",
    "members",
    "whole-body",
)


@dataclass(frozen=True, slots=True)
class Drafted:
    """An operation whose request is settled; `names` belong to `drafts`, one for each."""

    found: Found
    path: str
    drafts: tuple[Draft, ...]
    names: tuple[str, ...]
    constants: tuple[ir.Constant, ...]
    body: ir.Body | None
    server: str | None
    security: tuple[Requirement, ...]
    answers: Answers


# --- gathering ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Gathered:
    """Every operation of a document, and the path items that cannot be followed, each with what its
    operations could be chosen by."""

    operations: tuple[Found, ...]
    lost: tuple[tuple[Candidate, ir.Skipped], ...]


def gather(document: Document, report: Report) -> Gathered:
    """Every operation of the document, in its order, with its final name."""
    bare: list[Found] = []
    lost: list[tuple[Candidate, ir.Skipped]] = []
    declared = document.root.get("paths")
    for key, node in declared.items() if declared is not None else ():
        if key.startswith("x-"):
            continue
        item, failure = document.path_item(node, report)
        bare += _of_item(document, report, key, item)
        if failure is not None:
            skipped = _skipped(ANY_METHOD, key, node, _unsupported(failure))
            lost.append((Candidate(ANY_METHOD, key, "", "", ()), skipped))
    wanted = [names.Wanted((found.path, found.method), found.spellings) for found in bare]
    assigned = names.assign(wanted, names.OPERATIONS)
    named = [replace(found, name=name) for found, name in zip(bare, assigned, strict=True)]
    return Gathered(tuple(named), tuple(lost))


def _unsupported(failure: ReferenceFailure) -> Unsupported:
    return Unsupported(failure.code, failure.place, failure.message)


def _tell_rename(context: Context, found: Found) -> None:
    """Say when a name is not simply the snake_case of the operationId."""
    given = found.given_name
    if given and names.snake_case(found.spellings[0]) != found.name:
        key = "x-toolbind name" if found.wishes.name else "operationId"
        message = f"{key} {given!r} is named {found.name!r}"
        context.say("operation-renamed", found.node.place, message)


def tell_lookalikes(context: Context, kept: Sequence[Found]) -> None:
    """Say which operations can be taken for others, or are spelt so as to be."""
    places = {found.given_name: found.node.place for found in kept}
    for name, other in lookalikes.pairs(places):
        context.say("name-look-alike", places[name], f"{name!a} can be taken for {other!a}")
    for name in filter(lookalikes.imitates, places):
        context.say("name-look-alike", places[name], f"{name!a} mixes letters that look alike")


def _of_item(document: Document, report: Report, key: str, item: Node) -> Iterator[Found]:
    newer = document.family == "3.2"
    methods = (*METHODS, "query") if newer else METHODS
    for name, node in item.items():
        if name in methods:
            yield _operation(document, report, name.upper(), key, item, node)
        elif name == "additionalOperations" and newer:
            for method, each in node.items():
                yield _operation(document, report, method, key, item, each)


def _operation(
    document: Document, report: Report, method: str, key: str, item: Node, node: Node
) -> Found:
    """An operation as it is meant. What is odd about it is told when it is drafted: it may not be
    wanted."""
    try:
        meant = document.understood(node, "operation", Report())
    except ReferenceFailure:
        meant = node
    return Found("", method, key, item, meant, wishes(meant, report), node)


# --- drafting -----------------------------------------------------------------------------------


def draft(context: Context, found: Found) -> tuple[Drafted | None, ir.Skipped | None]:
    """The request of an operation, or why it cannot be made."""
    _tell_rename(context, found)
    try:
        return _draft(context, found), None
    except (Unsupported, ReferenceFailure) as failed:
        return None, skip(context.trace, found, failed)


def skip(report: Report, found: Found, failed: Unsupported | ReferenceFailure) -> ir.Skipped:
    """An operation of which no tool is made, and why; which is told."""
    reason = failed if isinstance(failed, Unsupported) else _unsupported(failed)
    skipped = _skipped(found.method, found.path, found.node, reason)
    tell_skip(report, skipped)
    return skipped


def tell_skip(report: Report, skipped: ir.Skipped) -> None:
    what = "" if skipped.method == ANY_METHOD else f"{skipped.method} "
    message = f"{what}{skipped.path} is skipped: {skipped.reason}"
    report.say(skipped.code, skipped.place, message)


def _skipped(method: str, path: str, node: Node, reason: Unsupported) -> ir.Skipped:
    return ir.Skipped(
        method,
        path,
        node.pointer,
        reason.code,
        reason.reason,
        CODES[reason.code].remedy,
        reason.place,
    )


def _draft(context: Context, found: Found) -> Drafted:
    context.document.understood(found.written, "operation", context.trace)
    if not isinstance(found.node.value, dict):
        reason = f"the operation is {kind_of(found.node.value)}, not an object"
        raise Unsupported("operation-shape", found.node.place, reason)
    if not TOKEN.fullmatch(found.method) or found.method.upper() == "CONNECT":
        raise Unsupported("method", found.node.place, f"{found.method!r} is no method for requests")
    problem = context.document.check(found.node, "operation")
    if problem is not None:
        raise Unsupported(problem.code, problem.place, problem.message)
    template = paths.parse(found.path, found.item.place)
    server = context.servers.of(found.item, found.node)
    params = parameters.collect(context, found.item, found.node, template)
    body = bodies.collect(context, found.node)
    if found.method == "TRACE" and body.body is not None:
        raise Unsupported("method", found.node.place, "a TRACE request cannot have a body")
    asked = _demanding(context.security.of(found.node), params.credentials)
    drafts = credentials.settled(context, found, (*params.drafts, *body.drafts), asked)
    for draft in filter(lambda each: lookalikes.imitates(each.wire), drafts):
        message = f"argument {draft.wire!a} mixes letters that look alike"
        context.say("name-look-alike", found.node.place, message)
    assigned = names.assign([_wanted(draft) for draft in drafts], names.ARGUMENTS)
    drafts = _told_apart(drafts)
    fillings = {
        draft.wire: f"{{{name}}}"
        for draft, name in zip(drafts, assigned, strict=True)
        if draft.place == "path"
    }
    for constant in params.constants:
        if constant.place == "path":
            fillings[constant.wire] = _literal(constant, found)
    if body.body is not None and body.demands:
        named = {
            draft.wire: name
            for draft, name in zip(drafts, assigned, strict=True)
            if draft.place in ("body", "file") and not (draft.hidden or draft.binding)
        }
        body.body = replace(body.body, demands=tuple(renamed(body.demands, named)))
    return Drafted(
        found,
        template.render({slot: fillings[wire] for slot, wire in params.slots.items()}),
        drafts,
        assigned,
        (*(c for c in params.constants if c.place != "path"), *body.constants),
        body.body,
        server,
        asked,
        answers.collect(context, found.node, found.method),
    )


_PLACE_WORDS: Mapping[ir.ArgumentPlace, str] = {
    "path": "the path",
    "query": "the query",
    "header": "a header",
    "cookie": "a cookie",
    "body": "the body",
    "file": "the body",
}

_PLAIN_WIRE = re.compile(r"[\w.$\[\]-]{1,64}", re.ASCII)


def _told_apart(drafts: Sequence[Draft]) -> tuple[Draft, ...]:
    """The drafts; those that want one name say which place they fill, or how they are sent."""
    rivals: dict[str, list[Draft]] = {}
    for each in drafts:
        rivals.setdefault(names.snake_case(each.spellings[0]), []).append(each)
    return tuple(
        _saying(each, group)
        if len(group := rivals[names.snake_case(each.spellings[0])]) > 1
        else each
        for each in drafts
    )


def _saying(draft: Draft, rivals: Sequence[Draft]) -> Draft:
    place = _PLACE_WORDS.get(draft.place, "the request")
    shared = [each for each in rivals if _PLACE_WORDS.get(each.place, "the request") == place]
    words = f"Goes into {place}" if len(shared) < len(rivals) else ""
    if len(shared) > 1 and _PLAIN_WIRE.fullmatch(draft.wire):
        words = f'{words or "Sent"} as "{draft.wire}"'
    said = draft.lowered.schema["description"]
    if words == f"Goes into {place}" and place in said:
        return draft
    prefix, sentences = split(said)
    schema = {**draft.lowered.schema, "description": joined((prefix, *sentences, words))}
    return replace(draft, lowered=replace(draft.lowered, schema=schema))


def _wanted(draft: Draft) -> names.Wanted:
    rank = str(_PLACE_ORDER.index(draft.place))
    return names.Wanted((rank, draft.wire), draft.spellings)


def _literal(constant: ir.Constant, found: Found) -> str:
    """The text of a path variable that has one allowed value."""
    value = constant.value
    text = value if isinstance(value, str) else json.dumps(value)
    if text in ("", ".", ".."):
        reason = f"the only value of path parameter {constant.wire!r} leaves the path"
        raise Unsupported("path-unsafe", found.item.place, reason)
    return quote(text, safe="")


def _demanding(
    alternatives: tuple[Requirement, ...], parameters: Mapping[str, bool]
) -> tuple[Requirement, ...]:
    """The alternatives, each with the schemes whose credentials parameters are besides; where none
    of these is required, each without them as well."""
    if not parameters:
        return alternatives
    needed = [name for name, required in parameters.items() if required]
    found: list[Requirement] = []
    for each in alternatives or ((),):
        for more in (parameters, needed):
            found.append((*each, *((name, ()) for name in more if name not in dict(each))))
    return tuple(dict.fromkeys(found))


def roots(drafted: Drafted) -> Iterator[tuple[Node, Direction]]:
    """The schemas whose types an operation shows, and the way that their values travel; those aside
    whose types can be seen from themselves."""
    for each in drafted.drafts:
        if each.schema is not None and not each.encoding.binary and not is_simple(each.schema):
            yield each.schema, "request"
    for part in drafted.answers.parts:
        if isinstance(part, Node) and not is_simple(part):
            yield part, "response"
