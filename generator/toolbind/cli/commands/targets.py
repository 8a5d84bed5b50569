"""What a user wants to look at: a document, or a module that was generated; as a subject to show.

Imports `generated`, `plan`, `terminal`, and the rest of the package when there is something to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from toolbind.cli.commands.generated import load_module
from toolbind.cli.plan.documents import examined
from toolbind.cli.plan.jobs import name_of, options_for
from toolbind.cli.plan.module_names import url_parts
from toolbind.cli.plan.settings import Settings, Value
from toolbind.cli.terminal.shell import Complaint

if TYPE_CHECKING:
    from toolbind.explore import Preview, Subject
    from toolbind.ir import Api

_DOCUMENTS = (".json", ".yaml", ".yml")


def is_module(target: str) -> bool:
    """Whether a target is a module: `generated.petstore`, `generated/petstore.py`. A document is a
    URL, any file that is no Python, and what is called like one."""
    if "://" in target or target.endswith(_DOCUMENTS):
        return False
    return target.endswith(".py") or not Path(target).exists()


@contextmanager
def opened(
    target: str, flags: Mapping[str, Value], settings: Settings
) -> Iterator[tuple[Subject, Any]]:
    """The subject of a target, and the module that makes its requests.

    Raises Complaint if there is no such target, DocumentError if it is refused.
    """
    from toolbind.explore import of_document, of_module

    if is_module(target):
        if flags:
            named = ", ".join(f"--{key}" for key in flags)
            raise Complaint(f"{named}: goes with a document, and {target} is a module")
        module = load_module(target)
        name = module.__name__.rpartition(".")[2]
        yield of_module(module, name=name, source=_shown(target)), module
        return
    found = examined(target, options_for(target, flags, settings))
    name = name_of(target, settings, flags)
    with generated(found.api, name) as module:
        yield (
            of_document(
                found.api, found.document, found.diagnostics, name=name, source=_shown(target)
            ),
            module,
        )


def _shown(target: str) -> str:
    """A target as a page may name it, which others read: no folder of a home, nothing secret."""
    if "://" in target:
        parts = url_parts(target)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    path = Path(target)
    return path.name if path.is_absolute() or ".." in path.parts else target


@contextmanager
def generated(api: Api, name: str) -> Iterator[Any]:
    """The module that `generate` would write for an API, imported from a folder that goes away."""
    from toolbind.pipeline import shared_files
    from toolbind.present import Origin, pages
    from toolbind.render import render

    origin = Origin("toolbind", module=name, document="", command="")
    made = {file: render(page).encode() for file, page in pages(api, origin).items()}
    files = {**shared_files(), **made}
    with TemporaryDirectory(prefix="toolbind-") as folder:
        for file, data in files.items():
            path = Path(folder, file)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        yield load_module(str(Path(folder, f"{name}.py")))


def previews(module: Any) -> Preview:
    """How a module makes requests, with something in the place of every credential.

    What is really in the environment is not looked at, and masked in any case.
    """
    from toolbind.explore import previewing
    from toolbind.present.example import ANYWHERE

    api = module._API
    names: dict[str, Any] = {
        name: "..." for row in api.schemes.values() for name in row["credentials"]
    }
    names |= _bound(module)
    base_url = api.base_url if "://" in api.base_url else ANYWHERE + api.base_url
    client = module.Client(base_url, **names, allow_http=True)
    return previewing(module, client)


def _bound(module: Any) -> dict[str, Any]:
    """Something of the right type for each argument that the client itself is given."""
    api = module._API
    if not getattr(api, "bindings", {}):
        return {}
    examples = {"integer": 1, "number": 1, "boolean": True}
    rows = [row for tool in module.TOOLS for row in api.operation(tool["name"]).bound.values()]
    return {row["bind"]: examples.get(row.get("type"), "...") for row in rows if "bind" in row}
