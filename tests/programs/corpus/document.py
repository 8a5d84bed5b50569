"""One raw document, read by the letter: operations, parameters, bodies, servers, credentials.

Swagger 2.0 and OpenAPI 3.0 to 3.2 become the same small vocabulary; nothing is validated or
repaired beyond what the specification says about defaults. Imports nothing from the package.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import unquote

import yaml

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
DEFAULT_STYLE = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}

# Swagger 2.0, Parameter Object, collectionFormat. `tabDelimited` exists in 2.0 only.
COLLECTION_STYLE = {
    "csv": (None, False),
    "multi": ("form", True),
    "ssv": ("spaceDelimited", False),
    "tsv": ("tabDelimited", False),
    "pipes": ("pipeDelimited", False),
}

# "If in is header and the name field is Accept, Content-Type or Authorization, the parameter
# definition SHALL be ignored" (Parameter Object); the others belong to the HTTP client (RFC 9110),
# and "Cookie" as a header parameter is undefined (3.1.2, Parameter Object).
IGNORED_HEADERS = frozenset([
    "accept", "accept-encoding", "authorization", "connection", "content-length", "content-type",
    "cookie", "expect", "host", "keep-alive", "proxy-authorization", "proxy-connection", "te",
    "trailer", "transfer-encoding", "upgrade",
])  # fmt: skip

Place = Literal["path", "query", "header", "cookie", "querystring"]
PLACES = frozenset(get_args(Place))


class UnreadableError(Exception):
    """The raw document has no meaning at this place (a broken reference, for example)."""


@dataclass(frozen=True)
class Parameter:
    """`style` and `explode` have their defaults applied; `media_type` is set for `content`."""

    name: str
    place: Place
    required: bool
    schema: Any
    style: str = "form"
    explode: bool = True
    allow_reserved: bool = False
    media_type: str | None = None


@dataclass(frozen=True)
class Member:
    """How one member of a form body is written: the Encoding Object, defaults not applied.

    `style` None means that the member is a document of `content_type` (or of the default type).
    """

    style: str | None = None
    explode: bool = True
    content_type: str | None = None


@dataclass(frozen=True)
class Media:
    schema: Any
    members: Mapping[str, Member] = field(default_factory=dict)


@dataclass(frozen=True)
class Body:
    required: bool
    content: Mapping[str, Media]


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    body: Body | None
    servers: tuple[str, ...]
    """Variables filled in. More than one only where the document leaves the choice open."""

    @property
    def key(self) -> tuple[str, str]:
        return self.method, self.path


class Raw:
    """A document as it was parsed, with references resolved on demand."""

    def __init__(self, tree: Any) -> None:
        if not isinstance(tree, dict):
            raise UnreadableError("not an object")
        self.tree: dict[str, Any] = tree
        text = str(tree.get("openapi") or tree.get("swagger") or "")
        major, _, rest = text.partition(".")
        self.version = (int(major or 0), int(rest.partition(".")[0] or 0))

    @property
    def swagger(self) -> bool:
        return self.version[0] == 2

    def lookup(self, reference: str) -> Any:
        """The value that a reference names; only references into this document are followed."""
        if not reference.startswith("#"):
            raise UnreadableError(f"reference to another document: {reference[:80]}")
        here: Any = self.tree
        for token in reference[1:].split("/")[1:]:
            here = _step(here, token, reference)
        return here

    def resolve(self, value: Any) -> Any:
        seen: set[str] = set()
        while isinstance(value, dict) and isinstance(value.get("$ref"), str):
            if value["$ref"] in seen:
                raise UnreadableError(f"reference to itself: {value['$ref'][:80]}")
            seen.add(value["$ref"])
            value = self.lookup(value["$ref"])
        return value

    def operation_keys(self) -> list[tuple[str, str]]:
        """(method, path) of everything that the document declares as an operation."""
        return [(method, path) for method, path, _, _ in self._operations()]

    def operations(self) -> Iterator[Operation | tuple[str, str, str]]:
        """Each operation, or (method, path, why) where the raw text has no meaning."""
        for method, path, item, operation in self._operations():
            try:
                yield self._operation(method, path, item, operation)
            except (UnreadableError, AttributeError, TypeError, KeyError, ValueError) as error:
                yield method, path, f"{type(error).__name__}: {error}"

    def credentials(self) -> set[tuple[str, str]]:
        """(place, name) of API keys; header names in lower case."""
        schemes = self.tree.get("securityDefinitions" if self.swagger else "components") or {}
        if not self.swagger:
            schemes = schemes.get("securitySchemes") or {}
        found: set[tuple[str, str]] = set()
        for scheme in schemes.values():
            scheme = self.resolve(scheme)
            if isinstance(scheme, dict) and scheme.get("type") == "apiKey":
                place, name = str(scheme.get("in")), str(scheme.get("name"))
                found.add((place, name.lower() if place == "header" else name))
        return found

    def _operations(self) -> Iterator[tuple[str, str, dict[str, Any], Any]]:
        paths = self.tree.get("paths")
        for path, raw_item in (paths if isinstance(paths, dict) else {}).items():
            if path.startswith("x-"):
                continue
            item = self.resolve(raw_item)
            if not isinstance(item, dict):
                continue
            for method in METHODS:
                if method in item and not (self.swagger and method == "trace"):
                    yield method.upper(), path, item, item[method]
            if self.version >= (3, 2):
                if "query" in item:
                    yield "QUERY", path, item, item["query"]
                for method, operation in (item.get("additionalOperations") or {}).items():
                    yield method, path, item, operation

    def _operation(self, method: str, path: str, item: Any, operation: Any) -> Operation:
        declared: dict[tuple[str, str], dict[str, Any]] = {}
        for raw in [*(item.get("parameters") or []), *(operation.get("parameters") or [])]:
            parameter = self.resolve(raw)
            declared[str(parameter["in"]), str(parameter["name"])] = parameter
        rows = list(declared.values())
        if self.swagger:
            body = self._swagger_body(operation, rows)
            rows = [row for row in rows if row["in"] not in ("body", "formData")]
            parameters = [self._swagger_parameter(row) for row in rows]
        else:
            body = self._body(operation)
            parameters = [self._parameter(row) for row in rows if row["in"] in PLACES]
        kept = [p for p in parameters if not self._ignored(p, path)]
        slots = {p.name for p in kept if p.place == "path"}
        # A template variable that nobody declared: the path still needs a text there.
        for name in template_names(path):
            if name not in slots:
                slots.add(name)
                kept.append(Parameter(name, "path", True, {"type": "string"}, "simple", False))
        return Operation(method, path, tuple(kept), body, self._servers(item, operation))

    def _ignored(self, parameter: Parameter, path: str) -> bool:
        if parameter.place == "header":
            return parameter.name.lower() in IGNORED_HEADERS
        return parameter.place == "path" and parameter.name not in template_names(path)

    def _parameter(self, row: dict[str, Any]) -> Parameter:
        place = row["in"]
        required = place == "path" or row.get("required") is True
        content = row.get("content")
        if isinstance(content, dict) and content:
            media_type, media = next(iter(content.items()))
            schema = (self.resolve(media) or {}).get("schema", {})
            return Parameter(row["name"], place, required, schema, media_type=media_type)
        style = row.get("style") or DEFAULT_STYLE.get(place, "form")
        explode = row.get("explode")
        if not isinstance(explode, bool):
            # deepObject without explode is undefined by the letter, and means `true` everywhere.
            explode = style in ("form", "deepObject", "cookie")
        reserved = row.get("allowReserved") is True and (place == "query" or self.version >= (3, 2))
        return Parameter(
            row["name"], place, required, row.get("schema", {}), style, explode, reserved
        )

    def _swagger_parameter(self, row: dict[str, Any]) -> Parameter:
        place = row["in"]
        style, explode = COLLECTION_STYLE.get(row.get("collectionFormat", "csv"), (None, False))
        style = style or DEFAULT_STYLE[place]
        required = place == "path" or row.get("required") is True
        return Parameter(row["name"], place, required, row, style, explode)

    def _body(self, operation: dict[str, Any]) -> Body | None:
        body = self.resolve(operation.get("requestBody"))
        if not isinstance(body, dict) or not isinstance(body.get("content"), dict):
            return None
        content = {}
        for media_type, raw in body["content"].items():
            media = self.resolve(raw) or {}
            members = {
                name: self._member(encoding)
                for name, encoding in (media.get("encoding") or {}).items()
            }
            content[media_type] = Media(media.get("schema", {}), members)
        return Body(body.get("required") is True, content) if content else None

    def _member(self, encoding: dict[str, Any]) -> Member:
        # "The presence of at least one of style, explode, or allowReserved with an explicit value
        # is equivalent to using schema with in: query" (Encoding Object).
        styled = any(key in encoding for key in ("style", "explode", "allowReserved"))
        style = encoding.get("style", "form") if styled else None
        explode = encoding.get("explode", style in ("form", "deepObject"))
        return Member(style, explode is True, encoding.get("contentType"))

    def _swagger_body(self, operation: dict[str, Any], rows: list[Any]) -> Body | None:
        consumes = operation.get("consumes") or self.tree.get("consumes") or []
        forms = [row for row in rows if row["in"] == "formData"]
        if forms:
            has_file = any(row.get("type") == "file" for row in forms)
            types = [name for name in consumes if "form" in name]
            fallback = "multipart/form-data" if has_file else "application/x-www-form-urlencoded"
            schema = {
                "type": "object",
                "properties": {row["name"]: _form_schema(row) for row in forms},
                "required": [row["name"] for row in forms if row.get("required") is True],
            }
            members = {
                row["name"]: _form_member(row) for row in forms if row.get("type") == "array"
            }
            media = Media(schema, members)
            required = bool(schema["required"])
            return Body(required, dict.fromkeys(types or [fallback], media))
        for row in rows:
            if row["in"] == "body":
                media = Media(row.get("schema", {}))
                content = dict.fromkeys(consumes or ["application/json"], media)
                return Body(row.get("required") is True, content)
        return None

    def _servers(self, item: dict[str, Any], operation: dict[str, Any]) -> tuple[str, ...]:
        if self.swagger:
            return self._swagger_servers(operation)
        for holder in (operation, item, self.tree):
            servers = holder.get("servers")
            if servers:
                return (filled(servers[0]),)
        return ("/",)

    def _swagger_servers(self, operation: dict[str, Any]) -> tuple[str, ...]:
        base = self.tree.get("basePath") or "/"
        host = self.tree.get("host")
        if not host:
            return (base,)
        # Several schemes are equal alternatives in 2.0; none means that of the document's own URL.
        schemes = operation.get("schemes") or self.tree.get("schemes") or ["https", "http"]
        return tuple(f"{scheme}://{host}{base}" for scheme in schemes)


def load(path: Path) -> Raw:
    """Parse a JSON or YAML file (YAML 1.2 core scalars as far as documents use them)."""
    text = path.read_text("utf-8-sig")
    if path.suffix == ".json":
        return Raw(json.loads(text))
    return Raw(_json_keys(yaml.load(text, _Loader)))


def template_names(path: str) -> list[str]:
    """Names of the template variables, in order."""
    return [part.partition("}")[0] for part in path.split("{")[1:] if "}" in part]


def _step(here: Any, token: str, reference: str) -> Any:
    plain = unquote(token).replace("~1", "/").replace("~0", "~")
    if isinstance(here, dict):
        for key in (plain, token.replace("~1", "/").replace("~0", "~")):
            if key in here:
                return here[key]
    if isinstance(here, list) and plain.isdigit() and int(plain) < len(here):
        return here[int(plain)]
    raise UnreadableError(f"reference to nothing: {reference[:80]}")


def filled(server: dict[str, Any]) -> str:
    """The server's URL with its variables at their defaults."""
    url = str(server.get("url") or "/")
    for name, variable in (server.get("variables") or {}).items():
        url = url.replace("{" + name + "}", str((variable or {}).get("default", "")))
    return url


def _form_schema(row: dict[str, Any]) -> dict[str, Any]:
    if row.get("type") == "file":
        return {"type": "string", "format": "binary"}
    return {key: value for key, value in row.items() if key not in ("name", "in", "required")}


def _form_member(row: dict[str, Any]) -> Member:
    style, explode = COLLECTION_STYLE.get(row.get("collectionFormat", "csv"), (None, False))
    return Member(style or "form", explode)


class _Loader(yaml.SafeLoader):
    """YAML whose scalars are JSON's: no dates, and only true and false are booleans."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rows if not tag.endswith(("timestamp", "bool"))]
    for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def _json_keys(value: Any) -> Any:
    """YAML allows `200:` as a key; JSON, and so OpenAPI, has only strings."""
    if isinstance(value, dict):
        return {str(key): _json_keys(member) for key, member in value.items()}
    return [_json_keys(item) for item in value] if isinstance(value, list) else value
