"""Reading: from bytes to a `Document` whose values, places and references the other rooms use.

`source` gets the bytes, `parse` makes a tree of them (`json_text`, `yaml_text`), `overlay` mends
the tree, `versions` tells what it is, `swagger` upgrades Swagger 2.0, `references` and `library`
follow `$ref`s, `quarantine` asks openapi-pydantic about single objects, `fetch` is the only place
that opens a connection.
Imports `codes` and `diagnostics` from the package.
"""

from __future__ import annotations

from toolbind.read.document import Document
from toolbind.read.nodes import Node, ReferenceFailure
from toolbind.read.options import ReadOptions
from toolbind.read.reader import read
from toolbind.read.source import Source, load

__all__ = [
    "Document",
    "Node",
    "ReadOptions",
    "ReferenceFailure",
    "Source",
    "load",
    "read",
]
