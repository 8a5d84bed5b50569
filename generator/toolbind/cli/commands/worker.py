"""`toolbind worker`: a folder that deploys a generated module to Cloudflare Workers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from toolbind.cli.commands.generated import load_module
from toolbind.cli.commands.targets import is_module, previews
from toolbind.cli.output.files import Change, Owner, read
from toolbind.cli.output.writing import apply
from toolbind.cli.plan.options import debug_option
from toolbind.cli.terminal.shell import Complaint, counted, say
from toolbind.marks import MARK, Author

if TYPE_CHECKING:
    from toolbind.serve.worker import Project

MEASURE = """
import sys, time
sys.path.insert(0, sys.argv[1])
import httpx
started = time.process_time()
module = __import__(sys.argv[2], fromlist=["x"])
module.AsyncClient, module.AsyncWorkersAI, module.arun, module.TOOLS
seconds = time.process_time() - started
try:
    with open("/proc/self/status") as status:
        memory = next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
except OSError:
    memory = 0
print(seconds, memory)
"""
"""What importing costs where nothing is compiled yet, as in a Worker. Linux alone tells memory:
`resource` would include that of who started the process."""


@click.command("worker")
@click.argument("module")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    required=True,
    help="Folder of the Worker.",
)
@debug_option
def command(module: str, output: Path) -> None:
    """Write a Cloudflare Worker for MODULE, a generated module.

    DIR is a project of its own, which needs no toolbind: its README says how it is tried, deployed,
    and where secrets go. Written again, it gets the module, the runtime and the page as they are
    now; what is written once (src/entry.py, wrangler.jsonc) stays as it is.

    \b
    toolbind worker generated.petstore -o worker
    """
    if not is_module(module):
        raise Complaint(f"{module}: is a document; generate its module and name that")
    loaded = load_module(module)
    from toolbind.explore import of_module, page
    from toolbind.serve.worker import project

    name = loaded.__name__.rpartition(".")[2]
    subject = of_module(loaded, name=name, source=module)
    made = project(loaded, page(subject, previews(loaded)))
    changes = _changes(output, made)
    apply(changes, output)
    written = sum(change.new is not None for change in changes)
    say(f"{output}: {counted(len(loaded.TOOLS), 'tool')}, {counted(written, 'file')} written")
    _tell_costs(output, made, name)


def _changes(folder: Path, made: Project) -> list[Change]:
    """What to write: over what we wrote before, and over nothing else. Raises Complaint."""
    if folder.exists() and not folder.is_dir():
        raise Complaint(f"{folder}: is a file, and the Worker needs a folder")
    package = folder / "src" / made.package
    is_ours = (read(package / "__init__.py") or b"").startswith(MARK)
    if folder.is_dir() and any(folder.iterdir()) and not is_ours:
        raise Complaint(f"{folder}: holds files, and no Worker of toolbind's; name a new folder")
    owner = Owner(folder)
    changes = []
    for name, data in made.ours.items():
        path = folder / name
        old = read(path)
        if old == data:
            continue
        who = _author(owner, path, old)
        if who is Author.SOMEBODY:
            raise Complaint(f"{path}: was not written by toolbind and is left as it is; move it")
        if who is Author.EDITED:
            raise Complaint(f"{path}: was changed by hand since toolbind wrote it; move it")
        changes.append(Change(path, old, data))
    changes += [
        Change(folder / name, None, data)
        for name, data in made.theirs.items()
        if read(folder / name) is None
    ]
    wanted = {folder / name for name in made.ours}
    gone = [path for path in sorted(package.rglob("*.py")) if path not in wanted]
    return changes + [
        Change(path, was, None)
        for path in gone
        if _author(owner, path, was := read(path)) is Author.TOOLBIND
    ]


def _author(owner: Owner, path: Path, data: bytes | None) -> Author:
    from toolbind.explore import MARK as PAGE_MARK

    if path.suffix == ".html" and PAGE_MARK.encode() in (data or b"")[:4096]:
        return Author.TOOLBIND
    return owner.author(path, data)


def _tell_costs(folder: Path, made: Project, module: str) -> None:
    """Size and cost beside the limits of Workers, before those are met."""
    from toolbind.serve.worker import CODE_LIMIT, MEMORY_LIMIT, START_LIMIT, near_limits

    code = sum(len(data) for name, data in made.ours.items() if name.startswith("src/"))
    code += len(made.theirs["src/entry.py"])
    say(f"code: {code / 1e6:,.2f} MB and httpx, of {CODE_LIMIT >> 20} MiB")
    seconds, memory = _measured(folder / "src", f"{made.package}.{module}")
    told = f"importing: {seconds:.2f} s of CPU in this Python, of {START_LIMIT:.0f} s to start"
    if memory:
        told += f"; {memory / 1e6:,.0f} MB in all, of {MEMORY_LIMIT >> 20} MiB"
    say(told)
    for line in near_limits(code, memory, seconds):
        say(f"warning: {line}")


def _measured(source: Path, module: str) -> tuple[float, int]:
    """Seconds and bytes of memory that importing takes, in a process of its own."""
    command = [sys.executable, "-B", "-c", MEASURE, str(source.absolute()), module]
    done: Any = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise Complaint(f"{source}: the module cannot be imported there: {reason[0]}")
    seconds, memory = done.stdout.split()
    return float(seconds), int(memory)
