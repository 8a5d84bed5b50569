"""upgrade(): the walk over a Swagger 2.0 document.

Imports `bodies`, `moves`, `parameters`, `parts`, and `library`, `nodes`, `origins`, `versions` of
`read`.
"""

from __future__ import annotations

from typing import Any, Final

from toolbind.diagnostics import Report
from toolbind.read.library import Library
from toolbind.read.nodes import Node
from toolbind.read.origins import Origins
from toolbind.read.pointers import join
from toolbind.read.swagger import bodies, parameters, parts
from toolbind.read.swagger.moves import Moves
from toolbind.read.swagger.values import JsonObject
from toolbind.read.versions import METHODS

_KEPT: Final = ("info", "security", "tags", "externalDocs")
_REPLACED: Final = ("parameters", "consumes", "produces", "schemes", "responses")


def upgrade(name: str, library: Library, origins: Origins, report: Report) -> JsonObject:
    """The tree of OpenAPI 3.0 that means what the Swagger 2.0 file `name` means.

    The old tree is not changed. References that cannot be followed stay as they are: whoever needs
    them is told why.
    """
    return _Upgrade(Moves(name, library, origins, report)).document()


class _Upgrade:
    def __init__(self, moves: Moves) -> None:
        root: JsonObject = moves.root.value
        self._moves = moves
        self._consumes = parts.media_types(root, "consumes") or []
        self._produces = parts.media_types(root, "produces") or []
        self._schemes = parts.schemes(root)
        self._items: dict[tuple[str, str], JsonObject] = {}

    def document(self) -> JsonObject:
        root = self._moves.root
        new: JsonObject = {"openapi": "3.0.3"}
        new.update({key: root.value[key] for key in _KEPT if key in root.value})
        new["servers"] = self._servers("#", root.get("host") or root.get("basePath") or root)
        new["components"] = self._components(root)
        paths = root.get("paths")
        new["paths"] = {
            path: item.value if path.startswith("x-") else self._item(item)
            for path, item in (paths.items() if paths is not None else ())
        }
        return new

    def _servers(self, pointer: str, reason: Node, schemes: list[str] | None = None) -> list[Any]:
        root = self._moves.root
        self._moves.moved(f"{pointer}/servers/0", reason)
        return list(parts.servers(root.value, schemes or self._schemes, self._moves.url))

    def _components(self, root: Node) -> JsonObject:
        """What had a name of its own, under `components`."""
        new: JsonObject = {}
        for old_group, group in parts.GROUPS.items():
            old = root.get(old_group)
            if old is None:
                continue
            pointer = f"#/components/{group}"
            self._moves.renamed(pointer, old)
            members = ((name, join(pointer, name), each) for name, each in old.items())
            new[group] = {name: self._component(group, at, each) for name, at, each in members}
        return new

    def _component(self, group: str, pointer: str, old: Node) -> Any:
        if group == "schemas":
            return self._moves.schema(old)
        if group == "parameters":
            return parameters.upgraded(old, pointer, self._moves)
        if group == "responses":
            return bodies.answer(old, pointer, self._produces, self._moves)
        return parts.security_scheme(old.value)

    def _item(self, old: Node) -> Any:
        """A path item. One that is referred to several times is upgraded once."""
        target = self._moves.followed(old)
        if target is None:  # a reference that cannot be followed, or no object
            return self._upgraded(old, old.pointer) if isinstance(old.value, dict) else old.value
        if (target.file, target.pointer) == (old.file, old.pointer):
            return self._once(target, old.pointer)
        same = self._moves.shared(target, "paths") or self._once(target, old.pointer)
        return {**same, **self._beside(old)}

    def _once(self, target: Node, pointer: str) -> JsonObject:
        key = (target.file, target.pointer)
        if key not in self._items:
            self._items[key] = self._upgraded(target, pointer)
        return self._items[key]

    def _beside(self, old: Node) -> JsonObject:
        """What stands beside the reference of a path item, which adds up with what it leads to."""
        own = {key: value for key, value in old.value.items() if key != "$ref"}
        if not own:
            return {}
        new = self._upgraded(Node(own, old.pointer, old.file), old.pointer)
        for key, member in old.items():
            self._moves.moved(join(old.pointer, key), member)
        return new

    def _upgraded(self, old: Node, pointer: str) -> JsonObject:
        self._moves.moved(pointer, old)
        old = self._moves.understood(old, "pathItem")
        shared = parameters.sort(old.get("parameters"), f"{pointer}/parameters", self._moves)
        new: JsonObject = {}
        for key, member in old.items():
            if key in METHODS["2.0"] and isinstance(member.value, dict):
                new[key] = self._operation(member, f"{pointer}/{key}", shared)
            elif key == "parameters" and isinstance(member.value, list):
                new[key] = shared.kept
            else:
                new[key] = member.value
        return new

    def _operation(self, old: Node, pointer: str, shared: parameters.Inputs) -> JsonObject:
        moves = self._moves
        old = moves.understood(old, "operation")
        listed = old.get("parameters")
        own = parameters.sort(listed, f"{pointer}/parameters", moves)
        new = {key: member for key, member in old.value.items() if key not in _REPLACED}
        if listed is not None:
            new["parameters"] = own.kept if isinstance(listed.value, list) else listed.value
        consumes = parts.media_types(old.value, "consumes")
        consumes = self._consumes if consumes is None else consumes
        body = bodies.request_body(old, f"{pointer}/requestBody", own, shared, consumes, moves)
        if body is not None:
            new["requestBody"] = body
        schemes = parts.schemes(old.value)
        if schemes and schemes[:1] != self._schemes[:1]:
            new["servers"] = self._servers(pointer, old.get("schemes") or old, schemes)
        responses = old.get("responses")
        if responses is not None:
            own_types = parts.media_types(old.value, "produces")
            produces = self._produces if own_types is None else own_types
            new["responses"] = bodies.answers(
                responses,
                f"{pointer}/responses",
                produces,
                has_own_types=own_types is not None,
                moves=moves,
            )
        return new
