"""From a subject to the data of its page: a light index of all tools, and the details of each.

Plain JSON values. What is said about a tool stands once: the index holds what lists and sums need,
the details what is read one tool at a time. Imports `diagnostics`, `ir`, `lower`, `present`, `read`
and the files of this room.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from toolbind import ir
from toolbind.diagnostics import Diagnostic, Place
from toolbind.explore import words
from toolbind.explore.arguments import choices, is_nested, kind, limits, pretty
from toolbind.explore.calls import Example, example
from toolbind.explore.changes import by_tool
from toolbind.explore.subject import Background, Preview, Row, Subject
from toolbind.lower.fit.tokens import tokens
from toolbind.lower.options import DEFAULT_BUDGET
from toolbind.present.methods import twins
from toolbind.read import Document

READS = frozenset({"GET", "HEAD", "OPTIONS", "QUERY"})
"""Methods that change nothing (RFC 9110 section 9.2.1)."""

OFFERED_TOOLS = 24
OFFERED_TOKENS = 8000
"""What a conversation offers at once, unless it is told otherwise."""

UNTAGGED = ""

Json = dict[str, Any]


def index(subject: Subject, findings: Findings) -> Json:
    """What the page knows before anything is opened."""
    tools = [_entry(subject, tool, findings) for tool in subject.tools]
    background = subject.background
    return {
        "title": subject.title,
        "version": subject.version,
        "summary": subject.summary,
        "name": subject.name,
        "source": subject.source,
        "fromModule": background is None,
        "baseUrl": subject.base_url,
        "limits": {"tools": OFFERED_TOOLS, "tokens": OFFERED_TOKENS, "tool": DEFAULT_BUDGET},
        "tools": tools,
        "tags": _tags(subject, tools),
        "credentials": [
            *(_scheme(subject.name, *each) for each in subject.schemes.items()),
            *(_binding(subject.name, name) for name in subject.bindings),
        ],
        "servers": [_server(each) for each in background.servers] if background else [],
        "skipped": _skipped(background) if background else [],
        "excluded": background.excluded if background else 0,
        "findings": [_finding(each) for each in findings.elsewhere],
        "presets": [_preset(*each, tools) for each in subject.presets.items()],
    }


def details(subject: Subject, findings: Findings, preview: Preview) -> list[Json]:
    """What the page shows of each tool, in the order of the index."""
    changes = by_tool(subject.background)
    made = [_detail(subject, tool, findings, preview) for tool in subject.tools]
    for tool, detail in zip(subject.tools, made, strict=True):
        if tool["name"] in changes:
            detail["changes"] = changes[tool["name"]]
    return made


def effect(method: str) -> str:
    """What a call may do, as HTTP says it: `read`, `write`, or `delete`."""
    return "read" if method in READS else "delete" if method == "DELETE" else "write"


# --- findings ----------------------------------------------------------------------------------


class Findings:
    """The findings of a document by the tools that they are about, and those about none of them.

    A finding is about an operation if it stands inside it, or inside a part of the document that
    one of its arguments refers to.
    """

    def __init__(self, background: Background | None) -> None:
        self._by_tool: dict[str, list[Diagnostic]] = {}
        self.elsewhere: list[Diagnostic] = []
        if background is None:
            return
        owners = dict(_owners(background))
        left_out = {_key(each.place) for each in background.skipped}
        for finding in background.findings:
            found = {name for key in _prefixes(finding.place) for name in owners.get(key, ())}
            for name in found:
                self._by_tool.setdefault(name, []).append(finding)
            if not found and _key(finding.place) not in left_out:
                self.elsewhere.append(finding)

    def of(self, tool: str) -> list[Diagnostic]:
        """The findings about one tool, the worst first."""
        return sorted(self._by_tool.get(tool, ()), key=lambda each: -each.severity)


def _owners(background: Background) -> Iterator[tuple[tuple[str, str], set[str]]]:
    document = background.document
    file = document.root.file
    owners: dict[tuple[str, str], set[str]] = {}
    for name, operation in background.operations.items():
        shared = [each.pointer for each in operation.arguments]
        for pointer in {operation.pointer, *shared}:
            place = document.original(Place(file, pointer))
            owners.setdefault(_key(place), set()).add(name)
    yield from owners.items()


def _key(place: Place) -> tuple[str, str]:
    return place.file, place.pointer


def _prefixes(place: Place) -> Iterator[tuple[str, str]]:
    """The place itself and all that it stands in, but the root."""
    pointer = place.pointer
    while pointer not in ("#", ""):
        yield place.file, pointer
        pointer = pointer.rpartition("/")[0]


def _finding(finding: Diagnostic) -> Json:
    return {
        "severity": finding.severity.label,
        "code": finding.code,
        "message": finding.message,
        "remedy": finding.remedy,
        "place": str(finding.place),
        "pointer": finding.place.pointer,
    }


# --- the index ---------------------------------------------------------------------------------


def _entry(subject: Subject, tool: Row, findings: Findings) -> Json:
    row = subject.rows[tool["name"]]
    said = findings.of(tool["name"])
    entry: Json = {
        "name": tool["name"],
        "method": row["method"],
        "path": _path(subject, tool["name"]),
        "effect": effect(row["method"]),
        "tokens": tokens(tool),
        "line": _first_line(tool["description"]),
        "tags": row.get("tags", []),
    }
    operation = subject.background.operations[tool["name"]] if subject.background else None
    if operation is not None and operation.deprecated:
        entry["deprecated"] = True
    if said:
        entry["findings"] = Counter(each.severity.label for each in said)
    return entry


def _path(subject: Subject, name: str) -> str:
    """The path as the document spells it, where there is one."""
    if subject.background is not None:
        return subject.background.operations[name].wire_path
    return str(subject.rows[name]["path"])


def _first_line(text: str) -> str:
    line = text.strip().partition("\n")[0]
    return line if len(line) <= 120 else f"{line[:119]}…"


def _tags(subject: Subject, tools: Iterable[Json]) -> list[Json]:
    """Each tag that leads a tool, in the order of first use, with what the document says of it."""
    described: dict[str, str] = {}
    if subject.background is not None:
        declared = subject.background.document.root.get("tags")
        for tag in declared.elements() if declared is not None else ():
            described.setdefault(tag.text("name"), _first_line(tag.text("description")))
    used = dict.fromkeys(each["tags"][0] if each["tags"] else UNTAGGED for each in tools)
    return [{"name": name, "line": described.get(name, "")} for name in used]


def _scheme(module: str, name: str, row: Row) -> Json:
    return {
        "name": name,
        "kind": row["type"],
        "place": row.get("in", ""),
        "wire": row.get("name", ""),
        "arguments": list(row["credentials"]),
        "variables": [f"{module}_{each}".upper() for each in row["credentials"]],
    }


def _binding(module: str, name: str) -> Json:
    """An argument of operations that the client is given, like a credential."""
    row = {"type": "bound argument", "credentials": [name]}
    return _scheme(module, name, row)


def _server(server: ir.Server) -> Json:
    return {"url": server.url, "line": server.description}


def _skipped(background: Background) -> list[Json]:
    reasons = [Diagnostic(each.code, each.place, each.reason) for each in background.skipped]
    located = background.document.located(reasons)
    return [
        {
            "method": skipped.method,
            "path": skipped.path,
            "code": skipped.code,
            "reason": skipped.reason,
            "remedy": skipped.remedy,
            "place": str(reason.place),
        }
        for skipped, reason in zip(background.skipped, located, strict=True)
    ]


def _preset(name: str, chosen: Iterable[str], tools: Iterable[Json]) -> Json:
    costs = {each["name"]: each["tokens"] for each in tools}
    names = list(chosen)
    return {"name": name, "tools": names, "tokens": sum(costs[each] for each in names)}


# --- the details -------------------------------------------------------------------------------


def _detail(subject: Subject, tool: Row, findings: Findings, preview: Preview) -> Json:
    name = tool["name"]
    row = subject.rows[name]
    background = subject.background
    operation = background.operations[name] if background is not None else None
    own: Mapping[str, str] = {}
    detail: Json = {"description": tool["description"], "tool": pretty(tool)}
    if background is not None and operation is not None:
        own = _own_arguments(background.document, operation)
        detail |= _from_document(background.document, operation)
    detail["arguments"] = [_argument(tool, each, row, own) for each in _names(tool)]
    detail["example"] = example_data(example(subject, tool, preview))
    if "body" in row:
        detail["body"] = row["body"]["media_type"]
    if row.get("constants"):
        detail["constants"] = [
            f"{each['in']} {each['wire']} = {pretty(each['value'])}" for each in row["constants"]
        ]
    security = row.get("security", subject.security)
    if security:
        detail["security"] = [" and ".join(each) or "none" for each in security]
    if "server" in row:
        detail["server"] = row["server"]
    said = findings.of(name)
    if said:
        detail["findings"] = [_finding(each) for each in said]
    return detail


def _names(tool: Row) -> list[str]:
    """The arguments, those that are required first."""
    required = tool["parameters"]["required"]
    return sorted(tool["parameters"]["properties"], key=lambda name: name not in required)


def _argument(tool: Row, name: str, row: Row, own: Mapping[str, str]) -> Json:
    schema = tool["parameters"]["properties"][name]
    place = row.get("arguments", {}).get(name, {})
    found: Json = {"name": name, "kind": kind(schema), "in": place.get("in", "")}
    if name in tool["parameters"]["required"]:
        found["required"] = True
    if place.get("wire", name) != name:
        found["wire"] = place["wire"]
    if schema.get("description"):
        found["line"] = schema["description"]
    if name in own:
        found["own"] = own[name]
    for key, value in (("limits", limits(schema)), ("choices", choices(schema))):
        if value:
            found[key] = value
    if is_nested(schema):
        found["schema"] = pretty(schema)
    return found


def example_data(made: Example) -> Json:
    """A call in its spellings, those that there are."""
    shown = {
        "arguments": pretty(made.arguments),
        "call": made.call,
        "python": made.python,
        "curl": made.curl,
        "request": made.request,
        "problem": made.problem,
    }
    return {key: value for key, value in shown.items() if value}


def _from_document(document: Document, operation: ir.Operation) -> Json:
    """Where the operation stands, the method that stands for it, and its author's words where
    those are others."""
    place = document.original(Place(document.root.file, operation.pointer))
    signature = twins(operation).method.signature.replace("\n    ", "\n").rstrip(":")
    found: Json = {"pointer": place.pointer, "signature": signature}
    own = words.of_operation(document, operation)
    if own and not words.is_told(own, operation.description):
        found["own"] = own
    return found


def _own_arguments(document: Document, operation: ir.Operation) -> Json:
    """The author's words about each argument, where the tool says others."""
    texts = {each.name: words.of_argument(document, each) for each in operation.arguments}
    shown = {each.name: each.schema.get("description", "") for each in operation.arguments}
    return {
        name: text for name, text in texts.items() if text and not words.is_told(text, shown[name])
    }
