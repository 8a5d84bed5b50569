"""Documents that use every field of OpenAPI 3.0 to 3.2 and of Swagger 2.0, all of them benign.

Text goes into each of their strings in `test_injection.py`. A field that toolbind begins to read
belongs in here.
"""

from __future__ import annotations

import copy
from typing import Any

EXTERNAL = {"description": "More to read", "url": "https://docs.example.test/more"}
XML = {"name": "pet", "namespace": "https://example.test/ns", "prefix": "p", "wrapped": True}

KEYWORDS: dict[str, Any] = {
    "$id": "https://api.example.test/schemas/keywords",
    "$schema": "https://spec.openapis.org/oas/3.1/dialect/base",
    "$anchor": "keywords",
    "$comment": "for readers of the document",
    "$defs": {"Inner": {"type": "string"}},
    "type": "object",
    "title": "Keywords",
    "description": "A schema with every keyword.",
    "default": {"word": "a"},
    "examples": [{"word": "b"}],
    "example": {"word": "c"},
    "externalDocs": EXTERNAL,
    "deprecated": False,
    "required": ["word"],
    "properties": {
        "word": {
            "type": "string",
            "title": "Word",
            "description": "A word of it.",
            "enum": ["a", "b"],
            "default": "a",
            "format": "word",
            "pattern": "^[a-z]$",
            "minLength": 1,
            "maxLength": 5,
            "contentEncoding": "base64",
            "contentMediaType": "text/plain",
            "contentSchema": {"type": "string"},
        },
        "fixed": {"const": "always"},
        "number": {"type": "number", "minimum": 1, "maximum": 9, "multipleOf": 0.5},
        "bound": {"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 10},
        "list": {
            "type": "array",
            "items": {"type": ["string", "null"]},
            "minItems": 1,
            "maxItems": 5,
            "uniqueItems": True,
            "prefixItems": [{"type": "string", "description": "First of it."}],
            "contains": {"type": "string"},
        },
        "choice": {
            "anyOf": [{"type": "string", "title": "Text"}, {"type": "integer"}, {"type": "array"}],
            "description": "One of three.",
        },
        "kind": {"$ref": "#/components/schemas/Animal", "description": "Beside a reference."},
        "secret": {"type": "string", "writeOnly": True},
        "seen": {"type": "string", "readOnly": True},
    },
    "patternProperties": {"^x-": {"type": "string", "description": "Extra."}},
    "additionalProperties": {"type": "string", "description": "Anything else."},
    "propertyNames": {"pattern": "^[a-z]+$"},
    "unevaluatedProperties": {"type": "string"},
    "minProperties": 1,
    "maxProperties": 20,
    "dependentRequired": {"word": ["fixed"]},
    "dependentSchemas": {"word": {"required": ["number"]}},
    "not": {"required": ["nothing"]},
    "if": {"required": ["word"]},
    "then": {"properties": {"then": {"type": "string"}}},
    "else": {"properties": {"otherwise": {"type": "string"}}},
    "x-note": {"anything": ["goes"]},
}

ANIMAL: dict[str, Any] = {
    "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
    "discriminator": {
        "propertyName": "species",
        "mapping": {"cat": "#/components/schemas/Cat", "dog": "Dog"},
        "defaultMapping": "Cat",
    },
}


def animal(**more: Any) -> dict[str, Any]:
    species = {"type": "string", "description": "What it is.", "xml": {"attribute": True}}
    return {"type": "object", "properties": {"species": species, **more}, "xml": XML}


PARAMETERS: list[Any] = [
    {"$ref": "#/components/parameters/Id", "summary": "Which", "description": "Which one."},
    {
        "name": "trace",
        "in": "query",
        "schema": {"type": "string"},
        "x-toolbind": {"hide": True, "description": "A trace."},
    },
    {
        "name": "app key",
        "in": "query",
        "schema": {"type": "string"},
        "x-toolbind": {"credential": True, "name": "app_key"},
    },
    {
        "name": "sort by",
        "in": "query",
        "description": "How to sort.",
        "style": "form",
        "explode": True,
        "allowReserved": True,
        "allowEmptyValue": False,
        "schema": {"type": "array", "items": {"type": "string", "enum": ["name", "age"]}},
        "examples": {"one": {"summary": "One", "description": "A sort.", "value": ["name"]}},
    },
    {"name": "X-Trace", "in": "header", "schema": {"type": "string", "default": "none"}},
    {"name": "flavour", "in": "cookie", "schema": {"type": "string"}, "example": "sweet"},
    {
        "name": "filter",
        "in": "query",
        "content": {"application/json": {"schema": {"type": "object", "title": "Filter"}}},
    },
]

MULTIPART: dict[str, Any] = {
    "schema": {
        "type": "object",
        "properties": {"note": {"type": "string"}, "file": {"type": "string", "format": "binary"}},
    },
    "encoding": {
        "note": {
            "contentType": "text/plain",
            "headers": {"X-Part": {"schema": {"type": "string", "const": "part"}}},
            "style": "form",
            "explode": True,
            "allowReserved": False,
        }
    },
}

ANSWERS: dict[str, Any] = {
    "200": {
        "summary": "Found",
        "description": "What was found.",
        "headers": {"X-Left": {"description": "Calls left.", "schema": {"type": "integer"}}},
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/Animal"},
                "examples": {"cat": {"externalValue": "https://docs.example.test/cat.json"}},
            }
        },
        "links": {
            "same": {
                "operationId": "getPet",
                "parameters": {"id": "$response.body#/id"},
                "requestBody": "$request.body",
                "description": "The same again.",
                "server": {"url": "https://links.example.test"},
            },
            "far": {"operationRef": "#/paths/~1pets~1{id}/get"},
        },
    },
    "4XX": {"$ref": "#/components/responses/Wrong"},
    "default": {"description": "Anything else."},
}

