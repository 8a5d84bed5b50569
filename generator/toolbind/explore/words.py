"""The words of a document as its author wrote them, to be shown beside those that a model sees.

Imports `ir` and `read`.
"""

from __future__ import annotations

from toolbind import ir
from toolbind.read import Document, Node, ReferenceFailure, pointers
from toolbind.read.pointers import MISSING

LIMIT = 4000
"""Characters of one text that are shown; documents hold texts of any length."""


def of_operation(document: Document, operation: ir.Operation) -> str:
    """Summary and description of an operation; empty where the document is silent."""
    return _said(_at(document, operation.pointer), ("summary", "description"))


def of_argument(document: Document, argument: ir.Argument) -> str:
    """The description of an argument: the parameter's or member's own, else its schema's."""
    node = _at(document, argument.pointer)
    schema = node.get("schema") if node is not None else None
    return _said(node, ("description",)) or _said(_end(document, schema), ("description",))


def is_told(words: str, shown: str) -> bool:
    """Whether what is shown to a model begins with these words: it may add defaults and limits."""
    return _plain(shown).startswith(_plain(words))


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".").casefold()


def _at(document: Document, pointer: str) -> Node | None:
    """What stands at a pointer of the document, at the end of its references."""
    root = document.root
    value = pointers.find(root.value, pointer)
    return None if value is MISSING else _end(document, Node(value, pointer, root.file))


def _end(document: Document, node: Node | None) -> Node | None:
    try:
        return node and document.resolve(node)
    except ReferenceFailure:
        return None


def _said(node: Node | None, keys: tuple[str, ...]) -> str:
    texts = [text for key in keys if node is not None and (text := node.text(key).strip())]
    joined = "\n\n".join(dict.fromkeys(texts))
    return joined if len(joined) <= LIMIT else f"{joined[:LIMIT]}… ({len(joined) - LIMIT:,} more)"
