"""Pages to text: printed, formatted, proven before anyone gets it.

What a page holds by the hundred is printed in black's style already (`present.layout`), and black
takes many times longer to find that out than making it took. So black sees the frame alone: what
the template says itself, with the names and texts of this page. A frame that it would change takes
the long way, where black formats the whole.
Imports `present` and the rest of this room.
"""

from __future__ import annotations

from dataclasses import replace

from toolbind.present import Entry, Page
from toolbind.present.literals import Source, literal
from toolbind.present.page import AsyncPage, ModulePage, PackagePage, ToolsPage, TypesPage
from toolbind.present.tools import Offer
from toolbind.render.formatting import formatted
from toolbind.render.structure import prove
from toolbind.render.templates import printed

TEMPLATES: dict[type, str] = {
    ModulePage: "module.py.jinja",
    AsyncPage: "async.py.jinja",
    ToolsPage: "tools.py.jinja",
    TypesPage: "types.py.jinja",
    PackagePage: "package.py.jinja",
}


def render(page: Page) -> str:
    """The text of a file. Raises StructureError if it is not what its template describes."""
    text, _ = _settled(page)
    _prove(text, page)
    return text


def compose(page: Page) -> str:
    """The same for a page whose operations or types are proven: the frame around them is left.

    Programs that are whole by themselves are one program when they stand below each other, and so
    it is with the methods of a class and the items of a display.
    """
    text, outline = _settled(page)
    if outline is None:  # black has been over all of it
        _prove(text, page)
        return text
    _prove(outline, frame(page))
    if isinstance(page, ToolsPage):
        prove(f"_PARAMETERS: dict[str, Any] = {page.parameters or literal({})}\n")
    return text


class EntryProof:
    """Proves the entries of one module; an argument that several of them have is proven once."""

    def __init__(self) -> None:
        self._known: dict[Offer, str] = {}

    def __call__(self, entry: Entry) -> None:
        """Raise StructureError unless an entry is one method for each client, and a tool."""
        lines = [f"class {word}(Base):" for word in ("Client", "AsyncClient")]
        methods = (entry.method, entry.async_method)
        for line, method in zip(lines, methods, strict=True):
            body = f"        {method.docstring}\n        {method.statement}"
            prove(f"{line}\n    {method.signature}\n{body}\n", methods=1)
        prove(f"ENTRIES: list[ToolEntry] = [\n    {entry.tool.source(self._known)}\n]\n")
        self._known.update((each.offer, "known") for each in entry.tool.arguments)


def frame(page: Page) -> Page:
    """A page without what it holds by the hundred."""
    match page:
        case ModulePage() | AsyncPage():
            return replace(page, client=replace(page.client, methods=()))
        case ToolsPage():
            return replace(page, parameters=Source(), entries=literal([]))
        case TypesPage():
            return replace(page, definitions=())
        case PackagePage():
            return page


def _prove(text: str, page: Page) -> None:
    methods = len(page.client.methods) if isinstance(page, ModulePage | AsyncPage) else 0
    prove(text, methods=methods, module=page.module)


def _settled(page: Page) -> tuple[str, str | None]:
    """The text as black leaves it, and its frame; None if black has been over all of it."""
    template = TEMPLATES[type(page)]
    text = printed(template, page)
    outline = printed(template, frame(page))
    return (text, outline) if formatted(outline) == outline else (formatted(text), None)
