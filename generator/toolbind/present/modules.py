"""From an API to its two pages: the module, and the types beside it.

Imports `ir` and the rest of this room.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterable, Mapping, Sequence
from json import loads
from typing import Any

from toolbind import ir
from toolbind.present import rows
from toolbind.present.definitions import Definition, definitions
from toolbind.present.entries import Entry, entries
from toolbind.present.example import example
from toolbind.present.hints import annotation, union
from toolbind.present.layout import COLUMNS, STEP, block, fits, value
from toolbind.present.literals import (
    Source,
    comment,
    docstring,
    identifier,
)
from toolbind.present.page import ClientPage, ModulePage, Origin, PackagePage, TypesPage
from toolbind.present.prose import cut, wrapped
from toolbind.present.tools import table

TITLE_LIMIT = 60
SUMMARY_LIMIT = 600
_QUOTES = 3

LATER = (
    "ApprovalRequest",
    "AsyncWorkersAI",
    "Call",
    "Gateway",
    "Run",
    "RunOptions",
    "Turn",
    "WorkersAI",
    "events",
)
"""What every module hands on from its runtime when it is first asked for."""

PUBLIC = (
    "AsyncClient",
    "BASE_URL",
    "Client",
    "TOOLS",
    "ToolResult",
    "UNSET",
    "acall_tool",
    "arun",
    "call_tool",
    "errors",
    "run",
    "tools",
    "types",
    *LATER,
)
"""What every module offers, beside the two clients under names of their own."""

PACKAGE_NAMES = frozenset({*LATER, "ToolResult", "UNSET", "arun", "errors", "run"})
"""What the package itself offers: no module beside it can have such a name."""

RUNTIME = (
    "UNSET",
    "Api",
    "ClientOptions",
    "LazyModule",
    "OperationRow",
    "SchemeRow",
    "Tool",
    "ToolResult",
    "errors",
    "tool",
)
"""What every module imports from its runtime."""

IN_HINTS = ("Credential", "FileInput", "Unset")
"""What it imports from there as well if its signatures say so."""

_TYPING = ("TYPE_CHECKING", "Any", "Literal", "Unpack")
_BASES = ("AsyncBase", "SyncBase")
_TAKEN = frozenset({*dir(builtins), *PUBLIC, *RUNTIME, *_TYPING, *_BASES, *IN_HINTS})


def class_name(module: str) -> str:
    """`petstore` as `Petstore`; a name that modules have of their own gets `Client` behind it."""
    name = "".join(word[:1].upper() + word[1:] for word in module.split("_"))
    return f"{name}Client" if {name, f"Async{name}"} & _TAKEN else name


def module_page(api: ir.Api, origin: Origin) -> ModulePage:
    """The page of a module. Raises ValueError if `origin.module` can be no module's name."""
    return assembled(api, origin, entries(api))


def assembled(api: ir.Api, origin: Origin, printed: Sequence[Entry]) -> ModulePage:
    """The page of a module whose operations are printed already. Raises like `module_page`."""
    client = class_name(identifier(origin.module))
    base_url = api.servers[0].url if api.servers else ""
    bindings = {identifier(each.name): each for each in api.bindings}
    shared = {
        name: loads(text) for name, text in table(o for e in printed for o in e.offers).items()
    }
    schemes = {each.name: rows.scheme_row(each) for each in api.schemes}
    credentials = [identifier(name) for each in api.schemes for name in each.credentials]
    used = {name for each in printed for name in each.names}
    used.update(("Credential",) if credentials else (), ("Any",) if shared else ())
    shown = example(
        api, [e.shown for e in printed], base_url, f"{origin.package}.{origin.module}", client
    )
    return ModulePage(
        header=header(origin),
        docstring=_module_docstring(api, origin, shown),
        uses_json=any(each.uses_json for each in printed),
        typing=_listed(name for name in _TYPING if name in used or name in _ALWAYS),
        runtime=tuple(map(identifier, _import_order({*RUNTIME, *used.intersection(IN_HINTS)}))),
        types_import=_types_import(identifier(f"{origin.module}_types")),
        base_url=_beside("BASE_URL = ", base_url),
        client=identifier(client),
        async_client=identifier(f"Async{client}"),
        clients=_clients(api, origin, client, printed),
        credentials=_credentials(credentials, bindings),
        construct=_construct([*credentials, *bindings]),
        wanted=_wanted(api),
        parameters=_beside("_PARAMETERS: dict[str, Any] = ", shared) if shared else Source(),
        tools=_block("[", [each.tool for each in printed], "]"),
        operations=_block("{", [each.route for each in printed], "}"),
        schemes=_beside("_SCHEMES: dict[str, SchemeRow] = ", schemes),
        name=_beside("name=", origin.module, STEP, ","),
        title=_beside("title=", _titled(api, origin), STEP, ","),
        security=_beside("security=", rows.security(api.security), STEP, ","),
        exported=_exported({*PUBLIC, client, f"Async{client}"}),
    )


