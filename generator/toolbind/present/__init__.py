"""present: from the lowered API to pages on which every string is ready to print.

`literals` is the only road from text of a document to source; `layout` prints it as black would;
`hints`, `definitions`, `methods`, `rows` and `example` say what is printed; `modules` puts a page
together. May import `ir` and what lies below it.
"""

from __future__ import annotations

from toolbind.present.definitions import Definition, definitions
from toolbind.present.entries import Entry, EntryPrinter
from toolbind.present.modules import (
    PACKAGE_NAMES,
    assembled,
    assembled_types,
    module_page,
    package_page,
    types_page,
)
from toolbind.present.page import ModulePage, Origin, PackagePage, TypesPage

__all__ = [
    "PACKAGE_NAMES",
    "Definition",
    "Entry",
    "EntryPrinter",
    "ModulePage",
    "Origin",
    "PackagePage",
    "TypesPage",
    "assembled",
    "assembled_types",
    "definitions",
    "module_page",
    "package_page",
    "types_page",
]
