"""How one operation differs from what it was.

Imports `changes`, `mending`, `pairs`, `typing`, and `ir`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from toolbind import ir
from toolbind.compare import mending, pairs
from toolbind.compare.changes import Change
from toolbind.compare.typing import Types, spelt

_READS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "QUERY"})
_UPPER: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_LOWER: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_EXACT: Final = ("pattern", "format", "multipleOf")
_NOTABLE: Final = 0.25
"""By which part a tool's tokens must change to be told."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An operation as it was and as it is. Changes go by its old name, by which code knows it."""

    old: ir.Operation
    new: ir.Operation

    def says(self, id_: str, place: str, message: str, **more: Any) -> Change:
        pointer = more.pop("pointer", self.new.pointer)
        return Change(id_, self.old.name, pairs.route(self.new), place, message, pointer, **more)


def removed(operation: ir.Operation) -> Change:
    message = f"`{operation.name}` is gone"
    route = pairs.route(operation)
    return Change(
        "operation-removed", operation.name, route, "", message, operation.pointer, is_gone=True
    )


def added(operation: ir.Operation) -> Change:
    how = "" if operation.method in _READS else ", which may change something"
    message = f"`{operation.name}` is new{how} ({operation.tokens} tokens)"
    route = pairs.route(operation)
    return Change("operation-added", operation.name, route, "", message, operation.pointer)


def differences(pair: Pair, requests: Types, answers: Types) -> Iterator[Change]:
    yield from _itself(pair)
    found = pairs.arguments(pair.old, pair.new)
    for argument in found.gone:
        yield _gone(pair, argument)
    for old, new in found.both:
        yield from _argument(pair, old, new, requests)
    for argument in found.new:
        id_ = "argument-demanded" if argument.required else "argument-added"
        kind = "required" if argument.required else "optional"
        message = f"`{argument.name}` is new and {kind} ({spelt(argument.type)})"
        yield pair.says(id_, argument.name, message, pointer=argument.pointer)
    yield from _sent(pair)
    relation = answers.relation(pair.old.returns, pair.new.returns)
    if relation != "same":
        message = f"the answer was {spelt(pair.old.returns)} and is {spelt(pair.new.returns)}"
        yield pair.says(f"answer-{relation}", "answer", message)
    yield from _login(pair)


def _gone(pair: Pair, argument: ir.Argument) -> Change:
    """What became of an argument that nobody gives any more."""
    name, where = argument.name, (argument.place, argument.wire)
    for each in pair.new.bound:
        if (each.argument.place, each.argument.wire) == where:
            what = f"`{each.name}` of the client" if each.name else f"that of login `{each.scheme}`"
            return pair.says("argument-bound", name, f"`{name}` is {what} now")
    for constant in pair.new.constants:
        if (constant.place, constant.wire) == where:
            return pair.says("argument-fixed", name, f"`{name}` is always {constant.value!r} now")
    return pair.says("argument-removed", name, f"`{name}` is gone")


def _itself(pair: Pair) -> Iterator[Change]:
    old, new = pair.old, pair.new
    if old.name != new.name:
        message = f"`{old.name}` is called `{new.name}` now"
        yield pair.says("operation-renamed", "", message, overlay=mending.operation(old, new))
    if pairs.route(old) != pairs.route(new):
        message = f"{pairs.route(old)} is {pairs.route(new)} now"
        yield pair.says("operation-moved", "", message)
    if _reads(old) != _reads(new):
        id_ = "became-read" if _reads(new) else "became-write"
        how = f"was {old.method} and is {new.method}"
        yield pair.says(id_, "", how if old.method != new.method else "is said to do so now")
    if old.deprecated != new.deprecated:
        id_ = "operation-deprecated" if new.deprecated else "operation-kept"
        yield pair.says(id_, "", "is deprecated now" if new.deprecated else "is not deprecated")
    if old.description != new.description:
        yield pair.says("words-changed", "", f"says now: {_brief(new.description)}")
    if abs(new.tokens - old.tokens) > _NOTABLE * old.tokens:
        id_ = "tokens-grew" if new.tokens > old.tokens else "tokens-shrank"
        yield pair.says(id_, "tokens", f"{old.tokens} tokens are {new.tokens}")


def _reads(operation: ir.Operation) -> bool:
    return operation.method in _READS if operation.reads is None else operation.reads


