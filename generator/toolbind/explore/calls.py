"""One example call of a tool, as everybody who makes it would write it down.

The request is the module's own (`Preview`): nothing here, and nothing on the page, knows how a
request is made. Imports `present` and the files of this room.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolbind.explore.curl import curl
from toolbind.explore.requests import RefusedError
from toolbind.explore.subject import Prepared, Preview, Row, Subject
from toolbind.present.example import ANYWHERE, sample
from toolbind.present.literals import literal, parameter
from toolbind.present.modules import class_name

LINE = 88
CALL_ID = "call_1"


@dataclass(frozen=True, slots=True)
class Example:
    """A call in each spelling. Where no request can be made `problem` says why, and the spellings
    that need one are empty."""

    arguments: Mapping[str, Any]
    call: str
    python: str
    curl: str = ""
    request: str = ""
    problem: str = ""


def example(subject: Subject, tool: Row, preview: Preview) -> Example:
    """The smallest call of a tool that its schema tells: the required arguments."""
    return spelt(subject, tool["name"], sampled(tool), preview)


def sampled(tool: Row) -> dict[str, Any]:
    """A value for each required argument."""
    parameters = tool["parameters"]
    return {name: sample(parameters["properties"][name]) for name in parameters["required"]}


def spelt(subject: Subject, name: str, arguments: Mapping[str, Any], preview: Preview) -> Example:
    """A call with these arguments in each spelling."""
    call, python = tool_call(name, arguments), python_call(subject, name, arguments)
    try:
        request = preview(name, arguments)
    except RefusedError as error:
        return Example(arguments, call, python, problem=str(error))
    spelling = curl(request.method, request.url, request.headers, request.body)
    return Example(arguments, call, python, spelling, _http(request))


def tool_call(name: str, arguments: Mapping[str, Any]) -> str:
    """The member of `tool_calls` by which a model asks for the call."""
    asked = {"name": name, "arguments": json.dumps(arguments, ensure_ascii=False)}
    return json.dumps(
        {"id": CALL_ID, "type": "function", "function": asked}, indent=2, ensure_ascii=False
    )


def python_call(subject: Subject, name: str, arguments: Mapping[str, Any]) -> str:
    """The statement that calls the typed method."""
    places = subject.rows[name].get("arguments", {})
    client = class_name(subject.name)
    known = "://" in subject.base_url
    place = "" if known else literal(ANYWHERE + subject.base_url)
    pairs = [
        f"{parameter(key)}={value}"
        for key, each in arguments.items()
        for value in (_value(each, places.get(key, {})),)
    ]
    line = f"    client.{name}({', '.join(pairs)})"
    if len(line) > LINE:
        line = "\n".join([f"    client.{name}(", *(f"        {pair}," for pair in pairs), "    )"])
    imported = f"from generated.{subject.name} import {client}"
    return f"{imported}\n\nwith {client}({place}) as client:\n{line}\n"


def _value(value: Any, place: Row) -> str:
    """A value as Python; bytes where the method takes an upload."""
    if place.get("in") == "file" or place.get("binary"):
        values = value if isinstance(value, list) else [value]
        texts = [f"b{literal(each)}" for each in values if isinstance(each, str) and each.isascii()]
        if len(texts) == len(values):
            return f"[{', '.join(texts)}]" if isinstance(value, list) else texts[0]
    return literal(value)


def _http(request: Prepared) -> str:
    """The request as it stands on the wire, but for line ends."""
    lines = [f"{request.method} {request.url}"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    return "\n".join([*lines, "", request.body] if request.body else lines)
