"""explore: from an API to the page that shows it, one file without a network.

`subject` is what a page is about, a document or a module; `describe` makes the page's data of it,
`calls` the example of each tool from the module's own request builder, `page` the page. Imports
`ir`, `diagnostics`, and what `read`, `lower`, `present` and `render` offer; touches no file.
"""

from __future__ import annotations

from toolbind.explore.page import MARK, page, policy_of
from toolbind.explore.requests import previewing
from toolbind.explore.subject import Preview, Subject, of_document, of_module

__all__ = [
    "MARK",
    "Preview",
    "Subject",
    "of_document",
    "of_module",
    "page",
    "policy_of",
    "previewing",
]