def _argument(pair: Pair, old: ir.Argument, new: ir.Argument, types: Types) -> Iterator[Change]:
    name, more = old.name, {"pointer": new.pointer}
    if old.name != new.name:
        message = f"`{old.name}` is called `{new.name}` now"
        overlay = mending.argument(pair.new, old, new)
        yield pair.says("argument-renamed", name, message, overlay=overlay, **more)
    if (old in pair.old.hidden) != (new in pair.new.hidden):
        hidden = new in pair.new.hidden
        how = "is shown to models no more" if hidden else "is shown to models now"
        yield pair.says("argument-hidden" if hidden else "argument-shown", name, f"`{name}` {how}")
    if old.place != new.place:
        yield pair.says("argument-moved", name, f"`{name}` is in {new.place} now", **more)
    if old.required != new.required:
        id_ = "argument-required" if new.required else "argument-optional"
        how = "required" if new.required else "optional"
        yield pair.says(id_, name, f"`{name}` is {how} now", **more)
    relation = types.relation(old.type, new.type)
    if relation != "same":
        message = f"`{name}` was {spelt(old.type)} and is {spelt(new.type)}"
        choices = isinstance(old.type, ir.Choice) and isinstance(new.type, ir.Choice)
        id_ = "enum-narrowed" if choices and relation == "narrowed" else f"argument-{relation}"
        yield pair.says(id_, name, message, **more)
    yield from _schema(pair, old, new, limits=relation != "changed")


def _schema(pair: Pair, old: ir.Argument, new: ir.Argument, *, limits: bool) -> Iterator[Change]:
    before, after = old.schema, new.schema
    for id_, key in _limits(before, after) if limits else ():
        message = f"`{key}` of `{old.name}` was {_value(before, key)} and is {_value(after, key)}"
        yield pair.says(id_, f"{old.name}.{key}", message, pointer=new.pointer)
    if before.get("default") != after.get("default"):
        was, now = _value(before, "default"), _value(after, "default")
        message = f"the default of `{old.name}` was {was} and is {now}"
        yield pair.says("default-changed", old.name, message, pointer=new.pointer)
    if _meaning(before) != _meaning(after):
        words = _brief(_meaning(after))
        message = f"`{old.name}` says now: {words}"
        yield pair.says("argument-words", old.name, message, pointer=new.pointer)


def _limits(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for keys, sign in ((_UPPER, 1), (_LOWER, -1)):
        for key in keys:
            old, new = before.get(key), after.get(key)
            if old == new or not all(isinstance(x, (int, float, type(None))) for x in (old, new)):
                continue
            tighter = old is None or (new is not None and sign * (new - old) < 0)
            yield ("limits-narrowed" if tighter else "limits-widened"), key
    for key in _EXACT:
        if before.get(key) != after.get(key):
            yield ("limits-narrowed" if key in after else "limits-widened"), key


def _sent(pair: Pair) -> Iterator[Change]:
    old, new = pair.old, pair.new
    if old.body is not None and new.body is not None and old.body.media_type != new.body.media_type:
        message = f"the body was {old.body.media_type} and is {new.body.media_type}"
        yield pair.says("body-type", "body", message)
    before = {(each.place, each.wire): each.value for each in old.constants}
    after = {(each.place, each.wire): each.value for each in new.constants}
    for place, wire in sorted(before.keys() | after.keys()):
        if before.get((place, wire)) != after.get((place, wire)):
            was, now = (repr(each.get((place, wire), "not sent")) for each in (before, after))
            message = f"{place} {wire!r} was {was} and is {now}"
            yield pair.says("constant-changed", f"{place} {wire}", message)


def _login(pair: Pair) -> Iterator[Change]:
    """Who could call still can if for each old way in there is a new one that asks no more."""
    old = [frozenset(each) for each in pair.old.security] or [frozenset()]
    new = [frozenset(each) for each in pair.new.security] or [frozenset()]
    shut = [way for way in old if not any(other <= way for other in new)]
    if shut:
        message = f"{_way(shut[0])} is not enough any more: {' or '.join(map(_way, new))}"
        yield pair.says("login-demanded", "login", message)
    elif set(new) - set(old):
        yield pair.says("login-offered", "login", f"now takes {' or '.join(map(_way, new))}")


def _way(schemes: frozenset[str]) -> str:
    return " with ".join(sorted(schemes)) or "no login"


def _value(schema: Mapping[str, Any], key: str) -> str:
    return _brief(repr(schema[key])) if key in schema else "none"


_WORDLESS = re.compile(r"An? \w+ (?:in (?:the|a) \w+|that is [\w ]+)")
"""What is said where the document says nothing."""


def _meaning(schema: ir.JsonObject) -> str:
    """What is said of an argument, but whether it may be left out and of what type it is: those
    are changes of their own."""
    text: str = schema.get("description") or ""
    text = text.removeprefix(ir.OPTIONAL).strip()
    return "" if _WORDLESS.fullmatch(text) else text


def _brief(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:77]}..."
