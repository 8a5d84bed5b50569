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

    `command` makes it again; `overlays` are the names of its overlays, each with its SHA-256 in
    hexadecimal digits.
    """

    generator: str
    module: str
    document: str
    command: str
    package: str = "generated"
    overlays: tuple[tuple[str, str], ...] = ()
    runtime: str = "vendored"


@dataclass(frozen=True, slots=True)
class Home:
    """Where files have the runtime: its name in imports and in words, and what imports it whole."""

    name: Source
    told: Source
    whole: Source


@dataclass(frozen=True, slots=True)
class ClientPage:
    """One client class. `credentials` are lines of its constructor, `construct` is its one
    statement."""

    name: Source
    docstring: Source
    credentials: tuple[Source, ...]
    construct: Source
    methods: tuple[Method, ...]


@dataclass(frozen=True, slots=True)
class ModulePage:
    """`module.py.jinja`: what a program imports, and the synchronous client of one API.

    `module` is its name, which the files beside it begin with; `home` is where the runtime is;
    `typing` and `runtime` are the names to import; `wanted` is what the user has asked for.
    """

    module: Source
    home: Home
    header: Source
    docstring: Source
    typing: Source
    runtime: tuple[Source, ...]
    types_import: Source
    async_import: Source
    tools_import: Source
    base_url: Source
    client: ClientPage
    wanted: tuple[Source, ...]
    schemes: Source
    name: Source
    title: Source
    security: Source
    exported: Source


@dataclass(frozen=True, slots=True)
class AsyncPage:
    """`async.py.jinja`: the asynchronous client of one API."""

    module: Source
    home: Home
    header: Source
    docstring: Source
    typing: Source
    runtime: tuple[Source, ...]
    module_import: Source
    client: ClientPage


@dataclass(frozen=True, slots=True)
class ToolsPage:
    """`tools.py.jinja`: an entry for each operation. `parameters` is empty where nothing is shared;
    `imports` are those that only some modules need."""

    module: Source
    home: Home
    header: Source
    docstring: Source
    imports: tuple[Source, ...]
    parameters: Source
    entries: Source


@dataclass(frozen=True, slots=True)
class TypesPage:
    """`types.py.jinja`: the types of one API, for type checkers and for those who import them.

    Annotations are evaluated when the file is imported, so that what reads them at run time finds
    on any Python which keys are required.
    """

    module: Source
    header: Source
    docstring: Source
    imports: tuple[Source, ...]
    definitions: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class PackagePage:
    """`package.py.jinja`: what makes a folder of modules a package."""

    module: Source
    home: Home
    header: Source


Page = ModulePage | AsyncPage | ToolsPage | TypesPage | PackagePage
