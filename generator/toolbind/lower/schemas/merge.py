"""Views together and apart: `meet` for `allOf`, `unite` for alternatives that one schema can say.

Where a result cannot say exactly what its parts say, it allows more, and `exact` is false.
Pure functions. Imports `algebra`, `view` and `read.document`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from toolbind.lower.schemas.algebra import (
    canonical,
    covers,
    disjoint,
    distinct,
    meet_limits,
    meet_types,
    of_types,
    ordered,
    trim_limits,
    type_of,
    types_of,
)
from toolbind.lower.schemas.view import ANY, Group, Joined, View
from toolbind.read.document import Node

JOINED_LIMIT = 8
"""Declarations of one member that are taken into account together."""

GROUP_LIMIT = 8
"""Sets of alternatives that one view carries."""


# --- one view ----------------------------------------------------------------------------------


def trim(view: View) -> View:
    """The view without what cannot matter for its types (`minLength` of a number)."""
    if view.types == ANY:
        return view
    objects = "object" in view.types
    arrays = "array" in view.types
    strings = "string" in view.types
    changes: dict[str, Any] = {}
    if not objects and (view.properties or view.required or view.additional or view.closed):
        changes |= {"properties": {}, "required": (), "additional": None, "closed": False}
    if not objects and (view.patterned or view.dependent or view.needs):
        changes |= {"patterned": (), "dependent": {}, "needs": ()}
    if not arrays and (view.items is not None or view.prefix):
        changes |= {"items": None, "prefix": ()}
    if not strings and (view.pattern or view.media_type or view.content_encoding):
        changes |= {"pattern": "", "media_type": "", "content_encoding": ""}
    if view.limits:
        limits = trim_limits(view.limits, view.types)
        if len(limits) < len(view.limits):
            changes["limits"] = limits
    return replace(view, **changes) if changes else view


def with_null(view: View) -> View:
    """The view, with null allowed as well."""
    if "null" in view.types or not view.types:
        return view
    enum = view.enum
    if enum is not None and None not in enum:
        enum = (*enum, None)
    return replace(view, types=ordered((*view.types, "null")), enum=enum)


def without_null(view: View) -> View:
    if "null" not in view.types or view.types == ANY:
        return view
    enum = view.enum
    if enum is not None:
        enum = tuple(value for value in enum if value is not None)
    return replace(view, types=tuple(t for t in view.types if t != "null"), enum=enum)


def reconcile(view: View) -> tuple[View, tuple[Any, ...]]:
    """The view with its types and its allowed values in agreement, and the values dropped for it.

    Where no value fits the types, the values decide: then none is dropped, and the types change.
    """
    if view.enum is None:
        return view, ()
    fitting = of_types(view.enum, view.types)
    if not fitting:
        return replace(view, types=types_of(view.enum)), ()
    types = meet_types(view.types, types_of(fitting))
    if len(fitting) == len(view.enum):
        return (view if types == view.types else replace(view, types=types)), ()
    dropped = tuple(value for value in view.enum if not covers(view.types, type_of(value)))
    return replace(view, types=types, enum=fitting), dropped


def restrict(view: View, types: Sequence[str]) -> View:
    """What the view allows of `types`. Alternatives that allow none of them are left out; if only
    one remains, the caller merges it."""
    left = meet_types(view.types, types)
    enum = of_types(view.enum, left) if view.enum is not None else None
    groups = tuple(kept for group in view.groups if (kept := _restricted(group, left)))
    return trim(replace(view, types=left, enum=enum, groups=groups))


def _restricted(group: Group, types: Sequence[str]) -> Group | None:
    keep = [i for i, each in enumerate(group.types) if not disjoint(each, types)]
    if len(keep) == len(group.alternatives):
        return group
    if not keep:
        return None
    return replace(
        group,
        alternatives=tuple(group.alternatives[i] for i in keep),
        types=tuple(group.types[i] for i in keep),
        tags=tuple(group.tags[i] for i in keep) if group.tags else (),
    )


# --- and ---------------------------------------------------------------------------------------


def join(nodes: Iterable[Node]) -> Node:
    """One node for all of `nodes` together (at least one); equal ones count once."""
    parts: dict[int, Node] = {}
    for node in nodes:
        for part in node.parts if type(node) is Joined else (node,):
            parts.setdefault(id(part.value), part)
    first, *others = list(parts.values())[:JOINED_LIMIT]
    if not others:
        return first
    together = (first, *others)
    value = {"allOf": [part.value for part in together]}
    return Joined(value, first.pointer, first.file, together)


def meet(views: Sequence[View], node: Node) -> tuple[View, tuple[str, ...]]:
    """What all of `views` allow together, and the contradictions met, in words.

    Texts and annotations come from the first view that has them. The result stands at `node`.
    """
    types, enum, contradictions = _meet_values(views)
    limits, limits_exact = meet_limits(view.limits for view in views)
    undeclared, undeclared_exact = _meet_undeclared(views)
    groups = list({_group_key(group): group for view in views for group in view.groups}.values())
    negated = [view.negated for view in views if view.negated is not None]
    exact = (
        all(view.exact for view in views)
        and limits_exact
        and undeclared_exact
        and not contradictions
        and len(groups) <= GROUP_LIMIT
        and len(negated) < 2
    )
    merged = View(
        node=node,
        types=types,
        enum=enum,
        properties=_meet_properties(views),
        required=tuple(dict.fromkeys(name for view in views for name in view.required)),
        items=_join_some(view.items for view in views),
        prefix=_meet_prefix(views),
        groups=tuple(groups[:GROUP_LIMIT]),
        needs=tuple(dict.fromkeys(need for view in views for need in view.needs)),
        negated=negated[0] if negated else None,
        limits=limits,
        dependent=_meet_dependent(views),
        read_only=any(view.read_only for view in views),
        write_only=any(view.write_only for view in views),
        deprecated=any(view.deprecated for view in views),
        exact=exact,
        **undeclared,
        **first_texts(views),
    )
    return trim(merged), contradictions


TEXTS = (
    "title",
    "description",
    "format",
    "pattern",
    "media_type",
    "content_encoding",
    "discriminator",
)
"""Fields of which the first view that has one decides."""


def first_texts(views: Sequence[View]) -> dict[str, Any]:
    """Texts, and annotations key by key, from the first view that has them."""
    texts: dict[str, Any] = {}
    for name in TEXTS:
        texts[name] = next((found for view in views if (found := getattr(view, name))), "")
    texts["discriminator"] = texts["discriminator"] or None
    annotations: dict[str, Any] = {}
    for view in reversed(views):
        annotations |= view.annotations
    texts["annotations"] = annotations
    return texts


def _meet_values(
    views: Sequence[View],
) -> tuple[tuple[str, ...], tuple[Any, ...] | None, tuple[str, ...]]:
    contradictions: list[str] = []
    types: tuple[str, ...] = ANY
    for view in views:
        both = meet_types(types, view.types)
        if not both and types and view.types:
            contradictions.append(f"no value is both {'/'.join(types)} and {'/'.join(view.types)}")
            both = view.types
        types = both
    enum: tuple[Any, ...] | None = None
    for view in views:
        if view.enum is None:
            continue
        allowed = {canonical(value) for value in view.enum}
        known = view.enum if enum is None else enum
        both_values = [value for value in known if canonical(value) in allowed]
        if not both_values:
            contradictions.append("the lists of allowed values have none in common")
        enum = tuple(both_values) or view.enum
    if enum is not None:
        fitting = of_types(enum, types)
        if not fitting and types:
            contradictions.append("no allowed value has the type")
        enum = fitting or enum
        types = types_of(enum)
    return types, enum, tuple(contradictions)


def _meet_properties(views: Sequence[View]) -> Mapping[str, Node]:
    declaring = [view.properties for view in views if view.properties]
    if len(declaring) == 1:
        return declaring[0]
    found: dict[str, list[Node]] = {}
    for properties in declaring:
        for name, node in properties.items():
            found.setdefault(name, []).append(node)
    return {name: join(nodes) if len(nodes) > 1 else nodes[0] for name, nodes in found.items()}


def _meet_undeclared(views: Sequence[View]) -> tuple[dict[str, Any], bool]:
    """What undeclared members may be, and whether that is exact.

    A part that closes itself, or gives undeclared members a schema, means by that also what only
    other parts declare. Documents are not written with that in mind, so here it does not.
    """
    speaking = [v for v in views if v.closed or v.additional is not None or v.patterned]
    if not speaking:
        return {}, True
    names = {name for view in views for name in view.properties}
    whole = [view for view in speaking if len(view.properties) == len(names)]
    exact = len(whole) == len(speaking)
    closing = next((view for view in whole if view.closed and not view.patterned), None)
    if closing is not None:
        return {"closed": True}, exact
    plain = [v.additional for v in speaking if v.additional is not None and not v.patterned]
    if plain:
        return {"additional": join(plain)}, exact and len(plain) == len(speaking)
    patterned = [view for view in speaking if view.patterned]
    if len(patterned) == 1:
        only = patterned[0]
        found = {"patterned": only.patterned, "additional": only.additional, "closed": only.closed}
        return found, exact and len(speaking) == 1
    return {}, False


def _meet_prefix(views: Sequence[View]) -> tuple[Node, ...]:
    length = max(len(view.prefix) for view in views)
    places: list[Node] = []
    for index in range(length):
        said = (v.prefix[index] if index < len(v.prefix) else v.items for v in views)
        node = _join_some(said)
        if node is not None:
            places.append(node)
    return tuple(places)


def _join_some(nodes: Iterable[Node | None]) -> Node | None:
    given = [node for node in nodes if node is not None]
    return join(given) if given else None


def _meet_dependent(views: Sequence[View]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for view in views:
        for name, others in view.dependent.items():
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), *others)))
    return found


def _group_key(group: Group) -> tuple[int, ...]:
    return tuple(id(node.value) for node in group.alternatives)


# --- or ----------------------------------------------------------------------------------------


def unite(views: Sequence[View], node: Node) -> View | None:
    """What any one of `views` allows, if one view can say it: they list their values, or their
    types have nothing in common. Null may stand in several. Nothing otherwise."""
    plain = [without_null(view) for view in views]
    if any(view.groups or view.needs or view.negated is not None for view in plain):
        return None
    if all(view.enum is not None for view in plain):
        united = _unite_values(plain, node)
    elif _apart(plain):
        united = _unite_types(plain, node)
    else:
        return None
    return with_null(united) if any("null" in view.types for view in views) else united


def _unite_values(views: Sequence[View], node: Node) -> View:
    enum = distinct(value for view in views for value in view.enum or ())
    exact = all(view.exact and not _beside_values(view) for view in views)
    texts = first_texts(views) | {"pattern": "", "format": ""}
    texts["description"] = _either_text(views)
    return View(node=node, types=types_of(enum), enum=enum, exact=exact, **texts)


def _beside_values(view: View) -> bool:
    return bool(view.limits or view.properties or view.required or view.items is not None)


def _apart(views: Sequence[View]) -> bool:
    """Whether no type is allowed by two of `views`, and no list of values would reach too far."""
    if any(view.enum is not None or view.types == ANY or not view.types for view in views):
        return False
    seen: tuple[str, ...] = ()
    for view in views:
        if not disjoint(seen, view.types):
            return False
        seen = ordered((*seen, *view.types))
    return True


def _unite_types(views: Sequence[View], node: Node) -> View:
    """One view of types that are apart: every keyword speaks of one type only (see `trim`)."""
    trimmed = [trim(view) for view in views]
    about: dict[str, Any] = {}
    for view in trimmed:
        if "object" in view.types:
            about |= {
                "properties": view.properties,
                "required": view.required,
                "additional": view.additional,
                "closed": view.closed,
                "patterned": view.patterned,
                "dependent": view.dependent,
            }
        if "array" in view.types:
            about |= {"items": view.items, "prefix": view.prefix}
    limits: dict[str, Any] = {}
    for view in trimmed:
        limits |= view.limits
    texts = first_texts(trimmed)
    texts["description"] = _either_text(trimmed)
    return View(
        node=node,
        types=ordered(name for view in trimmed for name in view.types),
        limits=limits,
        exact=all(view.exact for view in trimmed),
        **about,
        **texts,
    )


def _either_text(views: Sequence[View]) -> str:
    """One text for several alternatives; the first if they have little to say."""
    texts = list(dict.fromkeys(view.description for view in views if view.description))
    return " Or: ".join(text.strip() for text in texts) if len(texts) < 4 else texts[0]
