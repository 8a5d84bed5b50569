"""From schemas to type expressions: what is written in place, and what gets a name.

A schema has one form, or two where it holds members that travel one way only. Objects with
declared members are always named; anything else where it contains itself or is too long to read.
Imports `ir`, `document.names`, `schemas`, `graph` and `loops`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from toolbind.ir import (
    Choice,
    Either,
    Listed,
    Mapped,
    Member,
    Named,
    Plain,
    TypeDefinition,
    TypeRef,
)
from toolbind.lower.document import names
from toolbind.lower.schemas import ANY, Direction, View
from toolbind.lower.schemas.describe import is_redundant
from toolbind.lower.types.graph import Graph, Key, Unit
from toolbind.lower.types.loops import loops
from toolbind.read.document import Node

WIDTH = 64
"""Characters of a type that is written in place; a longer one gets a name."""

LEVELS = 8
"""Types inside each other that are written in place; a deeper nest gets names."""

DESCRIPTION = 400
"""Characters of the description of a type or member."""

UNKNOWN, _FLOAT, _INT, _NONE = map(Plain, ("Any", "float", "int", "None"))
PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}

Form = tuple[Key, str]
"""A unit, and the direction if that matters to it, else ""."""


@dataclass(frozen=True, slots=True)
class _Size:
    """Of a type written in place: characters, and levels."""

    width: int
    levels: int


class Forms:
    """The type expressions of one document."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._names: dict[Form, str] = {}
        self._references: dict[tuple[Form, Direction], TypeRef] = {}

    # --- names ---------------------------------------------------------------------------------

    def settle(self) -> None:
        """Decide which forms need a name, and give them all one."""
        self._graph.name_units()
        taken: dict[str, Form] = {}
        for form in sorted(self._named_forms(), key=self._precedence):
            unit = self._unit(form)
            name = self._graph.input_name(unit) if form[1] == "request" else unit.name
            if name.casefold() in taken:
                name = names.told_apart(name, (*unit.identity, form[1]), names.TYPES)
            taken[name.casefold()] = form
            self._names[form] = name

    def _precedence(self, form: Form) -> tuple[object, ...]:
        """Schemas made of several places go before those places."""
        unit = self._unit(form)
        return form[1] == "request", -len(unit.identity), unit.identity

    def _form(self, unit: Unit, direction: Direction) -> Form:
        return unit.key, direction if unit.directed else ""

    def _forms(self) -> list[Form]:
        found: dict[Form, None] = {}
        for unit in self._graph.units.values():
            for direction in sorted(unit.seen):
                found[self._form(unit, direction)] = None
        return list(found)

    def _named_forms(self) -> list[Form]:
        """Objects with members; and of the rest what contains itself or is too long."""
        forms = self._forms()
        named = {form for form in forms if self._is_object(form)}
        inside = self._written_inside(forms, named)
        try:
            order = list(TopologicalSorter(inside).static_order())
        except CycleError:
            named |= {form for loop in loops(inside) for form in self._entries(loop)}
            inside = self._written_inside(forms, named)
            order = list(TopologicalSorter(inside).static_order())
        sizes: dict[Form, _Size] = {form: _Size(len(self._unit(form).name), 1) for form in named}
        for form in order:
            sizes[form] = self._size(form, named, sizes)
        return [form for form in forms if form in named]

    def _written_inside(self, forms: list[Form], named: set[Form]) -> dict[Form, list[Form]]:
        known = set(forms) - named
        return {
            form: [each for each in self._inside(form) if each in known]
            for form in forms
            if form in known
        }

    def _entries(self, loop: Collection[Form]) -> Iterator[Form]:
        """The forms of a loop to which a reference leads from within: every way round has one."""
        for form in loop:
            for inner in self._inside(form):
                if inner in loop and not _stands_in(self._unit(inner), self._unit(form)):
                    yield inner

    def _size(self, form: Form, named: set[Form], sizes: dict[Form, _Size]) -> _Size:
        unit = self._unit(form)
        view = unit.view
        inner = [sizes[each] for each in self._inside(form) if each in sizes]
        width = sum(size.width + 3 for size in inner) + 6 * len(view.types)
        width += sum(len(repr(value)) + 2 for value in view.enum or ())
        levels = 1 + max((size.levels for size in inner), default=0)
        several = view.enum is not None or view.groups or view.options or len(view.types) > 1
        if levels > LEVELS or (several and width > WIDTH):
            named.add(form)
            return _Size(len(unit.name), 1)
        return _Size(width, levels)

    def _unit(self, form: Form) -> Unit:
        return self._graph.units[form[0]]

    def _is_object(self, form: Form) -> bool:
        view = self._unit(form).view
        alternatives = view.groups or view.options
        return bool(view.properties) and "object" in view.types and not alternatives

    def _inside(self, form: Form) -> Iterator[Form]:
        unit = self._unit(form)
        for key in unit.children:
            child = self._graph.units[key]
            if form[1] and child.directed:
                yield key, form[1]
            elif not child.directed:
                yield key, ""

    # --- references ----------------------------------------------------------------------------

    def reference(self, node: Node, direction: Direction) -> TypeRef:
        view = self._graph.view(node)
        unit = self._graph.unit(node)
        if view is None or unit is None:
            return UNKNOWN
        base = self._of_unit(unit, direction)
        if "null" in view.types and "null" not in unit.view.types and base != UNKNOWN:
            return either((base, _NONE))
        return base

    def _of_unit(self, unit: Unit, direction: Direction) -> TypeRef:
        form = self._form(unit, direction)
        name = self._names.get(form)
        if name is None:
            return self._expression_of(form, direction)
        if not self._is_object(form):
            return Named(name)
        others = () if unit.view.types == ANY else unit.view.types
        rest = (self._of_type(unit.view, kind, direction) for kind in others if kind != "object")
        return either((Named(name), *_undeclared(unit, direction), *rest))

    def _expression_of(self, form: Form, direction: Direction) -> TypeRef:
        known = self._references.get((form, direction))
        if known is None:
            known = self._expression(self._unit(form), direction)
            self._references[form, direction] = known
        return known

    def _expression(self, unit: Unit, direction: Direction) -> TypeRef:
        """The type of a unit, written out one level deep."""
        view = unit.view
        if unit.variants:
            variants = (self._graph.units[key] for key in unit.variants)
            return either([*(self._of_unit(each, direction) for each in variants), *_null(view)])
        alternatives = view.groups[0].alternatives if view.groups else view.options
        if alternatives:
            options = [self.reference(node, direction) for node in alternatives]
            return either([*options, *_null(view)])
        if view.enum is not None:
            return _choice(view)
        if view.types == ANY:
            return self._of_type(view, view.implied, direction) if view.implied else UNKNOWN
        return either(self._of_type(view, kind, direction) for kind in view.types)

    def _of_type(self, view: View, kind: str, direction: Direction) -> TypeRef:
        if kind == "array":
            return Listed(self._element(view, direction))
        if kind == "object":
            if view.additional is None:
                return Mapped(UNKNOWN)
            return Mapped(self.reference(view.additional, direction))
        return Plain(PLAIN[kind])

    def _element(self, view: View, direction: Direction) -> TypeRef:
        nodes = [*view.prefix, *([view.items] if view.items is not None else [])]
        if not nodes or (view.prefix and view.items is None):
            return UNKNOWN
        return either(self.reference(node, direction) for node in nodes)

    # --- definitions ---------------------------------------------------------------------------

    def definitions(self) -> tuple[TypeDefinition, ...]:
        made = (self._definition(form, name) for form, name in self._names.items())
        return tuple(sorted(made, key=lambda definition: definition.name))

    def _definition(self, form: Form, name: str) -> TypeDefinition:
        unit = self._unit(form)
        direction: Direction = "request" if form[1] == "request" else "response"
        title = "" if is_redundant(unit.view.title, unit.name) else unit.view.title
        description = self._text(unit.view.description or title, unit.view, 2)
        if not self._is_object(form):
            return TypeDefinition(name, description, None, self._expression(unit, direction))
        return TypeDefinition(name, description, tuple(self._members(unit.view, direction)))

    def _members(self, view: View, direction: Direction) -> Iterator[Member]:
        for wire, node in self._graph.members(view, direction).items():
            inner = self._graph.view(node)
            yield Member(
                wire=wire,
                type=self.reference(node, direction),
                required=wire in view.required,
                description=self._text(inner.description, inner, 1) if inner is not None else "",
            )
        for wire in view.required:  # a value must have it, whatever it is
            if wire not in view.properties:
                yield Member(wire=wire, type=UNKNOWN, required=True)

    def _text(self, text: str, view: View, sentences: int) -> str:
        prose = self._graph.schemas.prose
        return prose.brief(text, view.node.place, sentences=sentences, limit=DESCRIPTION)


