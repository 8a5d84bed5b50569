"""The types beside a module: TypedDicts and aliases, each as one piece of source.

A TypedDict is a class, or, where a key is no identifier or would hide a name that its hints use,
a call. Names inside a class are looked up late and inside a call stand in strings, so only aliases
need an order: after what they name. Imports `ir` and the files of this room that print.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from toolbind import ir
from toolbind.present.hints import (
    Hint,
    Spelling,
    Subscript,
    Union,
    annotation,
    broken,
    flat,
    hint,
    names,
    union,
)
from toolbind.present.layout import COLUMNS, STEP, block
from toolbind.present.literals import (
    Source,
    docstring,
    identifier,
    plain_quoted,
    quoted,
    visible,
)
from toolbind.present.prose import cut, wrapped

PLAIN_KEY = re.compile(r"(?!__)[A-Za-z_][A-Za-z0-9_]{0,63}")
"""Keys that a class body can hold: no name that Python would mangle or give a meaning."""

SAID = 400
"""Characters of a description that the types repeat."""

HERE = Spelling()


@dataclass(frozen=True, slots=True)
class Definition:
    """One definition, and every name that it uses."""

    source: Source
    names: frozenset[str]


def definitions(types: Sequence[ir.TypeDefinition]) -> list[Definition]:
    """All definitions in the order of the document, aliases after what they name."""
    ordered = _ordered(types)
    later = {each.name for each in ordered}
    defined = frozenset(later)
    printed = []
    for each in ordered:
        if each.members is None:
            printed.append(_alias(each, later))
        else:
            printed.append(_typed_dict(each, each.members, defined))
        later.discard(each.name)
    return printed


# --- order -------------------------------------------------------------------------------------


def _ordered(types: Sequence[ir.TypeDefinition]) -> list[ir.TypeDefinition]:
    by_name = {each.name: each for each in types}
    placed: dict[str, ir.TypeDefinition] = {}
    begun: set[str] = set()
    for each in types:
        waiting = [each]
        while waiting:
            one = waiting[-1]
            needed = [] if one.name in begun else _needed(one, by_name)
            begun.add(one.name)
            fresh = [other for other in needed if other.name not in begun]
            if fresh:
                waiting += reversed(fresh)
                continue
            placed.setdefault(one.name, waiting.pop())
    return list(placed.values())


def _needed(
    one: ir.TypeDefinition, by_name: Mapping[str, ir.TypeDefinition]
) -> list[ir.TypeDefinition]:
    if one.members is not None:
        return []
    return [by_name[name] for name in dict.fromkeys(names(_aliased(one))) if name in by_name]


# --- one definition ----------------------------------------------------------------------------


def _alias(one: ir.TypeDefinition, later: Collection[str]) -> Definition:
    """`Name: TypeAlias = ...`. An alias that comes to itself is `Any` where it does: Python must be
    able to read the value at once."""
    value = _known(_aliased(one), later)
    source = annotation(value, 0, f"{identifier(one.name)}: TypeAlias = ", "", wrap=True)
    if visible(one.description):
        source = Source(f"{source}\n{_documented(one.description, 0)}")
    return Definition(source, frozenset(("TypeAlias", *names(value))))


def _aliased(one: ir.TypeDefinition) -> Hint:
    return hint(one.alias or ir.Plain("Any"), HERE)


def _known(value: Hint, later: Collection[str]) -> Hint:
    match value:
        case Subscript("Literal"):
            return value
        case Subscript(head, items):
            return Subscript(head, tuple(_known(item, later) for item in items))
        case Union(options):
            return union(_known(option, later) for option in options)
        case _:
            return Source("Any") if value in later else value


def _typed_dict(
    one: ir.TypeDefinition, members: Sequence[ir.Member], defined: Collection[str]
) -> Definition:
    hinted = [(member, _member_hint(member)) for member in members]
    used = frozenset(name for _, spelt in hinted for name in names(spelt))
    plain = all(_plain(member.wire) and member.wire not in used for member in members)
    source = _class(one, hinted) if plain else _call(one, hinted, defined)
    return Definition(source, used | {"TypedDict"})


def _plain(key: str) -> bool:
    return PLAIN_KEY.fullmatch(key) is not None and not keyword.iskeyword(key)


def _member_hint(member: ir.Member) -> Hint:
    own = hint(member.type, HERE)
    return own if member.required else Subscript("NotRequired", (own,))


def _class(one: ir.TypeDefinition, members: Sequence[tuple[ir.Member, Hint]]) -> Source:
    body: list[str] = []
    if visible(one.description):
        body.append(_documented(one.description, STEP))
        body += [""] * bool(members)
    for member, spelt in members:
        body.append(annotation(spelt, STEP, f"{member.wire}: ", "", wrap=True))
        if visible(member.description):
            body.append(_documented(member.description, STEP))
    margin = "\n" + " " * STEP
    inner = "".join(margin + each if each else "\n" for each in body or ["pass"])
    return Source(f"class {identifier(one.name)}(TypedDict):{inner}")


def _call(
    one: ir.TypeDefinition, members: Sequence[tuple[ir.Member, Hint]], defined: Collection[str]
) -> Source:
    """`Name = TypedDict("Name", {...})`; what names other types is a string, read when wanted."""
    entries: list[str] = []
    for member, spelt in members:
        key = f"{plain_quoted(member.wire)}: "
        entries += broken(_quoted(spelt, defined), 2 * STEP, key, ",")
    name = identifier(one.name)
    table = block("{", entries, "},", STEP)
    source = block(f"{name} = TypedDict(", [f"{quoted(name)},", table], ")", 0)
    said = [one.description] if visible(one.description) else []
    said += [f"{each.wire}: {each.description}" for each, _ in members if visible(each.description)]
    if not said:
        return source
    shown = [line for each in said for line in (*wrapped(cut(each, SAID), COLUMNS, first=6), "")]
    return Source(f"{source}\n{docstring(shown[:-1], 0)}")


def _quoted(value: Hint, defined: Collection[str]) -> Hint:
    if not any(name in defined for name in names(value)):
        return value
    if isinstance(value, Subscript) and value.head == "NotRequired":
        return Subscript(value.head, tuple(quoted(flat(item)) for item in value.items))
    return quoted(flat(value))


def _documented(text: str, indent: int) -> Source:
    return docstring(wrapped(cut(text, SAID), COLUMNS - indent, first=6), indent)
