"""Judges one generated module: its tools, its calls, and what hostile arguments do.

Runs as `python -m tests.programs.corpus.judge TASK`, in a process of its own, and writes what it
found as JSON. Imports all rooms above it.
"""

from __future__ import annotations

import importlib
import json
import sys
import traceback
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from jsonschema import Draft202012Validator

from tests.programs.corpus import checks
from tests.programs.corpus.bodies import BodyReader
from tests.programs.corpus.calls import Caller, base_to_name, said, server_prefixes
from tests.programs.corpus.compare import Call, Comparison, places_of, short
from tests.programs.corpus.dialect import Dialect
from tests.programs.corpus.document import Operation, Raw, UnreadableError, load
from tests.programs.corpus.given import (
    CREDENTIAL,
    Given,
    Giver,
    UnmappedError,
    arguments,
    recognised,
    with_credentials,
)
from tests.programs.corpus.views import NoValueError


@dataclass
class Findings:
    """All that was found about one module; `skips`, `unjudged` and the like are lines of text."""

    declared: int = 0
    tools: int = 0
    skipped: int = 0
    unaccounted: list[str] = field(default_factory=list)
    skips: list[str] = field(default_factory=list)
    names_wrong: list[str] = field(default_factory=list)
    schemas_wrong: list[str] = field(default_factory=list)
    unsound: list[str] = field(default_factory=list)
    unjudged: list[str] = field(default_factory=list)
    escapes: list[str] = field(default_factory=list)
    escape_tries: int = 0
    arguments_checked: int = 0
    tokens: list[int] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)