def _stands_in(inner: Unit, outer: Unit) -> bool:
    here, there = inner.view.node, outer.view.node
    return here.file == there.file and here.pointer.startswith(f"{there.pointer}/")


def either(options: Iterable[TypeRef]) -> TypeRef:
    """One type of several: flat, without repetition, literals in one; `Any` swallows the rest."""
    several: dict[object, TypeRef] = {}  # by text where literals may be: Python takes True for 1
    values: dict[str, str | int | bool | None] = {}
    for option in options:
        for each in option.options if isinstance(option, Either) else (option,):
            if isinstance(each, Choice):
                values |= {repr(value): value for value in each.values}
                several["literals"] = each
            else:
                several[each if isinstance(each, Plain | Named) else repr(each)] = each
    if values:
        several["literals"] = Choice(tuple(values.values()))
    if UNKNOWN in several or not several:
        return UNKNOWN
    if len(several) > 1:
        if _FLOAT in several:
            several.pop(_INT, None)
        if _NONE in several:  # reads best at the end
            several[_NONE] = several.pop(_NONE)
    kept = tuple(several.values())
    return kept[0] if len(kept) == 1 else Either(kept)


def _null(view: View) -> list[TypeRef]:
    return [_NONE] if "null" in view.types and view.types != ANY else []


def _undeclared(unit: Unit, direction: Direction) -> list[TypeRef]:
    """What may be sent for an object that declares members and takes others as well, which a
    TypedDict cannot say. Where the object comes back, the TypedDict alone reads better."""
    open_ended = unit.view.additional is not None or unit.view.patterned
    return [Mapped(UNKNOWN)] if open_ended and direction == "request" else []


def _choice(view: View) -> TypeRef:
    """The allowed values as literals; types where Python has no literals for them."""
    values: list[str | int | bool | None] = []
    for value in view.enum or ():
        if isinstance(value, str | int):
            values.append(value)
        elif value is None:
            continue
        elif isinstance(value, float) and value.is_integer():
            values.append(int(value))
        else:
            return either(_loose(kind) for kind in view.types)
    literals = [Choice(tuple(values))] if values else []
    return either([*literals, *_null(view)])


def _loose(kind: str) -> TypeRef:
    """A type by its name alone."""
    if kind == "array":
        return Listed(UNKNOWN)
    return Mapped(UNKNOWN) if kind == "object" else Plain(PLAIN[kind])
