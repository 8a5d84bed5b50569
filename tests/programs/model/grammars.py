"""Whether servers that decode by grammar can compile what tools say, alone and all in one union.

One schema that cannot be compiled takes every other tool of a request with it. llama.cpp's
converter and llguidance are asked, and xgrammar where it is installed (it brings gigabytes).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
from toolbind.pipeline import examine
from toolbind.present.rows import tool as tool_of

from tests.programs.model.server import CONTEXT

ROOT = Path(__file__).parents[3]
CHECKED_IN = ("petstore", "helpdesk", "weather", "digitalocean")

Tool = Mapping[str, Any]
Compile = Callable[[Sequence[Tool]], str]
"""Tools that are offered together to what is wrong with them; nothing if they compile."""

BROKEN: Tool = {
    "name": "broken",
    "description": "No compiler takes this.",
    "parameters": {"type": "object", "properties": {"a": {"$ref": "#/nowhere"}}},
}
"""A compiler that does not refuse this looks at nothing."""


@dataclass(slots=True)
class Compiled:
    """What one compiler makes of one set of tools."""

    compiler: str
    source: str
    schemas: int = 0
    failed: dict[str, str] = field(default_factory=dict)


def compilers(url: str) -> dict[str, Compile]:
    """Those that are installed, by name; llama.cpp's is behind its server."""
    found = {"llama.cpp": _llama(url)}
    if find_spec("llguidance") is not None:
        found["llguidance"] = _llguidance()
    if find_spec("xgrammar") is not None:
        found["xgrammar"] = _xgrammar()
    for name, compile_ in found.items():
        if not compile_([BROKEN]):
            raise RuntimeError(f"{name} compiles anything")
    return found


def _llama(url: str) -> Compile:
    """The server's own converter: it comes before the length of the prompt is looked at, so that
    one that is far too long tells, without any answer, whether the tools compile."""
    prompt = {"role": "user", "content": "a " * (CONTEXT + 1)}

    def compile_(tools: Sequence[Tool]) -> str:
        body = {
            "messages": [prompt],
            "max_tokens": 1,
            "tool_choice": "required",
            "tools": [{"type": "function", "function": each} for each in tools],
        }
        answer = httpx.post(f"{url}/chat/completions", json=body, timeout=600)
        told = str(answer.json().get("error", {}).get("message", answer.text))
        return "" if "exceeds the available context size" in told else told

    return compile_


def _llguidance() -> Compile:
    matcher = import_module("llguidance").LLMatcher

    def compile_(tools: Sequence[Tool]) -> str:
        try:
            grammar = matcher.grammar_from_json_schema(json.dumps(schema_of(tools)))
            return str(matcher.validate_grammar(grammar) or "")
        except Exception as error:
            return str(error)

    return compile_


def _xgrammar() -> Compile:
    grammar = import_module("xgrammar").Grammar

    def compile_(tools: Sequence[Tool]) -> str:
        try:
            grammar.from_json_schema(json.dumps(schema_of(tools)))
        except Exception as error:
            return str(error)
        return ""

    return compile_


def sources(more: Sequence[Path] = ()) -> Iterator[tuple[str, Sequence[Tool]]]:
    """The tools of the checked-in modules, of every case, and of further documents."""
    for name in CHECKED_IN:
        yield f"generated/{name}", import_module(f"generated.{name}").TOOLS
    cases = [tool for path in sorted(ROOT.glob("tests/cases/*/spec.yaml")) for tool in _tools(path)]
    yield "tests/cases", cases
    for path in more:
        yield path.name, list(_tools(path))


def _tools(path: Path) -> Iterator[Tool]:
    for operation in examine(path.read_bytes()).api.operations:
        yield tool_of(operation)


def compiled(url: str, more: Sequence[Path] = ()) -> Iterator[Compiled]:
    """Every source in every compiler: each tool alone, then all of them together."""
    known = compilers(url)
    for source, tools in sources(more):
        for name, compile_ in known.items():
            found = Compiled(name, source, len(tools))
            for tool in tools:
                if why := compile_([tool]):
                    found.failed[str(tool["name"])] = why
            if why := compile_(tools):
                found.failed["(all in one union)"] = why
            yield found


def schema_of(tools: Sequence[Tool]) -> dict[str, Any]:
    """What servers make of tools: the arguments of one, or one of several names with its own."""
    if len(tools) == 1:
        parameters: dict[str, Any] = tools[0]["parameters"]
        return parameters
    return union(tools)


def union(tools: Sequence[Tool]) -> dict[str, Any]:
    """What servers make of several tools: one of these names with its arguments."""
    return {
        "anyOf": [
            {
                "type": "object",
                "properties": {
                    "name": {"const": tool["name"]},
                    "arguments": tool["parameters"],
                },
                "required": ["name", "arguments"],
            }
            for tool in tools
        ]
    }