def _block(start: str, lines: Sequence[Source], end: str) -> Source:
    """A display with an item on each line, as it stays where items come and go."""
    return block(start, lines, end, 0) if lines else Source(start + end)


def types_page(api: ir.Api, origin: Origin) -> TypesPage:
    """The page of a module's types."""
    return assembled_types(api, origin, definitions(api.types))


def assembled_types(api: ir.Api, origin: Origin, printed: Sequence[Definition]) -> TypesPage:
    """The page of a module's types, which are printed already."""
    used = {name for each in printed for name in each.names}
    text = f"Types of {_titled(api, origin)}: request bodies and answers, as JSON has them."
    return TypesPage(
        header=header(origin),
        docstring=docstring(wrapped(text, COLUMNS, first=2 * _QUOTES), 0),
        typing=_listed(name for name in _TYPES_IMPORTS if name in used),
        definitions=tuple(_spaced(each.source for each in printed)),
    )


def _spaced(printed: Iterable[Source]) -> Iterable[Source]:
    """Two empty lines between definitions, but one between imports and what is no class."""
    for index, each in enumerate(printed):
        yield each if index == 0 and not each.startswith("class ") else Source(f"\n{each}")


def package_page(generator: str) -> PackagePage:
    """The page of the folder's `__init__.py`: the same whatever modules stand beside it."""
    return PackagePage(comment(f"Generated by {generator}. Do not edit."))


# --- parts of the frame ------------------------------------------------------------------------

_ALWAYS = ("TYPE_CHECKING", "Unpack")
_TYPES_IMPORTS = ("Any", "Literal", "NotRequired", "TypeAlias", "TypedDict")


def header(origin: Origin) -> Source:
    """Who made the file, from what, and how to make it again. No date: it would never be stable."""
    lines = (
        comment(f"Generated by {origin.generator} from {origin.document}. Do not edit; run:"),
        comment(origin.command),
        comment(f"SHA-256 of the document: {origin.digest}"),
        *(comment(f"SHA-256 of {name}: {digest}") for name, digest in origin.overlays),
    )
    return Source("\n".join(lines))


def _beside(before: str, data: Any, indent: int = 0, after: str = "") -> Source:
    """The literal of `data` where the template has `before` and `after` on its lines."""
    laid = value(data, indent, before, after)
    return Source(laid[len(before) : len(laid) - len(after)])


def _titled(api: ir.Api, origin: Origin) -> str:
    return cut(api.title, TITLE_LIMIT) or origin.module


def _module_docstring(api: ir.Api, origin: Origin, shown: Sequence[str]) -> Source:
    version = cut(api.version, TITLE_LIMIT)
    title = f"{_titled(api, origin)} {version}".rstrip()
    lines = wrapped(
        f"{title}: clients, and tools for models on Cloudflare Workers AI.", COLUMNS, first=_QUOTES
    )
    if api.summary:
        lines += ["", *wrapped(cut(api.summary, SUMMARY_LIMIT), COLUMNS)]
    if shown:
        lines += ["", "Example:", "", *(f"    {line}" if line else "" for line in shown)]
    return docstring(lines, 0)


