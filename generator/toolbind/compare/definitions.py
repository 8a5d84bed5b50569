"""How the objects differ that requests and answers are made of: each pair of them once.

What a change means depends on who writes the object: a new required member breaks who sends it, a
member that may be missing breaks who reads it. Imports `changes`, `typing`, and `ir`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from toolbind import ir
from toolbind.compare.changes import Change
from toolbind.compare.typing import Definitions, Relation, Types, spelt

Direction = Literal["request", "answer"]
Uses = Mapping[str, tuple[str, ...]]

_MEMBER_IDS: Mapping[tuple[Direction, Relation], str] = {
    ("request", "narrowed"): "member-narrowed",
    ("request", "widened"): "member-widened",
    ("request", "changed"): "member-changed",
    ("answer", "narrowed"): "answer-narrowed",
    ("answer", "widened"): "answer-widened",
    ("answer", "changed"): "answer-changed",
}


def differences(types: Types, direction: Direction, uses: Uses) -> Iterator[Change]:
    """The changes of all pairs that were noted, and of those inside them."""
    number = 0
    while number < len(types.pairs):
        old_name, new_name = list(types.pairs)[number]
        number += 1
        old, new = types.old[old_name], types.new[new_name]
        users = uses.get(new_name, ())
        for id_, member, message in _members(types, old, new, direction):
            yield Change(id_, "", "", f"types.{new_name}.{member}", message, users=users)


def _members(
    types: Types, old: ir.TypeDefinition, new: ir.TypeDefinition, direction: Direction
) -> Iterator[tuple[str, str, str]]:
    before = {member.wire: member for member in old.members or ()}
    after = {member.wire: member for member in new.members or ()}
    is_request = direction == "request"
    for wire, member in before.items():
        if wire not in after:
            id_ = "member-removed" if is_request else "answer-removed"
            yield id_, wire, f"{new.name} has no `{wire}` any more"
            continue
        yield from _member(types, new.name, member, after[wire], direction)
    for wire, member in after.items():
        if wire not in before:
            demanded = member.required and is_request
            id_ = "member-demanded" if demanded else "member-added"
            how = "now needs" if demanded else "now has"
            yield id_, wire, f"{new.name} {how} `{wire}` ({spelt(member.type)})"


def _member(
    types: Types, name: str, old: ir.Member, new: ir.Member, direction: Direction
) -> Iterator[tuple[str, str, str]]:
    wire = new.wire
    if old.required and not new.required:
        id_ = "member-optional" if direction == "request" else "member-uncertain"
        yield id_, wire, f"`{wire}` of {name} is optional now"
    if new.required and not old.required:
        id_ = "member-required" if direction == "request" else "member-certain"
        yield id_, wire, f"`{wire}` of {name} is required now"
    relation = types.relation(old.type, new.type)
    if relation != "same":
        message = f"`{wire}` of {name} was {spelt(old.type)} and is {spelt(new.type)}"
        yield _MEMBER_IDS[direction, relation], wire, message


def by_name(definitions: tuple[ir.TypeDefinition, ...]) -> Definitions:
    return {definition.name: definition for definition in definitions}


def users(api: ir.Api, direction: Direction) -> Uses:
    """Which operations send or get each named type, directly or inside others."""
    known = by_name(api.types)
    found: dict[str, dict[str, None]] = {}
    for operation in api.operations:
        types = [operation.returns]
        if direction == "request":
            types = [argument.type for argument in operation.arguments]
        for name in _reached(types, known):
            found.setdefault(name, {})[operation.name] = None
    return {name: tuple(names) for name, names in found.items()}


def _reached(types: list[ir.TypeRef], known: Definitions) -> set[str]:
    seen: set[str] = set()
    todo = list(types)
    while todo:
        match todo.pop():
            case ir.Named(name) if name not in seen and name in known:
                seen.add(name)
                definition = known[name]
                todo += [member.type for member in definition.members or ()]
                todo += [definition.alias] if definition.alias is not None else []
            case ir.Listed(inner) | ir.Mapped(inner):
                todo.append(inner)
            case ir.Either(options):
                todo += options
            case _:
                pass
    return seen
