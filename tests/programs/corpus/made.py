"""Documents that Hypothesis makes: operations over the whole space of parameters and bodies.

Only what the specification gives a form on the wire is drawn, so no operation may be skipped.
Imports nothing from the package.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Schema = dict[str, Any]

VERSIONS = ("2.0", "3.0.4", "3.1.1", "3.2.0")
VARIABLES = ("id", "user-id", "class", "a.b", "größe", "_", "X", "2nd")
NAMES = (
    *VARIABLES,
    "self",
    "filter[name]",
    "ids[]",
    "$top",
    "two words",
    "a&b",
    "body",
    "日本",
)
TOKENS = ("X-Trace", "x_limit", "If-Match", "session", "a.b", "Class")
METHODS = ("get", "put", "post", "delete", "options", "patch")
ELSEWHERE = {
    "url": "https://{zone}.made.example/{version}/",
    "variables": {"zone": {"default": "eu", "enum": ["eu", "us"]}, "version": {"default": "v2"}},
}
JSON_TYPES = ("application/json", "application/vnd.x+json", "application/json; charset=utf-8")

STYLES: dict[str, dict[str, tuple[str, ...]]] = {
    "path": {"scalar": ("simple", "label", "matrix"), "many": ("simple", "label", "matrix")},
    "query": {
        "scalar": ("form",),
        "array": ("form", "spaceDelimited", "pipeDelimited"),
        "object": ("form", "deepObject"),
    },
    "header": {"scalar": ("simple",), "many": ("simple",)},
    "cookie": {"scalar": ("form",), "array": ("form",), "object": ("form",)},
}
"""Place, then shape of the value, to the styles that have a form for it (3.1, section 4.8.12.3)."""


# --- schemas -----------------------------------------------------------------------------------


@st.composite
def scalars(draw: st.DrawFn, version: str) -> Schema:
    kind = draw(st.sampled_from(("string", "string", "integer", "number", "boolean")))
    schema: Schema = {"type": kind}
    if kind == "string":
        schema |= draw(
            st.sampled_from(
                (
                    {},
                    {"minLength": 1, "maxLength": 9},
                    {"enum": ["a", "b,c", "d e", "ü"]},
                    {"enum": ["only"]},
                    {"format": "date-time"},
                    {"format": "uuid"},
                    {"pattern": "^[A-Z]{2}[0-9]{1,3}$"},
                    {"default": "x", "example": "y"},
                )
            )
        )
    elif kind in ("integer", "number"):
        schema |= draw(
            st.sampled_from(
                (
                    {},
                    {"minimum": 0},
                    {"minimum": -5, "maximum": 5},
                    {"format": "int64"} if kind == "integer" else {"format": "double"},
                    {"multipleOf": 5},
                    {"enum": [1, 2, 3]},
                )
            )
        )
    if draw(st.booleans()):
        schema["description"] = draw(st.sampled_from(("One of these.", "A *value*.\n\nMore.", "")))
    if version >= "3.1" and kind != "boolean" and "enum" not in schema and draw(st.booleans()):
        schema["type"] = [kind]
    return schema


@st.composite
def arrays(draw: st.DrawFn, items: st.SearchStrategy[Schema]) -> Schema:
    schema: Schema = {"type": "array", "items": draw(items)}
    return schema | draw(st.sampled_from(({}, {"minItems": 1}, {"maxItems": 2})))


@st.composite
def objects(draw: st.DrawFn, members: st.SearchStrategy[Schema], names: Any) -> Schema:
    properties = draw(st.dictionaries(names, members, min_size=1, max_size=4))
    required = draw(st.lists(st.sampled_from(sorted(properties)), unique=True))
    schema: Schema = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    return schema | draw(st.sampled_from(({}, {"additionalProperties": False})))


def nested(version: str) -> st.SearchStrategy[Schema]:
    """Schemas as deep as bodies have them, with references and composition."""
    names = st.sampled_from(NAMES)

    def deeper(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
        composed = [
            arrays(inner),
            objects(inner, names),
            _merged(inner, names),
            _kept(inner, names),
        ]
        if version >= "3":
            composed.append(st.tuples(scalars(version), inner).map(lambda two: {"anyOf": [*two]}))
            composed.append(inner.map(lambda schema: _nullable(schema, version)))
            composed.append(st.just({"$ref": "#/components/schemas/Tree"}))
        return st.one_of(composed)

    return st.recursive(scalars(version), deeper, max_leaves=6)


@st.composite
def _kept(draw: st.DrawFn, members: st.SearchStrategy[Schema], names: Any) -> Schema:
    """An object with a member that no request may hold."""
    schema = draw(objects(members, names))
    schema["properties"]["made"] = {"type": "string", "readOnly": True}
    return {**schema, "required": [*schema.get("required", ()), "made"]}


def _nullable(schema: Schema, version: str) -> Schema:
    if version >= "3.1":
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "nullable": True} if "type" in schema and "enum" not in schema else schema


@st.composite
def _merged(draw: st.DrawFn, members: st.SearchStrategy[Schema], names: Any) -> Schema:
    """An `allOf` of objects, which is one object."""
    first, second = draw(objects(members, names)), draw(objects(members, names))
    for part in (first, second):
        part.pop("additionalProperties", None)
    for name in first["properties"]:
        second["properties"].pop(name, None)
    declared = second["properties"]
    second["required"] = [name for name in second.get("required", ()) if name in declared]
    return {"allOf": [first, second]}


def flat_objects(version: str, names: Any) -> st.SearchStrategy[Schema]:
    return objects(scalars(version), names)


# --- parameters --------------------------------------------------------------------------------


@st.composite
def parameters(draw: st.DrawFn, version: str, place: str, name: str) -> dict[str, Any]:
    """One parameter in a form that the style table defines."""
    shape = draw(st.sampled_from(("scalar", "scalar", "array", "object")))
    members = st.sampled_from(("a", "b1", "c_d"))
    schemas = {
        "scalar": scalars(version),
        "array": arrays(scalars(version)),
        "object": flat_objects(version, members.map(lambda key: f"{name[:1]}{key}")),
    }
    schema = draw(schemas[shape])
    required = place == "path" or draw(st.booleans())
    parameter: dict[str, Any] = {"name": name, "in": place, "required": required}
    if draw(st.booleans()) and place != "header" and shape != "scalar":
        media = {"schema": schema}
        return {**parameter, "content": {draw(st.sampled_from(JSON_TYPES[:2])): media}}
    by_shape = STYLES[place]
    style = draw(st.sampled_from(by_shape.get(shape) or by_shape["many"]))
    joined = style in ("spaceDelimited", "pipeDelimited")
    explode = False if joined else draw(st.booleans())
    if place == "cookie" and shape != "scalar":
        explode = False  # exploded cookies have no defined joint (3.1, appendix D)
    if draw(st.booleans()) or explode != (style == "form"):
        parameter |= {"style": style, "explode": explode or style == "deepObject"}
    elif style != {"query": "form", "cookie": "form"}.get(place, "simple"):
        parameter["style"] = style
    if place == "query" and style == "form" and draw(st.booleans()):
        parameter["allowReserved"] = True
    return {**parameter, "schema": schema}


@st.composite
def old_parameters(draw: st.DrawFn, place: str, name: str) -> dict[str, Any]:
    """One parameter of Swagger 2.0, with the formats that its place allows."""
    parameter = {"name": name, "in": place, "required": place == "path" or draw(st.booleans())}
    if draw(st.booleans()):
        return {**parameter, **draw(scalars("2.0"))}
    formats = ["csv", "ssv", "tsv", "pipes"] if place != "header" else ["csv"]
    if place in ("query", "formData"):
        formats.append("multi")
    schema = draw(arrays(scalars("2.0")))
    return {**parameter, **schema, "collectionFormat": draw(st.sampled_from(formats))}


# --- bodies ------------------------------------------------------------------------------------


@st.composite
def bodies(draw: st.DrawFn, version: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(tuple(_MEDIA)))
    media_type, media = draw(_MEDIA[kind](version))
    body: dict[str, Any] = {"content": {media_type: media}}
    return body | draw(st.sampled_from(({}, {"required": True}, {"required": False})))


def _json(version: str) -> st.SearchStrategy[Any]:
    return st.tuples(st.sampled_from(JSON_TYPES), nested(version).map(lambda s: {"schema": s}))


@st.composite
def _form(draw: st.DrawFn, version: str, media_type: str, *kinds: Any) -> Any:
    members = st.one_of(scalars(version), arrays(scalars(version)), *kinds)
    schema = draw(objects(members, st.sampled_from(("a", "b c", "id", "d[]", "größe", "2nd"))))
    media: dict[str, Any] = {"schema": schema}
    listed = [
        name
        for name, each in schema["properties"].items()
        if each.get("type") == "array" and each["items"].get("format") != "binary"
    ]
    if draw(st.booleans()) and listed:
        styles = ({"explode": False}, {"style": "form", "explode": True})
        media["encoding"] = {name: draw(st.sampled_from(styles)) for name in listed}
    return media_type, media


def _urlencoded(version: str) -> st.SearchStrategy[Any]:
    return _form(version, "application/x-www-form-urlencoded")


def _multipart(version: str) -> st.SearchStrategy[Any]:
    binary = {"type": "string", "format": "binary"}
    files = st.sampled_from((binary, {"type": "array", "items": binary}))
    plain = flat_objects(version, st.sampled_from(("x", "y")))
    return _form(version, "multipart/form-data", files, plain)


def _whole(*media_types: str, schemas: Any = ({"type": "string"},)) -> Any:
    def media(version: str) -> st.SearchStrategy[Any]:
        return st.tuples(
            st.sampled_from(media_types), st.sampled_from(schemas).map(lambda s: {"schema": s})
        )

    return media


def _xml(version: str) -> st.SearchStrategy[Any]:
    names = st.sampled_from(("a", "b", "id"))
    hints = st.sampled_from(({}, {"xml": {"name": "Root"}}))
    schemas = st.tuples(flat_objects(version, names), hints).map(lambda two: two[0] | two[1])
    return st.tuples(st.just("application/xml"), schemas.map(lambda s: {"schema": s}))


_MEDIA: dict[str, Any] = {
    "json": _json,
    "more json": _json,
    "form": _urlencoded,
    "multipart": _multipart,
    "xml": _xml,
    "text": _whole("text/plain", "text/csv"),
    "binary": _whole(
        "application/octet-stream", "image/png", schemas=({"type": "string", "format": "binary"},)
    ),
}
"""What a body can be, by its media type."""


# --- documents ---------------------------------------------------------------------------------


@st.composite
def operations(draw: st.DrawFn, version: str, variables: list[str]) -> dict[str, Any]:
    old = version == "2.0"
    drawn = [("path", name) for name in variables]
    drawn += [("query", name) for name in draw(_some(NAMES))]
    drawn += [("header", name) for name in draw(_some(TOKENS))]
    if not old:
        drawn += [("cookie", name) for name in draw(_some(TOKENS))]
    rows = [draw(old_parameters(*each) if old else parameters(version, *each)) for each in drawn]
    operation: dict[str, Any] = {"responses": {"200": {"description": "Well."}}}
    if draw(st.booleans()):
        if old:
            rows += draw(_old_body())
        else:
            operation["requestBody"] = draw(bodies(version))
    if draw(st.booleans()):
        operation["operationId"] = draw(st.sampled_from(("list", "get-it", "class", "a.b.c", "")))
    return operation | {"parameters": rows}


def _some(names: Any) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), unique_by=str.lower, max_size=3)


@st.composite
def _old_body(draw: st.DrawFn) -> list[dict[str, Any]]:
    if draw(st.booleans()):
        schema = draw(nested("2.0"))
        return [{"name": "body", "in": "body", "required": draw(st.booleans()), "schema": schema}]
    names = draw(st.lists(st.sampled_from(("a", "b c", "id")), unique=True, min_size=1))
    rows = [draw(old_parameters("formData", name)) for name in names]
    if draw(st.booleans()):
        rows.append({"name": "upload", "in": "formData", "type": "file", "required": True})
    return rows


@st.composite
def _newer(draw: st.DrawFn, item: dict[str, Any]) -> dict[str, Any]:
    """A path item as OpenAPI 3.2 may have it: another method, the query string as one value."""
    ((method, operation),) = item.items()
    if draw(st.booleans()):
        media = {"schema": draw(flat_objects("3.1", st.sampled_from(("a", "b c"))))}
        media_type = draw(st.sampled_from((JSON_TYPES[0], "application/x-www-form-urlencoded")))
        rows = [row for row in operation["parameters"] if row["in"] != "query"]
        whole = {"name": "q", "in": "querystring", "content": {media_type: media}}
        operation = {**operation, "parameters": [*rows, whole]}
    if draw(st.booleans()):
        return {"additionalOperations": {draw(st.sampled_from(("COPY", "LINK"))): operation}}
    return {draw(st.sampled_from((method, "query"))): operation}


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A document of one to three operations, of any version."""
    version = draw(st.sampled_from(VERSIONS))
    paths: dict[str, Any] = {}
    for number in range(draw(st.integers(1, 3))):
        variables = draw(st.lists(st.sampled_from(VARIABLES), unique=True, max_size=2))
        joint = draw(st.sampled_from(("/", "/x/", "~")))
        path = f"/p{number}/" + joint.join(f"{{{name}}}" for name in variables)
        method = draw(st.sampled_from(METHODS))
        paths[path] = {method: draw(operations(version, variables))}
        if version == "3.2.0":
            paths[path] = draw(_newer(paths[path]))
        if version != "2.0" and draw(st.booleans()):
            paths[path]["servers"] = [ELSEWHERE]
    head = {"info": {"title": "Made", "version": "1"}, "paths": paths}
    if version == "2.0":
        return {"swagger": "2.0", **head, "host": "api.made.example", "schemes": ["https"]}
    tree = {
        "type": "object",
        "properties": {
            "leaf": {"type": "string"},
            "branches": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
        },
    }
    servers = [
        {"url": draw(st.sampled_from(("https://api.made.example", "https://made.example/v1/")))}
    ]
    return {
        "openapi": version, **head, "servers": servers, "components": {"schemas": {"Tree": tree}},
    }  # fmt: skip
