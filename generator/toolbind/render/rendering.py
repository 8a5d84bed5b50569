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

from toolbind.present import Entry, ModulePage, PackagePage, TypesPage
from toolbind.present.literals import Source, literal
from toolbind.render.formatting import formatted
from toolbind.render.structure import prove
from toolbind.render.templates import printed

Page = TypeVar("Page", ModulePage, TypesPage, PackagePage)


def render_module(page: ModulePage) -> str:
    """The text of a module. Raises StructureError if it is not what the template describes."""
    text, _ = _settled("module.py.jinja", page, _frame(page))
    prove(text, methods=sum(len(each.methods) for each in page.clients))
    return text


def compose_module(page: ModulePage) -> str:
    """The same for a page whose entries are proven: the frame around them is left to be proven.

    Programs that are whole by themselves are one program when they stand below each other, and so
    it is with the methods of a class and the items of a display.
    """
    text, outline = _settled("module.py.jinja", page, _frame(page))
    if outline is None:  # black has been over all of it
        prove(text, methods=sum(len(each.methods) for each in page.clients))
    else:
        prove(outline)
        prove(f"_PARAMETERS: dict[str, Any] = {page.parameters or literal({})}\n")
    return text


def prove_entry(entry: Entry) -> None:
    """Raise StructureError unless an entry is one method for each client, a tool and a route."""
    lines = [f"class {word}(Base):" for word in ("Client", "AsyncClient")]
    methods = (entry.method, entry.async_method)
    for line, method in zip(lines, methods, strict=True):
        body = f"        {method.docstring}\n        {method.statement}"
        prove(f"{line}\n    {method.signature}\n{body}\n", methods=1)
    prove(f"TOOLS: list[Tool] = [\n    {entry.tool}\n]\n")
    prove(f"_OPERATIONS: dict[str, OperationRow] = {{\n    {entry.route}\n}}\n")


def _frame(page: ModulePage) -> ModulePage:
    clients = tuple(replace(each, methods=()) for each in page.clients)
    return replace(
        page, clients=clients, parameters=Source(), tools=literal([]), operations=literal({})
    )


def render_types(page: TypesPage) -> str:
    """The text of a types module. Raises StructureError like `render_module`."""
    text, _ = _settled("types.py.jinja", page, replace(page, definitions=()))
    prove(text)
    return text


def compose_types(page: TypesPage, *, proven: bool) -> str:
    """The same; where the definitions are `proven`, the frame around them is left to be proven."""
    if not proven:
        return render_types(page)
    text, outline = _settled("types.py.jinja", page, replace(page, definitions=()))
    prove(text if outline is None else outline)
    return text


def render_package(page: PackagePage) -> str:
    """The text of the folder's `__init__.py`."""
    text, _ = _settled("package.py.jinja", page, page)
    prove(text)
    return text


def _settled(template: str, page: Page, frame: Page) -> tuple[str, str | None]:
    """The text as black leaves it, and its frame; None if black has been over all of it."""
    text = printed(template, page)
    outline = printed(template, frame)
    return (text, outline) if formatted(outline) == outline else (formatted(text), None)
