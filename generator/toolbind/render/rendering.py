"""Pages to text: printed, formatted, proven before anyone gets it.

What a page holds by the hundred is printed in black's style already (`present.layout`), and black
takes many times longer to find that out than making it took. So black sees the frame alone: what
the template says itself, with the names and texts of this page. A frame that it would change takes
the long way, where black formats the whole.
Imports `present` and the rest of this room.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from toolbind.present import ModulePage, PackagePage, TypesPage
from toolbind.present.literals import Source, literal
from toolbind.render.formatting import formatted
from toolbind.render.structure import prove
from toolbind.render.templates import printed

Page = TypeVar("Page", ModulePage, TypesPage, PackagePage)


def render_module(page: ModulePage) -> str:
    """The text of a module. Raises StructureError if it is not what the template describes."""
    clients = tuple(replace(each, methods=()) for each in page.clients)
    frame = replace(
        page, clients=clients, parameters=Source(), tools=literal([]), operations=literal({})
    )
    text = _settled("module.py.jinja", page, frame)
    prove(text, methods=sum(len(each.methods) for each in page.clients))
    return text


def render_types(page: TypesPage) -> str:
    """The text of a types module. Raises StructureError like `render_module`."""
    text = _settled("types.py.jinja", page, replace(page, definitions=()))
    prove(text)
    return text


def render_package(page: PackagePage) -> str:
    """The text of the folder's `__init__.py`."""
    text = _settled("package.py.jinja", page, page)
    prove(text)
    return text


def _settled(template: str, page: Page, frame: Page) -> str:
    text = printed(template, page)
    outline = printed(template, frame)
    return text if formatted(outline) == outline else formatted(text)
