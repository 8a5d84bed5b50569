"""Changes of APIs for readers: text, JSON, Markdown, and the annotations of a GitHub workflow.

Imports `terminal`, `toolbind.compare` and the standard library.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from toolbind.cli.terminal.shell import counted
from toolbind.compare import KINDS, Change, Comparison
from toolbind.diagnostics import Place, printable

SHOWN_USERS = 5
"""Operations that are listed for a change of a type; the rest is counted."""

LIMIT = 300


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed in one module. `places` says where changes stand, by their fingerprints."""

    name: str
    comparison: Comparison
    places: Mapping[str, Place]

    @property
    def told(self) -> list[Change]:
        return [change for change in self.comparison.changes if not change.accepted]


def as_text(modules: Sequence[Changed]) -> str:
    """For a person at a terminal: module by module, operation by operation."""
    return "\n".join(line for module in modules for line in _text(module))


def _text(module: Changed) -> Iterator[str]:
    yield f"{module.name}: {summary(module.comparison)}"
    for heading, changes in _grouped(module.told):
        yield ""
        yield f"  {heading}"
        for change in changes:
            yield f"    {_verdicts(change):31} {_words(change)}  [{change.id} {change.fingerprint}]"
            if change.overlay:
                yield "        keep the old name by an overlay:"
                yield from (f"          {line}" for line in change.overlay.splitlines())


def _grouped(changes: Sequence[Change]) -> Iterator[tuple[str, list[Change]]]:
    def heading(change: Change) -> str:
        if change.operation:
            return f"{change.operation} ({change.route})"
        return "types" if change.place.startswith("types.") else "clients"

    for title, group in groupby(changes, heading):
        yield printable(title, LIMIT), list(group)


def _verdicts(change: Change) -> str:
    """`breaking, model: info`, or one word where both sides are told the same."""
    if change.code == change.model:
        return change.code
    told = ((name, v) for name, v in (("code", change.code), ("model", change.model)))
    return ", ".join(f"{name}: {verdict}" for name, verdict in told if verdict != "none")


def _words(change: Change) -> str:
    users = change.users[:SHOWN_USERS]
    more = len(change.users) - len(users)
    tail = f" (in {', '.join(users)}{f' and {more} more' if more > 0 else ''})" if users else ""
    return printable(change.message + tail, LIMIT)


def summary(comparison: Comparison) -> str:
    """`2 breaking, 1 info; 19 tools, 2,345 -> 2,400 tokens`, or that nothing changed."""
    counts = comparison.counted()
    parts = [f"{count} {verdict}" for verdict, count in counts.items() if count]
    accepted = sum(change.accepted for change in comparison.changes)
    parts += [f"{accepted} accepted"] if accepted else []
    tools = counted(comparison.new_tools, "tool")
    if comparison.old_tools != comparison.new_tools:
        tools = f"{comparison.old_tools} -> {tools}"
    tokens = f"{comparison.new_tokens:,} tokens"
    if comparison.old_tokens != comparison.new_tokens:
        tokens = f"{comparison.old_tokens:,} -> {tokens}"
    return f"{', '.join(parts) or 'nothing changed'}; {tools}, {tokens}"


def as_json(modules: Sequence[Changed]) -> str:
    return json.dumps({"modules": [report(module) for module in modules]}, indent=2)


def report(module: Changed) -> dict[str, object]:
    """All about one module, as plain data."""
    comparison = module.comparison
    return {
        "module": module.name,
        "tools": {"before": comparison.old_tools, "after": comparison.new_tools},
        "tokens": {"before": comparison.old_tokens, "after": comparison.new_tokens},
        "summary": {side or "both": comparison.counted(side) for side in ("", "code", "model")},
        "changes": [_row(change, module.places) for change in comparison.changes],
    }


def _row(change: Change, places: Mapping[str, Place]) -> dict[str, object]:
    place = places.get(change.fingerprint, Place(""))
    method, _, path = change.route.partition(" ")
    return {
        "id": change.id,
        "fingerprint": change.fingerprint,
        "code": change.code,
        "model": change.model,
        "severity": change.severity,
        "accepted": change.accepted,
        "operation": change.operation,
        "method": method,
        "path": path,
        "place": change.place,
        "message": change.message,
        "what": KINDS[change.id].what,
        "users": list(change.users),
        "overlay": change.overlay,
        "file": place.file,
        "line": place.line,
        "column": place.column,
    }


def as_markdown(modules: Sequence[Changed]) -> str:
    """For a job's summary or a comment: one table for each module."""
    return "\n".join(line for module in modules for line in _markdown(module))


def _markdown(module: Changed) -> Iterator[str]:
    yield f"### {_cell(module.name)}: {summary(module.comparison)}"
    yield ""
    if not module.told:
        return
    yield "| operation | for code | for the model | change | id |"
    yield "| --- | --- | --- | --- | --- |"
    for change in module.told:
        where = change.operation or change.place
        code, model = (_plain(verdict) for verdict in (change.code, change.model))
        mark = f"`{change.id}` `{change.fingerprint}`"
        yield f"| {_cell(where)} | {code} | {model} | {_cell(_words(change))} | {mark} |"
    yield ""
    overlays = [change.overlay for change in module.told if change.overlay]
    if overlays:
        yield "Actions of an overlay that keep the old names:"
        yield ""
        yield "```yaml"
        yield from overlays
        yield "```"
        yield ""


def _plain(verdict: str) -> str:
    return {"none": "", "breaking": "**breaking**"}.get(verdict, verdict)


def _cell(text: str) -> str:
    """Text of a document in a cell: nothing in it is Markdown or HTML."""
    plain = printable(text, LIMIT)
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>()#+!|~&$@" else char for char in plain)


_LEVELS = {"breaking": "error", "warning": "warning", "info": "notice"}


def as_github(modules: Sequence[Changed]) -> str:
    """Workflow commands: GitHub shows them at their places in the changed files."""
    return "\n".join(
        _annotation(module, change)
        for module in modules
        for change in module.told
        if change.severity in _LEVELS
    )


def _annotation(module: Changed, change: Change) -> str:
    place = module.places.get(change.fingerprint, Place(""))
    properties = {"title": f"{change.id} ({_verdicts(change)})"}
    if place.file and place.line:
        where = {"file": place.file, "line": str(place.line), "col": str(place.column)}
        properties = where | properties
    words = f"{module.name}: {change.operation + ': ' if change.operation else ''}{_words(change)}"
    return annotation(_LEVELS[change.severity], properties, words)


def annotation(level: str, properties: Mapping[str, str], words: str) -> str:
    """A workflow command of GitHub."""
    told = ",".join(
        f"{key}={_escaped(value, in_property=True)}" for key, value in properties.items()
    )
    return f"::{level} {told}::{_escaped(words)}"


def _escaped(text: str, *, in_property: bool = False) -> str:
    found = printable(text, LIMIT).replace("%", "%25")
    return found.replace(":", "%3A").replace(",", "%2C") if in_property else found


FORMATS: dict[str, Callable[[Sequence[Changed]], str]] = {
    "text": as_text,
    "json": as_json,
    "markdown": as_markdown,
    "github": as_github,
}
