"""Schema identifiers and anchors of one file, as OpenAPI 3.1 takes them from JSON Schema 2020-12.

Only what stands in the file counts: an identifier names a place, it is never fetched.
Imports `pointers`, `urls`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from toolbind.read import pointers
from toolbind.read.urls import joined


class Anchors:
    """`resources`: pointer of the schema that each absolute `$id` names. The rest is asked for."""

    def __init__(self, value: Any, url: str) -> None:
        self.resources: dict[str, str] = {}
        self._anchors: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._dynamic: dict[str, list[str]] = defaultdict(list)
        todo: list[tuple[Any, str, str]] = [(value, pointers.ROOT, url)]
        while todo:
            value, pointer, base = todo.pop()
            if isinstance(value, dict):
                base = self._take(value, pointer, base)
                todo += [(v, pointers.join(pointer, key), base) for key, v in value.items()]
            elif isinstance(value, list):
                todo += [(v, pointers.join(pointer, i), base) for i, v in enumerate(value)]

    def _take(self, schema: dict[str, Any], pointer: str, base: str) -> str:
        """Note what a schema is called; gives the base of the references in it."""
        base = identified(schema, base)
        if "$id" in schema and base:
            self.resources.setdefault(base, pointer)
        for keyword in ("$anchor", "$dynamicAnchor"):
            name = schema.get(keyword)
            if isinstance(name, str):
                self._anchors[name].append((base, pointer))
                if keyword == "$dynamicAnchor":
                    self._dynamic[name].append(pointer)
        return base

    def find(self, name: str, base: str, *, is_dynamic: bool) -> list[str]:
        """Pointers of the schemas that an anchor may mean; a reference is followed if it is one.

        In the schema resource `base` an anchor is looked for first; what a dynamic reference means
        depends on the way that led to it, so there every schema of that name counts.
        """
        if is_dynamic and len(self._dynamic[name]) > 1:
            return self._dynamic[name]
        places = self._anchors[name]
        own = [pointer for resource, pointer in places if resource == base]
        return own or [pointer for _, pointer in places]


def identified(schema: dict[str, Any], base: str) -> str:
    """The base of references in a schema that stands where `base` is the base."""
    name = schema.get("$id")
    if not isinstance(name, str) or name.startswith("#"):
        return base
    return joined(base, name.partition("#")[0])


def base_at(value: Any, pointer: str, url: str) -> str:
    """The base of references in the value at `pointer`: the innermost `$id` around it, or `url`."""
    base = url
    for token in (*pointers.split(pointer), None):
        if isinstance(value, dict):
            base = identified(value, base)
        if token is not None:
            value = pointers.step(value, token)
    return base
