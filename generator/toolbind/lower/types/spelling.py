"""What a type would like to be called: after its component, else after its place.

Imports `document.names` and `read`.
"""

from __future__ import annotations

import re

from toolbind.lower.document.names import pascal_case
from toolbind.read import pointers
from toolbind.read.document import Node

_DEFINITIONS = ("definitions", "$defs")

_STEPS = {
    "items": "Item",
    "additionalProperties": "Value",
    "contains": "Item",
    "not": "Not",
    "itemSchema": "Item",
    "-": "",
}
"""Steps of a pointer that lead to one schema, and the word for it."""

_MANY = {
    "properties": None,
    "patternProperties": "Value",
    "allOf": "",
    "anyOf": "Option",
    "oneOf": "Option",
    "prefixItems": "Item",
    "$defs": None,
    "definitions": None,
}
"""Steps that lead to a map or list of schemas: the word for a member, or None if its own name."""


def spelling(node: Node, root: Node, name: str) -> str:
    """PascalCase words for the schema at `node`, which was found below `root`.

    `name` is for `root` itself, where `root` is not part of a component.
    """
    tokens = pointers.split(node.pointer)
    base, rest = _component(tokens)
    if not base and node.file == root.file and f"{node.pointer}/".startswith(f"{root.pointer}/"):
        base, rest = name, tokens[len(pointers.split(root.pointer)) :]
    elif not base:
        base, rest = pascal_case(tokens[0] if tokens else _stem(node.file)), tokens[1:]
    return base + "".join(_words(rest))


def _component(tokens: list[str]) -> tuple[str, list[str]]:
    """The name of the component that a pointer leads into, if any, and the steps from there."""
    if len(tokens) >= 3 and tokens[0] == "components":
        return pascal_case(tokens[2]), tokens[3:]
    if len(tokens) >= 2 and tokens[0] in _DEFINITIONS:
        return pascal_case(tokens[1]), tokens[2:]
    return "", tokens


def _words(steps: list[str]) -> list[str]:
    words: list[str] = []
    rest = iter(steps)
    for step in rest:
        if step in _MANY:
            member = next(rest, "")
            word = _MANY[step]
            if word is None:
                words.append(pascal_case(member))
            elif word:
                words.append(word + (str(int(member) + 1) if member.isdigit() else ""))
        elif step in _STEPS:
            words.append(_STEPS[step])
    return words


def _stem(file: str) -> str:
    return re.sub(r"\.[A-Za-z]+$", "", file.rpartition("/")[2])
