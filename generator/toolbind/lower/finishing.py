"""From a drafted operation to the operation itself: its tool within the budget, and its types.

Call it when the types of the whole document are settled. Imports `ir`, `read`, and the rest of
`lower`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolbind import ir
from toolbind.lower.document.found import Found
from toolbind.lower.document.security import Requirement
from toolbind.lower.draft import Context, Draft
from toolbind.lower.fit import unoffered
from toolbind.lower.fit.budget import Tool
from toolbind.lower.operations import Drafted
from toolbind.lower.request import answers, media
from toolbind.lower.request.answers import Answers
from toolbind.lower.request.flat import told
from toolbind.lower.text.worth import joined, parts
from toolbind.read.document import Node


def finish(context: Context, drafted: Drafted) -> ir.Operation:
    """The operation, its tool within the budget. Call it when all types are settled."""
    found = drafted.found
    summary = context.prose.brief(found.said[0], found.node.place, sentences=1)
    fitted = context.budget.fitted(_tool(context, drafted), found.node.place)
    properties = fitted.tool["parameters"]["properties"]
    named = list(zip(drafted.drafts, drafted.names, strict=True))
    offered = {name: unoffered.apart(schema) for name, schema in properties.items()}
    return ir.Operation(
        name=found.name,
        method=found.method,
        path=drafted.path,
        wire_path=found.path,
        summary=summary,
        description=fitted.tool["description"],
        deprecated=found.node.flag("deprecated"),
        tags=found.candidate.tags,
        operation_id=found.node.text("operationId"),
        arguments=tuple(
            _argument(context, draft, name, *offered[name])
            for draft, name in named
            if _is_shown(draft)
        ),
        constants=drafted.constants,
        body=drafted.body,
        server=drafted.server,
        security=schemes_of(drafted.security),
        accept=drafted.answers.accept or media.JSON,
        returns=_returns(context, drafted.answers),
        pointer=found.node.pointer,
        tokens=fitted.after,
        hidden=tuple(
            _argument(context, draft, name, *unoffered.apart(draft.lowered.schema))
            for draft, name in named
            if draft.hidden and not (draft.binding or draft.scheme)
        ),
        bound=tuple(
            ir.Bound(
                _argument(context, draft, name, *unoffered.apart(draft.lowered.schema)),
                draft.binding,
                draft.scheme,
            )
            for draft, name in named
            if draft.binding or draft.scheme
        ),
        title=context.prose.brief(found.wishes.title, found.node.place, sentences=1),
        reads=None if found.wishes.danger is None else not found.wishes.danger,
    )


def _is_shown(draft: Draft) -> bool:
    """Whether the tool has the argument."""
    return not (draft.hidden or draft.binding or draft.scheme)


def schemes_of(alternatives: tuple[Requirement, ...]) -> ir.Security:
    """The names alone, without scopes; each alternative once."""
    named = (tuple(name for name, _ in alternative) for alternative in alternatives)
    return tuple(dict.fromkeys(named))


def _tool(context: Context, drafted: Drafted) -> Tool:
    named = [
        (name, draft)
        for name, draft in zip(drafted.names, drafted.drafts, strict=True)
        if _is_shown(draft)
    ]
    return {
        "name": drafted.found.name,
        "description": _description(context, drafted),
        "parameters": {
            "type": "object",
            "properties": {name: draft.lowered.schema for name, draft in named},
            "required": [name for name, draft in named if draft.required],
        },
    }


def _description(context: Context, drafted: Drafted) -> str:
    """What the operation does, and which arguments go together."""
    text = _said(context, drafted.found)
    more = told(drafted.body.demands) if drafted.body is not None else []
    return joined((text.rstrip("."), *more), ended=True) if more else text


def _said(context: Context, found: Found) -> str:
    """What the operation does; its route where the document is silent."""
    text = context.prose.opening(*found.said, found.node.place)
    if text and found.is_described_by_path:  # for all methods there: what tells them apart
        head, *rest = parts(text)
        text = joined((f"{head.rstrip('.')} ({found.method})", *rest), ended=True)
    text = text or f"{found.method} {context.prose.brief(found.path, found.item.place)}".strip()
    if not found.node.flag("deprecated") or "deprecated" in text.lower():
        return text
    return f"{text}{'' if text.endswith(('.', '!', '?')) else '.'} Deprecated."


def _argument(
    context: Context, draft: Draft, name: str, schema: Mapping[str, Any], checks: unoffered.Checks
) -> ir.Argument:
    return ir.Argument(
        name=name,
        wire=draft.wire,
        place=draft.place,
        required=draft.required,
        schema=schema,
        type=_type(context, draft),
        encoding=draft.encoding,
        pointer=draft.pointer,
        also=draft.lowered.also,
        checks=checks,
        example=draft.lowered.example,
        words=draft.lowered.words,
    )


def _type(context: Context, draft: Draft) -> ir.TypeRef:
    if draft.encoding.binary:
        many = draft.lowered.schema.get("type") == "array"
        return ir.Listed(ir.Plain("bytes")) if many else ir.Plain("bytes")
    if draft.schema is None:
        return ir.Plain("str")
    return context.types.reference(draft.schema, "request")


def _returns(context: Context, answer: Answers) -> ir.TypeRef:
    """Nothing, one type, or each of several documented ones."""
    references = [
        context.types.reference(part, "response") if isinstance(part, Node) else part
        for part in answer.parts
    ]
    distinct = list(dict.fromkeys(references))
    if answers.ANY in distinct:
        return answers.ANY
    if len(distinct) > 1:
        return ir.Either(tuple(distinct))
    return distinct[0] if distinct else ir.Plain("None")
