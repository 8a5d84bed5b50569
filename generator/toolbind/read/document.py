"""A document that has been read: its values, where they stand, and where its references lead.

Values are the raw JSON of the tree as lowered (Swagger 2.0 has become 3.0 by then) and are never
changed. Imports `diagnostics`, `fields`, `library`, `meaning`, `nodes`, `origins`, `pointers`,
`references`, `slips`, `trace`, `versions`, and `quarantine` once something is checked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from toolbind.diagnostics import Diagnostic, Place, Report, located
from toolbind.read import pointers, slips
from toolbind.read.fields import ObjectKind
from toolbind.read.library import Library
from toolbind.read.meaning import understood
from toolbind.read.nodes import Layered, Node, ReferenceFailure, layered
from toolbind.read.origins import Origins
from toolbind.read.references import References
from toolbind.read.trace import Trace
from toolbind.read.versions import Family, kind_of

if TYPE_CHECKING:
    from toolbind.read.quarantine import Kind, Problem, Quarantine

__all__ = ["Document", "Layered", "Node", "ReferenceFailure"]


class Document:
    """An OpenAPI document and the files that it refers to, which are read when they are needed.

    `version` is "3.0" or "3.1", the rules by which its values are to be understood;
    `original_version` is what the text says. `url` is where it was fetched from, or empty.
    """

    def __init__(
        self,
        name: str,
        library: Library,
        version: str,
        original_version: str,
        origins: Origins,
        trace: Trace | None = None,
    ) -> None:
        tree = library.tree(name)
        self.version = version
        self.original_version = original_version
        self.url = tree.url
        self._library = library
        self._origins = origins
        self._references = References(
            library, dialect_2020=version != "3.0", origins=origins, trace=trace
        )
        self._quarantine: Quarantine | None = None
        self._meant: dict[tuple[str, str, ObjectKind], tuple[Node, list[Diagnostic]]] = {}
        self.family = _family(original_version)
        root = Node(tree.value, pointers.ROOT, name)
        self.root, self._of_root = understood(root, "document", self.family)

    def tell(self, report: Report) -> None:
        """Say what is odd about the outermost objects, whatever becomes of the rest."""
        report.extend(self._of_root)
        components = self.root.get("components")
        if components is not None:
            report.extend(understood(components, "components", self.family)[1])

    @property
    def files(self) -> Mapping[str, str]:
        """SHA-256 of every other file that has been read so far, by its path or URL."""
        return MappingProxyType(self._library.digests)

    def file(self, name: str) -> Node:
        """The root of a file that has been read."""
        return Node(self._library.tree(name).value, pointers.ROOT, name)

    def written(self) -> str:
        """The document as its overlays have made it, as JSON or YAML as its own text is."""
        from toolbind.read.writing import as_json, as_yaml

        tree = self._library.tree(self.root.file)
        if tree.parsed.is_yaml:
            return as_yaml(tree.written)
        return as_json(tree.written, tree.parsed.text)

    def mentions(self, keyword: str) -> bool:
        """Whether a keyword stands anywhere in the document's own text."""
        return self._library.tree(self.root.file).mentions(keyword)

    def value(self, pointer: str) -> Any:
        """What stands at a pointer of the document itself; `pointers.MISSING` if nothing does."""
        return pointers.find(self.root.value, pointer)

    def traced(self, trace: Trace) -> Document:
        """The same document, of which `trace` learns what is read by following references."""
        name, origins = self.root.file, self._origins
        return Document(name, self._library, self.version, self.original_version, origins, trace)

    def resolve(self, node: Node) -> Node:
        """The value at the end of a chain of `$ref`s; the node itself if it is no reference.

        Members beside a `$ref` are not looked at: a caller to whom they matter (schemas since 3.1)
        goes step by step with `target`. A `$dynamicRef` is followed where it can mean one schema
        only. Raises ReferenceFailure for a reference to nothing, to itself, or to where reading is
        not allowed.
        """
        return self._references.end(node)

    def target(self, node: Node) -> Node:
        """Where one reference leads, which may be a reference again; else like `resolve`."""
        return self._references.step(node)

    def understood(self, node: Node, kind: ObjectKind, report: Report) -> Node:
        """The object that a node is or refers to, as it is meant; says what is odd about it.

        What can be read in one way only is read that way (`meaning`). Raises ReferenceFailure.
        """
        end = self.resolve(node)
        step = node
        while (step.file, step.pointer) != (end.file, end.pointer):
            report.extend(slips.of_reference(step, kind, self.family))
            step = self.target(step)
        key = (end.file, end.pointer, kind)
        known = self._meant.get(key)
        if known is None:
            meant, findings = understood(end, kind, self.family)
            known = self._meant[key] = _with_older_schema(meant, kind), findings
        report.extend(known[1])
        return known[0]

    def path_item(self, node: Node, report: Report) -> tuple[Node, ReferenceFailure | None]:
        """A path item, together with those that it refers to, and the reference that fails.

        What stands beside its `$ref` adds up with what that leads to; of a field that stands in
        both, the one beside the reference counts, and that is told. Parameters are kept apart:
        `Layered.layers`.
        """
        layers: list[Node] = []
        failure: ReferenceFailure | None = None
        while failure is None:
            if not isinstance(node.value, dict):
                reason = f"a path item is {kind_of(node.value)}, not an object"
                failure = ReferenceFailure("operation-shape", node.place, reason)
                break
            meant, findings = understood(node, "pathItem", self.family)
            report.extend(findings)
            layers.append(meant)
            if "$ref" not in node.value:
                break
            try:
                self.resolve(node)  # notices a cycle
                node = self.target(node)
            except ReferenceFailure as failed:
                failure = failed
        report.extend(slips.of_layers(layers))
        return layered(layers) if layers else node, failure

    def identity(self, node: Node) -> tuple[str, str]:
        """What tells values apart, as a key for tables."""
        return node.file, node.pointer

    def setting(self, node: Node) -> tuple[str, str]:
        """All that decides, besides its words, what a reference at or below `node` means."""
        return node.file, self._references.base(node)

    def check(self, node: Node, kind: Kind) -> Problem | None:
        """What the specification says against an object, as far as it matters for a request.

        `node` is what the object is, not a reference to it. Answers, schemas, examples, prose and
        extensions are not looked at, so they never cost an operation. Judged once and remembered.
        """
        if self._quarantine is None:
            from toolbind.read.quarantine import Quarantine

            self._quarantine = Quarantine(self.version)
        return self._quarantine.check(node, kind)

    def overlaid(self) -> list[str]:
        """Pointers, in the tree as lowered, of what overlays have given; the outermost alone."""
        mended = self._library.tree(self.root.file).mended
        if mended is None:
            return []
        found = mended.trace.others(self.root.file)
        return [self._origins.current(pointer) for pointer in found]

    def original(self, place: Place) -> Place:
        """A place of the tree as lowered, as the place that the user wrote, in whichever file."""
        mended = self._library.tree(self.root.file).mended
        if not self._origins.moved and mended is None:
            return place
        if not self._library.has(place.file):
            return place
        place = self._origins.original(place)
        if not self._library.has(place.file):
            return place
        tree = self._library.tree(place.file)
        place = replace(place, pointer=pointers.nearest(tree.written, place.pointer))
        if tree.mended is None:
            return place
        place = tree.mended.origin(place)
        text = self._library.text(place.file)
        pointer = pointers.nearest(text.value, place.pointer) if text else place.pointer
        return replace(place, pointer=pointer)

    def located(self, findings: Iterable[Diagnostic]) -> list[Diagnostic]:
        """The findings with the places that the user wrote, by line and column where known; each
        once."""
        found = [
            finding if finding.place.line else located(finding, self.original(finding.place))
            for finding in findings
        ]
        wanted: dict[str, set[str]] = defaultdict(set)
        for finding in found:
            if not finding.place.line and self._library.text(finding.place.file):
                wanted[finding.place.file].add(finding.place.pointer)
        known = {
            (file, pointer): position
            for file, places in wanted.items()
            if (text := self._library.text(file))
            for pointer, position in text.positions(places).items()
        }
        return list(dict.fromkeys(_placed(finding, known) for finding in found))


def _family(version: str) -> Family:
    """Whose fields the tree as lowered has: Swagger 2.0 has become 3.0."""
    families: tuple[Family, ...] = ("3.1", "3.2")
    return next((each for each in families if version.startswith(each)), "3.0")


def _with_older_schema(node: Node, kind: ObjectKind) -> Node:
    """A parameter with its type beside its name, as Swagger 2.0 had it, where nothing else says
    the type."""
    value = node.value
    if kind not in ("parameter", "header") or not isinstance(value, dict) or "type" not in value:
        return node
    if value.get("schema") is not None or value.get("content"):
        return node
    from toolbind.read.swagger.values import parameter

    return Node(parameter(value), node.pointer, node.file)


def _placed(finding: Diagnostic, known: Mapping[tuple[str, str], tuple[int, int]]) -> Diagnostic:
    place = finding.place
    position = known.get((place.file, place.pointer))
    if position is None:
        return finding
    return located(finding, replace(place, line=position[0], column=position[1]))
