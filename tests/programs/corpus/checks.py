"""What must hold of every tool without calling it, and of every hostile path argument.

Imports given, wire.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from tests.programs.corpus.wire import Captured

NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")

DOTS = (
    "..", ".", "../../admin", "..%2f..%2fadmin", "%2e%2e", "%2E%2e/x", "..\\..\\x", "..;/x",
    "x/../../y", "//evil.example/x", "@evil.example", "https://evil.example/", "?admin=1", "#x",
    "a\r\nX-Evil: 1", "a\x00b", "%00", "\uff0e\uff0e/", "",
)  # fmt: skip
HEADER_BREAKS = (
    "a\r\nX-Evil: 1",
    "a\nX-Evil: 1",
    "a\rX-Evil: 1",
    "a\x00b",
    "\u010a\u010dX-Evil: 1",
)


def name_faults(names: list[str]) -> list[str]:
    """Names that are invalid or stand twice."""
    invalid = [f"invalid | {name}" for name in names if not NAME.fullmatch(name)]
    return invalid + [f"not unique | {name}" for name in {*names} if names.count(name) > 1]


def schema_fault(parameters: Any) -> str | None:
    """Why a tool's schema is not valid, self-contained Draft 2020-12 with plain first members."""
    try:
        Draft202012Validator.check_schema(parameters)
    except SchemaError as error:
        return f"invalid | {error.json_path}: {error.message[:100]}"
    if parameters.get("type") != "object" or not isinstance(parameters.get("properties"), dict):
        return "not an object with properties"
    if _has_reference(parameters):
        return "holds a $ref"
    for name, schema in parameters["properties"].items():
        if not isinstance(schema, dict) or not isinstance(schema.get("type"), str):
            return f"no single type | {name}"
        if not isinstance(schema.get("description"), str) or not schema["description"].strip():
            return f"no description | {name}"
    unknown = set(parameters.get("required", [])) - set(parameters["properties"])
    return f"requires a property it does not have | {sorted(unknown)[0]!r}" if unknown else None


def _has_reference(schema: Any, named: bool = False) -> bool:
    """Whether `$ref` or `$defs` stands as a keyword; `named`: keys are names, not keywords."""
    if isinstance(schema, list):
        return any(_has_reference(item) for item in schema)
    if not isinstance(schema, dict):
        return False
    if not named and ("$ref" in schema or "$dynamicRef" in schema or "$defs" in schema):
        return True
    return any(
        _has_reference(value, named=not named and word in ("properties", "patternProperties"))
        for word, value in schema.items()
        if named or word not in ("enum", "const", "default", "examples", "required")
    )


def leaves_path(captured: Captured, template: str, prefixes: list[str]) -> str | None:
    """How a request has left its operation's path, if it has.

    `prefixes` are the spellings of the server's path, none if the request went elsewhere. A dot
    segment is a whole segment (RFC 3986, 3.3), percent-encoded or not: URL parsers fold both.
    """
    path = captured.path
    slashes = template.partition("#")[0].partition("?")[0].count("/")
    below = [path[len(p) :] for p in prefixes if path.startswith(p)]
    if not any(rest.count("/") == slashes for rest in below):
        return f"left its path | {captured.host}{path[:100]}"
    if any(unquote(segment) in (".", "..") for segment in path.split("/")):
        return f"dot segment | {path[:100]}"
    return None


def broken_headers(captured: Captured) -> str | None:
    """A header that an argument has broken out of, if there is one."""
    for name, value in captured.headers:
        if name.lower() == "x-evil" or any(c in name + value for c in "\r\n\x00"):
            return f"header broken out of | {name}: {value[:60]!r}"
    return None
