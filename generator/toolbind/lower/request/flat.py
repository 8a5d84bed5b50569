"""A body's object as members that can be arguments of their own, whatever it is composed of.

    flatten(schemas, view) -> Flat | None

Members of alternatives stand side by side, each told with what it goes along; what alternatives
demand of members together is said as a schema (`demands`), which is checked when a call comes in.
Imports `ir`, `read` and `lower.schemas`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from toolbind import ir
from toolbind.lower.schemas import ANY, Either, Schemas, View
from toolbind.lower.schemas.describe import fields
from toolbind.read import pointers
from toolbind.read.document import Node

_LEVELS = 4
"""Alternatives inside of alternatives that are laid side by side."""

_TAGS_TOLD = 4
"""Kinds that are named for a member that only they take."""

_NAMES_TOLD = 12
"""Names of arguments in a sentence that tells which go together."""


@dataclass(frozen=True, slots=True)
class Flat:
    """The members of an object, side by side.

    `required` are among `members`. `when` says on what condition a member is wanted. `others` is
    the schema of members that are not declared, None where the document does not speak of them.
    `demands` are schemas over the members that all hold.
    """

    members: Mapping[str, Node]
    required: tuple[str, ...] = ()
    when: Mapping[str, str] = field(default_factory=dict)
    others: Node | None = None
    demands: tuple[ir.JsonObject, ...] = ()


def flatten(schemas: Schemas, view: View) -> Flat | None:
    """The members of a schema that is an object, or null besides; None for all others."""
    about = [each for each in view.types if each != "null"]
    if (about != ["object"] and view.implied != "object") or view.enum is not None:
        return None
    return _flat(schemas, schemas.narrowed(view, "object"), _LEVELS)


def _flat(schemas: Schemas, view: View, levels: int) -> Flat:
    declared, needed = schemas.members(view, "request")
    undeclared = {name: _anything(view, name) for name in needed if name not in declared}
    flat = Flat(
        {**declared, **undeclared},
        needed,
        others=_others(view),
        demands=tuple(_own_demands(schemas, view, set(declared))),
    )
    for group in view.groups if levels else ():
        inner = [schemas.narrowed(schemas.inspect(each), "object") for each in group.alternatives]
        branches = [_flat(schemas, each, levels - 1) for each in inner]
        tags = group.tags or ("",) * len(branches)
        flat = _together(flat, branches, _tag(schemas, branches, group.tag, tags))
    return _with_kinds(schemas, view, flat, levels) if levels else flat


def _with_kinds(schemas: Schemas, view: View, flat: Flat, levels: int) -> Flat:
    """With what the kinds add that a discriminator tells apart: to the letter the object may have
    any of it, and the service wants that of its kind."""
    member, kinds = schemas.kinds.of(view)
    if not kinds:
        return flat
    branches = [_flat(schemas, schemas.narrowed(each, "object"), levels - 1) for _, each in kinds]
    tag = _Tag(member, tuple(names for names, _ in kinds), checked=False)
    found, when = dict(flat.members), dict(flat.when)
    for name in dict.fromkeys(name for branch in branches for name in branch.members):
        if name in flat.members:
            continue
        takers = [i for i, branch in enumerate(branches) if name in branch.members]
        found[name] = _either(_distinct(branches[i].members[name] for i in takers))
        words = _condition(tag, takers, all(name in branches[i].required for i in takers))
        if len(takers) < len(branches) and words:
            when[name] = words
    if member in found and schemas.inspect(found[member]).enum is None:
        names = dict.fromkeys(name for several, _ in kinds for name in several)
        when.setdefault(member, f"One of: {fields(names)}")
    return replace(flat, members=found, when=when)


def _anything(view: View, name: str) -> Node:
    """A member that is asked for and not declared."""
    pointer = f"{view.node.pointer}/properties/{pointers.escape(name)}"
    return Node(True, pointer, view.node.file)


def _others(view: View) -> Node | None:
    if view.patterned:
        if len(view.patterned) == 1 and view.closed:
            return view.patterned[0]
        return Node(True, f"{view.node.pointer}/patternProperties/-", view.node.file)
    return view.additional


def _own_demands(schemas: Schemas, view: View, known: set[str]) -> Iterable[ir.JsonObject]:
    """What an object demands of its members together."""
    hidden = {name for name in view.properties if name not in known}
    for need in view.needs:
        sent = hidden | set(view.required)
        sets = [[name for name in names if name not in sent] for names in need]
        if all(sets):
            yield {"anyOf": [{"required": names} for names in sets]}
    limits = {k: v for k, v in view.limits.items() if k in ("minProperties", "maxProperties")}
    if limits:
        yield limits
    dependent = {
        name: kept
        for name, others in view.dependent.items()
        if name not in hidden and (kept := [each for each in others if each not in hidden])
    }
    if dependent:
        yield {"dependentRequired": dependent}
    if view.negated is not None:
        refused = schemas.inspect(view.negated)
        about_names = not replace(refused, required=(), types=ANY).constrains
        if refused.required and refused.exact and about_names:
            yield {"not": {"required": list(refused.required)}}


def renamed(demands: Iterable[ir.JsonObject], names: Mapping[str, str]) -> list[ir.JsonObject]:
    """The demands, spoken of arguments. A member that is none is sent in any case."""
    return [found for each in demands if (found := _renamed(each, names))]


def _renamed(demand: ir.JsonObject, names: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for keyword, value in demand.items():
        if keyword == "required":
            found[keyword] = [names[name] for name in value if name in names]
        elif keyword == "properties":
            found[keyword] = {names[name]: each for name, each in value.items() if name in names}
        elif keyword == "dependentRequired":
            found[keyword] = {
                names[name]: [names[each] for each in others if each in names]
                for name, others in value.items()
                if name in names
            }
        elif keyword == "anyOf":
            options = [_renamed(each, names) for each in value]
            if all(options):
                found[keyword] = options
        elif keyword == "not":
            if names.keys() >= set(value["required"]):
                found[keyword] = _renamed(value, names)
        else:
            found[keyword] = value
        if not found.get(keyword, True):
            del found[keyword]
    return found


def told(demands: Iterable[ir.JsonObject]) -> list[str]:
    """The demands in sentences, as far as no argument tells them and they are short."""
    return [said for each in demands if (said := _told(each))]


def _told(demand: ir.JsonObject) -> str:
    least, most = demand.get("minProperties", 0), demand.get("maxProperties")
    if least:
        return f"Give at least {least} of the body's fields" if least > 1 else _AT_LEAST_ONE
    if most is not None:
        return f"Give at most {most} of the body's fields"
    if "anyOf" in demand:
        options = demand["anyOf"]
        sets = [each["required"] for each in options if each.keys() == {"required"}]
        if len(sets) < len(options) or sum(map(len, sets)) > _NAMES_TOLD:
            return ""
        joint = " or " if all(len(names) == 1 for names in sets) else ", or "
        return f"Give {joint.join(' and '.join(names) for names in sets)}"
    if "not" in demand:
        return f"Never give {' and '.join(demand['not']['required'])} together"
    needs = demand.get("dependentRequired", {}).items()
    if not needs or sum(len(others) for _, others in needs) > _NAMES_TOLD:
        return ""
    return ". ".join(f"With {name} give {' and '.join(others)}" for name, others in needs)


_AT_LEAST_ONE = "Give at least one of the body's fields"


# --- alternatives -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Tag:
    """The member that tells alternatives apart, and its values for each; none where none does.
    `checked`: the schemas of the alternatives say so themselves."""

    member: str
    values: tuple[tuple[Any, ...], ...]
    checked: bool


def _tag(schemas: Schemas, branches: Sequence[Flat], named: str, tags: Sequence[str]) -> _Tag:
    """By the discriminator, else by a member whose values are others in each alternative."""
    candidates = [named] if named else []
    candidates += [name for name in branches[0].members if name != named]
    for name in candidates:
        values = [_values(schemas, branch, name) for branch in branches]
        if all(values) and _differ(values):
            return _Tag(name, tuple(values), checked=True)
    if named and all(tags):
        return _Tag(named, tuple((each,) for each in tags), checked=False)
    return _Tag("", (), checked=False)


def _values(schemas: Schemas, branch: Flat, name: str) -> tuple[Any, ...]:
    node = branch.members.get(name)
    return schemas.inspect(node).enum or () if node is not None else ()


def _differ(several: Sequence[tuple[Any, ...]]) -> bool:
    spelt = [json.dumps(value) for values in several for value in values]
    return len(spelt) == len(set(spelt))


def _together(flat: Flat, branches: Sequence[Flat], tag: _Tag) -> Flat:
    """An object and its alternatives as one."""
    found = dict(flat.members)
    when = dict(flat.when)
    for name in dict.fromkeys(name for branch in branches for name in branch.members):
        takers = [i for i, branch in enumerate(branches) if name in branch.members]
        nodes = _distinct(branches[i].members[name] for i in takers)
        if name not in found or (len(takers) == len(branches) and name == tag.member):
            found[name] = _either(nodes)
        needed = all(name in branches[i].required for i in takers)
        if len(takers) < len(branches) and name not in flat.members:
            when[name] = _condition(tag, takers, needed)
        elif len(takers) == 1 or name in branches[takers[0]].when:
            when.setdefault(name, branches[takers[0]].when.get(name, ""))
    always = [
        name
        for name in branches[0].required
        if name not in flat.required and all(name in branch.required for branch in branches)
    ]
    required = (*flat.required, *always)
    demand = _demand(branches, tag, set(required))
    return Flat(
        found,
        required,
        {name: words for name, words in when.items() if words},
        next((each for f in (flat, *branches) if (each := f.others) is not None), None),
        (*flat.demands, demand) if demand else flat.demands,
    )


def _distinct(nodes: Iterable[Node]) -> list[Node]:
    """The nodes without those that say the very same in the same file."""
    found = {(node.file, json.dumps(node.value, sort_keys=True)): node for node in nodes}
    return list(found.values())


def _either(nodes: Sequence[Node]) -> Node:
    first = nodes[0]
    if len(nodes) == 1:
        return first
    value = {"anyOf": [each.value for each in nodes]}
    return Either(value, first.pointer, first.file, tuple(nodes))


def _condition(tag: _Tag, takers: Sequence[int], needed: bool) -> str:
    """With which kinds a member goes, in words."""
    if not tag.member or len(takers) > _TAGS_TOLD:
        return ""
    values = [value for i in takers for value in tag.values[i]]
    spelt = fields(dict.fromkeys(v if isinstance(v, str) else json.dumps(v) for v in values))
    head, _, last = spelt.rpartition(", ")
    listed = f"{head} or {last}" if head and last != "..." else spelt
    member = fields((tag.member,))
    return f"{'Needed' if needed else 'Only'} if {member} is {listed}"


def _demand(branches: Sequence[Flat], tag: _Tag, required: set[str]) -> ir.JsonObject:
    """What is true of one alternative at least; nothing where an alternative asks for nothing."""
    options = []
    for index, branch in enumerate(branches):
        option: dict[str, Any] = {}
        if tag.checked:
            option["properties"] = {tag.member: {"enum": list(tag.values[index])}}
        if needed := [name for name in branch.required if name not in required]:
            option["required"] = needed
        for demand in branch.demands:
            if not option.keys() & demand.keys():
                option |= demand
        options.append(option)
    if not all(options) or not any(option.keys() - {"properties"} for option in options):
        return {}
    return {"anyOf": options}
