"""Parameters: which there are, how each is written, and which a model never sees.

OpenAPI 3.1 sections 4.8.9 (operation), 4.8.12 (parameter, style values), 3.2 section 4.12
(querystring). Imports `diagnostics`, `ir`, `read`, and of `lower` `draft`, `media`, `paths`,
`security`, `styles`, `unsupported`, `wanted`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from toolbind import ir
from toolbind.lower.document.extension import ArgumentWishes, refusal
from toolbind.lower.document.paths import PathTemplate, Slot, loose_name
from toolbind.lower.document.security import TOKEN
from toolbind.lower.draft import Context, Draft, end_of, is_object
from toolbind.lower.request import media, styles, wanted
from toolbind.lower.schemas import Lowered
from toolbind.lower.unsupported import Unsupported
from toolbind.read.document import Layered, Node

Place = Literal["path", "query", "header", "cookie", "querystring"]

IGNORED_HEADERS = frozenset({"accept", "authorization", "content-type"})
"""Not parameters, says the specification (section 4.8.12.2): others decide about them."""

FRAMING_HEADERS = frozenset(
    {
        *("accept-encoding", "connection", "content-length", "cookie", "expect", "host"),
        *("keep-alive", "proxy-authorization", "proxy-connection", "set-cookie", "te", "trailer"),
        *("transfer-encoding", "upgrade"),
    }
)
"""Belong to the connection; a model that could set them could leave the request's frame."""


@dataclass(slots=True)
class Parameters:
    """The parameters of one operation. `slots` says which path parameter fills which slot;
    `credentials` names security schemes whose credential a parameter is, and whether it must be
    there."""

    drafts: list[Draft] = field(default_factory=list)
    constants: list[ir.Constant] = field(default_factory=list)
    slots: dict[str, str] = field(default_factory=dict)
    credentials: dict[str, bool] = field(default_factory=dict)

    def add(self, new: Draft | ir.Constant) -> None:
        if isinstance(new, Draft):
            self.drafts.append(new)
        else:
            self.constants.append(new)


@dataclass(frozen=True, slots=True)
class _Declared:
    """A parameter object with the members that decide about it."""

    node: Node
    place: Place
    wire: str
    required: bool
    description: str


def collect(context: Context, item: Node, operation: Node, path: PathTemplate) -> Parameters:
    """The parameters of an operation, those of its path included.

    Raises Unsupported where a request without the parameter at hand would be wrong.
    """
    found = Parameters()
    declared = _declared(context, item, operation)
    of_path = {each.wire: each for each in declared if each.place == "path"}
    by_slot = {slot: _filling(slot, of_path) for slot in path.slots}
    found.slots = {slot: each.wire if each else slot for slot, each in by_slot.items()}
    fixed = _fixed_query(path)
    for each in declared:
        if each.place == "path" and each.wire not in found.slots.values():
            if each.wire not in fixed:
                _say(context, "path-parameter-unused", each, "has no place in the path")
        elif each.place == "query" and isinstance(fixed.get(each.wire), str):
            _say(context, "query-fixed", each, "is fixed by the path")
        elif not _is_hidden(context, each, found):
            found.add(_lowered(context, each))
    for slot, filling in by_slot.items():
        if filling is None:
            found.add(_undeclared(context, slot, "path", operation))
    _add_fixed(context, found, fixed, of_path, operation)
    _refuse_mixed(declared, found, operation)
    return found


# --- which there are ----------------------------------------------------------------------------


def _declared(context: Context, item: Node, operation: Node) -> list[_Declared]:
    """All parameters; the operation's own replace those of its path by name and place."""
    merged: dict[tuple[str, str], _Declared] = {}
    for holder in (*_layers(item), operation):
        own: dict[tuple[str, str], _Declared] = {}
        for each in _of(context, holder):
            wire = each.wire.lower() if each.place == "header" else each.wire
            if (each.place, wire) in own:
                _say(context, "parameter-duplicate", each, "is declared twice; the last one counts")
            own[each.place, wire] = each
        merged.update(own)
    return list(merged.values())


def _layers(item: Node) -> tuple[Node, ...]:
    """The places that a path item consists of, the one that counts most last."""
    return tuple(reversed(item.layers)) if isinstance(item, Layered) else (item,)


def _of(context: Context, holder: Node) -> Iterator[_Declared]:
    listed = holder.get("parameters")
    if listed is None:
        return
    if not isinstance(listed.value, list):
        raise Unsupported("parameter-malformed", listed.place, "`parameters` is not a list")
    for element in listed.elements():
        node = context.document.understood(element, "parameter", context.trace)
        required = node.flag("required")
        place, wire = node.text("in"), node.text("name")
        if place not in styles.PLACES or not (wire or place == "querystring"):
            reason = "a parameter without a name or a known place"
            if required:
                raise Unsupported("parameter-malformed", node.place, reason)
            context.say("parameter-malformed", node.place, f"{reason} is left out")
            continue
        problem = context.document.check(node, "parameter")
        if problem is not None:
            if required:
                raise Unsupported(problem.code, problem.place, problem.message)
            message = f"{place} parameter {wire!r} is left out: {problem.message}"
            context.say(problem.code, problem.place, message)
            continue
        where: Place = place  # type: ignore[assignment]  # as the table of places says
        description = context.text_at(element, node)
        yield _Declared(node, where, wire or place, required or place == "path", description)


