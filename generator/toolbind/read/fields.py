"""The fixed fields of OpenAPI's objects: which version has them, and what they must hold.

Tables only (Swagger 2.0; OpenAPI 3.0.4, 3.1.1 and 3.2.0, their sections "Fixed Fields"). Imports
`versions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, get_args

from toolbind.read.versions import Family

ObjectKind = Literal[
    "document",
    "pathItem",
    "operation",
    "parameter",
    "requestBody",
    "mediaType",
    "encoding",
    "header",
    "response",
    "components",
    "server",
    "serverVariable",
    "securityScheme",
    "flows",
    "flow",
]
"""Objects with fixed fields. Schemas have a table of their own, where they are read."""

Form = Literal[
    "any",
    "text",
    "word",
    "flag",
    "object",
    "texts",
    "words",
    "parameters",
    "servers",
    "requirements",
]
"""What a field holds. Texts are for readers, words for programs: a number in place of a text is as
good. `texts` and `words` are lists, the last three are lists of the objects that they name."""


@dataclass(frozen=True, slots=True)
class Field:
    """One fixed field. `families` are the versions that have it."""

    form: Form
    families: frozenset[Family]


WORDS: Final[Mapping[ObjectKind, str]] = MappingProxyType(
    {
        "document": "the document",
        "pathItem": "a path item",
        "operation": "an operation",
        "parameter": "a parameter",
        "requestBody": "a request body",
        "mediaType": "a media type",
        "encoding": "an encoding",
        "header": "a header",
        "response": "an answer",
        "components": "`components`",
        "server": "a server",
        "serverVariable": "a server variable",
        "securityScheme": "a security scheme",
        "flows": "`flows`",
        "flow": "a flow",
    }
)
"""What a person calls each kind of object."""

REFERABLE: Final[Mapping[ObjectKind, frozenset[Family]]] = MappingProxyType(
    {
        "pathItem": frozenset(get_args(Family)),
        "parameter": frozenset(get_args(Family)),
        "response": frozenset(get_args(Family)),
        "requestBody": frozenset({"3.0", "3.1", "3.2"}),
        "header": frozenset({"3.0", "3.1", "3.2"}),
        "securityScheme": frozenset({"3.0", "3.1", "3.2"}),
        "mediaType": frozenset({"3.2"}),
    }
)
"""Where a `$ref` may stand in place of the object."""

_ALL: Final[tuple[Family, ...]] = ("2.0", "3.0", "3.1", "3.2")
_OLD: Final[tuple[Family, ...]] = ("2.0",)
_NEW: Final[tuple[Family, ...]] = ("3.0", "3.1", "3.2")
_LATE: Final[tuple[Family, ...]] = ("3.1", "3.2")
_LAST: Final[tuple[Family, ...]] = ("3.2",)


def _fields(*groups: tuple[tuple[Family, ...], dict[str, Form]]) -> Mapping[str, Field]:
    found: dict[str, Field] = {}
    for families, forms in groups:
        for name, form in forms.items():
            known = found[name].families if name in found else frozenset()
            found[name] = Field(form, known | frozenset(families))
    return MappingProxyType(found)


_VALUE: Final[dict[str, Form]] = {
    "description": "text",
    "required": "flag",
    "deprecated": "flag",
    "allowEmptyValue": "flag",
    "style": "any",
    "explode": "flag",
    "allowReserved": "flag",
    "schema": "any",
    "example": "any",
    "examples": "any",
    "content": "object",
}
_SCHEMA_2: Final[dict[str, Form]] = dict.fromkeys(
    (
        *("type", "format", "items", "collectionFormat", "default", "enum", "multipleOf"),
        *("maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength"),
        *("pattern", "maxItems", "minItems", "uniqueItems"),
    ),
    "any",
)
_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch")

FIELDS: Final[Mapping[ObjectKind, Mapping[str, Field]]] = MappingProxyType(
    {
        "document": _fields(
            (_ALL, {"info": "object", "paths": "any", "security": "requirements"}),
            (_ALL, {"tags": "any", "externalDocs": "object"}),
            (_OLD, {"swagger": "any", "host": "word", "basePath": "word", "schemes": "words"}),
            (_OLD, {"consumes": "words", "produces": "words", "definitions": "object"}),
            (_OLD, dict.fromkeys(("parameters", "responses", "securityDefinitions"), "object")),
            (_NEW, {"openapi": "any", "servers": "servers", "components": "object"}),
            (_LATE, {"jsonSchemaDialect": "word", "webhooks": "object"}),
            (_LAST, {"$self": "word"}),
        ),
        "pathItem": _fields(
            (_ALL, {"$ref": "any", "parameters": "parameters"}),
            (_ALL, dict.fromkeys(_METHODS, "any")),
            (_NEW, {"summary": "text", "description": "text", "servers": "servers"}),
            (_NEW, {"trace": "any"}),
            (_LAST, {"query": "any", "additionalOperations": "object"}),
        ),
        "operation": _fields(
            (_ALL, {"tags": "texts", "summary": "text", "description": "text"}),
            (_ALL, {"externalDocs": "object", "operationId": "text", "parameters": "parameters"}),
            (_ALL, {"responses": "object", "deprecated": "flag", "security": "requirements"}),
            (_OLD, dict.fromkeys(("consumes", "produces", "schemes"), "words")),
            (_NEW, {"requestBody": "any", "callbacks": "object", "servers": "servers"}),
        ),
        "parameter": _fields(
            (_OLD, {"name": "any", "in": "any", "description": "text", "required": "flag"}),
            (_OLD, {"allowEmptyValue": "flag", "schema": "any", **_SCHEMA_2}),
            (_NEW, {"name": "any", "in": "any", **_VALUE}),
        ),
        "requestBody": _fields(
            (_NEW, {"description": "text", "content": "object", "required": "flag"})
        ),
        "mediaType": _fields(
            (_NEW, {"schema": "any", "example": "any", "examples": "any", "encoding": "object"}),
            (_LAST, dict.fromkeys(("itemSchema", "prefixEncoding", "itemEncoding"), "any")),
        ),
        "encoding": _fields(
            (_NEW, {"contentType": "any", "headers": "object", "style": "any"}),
            (_NEW, {"explode": "flag", "allowReserved": "flag"}),
            (_LAST, dict.fromkeys(("encoding", "prefixEncoding", "itemEncoding"), "any")),
        ),
        "header": _fields(
            (_OLD, {"description": "text", **_SCHEMA_2}),
            (_NEW, _VALUE),
        ),
        "response": _fields(
            (_ALL, {"description": "text", "headers": "object"}),
            (_OLD, {"schema": "any", "examples": "any"}),
            (_NEW, {"content": "object", "links": "object"}),
            (_LAST, {"summary": "text"}),
        ),
        "components": _fields(
            (_NEW, dict.fromkeys(("schemas", "responses", "parameters", "examples"), "object")),
            (_NEW, dict.fromkeys(("requestBodies", "headers", "securitySchemes"), "object")),
            (_NEW, {"links": "object", "callbacks": "object"}),
            (_LATE, {"pathItems": "object"}),
            (_LAST, {"mediaTypes": "object"}),
        ),
        "server": _fields(
            (_NEW, {"url": "any", "description": "text", "variables": "object"}),
            (_LAST, {"name": "text"}),
        ),
        "serverVariable": _fields((_NEW, {"enum": "any", "default": "any", "description": "text"})),
        "securityScheme": _fields(
            (_ALL, dict.fromkeys(("type", "description", "name", "in"), "any")),
            (_OLD, dict.fromkeys(("flow", "authorizationUrl", "tokenUrl"), "any")),
            (_OLD, {"scopes": "object"}),
            (_NEW, dict.fromkeys(("scheme", "bearerFormat", "openIdConnectUrl"), "any")),
            (_NEW, {"flows": "object"}),
            (_LAST, {"oauth2MetadataUrl": "any", "deprecated": "flag"}),
        ),
        "flows": _fields(
            (_NEW, dict.fromkeys(("implicit", "password", "clientCredentials"), "object")),
            (_NEW, {"authorizationCode": "object"}),
            (_LAST, {"deviceAuthorization": "object"}),
        ),
        "flow": _fields(
            (_NEW, dict.fromkeys(("authorizationUrl", "tokenUrl", "refreshUrl"), "any")),
            (_NEW, {"scopes": "object"}),
            (_LAST, {"deviceAuthorizationUrl": "any"}),
        ),
    }
)
