"""Every place of a document where a schema stands, and what a type of it is called.

A schema belongs to the operation or component in which it stands: `ListPets` + `Answer` + the
steps from there. The place alone decides, never who asks first: a name is settled among all places
of the document, whether or not anything reaches them. Imports `document.names` and `read`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from toolbind.lower.document import names
from toolbind.lower.document.names import pascal_case
from toolbind.read import pointers
from toolbind.read.document import Document, Node

_SCHEMA, _COMPONENT, _OPERATION, _ELSEWHERE = range(4)
"""Whose name goes first where two places would be called the same."""

_SUFFIX = {
    "responses": "Answer",
    "requestBodies": "Body",
    "parameters": "Parameter",
    "headers": "Header",
    "pathItems": "Path",
}
"""What a component that is no schema is called behind its name, where a schema has that name."""

_ONE = {
    "items": "Item",
    "additionalProperties": "Value",
    "contains": "Item",
    "not": "Not",
    "if": "If",
    "then": "Then",
    "else": "Else",
    "unevaluatedItems": "Item",
    "unevaluatedProperties": "Value",
    "propertyNames": "Name",
}
"""Keywords that hold one schema, and the word for it."""

_MAPS = {
    "properties": "",
    "patternProperties": "Value",
    "dependentSchemas": "",
    "$defs": "",
    "definitions": "",
}
"""Keywords that hold schemas by name, and the word for each; empty: its own name."""

_LISTS = {"allOf": "", "anyOf": "Option", "oneOf": "Option", "prefixItems": "Item"}
"""Keywords that hold a list of schemas, and the word for each, with its number behind it."""

_KEYWORDS = _ONE.keys() | _MAPS.keys() | _LISTS.keys()
_INSIDE = _KEYWORDS | {"schema", "content", "itemSchema", "parameters", "responses", "requestBody"}
_METHODS = frozenset(("get", "put", "post", "delete", "options", "head", "patch", "trace", "query"))
_SUCCESS = re.compile(r"2(?:[0-9][0-9]|XX|xx)")
_SAYS_MUCH = frozenset(
    (
        "properties", "patternProperties", "additionalProperties", "required", "allOf", "anyOf",
        "oneOf", "items", "prefixItems", "enum",
    )
)  # fmt: skip
"""Keywords without which no schema needs a name."""


@dataclass(frozen=True, slots=True)
class Owner:
    """An operation, at its place, and the path item around it, at its own."""

    name: str
    path: str
    node: Node
    item: Node


@dataclass(slots=True, eq=False)
class Place:
    """A schema and the words for it. `kind` is that of its owner, `steps` leads there from it.
    `whole` is the schema that it is a part or an alternative of; `parts` tells apart what stands
    in the parts of an `allOf`, which share the words of the whole."""

    value: Any
    pointer: str
    file: str
    words: str
    kind: int
    steps: int
    parts: tuple[int, ...] = ()
    whole: Place | None = None

    @property
    def identity(self) -> tuple[str, str]:
        return self.file, self.pointer

    @property
    def node(self) -> Node:
        return Node(self.value, self.pointer, self.file)

    @property
    def name(self) -> str:
        return names.identifier(self.words, names.TYPES)

    @property
    def rank(self) -> tuple[object, ...]:
        """The smallest of several gets the name that they want."""
        own = self.pointer.endswith(f"/{self.name}")
        place = len(self.pointer), self.pointer, self.file
        return self.steps > 0, self.kind, len(self.parts), not own, *place


class Places:
    """The places of one document and of the files that it refers to."""

    def __init__(self, document: Document, operations: Iterable[Owner] = ()) -> None:
        """`operations` are all of the document, wanted or not."""
        self._document = document
        self._operations = sorted(operations, key=lambda one: (len(one.path), one.path, one.name))
        self._by_value: dict[int, Place] = {}
        self._by_name: dict[str, list[Place]] = {}
        self._entered: set[tuple[str, str]] = set()
        self._schemas: frozenset[str] = frozenset()

    @property
    def ground(self) -> Iterator[str]:
        """All that decides what any place is called, beside the place: who wants which name."""
        if not self._entered:
            self._enter_document()
        for name, rivals in self._by_name.items():
            yield name
            for each in rivals:
                whole = each.whole.pointer if each.whole is not None else ""
                yield f"{each.words} {each.pointer} {each.kind} {each.steps} {each.parts} {whole}"

    def of(self, node: Node) -> Place:
        """The place of a schema. Equal values that were written once stand at one place."""
        if not self._entered:
            self._enter_document()
        known = self._by_value.get(id(node.value))
        if known is None:
            self._enter_around(node)
            known = self._by_value.get(id(node.value)) or self._stray(node)
        return known

    def name(self, place: Place) -> str:
        """What a type of the schema at `place` is called; no other place has this name."""
        name = place.name
        rivals = [*self._named(name), place]
        if len(rivals) == 1 or min(rivals, key=lambda each: each.rank) is place:
            return name
        for fuller in self._fuller(place, rivals):
            spelt = names.identifier(fuller, names.TYPES)
            if not self._named(spelt):
                return spelt
        return names.told_apart(name, self.identity(place.node), names.TYPES)

    def _named(self, name: str) -> list[Place]:
        return self._by_name.get(name.casefold(), [])

    def _fuller(self, place: Place, rivals: list[Place]) -> Iterator[str]:
        """More words for a place, if they tell it from all that share the fewer."""
        others = [each for each in rivals if each is not place]
        for told in range(1, len(place.parts) + 1):
            parts = place.parts[-told:]
            if all(each.parts[-told:] != parts for each in others):
                yield place.words + "Part" + "And".join(str(part + 1) for part in parts)
        if place.kind == _ELSEWHERE and all(each.file != place.file for each in others):
            yield _word(_stem(place.file), "File") + place.words

    def variant(self, name: str, node: Node) -> str:
        """`name`, for a type that is made of the schema at `node` and stands nowhere itself."""
        spelt = names.identifier(name, names.TYPES)
        if not self._named(spelt):
            return spelt
        return names.told_apart(spelt, (*self.identity(node), name), names.TYPES)

    def identity(self, node: Node) -> tuple[str, ...]:
        """What a schema is called in the document, as a tuple that no other schema has.

        Other files count by where they stand beside the document: how the user spelt its path
        must not show in a name.
        """
        home = self._document.root.file
        folder = home.rpartition("/")[0] + "/"
        parts: Iterable[Node] = getattr(node, "parts", None) or (node,)
        return tuple(
            text
            for part in parts
            for text in (
                part.pointer,
                "" if part.file == home else part.file.removeprefix(folder),
            )
        )

    # --- owners --------------------------------------------------------------------------------

    def _enter_document(self) -> None:
        root = self._document.root
        self._entered.add((root.file, ""))
        components = root.get("components")
        kinds = dict(components.items()) if components is not None else {}
        schemas = kinds.get("schemas")
        if schemas is not None:
            self._schemas = frozenset(pascal_case(key).casefold() for key, _ in schemas.items())
        for kind, members in kinds.items():
            for key, member in sorted(members.items(), key=lambda item: item[0]):
                self._enter_component(kind, key, member)
        for one in self._operations:
            self._enter_operation(one)

    def _enter_component(self, kind: str, key: str, node: Node) -> None:
        if not self._is_new(node):
            return
        base = _word(key, "Type")
        rank = _SCHEMA if kind == "schemas" else _COMPONENT
        if node.file != self._document.root.file:
            rank = _ELSEWHERE
        elif kind != "schemas" and base.casefold() in self._schemas:
            base += _SUFFIX.get(kind, "Component")
        if kind == "schemas":
            self._schema(node, base, rank, 0)
        elif kind == "pathItems":
            self._path_item(node, base, rank)
        else:
            self._holder(node, base, rank, 0)

    def _enter_operation(self, one: Owner) -> None:
        base = pascal_case(one.name)
        if self._is_new(one.node):
            self._operation(one.node, base, _OPERATION)
        parameters = one.item.get("parameters")
        if parameters is not None and self._is_new(parameters):
            self._parameters(parameters, _word(one.path, "Root"), _OPERATION)

    def _enter_around(self, node: Node) -> None:
        """The owner of a schema that stands at none of the known places."""
        tokens = pointers.split(node.pointer)
        root = self._document.file(node.file)
        match tokens:
            case ["components", kind, name, *_]:
                self._enter_at(root, tokens[:3], kind, name)
            case ["definitions" | "$defs", name, *_]:
                self._enter_at(root, tokens[:2], "schemas", name)
            case ["paths" | "webhooks", path, *_]:
                self._enter_at(root, tokens[:2], "pathItems", path)
            case _:
                count = next((i for i, token in enumerate(tokens) if token in _INSIDE), len(tokens))
                name = tokens[count - 1] if count else _stem(node.file)
                self._enter_at(root, tokens[:count], "other", name)

    def _enter_at(self, root: Node, tokens: list[str], kind: str, name: str) -> None:
        pointer = pointers.join(pointers.ROOT, *tokens)
        value = pointers.find(root.value, pointer)
        if isinstance(value, dict):
            self._enter_component(kind, name, Node(value, pointer, root.file))

    def _stray(self, node: Node) -> Place:
        """A schema where none is looked for, such as inside an extension, or one that lowering
        made up."""
        tokens = pointers.split(node.pointer)
        base = _word(tokens[-1] if tokens else _stem(node.file), "Type")
        place = Place(node.value, node.pointer, node.file, base, _ELSEWHERE, len(tokens))
        if isinstance(node.value, dict):  # every `true` is one value
            self._put(place)
        return place

    def _is_new(self, node: Node) -> bool:
        key = (node.file, node.pointer)
        new = key not in self._entered
        self._entered.add(key)
        return new

    # --- what holds schemas --------------------------------------------------------------------

    def _path_item(self, node: Node, base: str, kind: int) -> None:
        parameters = node.get("parameters")
        if parameters is not None:
            self._parameters(parameters, base, kind)
        for method, operation in node.items():
            if method in _METHODS:
                told = pascal_case(operation.text("operationId")) or base + pascal_case(method)
                self._operation(operation, told, kind)

    def _operation(self, node: Node, base: str, kind: int) -> None:
        parameters = node.get("parameters")
        if parameters is not None:
            self._parameters(parameters, base, kind)
        body = node.get("requestBody")
        if body is not None:
            self._holder(body, f"{base}Body", kind, 1)
        responses = node.get("responses")
        if responses is not None:
            statuses = [status for status, _ in responses.items()]
            first = next((each for each in statuses if _SUCCESS.fullmatch(each)), "default")
            for status, response in responses.items():
                told = "" if status == first else _word(status, "")
                self._holder(response, f"{base}Answer{told}", kind, 1)

    def _parameters(self, node: Node, base: str, kind: int) -> None:
        for each in node.elements():
            self._holder(each, base + _word(each.text("name"), "Parameter"), kind, 1)

    def _holder(self, node: Node, base: str, kind: int, steps: int) -> None:
        """What has a schema, or content by media type, or is a schema itself."""
        content = node.get("content")
        if content is not None:
            for number, (key, entry) in enumerate(content.items()):
                told = base if number == 0 else base + _word(key.rpartition("/")[2], "Other")
                self._media(entry, told, kind, steps)
        elif node.get("schema") is not None or node.get("itemSchema") is not None:
            self._media(node, base, kind, steps)
        elif steps == 0:
            self._schema(node, base, kind, steps)

    def _media(self, node: Node, base: str, kind: int, steps: int) -> None:
        for key, word in (("schema", ""), ("itemSchema", "Item")):
            schema = node.get(key)
            if schema is not None:
                self._schema(schema, base + word, kind, steps)

    # --- schemas -------------------------------------------------------------------------------

    def _schema(self, node: Node, words: str, kind: int, steps: int) -> None:
        """A schema and all that stand inside it."""
        stack = [Place(node.value, node.pointer, node.file, words, kind, steps)]
        while stack:
            place = stack.pop()
            if isinstance(place.value, dict) and self._put(place):
                stack += _inside(place)

    def _put(self, place: Place) -> bool:
        """Take in a place, unless its value stands elsewhere as well, where it was found before."""
        if self._by_value.setdefault(id(place.value), place) is not place:
            return False
        if not _SAYS_MUCH.isdisjoint(place.value):
            self._by_name.setdefault(place.name.casefold(), []).append(place)
        return True


def _inside(place: Place) -> Iterator[Place]:
    """The schemas directly inside one."""
    for key, held in place.value.items():
        if key not in _KEYWORDS:
            continue
        pointer = f"{place.pointer}/{key}"
        if key in _ONE:
            yield _child(place, held, pointer, _ONE[key])
        elif isinstance(held, dict):
            for name, each in held.items():
                word = _MAPS.get(key) or _word(name, "Member")
                yield _child(place, each, f"{pointer}/{pointers.escape(name)}", word)
        elif isinstance(held, list):
            for number, each in enumerate(held):
                yield _listed(place, key, number, each, f"{pointer}/{number}")


def _child(place: Place, value: Any, pointer: str, word: str) -> Place:
    words, steps = place.words + word, place.steps + 1
    return Place(value, pointer, place.file, words, place.kind, steps, place.parts)


def _listed(place: Place, key: str, number: int, value: Any, pointer: str) -> Place:
    if key == "allOf":
        parts = (*place.parts, number)
        words, kind, steps = place.words, place.kind, place.steps
        return Place(value, pointer, place.file, words, kind, steps, parts, place)
    found = _child(place, value, pointer, f"{_LISTS.get(key, '')}{number + 1}")
    found.whole = place if key in ("anyOf", "oneOf") else None
    return found


def _word(text: str, otherwise: str) -> str:
    return pascal_case(text) or otherwise


def _stem(file: str) -> str:
    return re.sub(r"\.[A-Za-z]+$", "", file.rpartition("/")[2])
