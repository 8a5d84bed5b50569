"""Runs the tables beside this file: an operation and arguments, and the request they must make.

Each case is sent through `call_tool`, and what reaches the transport is compared with what the
table says; then a second reader (`reading`) must find the arguments in it again. Files hold
lists of `operation` (a row as generated modules have it) and `cases`:

    arguments     what the model gives
    target        path and query as sent            headers   name: value, or null for absent
    body          text of the body                  content_type
    parts         of a multipart body: name, text or hex, and if any filename, type, headers
    refused       part of the message; nothing is sent then
    undefined     the value is sent as nothing at all (RFC 6570 section 2.3), so is not read back
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
import yaml

from tests.conformance import reading
from tests.unit.runtime.http_support import make_api

BASE_URL = "https://api.example/v1"


def cases() -> Iterator[Any]:
    for path in sorted(Path(__file__).parent.glob("*.yaml")):
        groups = yaml.safe_load(path.read_text(encoding="utf-8"))
        for number, group in enumerate(groups, 1):
            for index, case in enumerate(group["cases"], 1):
                yield pytest.param(group["operation"], case, id=f"{path.stem}-{number}.{index}")


def plain(value: Any) -> Any:
    """YAML reads dates; JSON has none."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if hasattr(value, "isoformat"):
        return value.isoformat().replace("+00:00", "Z")
    return value


def sent(operation: Any, arguments: Any) -> tuple[httpx.Request | None, str]:
    """The request, if there was one, and what the model is told."""
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(204)

    api = make_api({"op": operation})
    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        client = api.client_class(BASE_URL, http_client=http)
        result = api.call_tool("op", json.dumps(arguments), client=client)
    assert result.ok == bool(requests)
    return (requests[0] if requests else None), result.content


@pytest.mark.parametrize(("operation", "case"), list(cases()))
def test_request(operation: Any, case: Any) -> None:
    arguments = plain(case["arguments"])
    request, told = sent(operation, arguments)
    if "refused" in case:
        assert request is None
        assert case["refused"] in json.loads(told)["problems"][0]
        return
    assert request is not None, told
    check_expected(request, operation, case)
    if not case.get("undefined"):
        check_read_back(request, operation, arguments)


def check_expected(request: httpx.Request, operation: Any, case: Any) -> None:
    assert request.method == operation["method"]
    assert request.url.host == "api.example"
    target = request.url.raw_path.decode("ascii")
    if "target" in case:
        assert target == case["target"]
    for name, value in case.get("headers", {}).items():
        assert request.headers.get(name) == value
    if "content_type" in case:
        assert request.headers.get("Content-Type") == case["content_type"]
    if "body" in case:
        assert request.content.decode() == case["body"]
    if "parts" in case:
        content_type = request.headers["Content-Type"]
        expected = [
            {
                "name": part["name"],
                "content": bytes.fromhex(part["hex"]) if "hex" in part else part["text"].encode(),
                "filename": part.get("filename"),
                "type": part.get("type"),
                "headers": part.get("headers", {}),
            }
            for part in case["parts"]
        ]
        assert reading.multipart(content_type, request.content) == expected
        fields = sorted((part["name"], part["content"]) for part in expected)
        assert sorted(reading.form_by_werkzeug(content_type, request.content)) == fields


def check_read_back(request: httpx.Request, operation: Any, arguments: Any) -> None:
    target = request.url.raw_path.decode("ascii")
    query = target.partition("?")[2]
    media_type = operation.get("body", {}).get("media_type", "")
    for name, given in arguments.items():
        row = operation["arguments"][name]
        if media_type.endswith("urlencoded"):
            row = form_row(row, given)
        expected = given if "media_type" in row else reading.nested_as_json(given)
        if row.get("style") == "deepObject":
            expected = reading.as_text(given)
        match row["in"], media_type.rpartition("/")[2]:
            case "path", _:
                found = reading.from_path(target, operation, name, row, given)
            case "query", _:
                found = reading.from_pairs(query, name, row, given)
            case "header", _:
                wire = row.get("wire", name)
                found = reading.from_header(request.headers.get(wire), row, given)
            case "cookie", _:
                found = reading.from_cookie(request.headers["Cookie"], name, row, given)
            case "querystring", _ if row["media_type"].endswith("json"):
                found = json.loads(unquote(query))
            case "body", "x-www-form-urlencoded":
                found = reading.from_pairs(request.content.decode(), name, row, given)
                if "media_type" in row:
                    found = read_documents(found)
            case "body", "json" | "merge-patch+json":
                found, expected = json.loads(request.content)[row.get("wire", name)], given
            case "whole-body", "json":
                found, expected = json.loads(request.content), given
            case "whole-body", "x-ndjson":
                found = [json.loads(line) for line in request.content.splitlines()]
                expected = given
            case _:  # parts, bytes and XML are compared as such above
                continue
        assert found == expected, name


def read_documents(found: Any) -> Any:
    """Each value of a form that is a JSON document."""
    return [json.loads(each) for each in found] if isinstance(found, list) else json.loads(found)


def form_row(row: Any, given: Any) -> Any:
    """Without a style, objects in forms are one JSON text, arrays repeat the name."""
    if isinstance(given, dict) and not {"style", "explode"} & set(row):
        return {**row, "media_type": "application/json"}
    return row


def test_the_tables_are_large_enough_to_mean_something() -> None:
    """Every style in every place that has it, exploded and not."""
    seen = {
        (row["in"], row.get("style"), row.get("explode"))
        for param in cases()
        for row in param.values[0].get("arguments", {}).values()
    }
    for place, styles in (
        ("path", (None, "label", "matrix")),
        ("query", (None, "spaceDelimited", "pipeDelimited", "deepObject")),
        ("header", (None,)),
        ("cookie", (None, "cookie")),
    ):
        for style in styles:
            assert any(each[:2] == (place, style) for each in seen), (place, style)
    assert len(list(cases())) > 150