SCHEMES: dict[str, Any] = {
    "key": {"type": "apiKey", "in": "header", "name": "X-Key", "description": "The key."},
    "query": {"type": "apiKey", "in": "query", "name": "key"},
    "crumb": {"type": "apiKey", "in": "cookie", "name": "crumb"},
    "basic": {"type": "http", "scheme": "basic"},
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "grant": {
        "type": "oauth2",
        "description": "Tokens.",
        "oauth2MetadataUrl": "https://login.example.test/.well-known",
        "flows": {
            "clientCredentials": {
                "tokenUrl": "https://login.example.test/token",
                "refreshUrl": "https://login.example.test/refresh",
                "scopes": {"read:pets": "To read."},
            },
            "authorizationCode": {
                "authorizationUrl": "https://login.example.test/authorize",
                "tokenUrl": "https://login.example.test/token",
                "scopes": {"write:pets": "To write."},
            },
        },
    },
    "open": {"type": "openIdConnect", "openIdConnectUrl": "https://login.example.test/oidc"},
    "mutual": {"type": "mutualTLS"},
}

FULL_3_2: dict[str, Any] = {
    "openapi": "3.2.0",
    "x-toolbind": {"presets": {"few": {"tools": ["read_pet", "tag:pets"], "budget": 9000}}},
    "$self": "https://api.example.test/openapi.json",
    "info": {
        "title": "Pets",
        "summary": "Pets for all.",
        "description": "Lists and sells *pets*.\n\nSee [more](https://docs.example.test).",
        "termsOfService": "https://example.test/terms",
        "contact": {"name": "Us", "url": "https://example.test", "email": "us@example.test"},
        "license": {"name": "MIT", "identifier": "MIT"},
        "version": "1.0.0",
    },
    "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
    "servers": [
        {
            "url": "https://{region}.example.test/v1",
            "name": "main",
            "description": "The main one.",
            "variables": {
                "region": {"default": "eu", "enum": ["eu", "us"], "description": "Where."}
            },
        }
    ],
    "tags": [
        {
            "name": "pets",
            "summary": "Pets",
            "description": "All of them.",
            "externalDocs": EXTERNAL,
        },
        {"name": "cats", "parent": "pets", "kind": "nav"},
    ],
    "externalDocs": EXTERNAL,
    "security": [{"key": []}, {"grant": ["read:pets"]}],
    "paths": {
        "/pets/{id}": {
            "summary": "One pet",
            "description": "One pet of many.",
            "servers": [{"url": "https://eu.example.test/v2"}],
            "parameters": [{"$ref": "#/components/parameters/Id"}],
            "get": {
                "tags": ["pets"],
                "summary": "Read a pet.",
                "description": "Reads one pet by its id. Takes a while.",
                "externalDocs": EXTERNAL,
                "operationId": "getPet",
                "parameters": PARAMETERS,
                "responses": ANSWERS,
                "security": [{"query": [], "crumb": []}, {"basic": []}, {"bearer": []}],
                "x-toolbind": {"name": "read_pet", "description": "Reads it.", "include": True},
            },
            "put": {
                "operationId": "setPet",
                "requestBody": {"$ref": "#/components/requestBodies/Any"},
                "responses": ANSWERS,
                "callbacks": {
                    "done": {
                        "{$request.body#/url}": {
                            "post": {"operationId": "done", "responses": {"200": {}}}
                        }
                    }
                },
            },
            "additionalOperations": {"COPY": {"operationId": "copyPet", "responses": ANSWERS}},
        },
        "/pets": {
            "post": {
                "operationId": "addPet",
                "requestBody": {
                    "description": "The pet.",
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Cat"}}
                    },
                },
                "responses": ANSWERS,
            },
            "patch": {
                "operationId": "sendForm",
                "requestBody": {"content": {"multipart/form-data": MULTIPART}},
                "responses": ANSWERS,
            },
            "query": {
                "operationId": "askPets",
                "parameters": [
                    {
                        "name": "all",
                        "in": "querystring",
                        "content": {
                            "application/x-www-form-urlencoded": {
                                "schema": {
                                    "type": "object",
                                    "properties": {"q": {"type": "string"}},
                                }
                            }
                        },
                    }
                ],
                "responses": {"200": {"content": {"text/event-stream": {"itemSchema": {}}}}},
            },
        },
        "/xml": {
            "post": {
                "operationId": "sendXml",
                "requestBody": {
                    "content": {"application/xml": {"schema": {"$ref": "#/components/schemas/Dog"}}}
                },
                "responses": {"204": {"description": "Nothing."}},
            }
        },
    },
    "webhooks": {"told": {"post": {"operationId": "told", "responses": {"200": {}}}}},
    "components": {
        "schemas": {
            "Keywords": KEYWORDS,
            "Animal": ANIMAL,
            "Cat": {"allOf": [animal(lives={"type": "integer"}), {"description": "A cat."}]},
            "Dog": animal(tricks={"type": "array", "items": {"type": "string", "xml": XML}}),
        },
        "parameters": {
            "Id": {
                "name": "id",
                "in": "path",
                "required": True,
                "description": "The pet's id.",
                "style": "simple",
                "schema": {"type": "string", "examples": ["p1"]},
            }
        },
        "requestBodies": {
            "Any": {
                "description": "Any of it.",
                "required": True,
                "content": {
                    "application/json": {
                        "schema": {"$ref": "#/components/schemas/Keywords"},
                        "example": {"word": "a"},
                    }
                },
            }
        },
        "responses": {
            "Wrong": {
                "description": "It went wrong.",
                "content": {"application/problem+json": {"schema": {"type": "object"}}},
            }
        },
        "headers": {"Left": {"description": "Left.", "schema": {"type": "integer"}}},
        "examples": {"Cat": {"summary": "A cat", "value": {"species": "cat"}}},
        "links": {"Again": {"operationId": "getPet", "description": "Again."}},
        "callbacks": {"Done": {"{$url}": {"post": {"responses": {"200": {}}}}}},
        "pathItems": {"Pet": {"get": {"responses": {"200": {}}}}},
        "mediaTypes": {"Json": {"schema": {"type": "string"}}},
        "securitySchemes": SCHEMES,
    },
    "x-vendor": {"anything": ["goes", {"here": "too"}]},
}


