"""Operations as they are found in a document, before anything of their requests is read.

Imports `extension`, `names`, `selection` and `read`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from toolbind.lower.document import names
from toolbind.lower.document.extension import Wishes
from toolbind.lower.document.selection import Candidate
from toolbind.read.document import Node

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""The fields of a path item that are operations (OpenAPI 3.1 section 4.8.9)."""

VAGUE_TAGS = frozenset(("default", "root"))
"""Tags that tools give by themselves, and that name nothing."""

SUMMARY_LIMIT = 6
"""Words of a summary that can be a name."""


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
    def spellings(self) -> tuple[str, ...]:
        """The names that it would like, best first: what its author calls it, else where it is."""
        route = f"{self.method.lower()} {self.path}"
        if self.wishes.name:
            return self.wishes.name, route
        given = self.node.text("operationId")
        function = names.fastapi_function(given, self.path, METHODS)
        if function:
            return function, f"{function} {self.path}", given, route
        if given or names.snake_case(self.path):
            return given, route
        return (*self._nameless(), route)

    def _nameless(self) -> Iterator[str]:
        """What to call an operation at `/` that has no name: by its tag, else by its summary."""
        tags = [tag for tag in self.candidate.tags if tag.lower() not in VAGUE_TAGS]
        yield from (f"{self.method.lower()} {tag}" for tag in tags[:1])
        summary = self.node.text("summary")
        if len(names.words(summary)) <= SUMMARY_LIMIT:
            yield summary

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
