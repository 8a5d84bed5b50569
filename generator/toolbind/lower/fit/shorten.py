"""The steps by which a tool gets shorter; each accepts all that was accepted before.

Functions from tool schemas to tool schemas, which share what did not change. A level counts the
objects around a place: an argument has level 0, its members have level 1. Imports `worth`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from toolbind.lower.text.worth import joined, split

Schema = Mapping[str, Any]
Change = Callable[[Schema, int], Schema]

LISTED = 120
"""Characters of a list of names that stands for what is left out."""

REPEATED = 200
"""Characters from which on a repeated part is worth naming instead of repeating."""


ADDED = ("With: ", "Also: ", "One of ", "Members as in ")
"""How sentences begin that say what a step has left out."""


@dataclass(frozen=True, slots=True)
class Shortening:
    """One way to shorten a tool: each argument by itself, or all of them `together`.

    `among` says which arguments it is for. `described` shortens what is said of the operation.
    """

    words: str
    alone: Callable[[Schema], Schema] = lambda schema: schema
    among: Literal["all", "optional"] = "all"
    described: Callable[[str], str] | None = None
    together: Callable[[Mapping[str, Schema]], Mapping[str, Schema]] | None = None


# --- walking -----------------------------------------------------------------------------------


def _whole(change: Change, argument: Schema) -> Schema:
    """The argument and everything inside changed."""
    return _deep(argument, 0, change)


def _inside(change: Change, argument: Schema) -> Schema:
    """Everything inside the argument changed, and not the argument itself."""
    return _children(argument, 0, change)


def _deep(schema: Schema, level: int, change: Change) -> Schema:
    """The schema changed, and then all that is left in it."""
    return _children(change(schema, level), level, change)


_HOLDERS = frozenset(("properties", "anyOf", "prefixItems", "items", "additionalProperties"))


def _children(schema: Schema, level: int, change: Change) -> Schema:
    """The schema with all schemas in it changed; what stands under `not` is never touched."""
    if _HOLDERS.isdisjoint(schema):
        return schema
    changed: dict[str, Any] = {}
    for name, value in schema.items():
        if name == "properties":
            changed[name] = _same(value, {k: _deep(v, level + 1, change) for k, v in value.items()})
        elif name in ("anyOf", "prefixItems"):
            parts = [_deep(part, level, change) for part in value]
            changed[name] = value if all(map(_is, parts, value)) else parts
        elif name == "items" and isinstance(value, dict):
            changed[name] = _deep(value, level, change)
        elif name == "additionalProperties" and isinstance(value, dict):
            changed[name] = _deep(value, level + 1, change)
        else:
            changed[name] = value
    return _same(schema, changed)


def _is(first: object, second: object) -> bool:
    return first is second


def _same(old: Mapping[str, Any], new: Mapping[str, Any]) -> Mapping[str, Any]:
    """`old` if `new` holds the very same values."""
    return old if all(value is old[name] for name, value in new.items()) else new


def rewritten(schema: Schema, change: Callable[[tuple[str, ...], str], str]) -> Schema:
    """The schema with every description in it changed, by its place: the steps that lead there."""

    def visit(each: Schema, path: tuple[str, ...]) -> Schema:
        new: dict[str, Any] = {}
        for name, value in each.items():
            if name == "description":
                text = change(path, value)
                if text:
                    new[name] = value if text == value else text
            elif name in ("properties", "items", "additionalProperties") and _is_schemas(value):
                new[name] = (
                    _same(value, {k: visit(v, (*path, name, k)) for k, v in value.items()})
                    if name == "properties"
                    else visit(value, (*path, name))
                )
            elif name in ("anyOf", "prefixItems"):
                listed = [visit(part, (*path, name, str(i))) for i, part in enumerate(value)]
                new[name] = value if all(map(_is, listed, value)) else listed
            else:
                new[name] = value
        return each if len(new) == len(each) and _same(each, new) is each else new

    return visit(schema, ())


def _is_schemas(value: object) -> bool:
    return isinstance(value, dict)


def described(schema: Schema) -> list[tuple[tuple[str, ...], str]]:
    """Every description in a schema with its place, the outermost first."""
    found: list[tuple[tuple[str, ...], str]] = []

    def note(path: tuple[str, ...], text: str) -> str:
        found.append((path, text))
        return text

    rewritten(schema, note)
    return found


# --- texts -------------------------------------------------------------------------------------


def _text(schema: Schema, text: str) -> Schema:
    """The schema with this description; without one if it is empty."""
    if text == schema.get("description", ""):
        return schema
    rest = {name: value for name, value in schema.items() if name != "description"}
    if not text:
        return rest
    if "type" in rest:
        return {"type": rest.pop("type"), "description": text, **rest}
    return {"description": text, **rest}


def _clipped(schema: Schema, _level: int, *, limit: int) -> Schema:
    text = schema.get("description", "")
    return schema if len(text) <= limit else _text(schema, _beginning(text, limit))


def _beginning(text: str, limit: int, *, ended: bool = False) -> str:
    """The first sentence of a description, cut so that it fits."""
    prefix, sentences = split(text)
    return joined((prefix, *(clip(each, limit) for each in sentences[:1])), ended=ended)


def clip(sentence: str, limit: int) -> str:
    """A sentence, ended at a word so that it fits."""
    if len(sentence) <= limit:
        return sentence
    head = sentence[: limit - 3].rpartition(" ")[0] or sentence[: limit - 3]
    return head.rstrip(" ,;:.") + "..."


def _mute(schema: Schema, _level: int) -> Schema:
    """Without a description, unless that is all there is to tell what an object holds."""
    only_words = schema.get("type") == "object" and len(schema) == 2
    return schema if only_words else _text(schema, "")


def without_inner_descriptions(argument: Schema) -> Schema:
    """The argument with its own description only, and those that stand for what is left open."""
    return _inside(_mute, argument)


def _wordless(schema: Schema) -> Schema:
    """Without words of the document: that it may be left out is said, else what type it has, since
    some description must be there."""
    said = schema.get("description", "")
    text = split(said)[0] or str(schema.get("type", "value")).capitalize()
    return schema if len(said) <= len(text) else _text(schema, text)


def _told(schema: Schema, words: str) -> Schema:
    text = schema.get("description", "")
    joint = "" if not text else " " if text.endswith((".", "!", "?", ":")) else ". "
    return _text(schema, f"{text}{joint}{words}")


def listing(names: Iterator[str], total: int) -> str:
    """Names for a reader, as many as there is room for."""
    shown = ""
    count = 0
    for name in names:
        if len(shown) + len(name) > LISTED:
            break
        shown += f", {name}" if shown else name
        count += 1
    return shown if count == total else f"{shown}, ..." if shown else f"{total} in all"


# --- parts -------------------------------------------------------------------------------------


def _values(schema: Schema, _level: int, *, most: int, told: int) -> Schema:
    """Long lists of allowed values: the first are told, and any value of the type is accepted."""
    values = schema.get("enum", ())
    if len(values) <= most:
        return schema
    shown = ", ".join(str(value) for value in values[:told])
    rest = {name: value for name, value in schema.items() if name != "enum"}
    return _told(rest, f"One of {len(values)}: {shown}, ...")


def _fewer(schema: Schema, level: int, *, least: int) -> Schema:
    """Objects whose members are at level `least` or deeper: their optional members are named only.

    Undeclared members must be allowed then, since those left out are undeclared now.
    """
    members: Mapping[str, Schema] = schema.get("properties", {})
    kept = {name: each for name, each in members.items() if name in schema.get("required", ())}
    if level + 1 < least or len(kept) == len(members):
        return schema
    dropped = [name for name in members if name not in kept]
    opened = {name: v for name, v in schema.items() if name != "additionalProperties"}
    opened["properties"] = kept
    if not kept:
        del opened["properties"]
    words = "Also" if kept else "With"
    return _told(opened, f"{words}: {listing(iter(dropped), len(dropped))}")


def _open(schema: Schema, level: int, *, least: int) -> Schema:
    """Objects and alternatives at level `least` or deeper: open, with their members named."""
    if level < least or not ("properties" in schema or "anyOf" in schema):
        return schema
    parts = ("properties", "anyOf", "additionalProperties", "prefixItems")
    rest = {name: value for name, value in schema.items() if name not in parts}
    names = list(_names(schema))
    return _told(rest, f"With: {listing(iter(names), len(names))}") if names else rest


def _names(schema: Schema) -> Iterator[str]:
    """The members that a value of the schema, or an element of it, may have."""
    found: dict[str, None] = dict.fromkeys(schema.get("properties", ()))
    for part in (*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())):
        found |= dict.fromkeys(_names(part))
    yield from found


def _once(properties: Mapping[str, Schema]) -> Mapping[str, Schema]:
    """Equal parts shown once: where they come again, they are open and named by the first."""
    seen: dict[str, str] = {}

    def visit(schema: Schema, path: str) -> Schema:
        if "properties" in schema:
            bare = {name: value for name, value in schema.items() if name != "description"}
            whole = json.dumps(bare, sort_keys=True)
            if whole in seen:
                kept = {name: schema[name] for name in ("type", "description") if name in schema}
                return _told(kept, f"Members as in {seen[whole]}")
            if len(whole) >= REPEATED:
                seen[whole] = path
        return _same(schema, dict(_visited(schema, path, visit)))

    return _same(properties, {name: visit(schema, name) for name, schema in properties.items()})


def _visited(
    schema: Schema, path: str, visit: Callable[[Schema, str], Schema]
) -> Iterator[tuple[str, Any]]:
    for name, value in schema.items():
        if name == "properties":
            yield name, _same(value, {k: visit(v, f"{path}.{k}") for k, v in value.items()})
        elif name == "items" and isinstance(value, dict):
            yield name, visit(value, f"{path}[]")
        else:
            yield name, value


# --- the steps, in their order -------------------------------------------------------------------


_INNER_WORDS = partial(_inside, partial(_clipped, limit=60))
_WORDS = partial(_whole, partial(_clipped, limit=80))


def _fewer_from(level: int) -> Callable[[Schema], Schema]:
    """Optional members of objects so deep are named only."""
    return partial(_whole if level < 2 else _inside, partial(_fewer, least=level))


def _open_from(level: int) -> Callable[[Schema], Schema]:
    """Objects so deep are open."""
    return partial(_whole if level < 1 else _inside, partial(_open, least=level))


STEPS = (
    Shortening("repeated parts shown once", together=_once),
    Shortening("inner words of optional arguments shortened", _INNER_WORDS, "optional"),
    Shortening("long lists of values", partial(_whole, partial(_values, most=24, told=8))),
    Shortening("inner words of optional arguments", without_inner_descriptions, "optional"),
    Shortening("words of optional arguments shortened", _WORDS, "optional"),
    Shortening("inner words shortened", _INNER_WORDS),
    Shortening("optional arguments: optional members from level 3", _fewer_from(3), "optional"),
    Shortening("optional arguments: open from level 3", _open_from(3), "optional"),
    Shortening("words of optional arguments", _wordless, "optional"),
    Shortening("words of the operation", described=partial(_beginning, limit=300, ended=True)),
    Shortening("inner words", without_inner_descriptions),
    Shortening("optional members from level 3", _fewer_from(3)),
    Shortening("open from level 3", _open_from(3)),
    Shortening("optional arguments: optional members from level 2", _fewer_from(2), "optional"),
    Shortening("optional arguments: open from level 2", _open_from(2), "optional"),
    Shortening("optional members from level 2", _fewer_from(2)),
    Shortening("open from level 2", _open_from(2)),
    Shortening("words shortened", _WORDS),
    Shortening("optional arguments: optional members from level 1", _fewer_from(1), "optional"),
    Shortening("optional arguments: open from level 1", _open_from(1), "optional"),
    Shortening("optional members from level 1", _fewer_from(1)),
    Shortening("open from level 1", _open_from(1)),
    Shortening("optional arguments: arguments open", _open_from(0), "optional"),
    Shortening("arguments open", _open_from(0)),
    Shortening("lists of values", partial(_whole, partial(_values, most=4, told=3))),
    Shortening("words cut", partial(_whole, partial(_clipped, limit=24))),
    Shortening("words", _wordless),
)
"""From what is missed least to what is missed most."""
