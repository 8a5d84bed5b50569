"""Where references lead: pointers, anchors and identifiers of schemas, other files.

A reference is followed one step at a time and never by recursion over the document, so chains of
any length end and cycles are noticed. Imports `anchors`, `library`, `nodes`, `origins`,
`pointers`, `trace`, `urls`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from toolbind.read import pointers
from toolbind.read.anchors import Anchors, base_at
from toolbind.read.library import Library, Tree
from toolbind.read.nodes import Node, ReferenceFailure
from toolbind.read.origins import Origins
from toolbind.read.trace import FOREIGN, Address, Trace
from toolbind.read.urls import joined

_MAX_THROUGH = 8
"""References that may be on the way of each other's pointers. One is rare."""


class _Link(NamedTuple):
    """All that decides where a reference leads. `base` is the `$id` around it, if any."""

    file: str
    base: str
    text: str
    is_dynamic: bool


def spelt(reference: Any) -> str | None:
    """The text of a `$ref`, which may stand in a list of its own; None for anything else."""
    if isinstance(reference, list) and len(reference) == 1:
        reference = reference[0]
    return reference if isinstance(reference, str) else None


class References:
    """Follows the references of one document and of the files that it consists of."""

    def __init__(
        self,
        library: Library,
        *,
        dialect_2020: bool,
        origins: Origins | None = None,
        trace: Trace | None = None,
    ) -> None:
        """`dialect_2020`: `$id`, `$anchor` and `$dynamicRef` mean what they mean since 3.1.

        `origins` leads references of an upgraded document to where its values stand now. `trace`
        learns of every place on which it depends where a reference leads.
        """
        self._library = library
        self._dialect_2020 = dialect_2020
        self._origins = origins or Origins()
        self._trace = Trace() if trace is None else trace
        self._steps: dict[_Link, tuple[Node | ReferenceFailure, frozenset[Address]]] = {}
        self._ends: dict[_Link, tuple[Node, frozenset[Address]]] = {}
        self._anchors: dict[str, Anchors] = {}
        self._through = 0

    def end(self, node: Node) -> Node:
        """The value at the end of a chain of references; the node itself if it is none."""
        seen: dict[_Link, None] = {}
        while (link := self._link(node)) is not None:
            if link in seen:
                message = f"the reference {link.text!r} leads back to itself"
                raise ReferenceFailure("reference-cycle", node.place, message)
            seen[link] = None
            node = self._skipped(link) or self._follow(node, link)
        whole = frozenset({(self._library.root, pointers.ROOT)})
        for link in seen:  # what lies between is not listed: chains can be of any length
            self._ends[link] = node, self._steps[link][1] if len(seen) == 1 else whole
        return node

    def _skipped(self, link: _Link) -> Node | None:
        """The end of a chain that has been followed before."""
        known = self._ends.get(link)
        if known is None:
            return None
        self._trace.read(known[1])
        return known[0]

    def step(self, node: Node) -> Node:
        """Where one reference leads, which may be another; the node itself if it is none."""
        link = self._link(node)
        return node if link is None else self._follow(node, link)

    # --- one step -------------------------------------------------------------------------------

    def _link(self, node: Node) -> _Link | None:
        if not isinstance(node.value, dict):
            return None
        text, is_dynamic = spelt(node.value.get("$ref")), False
        if text is None and node.value.get("$ref") is not None:
            message = "the value of `$ref` is no text, so it refers to nothing"
            raise ReferenceFailure("reference-malformed", node.place, message)
        if text is None and self._dialect_2020:
            text, is_dynamic = node.value.get("$dynamicRef"), True
        if not isinstance(text, str):
            return None
        return _Link(node.file, self.base(node), text, is_dynamic)

    def base(self, node: Node) -> str:
        """The `$id` around a schema, by which its references are understood; mostly none."""
        tree = self._library.tree(node.file)
        if self._dialect_2020 and tree.mentions("$id"):
            self._trace.read({(tree.name, pointers.ROOT)})
            return base_at(tree.value, node.pointer, "")
        return ""

    def _follow(self, node: Node, link: _Link) -> Node:
        known = self._steps.get(link)
        if known is None:
            with self._trace.opened() as own:
                try:
                    found: Node | ReferenceFailure = self._lookup(node, link)
                except ReferenceFailure as failure:
                    if self._through:  # too many on this way, perhaps not on another
                        raise
                    found = failure
            known = self._steps[link] = found, frozenset(own.places)
        else:
            self._trace.read(known[1])
        found = known[0]
        if isinstance(found, ReferenceFailure):
            raise ReferenceFailure(found.code, node.place, found.message)
        return found

    def _lookup(self, node: Node, link: _Link) -> Node:
        address, _, fragment = link.text.partition("#")
        tree = self._library.tree(link.file)
        start = self._resource(node, tree, link.base, address)
        if not fragment:
            self._trace.read({(start.file, start.pointer)})
            return start
        if not fragment.startswith("/"):
            return self._anchored(node, link, start, fragment)
        starts = [start]
        if not address and start.pointer != pointers.ROOT:
            # Not exact but common: inside a schema with `$id`, a pointer from the file's root.
            starts.append(Node(tree.value, pointers.ROOT, tree.name))
        for begin in starts:
            for pointer in pointers.from_fragment(fragment):
                found = self._walk(begin, self._current(begin, pointer))
                if found is not None:
                    return found
        message = f"the reference {link.text!r} leads to nothing"
        raise ReferenceFailure("reference-missing", node.place, message)

    def _current(self, start: Node, pointer: str) -> str:
        """A pointer of the document's text, in its tree as lowered."""
        return self._origins.current(pointer) if start.file == self._library.root else pointer

    def _walk(self, start: Node, pointer: str) -> Node | None:
        """The value at `pointer` below `start`; references that stand on the way are followed."""
        here = start
        self._trace.read({(start.file, start.pointer + pointer.removeprefix(pointers.ROOT))})
        for token in pointers.split(pointer):
            member = pointers.step(here.value, token)
            if member is pointers.MISSING and self._link(here) is not None:
                here = self._passed(here)
                member = pointers.step(here.value, token)
            if member is pointers.MISSING:
                return None
            here = Node(member, pointers.join(here.pointer, token), here.file)
        return here

    def _passed(self, node: Node) -> Node:
        if self._through >= _MAX_THROUGH:
            message = "the reference passes through itself, or through too many others"
            raise ReferenceFailure("reference-cycle", node.place, message)
        self._through += 1
        self._trace.read({(node.file, pointers.ROOT)})
        try:
            return self.end(node)
        finally:
            self._through -= 1

    # --- files, and schema identifiers (JSON Schema 2020-12 sections 8.2 and 9.2) -----------------

    def _resource(self, node: Node, tree: Tree, base: str, address: str) -> Node:
        """The file or the identified schema that a reference is about."""
        uri = joined(base or tree.url, address) if address else base
        if uri and self._dialect_2020 and tree.mentions("$id"):
            self._trace.read({(tree.name, pointers.ROOT)})
            pointer = self._names(tree).resources.get(uri)
            if pointer is not None:
                return Node(pointers.find(tree.value, pointer), pointer, tree.name)
        if address:
            self._trace.read({FOREIGN})
            tree = self._library.open(address, tree, node.place)
        return Node(tree.value, pointers.ROOT, tree.name)

    def _anchored(self, node: Node, link: _Link, start: Node, name: str) -> Node:
        tree = self._library.tree(start.file)
        self._trace.read({(tree.name, pointers.ROOT)})
        found: list[str] = []
        if self._dialect_2020:
            base = base_at(tree.value, start.pointer, "")
            found = self._names(tree).find(name, base, is_dynamic=link.is_dynamic)
        if len(found) == 1:
            return Node(pointers.find(tree.value, found[0]), found[0], tree.name)
        if found:
            message = f"the reference {link.text!r} may mean any of {len(found)} schemas"
            raise ReferenceFailure("reference-ambiguous", node.place, message)
        message = f"the reference {link.text!r} leads to nothing"
        raise ReferenceFailure("reference-missing", node.place, message)

    def _names(self, tree: Tree) -> Anchors:
        if tree.name not in self._anchors:
            self._anchors[tree.name] = Anchors(tree.value, "")
        return self._anchors[tree.name]
