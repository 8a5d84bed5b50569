"""Builds the manual: `python .ci/manual.py [FOLDER]`, dist/manual without one.

The pages of generator/docs, and beside them a reference that is made of what the program itself
goes by: the commands, the tables of settings and of diagnostic codes, the names of a generated
module with their docstrings. Zensical makes a site of both.
"""

from __future__ import annotations

import inspect
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, is_typeddict

import click

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "generator" / "docs"
CONFIG = "zensical.toml"


def reference() -> Mapping[str, str]:
    """The pages of the reference, by their names."""
    made = {
        "commands": commands(),
        "settings": settings(),
        "codes": codes(),
        "modules": modules(),
    }
    return {name: "\n".join(lines) + "\n" for name, lines in made.items()}


def commands() -> Iterator[str]:
    from toolbind.cli.main import COMMANDS, toolbind

    yield "# Commands"
    group = click.Context(toolbind, info_name="toolbind", max_content_width=100)
    yield from ("", "```text", group.get_help(), "```")
    for name, entry in COMMANDS.items():
        command = toolbind.get_command(group, name)
        assert command is not None
        context = click.Context(command, parent=group, info_name=name, max_content_width=100)
        yield from ("", f"## {name}", "", entry.summary, "")
        yield from ("```text", command.get_help(context), "```")


def settings() -> Iterator[str]:
    from toolbind.cli.commands.explain import EXAMPLE, HOLDERS
    from toolbind.cli.plan.keys import KEYS
    from toolbind.lower.document.extension import MEMBERS

    yield "# Settings"
    yield from ("", "```toml", EXAMPLE.rstrip(), "```", "")
    yield from ("| key | where | holds | |", "| --- | --- | --- | --- |")
    places = {"project": "top", "module": "module", "both": "top, module"}
    for key in KEYS:
        yield row(f"`{key.name}`", places[key.scope], escaped(key.shape), escaped(key.help))
    yield from ("", "## x-toolbind", "", "In a document that is yours, or by an overlay.")
    for holder, members in MEMBERS.items():
        yield from ("", f"### {HOLDERS[holder]}", "")
        yield from ("| member | holds | |", "| --- | --- | --- |")
        for name, each in members.items():
            yield row(f"`{name}`", escaped(each.holds), escaped(each.does))


def codes() -> Iterator[str]:
    from toolbind.codes import CODES

    yield "# Diagnostic codes"
    yield from ("", "`toolbind explain CODE` says the same.")
    for code, each in sorted(CODES.items()):
        yield from ("", f"## {code}", "", f"*{each.severity}*. {escaped(each.what)}")
        yield from ("", f"Why: {escaped(each.why)}")
        yield from ("", f"Remedy: {escaped(each.remedy)}")


def modules() -> Iterator[str]:
    """The names of a module, by the example of the petstore's."""
    sys.path.insert(0, str(ROOT))
    from generated import petstore

    yield "# Generated modules"
    yield from ("", "The names that each module has, here those of `generated.petstore`.")
    for name in petstore.__all__:
        yield from named(name, getattr(petstore, name))


def named(name: str, value: Any) -> Iterator[str]:
    """A public name: what it is, and what its docstring says."""
    yield from ("", f"## {name}", "")
    if isinstance(value, ModuleType):
        yield from paragraphs(value)
        for inner in members(value):
            yield from ("", f"### {name}.{inner.__name__}", "")
            yield from paragraphs(inner)
        return
    if not callable(value):
        kind = "the tools, a list of dicts" if name == "TOOLS" else type(value).__name__
        yield f"`{value!r}`" if isinstance(value, str) else f"A value: {kind}."
        return
    if is_typeddict(value):  # its comments say more than its docstring
        yield from ("```python", inspect.getsource(value).rstrip(), "```")
        return
    if not inspect.isclass(value):
        yield from ("```python", f"{name}{inspect.signature(value)}", "```", "")
    yield from paragraphs(value)


def members(module: ModuleType) -> list[Any]:
    """The classes that a module of the runtime is for."""
    found = [getattr(module, name) for name in dir(module) if not name.startswith("_")]
    return [each for each in found if inspect.isclass(each) and each.__module__ == module.__name__]


def paragraphs(value: Any) -> Iterator[str]:
    """A docstring as Markdown: what is set off is code."""
    text = inspect.getdoc(value) or "(no words)"
    for part in text.split("\n\n"):
        if part.startswith("    "):
            yield from ("```python", textwrap.dedent(part), "```", "")
        else:
            yield from (escaped(part), "")


def row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def escaped(text: str) -> str:
    """Own text in which angle brackets and stars stand for themselves, outside of code."""
    parts = text.split("`")
    for number in range(0, len(parts), 2):
        parts[number] = parts[number].replace("<", "&lt;").replace("*", "\\*")
    return "`".join(parts)


def main(arguments: list[str]) -> int:
    target = Path(arguments[0]) if arguments else ROOT / "dist" / "manual"
    work = target.with_name(f"{target.name}-pages")
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(DOCS, work / "docs", ignore=shutil.ignore_patterns(CONFIG))
    shutil.copy(DOCS / CONFIG, work / CONFIG)
    (work / "docs" / "reference").mkdir()
    for name, text in reference().items():
        (work / "docs" / "reference" / f"{name}.md").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "zensical", "build", "--strict"]
    done = subprocess.run(command, cwd=work, check=False)
    if done.returncode == 0:
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(work / "site", target)
        sys.stdout.write(f"{target / 'index.html'}\n")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