def _filling(slot: str, declared: dict[str, _Declared]) -> _Declared | None:
    """The path parameter that a slot means: by its name, else by its name without decoration."""
    return declared.get(slot) or declared.get(loose_name(slot))


def _is_hidden(context: Context, each: _Declared, found: Parameters) -> bool:
    """Whether a parameter is none of the model's business; says so, and what becomes of it."""
    if each.place == "header":
        folded = each.wire.lower()
        if folded in IGNORED_HEADERS or folded in FRAMING_HEADERS:
            _say(context, "header-ignored", each, "is set by the client itself")
            return True
        if folded in {name.lower() for name, _ in context.curation.headers()}:
            _say(context, "header-ignored", each, "goes with every request as `headers` say")
            return True
    scheme = context.security.hidden_by(each.place, each.wire)
    if scheme is not None and _wishes(context, each).credential is not False:
        found.credentials[scheme] = each.required or found.credentials.get(scheme, False)
        _say(context, "credential-hidden", each, f"is the credential of scheme {scheme!r}")
        return True
    if each.place in ("header", "cookie") and not TOKEN.fullmatch(each.wire):
        if each.required:
            reason = f"the name of {each.place} parameter {each.wire!r} is forbidden by HTTP"
            raise Unsupported("parameter-name", each.node.place, reason)
        _say(context, "parameter-name", each, "has a name that HTTP forbids; it is left out")
        return True
    return False


# --- what each becomes --------------------------------------------------------------------------


def _lowered(context: Context, each: _Declared) -> Draft | ir.Constant:
    """The argument or constant that a parameter is: worked out, and complained of, once."""
    key = (*context.document.identity(each.node), each.place, each.wire, each.description)
    return context.parameters.get(key, lambda: _by_words(context, each))


def _by_words(context: Context, each: _Declared) -> Draft | ir.Constant:
    """The same for parameters of the very same words, of which nothing has to be said by place:
    documents repeat theirs in thousands of operations."""
    said = [each.place, each.wire, each.required, each.description, each.node.value]
    words = json.dumps(said)
    if '"$' in words:  # what a reference means depends on where it stands
        return _worked_out(context, each)
    here = context.document.identity(each.node)
    made = context.parameters.get(words, lambda: _worked_out(context, each), unless_told_of=here)
    if isinstance(made, Draft) and made.pointer != each.node.pointer:
        if made.lowered.schema["type"] in ("array", "object"):
            return _worked_out(context, each)
        schema, _ = _schema(context, each)
        return replace(made, pointer=each.node.pointer, schema=schema)
    return made


def _wishes(context: Context, each: _Declared) -> ArgumentWishes:
    return context.curation.argument((each.node, each.node.get("schema")), each.place, each.wire)


def _worked_out(context: Context, each: _Declared) -> Draft | ir.Constant:
    schema, media_type = _schema(context, each)
    wishes = _wishes(context, each)
    lowered = context.schemas.argument(
        schema,
        fallback=each.wire,
        description=wishes.description or each.description,
        place=each.place,
        optional=not each.required,
        example=wishes.example or _example(context, each),
    )
    if each.node.flag("allowEmptyValue") and each.place == "query":
        lowered = _with_empty(context, each, lowered)
    encoding = _encoding(context, each, lowered, media_type)
    silent = not each.node.value.keys() & {"style", "explode"}
    encoding = wanted.list_style(
        context, wishes, lowered, encoding, each.wire, each.place, silent=silent
    )
    fixed = wanted.value(context, wishes, lowered, each.wire)
    if fixed and each.place == "path" and not _is_literal(fixed[0], encoding):
        raise refusal(context.trace, wishes.place, "this value cannot be written into a path")
    if fixed:
        return ir.Constant(each.wire, each.place, fixed[0], encoding)
    constant = context.constant(schema, each.required)
    if constant and (each.place != "path" or _is_literal(constant[0], encoding)):
        return ir.Constant(each.wire, each.place, constant[0], encoding)
    spelt = (each.wire, f"{each.wire} {each.place}")
    return Draft(
        each.wire,
        each.place,
        each.required,
        schema,
        lowered,
        encoding,
        each.node.pointer,
        (wishes.name, *spelt) if wishes.name else spelt,
        *wanted.seen(context, wishes, lowered, each.wire, required=each.required),
    )


def _example(context: Context, each: _Declared) -> str | None:
    """The parameter's own example, which stands before that of its schema."""
    holder = each.node
    content = holder.get("content")
    if is_object(content):
        entries = [entry for _, entry in content.items()]
        holder = end_of(context, entries[0]) if entries else holder
    value = holder.value.get("example") if is_object(holder) else None
    several = holder.get("examples") if value is None and is_object(holder) else None
    if several is not None and isinstance(several.value, dict):
        first = end_of(context, next((one for _, one in several.items()), several))
        value = first.value.get("value") if is_object(first) else None
    return value if isinstance(value, str) else None


