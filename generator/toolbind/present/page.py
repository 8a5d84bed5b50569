"""The pages: everything that the templates print, ready to print.

Every field is `Source`, or made of it. Imports the rest of this room's printers.
"""

from __future__ import annotations

from dataclasses import dataclass

from toolbind.present.literals import Source
from toolbind.present.methods import Method


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a module comes from. `module` is its name, `package` its folder's as it is imported.

    `command` makes it again; `digest` is the SHA-256 of the document in hexadecimal digits, and
    `overlays` are the names of its overlays with theirs.
    """

    generator: str
    module: str
    document: str
    digest: str
    command: str
    package: str = "generated"
    overlays: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ClientPage:
    """One client class."""

    name: Source
    base: Source
    docstring: Source
    methods: tuple[Method, ...]


@dataclass(frozen=True, slots=True)
class ModulePage:
    """`module.py.jinja`: clients, tools and routes of one API.

    `uses_json` says that some value is nested too deeply for a literal; `typing` and `runtime` are
    the names to import; `parameters` is empty where nothing is shared;
    `credentials` are lines of the clients'
    constructors, and `construct` their one statement; `wanted` is what the user has asked for.
    """

    header: Source
    docstring: Source
    uses_json: bool
    typing: Source
    runtime: tuple[Source, ...]
    types_import: Source
    base_url: Source
    client: Source
    async_client: Source
    clients: tuple[ClientPage, ...]
    credentials: tuple[Source, ...]
    construct: Source
    wanted: tuple[Source, ...]
    parameters: Source
    tools: Source
    operations: Source
    schemes: Source
    name: Source
    title: Source
    security: Source
    exported: Source


@dataclass(frozen=True, slots=True)
class TypesPage:
    """`types.py.jinja`: the types of one API, for type checkers and for those who import them."""

    header: Source
    docstring: Source
    typing: Source
    definitions: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class PackagePage:
    """`package.py.jinja`: what makes a folder of modules a package."""

    header: Source
