"""From a view to the schema that stands in a tool: self-contained, bounded, never too narrow.

A tree is laid out breadth first, so that when the room is used up it is the depths that are open
and not the surface. What is left out is left out soundly: `{}` or a bare type in its place.
Imports `builder`, `describe`, `kinds`, `places`, `algebra`, `view`, `fit.shorten`,
`read.document` and `diagnostics`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from toolbind.diagnostics import Report
from toolbind.lower.fit.shorten import without_inner_descriptions
from toolbind.lower.schemas.algebra import meet_types
from toolbind.lower.schemas.builder import Builder
from toolbind.lower.schemas.describe import Texts, fields
from toolbind.lower.schemas.kinds import Kinds
from toolbind.lower.schemas.places import (
    DEPTH,
    LOOSE,
    ROOM,
    TOKENS_PER_DESCRIBED_NODE,
    Above,
    Emission,
    Frame,
    Members,
    Place,
    Run,
    Schema,
)
from toolbind.lower.schemas.view import ANY, Direction, Group, View
from toolbind.lower.schemas.wishes import check_property, refuse_required
from toolbind.lower.text.worth import joined
from toolbind.read.document import Node

KINDS_TOLD = 8
"""Kinds of an object that are told with what each adds."""


class Emitter:
    """Lays out the schemas of one document."""

    def __init__(
        self, builder: Builder, texts: Texts, report: Report, kinds: Kinds, room: int = ROOM
    ) -> None:
        self._builder = builder
        self._kinds = kinds
        self._texts = texts
        self._report = report
        self._described = room // TOKENS_PER_DESCRIBED_NODE

    def emit(self, view: View, direction: Direction, nodes: int) -> Emission:
        """The schema of an argument, without its description; `view` has one type. `nodes` bounds
        what is shown inside; the argument's own members are shown in any case."""
        run = Run(direction, nodes)
        schema: Schema = {"type": view.types[0]}
        self._fill(run, view, Place(view.node, schema, "", 0, None))
        while run.queue:
            self._lay(run, run.queue.popleft())
        if nodes - run.left > self._described:
            self._say("schema-cut", view, "too large: in a tool its parts are not described")
            schema = dict(without_inner_descriptions(schema))
        return Emission(schema, run.exact, tuple(run.notes))

    def members(self, view: View, direction: Direction) -> Members:
        """The members that travel in `direction`, and the names of those that do not."""
        hidden = frozenset(
            name for name, node in view.properties.items() if self._stays(node, direction)
        )
        if not hidden:
            return view.properties, hidden
        return {n: node for n, node in view.properties.items() if n not in hidden}, hidden

    def _offered(self, view: View, direction: Direction) -> Members:
        """The same without the members that the user has hidden. Raises DocumentError for one that
        has to be sent: nobody could give it."""
        members, hidden = self.members(view, direction)
        for node in members.values():
            check_property(node, self._report)
        hide = frozenset(n for n, node in members.items() if self._builder.view(node).hide)
        if not hide:
            return members, hidden
        for name in hide & set(view.required):
            raise refuse_required(name, members[name], self._report)
        return {n: node for n, node in members.items() if n not in hide}, hidden | hide

    def _stays(self, node: Node, direction: Direction) -> bool:
        if not isinstance(node.value, dict):
            return False
        view = self._builder.view(node)
        return view.read_only if direction == "request" else view.write_only

    # --- one place -----------------------------------------------------------------------------

    def _lay(self, run: Run, place: Place) -> None:
        view = self._builder.view(place.node)
        key = self._builder.key(view.node)
        if place.above is not None and place.above.holds(key) and _has_children(view):
            self._say("schema-recursive", view, "shown once in a tool, then left open")
            self._cut(run, view, place, "again an object with")
        elif place.depth > DEPTH or _children(view) > max(run.left, 0):
            self._say("schema-cut", view, "open from here on in some tool")
            self._cut(run, view, place, "with")
        else:
            self._head(view, place)
            self._fill(run, view, place)

    def _head(self, view: View, place: Place) -> None:
        """Type and description. A type that the schema around states already is not repeated."""
        beside = place.beside
        known = beside and meet_types(beside, view.types) == beside
        if not known and not _told_by_alternatives(view):
            _put_types(place.target, view)
        simple = place.told and not _has_children(view)
        text = joined(("" if simple else self._texts.nested(view, place.name), place.hint))
        if text:
            place.target["description"] = text

    def _cut(self, run: Run, view: View, place: Place, words: str) -> None:
        """An open schema in place of one that is not shown; it says what it stands for."""
        _put_types(place.target, view)
        if not _has_children(view) and view.enum is None and not view.limits:
            return
        run.widen("inner parts are open")
        members, _ = self._offered(view, run.direction)
        listed = fields(tuple(members))
        text = self._texts.nested(view, place.name)
        if listed:
            text = joined((text, f"{words[0].upper()}{words[1:]}: {listed}"))
        if text:
            place.target["description"] = text

    def _say(self, code: str, view: View, words: str) -> None:
        self._report.say(code, view.node.place, words)

    def _widen(self, run: Run, view: View, words: str) -> None:
        run.widen()
        self._say("schema-widened", view, words)

    # --- what a schema holds -------------------------------------------------------------------

    def _fill(self, run: Run, view: View, place: Place) -> None:
        """Everything but type and description; children are queued."""
        target = place.target
        self._texts.watch(view)
        if not view.exact:
            run.widen()
        if view.enum is not None:
            target["enum"] = list(view.enum)
            if view.limits or view.properties or view.items is not None:
                run.widen()
            return
        frame = Frame(target, place.depth + 1, Above(self._builder.key(view.node), place.above))
        hidden = place.hidden
        if "object" in view.types:
            hidden |= self._object(run, view, frame, hidden)
        if "array" in view.types:
            self._array(run, view, frame)
        self._limits(run, view, target)
        self._alternatives(run, view, frame, hidden)
        if view.negated is not None and view.types:  # what allows nothing says so already
            self._not(run, view, view.negated, target, hidden)

    def _child(
        self,
        run: Run,
        node: Node,
        frame: Frame,
        *,
        name: str = "",
        hint: str = "",
        beside: tuple[str, ...] = (),
        hidden: frozenset[str] = frozenset(),
        told: bool = False,
    ) -> Schema:
        """The place of a child, to be laid out when its turn comes."""
        target: Schema = {}
        run.left -= 1
        place = Place(node, target, name, frame.depth, frame.above, beside, hidden, hint, told)
        run.queue.append(place)
        return target

    def _limits(self, run: Run, view: View, target: Schema) -> None:
        for name, limit in view.limits.items():
            if name in LOOSE and (
                limit >= LOOSE[name] if LOOSE[name] > 0 else limit <= LOOSE[name]
            ):
                words = "limits that no model comes near are left out, such as this one"
                run.widen()
                self._say("schema-widened", view, words)
            else:
                target[name] = limit

    def _object(
        self, run: Run, view: View, frame: Frame, outer_hidden: frozenset[str]
    ) -> frozenset[str]:
        """Members, and what is said of others. Gives the names that do not travel."""
        target = frame.target
        members, hidden = self._offered(view, run.direction)
        unsent = hidden | outer_hidden
        required = [name for name in view.required if name not in unsent]
        if members:
            places: Schema = {name: {} for name in members}
            for name in sorted(members, key=lambda name: name not in view.required):
                hint = self._told_kinds(view, name)
                places[name] = self._child(run, members[name], frame, name=name, hint=hint)
            target["properties"] = places
        if required:
            target["required"] = required
        if hidden:
            run.widen()
        self._undeclared(run, view, frame, bool(hidden))
        dependent = {
            name: kept
            for name, others in view.dependent.items()
            if name not in unsent and (kept := [other for other in others if other not in unsent])
        }
        if dependent:
            target["dependentRequired"] = dependent
        return hidden

    def _told_kinds(self, view: View, name: str) -> str:
        """For the member that tells kinds of an object apart: the kinds that the document names,
        and what each adds."""
        member, kinds = self._kinds.of(view)
        if member != name or not kinds:
            return ""
        told = []
        for names, kind in kinds:
            added = [each for each in kind.properties if each not in view.properties]
            spelt = fields(names)
            told.append(f"{spelt} (with {fields(added)})" if added else spelt)
        if any("(" in each for each in told):
            return f"One of: {', '.join(told[:KINDS_TOLD])}"
        if self._builder.view(view.properties[name]).enum is not None:
            return ""
        return f"One of: {fields(each for names, _ in kinds for each in names)}"

    def _undeclared(self, run: Run, view: View, frame: Frame, opened: bool) -> None:
        """`additionalProperties`. Where members were left out, they must not be refused."""
        if view.closed and not view.patterned:
            if not (opened or self._kinds.of(view)[1]):
                frame.target["additionalProperties"] = False
            return
        allowed = list(view.patterned)
        if view.patterned:
            run.widen()
        if not view.closed:
            if view.additional is None:
                return
            allowed.append(view.additional)
        if opened or not all(self._builder.view(node).constrains for node in allowed):
            return
        if len(allowed) == 1:
            frame.target["additionalProperties"] = self._child(run, allowed[0], frame)
        else:
            options = [self._child(run, node, frame) for node in allowed]
            frame.target["additionalProperties"] = {"anyOf": options}

    def _array(self, run: Run, view: View, frame: Frame) -> None:
        """Elements. An array without any word on them gets `items: {}`, as some models want it."""
        target = frame.target
        if view.prefix:
            target["prefixItems"] = [self._child(run, node, frame) for node in view.prefix]
        if view.items is not None:
            told = "description" in target or frame.depth == 1  # an argument has one
            target["items"] = self._child(run, view.items, frame, told=told)
        elif "array" in view.types and view.types != ANY and not view.prefix:
            target["items"] = {}

    # --- alternatives and negation -------------------------------------------------------------

    def _alternatives(self, run: Run, view: View, frame: Frame, hidden: frozenset[str]) -> None:
        """`anyOf`. One schema has room for one set of alternatives; the first with content."""
        if len(view.groups) + len(view.needs) > 1:
            self._widen(run, view, "only the first of several sets of alternatives is kept")
        if view.groups:
            self._group(run, view, view.groups[0], frame, hidden)
        elif view.needs:
            needs = [[name for name in need if name not in hidden] for need in view.needs[0]]
            if all(needs):
                frame.target["anyOf"] = [{"required": need} for need in needs]

    def _group(
        self, run: Run, view: View, group: Group, frame: Frame, hidden: frozenset[str]
    ) -> None:
        if not group.exact:
            run.widen()
        beside = view.types if "type" in frame.target else ()
        options = []
        for index, node in enumerate(group.alternatives):
            hint = self._tag(group, index)
            options.append(self._child(run, node, frame, beside=beside, hidden=hidden, hint=hint))
        if "null" in view.types and not any("null" in types for types in group.types):
            options.append({"type": "null"})
        frame.target["anyOf"] = options

    def _tag(self, group: Group, index: int) -> str:
        """How an alternative is marked in a value, unless its own schema says it."""
        tag = group.tags[index] if group.tags else ""
        member = self._builder.view(group.alternatives[index]).properties.get(group.tag)
        if not tag or (member is not None and self._builder.view(member).enum is not None):
            return ""
        return f"{group.tag} is {fields((tag,))}"

    def _not(
        self, run: Run, view: View, negated: Node, target: Schema, hidden: Collection[str]
    ) -> None:
        """`not`, where what it refuses can be said exactly and in one level."""
        refused = self._builder.view(negated)
        plain = replace(refused, types=ANY, enum=None, required=(), limits={})
        unsayable = plain.constrains or not refused.exact or not refused.constrains
        overlapping = "null" in view.types and view.types != ANY and "null" in refused.types
        if unsayable or overlapping or refused.format or not refused.types:
            self._widen(run, view, "`not` is left out")
            return
        if any(name in hidden for name in refused.required):
            return
        said: Schema = {}
        _put_types(said, refused)
        if refused.enum is not None:
            said["enum"] = list(refused.enum)
        if refused.required:
            said["required"] = list(refused.required)
        said.update(refused.limits)
        target["not"] = said


def _put_types(target: Schema, view: View) -> None:
    if not view.types:
        target["not"] = {}
    elif len(view.types) == 1:
        target["type"] = view.types[0]
    elif view.types != ANY:
        target["type"] = list(view.types)


def _told_by_alternatives(view: View) -> bool:
    """Whether the alternatives state all types between them."""
    if len(view.types) < 2 or view.types == ANY or not view.groups:
        return False
    group = view.groups[0]
    return all(types and meet_types(types, view.types) == types for types in group.types)


def _has_children(view: View) -> bool:
    return _children(view) > 0


def _children(view: View) -> int:
    """How many schemas stand directly inside one."""
    return (
        len(view.properties)
        + len(view.patterned)
        + len(view.prefix)
        + sum(len(group.alternatives) for group in view.groups[:1])
        + (view.items is not None)
        + (view.additional is not None)
    )
