"""What lowering hands around: the tools of one run, and arguments that have no name yet.

Imports `diagnostics`, `ir`, `read`, and of `lower` what it carries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeGuard

from toolbind import ir
from toolbind.diagnostics import Place
from toolbind.lower.document.curation import Curation
from toolbind.lower.document.security import Security
from toolbind.lower.document.servers import Servers
from toolbind.lower.fit.budget import Budget
from toolbind.lower.options import LowerOptions
from toolbind.lower.schemas import Lowered, Schemas
from toolbind.lower.text.prose import Prose
from toolbind.lower.types import Types
from toolbind.read.document import Document, Node, ReferenceFailure
from toolbind.read.trace import Memo, Trace


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that lowering an operation needs besides the operation.

    `parameters` remembers what became of parameters: documents refer to a few shared ones, or
    repeat the same words, in thousands of operations.
    """

    document: Document
    trace: Trace
    options: LowerOptions
    prose: Prose
    schemas: Schemas
    types: Types
    budget: Budget
    servers: Servers
    security: Security
    curation: Curation
    parameters: Memo[object, Draft | ir.Constant]

    def say(self, code: str, place: Place, message: str) -> None:
        self.trace.say(code, place, message)

    def text_at(self, holder: Node, node: Node) -> str:
        """The description of `node`, which `holder` is or refers to. Since OpenAPI 3.1 the text
        beside a reference stands for that of what it refers to (Reference Object)."""
        beside = holder.text("description") if self.document.version != "3.0" else ""
        return beside or node.text("description")

    def constant(self, schema: Node | None, required: bool) -> tuple[Any] | tuple[()]:
        """The value to send by itself: that of a required member with one allowed spelling."""
        if schema is None or not required:
            return ()
        only = self.schemas.inspect(schema).const
        return only if only and only[0] is not None else ()


@dataclass(frozen=True, slots=True)
class Draft:
    """An argument before the names of its operation are settled.

    `schema` is the document's, None where it has none. `spellings` are names it would like, best
    first. `hidden`: in no tool; `binding`: the client's argument that it is bound to, if it is;
    `scheme`: the security scheme whose credential it is; `decided`: the user has said whether it
    is a credential.
    """

    wire: str
    place: ir.ArgumentPlace
    required: bool
    schema: Node | None
    lowered: Lowered
    encoding: ir.Encoding
    pointer: str
    spellings: tuple[str, ...]
    hidden: bool = False
    binding: str = ""
    decided: bool = False
    scheme: str = ""


def is_object(node: Node | None) -> TypeGuard[Node]:
    return node is not None and isinstance(node.value, dict)


def end_of(context: Context, node: Node) -> Node:
    """What a reference leads to; a dangling one in an example costs nothing."""
    try:
        return context.document.resolve(node)
    except ReferenceFailure:
        return node
