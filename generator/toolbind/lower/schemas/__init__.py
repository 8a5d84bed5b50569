"""Schemas of a document, made ready for tools.

`Schemas` is the door: `argument` gives the schema of one argument, `inspect` the merged view of a
schema for whoever needs its shape. Rooms inside: `keywords` (what may stand in a schema), `view`
(the values), `algebra` (and/or of views), `builder` (node to view), `emit` (view to tool schema;
`places` is its state), `describe` (its texts). Imports `read` and `text.prose`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from toolbind.lower.schemas.algebra import covers
from toolbind.lower.schemas.builder import Builder, Key
from toolbind.lower.schemas.describe import Given, Texts, listed
from toolbind.lower.schemas.emit import Emitter
from toolbind.lower.schemas.kinds import Kinds
from toolbind.lower.schemas.places import LEAST_NODES, ROOM, TOKENS_PER_NODE, Emission
from toolbind.lower.schemas.view import (
    ANY,
    TYPES,
    Direction,
    Either,
    Group,
    Joined,
    View,
    identity,
    parts_of,
)
from toolbind.lower.text.prose import Prose
from toolbind.lower.text.worth import joined
from toolbind.read.document import Document, Node
from toolbind.read.trace import Memo, Trace

__all__ = [
    "ANY",
    "TYPES",
    "Direction",
    "Either",
    "Group",
    "Joined",
    "Key",
    "Lowered",
    "Schemas",
    "View",
    "identity",
    "parts_of",
]


@dataclass(frozen=True, slots=True)
class Lowered:
    """One argument's schema: `schema["type"]` is one string, `schema["description"]` is there.

    `also` lists the JSON types that the document allows besides. `exact` says that the schema
    accepts nothing that the document refuses. `single_typed` is false if a value of another type
    than `schema["type"]` could mean something. `notes` say in words what was left out. `example`
    is the document's own, where it may be shown. `words` are the only texts that may be given,
    where another type is shown and `also` has text.
    """

    schema: Mapping[str, Any]
    also: tuple[str, ...] = ()
    exact: bool = True
    single_typed: bool = True
    notes: tuple[str, ...] = ()
    example: Any = None
    words: tuple[str, ...] = ()


class Schemas:
    """The schemas of one document. Every node is read once; results are shared, never mutated.

    All methods let `ReferenceFailure` through: the caller knows whether it stands in a request.
    """

    def __init__(
        self, document: Document, trace: Trace, prose: Prose | None = None, room: int = ROOM
    ) -> None:
        """`room` is the budget of a tool in tokens: what cannot fit is not laid out at all."""
        self.document = document
        self.trace = trace
        self.prose = prose or Prose(trace)
        self._builder = Builder(document, trace)
        self._texts = Texts(self.prose)
        self.kinds = Kinds(document, self._builder)
        self._emitter = Emitter(self._builder, self._texts, trace, self.kinds, room)
        self._nodes = max(room // TOKENS_PER_NODE, LEAST_NODES)
        self._arguments: Memo[object, Lowered] = Memo(trace)
        self._same_words: Memo[object, Lowered] = Memo(trace)
        self._emissions: Memo[object, tuple[View, Emission]] = Memo(trace)

    def argument(
        self,
        node: Node | None,
        *,
        fallback: str,
        description: str = "",
        place: str = "body",
        optional: bool = False,
        example: str | None = None,
        when: str = "",
        direction: Direction = "request",
        free: str = "string",
        share: int = 1,
    ) -> Lowered:
        """The schema of one argument of a tool.

        `fallback` is the argument's name in the document; `description` is the raw text that stands
        with the parameter and goes before the schema's, as `example` does. `place` says where the
        value goes, `optional` that it may be left out, `when` on what condition it is wanted.
        `free` is the type of a value of which the document says nothing. `share` is how many
        arguments share the room of one. Without a node the argument is a string.
        """
        given = Given(fallback, place, description, optional, example, when)
        if node is None:
            view = View(Node({"type": "string"}, "#", ""), types=("string",))
            text = self._texts.argument(view, given)
            return Lowered({"type": "string", "description": text})
        nodes = min(self._nodes, max(4 * self._nodes // share, LEAST_NODES))
        key = (self._builder.key(node), given, direction, free, nodes)
        return self._arguments.get(key, lambda: self._by_words(node, given, direction, free, nodes))

    def _by_words(
        self, node: Node, given: Given, direction: Direction, free: str, nodes: int
    ) -> Lowered:
        """The same for schemas of the very same words, of which nothing has to be said by place:
        documents repeat theirs in thousands of operations."""
        if isinstance(node, Joined):
            return self._lowered(node, given, direction, free, nodes)
        setting = self.document.setting(node)
        words = (*setting, json.dumps(node.value), given, direction, free, nodes)
        return self._same_words.get(
            words,
            lambda: self._lowered(node, given, direction, free, nodes),
            unless_told_of=(node.file, node.pointer),
        )

    def _lowered(
        self, node: Node, given: Given, direction: Direction, free: str, nodes: int
    ) -> Lowered:
        view = self._builder.view(node)
        chosen, words = self._chosen(view, free)
        same = self._builder.end_key(node) if isinstance(node.value, dict) else node.value
        narrowed, emission = self._emissions.get(
            (same, chosen, direction, nodes), lambda: self._emitted(view, chosen, direction, nodes)
        )
        also = tuple(each for each in view.types if each != chosen)
        told = self._worth_telling(narrowed, also) if view.stated else ()
        if words:
            told = tuple(each for each in told if each != "string")
            given = replace(given, when=joined((f"Or {listed(words)}", given.when)))
        elif self._says_nothing(view, given):
            given = replace(given, when=joined(("Any JSON value", given.when)))
        example = narrowed.annotations.get("example") if given.example is None else given.example
        given = replace(
            given, description=given.description or self._words(narrowed), example=example
        )
        return Lowered(
            schema={
                "type": chosen,
                "description": self._texts.argument(narrowed, given, told),
                **emission.schema,
            },
            also=also,
            exact=emission.exact,
            single_typed=bool(view.single_type()),
            notes=emission.notes,
            example=self._texts.sample(example, given.name),
            words=words,
        )

    def _says_nothing(self, view: View, given: Given) -> bool:
        """Whether any value will do, and nobody says what for."""
        anything = not view.stated and not view.single_type()
        in_body = given.place in ("body", "whole-body")
        return anything and in_body and not (given.description or view.description)

    def _chosen(self, view: View, free: str) -> tuple[str, tuple[str, ...]]:
        """The type that is shown; and the words besides, of a number or one of some words."""
        chosen = view.single_type() or (view.types[0] if view.stated and view.types else free)
        numbers = [each for each in view.types if each in ("integer", "number")]
        if chosen != "string" or not numbers or not view.stated:
            return chosen, ()
        words = self._builder.narrow(view, ("string",)).enum
        values = self._builder.narrow(view, (numbers[0],)).enum
        if words is None or (values is not None and len(values) <= len(words)):
            return chosen, ()
        return numbers[0], tuple(words)

    def _emitted(
        self, view: View, chosen: str, direction: Direction, nodes: int
    ) -> tuple[View, Emission]:
        """What the view allows of one type, and its schema; the same for all who refer to it."""
        narrowed = self._builder.narrow(view, (chosen,))
        if not narrowed.types:
            words = view.description
            narrowed = View(view.node, types=(chosen,), description=words, exact=False)
        return narrowed, self._emitter.emit(narrowed, direction, nodes)

    def _words(self, view: View) -> str:
        """The text of an argument: its own, else that of its elements."""
        own = view.description or view.title
        if own or view.items is None:
            return own
        return self._builder.view(view.items).description

    def _worth_telling(self, view: View, also: tuple[str, ...]) -> tuple[str, ...]:
        """Types besides the chosen one that let a caller say what it otherwise could not."""
        chosen = view.types[0]
        told = [name for name in also if name != "null"]
        if chosen == "string":
            return tuple(name for name in told if name in ("array", "object"))
        if chosen == "array" and view.items is not None:
            elements = self._builder.view(view.items).types
            told = [name for name in told if not covers(elements, name)]
        return tuple(told)

    def sample(self, value: Any, name: str) -> Any:
        """An example that the document gives of an argument, None if it may not be shown."""
        return self._texts.sample(value, name)

    def inspect(self, node: Node) -> View:
        """The merged view of a schema: references followed, `allOf` joined where that is exact."""
        return self._builder.view(node)

    def members(
        self, view: View, direction: Direction
    ) -> tuple[Mapping[str, Node], tuple[str, ...]]:
        """The members of an object that travel in `direction`, and which names are required.

        `readOnly` members do not travel in requests, `writeOnly` ones not in answers. A required
        name need not be among the members.
        """
        members, hidden = self._emitter.members(view, direction)
        return members, tuple(name for name in view.required if name not in hidden)

    def narrowed(self, view: View, kind: str) -> View:
        """What `view` allows of one type."""
        return self._builder.narrow(view, (kind,))

    def variants(self, view: View) -> tuple[View, ...]:
        """For a schema with alternatives: each of the first set, joined with the schema's rest."""
        return self._builder.variants(view)

    def key(self, node: Node) -> Key:
        """A hashable identity of the schema at `node`; the same for all references to one."""
        return self.key_of(self._builder.view(node))

    def key_of(self, view: View) -> Key:
        """The same for a schema that has been inspected."""
        return self._builder.key(view.node)
