"""Single schemas, read by the real reader and lowered, for the tests of this folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolbind.diagnostics import Report
from toolbind.lower.schemas import Direction, Lowered, Schemas, View
from toolbind.read import Document, Node, Source, read
from toolbind.read.trace import Trace

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bench:
    """A document of schemas with everything that works on it."""

    document: Document
    schemas: Schemas
    report: Report

    def node(self, name: str = "Root") -> Node:
        """The component `name`."""
        node: Node | None = self.document.root
        for step in ("components", "schemas", name):
            assert node is not None
            node = node.get(step)
        assert node is not None
        return node

    def view(self, name: str = "Root") -> View:
        return self.schemas.inspect(self.node(name))

    def argument(
        self, name: str = "Root", direction: Direction = "request", **more: Any
    ) -> Lowered:
        more.setdefault("fallback", "root")
        return self.schemas.argument(self.node(name), direction=direction, **more)

    def schema(self, name: str = "Root", direction: Direction = "request") -> dict[str, Any]:
        """The argument's schema without its description."""
        schema = self.argument(name, direction).schema
        return {key: value for key, value in schema.items() if key != "description"}

    @property
    def codes(self) -> list[str]:
        return [diagnostic.code for diagnostic in self.report]

    def said(self, code: str) -> list[str]:
        return [each.message for each in self.report if each.code == code]


def bench(root: Any, version: str = "3.1", **components: Any) -> Bench:
    """A document whose component `Root` is `root`."""
    value = {
        "openapi": f"{version}.0",
        "info": {"title": "Shop", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": {"description": "ok"}}}}},
        "components": {"schemas": {"Root": root, **components}},
    }
    report = Report()
    document = read(Source.of_text(json.dumps(value), "shop.json"), report)
    return Bench(document, Schemas(document, Trace(report)), report)


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def inner(schema: Any, version: str = "3.1", **components: Any) -> Any:
    """What becomes of `schema` as a member of an argument."""
    held = {"type": "object", "properties": {"inner": schema}}
    return bench(held, version, **components).schema()["properties"]["inner"]