def _full_3_0() -> dict[str, Any]:
    """The same as OpenAPI 3.0 spells it."""
    document = copy.deepcopy(FULL_3_2)
    document["openapi"] = "3.0.3"
    del document["$self"], document["jsonSchemaDialect"], document["webhooks"]
    document["paths"]["/pets/{id}"].pop("additionalOperations")
    document["paths"]["/pets"].pop("query")
    word = document["components"]["schemas"]["Keywords"]["properties"]
    word["maybe"] = {"type": "string", "nullable": True, "description": "Or nothing."}
    word["bound"] = {"type": "integer", "minimum": 0, "exclusiveMinimum": True}
    return document


FULL_3_0 = _full_3_0()

FULL_2_0: dict[str, Any] = {
    "swagger": "2.0",
    "info": FULL_3_2["info"],
    "host": "api.example.test",
    "basePath": "/v1",
    "schemes": ["https"],
    "consumes": ["application/json"],
    "produces": ["application/json"],
    "tags": [{"name": "pets", "description": "Pets.", "externalDocs": EXTERNAL}],
    "externalDocs": EXTERNAL,
    "paths": {
        "/pets/{id}": {
            "parameters": [{"$ref": "#/parameters/Id"}],
            "get": {
                "tags": ["pets"],
                "summary": "Read a pet.",
                "description": "Reads one pet.",
                "operationId": "getPet",
                "parameters": [
                    {
                        "name": "fields",
                        "in": "query",
                        "description": "Which fields.",
                        "type": "array",
                        "items": {"type": "string", "enum": ["a", "b"]},
                        "collectionFormat": "pipes",
                        "default": ["a"],
                    },
                    {"name": "X-Trace", "in": "header", "type": "string", "pattern": "^a$"},
                ],
                "responses": {
                    "200": {
                        "description": "A pet.",
                        "schema": {"$ref": "#/definitions/Pet"},
                        "headers": {"X-Left": {"type": "integer", "description": "Left."}},
                        "examples": {"application/json": {"name": "a"}},
                    },
                    "default": {"$ref": "#/responses/Wrong"},
                },
                "security": [{"key": []}, {"basic": []}],
            },
            "put": {
                "operationId": "setPet",
                "consumes": ["application/xml", "application/json"],
                "schemes": ["https"],
                "parameters": [
                    {
                        "name": "pet",
                        "in": "body",
                        "required": True,
                        "description": "The pet.",
                        "schema": {"$ref": "#/definitions/Pet"},
                    }
                ],
                "responses": {"204": {"description": "Done."}},
            },
            "post": {
                "operationId": "sendFile",
                "consumes": ["multipart/form-data"],
                "parameters": [
                    {"name": "note", "in": "formData", "type": "string", "description": "A note."},
                    {"name": "file", "in": "formData", "type": "file", "description": "A file."},
                ],
                "responses": {"204": {"description": "Done."}},
            },
        }
    },
    "parameters": {
        "Id": {"name": "id", "in": "path", "required": True, "type": "string", "format": "uuid"}
    },
    "responses": {"Wrong": {"description": "Wrong.", "schema": {"type": "object"}}},
    "definitions": {
        "Pet": {
            "type": "object",
            "title": "Pet",
            "description": "A pet.",
            "discriminator": "species",
            "required": ["species"],
            "properties": {
                "species": {"type": "string", "example": "cat"},
                "name": {"type": "string", "x-nullable": True, "xml": XML},
                "next": {"$ref": "#/definitions/Pet"},
            },
            "xml": XML,
            "externalDocs": EXTERNAL,
        }
    },
    "securityDefinitions": {
        "key": {"type": "apiKey", "in": "header", "name": "X-Key", "description": "The key."},
        "basic": {"type": "basic"},
        "grant": {
            "type": "oauth2",
            "flow": "application",
            "tokenUrl": "https://login.example.test/token",
            "scopes": {"read:pets": "To read."},
        },
    },
    "security": [{"grant": ["read:pets"]}],
    "x-vendor": {"anything": "goes"},
}
