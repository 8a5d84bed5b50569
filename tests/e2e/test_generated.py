"""Everything that is checked in under generated/: current, importable, sound, callable."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import httpx
import jsonschema
import pytest
from toolbind.cli.main import run

ROOT = Path(__file__).parent.parent.parent
SPECS = sorted(
    path
    for path in (ROOT / "specs").iterdir()
    if path.suffix in (".yaml", ".json") and ".overlay." not in path.name
)
BASE = "https://caller.example/base"


@pytest.fixture(params=[spec.stem for spec in SPECS])
def module(request: pytest.FixtureRequest) -> ModuleType:
    return importlib.import_module(f"generated.{request.param}")


def test_generated_is_current() -> None:
    command = [sys.executable, "-m", "toolbind", "check", *map(str, SPECS), "-o", "generated"]
    done = subprocess.run(
        [*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_the_listing_says_what_the_module_has(
    module: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    (spec,) = [spec for spec in SPECS if spec.stem == module.__name__.rpartition(".")[2]]
    assert run(["list", str(spec), "--json"]) == 0
    listing = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in listing["operations"]] == [t["name"] for t in module.TOOLS]
    for each, tool in zip(listing["operations"], module.TOOLS, strict=True):
        properties = tool["parameters"]["properties"]
        assert [argument["name"] for argument in each["arguments"]] == list(properties)
        needed = {a["name"] for a in each["arguments"] if a["required"]}
        assert needed == set(tool["parameters"]["required"])


def example(schema: dict[str, Any]) -> Any:
    """A small value that the schema accepts; enough for the schemas of specs/."""
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        rest = {name: value for name, value in schema.items() if name != "anyOf"}
        chosen = schema["anyOf"][0]
        members = {**rest.get("properties", {}), **chosen.get("properties", {})}
        needed = [*rest.get("required", ()), *chosen.get("required", ())]
        return example({**rest, **chosen, "properties": members, "required": needed})
    kind = schema.get("type", "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        inner = schema.get("properties", {})
        value = {name: example(inner.get(name, {})) for name in schema.get("required", ())}
        if schema.get("minProperties") and not value and inner:
            value = {name: example(inner[name]) for name in list(inner)[: schema["minProperties"]]}
        return value
    if kind == "array":
        return [example(schema.get("items", {}))] * max(1, schema.get("minItems", 0))
    if kind in ("integer", "number"):
        low = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
        return max(low, 1) if schema.get("maximum", 1) >= 1 else low
    if kind == "boolean":
        return True
    return "x" * max(1, schema.get("minLength", 0))


def asked(module: ModuleType, tool: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a tool with what is checked of them and not offered."""
    operation = module._API.routes[tool["name"]]
    rows = operation.get("arguments", {})
    members = {
        name: schema | rows[name].get("checks", {}).get("", {})
        for name, schema in tool["parameters"]["properties"].items()
    }
    whole = {**tool["parameters"], "properties": members}
    for demand in operation.get("body", {}).get("demands", ()):
        if "minProperties" in demand:  # of the body alone
            fields = [name for name, row in rows.items() if row["in"] == "body"]
            demand = {"anyOf": [{"required": fields[: demand["minProperties"]]}]}
        if operation["body"].get("required"):
            whole |= demand
    return whole


def test_every_tool_makes_its_request(module: ModuleType) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={})

    http = httpx.Client(transport=httpx.MockTransport(answer))
    bound = dict.fromkeys(module._API.bindings, "bound")
    with module.Client(base_url=BASE, http_client=http, **bound) as client:
        for tool in module.TOOLS:
            arguments = example(asked(module, tool))
            jsonschema.validate(arguments, tool["parameters"])
            result = module.call_tool(tool["name"], arguments, client=client)
            assert result.ok, (tool["name"], arguments, result.content)
    assert len(seen) == len(module.TOOLS)
    for request in seen:
        url = urlsplit(str(request.url))
        assert (url.scheme, url.netloc) == ("https", "caller.example")
        assert url.path.startswith("/base/")


def test_tools_are_what_workers_ai_takes(module: ModuleType) -> None:
    for tool in module.TOOLS:
        jsonschema.Draft202012Validator.check_schema(tool["parameters"])
        assert "$ref" not in json.dumps(tool["parameters"])
        for schema in tool["parameters"]["properties"].values():
            assert isinstance(schema["type"], str)
            assert schema["description"]
    assert len(module.tools(form="chat")) == len(module.TOOLS)


def test_changing_a_tool_that_was_handed_out_changes_nothing(module: ModuleType) -> None:
    before = json.dumps(module.tools())
    for tool in module.tools():
        tool["parameters"]["properties"].clear()
        tool["name"] = "changed"
    assert json.dumps(module.tools()) == before