def _clients(
    api: ir.Api, origin: Origin, client: str, printed: Sequence[Entry]
) -> tuple[ClientPage, ClientPage]:
    twin = f"Async{client}"
    return (
        ClientPage(
            name=identifier(client),
            base=identifier("SyncBase"),
            docstring=_client_docstring(api, origin, f"`{twin}` is its twin for async code."),
            methods=tuple(each.method for each in printed),
        ),
        ClientPage(
            name=identifier(twin),
            base=identifier("AsyncBase"),
            docstring=_client_docstring(api, origin, f"`{client}` tells more about each method."),
            methods=tuple(each.async_method for each in printed),
        ),
    )


def _client_docstring(api: ir.Api, origin: Origin, twin: str) -> Source:
    text = f"Client of {_titled(api, origin)}: one method for each operation, arguments by keyword."
    rest = "Methods give the decoded answer and raise `errors.ApiError` where there is none."
    variables = [
        f"{origin.module}_{name}".upper() for each in api.schemes for name in each.credentials
    ]
    bound = [f"{origin.module}_{each.name}".upper() for each in api.bindings]
    if variables:
        rest += f" Credentials not given come from the environment: {', '.join(variables)}."
    if bound:
        names = ", ".join(f"`{each.name}`" for each in api.bindings)
        rest += f" Every call that has it sends {names}, else {', '.join(bound)}."
    width = COLUMNS - STEP
    lines = [*wrapped(text, width, first=_QUOTES), "", *wrapped(f"{rest} {twin}", width)]
    return docstring(lines, STEP)


def _types_import(module: Source) -> Source:
    line = f"from . import {module} as types"
    if fits(line, STEP):
        return Source(line)
    return block("from . import (", [f"{module} as types,"], ")", STEP)


_BOUND_TYPES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


def _credentials(
    names: Sequence[Source], bindings: Mapping[Source, ir.Binding]
) -> tuple[Source, ...]:
    """Keyword-only parameters of constructors: credentials, then what operations are bound to."""
    kinds = {name: union((Source("Credential"), Source("None"))) for name in names}
    for name, binding in bindings.items():
        types = [Source(_BOUND_TYPES[each]) for each in binding.types]
        kinds[name] = union((*types, Source("None")))
    laid = [
        annotation(kind, 2 * STEP, f"{name}: ", " = None,", wrap=False)
        for name, kind in kinds.items()
    ]
    return (Source("*,"), *laid) if laid else ()


def _wanted(api: ir.Api) -> tuple[Source, ...]:
    """What `Api` is told only where the user has asked for it."""
    told = {
        "bindings": {each.name: each.secret for each in api.bindings},
        "headers": dict(api.headers),
        "presets": {each.name: list(each.tools) for each in api.presets},
    }
    return tuple(value(data, STEP, f"{name}=", ",") for name, data in told.items() if data)


def _construct(credentials: Sequence[Source]) -> Source:
    """The one statement of a constructor."""
    pairs = [f'"{name}": {name}' for name in credentials]
    table = "{" + ", ".join(pairs) + "}"
    line = f"super().__init__(base_url, {table}, **options)"
    indent = 2 * STEP
    if fits(line, indent):
        return Source(line)
    if not fits(f"{table},", indent + STEP):
        table = block("{", [f"{pair}," for pair in pairs], "}", indent + STEP)
    return block("super().__init__(", ["base_url,", f"{table},", "**options,"], ")", indent)


def _listed(several: Iterable[str]) -> Source:
    return Source(", ".join(map(identifier, several)))


_NUMBER = re.compile(r"(\d+)")


def _import_order(several: Iterable[str]) -> list[str]:
    """Constants, classes, others; each in natural order. So linters sort imports and `__all__`."""
    return sorted(several, key=_import_rank)


def _import_rank(name: str) -> tuple[int, list[tuple[int, str]]]:
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    parts = [(int(part), "") if part.isdigit() else (-1, part) for part in _NUMBER.split(name)]
    return kind, parts


def _exported(several: Iterable[str]) -> Source:
    return block("[", [f'"{identifier(name)}",' for name in _import_order(several)], "]", 0)
