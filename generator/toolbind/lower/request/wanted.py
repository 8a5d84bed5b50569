"""What users want of single arguments, checked against what the document allows.

Imports `ir`, `draft`, and of `lower` `document.extension` and `schemas`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from toolbind import ir
from toolbind.lower.document.extension import KEY, MEMBERS, ArgumentWishes, refusal
from toolbind.lower.document.names import snake_case
from toolbind.lower.draft import Context
from toolbind.lower.schemas import Lowered, View

_BINDABLE = ("string", "integer", "number", "boolean")


def value(context: Context, wishes: ArgumentWishes, lowered: Lowered, name: str) -> tuple[Any, ...]:
    """The value that is always sent, as a tuple of one, or nothing. Raises DocumentError for one
    that the document does not allow."""
    if not wishes.value:
        return ()
    given = wishes.value[0]
    allowed = {str(lowered.schema["type"]), *lowered.also}
    kind = _type(given)
    choices = lowered.schema.get("enum")
    if kind not in allowed and not (kind == "integer" and "number" in allowed):
        message = f"the value of {name!r} is {kind}, and must be {' or '.join(sorted(allowed))}"
        raise refusal(context.trace, wishes.place, message)
    if choices is not None and kind == lowered.schema["type"] and given not in choices:
        message = f"the value of {name!r} is none of those allowed: {choices!r}"
        raise refusal(context.trace, wishes.place, message)
    return wishes.value


def _type(given: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string"}
    names |= {dict: "object", list: "array", type(None): "null"}
    return names[type(given)]


def seen(
    context: Context, wishes: ArgumentWishes, lowered: Lowered, name: str, *, required: bool
) -> tuple[bool, str, bool]:
    """Whether an argument is hidden, what it is bound to, and whether the user has said if it is a
    credential: the last fields of a `Draft`."""
    binding = context.curation.bound(wishes, snake_case(wishes.name or name))
    if binding and str(lowered.schema["type"]) not in _BINDABLE:
        message = f"{name!r} is {lowered.schema['type']}; text, numbers and booleans can be bound"
        raise refusal(context.trace, wishes.place, message)
    if wishes.hide and required and not binding:
        message = f"{name!r} is hidden, and a request needs it: give it a 'value', or 'bind' it"
        raise refusal(context.trace, wishes.place, message)
    return wishes.hide, binding, wishes.credential is not None


def refuse_inside(context: Context, view: View) -> None:
    """Raises DocumentError if something is wanted of members of a body that is one argument."""
    for name, node in view.properties.items():
        wishes = context.curation.argument((node,), "body", name)
        own = node.get(KEY)
        for member in own.value if own is not None and isinstance(own.value, dict) else ():
            if member not in MEMBERS["property"]:
                message = f"{KEY} {member!r} of {name!r}: the body is one argument of this tool"
                raise refusal(context.trace, wishes.place, message)
        if wishes.bind and own is None:
            message = f"{name!r} cannot be bound: the body is one argument of a tool"
            context.say("curation-unused", wishes.place, message)


def list_style(
    context: Context,
    wishes: ArgumentWishes,
    lowered: Lowered,
    encoding: ir.Encoding,
    wire: str,
    place: str,
    *,
    silent: bool = False,
) -> ir.Encoding:
    """How a list is written where the user says so, or the settings where the document is
    `silent`."""
    types = {str(lowered.schema["type"]), *lowered.also}
    deep = encoding.style == "deepObject" and "object" in types
    style = wishes.list_style
    if style and (place not in ("query", "form") or not (deep or "array" in types)):
        message = f"'list-style' is for lists in queries and forms, and {wire!r} is none"
        raise refusal(context.trace, wishes.place, message)
    written = deep or (silent and place in ("query", "form") and "array" in types)
    if not style and written and encoding.media_type is None:
        style = context.options.list_style
    if not style:
        return encoding
    if deep or style == "indices":
        return replace(encoding, style="deepObject", explode=True, lists=_LISTS[style])
    chosen: ir.Style = "deepObject" if style == "brackets" else "form"
    return replace(encoding, media_type=None, style=chosen, explode=style != "comma")


_LISTS: Mapping[str, ir.ListStyle] = {
    "repeat": "repeat",
    "comma": "comma",
    "brackets": "",
    "indices": "indices",
}
