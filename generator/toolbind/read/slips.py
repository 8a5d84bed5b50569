"""References where none may stand, what is lost beside one, and fields that stand twice.

Pure. Imports `diagnostics`, `fields`, `nodes`, `versions`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from toolbind.diagnostics import Diagnostic
from toolbind.read.fields import REFERABLE, WORDS, ObjectKind
from toolbind.read.nodes import Node
from toolbind.read.versions import Family

LISTED = 5
"""Names that one message lists."""

_TEXTS = ("summary", "description")
"""Count beside a reference since 3.1 (Reference Object)."""


def of_reference(node: Node, kind: ObjectKind, family: Family) -> Iterator[Diagnostic]:
    """What is odd about a reference that stands for an object of this kind."""
    if family not in REFERABLE.get(kind, ()):
        message = f"{WORDS[kind]} cannot be a reference; it is followed all the same"
        yield Diagnostic("reference-place", node.place, message)
    if isinstance(node.value.get("$ref"), list):
        message = "the value of `$ref` is a list of one; it is read as the text in it"
        yield Diagnostic("reference-place", node.place, message)
    lost = [name for name in node.value if name != "$ref" and not name.startswith("x-")]
    texts = [name for name in lost if name in _TEXTS]
    if family in ("2.0", "3.0") and texts:
        yield _beside("reference-text", node, texts)
    if fields := [name for name in lost if name not in _TEXTS]:
        yield _beside("reference-siblings", node, fields)


def _beside(code: str, node: Node, names: Sequence[str]) -> Diagnostic:
    listed = ", ".join(map(repr, names[:LISTED])) + (", ..." if len(names) > LISTED else "")
    verb = "has" if len(names) == 1 else "have"
    return Diagnostic(code, node.place, f"beside a `$ref` {listed} {verb} no effect")


def of_layers(layers: Sequence[Node]) -> Iterator[Diagnostic]:
    """Fields of a path item that stand beside its `$ref` and behind it. Parameters add up."""
    for index, layer in enumerate(layers):
        further = {key for other in layers[index + 1 :] for key in other.value}
        for key, member in layer.items():
            if key in further and key not in ("$ref", "parameters") and not key.startswith("x-"):
                message = f"{key!r} stands behind the `$ref` too; the one beside it counts"
                yield Diagnostic("path-item-conflict", member.place, message)
