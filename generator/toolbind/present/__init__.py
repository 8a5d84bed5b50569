"""present: from the lowered API to pages on which every string is ready to print.

`literals` is the only road from text of a document to source; `layout` prints it as black would;
`hints`, `definitions`, `methods`, `tools`, `rows` and `example` say what is printed of operations,
`frame` what stands around them; `modules` puts the pages together. May import `ir` and what lies
below it.
"""

from __future__ import annotations

from toolbind.present.definitions import Definition, definitions
from toolbind.present.entries import Entry, EntryPrinter
from toolbind.present.modules import (
    BESIDE,
    PACKAGE_NAMES,
    client_pages,
    package_page,
    pages,
    types_pages,
)
from toolbind.present.page import Origin, Page

__all__ = [
    "BESIDE",
    "PACKAGE_NAMES",
    "Definition",
    "Entry",
    "EntryPrinter",
    "Origin",
    "Page",
    "client_pages",
    "definitions",
    "package_page",
    "pages",
    "types_pages",
]
