"""The whole road in one place: text -> Document -> Api -> pages -> files.

    generated = generate(Source.of_text(text, "petstore.yaml"), name="petstore")
    generated.files["petstore.py"]

Pure: reads nothing but the document and what that refers to, writes nothing but to a memory that it
is given, and gives the same for the same. Composes `read`, `lower`, `present` and `render`;
`incremental` has the part that goes operation by operation.
"""

from __future__ import annotations

import gc
import hashlib
import keyword
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

from toolbind import ir
from toolbind.diagnostics import Diagnostic, DocumentError, Place, Report
from toolbind.incremental import Phase, operations
from toolbind.lower import Lowering, LowerOptions, lower
from toolbind.marks import MANIFEST, digests, manifest
from toolbind.memory import Memory
from toolbind.present import PACKAGE_NAMES, Origin, client_pages, package_page, types_pages
from toolbind.read import Document, ReadOptions, Source, read
from toolbind.render import compose, render, runtime_files
from toolbind.version import __version__

GENERATOR = f"toolbind {__version__}"


@dataclass(frozen=True, slots=True)
class Options:
    """What a user can choose. `document` is how the header calls the document, if not by its
    source's name, `overlays` its overlays likewise, and `command` how the module is made again;
    `package` is the folder of modules as programs import it, for its example, and `runtime` is
    "vendored" where their runtime stands in that folder, else "installed"."""

    read: ReadOptions = field(default_factory=ReadOptions)
    lower: LowerOptions = field(default_factory=LowerOptions)
    document: str = ""
    command: str = ""
    overlays: tuple[str, ...] = ()
    package: str = "generated"
    runtime: str = "vendored"


@dataclass(frozen=True, slots=True)
class Generated:
    """What a document gives: `files` by their names, and what there is to say about it.

    `operations` counts those of the module, `excluded` those that the options leave out.
    `references` holds the SHA-256 of every other file that went into it, by path or URL.
    """

    name: str
    files: Mapping[str, str]
    operations: int
    skipped: tuple[ir.Skipped, ...]
    excluded: int
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
    memory: Memory | None = None,
    phase: Phase = nullcontext,
) -> Generated:
    """The module of a document as `NAME.py`, and what stands beside it: its asynchronous client,
    its tools and its types, as `NAME_async.py`, `NAME_tools.py` and `NAME_types.py`.

    `memory` saves time where much of a document has been seen before, and changes nothing else.
    Raises DocumentError if the document is refused, which it is as well where no operation is left,
    ValueError if no module can have this name.
    """
    options = options or Options()
    source = source if isinstance(source, Source) else Source.of_text(source)
    origin = _origin(source, name, options)
    report = Report()
    with _uncollected():
        with phase("read"):
            document = read(source, report, options.read)
        with _located(document):
            with phase("lower"):
                lowering = Lowering(document, report, options.lower)
            made = operations(lowering, memory, phase)
        if not made.entries:
            said = tuple(document.located(report))
            raise nothing_left(made.api.skipped, said, source.name)
        with phase("present"):
            clients = client_pages(made.api, origin, made.entries)
            types = types_pages(made.api, origin, made.types)
        with phase("render"):
            files = {file: compose(page) for file, page in clients.items()}
            print_types = compose if made.proven else render
            files |= {file: print_types(page) for file, page in types.items()}
        with phase("lower"):
            diagnostics = tuple(document.located(report))
    counts = len(made.entries), made.api.skipped, made.api.excluded
    return Generated(name, files, *counts, diagnostics, dict(document.files))


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
            with _located(document):
                api = lower(document, report, options.lower)
            diagnostics = tuple(document.located(report))
    return Examined(api, diagnostics, dict(document.files), document)


def nothing_left(
    skipped: Sequence[ir.Skipped], said: tuple[Diagnostic, ...], document: str
) -> DocumentError:
    """The refusal of a document without an operation of which a tool can be made."""
    whole = Place(document, line=1, column=1)
    if not skipped:
        reason = "the document has no operations"
        return DocumentError(Diagnostic("operations-none", whole, reason))
    first = skipped[0]
    where = f"{first.method} {first.path}".removeprefix("* ")
    reason = f"no operation is left: {len(skipped)} skipped, the first {where}: {first.reason}"
    return DocumentError(Diagnostic("no-operations", whole, reason), said)


def shared_files(runtime: str = "vendored") -> Mapping[str, bytes]:
    """What stands beside every module, whichever they are: the package, and its runtime where that
    is not installed."""
    package = render(package_page(GENERATOR, runtime)).encode()
    if runtime == "installed":
        return {"__init__.py": package}
    files = runtime_files()
    copies = {**files, MANIFEST: manifest(digests(files).items())}
    return {"__init__.py": package, **{f"_runtime/{name}": data for name, data in copies.items()}}


def checked_name(name: str) -> str:
    """`name` if a module can have it; raises ValueError with a remedy."""
    if name in PACKAGE_NAMES:
        raise ValueError(
            f"{name!a} cannot name a module: packages have something else of that name; "
            "give another name"
        )
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


@contextmanager
def _located(document: Document) -> Iterator[None]:
    """Say of a refusal where it stands in the text."""
    try:
        yield
    except DocumentError as refused:
        raise DocumentError(document.located([refused.diagnostic])[0]) from None


def _origin(source: Source, name: str, options: Options) -> Origin:
    """What the header of a module says. Raises ValueError if no module can have this name."""
    return Origin(
        generator=GENERATOR,
        module=checked_name(name),
        document=options.document or source.name,
        command=options.command or f"toolbind generate {source.name}",
        package=options.package,
        runtime=options.runtime,
        overlays=tuple(
            (name, hashlib.sha256(overlay.data).hexdigest())
            for name, overlay in zip(
                options.overlays or [each.name for each in source.overlays],
                source.overlays,
                strict=True,
            )
        ),
    )
