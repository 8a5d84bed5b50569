"""How one type differs from another, as far as its own shape goes.

Named objects are taken for the same here: `definitions` looks into each pair of them once, however
many operations use it. Imports `ir`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from toolbind import ir

Relation = Literal["same", "narrowed", "widened", "changed"]
"""Of the new type to the old: it holds as much, less, more, or something else."""

Definitions = Mapping[str, ir.TypeDefinition]


@dataclass(slots=True)
class Types:
    """Compares the types of two APIs, and collects the pairs of named objects on the way."""

    old: Definitions
    new: Definitions
    pairs: dict[tuple[str, str], None] = field(default_factory=dict)

    def relation(self, old: ir.TypeRef, new: ir.TypeRef) -> Relation:
        before = [_opened(each, self.old) for each in _options(old, self.old)]
        after = [_opened(each, self.new) for each in _options(new, self.new)]
        if ir.Plain("Any") in before or ir.Plain("Any") in after:
            if before == after:
                return "same"
            return "widened" if ir.Plain("Any") in after else "narrowed"
        self._pair(before, after)
        lost = any(not self._covered(each, after) for each in before)
        gained = any(not self._covered(each, before, back=True) for each in after)
        if lost:
            return "changed" if gained else "narrowed"
        return "widened" if gained else "same"

    def _pair(self, before: list[ir.TypeRef], after: list[ir.TypeRef]) -> None:
        """Note which named objects stand for each other: by name, else the only ones left."""
        old = [each.name for each in before if isinstance(each, ir.Named)]
        new = [each.name for each in after if isinstance(each, ir.Named)]
        same = [name for name in old if name in new]
        rest = ([n for n in old if n not in same], [n for n in new if n not in same])
        self.pairs.update(dict.fromkeys((name, name) for name in same))
        if len(rest[0]) == len(rest[1]) == 1:
            self.pairs[rest[0][0], rest[1][0]] = None

    def _covered(self, one: ir.TypeRef, many: list[ir.TypeRef], *, back: bool = False) -> bool:
        """Whether every value of `one` is one of `many`; `back`: `one` is of the new API."""
        return any(self._covers(each, one, back=back) for each in many)

    def _covers(self, wide: ir.TypeRef, one: ir.TypeRef, *, back: bool) -> bool:
        if isinstance(wide, ir.Listed) and isinstance(one, ir.Listed):
            return self._inner(wide.item, one.item, back=back)
        if isinstance(wide, ir.Mapped) and isinstance(one, ir.Mapped):
            return self._inner(wide.value, one.value, back=back)
        if isinstance(wide, ir.Named) and isinstance(one, ir.Named):
            pair = (wide.name, one.name) if back else (one.name, wide.name)
            return pair in self.pairs
        if isinstance(wide, ir.Choice) and isinstance(one, ir.Choice):
            return set(map(repr, one.values)) <= set(map(repr, wide.values))
        if isinstance(wide, ir.Plain):
            return _plain(one) <= _taken(wide.name)
        return False

    def _inner(self, wide: ir.TypeRef, one: ir.TypeRef, *, back: bool) -> bool:
        relation = self.relation(wide, one) if back else self.relation(one, wide)
        return relation == "same" or relation == ("narrowed" if back else "widened")


def _plain(one: ir.TypeRef) -> frozenset[str]:
    """The names of the plain types that hold all values of a type."""
    if isinstance(one, ir.Plain):
        return frozenset({one.name})
    if isinstance(one, ir.Choice):
        return frozenset(type(value).__name__.replace("NoneType", "None") for value in one.values)
    return frozenset({"?"})


def _taken(name: str) -> frozenset[str]:
    return frozenset({"float", "int"}) if name == "float" else frozenset({name})


def _options(type_: ir.TypeRef, known: Definitions, depth: int = 0) -> Iterator[ir.TypeRef]:
    """The alternatives of a type, one by one; names of anything but objects are looked up."""
    if isinstance(type_, ir.Either):
        for option in type_.options:
            yield from _options(option, known, depth)
    elif isinstance(type_, ir.Named) and depth < 50 and (alias := _alias(type_, known)):
        yield from _options(alias, known, depth + 1)
    else:
        yield type_


def _alias(type_: ir.Named, known: Definitions) -> ir.TypeRef | None:
    definition = known.get(type_.name)
    return definition.alias if definition is not None and definition.members is None else None


def _opened(type_: ir.TypeRef, known: Definitions) -> ir.TypeRef:
    """A name that nothing defines is like any value."""
    if isinstance(type_, ir.Named) and type_.name not in known:
        return ir.Plain("Any")
    return type_


def spelt(type_: ir.TypeRef) -> str:
    """A type in words for a message, as Python spells it, cut where it is long."""
    text = _spelt(type_)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _spelt(type_: ir.TypeRef) -> str:
    match type_:
        case ir.Plain(name) | ir.Named(name):
            return name
        case ir.Listed(item):
            return f"list[{_spelt(item)}]"
        case ir.Mapped(value):
            return f"dict[str, {_spelt(value)}]"
        case ir.Choice(values):
            return f"Literal[{', '.join(map(repr, values))}]"
        case ir.Either(options):
            return " | ".join(map(_spelt, options))
