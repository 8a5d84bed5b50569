"""The whole road in one place: text -> Document -> Api -> pages -> files.

    generated = generate(Source.of_text(text, "petstore.yaml"), name="petstore")
    generated.files["petstore.py"]

Pure: reads nothing but the document and what that refers to, writes nothing, and gives the same for
the same. Composes `read`, `lower`, `present` and `render`; imports nothing else of the package but
`diagnostics` and `ir`.
"""

from __future__ import annotations

import gc
import hashlib
import keyword
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field

from toolbind import ir
from toolbind.diagnostics import Diagnostic, DocumentError, Place, Report
from toolbind.lower import LowerOptions, lower
from toolbind.present import Origin, module_page, package_page, types_page
from toolbind.read import Document, ReadOptions, Source, read
from toolbind.render import render_module, render_package, render_types, runtime_files
from toolbind.version import __version__

GENERATOR = f"toolbind {__version__}"

Phase = Callable[[str], AbstractContextManager[object]]
"""Is entered around each stage with the stage's name, for whoever measures them."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a user can choose. `document` is how the header calls the document, if not by its
    source's name, `overlays` its overlays likewise, and `command` how the module is made again;
    `package` is the folder of modules as programs import it, for its example."""

    read: ReadOptions = field(default_factory=ReadOptions)
    lower: LowerOptions = field(default_factory=LowerOptions)
    document: str = ""
    command: str = ""
    overlays: tuple[str, ...] = ()
    package: str = "generated"


@dataclass(frozen=True, slots=True)
class Generated:
    """What a document gives: `files` by their names, and what there is to say about it.

    `references` holds the SHA-256 of every other file that went into it, by path or URL.
    """

    name: str
    files: Mapping[str, str]
    api: ir.Api
    diagnostics: tuple[Diagnostic, ...]
    references: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Examined:
    """A document as lowered, before anything is printed."""

    api: ir.Api
    diagnostics: tuple[Diagnostic, ...]
    references: Mapping[str, str]
    document: Document


def generate(
    source: Source | str | bytes,
    *,
    name: str,
    options: Options | None = None,
    phase: Phase = nullcontext,
) -> Generated:
    """The module of a document and the types beside it, as `NAME.py` and `NAME_types.py`.

    Raises DocumentError if the document is refused, which it is as well where no operation is left,
    ValueError if no module can have this name.
    """
    options = options or Options()
    source = source if isinstance(source, Source) else Source.of_text(source)
    origin = _origin(source, name, options)
    with _uncollected():
        found = examine(source, options=options, phase=phase)
        if not found.api.operations:
            raise nothing_left(found, source.name)
        with phase("present"):
            module, types = module_page(found.api, origin), types_page(found.api, origin)
        with phase("render"):
            files = {f"{name}.py": render_module(module), f"{name}_types.py": render_types(types)}
    return Generated(name, files, found.api, found.diagnostics, found.references)


def examine(
    source: Source | str | bytes, *, options: Options | None = None, phase: Phase = nullcontext
) -> Examined:
    """What a document holds. Raises DocumentError if it is refused."""
    options = options or Options()
    source = source if isinstance(source, Source) else Source.of_text(source)
    report = Report()
    with _uncollected():
        with phase("read"):
            document = read(source, report, options.read)
        with phase("lower"):
            api = _lowered(document, report, options)
            diagnostics = tuple(document.located(report))
    return Examined(api, diagnostics, dict(document.files), document)


def nothing_left(found: Examined, document: str) -> DocumentError:
    """The refusal of a document without an operation of which a tool can be made."""
    skipped = found.api.skipped
    if not skipped:
        reason = "the document has no operations"
        return DocumentError(Diagnostic("operations-none", Place(document), reason))
    first = skipped[0]
    where = f"{first.method} {first.path}".removeprefix("* ")
    reason = f"no operation is left: {len(skipped)} skipped, the first {where}: {first.reason}"
    return DocumentError(Diagnostic("no-operations", Place(document), reason), found.diagnostics)


def shared_files() -> Mapping[str, bytes]:
    """What stands beside every module, whichever they are: the package and its runtime."""
    package = render_package(package_page(GENERATOR)).encode()
    runtime = {f"_runtime/{name}": data for name, data in runtime_files().items()}
    return {"__init__.py": package, **runtime}


def checked_name(name: str) -> str:
    """`name` if a module can have it; raises ValueError with a remedy."""
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) and not keyword.iskeyword(name):
        return name
    raise ValueError(
        f"{name!a} cannot name a module: give a name of letters, digits and underscores"
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Values that live until the end are made by the million: to look for garbage among them again
    and again costs a quarter of the time and finds none."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.freeze()  # what was made is taken for old
            gc.unfreeze()
            gc.enable()


def _lowered(document: Document, report: Report, options: Options) -> ir.Api:
    try:
        return lower(document, report, options.lower)
    except DocumentError as refused:
        raise DocumentError(document.located([refused.diagnostic])[0]) from None


def _origin(source: Source, name: str, options: Options) -> Origin:
    """What the header of a module says. Raises ValueError if no module can have this name."""
    return Origin(
        generator=GENERATOR,
        module=checked_name(name),
        document=options.document or source.name,
        digest=hashlib.sha256(source.data).hexdigest(),
        command=options.command or f"toolbind generate {source.name}",
        package=options.package,
        overlays=tuple(
            (name, hashlib.sha256(overlay.data).hexdigest())
            for name, overlay in zip(
                options.overlays or [each.name for each in source.overlays],
                source.overlays,
                strict=True,
            )
        ),
    )