def _is_literal(value: object, encoding: ir.Encoding) -> bool:
    """Whether a constant can be written into the path once and for all."""
    return isinstance(value, (str, int, float)) and encoding.style == "simple"


def _schema(context: Context, each: _Declared) -> tuple[Node | None, str | None]:
    """The schema of a value, and the media type of the document that carries it, if one does."""
    content = each.node.get("content")
    if not is_object(content):
        return each.node.get("schema"), None
    entries = list(content.items())
    if not entries:
        return each.node.get("schema"), None
    if len(entries) > 1:
        _say(context, "parameter-content", each, "has several media types; the first is used")
    key, entry = entries[0]
    entry = context.document.understood(entry, "mediaType", context.trace)
    return entry.get("schema"), key


def _encoding(
    context: Context, each: _Declared, lowered: Lowered, content: str | None
) -> ir.Encoding:
    types = {str(lowered.schema.get("type", "string")), *lowered.also}
    if content is not None:
        media_type = media.parse(content)
        if media_type is not None and media_type.kind == "json":
            return ir.Encoding(media_type=media_type.text)
        if each.place == "querystring":
            if media_type is not None and media_type.kind == "form":
                return ir.Encoding(media_type=media.FORM)
            reason = f"the query string has the media type {content!r}"
            raise Unsupported("parameter-content", each.node.place, reason)
        if types != {"string"}:
            _say(context, "parameter-content", each, f"is JSON text in place of {content!r}")
            return ir.Encoding(media_type=media.JSON)
    elif each.place == "querystring":
        return ir.Encoding(media_type=media.FORM)
    style = each.node.text("style")
    explode = each.node.value.get("explode")
    chosen = styles.choose(each.place, style, explode if isinstance(explode, bool) else None, types)
    for code, message in chosen.complaints:
        _say(context, code, each, message)
    nested = styles.nested(context.schemas, each.node.get("schema"), chosen.style)
    if nested:
        _say(context, "style-nested", each, nested)
    reserved = each.node.flag("allowReserved") and each.place in ("query", "path")
    return ir.Encoding(chosen.style, chosen.explode, reserved)


def _with_empty(context: Context, each: _Declared, lowered: Lowered) -> Lowered:
    """`allowEmptyValue`: the empty string is allowed, whatever the schema says of strings."""
    if lowered.schema.get("type") != "string":
        _say(context, "empty-value", each, "may be empty, which its type cannot express")
        return lowered
    schema = {key: value for key, value in lowered.schema.items() if key != "minLength"}
    if "enum" in schema and "" not in schema["enum"]:
        schema["enum"] = [*schema["enum"], ""]
    return replace(lowered, schema=schema)


# --- what the path itself asks for --------------------------------------------------------------


def _undeclared(context: Context, slot: str, place: Place, operation: Node) -> Draft:
    """A string argument for a variable of the path that no parameter describes."""
    wire = loose_name(slot) or slot
    context.say(
        "path-parameter-undeclared",
        operation.place,
        f"variable {slot!r} of the path is not declared; it is taken as a string",
    )
    required = place == "path"
    lowered = context.schemas.argument(None, fallback=wire, place=place, optional=not required)
    style = styles.choose(place, "", None, {"string"})
    return Draft(
        slot if required else wire,
        place,
        required,
        None,
        lowered,
        ir.Encoding(style.style, style.explode),
        operation.pointer,
        (wire, f"{wire} {place}"),
    )


def _fixed_query(path: PathTemplate) -> dict[str, str | Slot]:
    return dict(path.query)


def _add_fixed(
    context: Context,
    found: Parameters,
    fixed: dict[str, str | Slot],
    of_path: dict[str, _Declared],
    operation: Node,
) -> None:
    """What stands behind a `?` in the path key: text is sent as it is, variables are arguments."""
    form = ir.Encoding("form", True)
    known = {draft.wire for draft in found.drafts if draft.place == "query"}
    known |= {constant.wire for constant in found.constants if constant.place == "query"}
    for name, value in fixed.items():
        if isinstance(value, str):
            found.add(ir.Constant(name, "query", value, form))
        elif name not in known:
            filling = _filling(value.name, of_path)
            if filling is None:
                found.add(_undeclared(context, name, "query", operation))
            else:
                found.add(_lowered(context, replace(filling, place="query", wire=name)))


def _refuse_mixed(declared: list[_Declared], found: Parameters, operation: Node) -> None:
    """A parameter that is the whole query leaves no room for others (OpenAPI 3.2)."""
    whole = [each for each in declared if each.place == "querystring"]
    places = [draft.place for draft in found.drafts] + [each.place for each in found.constants]
    if len(whole) > 1 or (whole and "query" in places):
        reason = "a querystring parameter stands beside other query parameters"
        raise Unsupported("querystring-mixed", operation.place, reason)


def _say(context: Context, code: str, each: _Declared, message: str) -> None:
    context.say(code, each.node.place, f"{each.place} parameter {each.wire!r} {message}")