class Judge:
    """Judges one document's module: at most `operations` of it, all if None."""

    def __init__(
        self, raw: Raw, module: Any, listing: Any, seed: str, operations: int | None = None
    ) -> None:
        self.raw = raw
        self.dialect = Dialect(self.raw)
        self.random = Random(seed)
        self.limit = operations
        self.listing = listing
        self.tools = {tool["name"]: tool for tool in module.TOOLS}
        self.names = [tool["name"] for tool in module.TOOLS]
        self.base_url = base_to_name(self.raw)
        self.recognised = recognised(listing["diagnostics"])
        own = {name: CREDENTIAL for name in self.recognised.values() if name}
        self.caller = Caller(module, self.base_url, own)
        self.giver = Giver(self.dialect, self.random)
        self.reader = BodyReader(self.dialect)
        self.findings = Findings()

    def run(self) -> Findings:
        self._census()
        self._check_tools()
        for operation, row in self._sampled():
            for everything in (False, True):
                self._call(operation, row, everything)
            self._escapes(operation, row)
        return self.findings

    def _sampled(self) -> list[tuple[Operation, dict[str, Any]]]:
        rows = {(row["method"].upper(), row["path"]): row for row in self.listing["operations"]}
        kept: list[tuple[Operation, dict[str, Any]]] = []
        for operation in self.raw.operations():
            if isinstance(operation, tuple):
                self.findings.unjudged.append(f"{operation[2]} | {operation[0]} {operation[1]}")
            elif (row := rows.get((operation.method.upper(), operation.path))) is not None:
                kept.append((operation, row))
        if self.limit is None or len(kept) <= self.limit:
            return kept
        return self.random.sample(kept, self.limit)

    # --- all tools -----------------------------------------------------------------------------

    def _census(self) -> None:
        """Operations of the raw document = tools + skipped, one by one."""
        found = self.findings
        declared = self.raw.operation_keys()
        tools = [(row["method"].upper(), row["path"]) for row in self.listing["operations"]]
        skipped = [(row["method"].upper(), row["path"]) for row in self.listing["skipped"]]
        found.declared, found.tools, found.skipped = len(declared), len(tools), len(skipped)
        left = dict.fromkeys([*tools, *skipped])
        for method, path in declared:
            if left.pop((method.upper(), path), 0) == 0:
                found.unaccounted.append(f"neither tool nor skipped | {method} {path}")
        found.unaccounted += [f"not in the document | {method} {path}" for method, path in left]
        found.skips = [
            f"{row['code']} | {row['method']} {row['path']}: {row['reason']}"
            for row in self.listing["skipped"]
        ]

    def _check_tools(self) -> None:
        found = self.findings
        listed = {row["name"] for row in self.listing["operations"]}
        found.names_wrong = checks.name_faults(self.names)
        found.names_wrong += [f"not in TOOLS | {n}" for n in listed.difference(self.names)]
        found.names_wrong += [f"not listed | {n}" for n in {*self.names} - listed]
        for name, tool in self.tools.items():
            fault = checks.schema_fault(tool["parameters"])
            if fault is not None:
                found.schemas_wrong.append(f"{fault} in {name}")
        found.tokens = [row["tokens"] for row in self.listing["operations"]]

    # --- one call ------------------------------------------------------------------------------

    def _call(self, operation: Operation, row: dict[str, Any], everything: bool) -> None:
        label = f"{operation.method} {operation.path}"
        media_type = row.get("media_type") or ""
        try:
            given = self._given(operation, row, everything)
        except (NoValueError, UnreadableError) as error:
            self.findings.unjudged.append(f"{error} | {label}")
            return
        offered = operation.body.content if operation.body is not None else None
        if offered is not None and "" in offered:
            self.findings.unjudged.append(f"a body without a media type | {label}")
            return
        call = Call(label, everything, places_of(given))
        self.findings.calls.append(call)
        if offered is not None and media_type not in offered:
            call.fault("body", "media type is not one that the document offers", media_type)
            return
        try:
            made = arguments(given, row["arguments"], self._constants(operation, given))
        except UnmappedError as error:
            call.fault("all", "no argument in the tool", str(error))
            return
        self._soundness(label, row["name"], made)
        requests, result = self.caller.call(row["name"], made)
        if len(requests) == 1:
            comparison = Comparison(operation, given, requests[0], call)
            comparison.run(self.reader, self.base_url)
        else:
            cause = "several requests" if requests else "no request made"
            call.fault("all", cause, f"{said(result)[:300]} | arguments {short(made)}")

    def _given(self, operation: Operation, row: dict[str, Any], everything: bool) -> Given:
        given = self.giver.give(operation, row.get("media_type") or "", everything)
        members: set[str] = set()
        if operation.body is not None and given.media_type in operation.body.content:
            schema = operation.body.content[given.media_type].schema
            members = {str(n) for each in self.dialect.facets(schema, "properties") for n in each}
        with_credentials(given, operation, row["arguments"], members, self.recognised)
        return given

    def _constants(self, operation: Operation, given: Given) -> set[tuple[str, str]]:
        """(place, name) of what the document leaves no choice in: one allowed value."""
        found: set[tuple[str, str]] = {
            (p.place, p.name) for p in operation.parameters if p.required and self._single(p.schema)
        }
        found |= {key for key, own in self.recognised.items() if own}  # the client has them
        if operation.body is not None and given.media_type in operation.body.content:
            schema = operation.body.content[given.media_type].schema
            for properties in self.dialect.facets(schema, "properties"):
                found |= {("body", str(n)) for n, s in properties.items() if self._single(s)}
        return found

    def _single(self, schema: Any) -> bool:
        enums = self.dialect.facets(schema, "enum")
        one = any(isinstance(enum, list) and len(enum) == 1 for enum in enums)
        return one or bool(self.dialect.facets(schema, "const"))

    def _soundness(self, label: str, tool: str, made: dict[str, Any]) -> None:
        """The tool's schema must accept what the document accepts.

        An argument of a tool has one type, even where the document allows several: a value of
        another of them is judged by its request alone.
        """
        self.findings.arguments_checked += 1
        validator = Draft202012Validator(self.tools[tool]["parameters"])
        errors = [(error, list(error.absolute_path)) for error in validator.iter_errors(made)]
        other = [path for error, path in errors if error.validator == "type" and len(path) == 1]
        for error, path in errors:
            if path[:1] not in other:
                at = f"{error.json_path}: {error.message[:160]}"
                self.findings.unsound.append(f"{error.validator} | {label}: {at}")
                return

    # --- escapes -------------------------------------------------------------------------------

    def _escapes(self, operation: Operation, row: dict[str, Any]) -> None:
        """Hostile texts in one path slot and one header: refused, or kept in their place."""
        try:
            given = self._given(operation, row, everything=False)
            made = arguments(given, row["arguments"], self._constants(operation, given))
        except (NoValueError, UnreadableError, UnmappedError):
            return
        for place, texts in (("path", checks.DOTS), ("header", checks.HEADER_BREAKS)):
            names = [one["name"] for one in row["arguments"] if one["in"] == place]
            for text in texts if names else ():
                self._escape(operation, row["name"], {**made, names[0]: text}, repr(text))

    def _escape(self, operation: Operation, tool: str, made: dict[str, Any], text: str) -> None:
        servers = (self.base_url,) if self.base_url else operation.servers
        self.findings.escape_tries += 1
        requests, result = self.caller.call(tool, made)
        faults = [said(result)] if isinstance(result, Exception) else []
        for seen in requests:
            prefixes = [prefix for server in servers for prefix in server_prefixes(server, seen)]
            faults.append(checks.leaves_path(seen, operation.path, prefixes) or "")
            faults.append(checks.broken_headers(seen) or "")
        self.findings.escapes += [f"{fault} by {text} to {tool}" for fault in faults if fault][:1]


def _judge(task: dict[str, Any]) -> Judge:
    raw = load(Path(task["document"]))
    listing = json.loads(Path(task["listing"]).read_text("utf-8"))
    sys.path.insert(0, task["folder"])
    module = importlib.import_module(task["module"])
    return Judge(raw, module, listing, task["seed"], task["operations"])


def main() -> None:
    task = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    result: dict[str, Any]
    try:
        result = {"findings": asdict(_judge(task).run())}
    except Exception:  # reported as this document's failure
        result = {"failed": traceback.format_exc(limit=-4)}
    Path(task["result"]).write_text(json.dumps(result), "utf-8")


if __name__ == "__main__":
    main()
