"""The types beside a module: TypedDicts and aliases, each as one piece of source.

A TypedDict is a class, or, where a key is no identifier or would hide a name that its hints use,
a call. All of it is evaluated when the file is imported: names that are defined further down stand
in strings, and so does every name in a call; aliases stand after what they name.

mypy follows an alias that comes back to itself through TypedDicts along every path that there is,
which takes it more than the patience of anybody for a large API. So members write out what such an
alias stands for: nothing comes back to it then, and all of it holds as before.
Imports `ir`, `lower.types.loops` and the files of this room that print.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass

from toolbind import ir
from toolbind.lower.types.loops import loops
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

WRITTEN = 120
"""Names that an alias may have where it is written out."""

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
    written = _written_out(types)
    printed = []
    for each in ordered:
        if each.members is None:
            printed.append(_alias(each, later))
        else:
            hinted = [(one, _member_hint(one, written)) for one in each.members]
            printed.append(_typed_dict(each, hinted, defined, later))
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


# --- loops ---------------------------------------------------------------------------------------


def _written_out(types: Sequence[ir.TypeDefinition]) -> dict[str, Hint]:
    """What aliases stand for that come back to themselves, without any of them."""
    aliased = {each.name: _aliased(each) for each in types if each.members is None}
    edges = {
        each.name: [name for one in each.members or () for name in names(hint(one.type, HERE))]
        for each in types
    }
    for name, value in aliased.items():
        edges[name] = list(names(value))
    inside = {name: [each for each in used if each in edges] for name, used in edges.items()}
    looping = {name for loop in loops(inside) for name in loop if name in aliased}
    values = {name: aliased[name] for name in sorted(looping)}
    resolved = ((name, _resolved(value, values, {name})) for name, value in values.items())
    return {name: value for name, value in resolved if value is not None}


def _resolved(value: Hint, values: Mapping[str, Hint], inside: Set[str]) -> Hint | None:
    """A hint with aliases written out; `inside` of themselves they are `Any`. None for one that
    would fill a page: a reader is worse off with that than mypy is without."""
    left = [WRITTEN]

    def resolve(value: Hint, inside: Set[str]) -> Hint:
        match value:
            case Subscript("Literal"):
                left[0] -= 1
                return value
            case Subscript(head, items):
                return Subscript(head, tuple(resolve(item, inside) for item in items))
            case Union(options):
                return union([resolve(option, inside) for option in options])
            case _:
                left[0] -= 1
                if value in inside or left[0] < 0:
                    return Source("Any")
                known = values.get(value)
                return value if known is None else resolve(known, {*inside, value})

    made = resolve(value, inside)
    return made if left[0] >= 0 else None


def _substituted(value: Hint, written: Mapping[str, Hint]) -> Hint:
    match value:
        case Subscript("Literal"):
            return value
        case Subscript(head, items):
            return Subscript(head, tuple(_substituted(item, written) for item in items))
        case Union(options):
            return union(_substituted(option, written) for option in options)
        case _:
            return written.get(value, value)


# --- one definition ------------------------------------------------------------------------------


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
    one: ir.TypeDefinition,
    hinted: Sequence[tuple[ir.Member, Hint]],
    defined: Collection[str],
    later: Collection[str],
) -> Definition:
    used = frozenset(name for _, spelt in hinted for name in names(spelt))
    plain = all(_plain(member.wire) and member.wire not in used for member, _ in hinted)
    told = [(member, _quoted(spelt, later)) for member, spelt in hinted]
    source = _class(one, told) if plain else _call(one, hinted, defined)
    return Definition(source, used | {"TypedDict"})


def _plain(key: str) -> bool:
    return PLAIN_KEY.fullmatch(key) is not None and not keyword.iskeyword(key)


def _member_hint(member: ir.Member, written: Mapping[str, Hint]) -> Hint:
    own = _substituted(hint(member.type, HERE), written)
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
