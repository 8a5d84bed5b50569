"""Operations as they are found in a document, before anything of their requests is read.

Imports `extension`, `names`, `selection` and `read`.
"""

from __future__ import annotations

from dataclasses import dataclass

from toolbind.lower.document.extension import Wishes
from toolbind.lower.document.selection import Candidate
from toolbind.read.document import Node


@dataclass(frozen=True, slots=True)
class Found:
    """An operation of the document and its name, before anything of its request is read.

    `node` is the operation as it is meant, `written` as it stands in the document.
    """

    name: str
    method: str
    path: str
    item: Node
    node: Node
    wishes: Wishes
    written: Node

    @property
    def given_name(self) -> str:
        """What its author calls it; empty if nothing."""
        return self.wishes.name or self.node.text("operationId")

    @property
    def said(self) -> tuple[str, str]:
        """Summary and description, as their author wrote them."""
        if self.wishes.description:
            return "", self.wishes.description
        node = self.item if self.is_described_by_path else self.node
        return node.text("summary"), node.text("description")

    @property
    def is_described_by_path(self) -> bool:
        """Whether all that is said of it is said of every method of its path."""
        own = (self.wishes.description, self.node.text("summary"), self.node.text("description"))
        return not any(text.strip() for text in own)

    @property
    def candidate(self) -> Candidate:
        tags = self.node.get("tags")
        texts = [tag.value for tag in tags.elements()] if tags is not None else []
        texts = [tag for tag in texts if isinstance(tag, str)]
        operation_id = self.node.text("operationId")
        return Candidate(self.method, self.path, self.name, operation_id, tuple(texts))
