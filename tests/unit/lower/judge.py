"""What a document's schema allows, judged without the generator: jsonschema on a translation.

OpenAPI 3.1 schemas are JSON Schema 2020-12 and judged as they stand. Those of 3.0 are translated
by the letter of sections 4.7.24 and 4.7.23 (Reference Object: siblings of `$ref` are ignored).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

_AS_IT_IS = (
    "type",
    "enum",
    "multipleOf",
    "maximum",
    "minimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxProperties",
    "minProperties",
    "required",
)


def judge(document: dict[str, Any], name: str) -> Callable[[Any], bool | None]:
    """Whether a value is allowed by the component `name` of a document; None if that cannot be
    said, because a schema consists of itself."""
    if document["openapi"].startswith("3.0"):
        components = document["components"]["schemas"]
        schemas = {key: translated(each) for key, each in components.items()}
        document = {"components": {"schemas": schemas}}
    resource = Resource.from_contents(document, default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource("urn:document", resource)
    schema = {"$ref": f"urn:document#/components/schemas/{name}"}
    validator = Draft202012Validator(schema, registry=registry)

    def allows(value: Any) -> bool | None:
        try:
            return bool(validator.is_valid(value))
        except RecursionError:
            return None

    return allows


def translated(schema: Any) -> Any:
    """A schema of OpenAPI 3.0 in JSON Schema 2020-12."""
    if isinstance(schema, bool):
        return schema
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}
    said: dict[str, Any] = {name: schema[name] for name in schema if name in _AS_IT_IS}
    for exclusive, inclusive in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if schema.get(exclusive) is True and inclusive in said:
            said[exclusive] = said.pop(inclusive)
    if schema.get("nullable") is True and "type" in said:
        said["type"] = [said["type"], "null"]
    if "properties" in schema:
        said["properties"] = {key: translated(s) for key, s in schema["properties"].items()}
    for name in ("allOf", "anyOf", "oneOf"):
        if name in schema:
            said[name] = [translated(each) for each in schema[name]]
    for name in ("items", "not", "additionalProperties"):
        if name in schema:
            said[name] = translated(schema[name])
    return said
